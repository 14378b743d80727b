"""The client.yaml that ``mcr new`` proposes: which file is which table, which column which field, and how sure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.candidates import Candidate, candidate_of, fields_of, lacking, settle, shared_keys
from mcrlib.read.columns import Columns, resolve_columns
from mcrlib.read.exports import read_sheets
from mcrlib.read.headers import EXACT, UNIT, field_of
from mcrlib.read.layout import find_header, rows_below
from mcrlib.read.people import is_personal
from mcrlib.read.periods import find_periods, lengthen
from mcrlib.read.sheets import Sheet
from mcrlib.read.tablenames import PART, table_of_name
from mcrlib.read.wordings import Wording, find_words, scalar, values_lines
from mcrlib.settings import FileSpec

_SURE = {EXACT: "sure", UNIT: "sure"}
_HEAD = """\
# Proposed by `mcr new`: what each file and column was taken for. Correct it where it is wrong; delete what is right
# or leave it. Every key may be left out: without `files`, files and headers are resolved in the same way at each run.
# Then: mcr check CLIENT
"""
_LEVELS = {
    "L0": "tiers, value, concentration, results per head",
    "L1": "relationships, who holds them, order lines",
    "L2": "satisfaction, losses, rotation, flows of the soil",
    "L3": "true profit, targets, plans, share of wallet",
}


def propose(
    folder: Path,
    *,
    screens: Mapping[str, str] = MappingProxyType({}),
    chapters: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Write the client.yaml that fits a folder of exports, with the evidence beside every line.

    Parameters
    ----------
    folder : Path
        The input folder.
    screens : mapping of str to str, optional
        Table to the place at the client's where it is found, for what is missing.
    chapters : mapping of str to sequence of str, optional
        Table to the numbers of the chapters that need it.

    Returns
    -------
    str
        YAML that `mcrlib.settings.read_settings` reads; guesses that need a person stand as comments.

    Raises
    ------
    Refused
        The folder is missing or holds no export, or a file cannot be read for certain.
    """
    sheets, _ = read_sheets(folder)
    count = Counter(sheet.file for sheet in sheets)
    found = {id(sheet): candidate_of(sheet, lone=count[sheet.file] == 1, priced=True) for sheet in sheets}
    readable = [candidate for candidate in found.values() if candidate and candidate.header]
    kept, _, asked = settle(readable)
    unsettled = {complaint.file for complaint in asked}
    lines, words = [_HEAD, "files:" if kept else "files: {}"], list[Wording]()
    for table in schema.tables():
        of_table = [candidate for candidate in kept if candidate.table == table]
        lines += [f"  {table}:"] if of_table else []
        for candidate in of_table:
            alone = len(of_table) == 1
            together = alone or not (candidate.sheet.file in unsettled or shared_keys(table, of_table))
            said, found_words = _file_lines(
                candidate, together=together, summed=table == "orders" and _have_lines(kept)
            )
            lines, words = lines + said, words + found_words
    used = {id(candidate.sheet) for candidate in kept}
    lines += _unused_lines([(sheet, found[id(sheet)]) for sheet in sheets if id(sheet) not in used])
    lines += values_lines(words)
    lines += _choices(kept)
    lines += _missing_lines(kept, screens, chapters)
    return "\n".join(lines) + "\n"


def _file_lines(candidate: Candidate, *, together: bool, summed: bool) -> tuple[list[str], list[Wording]]:
    sheet, header = candidate.sheet, candidate.header
    assert header is not None
    rows, bad, _ = rows_below(sheet, header)
    number, spec = len(rows) + len(bad), FileSpec.model_validate({"file": sheet.file})
    rows, names, delivered, _, asked = lengthen(rows, header.names, candidate.table, spec)
    columns = resolve_columns(names, rows, candidate.table, spec)
    by = (
        "its headers only"
        if candidate.strength < PART
        else "its name"
        if candidate.strength > PART
        else "a part of its name"
    )
    lines = [f"    # {number} rows; taken for {candidate.table} by {by}"]
    if not together:
        lines.append(
            "    # SEVERAL FILES OR SHEETS CLAIM THIS TABLE: keep the right ones; those that stay are put together"
        )
    lines.append(f"    - file: {scalar(sheet.file)}")
    lines += [f"      sheet: {scalar(sheet.sheet)}"] if sheet.sheet else []
    order = [name for name in schema.tables()[candidate.table].columns if name in columns.places]
    order += [name for name in columns.places if name not in order]
    shown = [name for name in order if delivered[columns.places[name]] in header.names]
    lines.append("      columns:" if shown else "      columns: {}")
    lines += [_column_line(name, columns, delivered, rows, candidate.table) for name in shown]
    lines += _left_over(columns, delivered, rows, candidate.table) + _by_period(header.names, candidate.table, asked)
    for name in lacking(candidate.table, set(columns.places)):
        lines.append(_product(name, columns) or _lack(name, summed=summed and name == "amount"))
    return lines, find_words(candidate.table, {name: rows[columns.places[name]] for name in shown})


def _lack(name: str, *, summed: bool) -> str:
    """What to say of a required column that no header delivers."""
    if summed:
        return f"        # {name}: the sum of order_lines by order_id"
    return f"        # {name}: REQUIRED, and no column was found for it"


def _by_period(names: tuple[str, ...], table: str, asked: list[Complaint]) -> list[str]:
    """What is read from a column per month, quarter or year."""
    periods = [names[place].strip() for place in find_periods(names, table)]
    if not periods:
        return []
    said = f"{len(periods)} columns of amounts by period ({periods[0]} … {periods[-1]}), an order for each filled cell"
    asking = f": {asked[0].message}" if asked else ""
    return [f"        # order_date, amount: from {_comment(said + asking)}"]


def _column_line(name: str, columns: Columns, names: tuple[str, ...], rows: pd.DataFrame, table: str) -> str:
    place = columns.places[name]
    match = field_of(names[place], table)
    sure = _SURE.get(match.tier, "a guess from a part of the header") if match else "a guess"
    note = [f"{sure}; {_sample(rows[place], hidden=is_personal(table, names[place]))}"]
    note += [f"unit {columns.units[name]}"] if name in columns.units else []
    note += [one.split(" from ", 1)[1] for one in columns.passed_over if one.startswith(f"{name} from ")]
    twin = sum(other.strip() == names[place].strip() for other in names) > 1
    source = str(place + 1) if twin else scalar(names[place].strip())
    return f"        {name}: {source}  # {_comment('; '.join(note))}"


def _left_over(columns: Columns, names: tuple[str, ...], rows: pd.DataFrame, table: str) -> list[str]:
    lines = []
    for name in columns.unknown[:40]:
        place = next((i for i, other in enumerate(names) if other.strip() == name), None)
        sample = "" if place is None else f"  ({_comment(_sample(rows[place], hidden=is_personal(table, name)))})"
        lines.append(f"        # not used: {_comment(scalar(name))}{sample}")
    lines += [f"        # not used: {len(columns.unknown) - 40} more columns"] if len(columns.unknown) > 40 else []
    return lines


def _product(name: str, columns: Columns) -> str:
    quantity, price = columns.headers.get("qty"), columns.headers.get("unit_price")
    if name != "amount" or not price:
        return ""
    if not quantity:
        return f"        amount: {scalar(price)}  # a guess: no amount is delivered, and no quantity; a price is"
    return (
        f"        amount: {scalar(f'{quantity} * {price}')}  # a guess: no amount is delivered, quantity and price are"
    )


def _have_lines(kept: list[Candidate]) -> bool:
    """Whether the lines of orders are delivered, which give the orders their amounts."""
    fields = [fields_of(one.header.names, one.table) for one in kept if one.table == "order_lines" and one.header]
    return any("order_id" in found and found & {"amount", "unit_price"} for found in fields)


def _unused_lines(sheets: list[tuple[Sheet, Candidate | None]]) -> list[str]:
    lines = ["", "# Not used; name a file above where it is needed."] if sheets else []
    for sheet, candidate in sheets:
        first = sheet.cells.iloc[0].dropna().tolist() if len(sheet.cells) else []
        shown = ", ".join(cell for cell in first if cell.strip())[:100] or "empty"
        lines.append(f"#   {_comment(sheet.name)}: {_comment(shown)}")
        lines += [f"#     {why}" for why in [_why_unused(sheet, candidate, first)] if why]
    return lines


def _why_unused(sheet: Sheet, candidate: Candidate | None, first: list[str]) -> str:
    """Why a sheet is not proposed, where its name or its first record tells."""
    if candidate and candidate.header:
        return f"like {candidate.table}, which is read from another file"
    if len(first) > 1 and all(re.search(r"\d", cell) for cell in first if cell.strip()):
        return (
            "there seems to be no header: name the columns by number, such as columns: {account_id: 1}, header: false"
        )
    table = candidate.table if candidate else table_of_name(sheet.sheet or sheet.file).table
    header = find_header(sheet, [table]) if table and len(sheet.cells) else None
    if not table or not first:
        return ""
    missing = lacking(table, fields_of(header.names, table) if header else set())
    return f"perhaps {table}, by its name; no column was found for {', '.join(missing)}" if missing else ""


def _choices(kept: list[Candidate]) -> list[str]:
    tables = {candidate.table for candidate in kept}
    fields = {one.table: fields_of(one.header.names, one.table) for one in kept if one.header}
    basis = next((name for name in ("orders", "opportunities") if name in tables), "")
    lines = [""]
    if "accounts" not in tables and fields.get(basis, set()) & {"account_id", "account_name"}:
        lines += [f"# There is no file of accounts: they are made from the {basis}.", "accounts: from_orders"]
    elif "accounts" not in tables and basis:
        lines += [
            f"# There is no file of accounts, and no column of the {basis} says who the customer is: the kit cannot"
        ]
        lines += ["# build customers from this. Export it again with the customer's number or name."]
    if any(map(_has_repeated_totals, kept)):
        lines += [
            "# Every line of an order has the same amount. Is it that of the line (true) or the order's total (false)?"
        ]
        lines += ["# sum_lines: "]
    elif {"line_no", "product_id"} & fields.get("orders", set()) and "order_id" in fields["orders"]:
        lines += ["# The orders seem to hold lines; true makes one order per order_id of them.", "sum_lines: true"]
    lines += [
        "# currency: EUR      # base currency of the report",
        "# margin: 0.35      # gross profit per revenue, where no cost is delivered",
    ]
    return lines


def _has_repeated_totals(candidate: Candidate) -> bool:
    """Whether all orders of several lines have one amount on all of their lines."""
    header = candidate.header
    if candidate.table != "orders" or header is None:
        return False
    rows, _, _ = rows_below(candidate.sheet, header)
    columns = resolve_columns(header.names, rows, "orders", FileSpec.model_validate({"file": candidate.sheet.file}))
    if not {"order_id", "amount"} <= set(columns.places):
        return False
    rows = rows[[columns.places["order_id"], columns.places["amount"]]].set_axis(["order_id", "amount"], axis=1)
    many = rows[rows["order_id"].duplicated(keep=False)].groupby("order_id")["amount"]
    return many.ngroups > 1 and bool((many.min() == many.max()).all())


def _missing_lines(
    kept: list[Candidate], screens: Mapping[str, str], chapters: Mapping[str, Sequence[str]]
) -> list[str]:
    tables = {candidate.table for candidate in kept}
    lines = ["", "# What each level of the analysis would need beyond what was found:"]
    for level, what in _LEVELS.items():
        absent = [name for name, table in schema.tables().items() if table.level == level and name not in tables]
        if level == "L0":
            absent = [name for name in absent if name not in ("fx_rates", *_other_basis(tables))]
        lines.append(f"#   {level} ({what}): " + (f"not found: {', '.join(absent)}" if absent else "complete"))
        for name in [name for name in absent if name in screens or name in chapters]:
            needed = f" (for chapter {', '.join(chapters[name])})" if name in chapters else ""
            lines.append(f"#      {name}{needed}: {screens.get(name, 'ask the administrator of the CRM')}")
    return lines


def _other_basis(tables: set[str]) -> tuple[str, ...]:
    """Of orders and opportunities one is enough."""
    return ("opportunities",) if "orders" in tables else ("orders",) if "opportunities" in tables else ()


def _sample(values: pd.Series, *, hidden: bool = False) -> str:
    """Some values of a column and how full it is; of a column about people only the latter."""
    filled = values[values.fillna("").str.strip() != ""]
    if filled.empty:
        return "always empty"
    share = len(filled) / len(values)
    few = "not shown" if hidden else ", ".join(filled.drop_duplicates().head(3).str.slice(0, 30))
    return few + (f"; {share:.0%} filled" if share < 1 else "")


def _comment(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
