"""Numbers as Arabic and Chinese write them, put into the digits and signs that `numbers` reads."""

from __future__ import annotations

import re
from decimal import Decimal

_ARABIC = str.maketrans({"٬": "'", "٪": "%"})
_ARABIC_POINT = re.compile(r"٫(\d+)")
_ONES = {"百": 2, "佰": 2, "千": 3, "仟": 3}
_MYRIADS = {"万": 4, "萬": 4, "亿": 8, "億": 8}
#: A step's word → its power of ten.
_STEPS = {
    **{"十" + word: power + 1 for word, power in _MYRIADS.items()},
    **{one + word: _ONES[one] + power for one in _ONES for word, power in _MYRIADS.items()},
    **_MYRIADS,
    **_ONES,
}
#: A point before three digits may be one between thousands.
_COUNT = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(?!\d{3}(?!\d))\d+)?"
_STEP = re.compile(rf"({_COUNT})\s*({'|'.join(_STEPS)})\s*(?:[零〇](?=\s*\d))?\s*")
_STEPPED = re.compile(rf"(?<![\d.,])((?:{_STEP.pattern})+)(?P<rest>{_COUNT})?(?![\d.,]|\s\d)")


def with_plain_signs(text: str) -> str:
    """The text with the Arabic signs between thousands, before decimals and of a percentage as 1'234.50%."""
    return _ARABIC_POINT.sub(r".\g<1>0", text.translate(_ARABIC))  # with the 0, .5000 is no thousand


def in_one_step(text: str) -> str:
    """The text with such an amount as plain digits: 3万5千 is 35000, and 1億2,000萬 is 120000000.

    Each step must be less than the one before it, and only the last may have decimals. What is left below the last step
    needs its digits: 3万5000 and 3万零5 are clear, 3万5 is 35000 in speech and is left as it is.
    """
    found = _STEPPED.search(text)
    if not found:
        return text
    steps = [(match[1], _STEPS[match[2]]) for match in _STEP.finditer(found[1])]
    if rest := found["rest"]:
        digits = len(rest.replace(",", "").split(".")[0])
        if digits < max(steps[-1][1] - 1, 2) and found[1].rstrip()[-1] not in "零〇":
            return text
        steps.append((rest, 0))
    if len(steps) < 2 or any("." in count for count, _ in steps[:-1]):
        return text
    worth = [Decimal(count.replace(",", "")).scaleb(power) for count, power in steps]
    if any(less >= 10**power for less, (_, power) in zip(worth[1:], steps, strict=False)):
        return text
    return f"{text[: found.start()]}{sum(worth):f}{text[found.end() :]}"
