"""From the probabilities of at least 1, 2, 3 … orders to the expected number, and to draws of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.histories import Array, Histories
from mcrlib.model.soil.mixed import Mixed
from mcrlib.model.soil.pareto import Pareto

Law = Cnbd | Mixed | Pareto
Block = tuple[NDArray[np.intp], int, Array, Array]

#: Counts up to _EXACT are taken one by one, above that in steps that double every block of numbers.
_BLOCK, _RECURSIVE, _EXACT, _NEGLIGIBLE = 16, 32, 64, 1e-8
#: Value, bounds and outlook of the soil ask for the same years again: so many answers are kept.
_KEPT = 16


def expected_orders(law: Law, seen: Histories, horizon: float) -> Array:
    """Expected number of orders: in closed form, or as the sum of the probabilities of at least 1, 2, 3 … orders."""
    if isinstance(law, Pareto):
        return law.expected(seen, horizon)
    columns = (seen.frequency, seen.recency, seen.T, seen.log_gaps)
    return _summed(law, horizon, *(np.asarray(one, dtype=float).tobytes() for one in columns))


@lru_cache(maxsize=_KEPT)
def _summed(law: Cnbd | Mixed, horizon: float, *columns: bytes) -> Array:
    """The sums of ``expected_orders`` by what they are of; read only, as the next who asks gets the very same."""
    seen = Histories(*map(np.frombuffer, columns))
    total = np.zeros(len(seen))
    for rows, step, before, reached in _tails(law, seen, horizon, _NEGLIGIBLE):
        total[rows] += ((step - 1) / 2 * before + (step + 1) / 2 * reached).sum(axis=1)
    total.flags.writeable = False
    return total


def drawn_orders(law: Law, seen: Histories, horizon: float, uniform: Array) -> Array:
    """The number of orders that is reached with each of these probabilities; one row per history.

    The same ``uniform`` numbers serve every account, so equal histories get equal draws, whoever stands beside them.
    """
    order = np.argsort(uniform)
    passed = np.zeros((len(seen), len(uniform) + 1))
    for rows, step, before, reached in _tails(law, seen, horizon, float(uniform.min())):
        for orders, chances in (((step + 1) / 2, reached), ((step - 1) / 2, before)):
            if orders:
                np.add.at(passed, (rows[:, None], uniform[order].searchsorted(chances)), orders)
    # What is reached with a probability is reached with all smaller ones: added up from the largest.
    drawn = np.empty((len(seen), len(uniform)))
    drawn[:, order] = passed[:, :0:-1].cumsum(axis=1)[:, ::-1]
    return drawn


def _tails(
    law: Law, seen: Histories, horizon: float, smallest: float
) -> Iterator[tuple[NDArray[np.intp], int, Array, Array]]:
    """Blocks of tail probabilities of the accounts whose tail is not yet below ``smallest``.

    Yields the accounts' positions, the step between numbers, and per account the probabilities at the block's numbers
    and at the numbers one step before.
    """
    rows, last = np.arange(len(seen)), np.ones(len(seen))
    step, start = 1, 0
    while len(rows):
        wanted = start + step * np.arange(1.0, _BLOCK + 1)
        reached = _reached(law, wanted, seen.take(rows), horizon)
        yield rows, step, np.column_stack([last, reached[:, :-1]]), reached
        goes_on = reached[:, -1] > smallest
        start, rows, last = int(wanted[-1]), rows[goes_on], reached[goes_on, -1]
        step = step * 2 if start >= _EXACT else 1


def _reached(law: Law, wanted: Array, seen: Histories, horizon: float) -> Array:
    """Probability of at least so many orders; small numbers by recursion from 1 on."""
    last = int(wanted[-1])
    if isinstance(law, Pareto) or last > _RECURSIVE:
        return law.at_least(wanted, seen, horizon)
    return law.tails(last, seen, horizon)[:, -len(wanted) :]
