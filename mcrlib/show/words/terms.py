"""The words for codes: tables, tiers, quadrants, verdicts, models; those for columns stand in ``columns``."""

from __future__ import annotations

from mcrlib.show.words.catalogue import Words, mark
from mcrlib.show.words.columns import COLUMNS
from mcrlib.show.words.forecasts import METRICS, MODELS, OUTCOMES, RESULTS, TARGETS, WAYS
from mcrlib.show.words.measures import (
    ACTIONS,
    HANDED_OVER,
    HELD_BY,
    HOLDING_COLUMNS,
    LEAVERS,
    LOSS_MODELS,
    MEASURED,
    MEASURES,
)
from mcrlib.show.words.relationship_terms import (
    BASES,
    FUNCTIONS,
    LAYERS,
    LETTERS,
    LEVELS,
    MOVES,
    NEXT_STEPS,
    PATTERNS,
    PAYS,
    RELATION_COLUMNS,
    SPREADS,
    STANCES,
    STANDINGS,
    STANDS,
)
from mcrlib.show.words.screens import ASKED
from mcrlib.show.words.service_terms import SERVICE_COLUMNS
from mcrlib.show.words.size_terms import CARRIES, CHOICE_COLUMNS, DIRECTIONS, GROWTH_CASES, SIZE_ACTIONS

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
    "weak": mark("weak: little to go by"),
    "not_available": mark("not in the export"),
}

STAGES = {
    "all": mark("all deals"),
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
    "not_a_date": mark("no readable date"),
    "impossible_date": mark("a date that does not exist"),
    "placeholder_date": mark("a date that stands for none"),
    "not_a_number": mark("no readable number"),
    "out_of_range": mark("outside its scale"),
    "currency_conflict": mark("two currencies"),
    "void": mark("void"),
    "draft": mark("draft"),
    "deleted": mark("deleted"),
    "merged": mark("merged into another"),
    "total": mark("a line of totals"),
    "footer": mark("below the table"),
    "repeated_header": mark("the header again"),
    "second_header": mark("goes on with the header"),
    "too_few_fields": mark("too few fields"),
    "too_many_fields": mark("too many fields"),
    "nul": mark("unreadable bytes"),
    "truncated": mark("cut off"),
    "order_line": mark("a line of the order above"),
    "no_order": mark("a document that is no revenue"),
    "other_field": mark("a change of another field"),
}

STEPS = {
    "before": mark("last time"),
    "gone": mark("gone from the export"),
    "less": mark("worth less"),
    "more": mark("worth more"),
    "new": mark("new in the export"),
    "same": mark("as before"),
    "fell": mark("brought less"),
    "rose": mark("brought more"),
    "lost": mark("lost: no order in 12 months"),
    "won": mark("won: first order since"),
    "revalued": mark("the same past, seen by today's model"),
    "quiet": mark("no order since"),
    "ordered": mark("ordered since"),
    "unknown": mark("no longer known"),
    "freed": mark("hangs less on one person"),
    "tied": mark("hangs more on one person"),
    "known": mark("known for the first time"),
    "now": mark("this time"),
}

GATES = {
    "paid_back": mark("paid back"),
    "reinforce": mark("reinforce"),
    "review": mark("review"),
    "stop": mark("stop"),
    "not_available": mark("too short a history"),
}

CONTRACTS = {
    "strategic": mark("strategic agreement"),
    "framework": mark("frame agreement"),
    "sales": mark("sales contract"),
    "service": mark("service contract"),
    "other": mark("other contract"),
}

CORNERS = {
    "big_valuable": mark("big and brings much"),
    "big_only": mark("big, brings little"),
    "small_valuable": mark("small, brings much"),
    "small": mark("small, brings little"),
    "unknown": mark("size not known"),
}

CLASSES = {
    "diamond": mark("diamond"),
    "gold": mark("gold"),
    "strategic": mark("strategic: could be gold"),
    "ordinary": mark("ordinary"),
}

_TERMS = {
    "thinnest": LAYERS,
    "level": LEVELS,
    "function": FUNCTIONS,
    "stance": STANCES,
    "moved": MOVES,
    "basis": BASES,
    "pattern": PATTERNS,
    "pattern_before": PATTERNS,
    "next_step": NEXT_STEPS,
    "weakest": LETTERS,
    "standing": STANDINGS,
    "stands": STANDS,
    "breadth": SPREADS,
    "pays": PAYS,
    "carries": CARRIES,
    "corner": CORNERS,
    "growth_case": GROWTH_CASES,
    "direction": DIRECTIONS,
    "industry_direction": DIRECTIONS,
    "size_action": SIZE_ACTIONS,
    "company_class": CLASSES,
    "gate": GATES,
    "kind": CONTRACTS,
    "way": WAYS,
    "outcome": OUTCOMES,
    "column": COLUMNS | HOLDING_COLUMNS | RELATION_COLUMNS | CHOICE_COLUMNS | SERVICE_COLUMNS,
    "table": TABLES,
    "asked": ASKED | COLUMNS | HOLDING_COLUMNS | RELATION_COLUMNS | CHOICE_COLUMNS | SERVICE_COLUMNS,
    "quadrant": QUADRANTS,
    "quadrant_before": QUADRANTS,
    "crop_result": RESULTS,
    "verdict": VERDICTS,
    "fertility_status": STATUSES,
    "stage": STAGES,
    "stage_std": STAGES,
    "code": SET_ASIDE,
    "model": MODELS | LOSS_MODELS,
    "metric": METRICS | MEASURES,
    "action": ACTIONS,
    "counted": MEASURED,
    "held_by": HELD_BY,
    "leaver": LEAVERS,
    "handed_over": HANDED_OVER,
    "target": TARGETS,
    "step": STEPS,
}


def term(say: Words, kind: str, code: str) -> str:
    """The word for a code of this kind (column, table, quadrant, verdict, stage …); an unknown code stays as it is."""
    message = _TERMS[kind].get(code)
    return say(message) if message else str(code).replace("_", " ")


def has_terms(kind: str) -> bool:
    """Whether cells of this column are codes that have words."""
    return kind in _TERMS and kind != "column"
