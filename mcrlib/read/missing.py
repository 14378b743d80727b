"""What a delivery lacks, tables or columns, and the way out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from mcrlib.errors import Complaint
from mcrlib.read.candidates import lacking
from mcrlib.read.columns import found_headers
from mcrlib.read.drafts import Draft
from mcrlib.read.joins import INSTEAD_OF
from mcrlib.settings import Settings


class _Delivered(Protocol):
    """A sheet read as a table."""

    @property
    def table(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def headers(self) -> dict[str, str]: ...


def missing_tables(tables: set[str], settings: Settings, folder: Path | None, unused: list[str]) -> list[Complaint]:
    """Complaints about the tables that must be there and are not."""
    tables = tables | set(settings.files)
    where = f"the input folder {folder}" if folder else "the input folder"
    missing = []
    if "accounts" not in tables and settings.accounts != "from_orders":
        said = f"missing in {where}: put the export of all customers there, or set accounts: from_orders in client.yaml"
        missing.append(Complaint("missing_table", said, "accounts.csv"))
    if not tables & {"orders", "opportunities"}:
        said = f"missing in {where}, and so is opportunities.csv: one of the two is needed; put the export there"
        said += _if_one_of(unused)
        missing.append(Complaint("missing_table", said, "orders.csv"))
    return missing


def _if_one_of(unused: list[str]) -> str:
    """The way out where the orders may lie in a file that was not recognised."""
    if not unused:
        return ""
    names = ", ".join(unused[:5]) + (f" and {len(unused) - 5} more" if len(unused) > 5 else "")
    columns = "{account_id: HEADER, order_date: HEADER, amount: HEADER}"
    such = f"orders: [{{file: {unused[0]}, columns: {columns}}}]"
    return f", or, if they are in {names}, name file and columns under files in client.yaml, such as {such}"


def missing_columns(parts: Sequence[_Delivered], names: list[tuple[str, ...]], required: set[str]) -> list[Complaint]:
    """Complaints about the columns that a required table must have and has not."""
    found = []
    delivered = [{name.split("*")[0] for name in part.headers} for part in parts]
    lines = any(
        part.table == "order_lines" and {"order_id", "amount"} <= had
        for part, had in zip(parts, delivered, strict=True)
    )
    by_contact = any(part.table == "contacts" and "email" in had for part, had in zip(parts, delivered, strict=True))
    for part, had, headers in zip(parts, delivered, names, strict=True):
        summed = {"amount"} if lines and "order_id" in had else set()
        had = had if by_contact else had - {"contact_email"}
        for column in lacking(part.table, had | summed) if part.table in required else []:
            why = ", so that nobody can say which customer a row belongs to" if column == "account_id" else ""
            said = f"the required column of {part.table} is missing{why}; {found_headers(headers)}"
            hint = f"name its header under files in client.yaml{_from_quantity(column, parts)}"
            found.append(Complaint("missing_column", f"{said}; {hint}", part.file, column))
    return found


def _from_quantity(column: str, parts: Sequence[_Delivered]) -> str:
    """The way out where quantity and price are there: an amount made from both."""
    part = next((one for one in parts if {"qty", "unit_price"} <= set(one.headers)), None)
    if column != "amount" or part is None:
        return ""
    product = f"{part.headers['qty']} * {part.headers['unit_price']}"
    return f", such as {part.table}: [{{file: {part.file}, columns: {{amount: '{product}'}}}}]"


def lacking_columns(draft: Draft, drafts: dict[str, Draft]) -> list[str]:
    """Required columns that were not delivered and cannot be had otherwise."""
    lines = "order_lines" in drafts and drafts["order_lines"].has("order_id", "amount") and draft.has("order_id")
    return [
        column
        for column in draft.spec.required
        if column != draft.key
        and not draft.has(column)
        and not any(draft.has(field) for field in INSTEAD_OF.get(column, ()))
        and not (column == "account_id" and _told_by_contact(draft, drafts.get("contacts")))
        and not (draft.table == "orders" and column == "amount" and lines)
    ]


def _told_by_contact(draft: Draft, contacts: Draft | None) -> bool:
    """Whether the contact of a row tells its account."""
    if contacts is None or draft.table == "contacts":
        return False
    return draft.has("contact_id") or (draft.has("contact_email") and contacts.has("email"))
