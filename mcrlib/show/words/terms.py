"""The words for codes: columns, tables, tiers, quadrants, verdicts, models."""

from __future__ import annotations

from mcrlib.show.words.catalogue import Words, mark

COLUMNS = {
    "account_id": mark("Account no."),
    "account_name": mark("Account"),
    "group_id": mark("Group"),
    "owner_id": mark("Owner"),
    "region": mark("Region"),
    "industry": mark("Industry"),
    "segment": mark("Segment"),
    "tier": mark("Tier"),
    "tier_crm": mark("Tier in the CRM"),
    "tier_probability": mark("How sure"),
    "tier_rule": mark("Tier by the rule"),
    "tier_cluster": mark("Tier by the groups"),
    "tier_reason": mark("Why this tier"),
    "market_type": mark("Kind of market"),
    "n_accounts": mark("Accounts"),
    "n_orders": mark("Orders"),
    "n_order_days": mark("Days with an order"),
    "n_contacts": mark("Contacts"),
    "n_product_lines": mark("Product lines"),
    "n_activities_12m": mark("Activities, 12 months"),
    "n_open_deals": mark("Open deals"),
    "open_amount": mark("Open pipeline"),
    "first_order_date": mark("First order"),
    "last_order_date": mark("Last order"),
    "days_since_last": mark("Days since last order"),
    "revenue_total": mark("Revenue, all years"),
    "revenue_12m": mark("Revenue, 12 months"),
    "revenue_previous_12m": mark("Revenue, the 12 months before"),
    "gp_total": mark("Gross profit, all years"),
    "harvest": mark("Harvest, 12 months"),
    "harvest_previous": mark("Harvest, the 12 months before"),
    "harvest_share": mark("Share of harvest"),
    "accounts_share": mark("Share of accounts"),
    "soil_share": mark("Share of soil value"),
    "soil_value": mark("Soil value"),
    "soil_low": mark("at least"),
    "soil_high": mark("at most"),
    "p_alive": mark("Chance of still buying"),
    "orders_expected": mark("Orders expected"),
    "revenue_expected": mark("Revenue expected"),
    "crop_value": mark("Crops, next 12 months"),
    "crop_low": mark("Crops, at least"),
    "crop_high": mark("Crops, at most"),
    "run_rate": mark("From running business"),
    "pipeline_value": mark("From open deals"),
    "fertility": mark("Fertility"),
    "fertility_status": mark("Basis of fertility"),
    "quadrant": mark("Field"),
    "verdict": mark("What to do"),
    "reason": mark("Why"),
    "stage": mark("Stage"),
    "stage_std": mark("Stage"),
    "status": mark("Status"),
    "amount": mark("Amount"),
    "age_days": mark("Age in days"),
    "table": mark("Table"),
    "column": mark("Column"),
    "field": mark("Field of the export"),
    "screen": mark("Where to ask for it"),
    "rows_in": mark("Rows delivered"),
    "rows_kept": mark("Rows used"),
    "rows_quarantined": mark("Rows set aside"),
    "code": mark("Reason"),
    "n": mark("Number"),
    "share": mark("Share"),
    "file": mark("File"),
    "row": mark("Row"),
    "message": mark("What we saw"),
    "model": mark("Forecast"),
    "target": mark("Of what"),
    "metric": mark("Measure"),
    "value": mark("Value"),
    "low": mark("low"),
    "high": mark("high"),
    "year": mark("Year"),
    "period": mark("Period"),
    "revenue": mark("Revenue"),
    "gp": mark("Gross profit"),
}

TABLES = {
    "accounts": mark("accounts"),
    "owners": mark("owners"),
    "opportunities": mark("opportunities"),
    "orders": mark("orders"),
    "order_lines": mark("order lines"),
    "products": mark("products"),
    "contacts": mark("contacts"),
    "opportunity_contacts": mark("contacts of deals"),
    "activities": mark("activities"),
    "activity_contacts": mark("contacts of activities"),
    "activity_owners": mark("owners of activities"),
    "contracts": mark("contracts"),
    "payments": mark("payments"),
    "cases": mark("service cases"),
    "surveys": mark("surveys"),
    "stage_history": mark("history of stages"),
    "owner_history": mark("history of owners"),
    "tier_history": mark("history of tiers"),
    "account_team": mark("account teams"),
    "costs": mark("costs"),
    "targets": mark("targets"),
    "plans": mark("account plans"),
    "commitments": mark("promises to customers"),
    "share_of_wallet": mark("share of wallet"),
    "account_external": mark("outside facts"),
    "fx_rates": mark("exchange rates"),
}

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

QUADRANTS = {
    "granary": mark("granary"),
    "mined": mark("mined"),
    "sown": mark("sown"),
    "barren": mark("barren"),
    "empty": mark("not sown yet"),
}

VERDICTS = {
    "defend": mark("defend"),
    "restore": mark("restore"),
    "open": mark("open"),
    "grow": mark("grow"),
    "serve": mark("serve"),
    "leave": mark("leave"),
    "not_enough_data": mark("not enough data"),
}

STATUSES = {
    "ok": mark("good"),
    "weak": mark("weak: much is missing"),
    "not_available": mark("not in the export"),
}

STAGES = {
    "lead": mark("lead"),
    "qualify": mark("qualify"),
    "develop": mark("develop"),
    "propose": mark("propose"),
    "negotiate": mark("negotiate"),
    "won": mark("won"),
    "lost": mark("lost"),
    "void": mark("void"),
}

SET_ASIDE = {
    "after_as_of": mark("after the as-of date"),
    "orphan": mark("account unknown"),
    "duplicate": mark("delivered twice"),
    "duplicate_conflict": mark("same key, other content"),
    "missing": mark("a required field is empty"),
    "missing_key": mark("no key"),
    "bad_date": mark("no readable date"),
    "bad_number": mark("no readable number"),
    "void": mark("void or deleted"),
}

TIER_REASONS = {
    "never_ordered": mark("never ordered"),
    "override": mark("decided by {by} until {until}: {reason}"),
    "agreed": mark("groups and rule agree"),
    "rule_says": mark("the rule says {tier}"),
    "borderline": mark("between {tier} and {other}"),
    "quota": mark("by the quotas of client.yaml"),
    "no_variation": mark("all accounts are alike"),
}

REASONS = {
    "high_soil_high_harvest": mark("fertile and yielding {harvest} a year; soil value {soil}"),
    "harvest_without_soil": mark("yields {harvest} a year on poor soil (fertility {fertility} of 100)"),
    "soil_without_harvest": mark("good soil (fertility {fertility} of 100) yields only {harvest} a year"),
    "low_both": mark("little harvest and little fertility"),
    "never_ordered": mark("never ordered"),
    "saline": mark("high value, buys nothing from us yet"),
    "quiet": mark("no order for {days} days; chance of still buying {chance}"),
    "falling": mark("harvest fell by {change} in a year"),
    "rising": mark("harvest rose by {change} in a year"),
    "single_thread": mark("held by one person"),
    "few_contacts": mark("only {n} contacts known"),
    "no_activity": mark("no visit or meeting in 12 months"),
    "no_relationship_data": mark("no contacts or activities in the export"),
    "short_history": mark("fewer than {n} orders"),
}

MODELS = {
    "kit": mark("our forecast"),
    "same_rate": mark("same rate as before"),
    "last_year": mark("last year again"),
    "last_quarter": mark("last quarter again"),
    "recency_only": mark("recency alone"),
    "average": mark("the average account"),
}

METRICS = {
    "mae": mark("mean error per account"),
    "rmse": mark("error in which large misses count more"),
    "bias": mark("too much or too little in all"),
    "spearman": mark("agreement of ranks"),
    "gini": mark("order of accounts against the perfect order"),
    "top_10": mark("share of revenue in the tenth predicted highest"),
    "top_20": mark("share of revenue in the fifth predicted highest"),
    "gems_found": mark("hidden gems found"),
    "coverage": mark("share inside the 80% interval"),
    "predicted": mark("forecast total"),
    "actual": mark("actual total"),
    "low": mark("total, at least"),
    "high": mark("total, at most"),
    "covered": mark("total inside its interval"),
}

TARGETS = {
    "orders": mark("orders"),
    "revenue": mark("revenue"),
    "total": mark("portfolio total"),
}

_TERMS = {
    "column": COLUMNS,
    "table": TABLES,
    "quadrant": QUADRANTS,
    "verdict": VERDICTS,
    "fertility_status": STATUSES,
    "stage": STAGES,
    "stage_std": STAGES,
    "code": SET_ASIDE,
    "model": MODELS,
    "metric": METRICS,
    "target": TARGETS,
}


def term(say: Words, kind: str, code: str) -> str:
    """The word for a code of this kind (column, table, quadrant, verdict, stage …); an unknown code stays as it is."""
    message = _TERMS[kind].get(code)
    return say(message) if message else str(code).replace("_", " ")


def has_terms(kind: str) -> bool:
    """Whether cells of this column are codes that have words."""
    return kind in _TERMS and kind != "column"


def screen(say: Words, table: str) -> str:
    """Where a missing table is found at the client's."""
    return say(SCREENS.get(table, OTHER_SCREEN))


def tier_reason(say: Words, code: str, **facts: object) -> str:
    """Why an account has its tier, from the reason's code and its facts."""
    return say(TIER_REASONS[code], **facts)


def reason(say: Words, code: str, **facts: object) -> str:
    """Why an account has its verdict, from the reason's code and its facts."""
    return say(REASONS[code], **facts)
