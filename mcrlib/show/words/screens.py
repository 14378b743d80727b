"""Where at the client's a table that is missing is found."""

from __future__ import annotations

from mcrlib.show.words.catalogue import Words, mark

SCREENS = {
    "accounts": mark("CRM: list of accounts, export all fields"),
    "owners": mark("CRM: users, or the staff list of HR"),
    "opportunities": mark("CRM: list of opportunities, closed ones too"),
    "orders": mark("ERP or CRM: list of orders or invoices, three years or more"),
    "order_lines": mark("ERP: positions of the orders"),
    "products": mark("ERP: product master"),
    "contacts": mark("CRM: list of contacts with title and department"),
    "activities": mark("CRM: activities or visit reports with date, contact and owner"),
    "contracts": mark("CRM or legal: list of contracts"),
    "payments": mark("Finance: receivables and payments by customer"),
    "cases": mark("Service desk: tickets and complaints with opening and closing date"),
    "surveys": mark("Quality: satisfaction surveys by customer"),
    "costs": mark("Finance: costs by customer or deal"),
    "targets": mark("Sales planning: targets by customer or seller"),
    "stage_history": mark("CRM: field history of the stage"),
    "owner_history": mark("CRM: field history of the owner"),
    "tier_history": mark("CRM: field history of the tier"),
}
OTHER_SCREEN = mark("CRM: ask the administrator for an export of this table")


def screen(say: Words, table: str) -> str:
    """Where a missing table is found at the client's."""
    return say(SCREENS.get(table, OTHER_SCREEN))
