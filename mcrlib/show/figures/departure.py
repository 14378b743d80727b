"""Pictures of what leaves with a person: the loss, its course, and who has held which account for how long."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, LEAF, LINE, PAPER, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.intervals import interval_rows
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, money_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.terms import term


@picture
def loss_tornado(shock: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """What would be lost in the year after a seller left, the dearest first.

    Parameters
    ----------
    shock : DataFrame
        scenario (name), expected, low, high (money, 5 and 95 %), flagged, status.
    run
        Language, currency, as-of date and the threshold ``loss_flag``.
    top : int
        How many to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A bar per seller with its interval; those above the mark are dark.
    """
    say = of(run)
    known = shock[shock["status"] != "not_available"]
    shown = known.head(top)
    colours = [EARTH[0] if flagged else EARTH[2] for flagged in shown["flagged"]]
    ax = interval_rows(shown, say, ("scenario", "low", "expected", "high"), bars=colours, ax=ax)
    ax.set_xlim(left=0)
    marked = int(known["flagged"].sum())
    limit = say.percent(run.settings.thresholds.loss_flag)
    answer = say.count(
        "{n} departure may cost more than {limit} of all profit",
        "{n} departures may each cost more than {limit} of all profit",
        marked,
        limit=limit,
    )
    if not marked:
        answer = say("No departure is likely to cost more than {limit} of all profit", limit=limit)
    if known.empty:
        answer = say("What the sellers hold alone is not known")
    alt = say("Bars of the loss by seller with intervals. {answer}.", answer=answer)
    caption = say(
        "The bar is the gross profit that would be lost in the year after this seller left, the line holds 9 of 10 "
        "cases. Dark bars: one case in twenty is more than {limit} of all profit. It rests on what the seller alone "
        "knows of the customers and on what past changes of hands cost, or on 15% of all where that foretells better "
        "(see above); it is no basis for employment decisions.",
        limit=limit,
    )
    return tell(
        ax, run, title=say("What if this seller leaves?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} sellers", shown=say.number(len(shown)), n=say.number(len(shock))),
        across=say("gross profit lost in a year"),
    )  # fmt: skip


@picture
def loss_course(course: pd.DataFrame, run: Any, *, half_life: float, ax: Axes | None = None) -> Axes:
    """How a loss heals quarter by quarter after a departure.

    Parameters
    ----------
    course : DataFrame
        One scenario: scenario (name), quarter (0 starts with the departure), expected, low, high (money).
    run
        Language, currency and as-of date.
    half_life : float
        Quarters until half is made good.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A line with its band.
    """
    say, ax = of(run), canvas(ax, 2.6)
    at = course["quarter"] + 1
    ax.fill_between(at, course["low"], course["high"], color=EARTH[1], alpha=0.22, linewidth=0)
    ax.plot(at, course["expected"], color=EARTH[1], linewidth=2.2, marker="o")
    ax.set_ylim(bottom=0)
    ax.set_xticks(at)
    ax.grid(True, axis="y")
    money_axis(ax.yaxis, say)
    answer = say("Half of it is made good after {n} quarters", n=say.number(half_life, 1))
    alt = say("A falling line of the loss by quarter with a band. {answer}.", answer=answer)
    caption = say(
        "Gross profit missing in each quarter after the departure; the band holds 9 of 10 cases. How fast it heals is "
        "learnt from our own changes of hands, as far as they tell, and from the literature."
    )
    title = say("How long would the loss of {name} be felt?", name=str(course["scenario"].iloc[0]))
    return tell(
        ax, run, title=title, answer=answer, alt=alt, caption=caption,
        across=say("quarters after the departure"), up=say("gross profit missing in the quarter"),
    )  # fmt: skip


@picture
def tenure_lanes(lanes: pd.DataFrame, run: Any, *, top: int = 14, ax: Axes | None = None) -> Axes:
    """Who has held the largest accounts, from when until when.

    Parameters
    ----------
    lanes : DataFrame
        One row per spell, the largest account first: account_id, account_name, valid_from (empty: nobody knows since
        when), valid_to (empty: still), years.
    run
        Language, as-of date and the threshold ``tenure_years``.
    top : int
        How many accounts to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A lane per account; a change of colour is a change of hands, hatched is longer than the method allows.
    """
    say, limit = of(run), run.settings.thresholds.tenure_years
    shown = lanes["account_id"].drop_duplicates().head(top)
    spells = lanes[lanes["account_id"].isin(shown)]
    today = pd.Timestamp(run.date)
    begin = pd.to_datetime(spells["valid_from"])
    first = min([*begin.dropna(), today - pd.DateOffset(years=1)])
    ax = canvas(ax, 0.4 + 0.3 * max(len(shown), 2))
    for row, account in enumerate(shown):
        own = spells[spells["account_id"] == account].sort_values("valid_from", na_position="first")
        for turn, one in enumerate(rows_of(own)):
            start = first if pd.isna(one.valid_from) else one.valid_from
            end = today if pd.isna(one.valid_to) else one.valid_to
            colour = STONE[3] if pd.isna(one.years) else (LEAF[1], LEAF[2])[turn % 2]
            ax.barh(
                row, _year(end) - _year(start), left=_year(start), height=0.6, color=colour, edgecolor=PAPER,
                linewidth=0.8, hatch="////" if one.years > limit else None,
            )  # fmt: skip
    named = lanes.drop_duplicates("account_id").set_index("account_id")["account_name"]
    ax.set_yticks(range(len(shown)), [shorten(str(named[account]), 18) for account in shown])
    ax.set_ylim(max(len(shown), 2) - 0.4, -0.6)
    years = range(math.ceil(_year(first)), int(_year(today)) + 1)
    ax.set_xlim(_year(first), _year(today))
    ax.set_xticks(list(years)[:: max(1, len(years) // 5)])
    now = spells[pd.isna(spells["valid_to"])]
    answer = say(
        "{n} of {all} whose beginning is known have been in the same hands for more than {years} years",
        n=say.number((now["years"] > limit).sum()), all=say.number(now["years"].notna().sum()), years=say.number(limit),
    )  # fmt: skip
    alt = say("A lane of coloured spells per account. {answer}.", answer=answer)
    caption = say(
        "Each lane is an account, each change of colour a change of hands; pale: nobody knows since when. Hatched "
        "spells are longer than the method's three to four years."
    )
    return tell(
        ax, run, title=say("Who has held the largest accounts, and for how long?"), answer=answer, alt=alt,
        caption=caption, n=say.count("{n} account", "{n} accounts", len(shown)),
    )  # fmt: skip


def _light(text: str) -> str:
    """The short name of a light: what stands before its explanation."""
    return re.split(r": |：", text)[0]


def _year(day: Any) -> float:
    stamp = pd.Timestamp(day)
    return stamp.year + (stamp.day_of_year - 1) / 365.25


@picture
def scorecard_lights(card: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """Six lights between selling by the elite and selling by the process.

    Parameters
    ----------
    card : DataFrame
        In the order of the method: metric, value (0 to 1, 1 is sick), low, high, status; ``overall`` at the end.
    run
        Language, as-of date and the threshold ``sick``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A lamp per light on a line from 0 to 1; hollow where the export does not tell.
    """
    say, limit = of(run), run.settings.thresholds.sick
    ax = canvas(ax, 0.4 + 0.4 * len(card))
    for row, one in enumerate(rows_of(card)):
        if one.status == "not_available":
            ax.plot(0, row, "o", color=STONE[2], markerfacecolor=PAPER, markersize=11)
            ax.annotate(term(say, "fertility_status", one.status), (0, row), xytext=(10, 0), textcoords="offset points",
                        va="center", color=SOFT, size=SMALL)  # fmt: skip
            continue
        ax.plot([0, 1], [row, row], color=LINE, linewidth=1)
        colour = EARTH[0] if one.value > limit else LEAF[1] if one.value < limit / 2 else GRAIN[1]
        if np.isfinite(one.low):
            ax.plot(np.clip([one.low, one.high], 0, 1), [row, row], color=colour, linewidth=2)
        filled = PAPER if one.status == "weak" else colour
        mark = "D" if one.metric == "overall" else "o"
        ax.plot(one.value, row, mark, color=colour, markerfacecolor=filled, markersize=11)
    ax.axvline(limit, color=SOFT, linewidth=1, linestyle="--", zorder=0)
    ax.set_yticks(range(len(card)), [_light(term(say, "metric", one)) for one in card["metric"]])
    ax.set(xlim=(-0.04, 1.04), ylim=(len(card) - 0.4, -0.6))
    ax.set_xticks((0, 0.5, 1), [say.percent(share) for share in (0, 0.5, 1)])
    ax.spines["bottom"].set_color(LINE)
    answer = _lit(card[card["metric"] != "overall"], limit, say)
    alt = say("Six lamps on lines from healthy to sick, and all together. {answer}.", answer=answer)
    caption = say(
        "To the left selling runs by the process, to the right by the elite. Right of the dashed line (proposed) the "
        "light is red; hollow lamps rest on little or nothing; bars hold 9 of 10 outcomes. The order is the method's: "
        "one excess, two lacks, three nones."
    )
    return tell(
        ax, run, title=say("Elite or process: how are we selling?"), answer=answer, alt=alt, caption=caption,
        across=say("share that is sick"),
    )  # fmt: skip


def _lit(lights: pd.DataFrame, limit: float, say: Words) -> str:
    """How many lights are red, and how many nobody can judge."""
    known = lights[lights["status"] != "not_available"]
    if known.empty:
        return say("No light can be judged")
    red, all_, dark = int((known["value"] > limit).sum()), len(known), len(lights) - len(known)
    if dark:
        return say.count(
            "{n} of {all} known lights is red, {dark} cannot be judged",
            "{n} of {all} known lights are red, {dark} cannot be judged",
            red, all=say.number(all_), dark=say.number(dark),
        )  # fmt: skip
    return say.count("{n} of {all} lights is red", "{n} of {all} lights are red", red, all=say.number(all_))
