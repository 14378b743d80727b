"""Wide sheets: one row per account and a column per month, quarter or year become one order per filled cell."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.headers import SUFFIX, field_of, squash
from mcrlib.read.words import is_missing, tidy
from mcrlib.settings import FileSpec

#: Fewer columns of periods do not make a wide sheet.
_FEWEST = 3
_ENGLISH = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
    ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
    ("dec", "december"),
)  # fmt: skip
_MONTHS = {word: month for month, words in enumerate(_ENGLISH, start=1) for word in words}
_PARTS = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
_YEAR, _YY, _NUMBER = r"(?P<year>(?:19|20)\d\d)", r"(?P<yy>\d\d)", r"(?P<month>1[0-2]|0?[1-9])"
_NAME = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})"
_DAY = r"(?:[-/.](?P<day>\d\d?)(?:[t ]00:00(?::00)?)?)?"
#: Months in a period → the ways to write it; the finer and the fuller first.
_SPELLINGS = {
    1: (
        rf"{_YEAR}[-/.]{_NUMBER}{_DAY}", rf"{_YEAR}(?P<month>1[0-2]|0[1-9])", rf"{_YEAR}\s*年\s*{_NUMBER}\s*月份?",
        rf"{_NAME}[-/.' ,]*{_YEAR}", rf"{_NAME}[-/.' ]{_YY}", rf"{_YEAR}[-/. ]*{_NAME}", rf"{_NUMBER}\s*月份?", _NAME,
    ),
    3: (
        rf"{_YEAR}\s*年?[-/. ]*q(?P<part>[1-4])", rf"q(?P<part>[1-4])[-/.' ]*{_YEAR}", rf"q(?P<part>[1-4])[-/.' ]{_YY}",
        rf"{_YEAR}\s*年?\s*第?(?P<part>[1-4一二三四])季度?", r"q(?P<part>[1-4])", r"第?(?P<part>[1-4一二三四])季度",
    ),
    6: (
        rf"{_YEAR}\s*年?[-/. ]*h(?P<part>[12])", rf"h(?P<part>[12])[-/.' ]*{_YEAR}",
        rf"{_YEAR}\s*年?\s*(?P<part>[上下])半年",
    ),
    12: (rf"{_YEAR}\s*年?度?",),
}  # fmt: skip
_PATTERNS = [
    (months, re.compile(rf"(?<![0-9a-z]){spelling}(?![0-9a-z])"))
    for months, spellings in _SPELLINGS.items()
    for spelling in spellings
]
#: Units of a header that are no money.
_NO_MONEY = re.compile(r"%|‰|天|日|小时|分钟|分鐘|days?|hours?|minutes?|mins?|h|个|件|台|套|人|pcs|ml")


class Period(NamedTuple):
    """What a header of a wide sheet says: the period's last day (none where no year stands there), and the measure."""

    end: dt.date | None
    months: int
    measure: str


@lru_cache(maxsize=20_000)
def period_of(header: str, year: int | None = None) -> Period | None:
    """The period for which a column holds amounts, by its header; None for any other header.

    A header without a year means one of ``year``, where that is known.
    """
    text = unicodedata.normalize("NFKC", header[:120]).casefold().strip("'\" \t\r\n")
    for months, pattern in _PATTERNS:
        found = pattern.search(text)
        if found is None:
            continue
        end = _last_day(found.groupdict(), months, year)
        day = found.groupdict().get("day")
        if day and end and int(day) not in (1, end.day):
            return None
        measure = _measure(f"{text[: found.start()]} {text[found.end() :]}".strip(" -_/·:|,"))
        return Period(end, months, measure) if measure else None
    return None


def _measure(text: str) -> str:
    """A header of amounts from what stands beside a period; nothing where it is no amount."""
    for header in (text, f"amount {text}".strip()):
        match = field_of(header, "orders") if header else None
        if match is None or match.field != "amount" or _NO_MONEY.fullmatch(match.unit):
            continue
        if header == text or not text or match.unit:
            return header
    return ""


def _last_day(parts: dict[str, str | None], months: int, year: int | None) -> dt.date | None:
    if written := parts.get("year") or (f"20{parts['yy']}" if parts.get("yy") else ""):
        year = int(written)
    if year is None:
        return None
    part = parts.get("part") or "1"
    named = _MONTHS[name] if (name := parts.get("name")) else int(parts.get("month") or 0)
    month = named or months * (_PARTS.get(part) or int(part))
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def find_periods(names: Sequence[str], table: str = "orders") -> dict[int, Period]:
    """The columns of a sheet that hold amounts by period; none where it is no wide sheet of orders.

    A wide sheet has at least three of them, another column, and no column of order dates.
    """
    found = {place: period for place, name in enumerate(names) if (period := period_of(name))}
    others = [name for place, name in enumerate(names) if place not in found and name.strip()]
    dated = any(_field(name, "orders") == "order_date" for name in others)
    return found if table == "orders" and len(found) >= _FEWEST and others and not dated else {}


def long_headers(names: Sequence[str], table: str) -> Sequence[str]:
    """The headers that a sheet has once it is no longer wide."""
    periods = find_periods(names, table)
    others = [name for place, name in enumerate(names) if place not in periods and not _is_measured(name)]
    return [*_whose(others, {}), "amount", "order_date"] if periods else names


class Long(NamedTuple):
    """A sheet with one row per order: rows, headers, the same as delivered, what is to be said and settled."""

    rows: pd.DataFrame
    names: tuple[str, ...]
    delivered: tuple[str, ...]
    said: list[Complaint]
    refused: list[Complaint]


def lengthen(rows: pd.DataFrame, names: tuple[str, ...], table: str, spec: FileSpec) -> Long:
    """One row per account and period from a wide sheet of orders; any other sheet as it is.

    An order stands at the last day of its period. Cells that are empty or 0 are no orders.

    Parameters
    ----------
    rows : DataFrame
        Texts by column number; index = spreadsheet row.
    names : tuple of str
        The headers.
    table : str
        The table that the sheet is read as.
    spec : FileSpec
        What client.yaml says of the file; its ``amount`` may name one of several measures. A sheet whose order date,
        or an amount of another column, is named there is not wide.

    Returns
    -------
    Long
        Its rows keep their spreadsheet row, which several may share.
    """
    periods = find_periods(names, table) if spec.header and "order_date" not in spec.columns else {}
    periods = {place: period_of(names[place], spec.year) or period for place, period in periods.items()}
    wanted = squash(str(spec.columns.get("amount", "")))
    if not periods or (wanted and wanted not in {squash(period.measure) for period in periods.values()}):
        return Long(rows, names, names, [], [])
    kept, question = _choose(periods, names, wanted, spec.file)
    if question:
        return Long(rows, names, names, [], [Complaint("wide", question, spec.file)])
    others = [place for place, name in enumerate(names) if place not in periods and not _is_measured(name)]
    cells = rows[list(kept)].to_numpy(object)
    places, which = np.nonzero(~np.vectorize(_is_nothing, otypes=[bool])(cells))
    ends = np.array([str(period.end) for period in kept.values()], dtype=object)
    long = rows[others].iloc[places].set_axis(range(len(others)), axis=1)
    amounts, dates = (pd.Series(texts, long.index, "str") for texts in (cells[places, which], ends[which]))
    long = long.assign(amount=amounts, date=dates)
    delivered = [names[place] for place in others]
    made = (next(iter(kept.values())).measure, "order_date")
    labels = (*_whose(delivered, spec.columns), *made)
    unused = [name.strip() for place, name in enumerate(names) if name.strip() and place not in {*kept, *others}]
    said = _said(rows, long, [names[place].strip() for place in kept], unused, spec.file)
    return Long(long.set_axis(range(len(labels)), axis=1), labels, (*delivered, *made), said, [])


def _field(name: str, table: str) -> str:
    match = field_of(name, table)
    return match.field if match and match.tier <= SUFFIX else ""


def _is_measured(name: str) -> bool:
    """True for a total, a quantity or a price, which would be repeated in every period."""
    column = schema.tables()["orders"].columns.get(_field(name, "orders"))
    return column is not None and column.kind in ("money", "int", "number", "ratio")


def _is_nothing(cell: object) -> bool:
    """True for an empty cell and for 0 in any spelling; a word that is no number is something, to be set aside."""
    if not isinstance(cell, str) or is_missing(cell):
        return True
    return re.search(r"[1-9]|[^\W\d_]", tidy(cell)) is None


def _choose(
    periods: dict[int, Period], names: tuple[str, ...], wanted: str, file: str
) -> tuple[dict[int, Period], str]:
    """The columns to read in the order of time, each stretch of time once; or the question to settle."""
    if bare := [names[place].strip() for place, period in periods.items() if period.end is None]:
        said = f"the columns {', '.join(bare[:3])} … name no year"
        such = f"orders: [{{file: {file}, year: 2024}}]"
        return {}, f"{said}; write it into the headers, such as 2024-01, or under files in client.yaml, such as {such}"
    kept = {place: period for place, period in periods.items() if wanted in ("", squash(period.measure))}
    by_end: dict[int, list[Period]] = {}
    for period in kept.values():
        by_end.setdefault(_month(period), []).append(period)
    for place, period in list(kept.items()):
        stretch = range(_month(period) - period.months + 1, _month(period) + 1)
        parts = [part for end in stretch for part in by_end.get(end, []) if part.months < period.months]
        inside = Counter((part.measure, part.months) for part in parts)
        covered = max((count * months for (_, months), count in inside.items()), default=0)
        if covered == period.months:
            del kept[place]
        elif covered:
            return (
                {},
                f"the column '{names[place].strip()}' overlaps with columns of parts of it; delete one or the other",
            )
    measures = list(dict.fromkeys(period.measure for period in kept.values()))
    if len(measures) > 1:
        which = f"orders: [{{file: {file}, columns: {{amount: {measures[0]}}}}}]"
        said = f"the columns by period hold several amounts: {', '.join(measures)}"
        return {}, f"{said}; say which under files in client.yaml, such as {which}"
    if len({(period.end, period.months) for period in kept.values()}) < len(kept):
        return {}, "two columns stand for one period; delete one of them"
    return dict(sorted(kept.items(), key=lambda item: str(item[1].end))), ""


def _month(period: Period) -> int:
    """The last month of a period, counted from year 0."""
    assert period.end
    return period.end.year * 12 + period.end.month


def _whose(others: list[str], columns: Mapping[str, str | int]) -> list[str]:
    """Headers beside the periods; an id or a name of the row is that of the account."""
    told = {squash(str(source)) for source in columns.values()}
    known = {_field(name, "orders") for name in others} | set(columns)
    labels = []
    for name in others:
        whose = _field(name, "accounts")
        rows_own = _field(name, "orders") in ("", "order_id") and whose in ("account_id", "account_name")
        labels.append(whose if rows_own and whose not in known and squash(name) not in told else name)
    return labels


def _said(rows: pd.DataFrame, long: pd.DataFrame, read: list[str], unused: list[str], file: str) -> list[Complaint]:
    found = [
        f"the columns of {len(read)} periods ({read[0]} to {read[-1]}) were read as {len(long)} orders: one for each "
        f"filled cell, dated on the last day of its period, so that a number of orders is a number of periods"
    ]
    if unused:
        found.append(f"columns that would count an amount again, or none, are not used: {', '.join(unused[:15])}")
    if bare := sorted(set(rows.index) - set(long.index)):
        found.append(f"{len(bare)} rows hold no amount in any period, such as row {bare[0]}: they are no orders")
    return [Complaint("wide", text, file) for text in found]
