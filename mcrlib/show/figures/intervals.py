"""How every picture begins that has a row per name and an interval in each row."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, INK, LINE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.style import canvas, money_axis, percent_axis
from mcrlib.show.words.catalogue import Words


def interval_rows(
    shown: pd.DataFrame,
    say: Words,
    columns: tuple[str, str, str, str],
    *,
    bars: Sequence[str] | None = None,
    dot: str = "",
    shares: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw a row per line of a frame, the first on top: its name, its interval, and a dot or a bar for the middle.

    Parameters
    ----------
    shown : DataFrame
        The rows, as many as there is room for.
    say
        Language and currency.
    columns : tuple of str
        Where the name, the low end, the middle and the high end of the interval stand.
    bars : list of str, optional
        A colour per row: bars from zero take the place of dots, and a thin line holds the interval.
    dot : str
        Name of the dots in a legend, where there is one.
    shares : bool
        The axis across is shares; else it is money.
    ax : Axes, optional
        Draw here instead of on an own canvas.
    """
    names, low, middle, high = (shown[column] for column in columns)
    ax, rows = canvas(ax, 0.35 + 0.29 * max(len(shown), 2)), np.arange(len(shown))
    if bars is None:
        ax.hlines(rows, low, high, color=EARTH[2], linewidth=5)
        ax.plot(middle, rows, "o", ms=7, color=EARTH[0], label=dot)
    else:
        ax.barh(rows, middle, height=0.62, color=bars)
        ax.hlines(rows, low, high, color=INK, linewidth=1.2)
        ax.plot([low, high], [rows, rows], "|", color=INK, markersize=7)
    ax.set_yticks(rows, [shorten(str(name), 26 if shares else 20) for name in names])
    ax.set_ylim(max(len(shown), 2) - 0.5, -0.6)
    ax.grid(True, axis="x")
    ax.spines["bottom"].set_color(LINE)
    (percent_axis if shares else money_axis)(ax.xaxis, say)
    return ax
