"""What is said of tiers over time: which groups score them, why an account moved, what a wrong choice cost."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.terms import term

BASES = {
    "first": mark("The groups were learned from the accounts of {fitted}; later runs score with them."),
    "kept": mark(
        "Scored with the groups of {fitted}, so that a tier means the same as then; the accounts have drifted by "
        "{drift} (from {limit} on they are learned anew)."
    ),
    "drift": mark(
        "The groups were learned anew: the accounts have drifted by {drift} from those of {before} "
        "(from {limit} on that is too much)."
    ),
    "columns": mark("The groups were learned anew: the export knows other facts than on {before}."),
    "settings": mark("The groups were learned anew: the settings are not those of {before}."),
    "form": mark(
        "The groups were learned anew: those of the last run were kept by another version of the kit, in a form that "
        "this one does not read."
    ),
    "quotas": mark("Quotas in client.yaml draw the borders, at every run anew."),
    "rule": mark("The four-axis rule decides; the groups only stand beside it."),
}
_MONEY = frozenset({"harvest", "soil_value"})


def about_tier_basis(basis: Any, run: Any) -> str:
    """Which groups score the accounts; ``basis``: fitted, why, drift, limit, before."""
    say = of(run)
    why = "rule" if run.settings.tiers.decide == "rule" else basis.why
    return say(
        BASES[why],
        fitted=say.date(basis.fitted),
        before=say.date(basis.before),
        drift=say.number(basis.drift, 2),
        limit=say.number(basis.limit, 2),
    )


def about_stability(stability: float, run: Any) -> str:
    """Whether the tiers stay when the data are drawn again; ``stability``: mean adjusted Rand index of the draws."""
    say = of(run)
    if pd.isna(stability):
        return say("Whether the tiers are stable cannot be said: there are too few different accounts.")
    return say(
        "Drawn again 200 times, the tiers agree to {value} (adjusted Rand index: 1 is all alike, 0 is chance).",
        value=say.number(stability, 2),
    )


def move_reasons(moved: pd.DataFrame, run: Any) -> pd.Series:
    """Why each account has another tier than last time, in words.

    Parameters
    ----------
    moved : DataFrame
        tier_before, tier; override_by (now), held_before (tier before human decisions, then), driver (a column),
        driver_before, driver_now, score_change.
    run
        Language and currency.
    """
    say = of(run)
    texts = [_why({str(key): value for key, value in row.items()}, say) for row in moved.to_dict("records")]
    return pd.Series(texts, index=moved.index, name="why_moved", dtype="str")


def _why(row: dict[str, Any], say: Words) -> str:
    if not pd.isna(row["override_by"]):
        return say("decided by {by}", by=row["override_by"])
    if pd.isna(row["score_change"]):
        return say("not known: the earlier run kept no values")
    if pd.isna(row["held_before"]):
        return say("ordered for the first time since")
    if row["held_before"] != row["tier_before"]:
        return say("an earlier decision has expired")
    rises = "CBAS".index(row["tier"]) > "CBAS".index(row["tier_before"])
    if pd.isna(row["driver"]) or (row["score_change"] > 0) != rises:
        return say("confirmed by a second run, or the borders moved")
    was, now = (_value(row["driver"], row[at], say) for at in ("driver_before", "driver_now"))
    if was == now:
        return say("confirmed by a second run, or the borders moved")
    return say("{what}: {before} → {now}", what=term(say, "column", row["driver"]), before=was, now=now)


def _value(column: str, value: float, say: Words) -> str:
    if column in _MONEY:
        return say.money(value)
    return say.percent(value) if column == "growth" else say.number(value)


def about_regret(regret: pd.DataFrame, run: Any) -> str:
    """Whether to trust the tiers; ``regret`` as from ``tier_regret``."""
    say = of(run)
    if regret.empty:
        return say("Tiers cannot be judged at earlier dates: the history is too short, or nobody was in S or A then.")
    by = regret.set_index("way")
    lost = [way for way in by.index if way not in ("kit", "hindsight") and by.loc[way, "better_high"] < 0]
    told = say.count(
        "At {n} earlier date, S and A held {share} of the gross profit that came.",
        "At {n} earlier dates, S and A held {share} of the gross profit that came.",
        int(regret["cutoffs"].max()),
        share=say.percent(by.loc["kit", "share"]),
    )
    if by["share"].gt(1)["kit"]:
        told = say(
            "At earlier dates S and A brought more than all of the gross profit that came: the others lost money."
        )
    names = say.names(term(say, "way", way) for way in lost)
    hits = say(
        "Of the tenth that then brought most, {kit} were in S or A; by last year's revenue {plain} would have been.",
        kit=say.percent(by.loc["kit", "hits"]), plain=say.percent(by.loc["last_year", "hits"]),
    )  # fmt: skip
    plain = (by.loc["last_year", ["share", "tau"]] >= by.loc["kit", ["share", "tau"]]).all()
    verdict = (
        say("The tiers lose against: {names}. Choose by that, or let people decide.", names=names)
        if lost
        else say("Last year's revenue chose and ranked as well or better: where the two differ, trust it no less.")
        if plain
        else say("No other way of choosing that was looked at did surely better.")
    )
    crm = say(
        "The CRM's own tier is not judged: for too few accounts it is known which of S, A, B and C they had at earlier "
        "dates (a history of tiers; what other words mean stands under values: tier_crm in client.yaml)."
    )
    return say.together(told, hits, verdict, *([] if "crm" in by.index else [crm]))
