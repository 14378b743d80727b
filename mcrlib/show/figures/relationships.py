"""Pictures of relationships: the three axes, key persons, the grid of levels and functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.colors import LinearSegmentedColormap

from mcrlib.judge.relationships.grid import FUNCTIONS, LEVELS
from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LEAF, LINE, PAPER, TIER_MARKERS, TIERS
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.scales import mark_area
from mcrlib.show.figures.style import canvas, label, legend_above, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term

_SHADES = LinearSegmentedColormap.from_list("leaf", [PAPER, LEAF[2], LEAF[0]])


@picture
def three_axis_map(axes: pd.DataFrame, run: Any, *, top: int = 6, ax: Axes | None = None) -> Axes:
    """Every customer on the three axes: key persons across, breadth up, organisations by colour.

    Parameters
    ----------
    axes : DataFrame
        account_name, tier, key, general, organisation (0-1, empty where not known); customers without the first two are
        not drawn.
    run
        Language, as-of date and the threshold ``axis_built``.
    top : int
        How many S customers to name.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Both axes are shares; a hollow mark has no value for organisations.
    """
    say, ax, built = of(run), canvas(ax, 3.4), run.settings.thresholds.axis_built
    known = axes.dropna(subset=["key", "general"])
    ax.axvline(built, color=LINE, linewidth=1, zorder=0)
    ax.axhline(built, color=LINE, linewidth=1, zorder=0)
    for tier in TIERS:
        mine = known[known["tier"] == tier]
        colours = [_SHADES(0.15 + 0.85 * value) if value == value else "none" for value in mine["organisation"]]
        ax.scatter(mine["key"], mine["general"], s=2 * mark_area(len(known)), c=colours, marker=TIER_MARKERS[tier],
                   edgecolors=LEAF[0], linewidths=0.7, label=tier)  # fmt: skip
    ax.set(xlim=(-0.05, 1.05), ylim=(-0.05, 1.05))
    percent_axis(ax.xaxis, say)
    percent_axis(ax.yaxis, say)
    _key(ax, 4)
    both = (known["key"] >= built) & (known["general"] >= built)
    answer = say.count("{n} customer of {all} has key persons and breadth",
                       "{n} of {all} customers have key persons and breadth",
                       int(both.sum()), all=say.number(len(known)))  # fmt: skip
    alt = say("Marks for customers by key persons and breadth, darker with organisations. {answer}.", answer=answer)
    caption = say(
        "To the right the key persons support us, further up we are in touch with more of the cells of level and "
        "function; the darker, the more the organisations are tied. Alone on the right hangs on a few persons."
    )
    n = say.count("{n} customer with contacts and activities", "{n} customers with contacts and activities", len(known))
    made = tell(
        ax, run, title=say("On which axes do the relationships stand?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("key persons"), up=say("breadth"),
    )  # fmt: skip
    best = known[known["tier"] == "S"].head(top)
    label(made, [(one.key, one.general, shorten(one.account_name, 16)) for one in rows_of(best)])
    return made


def _key(ax: Axes, columns: int) -> None:
    """What the marks mean, filled alike: a legend shows the first mark of each kind, and that one may be hollow."""
    for mark in legend_above(ax, columns).legend_handles:
        assert isinstance(mark, PathCollection)
        mark.set(facecolor=mark.get_edgecolor(), sizes=[30])


@picture
def persons_matrix(rated: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """The key persons by support and intimacy: who is with us, and who grew cooler.

    Parameters
    ----------
    rated : DataFrame
        support_value, intimacy_value (0-1), support_basis, intimacy_basis (recorded, proxy), moved, power; persons
        without both values are not drawn.
    run
        Language, as-of date and the threshold ``person_high``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Full marks are recorded in both, hollow ones stand on a proxy; triangles grew warmer or cooler in a quarter.
    """
    say, ax, high = of(run), canvas(ax, 3.4), run.settings.thresholds.person_high
    known = rated.dropna(subset=["support_value", "intimacy_value"])
    recorded = (known["support_basis"] == "recorded") & (known["intimacy_basis"] == "recorded")
    # Marks recorded on a scale of few steps would hide each other: they are spread in rings around their place.
    turn = known.groupby(["support_value", "intimacy_value"]).cumcount().to_numpy()
    reach, angle = min(0.02, 0.075 / np.sqrt(turn.max(initial=1))) * np.sqrt(turn), 2.4 * turn
    across, up = known["support_value"] + reach * np.cos(angle), known["intimacy_value"] + reach * np.sin(angle)
    area = 0.4 * mark_area(len(known)) * known["power"]
    ax.axvline(high, color=LINE, linewidth=1, zorder=0)
    ax.axhline(high, color=LINE, linewidth=1, zorder=0)
    for moved, mark, colour in (("same", "o", LEAF[1]), ("warmer", "^", GRAIN[1]), ("cooler", "v", EARTH[1])):
        mine = (known["moved"].fillna("same") == moved).to_numpy()
        fills = [colour if full else "none" for full in recorded[mine]]
        ax.scatter(across[mine], up[mine], s=area[mine], c=fills, marker=mark, edgecolors=colour, linewidths=1,
                   label=f"{term(say, 'moved', moved)} ({say.number(mine.sum())})")  # fmt: skip
    ax.set(xlim=(-0.08, 1.08), ylim=(-0.08, 1.08))
    percent_axis(ax.xaxis, say)
    percent_axis(ax.yaxis, say)
    _key(ax, 3)
    against = (known["support_value"] <= high).sum()
    answer = say("{n} of {all} key persons are not with us", n=say.number(against), all=say.number(len(known)))
    alt = say("Marks for key persons by support and intimacy. {answer}.", answer=answer)
    caption = say(
        "To the right they support us, further up we are close; larger marks have more say. Full marks are recorded in "
        "the CRM, hollow ones stand on how deals ended or how we met. High on the left: bring value, not dinners. Low "
        "on the right: keep the professional rhythm. Warmer or cooler: engagement doubled or halved in a quarter."
    )
    n = say.count("{n} key person", "{n} key persons", len(known))
    return tell(
        ax, run, title=say("Who supports us, and to whom are we close?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("support"), up=say("intimacy"),
    )  # fmt: skip


@picture
def coverage_grid(grid: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """The grid of levels and functions: in which cells of the S and A customers we are in touch.

    Parameters
    ----------
    grid : DataFrame
        level, function, n (customers where the cell is expected), covered, share (0-1).
    run
        Language, as-of date and the threshold ``small_number``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One cell per level and function with its numbers; cells of few customers have no colour.
    """
    say, few = of(run), run.settings.thresholds.small_number
    levels = [level for level in LEVELS if level in set(grid["level"])]
    functions = [function for function in FUNCTIONS if function in set(grid["function"])]
    ax = canvas(ax, 0.4 + 0.34 * max(len(functions), 2))
    shares = np.full((len(functions), len(levels)), np.nan)
    for one in rows_of(grid):
        row, column = functions.index(one.function), levels.index(one.level)
        shares[row, column] = one.share if one.n >= few else np.nan
        ink = PAPER if one.n >= few and one.share > 0.72 else INK
        text = say("{n} of {all}", n=say.number(one.covered), all=say.number(one.n))
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=SMALL, color=ink)
    ax.pcolormesh(np.ma.masked_invalid(shares), cmap=_SHADES, vmin=0, vmax=1, edgecolors=LINE, linewidth=1)
    ax.set_xticks(np.arange(len(levels)) + 0.5, [term(say, "level", level) for level in levels])
    ax.set_yticks(np.arange(len(functions)) + 0.5, [term(say, "function", function) for function in functions])
    ax.set(xlim=(0, len(levels)), ylim=(len(functions), 0))
    ax.xaxis.tick_top()
    ax.spines[:].set_visible(False)
    covered, all_cells = grid["covered"].sum(), grid["n"].sum()
    answer = say(
        "In touch in {share} of the expected cells ({n} of {all})",
        share=say.percent(covered / all_cells), n=say.number(covered), all=say.number(all_cells),
    )  # fmt: skip
    alt = say("A grid of level by function with the customers at which we are in touch. {answer}.", answer=answer)
    caption = say(
        "Each cell counts the S and A customers at which we are in touch with somebody there, of those at which the "
        "cell is expected: we know somebody, or do at a quarter of the customers of its size. Darker is better "
        "covered; cells of fewer than {few} customers have no colour.",
        few=say.number(few),
    )
    n = say.count("{n} cell", "{n} cells", int(all_cells))
    title = say("Where are we in touch, level by level?")
    return tell(ax, run, title=title, answer=answer, alt=alt, caption=caption, n=n)
