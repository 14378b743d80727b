"""What is said of the hours that customers take."""

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
    if unknown := int(effort["soil_unknown"].sum()):
        told.append(
            say.count(
                "The soil value leaves out {n} account of which too little is known.",
                "The soil value leaves out {n} accounts of which too little is known.",
                unknown,
            )
        )
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


def _join(told: list[str], say: Words) -> str:
    return (" " if say.language == "en" else "").join(told)
