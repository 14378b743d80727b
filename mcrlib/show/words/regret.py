"""What is said of the tiers of earlier dates: what they held of the profit that came, and what a wrong choice cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.terms import term

#: What follows from the comparison with last year's revenue. Card T2: tiers must beat it, else it is recommended.
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
    "too_few": mark("These are too few accounts to say which is better: let people decide."),
}
#: What follows where another way than last year's revenue did better beyond chance.
LOST = {
    "rule": mark(
        "The four-axis rule did better beyond chance: with decide: rule under tiers in client.yaml it decides."
    ),
    "clusters": mark(
        "The groups did better beyond chance: with decide: clusters under tiers in client.yaml they decide."
    ),
    "crm": mark("The CRM's own tier did better beyond chance: choose by it."),
}
_NO_CRM = mark(
    "The CRM's own tier is not judged: too few accounts have one on record for earlier dates (what other words than "
    "S, A, B and C mean stands under values: tier_crm in client.yaml)."
)
#: What is said where the order of the accounts alone tells the two apart.
_BY_ORDER = {
    "better": mark("no more profit beyond chance, but a better order of the accounts"),
    "worse": mark("no less profit beyond chance, but a worse order of the accounts"),
}
#: Two years, but for the days that a history of nearly four years lacks.
_TWO_YEARS = 700


def months(days: float, say: Words) -> str:
    """How many months so many days are."""
    return say.number(days / 365.25 * 12)


def about_regret(regret: pd.DataFrame, run: Any) -> str:
    """Whether to trust the tiers; ``regret`` as from ``tier_regret``."""
    say = of(run)
    if regret.empty:
        return say("Tiers cannot be judged at earlier dates: the history is too short, or nobody was in S or A then.")
    by = _longest(regret)
    kit: Any = by.loc["kit"]
    plain: Any = by.loc["last_year"]
    verdict = plain["outcome"] if plain["outcome"] == "too_few" or kit["beats_lot"] else _by_lot(plain)
    return say.together(_held(kit, plain, say), say(VERDICTS[verdict]))


def about_ways(regret: pd.DataFrame, run: Any) -> str:
    """What else the comparison of ways to choose tells, under its table; ``regret`` as from ``tier_regret``."""
    say = of(run)
    if regret.empty:
        return ""
    by, shorter = _longest(regret), regret[regret["days"] < regret["days"].max()]
    days: Any = by.loc["kit", "days"]
    said = [say(line) for way, line in LOST.items() if way in by.index and by.loc[way, "outcome"] == "worse"]
    said += [_as_well(_longest(shorter), say)] if len(shorter) else []
    if days < _TWO_YEARS:
        said.append(
            say(
                "No more than {months} months could be watched: to watch 24, the orders must reach back four years.",
                months=months(days, say),
            )
        )
    said.append(say("Agreement of ranks is Kendall's tau: 1 is all alike, 0 is chance."))
    return say.together(*said, *([] if "crm" in by.index else [say(_NO_CRM)]))


def regret_in_short(regret: pd.DataFrame, run: Any) -> list[str]:
    """What S and A of earlier dates held and whether that is more than chance; nothing where it was not judged."""
    say = of(run)
    if regret.empty:
        return []
    by = _longest(regret)
    kit: Any = by.loc["kit"]
    plain: Any = by.loc["last_year"]
    outcome = against_revenue(by, say)
    if max(kit["share"], plain["share"]) > 1:
        return [say("S and A of earlier dates against last year's revenue: {outcome}.", outcome=outcome)]
    return [
        say(
            "S and A of earlier dates held {share} of the profit of the {months} months that followed, as many by last "
            "year's revenue {plain}: {outcome}.",
            share=say.percent(kit["share"]), plain=say.percent(plain["share"]), months=months(kit["days"], say),
            outcome=outcome,
        )
    ]  # fmt: skip


def against_revenue(by: pd.DataFrame, say: Words) -> str:
    """What the tiers are beside last year's revenue; ``by``: one watch of ``tier_regret``, indexed by way."""
    plain: Any = by.loc["last_year"]
    outcome = str(plain["outcome"])
    if outcome != "too_few" and not by.loc["kit", "beats_lot"]:
        return say("ours is not surely better than a choice by lot")
    by_profit = plain["better_low"] > 0 or plain["better_high"] < 0
    if outcome in _BY_ORDER and not by_profit:
        return say(_BY_ORDER[outcome])
    return term(say, "outcome", outcome)


def _longest(regret: pd.DataFrame) -> pd.DataFrame:
    return regret[regret["days"] == regret["days"].max()].set_index("way")


def _held(kit: Any, plain: Any, say: Words) -> str:
    if max(kit["share"], plain["share"]) > 1:
        return say(
            "At earlier dates S and A, or as many by last year's revenue, brought more than all of the gross profit "
            "that came: the others lost money."
        )
    return say.count("Judged at {n} earlier date.", "Judged at {n} earlier dates.", int(kit["cutoffs"]))


def _by_lot(plain: Any) -> str:
    """Which verdict stands where the tiers do not beat a choice by lot."""
    return "lot" if plain["beats_lot"] else "nothing"


def _as_well(shorter: pd.DataFrame, say: Words) -> str:
    days: Any = shorter["days"].iloc[0]
    return say(
        "Watched for {months} months, against last year's revenue: {outcome}.",
        months=months(days, say), outcome=against_revenue(shorter, say),
    )  # fmt: skip
