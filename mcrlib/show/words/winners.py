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
    shares = standing.set_index("direction")[["harvest_share", "industry_share"]]
    return say.together(_shares(shares, say), *_basis(growth, lead, run), _renewal(renewal, say))


def _shares(shares: pd.DataFrame, say: Words) -> str:
    """How much comes from those that grow and shrink, by customer and by industry."""
    ways = ("growing", "declining")
    by = {str(name): {way: say.percent(share[way]) for way in ways} for name, share in shares.items()}
    if shares["industry_share"].drop("unknown").eq(0).all():
        return say.together(
            say("Of what customers with profit brought, {growing} comes from those that grow, {declining} from those "
                "that shrink.", **by["harvest_share"]),
            say("Which industries grow is not available: industry of accounts is not delivered."),
        )  # fmt: skip
    return say(
        "Of what customers with profit brought, {growing} comes from those that grow, {declining} from those that "
        "shrink; by industry {up} and {down}.",
        **by["harvest_share"], up=by["industry_share"]["growing"], down=by["industry_share"]["declining"],
    )  # fmt: skip


def _basis(growth: pd.DataFrame, lead: dict[str, float], run: Any) -> list[str]:
    """From what growth is known, and what that says beyond the industry."""
    say, recorded = of(run), int((growth["basis"] == "recorded").sum())
    known = growth[growth["industry_direction"] != "unknown"]
    outside = bool((known["industry_basis"] == "recorded").any())
    if not recorded and known.empty:
        return [say("Growth is that of their orders with us.")]
    if not recorded and not outside:
        return [
            say(
                "Growth is that of their orders with us; whether they outgrow their industries is not available: "
                "account_external (revenue, industry_growth) is not delivered."
            )
        ]
    told = [
        say("How fast a customer itself grows is known of {n} of {all}.",
            n=say.number(recorded), all=say.number(len(growth)))
    ]  # fmt: skip
    if not (known["industry_basis"] == "recorded").all():
        told.append(say("Where no outside facts tell, an industry's growth is that of our orders there."))
    return [*told, _lead(lead, run)] if len(known) else told


def _lead(lead: dict[str, float], run: Any) -> str:
    """Growth beyond the industry, with its doubt."""
    say = of(run)
    if not lead["n"]:
        return say(
            "Whether they outgrow their industries is not available: that takes the growth of a customer and of its "
            "industry."
        )
    if pd.isna(lead["lead"]):
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
