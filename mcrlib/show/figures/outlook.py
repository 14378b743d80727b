"""Picture of what the best customers brought and will bring: a line that opens into a fan."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, SOFT
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, money_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of

#: Years of the past that are drawn.
_BEHIND = 5


@picture
def outlook_fan(
    ahead: pd.DataFrame, run: Any, *, past: pd.DataFrame, last_year: float, n: int, ax: Axes | None = None
) -> Axes:
    """What some accounts brought until today, and the fan of what they will bring together, with a gate a year.

    Parameters
    ----------
    ahead : DataFrame
        years (1, 2 …), expected, low, high (money up to the end of that year, 80 %).
    run
        Language, currency and as-of date.
    past : DataFrame
        years (negative), total (negative: what has been brought since).
    last_year : float
        What they brought in the last year: the dotted line goes on with it.
    n : int
        How many accounts.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Today is at zero, across and up; the marks are the gates.
    """
    say, ax = of(run), canvas(ax, 3.3)
    today = pd.DataFrame({"years": [0], "expected": [0.0], "low": [0.0], "high": [0.0]})
    fan, end = pd.concat([today, ahead], ignore_index=True), ahead.iloc[-1]
    behind = past[past["years"] >= -_BEHIND]
    ax.plot(behind["years"], behind["total"], color=GRAIN[1], linewidth=2.2)
    ax.fill_between(fan["years"], fan["low"], fan["high"], color=EARTH[1], alpha=0.25, linewidth=0)
    ax.plot(fan["years"], fan["expected"], color=EARTH[0], linewidth=2.0, linestyle="--")
    ax.plot([0, end["years"]], [0, last_year * end["years"]], color=SOFT, linewidth=1.2, linestyle=":")
    ax.hlines(ahead["low"], ahead["years"] - 0.12, ahead["years"] + 0.12, color=INK, linewidth=2)
    ax.axvline(0, color=INK, linewidth=0.8)
    ax.grid(True, axis="y")
    ax.set_xticks(range(int(max(past["years"].min(), -_BEHIND)) if len(past) else 0, int(end["years"]) + 1))
    money_axis(ax.yaxis, say)
    answer = say(
        "{expected} in {years} years, {low} to {high} in 8 of 10 cases", expected=say.money(end["expected"]),
        years=say.number(end["years"]), low=say.money(end["low"]), high=say.money(end["high"]),
    )  # fmt: skip
    alt = say("A line up to today that opens into a fan. {answer}.", answer=answer)
    caption = say(
        "Gross profit added up and not discounted, as soil value is; today at zero: left what they brought, right what "
        "is expected. The fan holds 8 of 10 courses; below a mark, the gate of its year, are the worst 1 of 10: look "
        "anew. The dotted line is last year again. S was chosen for having brought much: that the line flattens is to "
        "be expected."
    )
    made = tell(
        ax, run, title=say("What will S bring?"), answer=answer, alt=alt, caption=caption,
        n=say.count("{n} account", "{n} accounts", n), across=say("years from today"),
        up=say("gross profit, added up"),
    )  # fmt: skip
    for one in rows_of(ahead):
        ax.annotate(
            say.money(one.low, unit=False), (one.years, one.low), xytext=(0, -4), textcoords="offset points",
            ha="center", va="top", size=SMALL, color=INK,
        )  # fmt: skip
    return made
