"""What is said of the groups behind the tiers, how stable they are, and why an account moved."""

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
    "grown": mark("The groups were learned anew: the accounts are at least twice as many as on {before}."),
    "columns": mark("The groups were learned anew: the export knows other facts than on {before}."),
    "settings": mark("The groups were learned anew: the settings are not those of {before}."),
    "form": mark(
        "The groups were learned anew: those of the last run were kept by another version of the kit, in a form that "
        "this one does not read."
    ),
    "quotas": mark("Quotas in client.yaml draw the borders, at every run anew."),
    "rule": mark("The four-axis rule decides; the groups only stand beside it."),
}
_SHARES_KEPT = mark("So that few move for that alone, each tier keeps its share of the accounts.")
_SHARES_MIXED = mark(
    "So that few move for that alone, each tier keeps its share of the accounts by {old}; for the rest it has that of "
    "the new groups, as so many accounts have come since."
)
_GROUPS = mark("By themselves the accounts form {n} groups; the method has four.")
_ONE_GROUP = mark(
    "By themselves the accounts form no groups: the borders are cut through a continuum, so read the order of the "
    "accounts, not the letters alone."
)
_STABLE = mark("So the borders are firm; a single account may still be unsure, by the luck of its own orders.")
_UNSTABLE = mark(
    "They are not stable: other customers would move the borders. Take the accounts that are not sure as a list for "
    "the committee, or let the rule decide (decide: rule under tiers in client.yaml)."
)
_MONEY = frozenset({"harvest", "soil_value"})
_TIERS = "SABC"


def about_tier_basis(basis: Any, run: Any) -> str:
    """Which groups score the accounts; ``basis``: model, fitted, why, drift, limit, before."""
    say = of(run)
    why = "rule" if run.settings.tiers.decide == "rule" else basis.why
    said = say(
        BASES[why],
        fitted=say.date(basis.fitted),
        before=say.date(basis.before),
        drift=say.number(basis.drift, 2),
        limit=say.number(basis.limit, 2),
    )
    if why in ("rule", "kept") or basis.model.anchor is None:
        return said
    weight = basis.model.anchor_weight
    shares = say(_SHARES_KEPT) if weight == 1 else say(_SHARES_MIXED, old=say.percent(weight))
    return say.together(said, shares)


def about_stability(stability: float, run: Any) -> str:
    """Whether the tiers stay when the data are drawn again; ``stability``: mean adjusted Rand index of the draws."""
    say, least = of(run), run.settings.thresholds.stable_tiers
    if pd.isna(stability):
        return say("Whether the tiers are stable cannot be said: there are too few different accounts.")
    said = say(
        "Drawn again 200 times, the tiers agree to {value} (1 is all alike, 0 is chance); from {least} on they are "
        "stable (proposed).",
        value=say.number(stability, 2),
        least=say.number(least, 2),
    )
    if run.settings.tiers.decide == "rule":
        return say.together(said, say("These are the groups, which only stand beside: the rule decides."))
    return say.together(said, say(_STABLE if stability >= least else _UNSTABLE))


def about_groups(tiers: pd.DataFrame, model: Any, likeliest: int, run: Any) -> str:
    """How large S and A are beside what was asked, and whether the data show four groups at all.

    Parameters
    ----------
    tiers : DataFrame
        ``tier, n_orders``.
    model
        ``quotas, varied_, drawn_by_share_`` of the tier model.
    likeliest : int
        How many groups the Bayesian information criterion finds.
    run
        Language and settings.
    """
    say, limits = of(run), run.settings.thresholds
    bought = tiers[tiers["n_orders"] > 0]
    if bought.empty:
        return say("Nobody has ordered yet: there is nothing to part into tiers.")
    first, top = (float(bought["tier"].isin([*names]).mean()) for names in ("S", "SA"))
    said = say.count(
        "Of the {n} account that ever ordered, S holds {first} (at most {most}: proposed), S and A {top}.",
        "Of the {n} accounts that ever ordered, S holds {first} (at most {most}: proposed), S and A {top}.",
        len(bought),
        first=say.percent(first),
        most=say.percent(limits.strategic_share),
        top=say.percent(top),
    )
    more = first > limits.strategic_share and (bought["tier"] == "S").sum() > 1
    parts = [said, say("Quotas in client.yaml would hold S to its share.")] if more else [said]
    return say.together(*parts, *_borders(model, likeliest, run, say))


def _borders(model: Any, likeliest: int, run: Any, say: Words) -> list[str]:
    """Where the borders come from, where the groups decide."""
    if run.settings.tiers.decide == "rule" or model.quotas or not model.varied_:
        return []
    said = []
    if model.drawn_by_share_:
        tiers = say.names(sorted(model.drawn_by_share_, key="SAB".index))
        said.append(say("For {tiers} the data show no border: the shares draw it.", tiers=tiers))
    if likeliest == 1:
        said.append(say(_ONE_GROUP))
    elif not said and likeliest != len(_TIERS):
        said.append(say(_GROUPS, n=likeliest))
    return said


def move_reasons(moved: pd.DataFrame, run: Any, *, kept: bool) -> pd.Series:
    """Why each account has another tier than last time, in words.

    Parameters
    ----------
    moved : DataFrame
        tier_before, tier; override_by (now), held_before (tier before human decisions, then), seen_before (tier that
        the data said then), driver (a column), driver_before, driver_now, score_change.
    run
        Language and currency.
    kept : bool
        Whether the borders are those of the last run.
    """
    say = of(run)
    rows = ({str(key): value for key, value in row.items()} for row in moved.to_dict("records"))
    texts = [_why(row, kept, say) for row in rows]
    return pd.Series(texts, index=moved.index, name="why_moved", dtype="str")


def _why(row: dict[str, Any], kept: bool, say: Words) -> str:
    if not pd.isna(row["override_by"]):
        return say("decided by {by}", by=row["override_by"])
    if pd.isna(row["score_change"]):
        return say("not known: the earlier run kept no values")
    if pd.isna(row["held_before"]):
        return say("ordered for the first time since")
    if row["held_before"] != row["tier_before"]:
        return say("an earlier decision has expired")
    before, seen, now_in = ("CBAS".index(row[name]) for name in ("tier_before", "seen_before", "tier"))
    rises = now_in > before
    changed = not pd.isna(row["driver"]) and (row["score_change"] > 0) == rises
    was, now = (_value(row["driver"], row[at], say) if changed else "" for at in ("driver_before", "driver_now"))
    if was == now:
        if seen >= now_in if rises else seen <= now_in:
            return say("confirmed: the last run saw it too")
        return say("surer than last time") if kept else say("the borders moved")
    return say("{what}: {before} → {now}", what=term(say, "column", row["driver"]), before=was, now=now)


def _value(column: str, value: float, say: Words) -> str:
    if column in _MONEY:
        return say.money(value)
    return say.percent(value) if column == "growth" else say.number(value)
