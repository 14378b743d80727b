"""From any header to the canonical tables and their fields."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from mcrlib.errors import Complaint, Refused, nearest
from mcrlib.read.candidates import Candidate, candidate_of, settle
from mcrlib.read.columns import resolve_columns, said_of_columns
from mcrlib.read.formulas import Formula, words_of
from mcrlib.read.heads import fill_merged, with_heads
from mcrlib.read.layout import Header, find_header, rows_below
from mcrlib.read.missing import missing_columns, missing_tables
from mcrlib.read.pairs import join_pairs
from mcrlib.read.people import is_personal
from mcrlib.read.periods import lengthen
from mcrlib.read.sheets import Sheet
from mcrlib.read.shown import with_currencies
from mcrlib.read.sides import with_side
from mcrlib.read.tablenames import object_of_name
from mcrlib.read.units import units_beside
from mcrlib.read.words import lookup, word_key
from mcrlib.settings import FileSpec, Settings

#: A larger share of records with more or fewer fields than the header: it is not their header.
_MOSTLY = 0.5


@dataclass(frozen=True)
class Part:
    """The rows of one sheet that belong to one canonical table.

    Parameters
    ----------
    table, file, sheet : str
    typed : bool
        The container told dates from numbers; values come in one spelling.
    raw : DataFrame
        Text columns named by field (a canonical column, or a field from which columns are made); index = spreadsheet
        row. A field that client.yaml makes from a formula such as 'A * B' comes as ``field*0`` and ``field*1``.
    headers, units : dict
        Field → header as delivered; field → unit or currency that was split off the header.
    spec : FileSpec
        What client.yaml says of the file.
    bad : DataFrame
        Rows set aside: row, column, code, raw.
    complaints : list of Complaint
    personal : bool
        Whether a column of the file, read or not, tells who a person at the customer is.
    formulas : dict
        Field → how it is made from its columns.
    """

    table: str
    file: str
    sheet: str
    typed: bool
    raw: pd.DataFrame
    headers: dict[str, str]
    units: dict[str, str]
    spec: FileSpec
    bad: pd.DataFrame
    complaints: list[Complaint]
    personal: bool = False
    formulas: dict[str, Formula] = field(default_factory=dict)


@dataclass(frozen=True)
class _Choice:
    """A sheet, the table it is read as, and what is known of it."""

    sheet: Sheet
    table: str
    spec: FileSpec
    header: Header | None


class Unresolved(Refused):
    """Tables or columns are missing; the parts that were found all the same can be asked what else is wrong."""

    def __init__(self, complaints: list[Complaint], parts: list[Part]) -> None:
        super().__init__(complaints)
        self.complaints, self.parts = complaints, parts


def resolve(
    sheets: list[Sheet], settings: Settings, *, folder: Path | None = None
) -> tuple[list[Part], list[Complaint]]:
    """Find the table of every sheet and the field of every column.

    What client.yaml says under ``files`` wins; other sheets are told by their names, then by their headers.

    Parameters
    ----------
    sheets : list of Sheet
    settings : Settings
    folder : Path, optional
        The input folder, to be named where a file is missing.

    Returns
    -------
    parts : list of Part
    complaints : list of Complaint
        What belongs to no part: unused and empty files.

    Raises
    ------
    Unresolved
        A required table or column is missing, a header is missing or ambiguous; all at once.
    UsageError
        client.yaml names a field that does not exist.
    """
    chosen, refused = _from_settings(sheets, settings)
    used = {id(choice.sheet) for choice in chosen}
    named_files = {choice.sheet.file for choice in chosen}
    rest = [sheet for sheet in sheets if id(sheet) not in used and sheet.file not in named_files]
    found, complaints, asked = _by_name_and_header(rest, settings)
    chosen, refused = chosen + found, refused + asked
    parts: list[Part] = []
    names: list[tuple[str, ...]] = []
    required = _required(chosen, settings)
    for choice in chosen:
        part, problems = _part(choice, _used_elsewhere(choice, chosen), needed=choice.table in required)
        if part and choice.header:
            parts.append(part)
            names.append(choice.header.names)
        refused += problems if choice.table in required or choice.spec.columns else []
        complaints += [] if choice.table in required or choice.spec.columns else problems
    taken = {id(choice.sheet) for choice in chosen}
    parts, paired = join_pairs(parts, [sheet for sheet in rest if id(sheet) not in taken])
    told = {complaint.file for complaint in paired}
    complaints = [one for one in complaints if one.code != "unused_file" or one.file not in told] + paired
    with_cells = {sheet.file for sheet in sheets if not sheet.cells.empty}
    unused = [one.file for one in complaints if one.code == "unused_file" and one.file in with_cells]
    missing = missing_tables({choice.table for choice in chosen}, settings, folder, unused)
    refused += [*missing, *(one for one in complaints if missing and one.file not in with_cells)]
    lost = missing_columns(parts, names, required)
    refused += [*lost, *paired] if lost else []
    if refused:
        raise Unresolved(refused, parts)
    return parts, complaints


def _from_settings(sheets: list[Sheet], settings: Settings) -> tuple[list[_Choice], list[Complaint]]:
    chosen, refused = [], []
    for table, specs in settings.files.items():
        for spec in specs:
            in_file = [sheet for sheet in sheets if sheet.file == spec.file]
            fitting = [sheet for sheet in in_file if spec.sheet in (None, sheet.sheet)]
            if len(fitting) > 1:
                fitting = [
                    one for one in fitting if (c := candidate_of(one, lone=False)) and c.table == table
                ] or fitting
            if len(fitting) != 1:
                refused.append(_not_one(table, spec, sheets, in_file, fitting))
                continue
            chosen.append(_Choice(fitting[0], table, spec, _header(fitting[0], table, spec)))
    return chosen, refused


def _header(sheet: Sheet, table: str, spec: FileSpec) -> Header | None:
    if sheet.cells.empty:
        return None
    if not spec.header:
        return Header(0, 0, 0, tuple(str(i + 1) for i in range(sheet.cells.shape[1])))
    named = [part for source in spec.columns.values() if isinstance(source, str) for part in words_of(source)]
    return find_header(sheet, [table], named)


def _not_one(table: str, spec: FileSpec, sheets: list[Sheet], in_file: list[Sheet], fitting: list[Sheet]) -> Complaint:
    if not in_file:
        hint = nearest(spec.file, [sheet.file for sheet in sheets])
        return Complaint(
            "missing_file", f"client.yaml names this file for {table}, but it is not there{hint}", spec.file
        )
    names = ", ".join(f"'{sheet.sheet}'" for sheet in in_file)
    said = f"there is no sheet '{spec.sheet}'" if not fitting else f"client.yaml does not say which sheet holds {table}"
    return Complaint(
        "ambiguous", f"{said}; the sheets are {names}: write sheet: NAME under files in client.yaml", spec.file
    )


def _by_name_and_header(
    sheets: list[Sheet], settings: Settings
) -> tuple[list[_Choice], list[Complaint], list[Complaint]]:
    count = Counter(sheet.file for sheet in sheets)
    candidates: list[Candidate] = []
    complaints: list[Complaint] = []
    for sheet in sheets:
        candidate = candidate_of(sheet, lone=count[sheet.file] == 1)
        if candidate is None or candidate.table in settings.files:
            complaints += sheet.complaints if sheet.cells.empty else [_unused(sheet, candidate)]
        else:
            candidates.append(candidate)
    kept, passed_over, asked = settle(candidates, settings.files)
    chosen = [
        _Choice(one.sheet, one.table, FileSpec.model_validate({"file": one.sheet.file}), one.header) for one in kept
    ]
    return chosen, complaints + passed_over, asked


def _unused(sheet: Sheet, candidate: Candidate | None) -> Complaint:
    where = f"sheet '{sheet.sheet}'" if sheet.sheet else "the file"
    why = (
        f"holds {candidate.table}, which client.yaml takes from other files"
        if candidate
        else "fits none of the kit's tables"
    )
    said = f"{where} is not used: it {why}; name it under files in client.yaml if it is needed"
    return Complaint("unused_file", said, sheet.file)


def _required(chosen: list[_Choice], settings: Settings) -> set[str]:
    """The tables without which nothing can be said: accounts, and orders or else opportunities."""
    tables = {choice.table for choice in chosen}
    accounts = set() if settings.accounts == "from_orders" and "accounts" not in tables else {"accounts"}
    return accounts | ({"orders"} if "orders" in tables else {"opportunities"})


def _used_elsewhere(choice: _Choice, chosen: list[_Choice]) -> set[str]:
    """Headers of a sheet that client.yaml gives to its other tables; what none of them uses is said of the first."""
    others = [one for one in chosen if one.sheet is choice.sheet and one is not choice]
    is_first = all(chosen.index(choice) < chosen.index(one) for one in others)
    names = {str(source) for one in others for source in one.spec.columns.values()}
    return names if is_first or not choice.header else {name.strip() for name in choice.header.names}


def _part(choice: _Choice, elsewhere: set[str], *, needed: bool) -> tuple[Part | None, list[Complaint]]:
    sheet, spec = choice.sheet, choice.spec
    if choice.header is None:
        return None, [_no_header(choice)]
    rows, bad, complaints = rows_below(sheet, choice.header)
    rows, shown = with_currencies(rows, sheet, choice.header.names, choice.table, spec)
    complaints += shown
    rows, names, _, said, asked = lengthen(rows, choice.header.names, choice.table, spec)
    columns = resolve_columns(names, rows, choice.table, spec)
    refused = asked or columns.refused + _shifted(choice, bad, len(rows) + len(bad))
    if rows.empty and bad.empty:
        empty = Complaint("empty", f"there is a header but no row of {choice.table}: export it again", sheet.file)
        refused, complaints = ([*refused, empty], complaints) if needed else (refused, [*complaints, empty])
    if refused:
        return None, refused
    raw = pd.DataFrame({name: rows[place] for name, place in columns.places.items()}, index=rows.index)
    places = columns.places if names == choice.header.names else {}
    raw, filled = fill_merged(_with_kind(raw, choice), places, sheet, choice.table)
    if choice.table == "opportunities" and "stage" not in raw and "status" in raw:
        raw, columns.headers["stage"] = raw.assign(stage=raw["status"]), columns.headers["status"]
    raw, side = with_side(raw, rows, names, columns.places, choice.table)
    columns.headers |= side
    raw, lines, heads = with_heads(raw, choice.table, sheet.file)
    bad = pd.concat([bad, lines], ignore_index=True) if len(lines) else bad
    columns.unknown = [name for name in columns.unknown if name not in elsewhere]
    columns.units, noted = units_beside(sheet, choice.header, bad, columns.units, places, choice.table)
    said = [*sheet.complaints, *complaints, *noted, *filled, *heads, *said, *said_of_columns(columns, sheet.file)]
    personal = any(is_personal(choice.table, name) for name in choice.header.names)
    found = (raw, columns.headers, columns.units, spec, bad, said, personal, columns.formulas)
    return Part(choice.table, sheet.file, sheet.sheet, sheet.typed, *found), []


def _with_kind(raw: pd.DataFrame, choice: _Choice) -> pd.DataFrame:
    """Activities without a type are of the kind that their file or sheet is named after."""
    kind = object_of_name(choice.sheet.sheet or choice.sheet.file)
    if choice.table != "activities" or "activity_type" in raw or word_key(kind) not in lookup("activity_type", (), {}):
        return raw
    return raw.assign(activity_type=kind)


def _no_header(choice: _Choice) -> Complaint:
    sheet = choice.sheet
    if sheet.cells.empty:
        return next(iter(sheet.complaints), Complaint("empty", "the file is empty: export it again", sheet.file))
    first = [cell for cell in sheet.cells.iloc[0].dropna().tolist() if cell.strip()]
    shown = ", ".join(first)[:80]
    if sheet.cells.shape[1] == 1:
        sign = Counter(char for char in first[0] if not char.isalnum() and char not in " _-.'\"").most_common(1)
        hint = f"; the fields seem to be separated by '{sign[0][0]}'" if sign else ""
        said = f"only one column is seen ('{shown}'){hint}: save it with comma, semicolon, tab or | as delimiter"
        return Complaint("delimiter", said, sheet.file)
    said = (
        f"no header row with columns of {choice.table} was found; the first line is '{shown}': add a header, or name "
        f"the columns by number under files in client.yaml (header: false)"
    )
    return Complaint("no_header", said, sheet.file)


def _shifted(choice: _Choice, bad: pd.DataFrame, rows: int) -> list[Complaint]:
    ragged = {"more": bad[bad["code"] == "too_many_fields"], "fewer": bad[bad["code"] == "too_few_fields"]}
    what, odd = max(ragged.items(), key=lambda item: len(item[1]))
    if len(odd) <= _MOSTLY * rows:
        return []
    said = (
        f"{len(odd)} of {rows} rows have {what} fields than the header, such as row {odd['row'].iloc[0]}: "
        f"nobody can tell which column is which; export it with quotes, or name the columns by number (header: false)"
    )
    return [Complaint(f"too_{'many' if what == 'more' else 'few'}_fields", said, choice.sheet.file)]
