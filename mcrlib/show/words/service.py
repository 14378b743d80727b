"""What is said of the hours that customers take, and of how small ones are served."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


def about_hours(hours: pd.DataFrame, run: Any) -> str:
    """Who carries the hours spent on it; ``hours``: as from ``profit_per_hour``."""
    say = of(run)
    if hours.empty:
        return say("How long we spent with customers is not in the export: not available.")
    total, bad = hours["hours"].sum(), hours[hours["carries"] == "no"]
    told = [
        say(
            "{n} of the {all} customers served in the last year bring the company's profit per hour of ours, "
            "{ahead} more are expected to.",
            n=say.number((hours["carries"] == "now").sum()),
            all=say.number(len(hours)),
            ahead=say.number((hours["carries"] == "ahead").sum()),
        ),
        say(
            "{n} do neither; they took {share} of {hours} hours: raise, reprice, serve cheaper, or leave.",
            n=say.number(len(bad)),
            share=say.percent(bad["hours"].sum() / total),
            hours=say.number(total),
        ),
    ]
    entries = int((hours["carries"] == "entry").sum())
    if entries:
        told.append(say("{n} in saline land are not judged by this, but by our patience.", n=say.number(entries)))
    return _join(told, say)


def about_effort(effort: pd.DataFrame, follows: dict[str, float], run: Any) -> str:
    """Whether hours go where value is; frames of ``effort_by_tier`` and ``effort_follows``."""
    say = of(run)
    high = effort[effort["tier"].isin(["S", "A"])]
    told = [
        say(
            "S and A take {hours} of our hours; they bring {harvest} of the harvest and hold {soil} of the soil value.",
            hours=say.percent(high["hours_share"].sum(min_count=1)),
            harvest=say.percent(high["harvest_share"].sum(min_count=1)),
            soil=say.percent(high["soil_share"].sum(min_count=1)),
        )
    ]
    if pd.isna(follows["rho"]):
        told.append(say("Whether hours follow expected value cannot be said: too few customers."))
    else:
        told.append(
            say(
                "Over {n} customers hours and soil value rank alike to {rho} ({low} to {high} in 8 of 10 cases; 1 is "
                "in step, 0 unrelated).",
                n=say.number(follows["n"]),
                **{name: say.number(follows[name], 2) for name in ("rho", "low", "high")},
            )
        )
    return _join(told, say)


def about_parity(parity: pd.DataFrame, run: Any) -> str:
    """Whether small customers are served like large ones; ``parity``: as from ``service_parity``."""
    say = of(run)
    names = {
        "service": say("Cases settled in time"),
        "satisfaction": say("Satisfaction"),
        "touched": say("Customers touched within a year"),
    }
    unknown = [
        names[str(one)][:1].lower() + names[str(one)][1:]
        for one in parity.loc[parity["served"] == "not_available", "measure"]
    ]
    told = [say("Not available: {what}.", what=say.names(unknown))] if unknown else []
    for one in parity.to_dict("records"):
        what = names[str(one["measure"])]
        if one["served"] == "not_available":
            continue
        numbers = {"what": what, "high": say.percent(one["high"]), "low": say.percent(one["low"])}
        numbers |= {"n": say.number(one["n_high"]), "m": say.number(one["n_low"])}
        verdict = {
            "alike": say("alike"),
            "worse": say("small customers get less"),
            "unsure": say("the data do not tell whether small customers get less"),
            "few": say("too few to tell"),
        }[str(one["served"])]
        told.append(
            say("{what}: {high} of {n} in S and A, {low} of {m} in B and C: {verdict}.", **numbers, verdict=verdict)
        )
    return _join(told, say)


def about_neglected(unserved: pd.DataFrame, accounts: pd.DataFrame, run: Any) -> str:
    """How many C customers nobody looks after; ``unserved``: as from ``neglected``; ``accounts``: n_activities_12m."""
    say = of(run)
    if accounts["n_activities_12m"].isna().all():
        return say("Whom nobody touched is not available: the export has no activities.")
    return str(
        say.count(
            "{n} customer in C was not touched for a year, or has a case that waits too long.",
            "{n} customers in C were not touched for a year, or have a case that waits too long.",
            len(unserved),
        )
    )


def about_neighbours(effect: dict[str, float], run: Any) -> str:
    """What a hurt customer costs among its neighbours, beside the seed's story; ``effect``: as from ``hurt_effect``."""
    say = of(run)
    seed = say(
        "The method tells it as the law of 250: who serves one customer well wins 250, who hurts one loses 250. "
        "That is a story, not a measurement."
    )
    if pd.isna(effect["difference"]):
        return _join([seed, say("Our own number is not available: too few deals had a hurt neighbour.")], say)
    own = say(
        "Our own number: of {n} deals that closed within a year after a neighbour (same industry and city) was hurt, "
        "{difference} percentage points more were lost than of {all} other deals of the same industries (80 % interval "
        "{low} to {high}).",
        n=say.number(effect["n_beside"]),
        all=say.number(effect["n_elsewhere"]),
        difference=say.number(100 * effect["difference"], 1),
        low=say.number(100 * effect["low"], 1),
        high=say.number(100 * effect["high"], 1),
    )
    sure = effect["low"] > 0 or effect["high"] < 0
    return _join([seed, own] if sure else [seed, own, say("That may be chance.")], say)


def _join(told: list[str], say: Words) -> str:
    return (" " if say.language == "en" else "").join(told)
