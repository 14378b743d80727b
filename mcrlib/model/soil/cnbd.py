"""Accounts that order with a rhythm and leave after an order: the (M)BG/CNBD-k family in closed form.

An account's orders follow an Erlang-k rhythm of rate lambda ~ Gamma(r, alpha), k = 1 being no rhythm at all; after
each order it leaves with probability p ~ Beta(a, b). In MBG it may leave after its first order too, in BG/NBD it may
not. Reutterer, Platzer and Schroeder (2021), Int. J. Research in Marketing 38(3); Fader, Hardie and Lee (2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc, digamma, gammaln

from mcrlib.model.soil.histories import Array, Histories, shares


@dataclass(frozen=True)
class Cnbd:
    """One member of the family with its four parameters; time in the unit of the histories."""

    r: float
    alpha: float
    a: float
    b: float
    k: int = 1
    leaves_after_first: bool = True

    def log_likelihood(self, seen: Histories) -> Array:
        """Log-likelihood of each history (density of the order times)."""
        return self._explained(seen, shares(self._log_terms(seen))[0])

    def with_slopes(self, seen: Histories) -> tuple[Array, Array]:
        """The log-likelihood of each history and its derivatives in r, alpha, a and b; shapes (n,) and (4, n)."""
        shape, chances = self.r + self.k * seen.frequency, self._chances(seen)
        total, weights = shares(self._log_terms(seen))
        gone, stages = weights[0], weights[1:]
        steps = np.arange(self.k)[:, None]
        by_r = digamma(shape) - digamma(self.r) + np.log(self.alpha)
        by_r = by_r - gone * np.log(self.alpha + seen.recency) - (1 - gone) * np.log(self.alpha + seen.T)
        by_r = np.vstack([by_r, stages[1:] * (digamma(shape + steps[1:]) - digamma(shape))]).sum(axis=0)
        by_alpha = self.r / self.alpha - gone * shape / (self.alpha + seen.recency)
        by_alpha = np.vstack([by_alpha, -stages * (shape + steps) / (self.alpha + seen.T)]).sum(axis=0)
        both = digamma(self.a + self.b) - digamma(self.a + self.b + chances + 1)
        by_a = both + gone / self.a
        can_have_left = np.where(chances < 0, np.inf, self.b + chances)
        by_b = both + digamma(self.b + chances + 1) - digamma(self.b) - gone / can_have_left
        return self._explained(seen, total), np.stack([by_r, by_alpha, by_a, by_b])

    def _explained(self, seen: Histories, total: Array) -> Array:
        """The log-likelihood of each history, once its ways to go on are summed to ``total``."""
        return (
            gammaln(self.r + self.k * seen.frequency)
            - gammaln(self.r)
            + self.r * np.log(self.alpha)
            + (self.k - 1) * seen.log_gaps
            - seen.frequency * gammaln(self.k)
            + _log_survival(self.a, self.b, self._chances(seen) + 1)
            + total
        )

    def p_alive(self, seen: Histories) -> Array:
        """Probability that the account is still a customer."""
        return 1.0 - self._weights(seen)[0]

    def at_least(self, orders: Array, seen: Histories, horizon: float) -> Array:
        """Probability of at least so many orders within the horizon; one row per history, one column per number."""
        weights, shape = self._weights(seen), self.r + self.k * seen.frequency
        share = horizon / (self.alpha + seen.T + horizon)
        wanted = np.asarray(orders, dtype=float)[None, :]
        reached = np.zeros((len(shape), wanted.shape[1]))
        for j in range(self.k):
            reached += weights[1 + j][:, None] * betainc(wanted * self.k - j, (shape + j)[:, None], share[:, None])
        return reached * self._stays(seen, wanted)

    def tails(self, most: int, seen: Histories, horizon: float) -> Array:
        """As ``at_least`` of 1, 2, ... ``most`` orders, by recursion: many times faster, for ``most`` * k up to 400.

        The steps towards the next orders are negative binomial; their chances are added up one by one.
        """
        weights, shape = self._weights(seen)[1:], self.r + self.k * seen.frequency + np.arange(self.k)[:, None]
        share = horizon / (self.alpha + seen.T + horizon)
        chance = np.exp(shape * np.log1p(-share))
        fewer, reached = np.zeros_like(chance), np.zeros((most, len(seen)))
        for steps in range(1, most * self.k + 1):
            fewer += chance
            j = -steps % self.k
            reached[(steps + j) // self.k - 1] += weights[j] * (1 - fewer[j])
            chance *= (shape + (steps - 1)) * (share / steps)
        return np.clip(reached.T, 0.0, 1.0) * self._stays(seen, np.arange(1.0, most + 1)[None, :])

    def _stays(self, seen: Histories, wanted: Array) -> Array:
        """Chance of not leaving before so many further orders, given that the account is still here."""
        b = (self.b + self._chances(seen) + 1)[:, None]
        return np.exp(_log_survival(self.a, b, wanted - 1))

    def _chances(self, seen: Histories) -> Array:
        """How often the account could have left before its last order; -1 where it never could."""
        return seen.frequency - (0.0 if self.leaves_after_first else 1.0)

    def _log_terms(self, seen: Histories) -> Array:
        """Row 0: left after the last order; row 1 + j: still here, j of the k steps to the next order done."""
        shape, chances = self.r + self.k * seen.frequency, self._chances(seen)
        can_leave = np.maximum(self.b + chances, np.finfo(float).tiny)
        gone = np.log(self.a / can_leave) - shape * np.log(self.alpha + seen.recency)
        left = np.where(chances < 0, -np.inf, gone)
        steps, waited = np.arange(self.k)[:, None], np.zeros((self.k, len(seen)))
        with np.errstate(divide="ignore"):
            waited[1:] = steps[1:] * np.log(seen.T - seen.recency)
        here = waited + gammaln(shape + steps) - gammaln(shape) - gammaln(steps + 1)
        return np.vstack([left, here - (shape + steps) * np.log(self.alpha + seen.T)])

    def _weights(self, seen: Histories) -> Array:
        return shares(self._log_terms(seen))[1]


def _log_survival(a: float, b: Array | float, times: Array) -> Array:
    """Log of E[(1 - p)^times] for p ~ Beta(a, b)."""
    return gammaln(b + times) - gammaln(a + b + times) + gammaln(a + b) - gammaln(b)
