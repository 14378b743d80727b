"""Where in a sheet the header stands, and which records below it are rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.read.footers import is_footer, is_rule, is_total
from mcrlib.read.headers import SUFFIX, field_of, squash
from mcrlib.read.mending import mend
from mcrlib.read.periods import find_periods
from mcrlib.read.sheets import Sheet, bad_rows, raw_text, records_of

#: Records at the top among which the header is looked for, and at the end among which footers are.
_TOP, _END = 40, 25
_NEARLY_ALL, _MOSTLY = 0.9, 0.75
#: Records looked at one by one at most, of each kind; more are no totals but a broken file.
_MOST_SUSPECTS = 5000
_TELLING = r"(?i)total|sum|合计|总计|小计|合計|總計|小計|累计|累計|^[\s|:+]*[-=_]{3,}[\s|:+]*$"
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
#: A set-aside code and what is said of its rows.
_SAID = {
    "total": "{n} of totals ({example}) set aside, so that nothing is counted twice",
    "footer": "{n} below the table ({example}) set aside",
    "repeated_header": "{n} repeating the header set aside; two exports may have been glued together",
    "second_header": "{n} below the header ({example}) set aside, because it seems to go on with the header",
    "too_few_fields": "{n} with fewer fields than the header ({example}) set aside",
    "too_many_fields": "{n} with more fields than the header ({example}) set aside; a text may lack its quotes",
    "nul": "{n} with NUL bytes ({example}) set aside",
    "truncated": "{n} cut off at the end of the file ({example}) set aside; the download may be incomplete",
}


@dataclass(frozen=True)
class Header:
    """The header of a sheet: its last line, how many records it and the lines above it take, and the names."""

    row: int
    records: int
    above: int
    names: tuple[str, ...]


def find_header(sheet: Sheet, tables: Sequence[str], named: Sequence[str] = ()) -> Header | None:
    """The record that holds the most headers of one of the tables (or of those named); None where none does.

    A header over two lines, such as merged titles above the columns, is joined where that is understood better.
    """
    top = [[cell if isinstance(cell, str) else "" for cell in row] for row in sheet.cells.head(_TOP).to_numpy(object)]
    names = [tuple(row[: int(width)]) for row, width in zip(top, sheet.widths.head(_TOP), strict=True)]
    wanted = {squash(name) for name in named}
    scores = [_hits(row, tables, wanted) for row in names]
    best = max(scores, default=0)
    place = next((i for i, score in enumerate(scores) if score >= 0.7 * best), 0)
    if not names or best < _fewest(names[place]):
        return None
    joined = [_joined(top[i], top[i + 1], tables) for i in range(min(len(top) - 1, place + 1))]
    pairs = [_hits(row, tables, wanted) if row else 0 for row in joined]
    if pairs and max(pairs) > best:
        place = pairs.index(max(pairs))
        return Header(int(sheet.cells.index[place + 1]), 2, place, joined[place])
    return Header(int(sheet.cells.index[place]), 1, place, names[place])


def _fewest(names: Sequence[str]) -> int:
    """How many headers must be understood: one will do where no cell looks like data."""
    data = any(char.isdigit() for name in names for char in name)
    return 2 if data and sum(bool(name.strip()) for name in names) > 1 else 1


def _hits(names: Sequence[str], tables: Sequence[str], wanted: set[str]) -> int:
    filled = [name for name in names if name.strip() and len(name) <= 120]
    told = len({squash(name) for name in filled} & wanted)
    found = find_periods(names) if "orders" in tables else {}
    numbers = any(_NUMBER.fullmatch(name.strip()) for place, name in enumerate(names) if place not in found)
    periods = 0 if numbers else len(found)  # beside other numbers, 2019 is one of them
    return max([told, *(_understood(filled, table) + (periods if table == "orders" else 0) for table in tables)])


def _understood(names: Sequence[str], table: str) -> int:
    matches = (field_of(name, table) for name in names)
    return len({match.field if match.field != "ignored" else name for name, match in zip(names, matches, strict=True)
                if match and match.tier < SUFFIX})  # fmt: skip


def _joined(upper: Sequence[str], lower: Sequence[str], tables: Sequence[str]) -> tuple[str, ...]:
    """Two header lines as one, the upper one reaching to the right where that is understood.

    Nothing where the lower line holds data or the upper one has no gaps.
    """
    if any(re.search(r"\d", name) for name in lower) or not any(not name.strip() for name in upper):
        return ()
    names, title = [], ""
    for over, under in zip(upper, lower, strict=True):
        title = over.strip() or title
        both = f"{title} {under.strip()}"
        names.append(both if under.strip() and any(_understood([both], table) for table in tables) else under or over)
    return tuple(names)


def rows_below(sheet: Sheet, header: Header) -> tuple[pd.DataFrame, pd.DataFrame, list[Complaint]]:
    """Tell rows from what else stands below the header.

    Returns
    -------
    rows : DataFrame
        The records that are rows, columns 0..n-1 of the header.
    bad : DataFrame
        Totals, footers, repeated headers and ragged records: row, column, code, raw.
    complaints : list of Complaint
        One for each kind, and one for lines above the header.
    """
    body = sheet.cells.iloc[header.above + header.records :]
    widths = sheet.widths.loc[body.index]
    body, mended = mend(body, widths, len(header.names), sheet.delimiter)
    widths = widths.mask(widths.index.isin(mended), len(header.names))
    codes = _codes(body, widths, header, typed=sheet.typed)
    set_aside = [(row, "", codes[row], raw_text(record)) for row, record in records_of(body, list(codes))]
    bad = bad_rows([*sheet.bad.itertuples(index=False, name=None), *set_aside])
    rows = (body.drop(index=list(codes)) if codes else body).iloc[:, : len(header.names)]
    said = [*_above(sheet, header), *_mended(sheet, body, mended), *_said(sheet, bad)]
    return rows, bad, said if sheet.typed else [*said, *_trailing(sheet, widths.drop(list(codes)), header)]


def _codes(body: pd.DataFrame, widths: pd.Series, header: Header, *, typed: bool) -> dict[int, str]:
    named = max((i + 1 for i, name in enumerate(header.names) if name.strip()), default=0)
    codes = _ragged(body, widths, header, 0 if typed else named)
    repeated = _repeated(body, header)
    codes |= dict.fromkeys(_second_lines(body, header, repeated), "second_header")
    codes |= dict.fromkeys(_titles(body) if repeated else [], "footer") | dict.fromkeys(repeated, "repeated_header")
    last = set(body.index[-_END:])
    for row, record in records_of(body, _suspects(body, codes)):
        if is_total(record):
            codes[row] = "total"
        elif is_rule(record):
            codes[row] = "second_header" if codes.get(row) == "second_header" else "footer"
        elif is_footer(record) or (row in last and _is_remark(record, named)):
            codes[row] = "footer"
    return dict(sorted(codes.items()))


def _ragged(body: pd.DataFrame, widths: pd.Series, header: Header, named: int) -> dict[int, str]:
    """Records that have text beyond the header, or a number of fields that neither the header nor most records have.

    An empty field too many may stand at the end of a record or anywhere in it, and then moves all that follows.
    """
    width = len(header.names)
    crowded = pd.Series(False, index=body.index)
    for column in body.iloc[:, width:]:
        crowded |= body[column].fillna("").str.strip() != ""
    short = pd.Series(False, index=body.index)
    if named:
        usual = _usual_width(widths, width)
        crowded |= (widths > width) & (widths != usual)
        short = (widths < named) | ((widths <= width) & (usual > width))
    codes = dict.fromkeys(crowded[crowded].index.tolist(), "too_many_fields")
    return codes | dict.fromkeys(short[short].index.tolist(), "too_few_fields")


def _usual_width(widths: pd.Series, width: int) -> int:
    """Number of fields of most records: more than the header has where most end with a delimiter."""
    return max(width, int(widths.mode().iloc[0])) if len(widths) else width


def _second_lines(body: pd.DataFrame, header: Header, repeated: Sequence[int]) -> list[int]:
    """Records that go on with a header: right below it, words only and empty where rows begin, or a drawn line.

    They name columns that have no header yet, or the rows all begin with something; or headers are repeated.
    """
    if len(body) < 2 or not header.records:
        return []
    always = bool(repeated) or (body[0].iloc[1:].fillna("").str.strip() != "").mean() >= _NEARLY_ALL
    below = [0, *(body.index.get_indexer(pd.Index(repeated)) + 1)]
    found = []
    for first in below:
        for row, record in records_of(body, list(body.index[first : first + 2])):
            cells = [cell.strip() for cell in record]
            if is_rule(cells):
                found.append(row)
                continue
            named = any(cell and not name.strip() for cell, name in zip(cells, header.names, strict=False))
            if cells[0] or any(char.isdigit() for cell in cells for char in cell) or not (named or always):
                break
            found.append(row)
    return found


def _titles(body: pd.DataFrame) -> list[int]:
    """Single texts in the first column: where a header is repeated, titles of what was glued together."""
    filled = body.fillna("").apply(lambda cells: cells.str.strip() != "")
    lone = filled[0] & (filled.sum(axis=1) == 1) if body.shape[1] > 1 else pd.Series(False, index=body.index)
    return list(lone[lone].index)


def _suspects(body: pd.DataFrame, codes: dict[int, str]) -> list[int]:
    """Rows worth a look: the last ones, ragged ones, and those whose first cells name a total or draw a line."""
    word = pd.Series(False, index=body.index)
    for column in body.columns[:3]:
        word |= body[column].str.contains(_TELLING, na=False)
    return sorted({*word[word].index[:_MOST_SUSPECTS], *body.index[-_END:], *list(codes)[:_MOST_SUSPECTS]})


def _is_remark(record: Sequence[str], named: int) -> bool:
    """A single text in the first field, in a table of several columns."""
    return named > 2 and bool(record[0].strip()) and not any(cell.strip() for cell in record[1:])


def _repeated(body: pd.DataFrame, header: Header) -> list[int]:
    """Records of which (nearly) every cell is what the header says of its column."""
    places = [i for i, name in enumerate(header.names) if name.strip() and i < body.shape[1]]
    if len(places) < 2:
        return []
    alike = pd.Series(False, index=body.index)
    for i in places[:2]:
        alike |= body[i].str.strip() == header.names[i].strip()
    rows = body[alike]
    if rows.empty:
        return []
    equal = sum((rows[i].str.strip() == header.names[i].strip()).astype(int) for i in places)
    return list(rows.index[equal >= max(2, _MOSTLY * len(places))])


def _above(sheet: Sheet, header: Header) -> list[Complaint]:
    if not header.above:
        return []
    first = next(cell for cell in sheet.cells.iloc[0].dropna() if cell.strip())
    said = f"{header.above} lines of title above the header in row {header.row} were skipped, such as '{first[:60]}'"
    return [Complaint("preamble", said, sheet.file, row=int(sheet.cells.index[0]))]


def _trailing(sheet: Sheet, widths: pd.Series, header: Header) -> list[Complaint]:
    """A word on records that all end with more delimiters than the header, because a header may lack one inside."""
    wide = widths[widths > len(header.names)]
    if wide.empty:
        return []
    said = (
        f"{len(wide)} lines end with more delimiters than the header, with nothing behind them; columns are counted "
        f"from the left, check row {wide.index[0]} against the header"
    )
    return [Complaint("trailing_delimiters", said, sheet.file, row=int(wide.index[0]))]


def _mended(sheet: Sheet, body: pd.DataFrame, rows: list[int]) -> list[Complaint]:
    if not rows:
        return []
    text = next(
        str(cell) for cell in body.loc[rows[0]].dropna() if re.search(rf"{re.escape(sheet.delimiter)}\s", str(cell))
    )
    said = (
        f"{len(rows)} rows have a text with a delimiter in it and without quotes; in this file only such a delimiter "
        f"is followed by a blank, so the texts were put together again, such as '{text[:60]}' in row {rows[0]}"
    )
    return [Complaint("mended", said, sheet.file, row=rows[0])]


def _said(sheet: Sheet, bad: pd.DataFrame) -> list[Complaint]:
    found = []
    for code, rows in bad.groupby("code", sort=True):
        number = "1 line" if len(rows) == 1 else f"{len(rows)} lines"
        example = f"'{rows['raw'].iloc[0][:60]}' in row {rows['row'].iloc[0]}"
        found.append(
            Complaint(
                str(code), _SAID[str(code)].format(n=number, example=example), sheet.file, row=int(rows["row"].iloc[0])
            )
        )
    return found
