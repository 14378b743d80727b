"""Picture of the moves between tiers since an earlier date."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from mcrlib.show.figures.colours import EARTH, INK, LEAF, STONE, TIERS
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, picture, rows_of, tell
from mcrlib.show.words.catalogue import of

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
