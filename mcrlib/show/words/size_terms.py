"""The words for columns and codes of customers chosen: their size, their hours, their growth."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

CARRIES = {
    "now": mark("carries its hours"),
    "ahead": mark("will within three years"),
    "entry": mark("strategic entry"),
    "no": mark("does not"),
}

GROWTH_CASES = {
    "open_deal": mark("an open deal"),
    "growing": mark("its orders grow"),
    "saline": mark("saline land: patience decides"),
}

DIRECTIONS = {
    "growing": mark("grows"),
    "flat": mark("stands still"),
    "declining": mark("shrinks"),
    "new": mark("is new"),
    "unknown": mark("not known"),
}

SIZE_ACTIONS = {
    "strip": mark("no key status"),
    "grow": mark("case for growth"),
    "name_key": mark("mark as key"),
    "secure": mark("make it come again"),
    "keep": mark("as it is"),
}

CHOICE_COLUMNS = {
    "size": mark("Their own size"),
    "is_key_account": mark("Marked as key"),
    "n_customers": mark("Ever ordered"),
    "days_on_record": mark("Days of orders on record"),
    "repeat_share": mark("Came again in 24 months"),
    "repeat_low": mark("came again at least"),
    "repeat_high": mark("came again at most"),
    "gap_spread": mark("Spread of days between orders (100 % is chance)"),
    "continuity": mark("Continuity"),
    "lasting_harvest": mark("Harvest × continuity"),
    "growth_case": mark("What speaks for growth"),
    "size_action": mark("Key status"),
    "direction": mark("Which way"),
    "n_industries": mark("Industries"),
    "industry_share": mark("Share of harvest, by industry"),
    "industry_grown": mark("Growth of its industry in a year"),
    "industry_direction": mark("Its industry"),
    "carries": mark("Carries its hours"),
    "pay": mark("Pay of those who served it"),
    "pay_capacity": mark("Harvest over pay"),
    "hour_ratio_ahead": mark("Profit of three years per hour against the company's"),
    "hour_ahead_low": mark("Of three years at least"),
    "hour_ahead_high": mark("Of three years at most"),
}
