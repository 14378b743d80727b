"""Picture of the top list: who was in it years ago, who is in it today."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, LEAF, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.scales import money_ticks, place
from mcrlib.show.figures.style import canvas, legend_above, picture, rows_of, tell
from mcrlib.show.words.catalogue import of

#: From below to above: who stayed, who left, who is new.
_LOOK = {"stayed": (STONE[2], "-"), "left": (EARTH[1], ":"), "new": (LEAF[1], "-")}


@picture
def top_slopes(lists: pd.DataFrame, run: Any, *, top: int = 4, ax: Axes | None = None) -> Axes:
    """What the customers of today's top list and of the one years ago brought then and bring now.

    Parameters
    ----------
    lists : DataFrame
        One row per account in either list: account_name, gp_then, gp_now (money), moved (stayed, new, left), years.
    run
        Language, currency and as-of date.
    top : int
        How many of the new ones, and of those that left, to name.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A line per account from then to now; money grows by tens.
    """
    say, ax = of(run), canvas(ax, 3.4)
    heights, ticks = place(pd.concat([lists["gp_then"], lists["gp_now"]], ignore_index=True))
    placed = lists.assign(then=heights[: len(lists)], now=heights[len(lists) :])
    years, counts = int(lists["years"].iloc[0]), lists["moved"].value_counts()
    names = {"stayed": say("stayed"), "left": say("left the list"), "new": say("new in the list")}
    for moved, (colour, dashes) in _LOOK.items():
        mine = placed[placed["moved"] == moved]
        for one in rows_of(mine):
            ax.plot((0, 1), (one.then, one.now), color=colour, linestyle=dashes, marker="o", markersize=4)
        ax.plot([], [], color=colour, linestyle=dashes, label=f"{names[moved]} ({say.number(len(mine))})")
    money_ticks(ax.yaxis, ticks, say)
    ax.grid(True, axis="y")
    ax.set_xlim(-0.75, 1.75)
    ax.set_xticks((0, 1), [say.count("{n} year ago", "{n} years ago", years), say("today")])
    legend_above(ax, 3, handletextpad=0.8)
    size = counts.get("stayed", 0) + counts.get("new", 0)
    answer = say("{new} of today's top {top} are new", new=say.number(counts.get("new", 0)), top=say.number(size))
    made = tell(
        ax, run, title=say("Who makes the top list, then and now?"), answer=answer,
        alt=say("Lines from the profit of customers then to their profit now. {answer}.", answer=answer),
        caption=say(
            "Every line is a customer of today's top list or of the list then, from the gross profit of that year to "
            "that of the last four quarters. Lines that rise from the bottom are those who became large; dotted lines "
            "left the list."
        ),
        n=say.count("{n} customer", "{n} customers", len(lists)), up=say("gross profit of a year"),
    )  # fmt: skip
    for side, when, moved in ((1, "now", "new"), (0, "then", "left")):
        _name(ax, placed[placed["moved"] == moved].nlargest(top, f"gp_{when}"), side, when)
    return made


def _name(ax: Axes, chosen: pd.DataFrame, side: int, when: str) -> None:
    """Write names outside of the lines, from the top, none nearer to the next than a line of letters."""
    low, high = ax.get_ylim()
    free = high
    for one in rows_of(chosen):
        at = getattr(one, when)
        free = min(at, free)
        ax.annotate(shorten(one.account_name, 16), (side, at), xytext=(side + (0.06 if side else -0.06), free),
                    ha="left" if side else "right", va="center", size=SMALL, color=SOFT)  # fmt: skip
        free -= 0.065 * (high - low)
