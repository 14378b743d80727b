"""Lines of a report that are no rows: totals and footers."""

from __future__ import annotations

import re
from collections.abc import Sequence

_TOTAL = re.compile(
    r"(?:.*[\s_\-:])?(?:grand|sub|overall)?[\s\-]?totals?|(?:grand |sub-?)total\b.*|sum|"
    r"summe|gesamt(?:summe)?|zwischensumme|.*(?:合计|总计|小计|合計|總計|小計|累计|累計)",
    re.IGNORECASE,
)
#: What every label of a line of sums holds, or else a letter beyond ASCII; the few texts that do are looked at closely.
MAY_NAME_TOTAL = "total|sum|gesamt|[^ -~]"
_FOOTER = re.compile(
    r"copyright|©|confidential|all rights reserved|generated (?:by|on|at)|exported (?:by|on|at|from)|printed on|"
    r"report (?:generated|name)|^page \d+|\d+ (?:rows?|records?) (?:selected|exported|found)|end of (?:report|file)|"
    r"^as of |制表|导出(?:时间|人)|打印|版权|机密|保密|共\s*\d+\s*[条行]|数据来源|^第\s*\d+\s*页|匯出|版權",
    re.IGNORECASE,
)
#: A longer text is no label and no number.
_LONGEST = 80
#: The line by which a program draws a table: |------|----|.
_RULE = re.compile(r"[\s|:+]*[-=_]{3}[-=_\s|:+]*")
_NUMBER = re.compile(r"[\s$€£¥￥()+\-]*[\d.,\s']*%?[\s)]*(?:[A-Z]{3}|元|万元)?\s*[-—]*")


def is_total(record: Sequence[str]) -> bool:
    """True for a line of sums: one label such as *Grand Total* or 合计, all else numbers or empty."""
    words = [cell.strip() for cell in record if cell and not _is_number(cell.strip())]
    return len(words) == 1 and names_total(words[0])


def names_total(text: str) -> bool:
    """True for the label of a line of sums."""
    return len(text) <= _LONGEST and bool(_TOTAL.fullmatch(text.rstrip(" :：")))


def is_rule(record: Sequence[str]) -> bool:
    """True for a line that is only drawn: dashes in every field that is not empty."""
    filled = [cell for cell in record if cell and cell.strip()]
    return bool(filled) and all(map(_RULE.fullmatch, filled))


def _is_number(text: str) -> bool:
    return len(text) <= _LONGEST and bool(_NUMBER.fullmatch(text))


def is_footer(record: Sequence[str]) -> bool:
    """True for a line of sums, a drawn one, or a remark below the table such as a copyright or when it was exported."""
    filled = [cell.strip() for cell in record if cell and cell.strip()]
    return is_total(record) or is_rule(record) or (len(filled) <= 2 and any(_FOOTER.search(cell) for cell in filled))
