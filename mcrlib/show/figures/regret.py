"""Picture of what tiers of earlier dates held: the profit that came in S and A, beside every other order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LINE, SOFT, STONE
from mcrlib.show.figures.style import canvas, percent_axis, picture, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.regret import against_revenue, months
from mcrlib.show.words.terms import term

#: How each way to choose is drawn.
_LINES: dict[str, dict[str, Any]] = {
    "hindsight": {"color": STONE[2], "linewidth": 1.4},
    "kit": {"color": EARTH[1], "linewidth": 2.4},
    "last_year": {"color": SOFT, "linewidth": 1.6, "linestyle": "--"},
    "crm": {"color": GRAIN[1], "linewidth": 1.6, "linestyle": ":"},
}


@picture
def tier_regret(
    gain: pd.DataFrame, run: Any, *, regret: pd.DataFrame, watches: Sequence[Any], ax: Axes | None = None
) -> Axes:
    """How much of the later profit lay in S and A, and in the first accounts of every other order.

    Parameters
    ----------
    gain : DataFrame
        As from ``gain_curves``: way, accounts_share, profit_share (0-1).
    run
        Language and as-of date.
    regret : DataFrame
        As from ``tier_regret``: days, way, accounts_share, share, low, high, outcome, cutoffs, n; the longest watch is
        drawn.
    watches : sequence of Watch
        As from ``regret_verdicts``: the first says how the tiers did beside last year's revenue.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One line per way; the dots are S and A, or as many accounts, and the line through ours holds 8 of 10 draws.
    """
    say, ax = of(run), canvas(ax, 3.3)
    by = regret[regret["days"] == regret["days"].max()].set_index("way")
    shares = by["share"].where(by["share"] <= 1)  # beside losses a part may be more than the whole
    ax.plot([0, 1], [0, 1], color=LINE, linewidth=1)
    for way, look in _LINES.items():
        line = gain[gain["way"] == way]
        if len(line):
            name = say("{way}: {share}", way=term(say, "way", way), share=say.percent(shares[way]))
            ax.plot(line["accounts_share"], line["profit_share"], label=name, **look)
            ax.plot(*by.loc[way, ["accounts_share", "share"]], "o", ms=6, color=look["color"])
    ours = by.loc["kit"]
    ax.vlines(ours["accounts_share"], ours["low"], ours["high"], color=INK, linewidth=1.4)
    percent_axis(ax.xaxis, say)
    percent_axis(ax.yaxis, say)
    ax.set(xlim=(0, 1))
    ax.legend(loc="best", frameon=False, fontsize=10, title=say("held by S and A, or by as many"))
    answer = say("Against last year's revenue: {outcome}", outcome=against_revenue(watches[0], say))
    alt = say("Lines that rise with the share of accounts chosen, one for each way. {answer}.", answer=answer)
    caption = say(
        "At earlier dates each line takes the accounts in the order of one way, the best first, with what was known "
        "then, and adds up the gross profit of the {months} months that followed. The dots are S and A, as many as "
        "each date had, or as many accounts by another way; the upright line holds 8 of 10 draws. The straight line "
        "is a choice by lot.",
        months=months(by["days"].iloc[0], say),
    )
    n = say.count("{n} account", "{n} accounts", int(ours["n"]))
    return tell(
        ax, run, title=say("Did S and A hold the later profit?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("share of the accounts, best first"), up=say("share of the profit that came"),
    )  # fmt: skip
