"""How well an order of accounts puts those first that then bring most."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ROUNDING = 1e-9


def gini(came: Array, by: Array, weight: Array | None = None) -> float:
    """Tell how well accounts were put in order: 1 is the perfect order, 0 is chance.

    Parameters
    ----------
    came : array
        What each account brought.
    by : array
        What orders them, the most first; equal ones share their place.
    weight : array, optional
        How often each account counts; once without it.

    Returns
    -------
    float
        The area between the gain curve and chance, as a share of the perfect order's (normalised Gini). NaN where
        nothing came, or the same of all.
    """
    counts = np.ones(len(came)) if weight is None else weight
    best = _concentration(came, came, counts)
    return _concentration(came, by, counts) / best if best > 0 else float("nan")


def among_highest(value: Array, room: float) -> Array:
    """Tell of each account whether it is among the highest: 1, 0, or a part where several tie at the edge.

    Parameters
    ----------
    value : array
        What orders the accounts.
    room : float
        How many are taken; the parts sum to it.
    """
    group, size = np.unique(-value, return_inverse=True, return_counts=True)[1:]
    before = np.cumsum(size) - size
    part: Array = np.clip(room - before, 0, size) / size
    return part[group]


def in_top_share(value: pd.Series, share: float) -> pd.Series:
    """Tell of each account whether it is in the share that is highest: as many whole accounts as fit into it.

    Parameters
    ----------
    value : Series
        What orders the accounts; of equal ones the first in the series stands higher.
    share : float
        0 to 1 of the accounts.
    """
    return value.rank(ascending=False, method="first") <= share * len(value) + _ROUNDING


def _concentration(came: Array, by: Array, weight: Array) -> float:
    total = (weight * came).sum()
    if total <= 0:
        return 0.0
    _, group = np.unique(by, return_inverse=True)
    width = np.bincount(group, weight)
    place = (np.cumsum(width) - width / 2) / weight.sum()
    return float(2 * (weight * came * (place[group] - 0.5)).sum() / total)
