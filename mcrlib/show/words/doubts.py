"""What makes a reader doubt the numbers, sentence by sentence: the keys of its translations."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

#: What the floors MODEL and JUDGE warn of, by code; run.json keeps their English.
DOUBTS = {
    "ambiguous_override": (
        mark("the override of '{account}' does not count, several accounts have that name: write the account_id"),
    ),
    "assumed_margin": (
        mark("no profit or cost is delivered: {share} of it counts as profit"),
        mark("no profit or cost is delivered for {part} of the revenue: {share} of it counts as profit"),
    ),
    "baseline_used": (
        mark("the kit's forecast lost against '{model}' at earlier dates, so the run uses '{again}'"),
    ),
    "empty_quota": (
        mark("the quota of {tier} holds nobody: it is less than one of {n} accounts, or accounts tie at its border"),
    ),
    "expired_override": (
        mark("the override of '{account}' has expired on {until}: decide again, or take it out"),
    ),
    "few_accounts": (
        mark("accounts that have ordered: only {n}: four tiers need more accounts; read a list, not groups"),
    ),
    "little_signal": (
        mark("accounts hardly differed in a lasting way: {share} % of the forecast is the mean of all"),
    ),
    "no_variation": (mark("all accounts are alike, there is no variation to part them: all get tier C"),),
    "not_enough_data": (
        mark("not enough data for the soil value of {n} account: it first ordered on the last day"),
        mark("not enough data for the soil value of {n} accounts: they first ordered on the last day"),
        mark(
            "not enough data for a soil value over {years} years: orders are on record for {days} days, too few to "
            "judge any forecast at an earlier date"
        ),
    ),
    "older_history": (
        mark("the last run was made by another version of the kit: its tiers are not held, they move at once"),
    ),
    "replaced_override": (
        mark("'{account}' has more than one override: the last one in the file counts, take this one out"),
    ),
    "revenue_as_profit": (
        mark(
            "no profit or cost is delivered, and no margin is set: revenue counts as profit there; "
            "set margin in client.yaml"
        ),
        mark(
            "no profit or cost is delivered for {part} of the revenue, and no margin is set: revenue counts as profit "
            "there; set margin in client.yaml"
        ),
    ),
    "short_history": (
        mark(
            "the soil values are weak: they look {years} years ahead from {days} days of orders; at earlier dates the "
            "forecast was judged over {judged} days, what lies beyond is extrapolation"
        ),
    ),
    "short_year": (
        mark("orders are on record for {days} days only: what is said of twelve months is what these days brought"),
        mark("orders are on record for {days} days only: growth over the year before looks larger than it is"),
    ),
    "tier_of_losses": (
        mark(
            "accounts in S and A expected to bring a loss: {n}, such as '{example}': they only lose less than "
            "others; look at their prices and costs first"
        ),
    ),
    "tiers_lose": (
        mark("at earlier dates last year's revenue told better than the tiers who would bring the profit"),
        mark("at earlier dates the tiers did not surely tell better than a choice by lot who would bring the profit"),
    ),
    "unjudged_forecast": (
        mark("the history is too short to judge the forecast on a frozen past: read the soil values as unproven"),
    ),
    "unknown_override": (
        mark("the override of '{account}' fits no account: write its account_id or its exact name"),
    ),
    "unstable_tiers": (
        mark(
            "the tiers are not stable: drawn again they agree to {value}, not to {least}: let people judge the "
            "accounts at the borders, or the rule decide"
        ),
    ),
}  # fmt: skip
