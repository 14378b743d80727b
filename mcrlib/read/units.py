"""Units of money that stand beside a table: in its title, in a remark below it, in a line under the header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.layout import Header
from mcrlib.read.numbers import unit_parts
from mcrlib.read.sheets import Sheet
from mcrlib.read.words import tidy

_UNIT = r"(?P<unit>[^\s，,、;；。()（）|]+(?:\s(?:millions?|thousands?|mn|[km]|['’]?000s?)(?![a-z]))?)"
_SAID = (
    re.compile(rf"(?:单位|單位|単位)\s*(?:为|為|是)?\s*[:：]?\s*{_UNIT}"),
    re.compile(
        rf"\b(?:units?\s*:|(?:amounts?|figures|values) (?:are )?in|(?:angaben|beträge) in|(?:montants|importes) en)"
        rf"\s+{_UNIT}",
        re.IGNORECASE,
    ),
    re.compile(rf"[(（]\s*in\s+{_UNIT}\s*[)）]|^\s*in\s+{_UNIT.replace('unit', 'alone')}\s*$", re.IGNORECASE),
)
_LONGEST = 200


def unit_said(lines: Iterable[str]) -> str:
    """The unit of money that a title or remark names for a whole table, such as 单位：万元; empty where none does."""
    for line in lines:
        plain = tidy(line[:_LONGEST])
        for unit in [match[match.lastgroup or 0] for pattern in _SAID for match in pattern.finditer(plain)]:
            times, coin, percent = unit_parts(unit)
            if (times or coin) and not percent:
                return unit
    return ""


def units_below(names: Sequence[str], record: Sequence[str]) -> dict[int, str]:
    """Units under their headers, where a record below the header holds nothing else; by place."""
    cells = {place: tidy(cell).strip("()[] ") for place, cell in enumerate(record[: len(names)]) if cell.strip()}
    if not cells or len(cells) == len([name for name in names if name.strip()]):
        return {}
    known = {place: cell for place, cell in cells.items() if any(unit_parts(cell)) or cell == "元"}
    return known if len(known) == len(cells) else {}


def units_beside(
    sheet: Sheet, header: Header, bad: pd.DataFrame, units: Mapping[str, str], places: Mapping[str, int], table: str
) -> tuple[dict[str, str], list[Complaint]]:
    """Field to unit, with the units that stand beside the table; a unit in a header wins over them.

    Parameters
    ----------
    bad : DataFrame
        Rows set aside below the header; among them may be a line of units, and remarks.
    units : mapping of str to str
        The units of the headers.
    places : mapping of str to int
        Field to column, as far as columns stand where they were delivered.
    """
    money = [name for name, column in schema.tables()[table].columns.items() if column.kind == "money"]
    below = [row for row in bad.loc[bad["code"] == "second_header", "row"] if row in sheet.cells.index]
    records = sheet.cells.loc[below].fillna("").to_numpy(object).tolist()
    under = {place: unit for record in records for place, unit in units_below(header.names, record).items()}
    below_header = {name: under[places[name]] for name in money if places.get(name) in under}
    above = [cell for row in sheet.cells.head(header.above).to_numpy(object) for cell in row if isinstance(cell, str)]
    whole = unit_said([*above, *bad.loc[bad["code"] == "footer", "raw"]])
    beside = dict.fromkeys(money, whole) if whole else {}
    beside |= below_header | dict(units)
    said = []
    if whole and (not places or set(money) & set(places) - set(below_header) - set(units)):
        text = f"beside the table stands the unit '{whole}', in which amounts without one of their own were read"
        said.append(Complaint("unit", text, sheet.file))
    return beside, said
