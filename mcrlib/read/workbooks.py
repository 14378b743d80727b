"""Workbooks as sheets of text: looked over for traps before they are opened, every value in one spelling."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from mcrlib.errors import Complaint
from mcrlib.read.containers import open_zip
from mcrlib.read.formats import MoneyCells, money_styles
from mcrlib.read.sheets import Sheet, UnreadableError, bad_rows, gather

#: Cells that may be laid out for a sheet, and how many of them may be empty per filled one beyond that.
_LARGEST_GRID = 20_000_000
_SPARSEST = 40
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STEP = 1 << 22
_OVERLAP = 4096
_CELL = re.compile(rb'<(?:\w+:)?c\s(?:[^>]*?\s)?r="([A-Z]{1,3})(\d{1,7})"([^>]*)>')
_ERROR_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*>.{0,2000}?<(?:\w+:)?v>(#[^<]{1,20})<',
    re.DOTALL,
)
_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\bhidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*?\bhidden="(?:1|true)"')
_UNCOMPUTED = re.compile(rb"</(?:\w+:)?f>\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>")


@dataclass
class _Look:
    """What one sheet's XML shows before it is laid out as a grid."""

    last_row: int = 0
    last_column: int = 0
    far: str = ""
    cells: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    uncomputed: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    money: MoneyCells = field(default_factory=MoneyCells)


def read_workbook(data: bytes, file: str) -> list[Sheet]:
    """Read all filled sheets of an .xlsx, .xls or .ods; hidden rows, columns and sheets too, and say so.

    Raises
    ------
    UnreadableError
        Password, external entities, a bomb, a cell far from the table, a damaged file.
    """
    if _ENCRYPTED in data:
        raise UnreadableError("password", "the workbook is protected by a password: save it without one", file)
    looks = _look_over(data, file) if data.startswith(b"PK") else []
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [meta for meta in book.sheets_metadata if meta.typ == SheetTypeEnum.WorkSheet]
        sheets = []
        for place, meta in enumerate(shown):
            look = looks[place] if len(looks) == len(shown) else _Look()
            sheets += _sheet(
                book.get_sheet_by_name(meta.name), file, look, hidden=meta.visible != SheetVisibleEnum.Visible
            )
    except PasswordError as error:
        raise UnreadableError(
            "password", "the workbook is protected by a password: save it without one", file
        ) from error
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableError(
            "workbook", "the workbook is damaged and cannot be opened: save it again", file
        ) from error
    return sheets


def _sheet(grid: CalamineSheet, file: str, look: _Look, *, hidden: bool) -> list[Sheet]:
    left = (grid.start or (0, 0))[1]
    cells, widths, bad = gather(_records(grid, look.errors, left))
    if cells.empty:
        return []
    widths[:] = cells.shape[1]
    said = _said(grid.name, file, look, hidden=hidden)
    merged = _merged_downwards(grid, left)
    money = {column - left: look.money.of(column, cells.index) for column in look.money.turns}
    return [Sheet(file, grid.name, cells, widths, True, bad_rows(bad), said, merged=merged, money=money)]


def _merged_downwards(grid: CalamineSheet, left: int) -> tuple[tuple[int, int, int], ...]:
    """Column and spreadsheet rows of the cells that were merged over several rows of one column."""
    ranges = sorted(grid.merged_cell_ranges or [])
    return tuple((a[1] - left, a[0] + 1, b[0] + 1) for a, b in ranges if a[1] == b[1] and a[0] < b[0])


def _records(grid: CalamineSheet, errors: dict[tuple[int, int], str], left: int) -> Iterator[Sequence[str]]:
    """The records of a sheet from its first filled column on, rows from the top of the sheet.

    Empty cells at their end are left off, so that a stray cell swells only its own row.
    """
    for row, record in enumerate(grid.iter_rows()):
        texts = [_text(value) for value in record]
        if errors:
            texts = [errors.get((row, column), text) for column, text in enumerate(texts, start=left)]
        while texts and not texts[-1]:
            texts.pop()
        yield texts


def _text(value: Any) -> str:
    """One spelling for a value: ISO dates, shortest numbers, TRUE and FALSE."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.timedelta):
        return str(value)
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _said(sheet: str, file: str, look: _Look, *, hidden: bool) -> list[Complaint]:
    found = []
    if hidden:
        found.append(Complaint("hidden", f"sheet '{sheet}' is hidden; it is read all the same", file))
    if look.hidden_rows or look.hidden_columns:
        what = f"{look.hidden_rows} hidden (filtered) rows and {look.hidden_columns} hidden columns"
        found.append(Complaint("hidden", f"sheet '{sheet}' has {what}; they are read like the others", file))
    if look.uncomputed:
        said = f"sheet '{sheet}' has {look.uncomputed} formulas without a stored result; they are read as missing"
        found.append(Complaint("formula", f"{said}: open and save the workbook in a spreadsheet program", file))
    return found


def _look_over(data: bytes, file: str) -> list[_Look]:
    """Walk through the XML of a workbook without building anything, in the order in which the sheets stand."""
    looks: dict[str, _Look] = {}
    sheets: list[zipfile.ZipInfo] = []
    with open_zip(data, file) as archive:
        try:
            for member in archive.infolist():
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as stream:
                        _refuse_entities(stream, file)
                    if member.filename.startswith("xl/worksheets/"):
                        sheets.append(member)
            styles = money_styles(archive)
            for member in sheets:
                with archive.open(member) as stream:
                    looks[member.filename] = _look(stream, MoneyCells(styles))
            order = _sheet_order(archive)
        except (zipfile.BadZipFile, EOFError, KeyError) as error:
            raise UnreadableError(
                "workbook", "the workbook is damaged and cannot be opened: save it again", file
            ) from error
    for look in looks.values():
        _refuse_far_cell(look, file)
    return [looks[name] for name in order if name in looks]


def _refuse_entities(stream: Any, file: str) -> None:
    try:
        for _ in iterparse(stream, events=("start",), forbid_dtd=True):
            return
    except DefusedXmlException as error:
        said = "the workbook holds XML entities or a document type, as an attack does; it is not opened: save it again"
        raise UnreadableError("entities", said, file) from error
    except ParseError as error:
        raise UnreadableError(
            "workbook", "the workbook is damaged and cannot be opened: save it again", file
        ) from error


def _look(stream: BinaryIO | Any, money: MoneyCells) -> _Look:
    look, rest = _Look(money=money), b""
    while part := stream.read(_STEP):
        text = rest + part
        cut = len(text) if len(part) < _STEP else max(text.rfind(b"<", 0, len(text) - _OVERLAP), 0)
        _count(look, text[:cut])
        rest = text[cut:]
    _count(look, rest)
    return look


def _count(look: _Look, text: bytes) -> None:
    for name, row, rest in _CELL.findall(text):
        if rest.endswith(b"/"):
            continue
        column = _column_number(name)
        look.cells += 1
        if look.money.styles:
            look.money.see(int(row) - 1, column - 1, rest)
        if int(row) > look.last_row or column > look.last_column:
            look.far = f"{name.decode()}{int(row)}"
        look.last_row, look.last_column = max(look.last_row, int(row)), max(look.last_column, column)
    look.hidden_rows += len(_HIDDEN_ROW.findall(text))
    look.hidden_columns += len(_HIDDEN_COLUMN.findall(text))
    look.uncomputed += len(_UNCOMPUTED.findall(text))
    for name, row, error in _ERROR_CELL.findall(text):
        look.errors[int(row) - 1, _column_number(name) - 1] = error.decode("ascii", errors="replace")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _refuse_far_cell(look: _Look, file: str) -> None:
    grid = look.last_row * look.last_column
    if grid > _LARGEST_GRID and grid > _SPARSEST * look.cells:
        said = f"cell {look.far} lies far outside the table ({look.cells} filled cells spread over {grid:,})"
        raise UnreadableError(
            "far_cell", f"{said}: delete the stray cell and save the workbook again", file, look.last_row
        )


def _sheet_order(archive: zipfile.ZipFile) -> list[str]:
    """Member names of the sheets in the order of the workbook."""
    relations = dict(_attributes(archive, "xl/_rels/workbook.xml.rels", "Relationship", "Id", "Target"))
    names = []
    for identity, _ in _attributes(archive, "xl/workbook.xml", "sheet", "id", "name"):
        target = relations.get(identity, "").lstrip("/")
        names.append(target if target.startswith("xl/") else f"xl/{target}")
    return [name for name in names if "worksheets/" in name]


def _attributes(archive: zipfile.ZipFile, member: str, tag: str, first: str, second: str) -> list[tuple[str, str]]:
    if member not in archive.namelist():
        return []
    found = []
    with archive.open(member) as stream:
        for _, element in iterparse(stream, events=("start",), forbid_dtd=True):
            if element.tag.rsplit("}")[-1] == tag:
                names = {name.rsplit("}")[-1]: value for name, value in element.attrib.items()}
                found.append((names.get(first, ""), names.get(second, "")))
    return found
