"""A table of the report as a workbook, beside its CSV: the same rows, ready to sort and filter."""

from __future__ import annotations

import csv
import datetime as dt
import re
from pathlib import Path

import xlsxwriter

#: A number that a spreadsheet holds exactly; codes with leading zeros or too many digits stay text.
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d+)?(e[+-]?\d{1,2})?")
_DAY_ZERO = dt.datetime(1980, 1, 1)
_MOST_CELLS, _MOST_LETTERS, _WIDEST = 500_000, 32_767, 48


def write_workbook(table: Path, target: Path) -> Path | None:
    """Write a CSV of the report as XLSX; text is text and never a formula, equal tables give equal bytes.

    Parameters
    ----------
    table : Path
        CSV as ``mcrlib.run.write_csv`` writes it. A column whose values all are numbers becomes numbers, unless its
        name ends in ``_id``; a text that a spreadsheet would take for a formula keeps its leading ``'``.
    target : Path
        The XLSX.

    Returns
    -------
    Path or None
        None where the table has more cells than a person opens in a workbook: it is in the CSV only.
    """
    with table.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    if len(rows) * len(head) > _MOST_CELLS:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"created": _DAY_ZERO})
        bold = book.add_format({"bold": True, "bottom": 1})
        sheet = book.add_worksheet(re.sub(r"[^\w-]", "_", table.stem)[:31])
        for place, name in enumerate(head):
            cells = [row[place] for row in rows]
            sheet.write_string(0, place, name[:_MOST_LETTERS], bold)
            sheet.set_column(place, place, min(_WIDEST, max(map(len, [name, *cells])) + 2))
            numbers = not name.endswith("_id") and all(_NUMBER.fullmatch(cell) for cell in cells if cell)
            for row, cell in enumerate(cells, start=1):
                if cell and numbers:
                    sheet.write_number(row, place, float(cell))
                elif cell:
                    sheet.write_string(row, place, cell[:_MOST_LETTERS])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, len(rows), max(len(head) - 1, 0))
    return target
