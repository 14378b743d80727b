"""Pictures of size and growth: big customers and big companies, and how small today's best accounts began."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, LEAF, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.scales import mark_area, money_ticks, place
from mcrlib.show.figures.style import canvas, hide, label, legend_above, nothing, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term

_MARKS = {
    "big_valuable": (EARTH[0], "*"), "big_only": (STONE[1], "s"), "small_valuable": (LEAF[1], "^"),
    "small": (GRAIN[3], "o"),
}  # fmt: skip


@picture
def size_map(sized: pd.DataFrame, run: Any, *, top: int = 4, ax: Axes | None = None) -> Axes:
    """Every account by its own size and by what it brings us.

    Parameters
    ----------
    sized : DataFrame
        One row per account: account_name, size, harvest (money), corner; accounts of unknown size are not drawn.
    run
        Language, currency and as-of date.
    top : int
        How many big companies that bring little, and how many small ones that bring much, to name.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Both axes grow by tens.
    """
    say, ax = of(run), canvas(ax, 3.6)
    known = sized.dropna(subset=["size", "corner"])
    across, across_ticks = place(known["size"])
    up, up_ticks = place(known["harvest"])
    for corner, (colour, mark) in _MARKS.items():
        mine = (known["corner"] == corner).to_numpy()
        name = f"{term(say, 'corner', corner)} ({say.number(mine.sum())})"
        ax.scatter(across[mine], up[mine], s=mark_area(len(known)) * 1.3, c=colour, marker=mark, edgecolors=EARTH[1],
                   linewidths=0.4, alpha=0.9, rasterized=True, label=name)  # fmt: skip
    usual = np.log10((known["harvest"] / known["size"]).where(known["harvest"] > 0).median())
    ends = np.array([across.min(), across.max()])
    ax.plot(ends, ends + usual, color=SOFT, linewidth=1, linestyle="--", zorder=0)
    money_ticks(ax.xaxis, across_ticks, say)
    money_ticks(ax.yaxis, up_ticks, say)
    ax.grid(True)
    ax.margins(0.08)
    legend_above(ax, 2)
    corners = known["corner"].value_counts()
    answer = say(
        "Big companies that bring little: {only} of {big}; small ones that bring much: {small}",
        big=say.number(corners.get("big_only", 0) + corners.get("big_valuable", 0)),
        only=say.number(corners.get("big_only", 0)), small=say.number(corners.get("small_valuable", 0)),
    )  # fmt: skip
    caption = say(
        "To the right stand bigger companies, further up better customers; big and much mean the highest fifth. The "
        "dashed line is what a company of its size brings where it buys like the middle one. "
        "A big company low on the right needs a case for growth, or no key status."
    )
    made = tell(
        ax, run, title=say("How much do big and small companies bring?"), answer=answer, caption=caption,
        alt=say("Dots for accounts by their own size and the harvest they bring. {answer}.", answer=answer),
        n=say.count("{n} account of known size", "{n} accounts of known size", len(known)),
        across=say("their own size"), up=say("harvest, 12 months"),
    )  # fmt: skip
    label(made, _extremes(known.assign(x=across, y=up), top))
    return made


def _extremes(placed: pd.DataFrame, top: int) -> list[tuple[float, float, str]]:
    """Where the biggest companies that bring little and the small ones that bring most stand, with their names."""
    chosen = pd.concat([
        placed[placed["corner"] == "big_only"].nlargest(top, "size"),
        placed[placed["corner"] == "small_valuable"].nlargest(top, "harvest"),
    ])  # fmt: skip
    return [(one.x, one.y, shorten(one.account_name, 16)) for one in rows_of(chosen)]


@picture
def beginnings_bars(began: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How small today's S and A accounts began.

    Parameters
    ----------
    began : DataFrame
        One row per account that ordered: tier, quarter (1 to 4: its first year among the smallest … largest of all;
        empty where it is not over).
    run
        Language, currency and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One bar per quarter of beginnings: the S and A accounts of today that began there.
    """
    known = began.dropna(subset="quarter")
    best = known[known["tier"].isin(["S", "A"])]
    if best.empty:
        return nothing(ax, run)
    say, ax = of(run), canvas(ax, 1.9)
    counts = best["quarter"].value_counts().reindex([1, 2, 3, 4], fill_value=0)
    names = [say("smallest quarter"), say("second"), say("third"), say("largest quarter")]
    ax.barh(range(4), counts, height=0.6, color=[LEAF[2], LEAF[2], EARTH[2], EARTH[2]])
    for row, count in enumerate(counts):
        ax.text(count, row, f" {say.number(count)}", ha="left", va="center", size=10)
    ax.set_yticks(range(4), names)
    ax.set(ylim=(3.6, -0.6), xlim=(0, max(1, counts.max()) * 1.12))
    hide(ax.xaxis)
    ax.tick_params(axis="y", colors=SOFT)
    answer = say(
        "Of today's S and A, {n} of {all} began in the lower half",
        n=say.number(counts[[1, 2]].sum()), all=say.number(len(best)),
    )  # fmt: skip
    alt = say("Bars for the first year of today's S and A accounts. {answer}.", answer=answer)
    caption = say(
        "All accounts are ranked by the gross profit of their first four quarters; each bar counts those that are S or "
        "A today. Long bars at the top mean that the best grew from small. Accounts older than the export begin with "
        "its first quarter; those whose first four quarters are not over are not counted yet."
    )
    n = say.count("{n} account that ordered", "{n} accounts that ordered", len(known))
    if young := len(began) - len(known):
        n += " · " + say("{n} not yet a year with us", n=say.number(young))
    title = say("Where did today's S and A begin?")
    return tell(ax, run, title=title, answer=answer, alt=alt, caption=caption, n=n)
