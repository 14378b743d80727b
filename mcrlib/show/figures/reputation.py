"""Pictures of our standing: what key persons and others say, against whom we win, and which promises we keep."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, LEAF, LINE, PAPER, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.style import canvas, legend_above, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import Words, of

_SIDES = {"ahead": LEAF[1], "behind": EARTH[1], "even": STONE[2]}


def _compared(gap: float, say: Words) -> str:
    """How others like us beside key persons; ``gap`` is that of the shares of the two."""
    if not np.isfinite(gap):
        return say("Key persons and others cannot be compared: answers of one kind are missing")
    points = round(100 * abs(gap))
    if points == 0:
        return say("Others like us as well as the key persons do")
    less = say.count("Others like us less than the key persons do, by {n} point",
                     "Others like us less than the key persons do, by {n} points", points)  # fmt: skip
    more = say.count("Others like us better than the key persons do, by {n} point",
                     "Others like us better than the key persons do, by {n} points", points)  # fmt: skip
    return less if gap > 0 else more


@picture
def opinion_gaps(opinions: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """What key persons say of us beside what all others say, tier by tier.

    Parameters
    ----------
    opinions : DataFrame
        tier (the last row ``all``), key_score, others_score (0-1), n_key, n_others, is_hidden.
    run
        Language, as-of date and the threshold ``hidden_discontent``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A dumbbell per tier.
    """
    say, ax, rows = of(run), canvas(ax, 0.5 + 0.32 * max(len(opinions), 2)), np.arange(len(opinions))
    colours = [GRAIN[1] if hidden else LINE for hidden in opinions["is_hidden"].fillna(False)]
    ax.hlines(rows, opinions["key_score"], opinions["others_score"], color=colours, linewidth=4, zorder=1)
    ax.scatter(opinions["key_score"], rows, s=55, color=LEAF[0], label=say("answers of key persons"), zorder=2)
    ax.scatter(opinions["others_score"], rows, s=55, facecolor=PAPER, edgecolor=LEAF[0], linewidths=1.6,
               label=say("answers of all others"), zorder=3)  # fmt: skip
    names = [say("all") if one.tier == "all" else one.tier for one in rows_of(opinions)]
    counts = [f"{say.number(one.n_key)} / {say.number(one.n_others)}" for one in rows_of(opinions)]
    ax.set_yticks(rows, [f"{name} ({count})" for name, count in zip(names, counts, strict=True)])
    ax.set(xlim=(-0.03, 1.03), ylim=(max(len(opinions), 2) - 0.4, -0.6))
    percent_axis(ax.xaxis, say)
    legend_above(ax, 2)
    whole = opinions.iloc[-1]
    answer = _compared(whole["gap"], say)
    alt = say("Pairs of marks for the answers of key persons and of others by tier. {answer}.", answer=answer)
    caption = say(
        "Mean answers of two years, brought to 0–100%; in brackets how many of key persons and of others. A gap of "
        "more than {gap} points, drawn in gold, is hidden discontent below; with fewer than {few} answers of either "
        "kind none is judged.",
        gap=say.number(100 * run.settings.thresholds.hidden_discontent),
        few=say.number(run.settings.thresholds.small_number),
    )
    n = say.count("{n} answer", "{n} answers", int(whole["n_key"] + whole["n_others"]))
    return tell(
        ax, run, title=say("Who is content, the top or the base?"), answer=answer, alt=alt, caption=caption, n=n
    )


@picture
def rival_rates(record: pd.DataFrame, run: Any, *, top: int = 10, ax: Axes | None = None) -> Axes:
    """How often we win against each rival, to the right and left of what is usual.

    Parameters
    ----------
    record : DataFrame
        rival, n, win_rate, low, high, usual, standing (ahead, behind, even); rivals without closed deals are not drawn.
    run
        Language and as-of date.
    top : int
        How many rivals to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Bars that begin at the usual rate, with their intervals.
    """
    say = of(run)
    known = record.dropna(subset="win_rate")
    shown = known.head(top).sort_values("win_rate", ascending=False)
    ax, rows = canvas(ax, 0.35 + 0.29 * max(len(shown), 2)), np.arange(len(shown))
    usual = float(record["usual"].iloc[0])
    ax.barh(rows, shown["win_rate"] - usual, 0.62, left=usual, color=[_SIDES[side] for side in shown["standing"]])
    ax.hlines(rows, shown["low"], shown["high"], color=SOFT, linewidth=1.2)
    ax.axvline(usual, color=LINE, linewidth=1, zorder=0)
    names = [f"{shorten(str(one.rival), 20)} ({say.number(one.n)})" for one in rows_of(shown)]
    ax.set_yticks(rows, names)
    ax.set(xlim=(0, 1), ylim=(max(len(shown), 2) - 0.5, -0.6))
    percent_axis(ax.xaxis, say)
    ahead, behind = ((known["standing"] == side).sum() for side in ("ahead", "behind"))
    answer = say("Surely ahead of {ahead} and behind {behind} of {n} rivals", ahead=say.number(ahead),
                 behind=say.number(behind), n=say.number(len(known)))  # fmt: skip
    alt = say("Bars of the share of deals won against each rival. {answer}.", answer=answer)
    caption = say(
        "Deals of three years with a named rival that were won or lost, their number in brackets. Bars begin at the "
        "share won against all named rivals together, {usual}; the line holds 80% of what chance allows. Green is "
        "surely better, brown surely worse.",
        usual=say.percent(usual),
    )
    n = say("{shown} of {n} rivals", shown=say.number(len(shown)), n=say.number(len(known)))
    return tell(
        ax, run, title=say("Which rival beats us more than others?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("share of deals won"),
    )  # fmt: skip


@picture
def promise_course(course: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How much of what fell due was kept by its day, quarter by quarter.

    Parameters
    ----------
    course : DataFrame
        ago (quarters back, the oldest first), n_due, kept, low, high (0-1), basis.
    run
        Language, as-of date and the threshold ``promises_kept``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A line with its band, and the line of what should be kept.
    """
    say, ax, wanted = of(run), canvas(ax, 1.9), run.settings.thresholds.promises_kept
    across = -course["ago"]
    ax.fill_between(across, course["low"], course["high"], color=LEAF[3], linewidth=0)
    ax.plot(across, course["kept"], color=LEAF[0], linewidth=1.8, marker="o", markersize=4)
    ax.axhline(wanted, color=GRAIN[1], linewidth=1.2, linestyle="--")
    ax.set_ylim(-0.04, 1.08)
    percent_axis(ax.yaxis, say)
    ticks = across[::-1][:: max(1, math.ceil(len(across) / 6))]
    ax.set_xticks(ticks, [say.number(value) for value in ticks])
    due = course["n_due"].sum()
    share = (course["kept"] * course["n_due"]).sum() / due
    answer = say("{share} of {n} promises were kept by their day", share=say.percent(share), n=say.number(due))
    if course["basis"].iloc[0] == "proxy":
        answer = say("{share} of {n} planned actions were done by their day", share=say.percent(share),
                     n=say.number(due))  # fmt: skip
    alt = say("A line of the share kept by quarter with its band. {answer}.", answer=answer)
    caption = say(
        "Quarters back from the as-of date; the band holds 80% of what chance allows, the dashed line is what should "
        "be kept ({wanted}). Without recorded promises the planned actions stand in. Promise only what delivery "
        "confirms.",
        wanted=say.percent(wanted),
    )
    n = say.count("{n} promise that fell due", "{n} promises that fell due", int(due))
    return tell(
        ax, run, title=say("Do we keep our word, quarter by quarter?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("quarters back"),
    )  # fmt: skip
