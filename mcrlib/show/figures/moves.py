"""Pictures of tiers over time: who moved, and whether tiers of earlier dates held the profit that came."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mcrlib.show.figures.colours import EARTH, INK, LEAF, SOFT, STONE, TIERS
from mcrlib.show.figures.style import canvas, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term

_RANK = {tier: place for place, tier in enumerate(TIERS)}


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
        ax.text(column, row + 0.24, say.money(one.soil_value), size=9, **on)
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
def tier_regret(regret: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How much of the later profit lay in S and A, by each way of choosing them, and what the misses cost.

    Parameters
    ----------
    regret : DataFrame
        Best first: way, share, low, high, regret (money), better_by, better_low, better_high, cutoffs, n.
    run
        Language, currency and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One bar per way, as long as the share; the line holds 8 of 10 draws. All but the kit's are grey and hatched.
    """
    say = of(run)
    ax = canvas(ax, 0.25 + 0.46 * max(len(regret), 2))
    for row, one in enumerate(rows_of(regret)):
        ours = one.way == "kit"
        ax.barh(row, one.share, height=0.36, color=EARTH[1] if ours else STONE[2],
                hatch=None if ours else "////", edgecolor="white", linewidth=0)  # fmt: skip
        ax.plot([one.low, one.high], [row, row], color=INK, linewidth=1.4, marker="|", ms=8)
        name = term(say, "way", one.way)
        text = say("{way}: {share}", way=name, share=say.percent(one.share))
        if one.way != "hindsight":
            text = say(
                "{way}: {share}, misses {regret}", way=name, share=say.percent(one.share), regret=say.money(one.regret)
            )
        ax.text(0, row - 0.24, text, ha="left", va="bottom", size=10)
    ax.set(ylim=(max(len(regret), 2) - 0.6, -0.75), yticks=[], xlim=(0, max(1.0, float(regret["high"].max()) * 1.02)))
    percent_axis(ax.xaxis, say)
    ax.tick_params(axis="x", colors=SOFT)
    answer = _answer(regret, say)
    alt = say("Bars for ways to choose S and A. {answer}.", answer=answer)
    caption = say(
        "At earlier dates as many accounts as the kit would have put into S and A are chosen in several ways, with "
        "what was known then; the bar is the share of the gross profit that then came from them, the money what the "
        "best choice in hindsight would have held more, per date. The line holds 8 of 10 draws."
    )
    n = say.count("{n} account", "{n} accounts", int(regret["n"].max()))
    return tell(ax, run, title=say("Did S and A hold the later profit?"), answer=answer, alt=alt, caption=caption, n=n)


def _answer(regret: pd.DataFrame, say: Any) -> str:
    by = regret.set_index("way")
    better = by.loc["last_year"]
    gap = say.percent(abs(better["better_by"]))
    if by["share"].gt(1)["kit"] and better["better_low"] > 0:
        return say("Yes: more of the profit than by last year's revenue")
    if better["better_low"] > 0:
        return say("Yes: {gap} of the profit more than by last year's revenue", gap=gap)
    if better["better_high"] < 0:
        return say("Last year's revenue held {gap} of the profit more: rank by it here", gap=gap)
    return say("About as much as by last year's revenue: the difference is within chance")
