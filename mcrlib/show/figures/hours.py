"""Picture of the hours that customers take: what each brings for an hour of ours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, LEAF, LINE, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term

_LOOK = {"now": LEAF[1], "ahead": GRAIN[2], "entry": STONE[2], "no": EARTH[0]}
#: Longer bars are cut here, their number stands beside them.
_LONGEST = 4.0


@picture
def hour_bars(hours: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """What the customers that take most hours bring for one, beside the company's mean.

    Parameters
    ----------
    hours : DataFrame
        One row per account, most hours first: account_name, hours, hour_ratio (to the company's), carries.
    run
        Language, as-of date and the threshold ``hour_worth``.
    top : int
        How many accounts to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A bar per account in order, and a line at the least that an hour must bring.
    """
    say, need = of(run), run.settings.thresholds.hour_worth
    shown = hours.head(top).sort_values(["hour_ratio", "account_id"], ascending=[False, True])
    ax = canvas(ax, 0.5 + 0.26 * max(len(shown), 2))
    for carries, colour in _LOOK.items():
        rows = np.flatnonzero(shown["carries"] == carries)
        lengths = shown["hour_ratio"].clip(0.0, _LONGEST).to_numpy()[rows]
        if len(rows):
            ax.barh(rows, lengths, height=0.62, color=colour, label=term(say, "carries", carries))
    for row, one in enumerate(rows_of(shown)):
        ax.text(np.clip(one.hour_ratio, 0.0, _LONGEST), row, f" {say.percent(one.hour_ratio)}", va="center", size=SMALL)
    ax.legend(loc="lower right", frameon=False, fontsize=SMALL)
    ax.axvline(need, color=SOFT, linewidth=1, linestyle="--", zorder=0)
    ax.set_yticks(np.arange(len(shown)), [shorten(name, 18) for name in shown["account_name"]])
    ax.set_ylim(max(len(shown), 2) - 0.4, -0.6)
    ax.set_xlim(0, _LONGEST + 0.6)
    percent_axis(ax.xaxis, say)
    ax.spines["bottom"].set_color(LINE)
    answer = say.count(
        "{n} customer of the {all} that take most hours brings less",
        "{n} of the {all} customers that take most hours bring less",
        int((shown["hour_ratio"] < need).sum()), all=say.number(len(shown)),
    )  # fmt: skip
    alt = say("Bars for the profit that an hour of ours brings, with a line at what it must bring. {answer}.",
              answer=answer)  # fmt: skip
    caption = say(
        "Shown are the customers that take most of our hours. The bar is the harvest per hour of ours, beside that of "
        "the whole company (100 %); the dashed line is the least that a target customer brings, {need}.",
        need=say.percent(need),
    )  # fmt: skip
    n = say("{shown} of {n} customers served", shown=say.number(len(shown)), n=say.number(len(hours)))
    return tell(
        ax, run, title=say("What does an hour with them bring?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("harvest per hour, company = 100 %"),
    )  # fmt: skip
