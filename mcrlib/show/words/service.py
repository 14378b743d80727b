"""What is said of how small customers are served."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


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
