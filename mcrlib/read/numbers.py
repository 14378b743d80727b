"""Numbers in any spelling: separators, signs, currencies, multiples; what is ambiguous over a column is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
from babel.numbers import list_currencies

from mcrlib.read.easy import EASY, read_easy, without_coins
from mcrlib.read.numerals import in_one_step, with_plain_signs
from mcrlib.read.words import is_missing, tidy

_WORDS = {
    "USD": ("us$", "usd$", "美元", "美金", "us dollar", "us dollars", "dollar"),
    "CNY": ("cn¥", "rmb", "人民币", "人民幣", "chinese yuan", "yuan", "rmb¥"),
    "EUR": ("€", "欧元", "歐元", "euro", "euros"),
    "GBP": ("£", "英镑", "英鎊", "pound sterling"),
    "TWD": ("nt$", "ntd", "nt", "新台币", "新臺幣", "新台幣", "台币", "台幣"),
    "HKD": ("hk$", "港币", "港幣", "港元"),
    "JPY": ("jp¥", "日元", "日圆", "円"),
    "KRW": ("₩", "韩元"),
    "INR": ("₹", "rs."),
    "SGD": ("s$", "新币", "新加坡元"),
    "AUD": ("a$", "au$"),
    "CAD": ("c$", "ca$"),
    "CHF": ("sfr.", "fr."),
    "VND": ("₫",),
    "RUB": ("₽",),
    "BRL": ("r$",),
    "PLN": ("zł",),
    "CZK": ("kč",),
    "HUF": ("ft",),
    "TRY": ("₺", "tl"),
    "ILS": ("₪",),
    "THB": ("฿",),
    "UAH": ("₴",),
    "PHP": ("₱",),
    "MYR": ("rm",),
    "NGN": ("₦",),
    "kr": ("kr", "kr."),
    "$": ("$",),
    "¥": ("¥",),
}
#: Every code of a currency, past and present.
CODES = frozenset(list_currencies())
_CURRENCY = {word: code for code, words in _WORDS.items() for word in words} | {code.lower(): code for code in CODES}
_TIMES = {
    **dict.fromkeys(("百万", "百萬", "m", "mn", "mm", "mio", "mio.", "million", "millions"), 6),
    **dict.fromkeys(("千万", "千萬"), 7),
    **dict.fromkeys(("万", "萬", "w"), 4),
    **dict.fromkeys(("亿", "億"), 8),
    **dict.fromkeys(("千", "仟", "k", "thousand", "thousands", "tsd", "tsd.", "tausend", "milliers"), 3),
    **dict.fromkeys(("b", "bn", "billion", "billions", "mrd", "mrd.", "milliards", "十亿", "十億"), 9),
    **dict.fromkeys(("十万", "十萬"), 5),
}


def _one_of(words: Iterable[str]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


_MONEY = (
    _one_of(word for word in _CURRENCY if not (len(word) == 3 and word.upper() in CODES))
    + "|"
    + _one_of(code.lower() for code in CODES)
)
_SHAPE = re.compile(
    rf"^(?P<open>\()?\s*(?P<s1>[-+−–])?\s*(?P<c1>{_MONEY})?\s*(?P<s2>[-+−–])?\s*"
    rf"(?P<num>\d[\d.,'’ ]*|[.,]\d+)(?P<exp>e[+-]?\d{{1,2}})?(?P<round>(?<=[.,])[-–—]{{1,2}})?\s*"
    rf"(?P<times>{_one_of(_TIMES)})?\s*(?P<yuan>元整?|圆整?|块)?\s*(?P<c2>{_MONEY})?\s*"
    rf"(?P<pct>%)?(?P<zhe>折)?\s*(?P<s3>[-−])?\s*(?:(?P<close>\))\s*(?P<c3>{_MONEY})?)?$"
)
#: Where these are money, nobody writes a comma before decimals.
_WITH_A_POINT = frozenset({"¥", "CNY", "JPY", "KRW", "TWD"})
#: In a unit, thousands are also written 000, and T before a currency.
_UNIT_TIMES = _TIMES | {"000": 3, "000s": 3, "t": 3}
_COIN = rf"{_MONEY}|元|圆|圓|块|塊"
_UNIT = re.compile(
    rf"(?:in )?\s*(?P<c1>{_COIN})?[\s'’]*(?:(?P<times>{_one_of(_UNIT_TIMES)})s?)?\s*(?:of |de |d'|d’)?"
    rf"(?P<c2>{_COIN})?\s*(?:元|圆|圓)?"
)
_WHOLE = re.compile(r"^\d+$")
_BOTH = (re.compile(r"^\d{1,3}(?:,\d{2,3})*,\d{3}\.\d+$"), re.compile(r"^\d{1,3}(?:\.\d{3})+,\d+$"))
_GROUPS = (re.compile(r"^\d{1,3}(?:,\d{2,3})*,\d{3}$"), re.compile(r"^\d{1,3}(?:\.\d{3})+$"))
_SPACED = re.compile(r"^\d{1,3}(?:[ '’]\d{3})+(?:([.,])\d+)?$")
_ERRORS = ("#ref!", "#value!", "#div/0!", "#name?", "#num!", "#null!", "inf", "-inf", "infinity", "+inf", "∞")


@dataclass(frozen=True)
class Spelling:
    """One written number taken apart; ``point`` is its decimal sign, ``?`` where two readings are possible."""

    digits: str
    point: str
    negative: bool
    scale: int | None
    currency: str
    share: bool

    def value(self, decimal: str | None) -> Decimal | None:
        """The number, with the column's decimal sign where its own is open."""
        point = decimal if self.point == "?" else self.point
        if point is None:
            return None
        plain = re.sub(r"[ '’]", "", self.digits)
        plain = plain.replace("," if point == "." else ".", "").replace(point, ".")
        number = Decimal(plain).scaleb(self.scale or 0)
        return -number if self.negative else number


def spell(text: str) -> Spelling | str | None:
    """A written number taken apart; a fault code where it is none; None where nothing is written."""
    plain = with_plain_signs(tidy(text)).replace("−", "-").casefold()
    if is_missing(plain):
        return None
    single = in_one_step(plain)
    match = _SHAPE.match(single)
    if plain in _ERRORS or not match or bool(match["open"]) != bool(match["close"]):
        return "not_a_number"
    signs = [sign for sign in (match["s1"], match["s2"], match["s3"]) if sign]
    digits = match["num"].strip()
    digits += "00" if match["round"] else ""
    point = _point(digits)
    if point is None or len(signs) + bool(match["open"]) > 1 or (match["exp"] and point == "?"):
        return "not_a_number"
    scale = _TIMES.get(match["times"] or "", None if single == plain else 0)
    if match["exp"]:
        scale = (scale or 0) + int(match["exp"][1:])
    written = match["c1"] or match["c2"] or match["c3"] or ""
    return Spelling(
        digits=digits,
        point=point,
        negative=bool(match["open"]) or any(sign != "+" for sign in signs),
        scale=scale,
        currency=_CURRENCY.get(written, ""),
        share=bool(match["pct"] or match["zhe"]),
    )


def _point(digits: str) -> str | None:
    """The decimal sign of the digits, ``?`` where 1,234 may be either, None where they are no number."""
    if _WHOLE.match(digits):
        return "."
    if match := _SPACED.match(digits):
        return match[1] or "."
    if " " in digits or "'" in digits or "’" in digits:
        return None
    if "," in digits and "." in digits:
        return "." if _BOTH[0].match(digits) else "," if _BOTH[1].match(digits) else None
    sign = "," if "," in digits else "."
    if digits.count(sign) > 1:
        return ("." if sign == "," else ",") if _GROUPS[sign == "."].match(digits) else None
    before, after = digits.split(sign)
    return "?" if len(after) == 3 and re.match(r"^[1-9]\d{0,2}$", before) else sign


def currency_code(text: str) -> str:
    """The ISO code that a currency column or a header's unit means; the text itself where it is unknown."""
    plain = tidy(text)
    if plain.casefold() in _CURRENCY:
        return _CURRENCY[plain.casefold()]
    match = re.match(r"^([A-Z]{3})\b", plain)
    return match[1] if match and match[1] in CODES else plain.upper()


def unit_parts(unit: str) -> tuple[int, str, bool]:
    """What a unit in a header says: power of ten, currency, percent."""
    plain = tidy(unit).casefold().strip("()[]（）")
    if "%" in plain or "百分" in plain:
        return 0, "", True
    match = _UNIT.fullmatch(plain)
    if match is None:
        return 0, "", False
    coin = _CURRENCY.get(match["c1"] or match["c2"] or "", "")
    return _UNIT_TIMES.get(match["times"] or "", 0), coin, False


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers: exact values, faults, currencies in the cells, texts with % or 折, an open question."""

    found: pd.Series
    faults: pd.Series
    currencies: pd.Series | None = None
    shares: frozenset[str] = frozenset()
    question: str = ""


def read_numbers(
    texts: pd.Series,
    *,
    decimal: str | None = None,
    unit: str = "",
    whole: bool = False,
    currencies: frozenset[str] = frozenset(),
) -> Numbers:
    """Exact numbers of a column of texts.

    Parameters
    ----------
    texts : Series of str
        As delivered.
    decimal : {'.', ','}, optional
        Settles what the column leaves open.
    unit : str
        Unit split off the header, such as ``万元``.
    whole : bool
        Only whole numbers are meant, so that 1,234 can only be one.
    currencies : frozenset of str
        Codes of the currencies that stand beside the numbers.

    Returns
    -------
    Numbers
        ``found`` Decimal or missing; ``faults`` not_a_number where something else is written; ``currencies`` code,
        ``$`` or ``¥`` written in the cell, None where no cell has one; ``question`` where 1,234 may be one or
        a thousand.
    """
    times = unit_parts(unit)[0]
    texts, coins = without_coins(texts.astype("str"), _CURRENCY)
    if not times and (easy_ones := read_easy(texts)) is not None:
        return Numbers(easy_ones, pd.Series(pd.NA, index=texts.index, dtype="str"), coins)
    codes, distinct = pd.factorize(texts)
    unique = distinct.to_numpy(object)
    easy = pd.Series(unique, dtype="str").str.fullmatch(EASY).fillna(False).to_numpy(bool)
    spelt = [None if plain else spell(text) for text, plain in zip(unique, easy, strict=True)]
    numbers = [one for one in spelt if isinstance(one, Spelling)]
    if not decimal:
        stated = currencies | {coin for coin in (unit_parts(unit)[1],) if coin}
        dotted = any("." in text for text in unique[easy]) or bool(stated) and stated <= _WITH_A_POINT
        decimal, question = _settle_decimal(numbers, whole, dotted)
    else:
        question = ""
    values = [
        Decimal(text).scaleb(times) if plain else _scaled(one, decimal, times)
        for text, plain, one in zip(unique, easy, spelt, strict=True)
    ]

    def spread(found: Any, kind: Any) -> pd.Series:
        return pd.Series(found, dtype=kind).reindex(codes).set_axis(texts.index)

    written = spread([one.currency or None if isinstance(one, Spelling) else None for one in spelt], "str")
    return Numbers(
        spread(values, object),
        spread([one if isinstance(one, str) else None for one in spelt], "str"),
        written if coins is None else coins.fillna(written),
        frozenset(t for t, one in zip(unique, spelt, strict=True) if isinstance(one, Spelling) and one.share),
        question,
    )


def _scaled(one: Spelling | str | None, decimal: str | None, times: int) -> Decimal | None:
    """The number in units; a multiple in the cell (1.2万) wins over the one in the header."""
    value = one.value(decimal) if isinstance(one, Spelling) else None
    return value.scaleb(times) if value is not None and isinstance(one, Spelling) and one.scale is None else value


def _settle_decimal(numbers: list[Spelling], whole: bool, dotted: bool) -> tuple[str | None, str]:
    """The decimal sign that the clear numbers of a column prove."""
    unclear = [one for one in numbers if one.point == "?"]
    if not unclear:
        return None, ""
    if whole and len({"," in one.digits for one in unclear}) == 1:
        return ("." if "," in unclear[0].digits else ","), ""
    proven = {sign for one in numbers if one.point in ".," for sign in _proof(one)} | ({"."} if dotted else set())
    proven |= {"." for one in unclear if one.currency in _WITH_A_POINT}
    if len(proven) == 1:
        return proven.pop(), ""
    why = "other numbers use both '.' and ','" if proven else "no other number of the column shows which"
    text = f"'{unclear[0].digits}' may be a thousand or a decimal: {why}"
    return None, f"{text}; set decimal: '.' or ',' for this file in client.yaml"


def _proof(one: Spelling) -> set[str]:
    """The decimal sign that this spelling proves; a whole number without separators proves nothing."""
    return {one.point} if re.search(r"[.,]", one.digits) else set()


def to_floats(values: pd.Series) -> pd.Series:
    """Exact numbers as floats; missing ones as NaN."""
    codes, unique = pd.factorize(values)
    return pd.Series([float(one) for one in unique], dtype="float64").reindex(codes).set_axis(values.index)
