"""Axes for money that spans from nothing to millions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import FixedFormatter, FixedLocator

from mcrlib.show.words.catalogue import Words


def place(values: pd.Series) -> tuple[np.ndarray, dict[float, float]]:
    """Positions of amounts on an axis that grows by tens, zero and less standing one step below the smallest power.

    Returns
    -------
    positions : array
        One per value; a missing value stays NaN and is not drawn.
    ticks : dict
        Position → amount.
    """
    amounts = values.to_numpy(dtype=float)
    positive = amounts[np.isfinite(amounts) & (amounts > 0)]
    if len(positive) == 0:
        return np.where(np.isnan(amounts), np.nan, 0.0), {0.0: 0.0}
    highest = math.ceil(math.log10(positive.max()) + 1e-9)
    lowest = max(math.floor(math.log10(np.quantile(positive, 0.02))), highest - 5)
    zero = lowest - 0.7
    with np.errstate(invalid="ignore", divide="ignore"):
        places = np.maximum(np.log10(amounts), lowest - 0.3)
    places = np.where(amounts <= 0, zero, places)
    ticks = {float(power): 10.0**power for power in range(lowest, highest + 1)}
    return places, ({zero: 0.0} if (amounts <= 0).any() else {}) | ticks


def money_ticks(axis: Any, ticks: dict[float, float], say: Words) -> None:
    """Write the ticks of ``place`` as money."""
    axis.set_major_locator(FixedLocator(list(ticks)))
    axis.set_major_formatter(FixedFormatter([say.money(amount, unit=False) for amount in ticks.values()]))


def mark_area(n: int) -> float:
    """Area of a mark in points²: smaller where there are many."""
    return float(np.clip(36 * (200 / max(n, 1)) ** 0.5, 9, 36))
