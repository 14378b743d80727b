"""What is said of the customers' own growth, of their industries', and of the top list."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


def about_winners(
    growth: pd.DataFrame, standing: pd.DataFrame, lead: dict[str, float], renewal: dict[str, float], run: Any
) -> str:
    """Whether we stand with winners; of ``customer_growth``, ``standing``, ``growth_lead`` and ``top_renewal``."""
    say = of(run)
    if growth.empty:
        return say("Nobody brought profit in the last year: whether we stand with winners is not available.")
    if growth["grown"].isna().all():
        return say("Who grows and who shrinks is not available: nobody who brought profit had ordered the year before.")
    share = standing.set_index("direction")["harvest_share"].drop("unknown")
    told = say(
        "{growing} of the harvest comes from customers that grow, {declining} from those that shrink.",
        growing=say.percent(share["growing"]),
        declining=say.percent(share["declining"]),
    )
    recorded = int((growth["basis"] == "recorded").sum())
    basis = (
        say("The own growth of {n} of {all} is known.", n=say.number(recorded), all=say.number(len(growth)))
        if recorded
        else say("Their orders with us stand in for their own growth, which is not in the export.")
    )
    beyond = [_lead(lead, run)] if growth["industry_direction"].ne("unknown").any() else []
    return say.together(told, basis, _industries(growth, standing, say), *beyond, _renewal(renewal, say))


def _industries(growth: pd.DataFrame, standing: pd.DataFrame, say: Words) -> str:
    shares = standing.set_index("direction")["industry_share"]
    if shares.drop("unknown").eq(0).all():
        return say("Which industries grow is not available: industry of accounts is not delivered.")
    told = say(
        "{growing} of it comes from industries that grow, {declining} from those that shrink.",
        **{name: say.percent(shares[name]) for name in ("growing", "declining")},
    )
    known = growth[growth["industry_direction"] != "unknown"]
    if (known["industry_basis"] == "recorded").all():
        return told
    return say.together(told, say("Where no outside facts tell, an industry's growth is that of our orders there."))


def _lead(lead: dict[str, float], run: Any) -> str:
    """Growth beyond the industry, with its doubt."""
    say = of(run)
    if not lead["n"]:
        return say(
            "How much faster than their industries they grow is not available: account_external (revenue, "
            "industry_growth) is not delivered."
        )
    if lead["n"] < run.settings.thresholds.small_number:
        return say.count(
            "Growth beyond the industry is known of {n} customer only: too few to say.",
            "Growth beyond the industry is known of {n} customers only: too few to say.",
            int(lead["n"]),
        )
    return say(
        "Weighted by harvest, the growth of {n} of them less that of their industries is {lead} percentage points "
        "({low} to {high} in 8 of 10 cases).",
        n=say.number(lead["n"]),
        **{name: say.number(100 * lead[name], 1) for name in ("lead", "low", "high")},
    )


def _renewal(renewal: dict[str, float], say: Words) -> str:
    if not renewal["top"]:
        return say("The history is too short to tell how the top list renews itself.")
    numbers = {name: say.percent(renewal[name]) for name in ("share", "low", "high")}
    return say.count(
        "{new} of today's top {top} ({share}; {low} to {high} in 8 of 10 cases) were not among them a year ago.",
        "{new} of today's top {top} ({share}; {low} to {high} in 8 of 10 cases) were not among them {n} years ago.",
        int(renewal["years"]),
        new=say.number(renewal["new"]),
        top=say.number(renewal["top"]),
        **numbers,
    )
