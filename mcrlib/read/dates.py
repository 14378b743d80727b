"""Dates in any spelling; day and month are decided over the whole column, and asked for where it cannot be."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.read.calendars import months, plain_month, to_western
from mcrlib.read.words import is_missing, tidy

#: Dates that systems write where they have none.
PLACEHOLDERS = frozenset(
    dt.date.fromisoformat(text)
    for text in ("0001-01-01", "1601-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01")
    + ("2099-12-31", "2999-12-31", "4712-12-31", "9999-01-01", "9999-12-30", "9999-12-31")
)
#: Places of year, month and day among three numbers.
_ORDERS = {"ymd": (0, 1, 2), "dmy": (2, 1, 0), "mdy": (2, 0, 1)}
_ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$"
_HALF = r"(?:上午|下午|早上|中午|晚上|凌晨|[AaPp]\.?[Mm]\.?)"
_ZONE = r"\s*(?:Z|Uhr|[A-Z]{3,4})?\s*(?:[+-]\d{1,2}(?::?\d{2})?)?(?:\s*[A-Z]{3,4}|\s*\([^)]*\))?"
_ORACLE = r"\d{1,2}\.\d{2}\.\d{2}(?:\.\d+)?\s*[AP]M"
_CLOCK = rf"{_HALF}?\s*\d{{1,2}}[:时時]\d{{1,2}}(?:[:分]\d{{0,2}}秒?(?:[.,]\d+)?)?分?\s*{_HALF}?{_ZONE}"
_TAIL = re.compile(rf"(?:T|,?\s+|(?<=日)|(?<=\d)(?={_HALF}))(?:{_CLOCK}|{_ORACLE})$")
#: A clock before the year, as Java writes it: Tue Mar 05 08:30:00 CST 2024.
_INNER_CLOCK = re.compile(rf" \d{{1,2}}:\d{{2}}:\d{{2}}{_ZONE}(?= \d{{4}}$)")
_WEEKDAY = re.compile(
    r"^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+|[\s(]*(?:星期|周|週)[一二三四五六日天]\)?|\s*\([日月火水木金土](?:曜日?)?\)",
    re.IGNORECASE,
)
_YMD = re.compile(r"^(\d{4})\s*([-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号號]?$")
_COMPACT = re.compile(r"^((?:19|20|99)\d{2})(\d{2})(\d{2})(?:T?\d{4}(?:\d{2})?Z?)?$")
_TRIPLE = re.compile(r"^(\d{1,2})\s*([-/. ])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})$")
_NAME = r"(?P<m>[^\W\d_]{3,12})\.?"
_NAMED = (
    re.compile(
        rf"^(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?[\s\-/.]*(?:del? )?{_NAME}[\s\-/.,]*(?:del? )?(?P<y>\d{{4}}|\d{{2}})$",
        re.IGNORECASE,
    ),
    re.compile(
        rf"^{_NAME}[\s\-/.]*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*,\s*|[\s\-/.]+)(?P<y>\d{{4}})$", re.IGNORECASE
    ),
    re.compile(rf"^(?P<y>\d{{4}})[\s\-/.]*{_NAME}[\s\-/.]*(?P<d>\d{{1,2}})$", re.IGNORECASE),
)
_MONTH = re.compile(r"^(\d{4})\s*(?:[-/.]|年)\s*(\d{1,2})\s*月?$")
_NO_YEAR = re.compile(
    r"^\d{1,2}\s*(?:[-/.]|月)\s*\d{1,2}\s*[日号號]?$|^\d{1,2}[\s-][a-z]{3,9}$|^[a-z]{3,9}[\s-]\d{1,2}$", re.IGNORECASE
)
_EMPTY = re.compile(
    r"^0{1,4}[-/.]0{1,2}[-/.]0{1,4}$|^0+$|^1900[-/.]0?1[-/.]0{1,2}$|^[-/.\s]+$|^0{4}年0{1,2}月0{1,2}日$"
)
_NUMBER = re.compile(r"^\d+(?:\.\d+)?$")
#: Different dates of each kind from which a column shows that a spreadsheet turned days and months round.
_TELLING, _TELLING_DAYS = 5, 3
_YEAR = dt.timedelta(days=366)
#: Different dates, and years between them, from which an order of two-digit years shows that it is the wrong one.
_MANY, _GENERATION = 20, 25


@dataclass(frozen=True)
class Dates:
    """A column read as dates: values, what is wrong with unread ones, the question that must be settled.

    ``order`` is that of day and month where the column proves it.
    """

    found: pd.Series
    faults: pd.Series
    question: str = ""
    order: str = ""


def read_dates(texts: pd.Series, *, order: str | None = None, monthly: bool = False) -> Dates:
    """Dates of a column of texts.

    Parameters
    ----------
    texts : Series of str
        As delivered.
    order : {'ymd', 'dmy', 'mdy'}, optional
        Settles what the column leaves open.
    monthly : bool
        A month without a day means its first day.

    Returns
    -------
    Dates
        ``found`` datetime64[s]; ``faults`` one of not_a_date, impossible_date, placeholder_date, date_without_year,
        date_without_day for what was written and could not be read; ``question`` where the order cannot be told.
    """
    delivered, different = pd.factorize(texts.astype("str"))
    days = pd.Series(different, dtype="str")
    clear = days.str.match(_ISO).fillna(False).astype(bool)
    codes, unique = pd.factorize(days.where(~clear, days.str.slice(0, 10)))
    codes = np.append(codes, -1)[delivered]
    written = to_western([_bare(text) for text in unique])
    given = order
    order, question = _settle_order(written, order)
    numeric = [text for text in written if not (is_missing(text) or _EMPTY.match(text))]
    serial = bool(numeric) and all(map(_is_serial, numeric))
    read = [_read_one(text, order, serial, monthly) for text in written]
    read = _read_epochs(written, _read_serials(written, read))
    question = question or ("" if given else _half_turned(written, read, order))
    values = [one if isinstance(one, dt.date) else None for one in read]
    values, faults = _drop_implausible(values, [one if isinstance(one, str) else None for one in read])
    return Dates(
        _spread(values, codes, texts.index, "datetime64[s]"),
        _spread(faults, codes, texts.index, "str"),
        question,
        order or "",
    )


def _spread(unique: list, codes: np.ndarray, index: pd.Index, kind: Any) -> pd.Series:
    found = pd.Series(unique, dtype=object).astype(kind)
    return found.reindex(codes).set_axis(index)


def _bare(text: str) -> str:
    """The date without weekday, time of day and zone: a date is taken as it was written."""
    return _TAIL.sub("", _INNER_CLOCK.sub("", _WEEKDAY.sub("", tidy(text)))).strip()


def _settle_order(written: list[str], order: str | None) -> tuple[str | None, str]:
    triples = {text: match for text in written if (match := _TRIPLE.match(text))}
    fits = {text: set(_fitting(match)) for text, match in triples.items()}
    fits = {text: orders for text, orders in fits.items() if orders}
    if order or not fits:
        return order, ""
    possible = set.intersection(*fits.values())
    if not possible:
        one, other = _contradiction(fits)
        return (
            None,
            f"'{one}' has the day and the month in another order than '{other}'; export the column in one format",
        )
    if len(possible) > 1:
        possible = {one for one in possible if not _is_absurd([triples[text] for text in fits], one)} or possible
    if len(possible) == 1:
        return possible.pop(), ""
    open_ = [text for text, match in triples.items() if len({_as_date(match, one) for one in possible}) > 1]
    if not open_:
        return min(possible), ""
    choices = " or ".join(sorted(possible))
    text = f"the order of day and month is ambiguous in all {len(fits)} different dates, such as '{open_[0]}'"
    return None, f"{text}; set date_order: {choices} for this file in client.yaml"


def _is_absurd(triples: list[re.Match[str]], order: str) -> bool:
    """Whether this order would put many different dates on three days of the month, in a generation of years."""
    days = [day for triple in triples if (day := _as_date(triple, order))]
    if len(days) < _MANY:
        return False
    years = [day.year for day in days]
    return len({day.day for day in days}) <= _TELLING_DAYS and max(years) - min(years) >= _GENERATION


def _contradiction(fits: dict[str, set[str]]) -> tuple[str, str]:
    for one, orders in fits.items():
        for other, others in fits.items():
            if not orders & others:
                return one, other
    narrow = sorted(fits, key=lambda text: (len(fits[text]), text))
    return narrow[0], narrow[-1]


def _fitting(triple: re.Match[str]) -> list[str]:
    """Orders in which the three numbers can be a year, a month and a day."""
    parts = [int(triple[1]), int(triple[3]), int(triple[4])]
    year_last = len(triple[4]) == 4 or triple[2] == " "
    return [
        order
        for order, (_, month, day) in _ORDERS.items()
        if not (order == "ymd" and year_last) and 1 <= parts[month] <= 12 and 1 <= parts[day] <= 31
    ]


def _as_date(triple: re.Match[str], order: str) -> dt.date | None:
    parts = (triple[1], triple[3], triple[4])
    year, month, day = _ORDERS[order]
    return _date(_year(parts[year]), int(parts[month]), int(parts[day]))


def _year(text: str) -> int:
    number = int(text)
    return number if len(text) > 2 else number + (2000 if number < 69 else 1900)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _read_one(text: str, order: str | None, serial: bool, monthly: bool) -> dt.date | str | None:
    if _EMPTY.match(text) and not is_missing(text):
        return "placeholder_date"
    if is_missing(text):
        return None
    if serial:
        return _from_serial(text)
    if match := _YMD.match(text):
        return _date(int(match[1]), int(match[3]), int(match[4])) or "impossible_date"
    if match := _COMPACT.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3])) or "impossible_date"
    if match := _TRIPLE.match(text):
        return (_as_date(match, order) or "impossible_date") if order else None
    return _read_named(text, monthly)


def _is_serial(text: str) -> bool:
    return bool(_NUMBER.match(text)) and 20000 <= float(text) < 80000


def _from_serial(text: str) -> dt.date:
    return dt.date(1899, 12, 30) + dt.timedelta(days=int(float(text)))


def _read_serials(written: list[str], read: list) -> list:
    """Serial numbers of a spreadsheet among more dates that are clear in themselves and of about the same time."""
    clear = [one for one in read if isinstance(one, dt.date) and one not in PLACEHOLDERS]
    places = [place for place, text in enumerate(written) if read[place] == "not_a_date" and _is_serial(text)]
    if not places or len(places) >= len(clear) or any(map(_TRIPLE.match, written)):
        return read
    found = list(read)
    for place in places:
        day = _from_serial(written[place])
        found[place] = day if min(clear) - _YEAR <= day <= max(clear) + _YEAR else read[place]
    return found


def _half_turned(written: list[str], read: list, order: str | None) -> str:
    """The question where a spreadsheet read days as months wherever it could, and left the rest as it was written."""
    days = {text: day for text, day in zip(written, read, strict=True) if isinstance(day, dt.date)}
    left = {text: day for text, day in days.items() if _TRIPLE.match(text)}
    turned = {text: day for text, day in days.items() if _YMD.match(text)}
    if min(len(left), len(turned)) < _TELLING or len({day.day for day in turned.values()}) < _TELLING_DAYS:
        return ""
    if any(day.day <= 12 for day in left.values()) or any(day.day > 12 for day in turned.values()):
        return ""
    return (
        f"all {len(left)} different dates like '{next(iter(left))}' have a day above 12 and all {len(turned)} like "
        f"'{next(iter(turned))}' one up to 12: a spreadsheet seems to have turned day and month round in the latter; "
        f"export the column again as text, or set date_order: {order} for this file in client.yaml if all are right"
    )


def _read_named(text: str, monthly: bool) -> dt.date | str:
    for pattern in _NAMED:
        match = pattern.match(text)
        if match and (month := months().get(plain_month(match["m"]))):
            return _date(_year(match["y"]), month, int(match["d"])) or "impossible_date"
    if match := _MONTH.match(text):
        first = _date(int(match[1]), int(match[2]), 1)
        return (first if monthly else "date_without_day") or "impossible_date"
    return "date_without_year" if _NO_YEAR.match(text) else "not_a_date"


def _read_epochs(written: list[str], read: list) -> list:
    """Seconds or milliseconds since 1970; where all lie on one foreign midnight, that zone's dates."""
    seconds = {}
    for place, text in enumerate(written):
        if read[place] == "not_a_date" and re.fullmatch(r"\d{9,10}(?:\.\d+)?|\d{12,13}", text):
            seconds[place] = int(float(text)) // (1000 if len(text.split(".")[0]) > 10 else 1)
    if not seconds:
        return read
    rest = {value % 86400 for value in seconds.values()}
    midnights = max(rest) - min(rest) <= 3600 and all(one % 900 == 0 for one in rest) and min(rest) >= 43200
    shift = 86400 - min(rest) if midnights else 0
    found = list(read)
    for place, value in seconds.items():
        found[place] = dt.date(1970, 1, 1) + dt.timedelta(days=(value + shift) // 86400)
    return found


def _drop_implausible(values: list, faults: list) -> tuple[list, list]:
    for place, value in enumerate(values):
        if value is None:
            continue
        if value in PLACEHOLDERS:
            values[place], faults[place] = None, "placeholder_date"
        elif not 1900 <= value.year <= 2199:
            values[place], faults[place] = None, "impossible_date"
    return values, faults
