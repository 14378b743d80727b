"""Which column of a sheet is read as which field."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

import pandas as pd

from mcrlib.errors import Complaint, UsageError, nearest
from mcrlib.read.formulas import Formula, NoFormulaError, read_formula
from mcrlib.read.headers import UNIT, Match, field_of, fields, squash
from mcrlib.settings import FileSpec

#: Tables in which a wrong choice between two amounts would change every number of the report.
_ASK_WHICH_AMOUNT = {"orders", "order_lines"}


class _Claim(NamedTuple):
    match: Match
    column: int


@dataclass
class Columns:
    """The fields of a sheet: column number and header of each, units split off, formulas, and what is to be said."""

    places: dict[str, int] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    refused: list[Complaint] = field(default_factory=list)
    formulas: dict[str, Formula] = field(default_factory=dict)


def resolve_columns(names: tuple[str, ...], rows: pd.DataFrame, table: str, spec: FileSpec) -> Columns:
    """Give every field its column: first those that client.yaml names, then by the alias lists.

    Raises
    ------
    UsageError
        client.yaml names a field that the table does not have.
    """
    columns = Columns()
    _from_settings(columns, names, table, spec)
    taken = set(columns.places.values())
    settled = {name.split("*")[0] for name in columns.places}
    claims: dict[str, list[_Claim]] = {}
    for column, name in enumerate(names):
        if column in taken or not spec.header:
            continue
        if not name.strip():
            columns.unknown += [f"column {column + 1} (no header)"] if _is_filled(rows, column) else []
            continue
        match = field_of(name, table)
        if match is None:
            columns.unknown.append(name.strip())
        elif match.field not in settled | {"ignored"}:
            claims.setdefault(match.field, []).append(_Claim(match, column))
    for name, rivals in claims.items():
        best = _choose(
            columns, names, rows, sorted(rivals, key=lambda claim: (claim.match[1:3], claim.column)), table, spec
        )
        _give(columns, name, best.column, names[best.column], best.match.unit)
    return columns


def _is_filled(rows: pd.DataFrame, column: int) -> bool:
    return column in rows and bool((rows[column].fillna("").str.strip() != "").any())


def _give(columns: Columns, name: str, place: int, header: str, unit: str) -> None:
    columns.places[name] = place
    columns.headers[name] = header.strip()
    if unit:
        columns.units[name] = unit


def _from_settings(columns: Columns, names: tuple[str, ...], table: str, spec: FileSpec) -> None:
    for name, source in spec.columns.items():
        if name not in fields(table):
            hint = nearest(name, fields(table)) or f": its fields are {', '.join(sorted(fields(table)))}"
            raise UsageError(f"client.yaml: table '{table}' has no field '{name}'{hint}")
        place = _place(names, source)
        if place is not None:
            _give(columns, name, place, names[place], _unit(names[place], table))
        elif isinstance(source, int):
            said = f"client.yaml takes '{name}' from column {source}, but there are {len(names)} columns"
            columns.refused.append(Complaint("missing_column", said, spec.file, name))
        else:
            _from_formula(columns, name, source, names, table, spec)


def _from_formula(columns: Columns, name: str, source: str, names: tuple[str, ...], table: str, spec: FileSpec) -> None:
    """A field made from several columns: each of them is read as ``field*0``, ``field*1`` and so on."""
    try:
        formula = read_formula(source, names, lambda text: _place(names, text))
    except NoFormulaError as error:
        columns.refused.append(_not_found(name, source, str(error), names, spec))
        return
    columns.formulas[name] = formula
    for number, place in enumerate(formula.places):
        _give(columns, f"{name}*{number}", place, names[place], _unit(names[place], table))


def _unit(header: str, table: str) -> str:
    match = field_of(header, table)
    return match.unit if match else ""


def _place(names: tuple[str, ...], source: str | int) -> int | None:
    if isinstance(source, int):
        return source - 1 if 0 < source <= len(names) else None
    exact = [i for i, name in enumerate(names) if name.strip() == source.strip()]
    alike = [i for i, name in enumerate(names) if squash(name) == squash(source)]
    return next(iter(exact + alike), None)


def _not_found(name: str, source: str, lost: str, names: tuple[str, ...], spec: FileSpec) -> Complaint:
    if lost:
        said = f"client.yaml takes '{name}' from a header '{lost}' that is not there{nearest(lost, names)}"
        said += "" if lost == source.strip() else f"; '{source}' may hold headers, numbers and + - * ( ) only"
    else:
        said = f"client.yaml takes '{name}' from '{source}', which is no sum or product of headers and numbers"
    return Complaint("missing_column", f"{said}; {found_headers(names)}", spec.file, name)


def found_headers(names: tuple[str, ...] | list[str]) -> str:
    """The headers found, for a sentence; the first twenty."""
    shown = ", ".join(name.strip()[:40] for name in names[:20] if name.strip())
    return f"the headers found are: {shown}" + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def _choose(
    columns: Columns, names: tuple[str, ...], rows: pd.DataFrame, rivals: list[_Claim], table: str, spec: FileSpec
) -> _Claim:
    """One column for a field that several headers mean: equal ones are one; two amounts are asked about."""
    best = rivals[0]
    for rival in rivals[1:]:
        mine, theirs = rows[best.column].fillna("").str.strip(), rows[rival.column].fillna("").str.strip()
        differ = (mine != theirs) & (mine != "") & (theirs != "")
        if not differ.any():
            best = rival if (theirs != "").sum() > (mine != "").sum() else best
            continue
        where = int(differ.to_numpy().argmax())
        one, other = names[best.column].strip(), names[rival.column].strip()
        example = f"row {rows.index[where]} has '{mine.iloc[where][:40]}' and '{theirs.iloc[where][:40]}'"
        same = squash(one) == squash(other)
        asked = best.match.field == "amount" and table in _ASK_WHICH_AMOUNT and rival.match.tier <= UNIT
        if same or asked:
            said = (
                f"the column occurs twice with different values, as '{one}' (column {best.column + 1}) and '{other}' "
                f"(column {rival.column + 1}): {example}; say which under files in client.yaml, such as "
                f"{table}: [{{file: {spec.file}, columns: {{{best.match.field}: {rival.column + 1}}}}}]"
            )
            columns.refused.append(Complaint("twice", said, spec.file, best.match.field))
        else:
            columns.passed_over.append(f"{best.match.field} from '{one}', not '{other}'")
    return best


def said_of_columns(columns: Columns, file: str) -> list[Complaint]:
    """What to say of columns that are not read: those passed over for a likelier one, and those that no list knows."""
    found = []
    if columns.passed_over:
        said = f"several headers with different values mean the same; read are {_listed(columns.passed_over)}"
        found.append(Complaint("twice", f"{said}; name the right one under files in client.yaml", file))
    if columns.unknown:
        names = [re.sub(r"\s+", " ", name)[:40] for name in columns.unknown]
        one = f"column {names[0]} is not used, nothing is known of it; name it under files in client.yaml if it matters"
        many = f"{len(names)} columns are not used because nothing is known of them: {_listed(names)}"
        many = f"{many}; name them under files in client.yaml if they matter"
        found.append(Complaint("unknown_columns", one if len(names) == 1 else many, file))
    return found


def _listed(names: list[str]) -> str:
    return ", ".join(names[:15]) + (f" and {len(names) - 15} more" if len(names) > 15 else "")
