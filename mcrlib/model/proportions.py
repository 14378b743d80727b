"""How far a share of few may be off."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv


def share_bounds(share: ArrayLike, n: ArrayLike, *, level: float = 0.80) -> tuple[NDArray[Any], NDArray[Any]]:
    """Tell between which bounds a share lies that was seen in so few.

    Parameters
    ----------
    share : array
        Shares, 0 to 1; NaN stays NaN.
    n : array
        How many stand behind each.
    level : float
        Probability of the interval.

    Returns
    -------
    array, array
        Lower and upper bounds of Jeffreys' interval (Brown, Cai and DasGupta 2001, Statistical Science 16), widened to
        hold the share itself where that is none, all, or of very few.
    """
    seen, behind = np.asarray(share, float), np.asarray(n, float)
    hits, tail = np.clip(seen * behind, 0.0, behind), (1 - level) / 2
    low, high = (betaincinv(hits + 0.5, behind - hits + 0.5, at) for at in (tail, 1 - tail))
    return np.minimum(low, seen), np.maximum(high, seen)
