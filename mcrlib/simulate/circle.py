"""The customers' people whom we reach: how many in each quarter, and which of them speak with the owner alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.parameters import stream
from mcrlib.simulate.periods import running_number

Array = np.ndarray
MOST_CONTACTS = 40
_GOLDEN = (np.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Circle:
    """People at the customers.

    ``reached`` (accounts × quarters) of each account's people are in touch, always those of the first ranks. ``pool``
    is how many people an account has in the contact table, ``first`` the place of its first one there. ``account``,
    ``rank`` and ``exclusive`` (speaks with the owner of the account alone) are by row of the contact table.
    """

    reached: Array
    pool: Array
    first: Array
    account: Array
    rank: Array
    exclusive: Array


def draw_circle(traits: pd.DataFrame, log_breadth: Array, seed: int) -> Circle:
    """How many people of each account are in touch with us each quarter; on average the breadth."""
    rng = stream(seed, "circle")
    reached = np.floor(np.exp(log_breadth) + rng.random(log_breadth.shape)).astype(np.int16)
    known = np.arange(1, log_breadth.shape[1] + 1) > traits["created"].to_numpy()[:, None]
    reached = np.where(known, np.minimum(reached, MOST_CONTACTS), 0).astype(np.int16)
    pool = np.maximum(1, reached.max(axis=1)).astype(int)
    account = np.repeat(np.arange(len(traits)), pool)
    rank = running_number(pool)
    # Golden steps from a random start: of any first ranks, the exclusive ones are close to the account's share.
    place = (rng.random(len(pool))[account] + _GOLDEN * rank) % 1
    exclusive = place < traits["person_held"].to_numpy()[account]
    return Circle(reached, pool, np.cumsum(pool) - pool, account, rank, exclusive)
