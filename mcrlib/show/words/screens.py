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
    "account_team": mark("CRM: account teams or sales teams with their parts"),
    "commitments": mark("Delivery: promised dates by customer"),
    "plans": mark("Sales: account plans and their actions"),
    "share_of_wallet": mark("Sales: estimates of what the customer buys from others"),
    "account_external": mark("Annual reports or a business register: sales and growth of the customer"),
    "tier_history": mark("CRM: field history of the tier"),
}
#: The chapters that say less, or nothing, without a table.
CHAPTERS = {
    "owners": ("08", "11"),
    "opportunities": ("03", "05", "10"),
    "orders": ("03", "04", "05", "08", "09"),
    "order_lines": ("05",),
    "products": ("05", "13"),
    "contacts": ("06", "07", "08"),
    "opportunity_contacts": ("06", "07"),
    "activities": ("03", "06", "07", "08", "13"),
    "activity_contacts": ("07", "08"),
    "activity_owners": ("08",),
    "contracts": ("04", "07", "10"),
    "payments": ("12",),
    "cases": ("06", "12"),
    "surveys": ("06", "12"),
    "stage_history": ("05", "12"),
    "owner_history": ("08", "12"),
    "tier_history": ("03",),
    "account_team": ("08",),
    "costs": ("03", "04", "13"),
    "targets": ("11",),
    "plans": ("07", "11"),
    "commitments": ("07", "12"),
    "share_of_wallet": ("10", "13"),
    "account_external": ("03", "07"),
}
OTHER_SCREEN = mark("CRM: ask the administrator for an export of this table")

#: Columns that no table of a report shows, but that it asks for where they are missing.
ASKED = {
    "contact_id": mark("Contact"),
    "duration_min": mark("Minutes it took"),
    "severity": mark("Severity"),
    "due_date": mark("Promised for"),
    "kept_date": mark("Kept on"),
    "promised_by": mark("Promised by"),
    "decision_role": mark("Role in the decision"),
    "intimacy": mark("Intimacy"),
    "support": mark("Support"),
    "is_key_person": mark("Key person"),
    "shares_ip": mark("Shares know-how"),
    "start_date": mark("Begins"),
    "cost_type": mark("Kind of cost"),
    "competitor": mark("Competitor"),
    "expected_close_date": mark("Expected closing date"),
    "lead_source": mark("Where the deal came from"),
    "referrer_id": mark("Recommended by"),
    "role": mark("Role"),
    "product_id": mark("Product"),
    "unit_price": mark("Unit price"),
    "new": mark("New value"),
    "left_date": mark("Left on"),
    "manager_id": mark("Manager"),
    "is_joint": mark("Developed together"),
    "score": mark("Score"),
    "scope_id": mark("Whose target"),
    "parent_account_id": mark("Parent company"),
    "credit_code": mark("Company register number"),
    "content_len": mark("Length of the note"),
    "survey_date": mark("Survey date"),
}


def screen(say: Words, table: str) -> str:
    """Where a missing table is found at the client's."""
    return say(SCREENS.get(table, OTHER_SCREEN))
