"""The tables of a chapter as one workbook, beside their CSV files: the same rows, ready to sort and filter."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

#: A number that a spreadsheet holds exactly; codes with leading zeros or too many digits stay text.
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?(e[+-]?\d{1,2})?")
_DAY_ZERO = dt.datetime(1980, 1, 1)
_MOST_CELLS, _MOST_LETTERS, _WIDEST = 500_000, 32_767, 48
_SHEET_NAME = 31


def write_workbook(tables: Sequence[Path], target: Path) -> list[str]:
    """Write CSV tables of the report as one XLSX, a sheet each; text is text and never a formula.

    Equal tables give equal bytes.

    Parameters
    ----------
    tables : sequence of Path
        CSV as ``mcrlib.run.write_csv`` writes it. A column whose values all are numbers becomes numbers, unless its
        name ends in ``_id``; a text that a spreadsheet would take for a formula keeps its leading ``'``.
    target : Path
        The XLSX; not written where no table fits.

    Returns
    -------
    list of str
        The tables that it holds; those with more cells than a person opens in a workbook are in their CSV only.
    """
    small = {table.stem: rows for table in tables if (rows := _rows(table)) is not None}
    if small:
        target.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False}) as book:
            book.set_properties({"created": _DAY_ZERO})
            bold = book.add_format({"bold": True, "bottom": 1})
            for name, rows in small.items():
                _fill(book.add_worksheet(_free_name(name, [sheet.name for sheet in book.worksheets()])), rows, bold)
    return list(small)


def _rows(table: Path) -> list[list[str]] | None:
    """All rows of a table, its header first; None where there are too many for a workbook."""
    rows, cells = [], 0
    with table.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            cells += len(row)
            if cells > _MOST_CELLS:
                return None
            rows.append(row)
    return rows


def _fill(sheet: Worksheet, rows: list[list[str]], bold: Format) -> None:
    head, *body = rows
    for place, name in enumerate(head):
        cells = [row[place] for row in body]
        sheet.write_string(0, place, name[:_MOST_LETTERS], bold)
        sheet.set_column(place, place, min(_WIDEST, max(map(len, [name, *cells])) + 2))
        numbers = not name.endswith("_id") and all(_NUMBER.fullmatch(cell) for cell in cells if cell)
        for row, cell in enumerate(cells, start=1):
            if cell and numbers:
                sheet.write_number(row, place, float(cell))
            elif cell:
                sheet.write_string(row, place, cell[:_MOST_LETTERS])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(body), max(len(head) - 1, 0))


def _free_name(name: str, taken: list[str]) -> str:
    """The name as a sheet may have it, told apart from those that begin alike."""
    cut = re.sub(r"[^\w-]", "_", name)[:_SHEET_NAME]
    marks = (f"{cut[: _SHEET_NAME - len(mark)]}{mark}" for mark in map("~{}".format, range(2, len(taken) + 3)))
    return next(one for one in [cut, *marks] if one.casefold() not in map(str.casefold, taken))
