"""Pictures of the rotation test: what happens to accounts when they change hands, over time and by region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, INK, LEAF, LINE, PAPER, SOFT
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.style import canvas, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import Words, of

#: Intervals wider than this share of what was expected are cut at the edge of the picture.
_WIDEST = 1.5


@picture
def rotation_course(path: pd.DataFrame, run: Any, *, whole: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """Orders of accounts around a change of hands, against accounts like them that kept theirs.

    Parameters
    ----------
    path : DataFrame
        One row per quarter: quarter (0 starts with the change), value, low, high (share of the expected), n.
    run
        Language and as-of date.
    whole : DataFrame
        One row: value (share of the expected in the year after), n, status; what the picture says in words.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A dot and its 90 % interval per quarter; the quarters before the change are hollow: they should lie on the line.
    """
    say, ax = of(run), canvas(ax, 3.0)
    known = path.dropna(subset=["value"])
    for one in rows_of(known):
        before = one.quarter < 0
        colour = SOFT if before else EARTH[1]
        if np.isfinite(one.low):
            ax.plot([one.quarter] * 2, np.clip([one.low, one.high], -1, _WIDEST), color=colour, linewidth=1.6)
        ax.plot(one.quarter, one.value, "o", color=colour, markerfacecolor=PAPER if before else colour, markersize=7)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.axvline(-0.5, color=SOFT, linewidth=1, linestyle="--")
    ax.set_xticks(known["quarter"], [f"{quarter:+d}" if quarter else "0" for quarter in known["quarter"]])
    ax.set_ylim(max(-1.05, ax.get_ylim()[0]), min(_WIDEST, max(0.25, ax.get_ylim()[1])))
    ax.grid(True, axis="y")
    percent_axis(ax.yaxis, say)
    answer = _year_after(whole.iloc[0], say)
    alt = say("Dots by quarter around a change of hands. {answer}.", answer=answer)
    caption = say(
        "At 0 the account changes hands. The line is what accounts like it did that kept theirs; the bars hold 9 of 10 "
        "outcomes. Hollow dots lie before the change: off the line there, the comparison is not fair."
    )
    n = say.count("{n} change of hands", "{n} changes of hands", int(whole["n"].iloc[0]))
    return tell(
        ax, run, title=say("What happens around a change of hands?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("quarters from the change"), up=say("orders against similar accounts"),
    )  # fmt: skip


def _year_after(whole: pd.Series, say: Words) -> str:
    """The year after a change of hands in words, in the whole percents that the page says."""
    if whole["status"] == "not_available":
        return say("No change of hands can be judged")
    effect = round(whole["value"], 2)
    if effect == 0:
        return say("As many orders in the year after as accounts like them")
    share = say.percent(abs(effect))
    fewer = say("{share} fewer orders in the year after", share=share)
    return fewer if effect < 0 else say("{share} more orders in the year after", share=share)


@picture
def rotation_regions(
    regions: pd.DataFrame, run: Any, *, whole: pd.DataFrame, top: int = 14, ax: Axes | None = None
) -> Axes:
    """The effect of changes of hands region by region, the company at the end.

    Parameters
    ----------
    regions : DataFrame
        group (region), value, low, high (share of the expected), n.
    run
        Language and as-of date.
    whole : DataFrame
        One row with the same columns for the company, without its group.
    top : int
        How many regions to show: those with the most changes of hands.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A dot and a bar per region.
    """
    say = of(run)
    most = regions.sort_values(["n", "group"], ascending=[False, True], kind="stable").head(top)
    shown = most.sort_values(["value", "group"], kind="stable")
    drawn = pd.concat([shown, whole.assign(group=say("all"))])[["group", "value", "low", "high", "n"]]
    ax = canvas(ax, 0.5 + 0.36 * max(len(drawn), 2))
    names = [shorten(str(one), 16) for one in drawn["group"]]
    for row, one in enumerate(rows_of(drawn)):
        colour = EARTH[0] if row == len(shown) else LEAF[1]
        ax.plot(np.clip([one.low, one.high], -1, _WIDEST), [row] * 2, color=colour, linewidth=2)
        ax.plot(one.value, row, "D" if row == len(shown) else "o", color=colour, markersize=8)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.set_yticks(range(len(drawn)), [f"{name} ({n})" for name, n in zip(names, drawn["n"], strict=True)])
    ax.set_ylim(max(len(drawn), 2) - 0.4, -0.6)
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_color(LINE)
    percent_axis(ax.xaxis, say)
    apart = (regions["high"] < 0) | (regions["low"] > 0)
    some = say("In {n} of {all} regions the effect is certain", n=say.number(apart.sum()), all=say.number(len(regions)))
    answer = some if apart.any() else say("In no region is the effect certain")
    alt = say("Dots with intervals by region. {answer}.", answer=answer)
    caption = say(
        "Left of the line accounts order less after a change of hands than similar ones. The less a region tells, the "
        "more it is drawn to the whole; in brackets the changes. Bars hold 9 of 10 outcomes."
    )
    return tell(
        ax, run, title=say("Where does a person hold the customers?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} regions", shown=say.number(len(shown)), n=say.number(len(regions))),
        across=say("orders in the year after, against similar accounts"),
    )  # fmt: skip
