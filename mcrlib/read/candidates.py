"""Which sheet holds which table, where client.yaml does not say."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.headers import SUFFIX, field_of, squash
from mcrlib.read.layout import Header, find_header
from mcrlib.read.periods import long_headers
from mcrlib.read.sheets import Sheet
from mcrlib.read.tablenames import NOTHING, PART, WHOLE, Named, object_of_name, table_of_name

#: Tables that may be told by their headers alone.
_TOLD_BY_HEADERS = ("accounts", "opportunities", "orders", "contacts", "activities", "cases")
_FEWEST_HITS = 3
_SMALLEST_SHARE = 0.5
#: Either of these tells whom or what a row is about.
_INSTEAD = {
    "account_id": ("account_name", "contact_email"),
    "owner_id": ("owner_name", "owner_email"),
    "product_id": ("product_name",),
    "contact_id": ("contact_name", "contact_email"),
    "opportunity_id": ("opportunity_name",),
    "stage": ("status",),
}
#: Beyond the required columns, what a file must have to be taken for a table it is not named after.
_IDENTITY = {
    "accounts": ("account_id", "account_name"),
    "owners": ("owner_id",),
    "contacts": ("contact_name",),
    "products": ("product_id",),
    "opportunities": ("opportunity_id",),
}


@dataclass(frozen=True)
class Candidate:
    """A sheet that may hold a table; without a header where its name says more than its content."""

    sheet: Sheet
    table: str
    strength: int
    header: Header | None


def candidate_of(sheet: Sheet, *, lone: bool, priced: bool = False) -> Candidate | None:
    """The table a sheet seems to hold, by its name and then by its headers; None where neither tells.

    Parameters
    ----------
    lone : bool
        The sheet is the only one of its file, so the file name speaks for it too.
    priced : bool
        A price counts as the amount of an order: enough to propose the file, not to read it unasked.
    """
    name = table_of_name(sheet.sheet) if sheet.sheet else Named("", NOTHING)
    if name.strength == NOTHING:
        name = table_of_name(sheet.file)
        name = name if lone else Named(name.table, min(name.strength, PART))
    if name.strength > NOTHING and not name.table:
        return None
    if name.table:
        header = None if sheet.cells.empty else find_header(sheet, [name.table])
        if name.strength >= WHOLE or (header and fits(name.table, fields_of(header.names, name.table))):
            return Candidate(sheet, name.table, name.strength, header)
    return None if sheet.cells.empty else _by_headers(sheet, priced=priced)


def _by_headers(sheet: Sheet, *, priced: bool) -> Candidate | None:
    header = find_header(sheet, _TOLD_BY_HEADERS)
    if header is None:
        return None
    found = {table: fields_of(header.names, table) for table in _TOLD_BY_HEADERS}
    if priced and "unit_price" in found["orders"]:
        found["orders"] |= {"amount"}
    named = {table: sum(bool(name.strip()) for name in long_headers(header.names, table)) for table in found}
    fitting = {
        table: len(fields)
        for table, fields in found.items()
        if fits(table, fields) and len(fields) >= max(_FEWEST_HITS, _SMALLEST_SHARE * named[table])
    }
    best = max(fitting, key=lambda table: (fitting[table], len(schema.tables()[table].required)), default=None)
    return Candidate(sheet, best, NOTHING, header) if best else None


def fields_of(names: Sequence[str], table: str) -> set[str]:
    """The fields of a table that a row of headers delivers."""
    matches = (field_of(name, table) for name in long_headers(names, table) if name.strip())
    return {match.field for match in matches if match and match.tier <= SUFFIX and match.field != "ignored"}


def lacking(table: str, fields: set[str]) -> list[str]:
    """Required columns that the fields do not deliver; a key can be made, and a name may stand for an id."""
    spec = schema.tables()[table]
    required = [name for name in spec.required if name != spec.key or table == "accounts"]
    return [name for name in required if not _delivers(fields, name)]


def _delivers(fields: set[str], name: str) -> bool:
    return name in fields or any(other in fields for other in _INSTEAD.get(name, ()))


def fits(table: str, fields: set[str]) -> bool:
    """True where the fields are enough to take a file for this table though its name does not say so."""
    identity = _IDENTITY.get(table, ())
    return not lacking(table, fields) and all(_delivers(fields, name) for name in identity)


def settle(
    candidates: list[Candidate], given: Container[str] = ()
) -> tuple[list[Candidate], list[Complaint], list[Complaint]]:
    """Keep, for each table, the sheets whose name says most; several are kept only with equal headers.

    Parameters
    ----------
    given : container of str
        Tables that client.yaml takes from certain files.

    Returns
    -------
    kept, complaints, refused
    """
    kept: list[Candidate] = []
    complaints: list[Complaint] = []
    refused: list[Complaint] = []
    candidates = candidates if "orders" in given else _lines_as_orders(candidates)
    for table in dict.fromkeys(candidate.table for candidate in candidates):
        rivals = [candidate for candidate in candidates if candidate.table == table]
        best = max(rival.strength for rival in rivals)
        chosen = [rival for rival in rivals if rival.strength == best]
        taken = ", ".join(one.sheet.name for one in chosen)
        said = (
            f"it looks like {table} as well, but {taken} is read for that; name it under files in client.yaml if needed"
        )
        complaints += [Complaint("unused_file", said, one.sheet.file) for one in rivals if one.strength < best]
        refused += [] if _go_together(table, chosen) else [_ask_which(table, chosen)]
        kept += chosen
    return kept, complaints, refused


def _lines_as_orders(candidates: list[Candidate]) -> list[Candidate]:
    """Where no file is one of orders, files of lines that repeat customer, date and amount of their order are."""
    if any(one.table in ("orders", "opportunities") for one in candidates):
        return candidates

    def as_orders(one: Candidate) -> Candidate:
        header = find_header(one.sheet, ["orders"]) if one.table == "order_lines" and one.header else None
        return replace(one, table="orders", header=header) if _holds_orders(header) else one

    return [as_orders(one) for one in candidates]


def _holds_orders(header: Header | None) -> bool:
    return header is not None and fits("orders", fields_of(header.names, "orders") | {"order_id"})


def _go_together(table: str, chosen: list[Candidate]) -> bool:
    """Equal headers in any order; or activities of several kinds, such as events and tasks, each with its own keys."""
    headers = {tuple(sorted(squash(name) for name in one.header.names)) if one.header else () for one in chosen}
    if len(chosen) == 1 or (len(headers) == 1 and len({one.sheet.file for one in chosen}) == len(chosen)):
        return True
    kinds = {object_of_name(one.sheet.sheet or one.sheet.file) for one in chosen}
    keyed = all(_place(one, table, schema.tables()[table].key) is not None for one in chosen)
    return table == "activities" and len(kinds) == len(chosen) and keyed and not shared_keys(table, chosen)


def shared_keys(table: str, chosen: list[Candidate]) -> str:
    """What the files of a table have in common: two exports of the same records must not be put together."""
    key = schema.tables()[table].key
    places = [_place(one, table, key) for one in chosen]
    found = [
        set(one.sheet.cells.loc[one.sheet.cells.index > one.header.row, place].dropna())
        for one, place in zip(chosen, places, strict=True)
        if one.header and place is not None
    ]
    shared = set.intersection(*found) if len(found) == len(chosen) else set()
    return f"; {len(shared)} keys, such as '{min(shared)}', are in all of them: take one" if shared else ""


def _place(candidate: Candidate, table: str, field: str) -> int | None:
    names = candidate.header.names if candidate.header else ()
    matches = [field_of(name, table) for name in names]
    return next((place for place, match in enumerate(matches) if match and match.field == field), None)


def _ask_which(table: str, chosen: list[Candidate]) -> Complaint:
    first = chosen[0].sheet
    one_file = {one.sheet.file for one in chosen} == {first.file}
    if one_file:
        sheets = ", ".join(f"'{one.sheet.sheet}' ({len(one.sheet.cells)} lines)" for one in chosen)
        said = f"several sheets hold {table}: {sheets}; say which sheet"
    else:
        names = ", ".join(one.sheet.name for one in chosen)
        said = f"several files with different headers hold {table}: {names}; say which"
    sheet = f", sheet: '{first.sheet}'" if first.sheet else ""
    said += f" under files in client.yaml, such as {table}: [{{file: {first.file}{sheet}}}]"
    said += "; those named there are put together"
    return Complaint("ambiguous", said + shared_keys(table, chosen), first.file)
