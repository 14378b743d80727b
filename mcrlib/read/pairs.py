"""Tables of pairs, such as HubSpot's of deals and companies: where a record does not name its customer, they do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.headers import SUFFIX, field_of
from mcrlib.read.layout import find_header, rows_below
from mcrlib.read.sheets import Sheet

if TYPE_CHECKING:
    from mcrlib.read.dialects import Part

#: A file with more known columns is no mere list of pairs: key, account, kind of the association.
_MOST_FIELDS = 3


def join_pairs(parts: list[Part], sheets: list[Sheet]) -> tuple[list[Part], list[Complaint]]:
    """Give rows without an account the one that a table of pairs has for their key.

    Parameters
    ----------
    parts : list of Part
    sheets : list of Sheet
        Those that hold no table of their own.

    Returns
    -------
    parts : list of Part
    complaints : list of Complaint
        From which file the accounts came, and how many rows it does not settle: a record with two accounts has none.
    """
    joined, said = [], []
    for part in parts:
        key = schema.tables()[part.table].key
        wanting = "account_id" in schema.tables()[part.table].columns and key in part.raw and part.table != "accounts"
        if wanting and not {"account_id", "account_name", "contact_email"} & set(part.headers):
            for sheet in sheets:
                if (pairs := _pairs(sheet, part.table, key)) is not None:
                    part, complaint = _with_accounts(part, key, pairs, sheet.file)
                    said.append(complaint)
                    break
        joined.append(part)
    return joined, said


def _pairs(sheet: Sheet, table: str, key: str) -> pd.DataFrame | None:
    """Key and account of a sheet that holds little else; None for any other sheet."""
    header = None if sheet.cells.empty else find_header(sheet, [table])
    if header is None:
        return None
    matches = [field_of(name, table) for name in header.names]
    places = {m.field: place for place, m in enumerate(matches) if m and m.tier <= SUFFIX and m.field != "ignored"}
    if not {key, "account_id"} <= set(places) or len(places) > _MOST_FIELDS:
        return None
    rows, _, _ = rows_below(sheet, header)
    found = pd.DataFrame({name: rows[places[name]].str.strip() for name in (key, "account_id")})
    return found.dropna().drop_duplicates()


def _with_accounts(part: Part, key: str, pairs: pd.DataFrame, file: str) -> tuple[Part, Complaint]:
    sole = pairs.drop_duplicates(key, keep=False).set_index(key)["account_id"]
    keys = part.raw[key].str.strip()
    found = keys.map(sole).astype("str")
    several = int((found.isna() & keys.isin(pairs[key])).sum())
    said = (
        f"it names the accounts of {int(found.notna().sum())} of {len(keys)} rows of {part.file}; "
        f"{several} rows stand with several accounts there and have none"
    )
    complaint = Complaint("pairs", said, file)
    if not found.notna().any():
        return part, complaint
    headers = part.headers | {"account_id": "account_id"}
    return replace(part, raw=part.raw.assign(account_id=found), headers=headers), complaint
