"""Accounts that order at random and leave at any time: the Pareto/NBD model.

Orders are Poisson with rate lambda ~ Gamma(r, alpha), the lifetime is exponential with rate mu ~ Gamma(s, beta).
Schmittlein, Morrison and Colombo (1987); Fader and Hardie (2005), "A note on deriving the Pareto/NBD model".
The integrals over the moment of leaving are taken by Gauss-Legendre quadrature, which stays finite where the
hypergeometric function does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import betainc, digamma, exprel, gammaln

from mcrlib.model.soil.histories import Array, Histories, shares

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(48)
_UNIT, _UNIT_WEIGHTS = (_NODES + 1) / 2, _WEIGHTS / 2
#: Beyond so many e-foldings the density of having left adds nothing.
_FOLDS = 45.0


@dataclass(frozen=True)
class Pareto:
    """The model with its four parameters; time in the unit of the histories."""

    r: float
    alpha: float
    s: float
    beta: float
    #: No rhythm, in the words of the other laws.
    k: ClassVar[int] = 1

    def log_likelihood(self, seen: Histories) -> Array:
        """Log-likelihood of each history (density of the order times)."""
        return self.with_slopes(seen)[0]

    def with_slopes(self, seen: Histories) -> tuple[Array, Array]:
        """The log-likelihood of each history and its derivatives in r, alpha, s and beta; shapes (n,) and (4, n)."""
        shape = self.r + seen.frequency
        terms, left = self._log_terms(seen)
        total, weights = shares(terms)
        known = gammaln(shape) - gammaln(self.r) + self.r * np.log(self.alpha) + self.s * np.log(self.beta)
        age, life = self.alpha + left, self.beta + left
        gone = 1 - weights[0]
        by_r = digamma(shape) - digamma(self.r) + np.log(self.alpha) - (weights * np.log(age)).sum(0)
        by_alpha = self.r / self.alpha - shape * (weights / age).sum(0)
        by_s = np.log(self.beta) + gone / self.s - (weights * np.log(life)).sum(0)
        weights[1:] *= (self.s + 1) / self.s
        by_beta = self.s / self.beta - self.s * (weights / life).sum(0)
        return known + total, np.stack([by_r, by_alpha, by_s, by_beta])

    def p_alive(self, seen: Histories) -> Array:
        """Probability that the account is still a customer."""
        return shares(self._log_terms(seen)[0])[1][0]

    def expected(self, seen: Histories, horizon: float) -> Array:
        """Expected orders within the horizon."""
        life = self.beta + seen.T
        folds = np.log1p(horizon / life)
        stay = life * folds * exprel((1 - self.s) * folds)
        return self.p_alive(seen) * (self.r + seen.frequency) / (self.alpha + seen.T) * stay

    def at_least(self, orders: Array, seen: Histories, horizon: float) -> Array:
        """Probability of at least so many orders within the horizon; one row per history, one column per number."""
        wanted, shape = np.asarray(orders, dtype=float)[None, :], (self.r + seen.frequency)[:, None]
        age, life = (self.alpha + seen.T)[:, None], (self.beta + seen.T)[:, None]
        stays = (life / (life + horizon)) ** self.s
        reached = stays * betainc(wanted, shape, horizon / (age + horizon))
        for node, weight in zip(_UNIT, _UNIT_WEIGHTS, strict=True):
            until = life * ((stays + (1 - stays) * node) ** (-1 / self.s) - 1)
            reached = reached + weight * (1 - stays) * betainc(wanted, shape, until / (age + until))
        return self.p_alive(seen)[:, None] * reached

    def _log_terms(self, seen: Histories) -> tuple[Array, Array]:
        """Row 0: still here at T; the others: left at the quadrature's moments. And those moments."""
        shape = self.r + seen.frequency
        start, span = self.alpha + seen.recency, np.log((self.alpha + seen.T) / (self.alpha + seen.recency))
        falls = shape + (self.s + 1) * np.minimum(1.0, start / (self.beta + seen.recency))
        reach = np.minimum(span, _FOLDS / falls)
        grown = np.exp(_UNIT[:, None] * reach)
        left = start * grown - self.alpha
        with np.errstate(divide="ignore"):
            step = np.log(_UNIT_WEIGHTS[:, None] * reach * start * grown)
        gone = step + np.log(self.s) - shape * np.log(start * grown) - (self.s + 1) * np.log(self.beta + left)
        alive = -shape * np.log(self.alpha + seen.T) - self.s * np.log(self.beta + seen.T)
        return np.vstack([alive, gone]), np.vstack([seen.T, left])
