"""Pictures of tiers over time: who moved, and whether tiers of earlier dates held the profit that came."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LEAF, LINE, SOFT, STONE, TIERS
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.regret import against_revenue, months
from mcrlib.show.words.terms import term

_RANK = {tier: place for place, tier in enumerate(TIERS)}
#: How each way to choose is drawn.
_LINES: dict[str, dict[str, Any]] = {
    "hindsight": {"color": STONE[2], "linewidth": 1.4},
    "kit": {"color": EARTH[1], "linewidth": 2.4},
    "last_year": {"color": SOFT, "linewidth": 1.6, "linestyle": "--"},
    "crm": {"color": GRAIN[1], "linewidth": 1.6, "linestyle": ":"},
}


@picture
def tier_moves(moves: pd.DataFrame, run: Any, *, since: Any, ax: Axes | None = None) -> Axes:
    """From which tier to which the accounts went, and what they are worth.

    Parameters
    ----------
    moves : DataFrame
        The pairs of tiers: tier_before, tier, n_accounts, soil_value (money).
    run
        Language, currency and as-of date.
    since : date
        When the accounts were in ``tier_before``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A row per tier then, a column per tier now; risen accounts are green, fallen ones brown with stripes.
    """
    say, ax = of(run), canvas(ax, 2.9)
    for one in rows_of(moves[moves["n_accounts"] > 0]):
        row, column = _RANK[one.tier_before], _RANK[one.tier]
        colour = STONE[3] if row == column else LEAF[2] if column < row else EARTH[2]
        stripes = "////" if column > row else None
        ax.add_patch(Rectangle((column - 0.47, row - 0.45), 0.94, 0.9, fc=colour, ec="white", hatch=stripes))
        on: dict[str, Any] = {
            "ha": "center",
            "va": "center",
            "color": INK,
            "bbox": {"fc": colour, "ec": "none", "pad": 1.5},
        }
        ax.text(column, row - 0.13, say.number(one.n_accounts), size=13, **on)
        ax.text(column, row + 0.24, say.money(one.soil_value), size=SMALL, **on)
    ax.set(xlim=(-0.5, 3.5), ylim=(3.5, -0.5))
    ax.set_xticks(range(4), TIERS, size=13, color=INK)
    ax.set_yticks(range(4), TIERS, size=13, color=INK)
    ax.xaxis.tick_top()
    for side in ax.spines.values():
        side.set_visible(False)
    rank, before = moves["tier"].map(_RANK), moves["tier_before"].map(_RANK)
    counts, worth = moves["n_accounts"], moves["soil_value"]
    answer = say(
        "Up: {up} ({up_value}), down: {down} ({down_value}); {same} stayed",
        up=say.number(counts[rank < before].sum()), up_value=say.money(worth[rank < before].sum()),
        down=say.number(counts[rank > before].sum()), down_value=say.money(worth[rank > before].sum()),
        same=say.number(counts[rank == before].sum()),
    )  # fmt: skip
    alt = say("A grid of tiers then and now. {answer}.", answer=answer)
    caption = say(
        "Each row holds the accounts of one tier on {date}, each column those of one tier now: how many they are and "
        "the soil value they have today. Left of the diagonal (green) they rose, right of it (striped) they fell.",
        date=say.date(since),
    )
    n = say.count("{n} account", "{n} accounts", int(counts.sum()))
    key = say("↓ tier on {date}, → tier now", date=say.date(since))
    return tell(ax, run, title=say("From which tier to which?"), answer=answer, alt=alt, caption=caption, n=n, key=key)


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
