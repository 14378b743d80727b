"""Accounts drawn again and again, to see how far a figure of few of them may be off."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

#: The 80 % interval of a resampled figure.
BOUNDS = (0.1, 0.9)


def bootstrap_counts(n: int, *, draws: int = 500, seed: int) -> Iterator[NDArray[np.float64]]:
    """Draw as many accounts as there are, with replacement; tell how often each was drawn.

    Parameters
    ----------
    n : int
        Accounts.
    draws : int
        Samples.
    seed : int
        Seed of the run; the same seed gives the same samples.

    Yields
    ------
    array
        One number per account, 0 or more; they sum to ``n``. Efron (1979), Annals of Statistics 7.
    """
    random = np.random.default_rng(seed)
    return (np.bincount(random.integers(n, size=n), minlength=n).astype(float) for _ in range(draws))
