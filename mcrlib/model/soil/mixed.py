"""Most accounts by one law of orders, and a share whose rate may be anything: giants beside many alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.histories import Array, Histories, shares

#: The wide law orders so many times as often as the usual one on average, with rates spread as Gamma(this shape). Left
#: free, the first was .6 to 1 on a base with a strict rhythm and 2.2 to 7.6 elsewhere; the forecasts were no better.
TIMES, SHAPE = 3.0, 0.5


@dataclass(frozen=True)
class Mixed:
    """Accounts of the usual law, and a share of a wide one with its rhythm and its chance to leave.

    A gamma of rates that fits many like accounts has so thin a tail that it takes for luck nearly all that a giant
    ordered. All that is said of an account is the mean of both laws, weighted by how well each explains what it did.
    """

    usual: Cnbd
    share: float

    @property
    def k(self) -> int:
        """The rhythm of all accounts."""
        return self.usual.k

    @property
    def wide(self) -> Cnbd:
        """The law of accounts whose rate may be anything."""
        return replace(self.usual, r=SHAPE, alpha=SHAPE / TIMES * self.usual.alpha / self.usual.r)

    def log_likelihood(self, seen: Histories) -> Array:
        """Log-likelihood of each history (density of the order times)."""
        return self._explained(self.usual.log_likelihood(seen), self.wide.log_likelihood(seen))[0]

    def with_slopes(self, seen: Histories) -> tuple[Array, Array]:
        """The log-likelihood of each history and its derivatives in r, alpha, a and b of the usual law, and share."""
        usual, wide = self.usual, self.wide
        (first, slopes), (second, others) = usual.with_slopes(seen), wide.with_slopes(seen)
        value, chance = self._explained(first, second)
        by_alpha = others[1] * wide.alpha
        through = np.stack([-by_alpha / usual.r, by_alpha / usual.alpha, others[2], others[3]])
        by_share = chance / self.share - (1 - chance) / (1 - self.share)
        return value, np.vstack([(1 - chance) * slopes + chance * through, by_share])

    def p_alive(self, seen: Histories) -> Array:
        """Probability that the account is still a customer."""
        return self._both(seen, lambda law: law.p_alive(seen))

    def at_least(self, orders: Array, seen: Histories, horizon: float) -> Array:
        """Probability of at least so many orders within the horizon; one row per history, one column per number."""
        return self._both(seen, lambda law: law.at_least(orders, seen, horizon))

    def tails(self, most: int, seen: Histories, horizon: float) -> Array:
        """As ``at_least`` of 1, 2, ... ``most`` orders, by recursion."""
        return self._both(seen, lambda law: law.tails(most, seen, horizon))

    def _both(self, seen: Histories, say: Callable[[Cnbd], Array]) -> Array:
        """What both laws say, each as far as it explains the account."""
        _, chance = self._explained(self.usual.log_likelihood(seen), self.wide.log_likelihood(seen))
        said: Array = ((1 - chance) * say(self.usual).T + chance * say(self.wide).T).T
        return said

    def _explained(self, usual: Array, wide: Array) -> tuple[Array, Array]:
        """The log-likelihood of both laws together, and each account's chance to be of the wide one."""
        value, weights = shares(np.stack([np.log1p(-self.share) + usual, np.log(self.share) + wide]))
        return value, weights[1]
