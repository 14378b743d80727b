"""What is said of customers that climb or fall, and of the mix of tiers to come."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


def about_climb(climb: pd.DataFrame, run: Any) -> str:
    """Whether the profit climbs; ``climb`` as from ``climb_index``."""
    say = of(run)
    if climb.empty:
        return say("Whether customers climb cannot be said: the history is too short to make tiers at two dates.")
    told = climb.dropna(subset="climb")
    if told.empty:
        return say("Whether customers climb cannot be said: at no date did they bring profit.")
    last = told.iloc[-1]
    said = [
        say(
            "Climb index from {since} to {date}: {climb} tiers ({low} to {high}), weighted by profit; "
            "{up} climbed, {down} fell.",
            since=say.date(last["date_before"]), date=say.date(last["date"]), climb=_signed(last["climb"], say),
            low=_signed(last["low"], say), high=_signed(last["high"], say),
            up=say.number(last["n_up"]), down=say.number(last["n_down"]),
        ),
        say("Profit moves to higher tiers.") if round(last["low"], 2) > 0
        else say("Profit moves to lower tiers.") if round(last["high"], 2) < 0
        else say("That may be chance: neither up nor down."),
    ]  # fmt: skip
    if len(told) > 1:
        said.append(
            say("In the steps before: {steps}.", steps=say.names(_signed(one, say) for one in told["climb"].iloc[:-1]))
        )
    return say.together(*said)


def about_mix(mix: pd.DataFrame, record: dict[str, Any], ahead: dt.date, run: Any) -> str:
    """What mix of tiers is to come, and how such forecasts came out; frames of ``tier_mix`` and ``mix_record``."""
    say = of(run)
    if mix.empty:
        return say(
            "The mix of tiers to come is not available: it needs tiers at three dates and thirty steps of accounts "
            "from one to the next."
        )
    parts = [
        say("{tier} {low} to {high} (now {now})", tier=one.tier, low=say.number(one.n_low), high=say.number(one.n_high),
            now=say.number(one.n_now))
        for one in mix.itertuples(index=False) if one.tier in ("S", "A")
    ]  # fmt: skip
    told = say(
        "Of today's accounts there will be on {date}, in 8 of 10 cases: {parts}; new customers come on top.",
        date=say.date(ahead), parts=say.names(parts),
    )  # fmt: skip
    return say.together(told, _record(record, say))


def _record(record: dict[str, Any], say: Words) -> str:
    if not record["dates"]:
        return say("No earlier date is far enough back to judge such a forecast.")
    facts = {
        "inside": say.number(record["inside"]), "all": say.number(record["n"]),
        "ours": say.number(record["ours"]), "same": say.number(record["same"]),
    }  # fmt: skip
    judged = say.count(
        "At {n} earlier date {inside} of {all} numbers came within their bounds; all misses add up to {ours} accounts, "
        "to {same} had the mix been said to stay.",
        "At {n} earlier dates {inside} of {all} numbers came within their bounds; all misses add up to {ours} "
        "accounts, to {same} had the mix been said to stay.",
        record["dates"],
        **facts,
    )
    better = record["ours"] < record["same"]
    return judged if better else say.together(judged, say("Saying that the mix stays does as well: rely on that."))


def _signed(value: float, say: Words) -> str:
    shown = round(value, 2)
    return f"{'+' if shown > 0 else '−' if shown < 0 else ''}{say.number(abs(shown), 2)}"
