"""From texts to typed columns: every column of an export is judged as a whole."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.currency import row_currency
from mcrlib.read.dialects import Part
from mcrlib.read.drafts import QUARANTINE, Draft
from mcrlib.read.joins import ADDRESSES
from mcrlib.read.kinds import Column, read_column
from mcrlib.read.people import hide_lines
from mcrlib.read.sides import ask_side
from mcrlib.settings import Settings

#: Fields that the kit reads and does not keep; what they mean is settled in ``meanings`` and ``identity``.
_HELPERS = {
    "id": ("product_id", "line_no"),
    "text": ("status_reason", "field", "content", "first_name", "last_name", "currency", *ADDRESSES, "website"),
    "name": ("account_name", "contact_name", "opportunity_name", "owner_name", "reports_to", "manager"),
    "bool": ("is_won", "is_closed"),
    "enum": ("document", "life_status"),
    "date": ("updated_date", "order_date"),
    "ratio": ("discount",),
    "money": ("amount_base",),
}
#: Alias fields that are another word for a canonical column.
_SAME = {
    "contracts": {"contract_type": "kind"},
    "cases": {"type": "kind"},
    "opportunities": {"amount_converted": "amount_base"},
    "owner_history": {"old_owner": "old", "new_owner": "new"},
}
#: Where more orders are in an unknown state, the states are those of another system or language.
_MANY = 0.5
#: Dates that tell when a deal was won or lost.
_CLOSING = ("closed_date", "expected_close_date")
#: Ids on which tables are joined; a damaged one stops the run.
_JOINS = ("account_id", "order_id", "opportunity_id")


def read_part(part: Part, settings: Settings) -> tuple[Draft, list[Complaint]]:
    """The rows of one sheet as a draft with typed columns, and the questions that must be settled first.

    Parameters
    ----------
    part : Part
        Rows of one sheet, as texts, columns named by field.
    settings : Settings
        For the client's own words.

    Returns
    -------
    Draft
        Rows whose required values could not be read are set aside; other unread values are missing, counted and said.
    list of Complaint
        Columns that are ambiguous or damaged as a whole.
    """
    bad, said = part.bad, part.complaints
    if part.personal and not settings.contacts.names:
        bad, said = hide_lines(bad, said)
    same = _SAME.get(part.table, {})
    raw = part.raw.rename(columns=same).rename_axis(None)
    raw = raw.loc[:, ~raw.columns.duplicated()]
    if "tier_crm" in raw and "tier_raw" not in raw:
        raw = raw.assign(tier_raw=raw["tier_crm"])
    origin = {"src_file": part.file, "src_sheet": part.sheet, "src_row": raw.index.to_series().astype("int64")}
    columns = {name: read_column(part, raw, name, kind, settings) for name, kind in _wanted(part.table, raw)}
    columns = _settle_dates(part, raw, columns, settings)
    rows = pd.DataFrame({name: column.found for name, column in columns.items()} | origin, index=raw.index)
    rows["_currency"] = row_currency(part, columns)
    draft = Draft(
        table=part.table,
        rows=rows.reset_index(drop=True),
        rows_in=len(raw) + len(bad),
        headers=part.headers | {new: part.headers[old] for old, new in same.items() if old in part.headers},
        files=(part.file,),
        aside=_already_aside(part, bad),
        warnings=tuple(said),
    )
    questions = [
        Complaint(column.code, column.question, part.file, draft.header(name.split("*")[0]))
        for name, column in columns.items()
        if column.question and _must_be_settled(part.table, name, column)
    ]
    questions += _ask_states(draft, columns, raw) + ask_side(draft, raw)
    for name, column in columns.items():
        draft = _handle_faults(draft, name, column, raw[_source(name, raw)].reset_index(drop=True))
    return draft, questions


def _ask_states(draft: Draft, columns: dict[str, Column], raw: pd.DataFrame) -> list[Complaint]:
    """A question where many orders are in a state that nobody knows: they may be cancelled."""
    column = columns.get("status")
    if draft.table != "orders" or column is None or column.faults is None:
        return []
    words = raw.loc[column.faults.notna().to_numpy(), "status"]
    if len(words) <= _MANY * len(raw):
        return []
    most = ", ".join(f"'{word}' ({n})" for word, n in words.value_counts().head(5).items())
    said = (
        f"{len(words)} of {len(raw)} orders are in a state that the kit does not know: {most}; say under values: "
        "status in client.yaml which are valid, draft, void or return"
    )
    return [Complaint("unknown_status", said, draft.file, draft.header("status"))]


def _must_be_settled(table: str, name: str, column: Column) -> bool:
    """Whether an open question stops the run: ids that join, and dates by which rows count; others are left out."""
    required = schema.tables()[table].required
    if column.code == "damaged_id":
        return name in (*required, *_JOINS)
    return column.code != "ambiguous_date" or name in (*required, schema.tables()[table].event_date, *_CLOSING)


def _settle_dates(part: Part, raw: pd.DataFrame, columns: dict[str, Column], settings: Settings) -> dict[str, Column]:
    """Columns that leave day and month open, read as all others of the file prove; not those that must be sure."""
    proven = {column.order for column in columns.values() if column.order}
    if len(proven) != 1:
        return columns
    settled = replace(part, spec=part.spec.model_copy(update={"date_order": proven.pop()}))
    return {
        name: read_column(settled, raw, name, "date", settings)
        if column.code == "ambiguous_date" and column.question and not _must_be_settled(part.table, name, column)
        else column
        for name, column in columns.items()
    }


def _source(name: str, raw: pd.DataFrame) -> str:
    return name if name in raw else f"{name}*0"


def _wanted(table: str, raw: pd.DataFrame) -> list[tuple[str, str]]:
    """Fields of this sheet that the kit reads, with their kinds."""
    known = {name: column.kind for name, column in schema.tables()[table].columns.items()}
    helpers = {name: kind for kind, names in _HELPERS.items() for name in names}
    fields = dict.fromkeys(re.sub(r"\*\d+$", "", str(field)) for field in raw.columns)
    names = ("account_name", "contact_name", "owner_name", "opportunity_name", "product_name")
    kinds = helpers | known | {name: "name" for name in names}
    return [(field, kinds[field]) for field in fields if field in known or field in helpers]


def _already_aside(part: Part, bad: pd.DataFrame) -> pd.DataFrame:
    bad = bad.reindex(columns=["row", "column", "code", "raw"])
    return bad.assign(table=part.table, file=part.file)[list(QUARANTINE)].reset_index(drop=True)


def _handle_faults(draft: Draft, name: str, column: Column, raw: pd.Series) -> Draft:
    """Set aside rows whose required value cannot be read; elsewhere the value is missing, counted and said."""
    if column.code == "ambiguous_date" and column.question and not _must_be_settled(draft.table, name, column):
        draft = draft.warn("date_left_out", f"the dates are left out: {column.question}", name)
    if column.faults is None or (column.question and column.code != "damaged_id"):
        return draft
    faults = column.faults.reset_index(drop=True).reindex(draft.rows.index)
    if not faults.notna().any():
        return draft
    if name in draft.spec.required:
        for code in sorted(faults.dropna().unique()):
            draft = draft.set_aside(faults.reindex(draft.rows.index) == code, code, name, raw)
        return draft
    for code in sorted(faults.dropna().unique()):
        hit = faults[faults == code].index
        example, row = raw.loc[hit[0]], int(draft.rows.loc[hit[0], "src_row"])
        draft = draft.note(name, code, len(hit), example)
        if code != "placeholder_date":
            text = f"values left out: {len(hit)} ({code.replace('_', ' ')}), such as '{example}'"
            draft = draft.warn(code, text + _hint(code, name), name, row)
    return draft


def _hint(code: str, name: str) -> str:
    return f"; say what they mean under values: {name} in client.yaml" if code == "unknown_value" else ""
