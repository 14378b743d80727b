"""What is said of the tiers of earlier dates: what they held of the profit that came, and what a wrong choice cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.terms import term

#: What follows from the comparison with last year's revenue.
VERDICTS = {
    "better": mark(
        "On profit held or on the order the tiers are better than last year's revenue beyond chance, and on neither "
        "worse: use them."
    ),
    "alike": mark(
        "Neither on profit held nor on the order are the tiers better beyond chance: choose S and A by last year's "
        "revenue (revenue_12m in account_features.csv), and let people decide where the two differ (overrides in "
        "client.yaml)."
    ),
    "worse": mark(
        "Last year's revenue is better beyond chance: choose S and A by it (revenue_12m in account_features.csv), and "
        "write what you decide under overrides in client.yaml."
    ),
    "mixed": mark(
        "Beyond chance the tiers are better on one of the two and worse on the other: let people decide on the "
        "accounts where they differ from last year's revenue."
    ),
    "lot": mark(
        "The tiers did not surely tell better than a choice by lot who would bring the profit, last year's revenue "
        "did: choose S and A by it (revenue_12m in account_features.csv), and write what you decide under overrides "
        "in client.yaml."
    ),
    "nothing": mark(
        "Neither the tiers nor last year's revenue surely told better than a choice by lot who would bring the profit: "
        "here the past does not tell it. Give no account more or less for its letter; ask those who know the accounts."
    ),
    "one": mark(
        "One account brought most of the profit that came, so no way of choosing is surely better than another: care "
        "for that account by itself, and ask those who know the others."
    ),
    "too_few": mark("These are too few accounts to say which is better: let people decide."),
}
#: What follows where another way than last year's revenue did better beyond chance.
LOST = {
    "rule": mark(
        "The four-axis rule did better beyond chance: write decide: rule under tiers in client.yaml to let it decide."
    ),
    "clusters": mark(
        "The groups did better beyond chance: write decide: clusters under tiers in client.yaml to let them decide."
    ),
    "crm": mark("The CRM's own tier did better beyond chance: choose by it."),
}
_NO_CRM = mark(
    "The CRM's own tier is not judged: too few accounts have one on record for earlier dates (what other words than "
    "S, A, B and C mean stands under values: tier_crm in client.yaml)."
)
#: What the tiers are beside last year's revenue, where the order of the accounts or a choice by lot tells.
_BESIDE = {
    "better_order": mark("no more profit beyond chance, but a better order of the accounts"),
    "worse_order": mark("no less profit beyond chance, but a worse order of the accounts"),
    "lot": mark("ours is not surely better than a choice by lot"),
    "one": mark("one account brought most of it, so no way is surely better"),
}


def months(days: float, say: Words) -> str:
    """How many months so many days are."""
    return say.number(days / 365.25 * 12)


def about_regret(watches: Sequence[Any], run: Any) -> str:
    """Whether to trust the tiers; ``watches`` as from ``regret_verdicts``, the longest first."""
    say = of(run)
    if not watches:
        return say("Tiers cannot be judged at earlier dates: the history is too short, or nobody was in S or A then.")
    return say.together(_judged(watches[0], say), say(VERDICTS[watches[0].follows]))


def about_ways(watches: Sequence[Any], run: Any) -> str:
    """What else the comparison of ways to choose tells, under its table; ``watches`` as from ``regret_verdicts``."""
    say = of(run)
    if not watches:
        return ""
    longest = watches[0]
    said = [say(LOST[way]) for way in longest.lost]
    said += [
        say(
            "Watched for {months} months, against last year's revenue: {outcome}.",
            months=months(shorter.days, say), outcome=against_revenue(shorter, say),
        )
        for shorter in watches[1:]
    ]  # fmt: skip
    if longest.is_short:
        said.append(
            say(
                "No more than {months} months could be watched: to watch 24, the orders must reach back four years.",
                months=months(longest.days, say),
            )
        )
    said.append(say("Agreement of ranks is Kendall's tau: 1 is the same order, 0 is chance."))
    return say.together(*said, *([] if longest.knows_crm else [say(_NO_CRM)]))


def regret_in_short(watches: Sequence[Any], run: Any) -> list[str]:
    """What S and A of earlier dates held and whether that is more than chance; nothing where it was not judged."""
    say = of(run)
    if not watches:
        return []
    longest, outcome = watches[0], against_revenue(watches[0], say)
    if pd.isna(longest.held):
        return [say("S and A of earlier dates against last year's revenue: {outcome}.", outcome=outcome)]
    return [
        say(
            "S and A of earlier dates held {share} of the profit of the {months} months that followed; as many "
            "accounts chosen by last year's revenue held {plain}: {outcome}.",
            share=say.percent(longest.held), plain=say.percent(longest.held_last_year),
            months=months(longest.days, say), outcome=outcome,
        )
    ]  # fmt: skip


def against_revenue(watch: Any, say: Words) -> str:
    """What the tiers are beside last year's revenue; ``watch``: one of ``regret_verdicts``."""
    return say(_BESIDE[watch.beside]) if watch.beside in _BESIDE else term(say, "outcome", watch.beside)


def _judged(watch: Any, say: Words) -> str:
    if pd.isna(watch.held):
        return say(
            "At earlier dates S and A, or as many by last year's revenue, brought more than all of the gross profit "
            "that came: the others lost money."
        )
    return say.count("Judged at {n} earlier date.", "Judged at {n} earlier dates.", watch.cutoffs)
