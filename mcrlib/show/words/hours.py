"""What is said of the hours that customers take."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import of


def about_hours(hours: pd.DataFrame, run: Any) -> str:
    """Who carries the hours spent on it; ``hours``: as from ``profit_per_hour``."""
    say = of(run)
    if hours.empty:
        return say("How long we spent with customers is not in the export: not available.")
    total, bad = hours["hours"].sum(), hours[hours["carries"] == "no"]
    told = [
        _carried(hours, run),
        say.count(
            "{n} does neither; it took {share} of {hours} hours: raise, reprice, serve cheaper, or leave.",
            "{n} do neither; they took {share} of {hours} hours: raise, reprice, serve cheaper, or leave.",
            len(bad),
            share=say.percent(bad["hours"].sum() / total),
            hours=say.number(total),
        ),
    ]
    if keep := int(bad["tier"].isin(["S", "A"]).sum()):
        told.append(
            say.count(
                "{n} of them is S or A: never leave it, defend what it brings.",
                "{n} of them are S or A: never leave these, defend what they bring.",
                keep,
            )
        )
    entries = int((hours["carries"] == "entry").sum())
    if entries:
        told.append(
            say.count(
                "{n} strategic entry is judged by patience instead.",
                "{n} strategic entries are judged by patience instead.",
                entries,
            )
        )
    return say.together(*told, _pay(hours, run))


def _carried(hours: pd.DataFrame, run: Any) -> str:
    """How many carry their hours, and how many should, surely or not."""
    say, ahead = of(run), hours[hours["carries"] == "ahead"]
    return say.count(
        "{n} customer of {all} served in the last year brings the company's profit per hour of ours; {ahead} more "
        "should within three years (surely, in 9 of 10 cases: {sure}).",
        "{n} of {all} customers served in the last year bring the company's profit per hour of ours; {ahead} more "
        "should within three years (surely, in 9 of 10 cases: {sure}).",
        int((hours["carries"] == "now").sum()),
        all=say.number(len(hours)),
        ahead=say.number(len(ahead)),
        sure=say.number((ahead["hour_ahead_low"] >= run.settings.thresholds.hour_worth).sum()),
    )


def _pay(hours: pd.DataFrame, run: Any) -> str:
    """Whether customers pay for those who serve them, as far as costs of people are on record."""
    say, limits = of(run), run.settings.thresholds
    known = hours.dropna(subset="pay_capacity")
    if known.empty:
        return say("Whether they pay for those who serve them is not available: cost_rate of owners is not delivered.")
    told = say.count(
        "The harvest is {share} of the pay of those who serve ({paid} paid hours a head and year; {n} customer with "
        "costs on record); {short} brings less than that pay.",
        "The harvest is {share} of the pay of those who serve ({paid} paid hours a head and year; {n} customers with "
        "costs on record); {short} bring less than that pay.",
        len(known),
        share=say.percent(known["harvest"].sum() / known["pay"].sum()),
        paid=say.number(limits.paid_hours),
        short=say.number((known["pay_capacity"] < 1).sum()),
    )
    covered = (known["paid"] * known["hours"]).sum() / hours["hours"].sum()
    if covered >= limits.coverage:
        return told
    return say.together(told, say("Weak: costs cover only {share} of the hours.", share=say.percent(covered)))


def about_effort(effort: pd.DataFrame, follows: dict[str, float], run: Any) -> str:
    """Whether hours go where value is; frames of ``effort_by_tier`` and ``effort_follows``."""
    say = of(run)
    high = effort[effort["tier"].isin(["S", "A"])]
    shares = {name: high[f"{name}_share"].sum(min_count=1) for name in ("hours", "soil")}
    told = [say("S and A take {hours} of our hours.", hours=say.percent(shares["hours"]))]
    if pd.notna(shares["soil"]):
        told = [
            say(
                "S and A take {hours} of our hours and hold {soil} of the soil value.",
                hours=say.percent(shares["hours"]),
                soil=say.percent(shares["soil"]),
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
    return say.together(*told)
