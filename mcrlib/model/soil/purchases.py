"""How often each account will order: fitted on all order histories together, so that thin histories borrow."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.optimize import minimize
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.counts import Law, drawn_orders, expected_orders
from mcrlib.model.soil.histories import COLUMNS, Array, Histories, complaints, named
from mcrlib.model.soil.mixed import Mixed
from mcrlib.model.soil.pareto import Pareto

FAMILIES = ("mbg-cnbd-k", "bg-nbd", "pareto-nbd")
#: A rhythm must raise the log-likelihood by this much over none before it is believed.
RHYTHM_GAIN = 2.0
#: Chance that an account has no rhythm after all: one skipped beat of a strict rhythm is no proof that it has left.
RHYTHM_DOUBT = 0.25
#: As if so many accounts more were known to be of the usual law: a single heavy buyer among 20 may be luck.
GIANT_DOUBT = 19.0


class PurchaseModel(BaseEstimator):
    """Expect the number of orders of each account, from when it ordered so far.

    Parameters
    ----------
    family : {"mbg-cnbd-k", "bg-nbd", "pareto-nbd"}
        ``mbg-cnbd-k`` knows regular and irregular buyers and is the one to use; the others are the literature's.
    max_k : int
        Largest rhythm tried by ``mbg-cnbd-k``; k = 1 is no rhythm, the higher the more regular. Chosen by likelihood.
    prior_weight : float
        Weight of the weak priors that let 20 accounts be fitted; 0 gives the plain maximum likelihood.

    Attributes
    ----------
    law_ : Cnbd, Mixed or Pareto
        The fitted law with its parameters, in the unit of time of the histories; ``mbg-cnbd-k`` is mixed with a wide
        law where one gamma of rates does not fit all.
    plain_law_ : Cnbd, Mixed or Pareto
        The law without a rhythm; intervals and ``p_alive`` give it a quarter of the say.
    k_ : int
        The chosen rhythm.
    log_likelihood_ : float
        Log-likelihood of all histories at ``law_``.
    n_accounts_ : int
        Accounts learned from.
    has_repeats_ : bool
        Whether anybody ever ordered twice; else nothing is known of how long customers go on buying.

    Notes
    -----
    Learns from the columns ``frequency`` (orders after the first), ``recency`` (first to last order), ``T`` (first
    order to the as-of date) and ``log_gaps`` (sum of log times between orders), usually in days, one row per
    account that has ordered. What cannot be an order history is refused with a ValueError.
    Reutterer, Platzer and Schroeder (2021), "Leveraging purchase regularity for predicting customer behavior the
    easy way", International Journal of Research in Marketing 38(3), 194-215.
    """

    def __init__(self, family: str = "mbg-cnbd-k", max_k: int = 12, prior_weight: float = 1.0) -> None:
        self.family = family
        self.max_k = max_k
        self.prior_weight = prior_weight

    def fit(self, X: Any, y: Any = None) -> Self:
        """Learn from order histories, one row per account; ``y`` is ignored.

        Raises
        ------
        ValueError
            Rows that cannot be order histories (all rules said at once), or no time observed after any first order.
        """
        if self.family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, not {self.family!r}")
        seen = self._histories(X, reset=True)
        if seen.T.sum() <= 0:
            raise ValueError(
                f"not enough data: no time has passed since the first order of any of {len(seen)} accounts"
            )
        rows, counts, _ = seen.compressed()
        self.n_accounts_ = len(seen)
        with threadpool_limits(1):  # four parameters: threads of BLAS only wait for each other
            first = self._fitted(rows, counts, 1)
            best = self._best(rows, counts, first)
            self.law_, self.log_likelihood_ = self._mixed(rows, counts, best)
            self.plain_law_ = self.law_ if best is first else self._mixed(rows, counts, first)[0]
        self.k_ = self.law_.k
        self.has_repeats_ = bool((seen.frequency > 0).any())
        return self

    def predict(self, X: Any, horizon_days: float = 365.0) -> Array:
        """Expected orders of each account within the horizon; same order as the rows."""
        law, seen = self._ready(X)
        rows, _, group = seen.compressed()
        return expected_orders(law, rows, horizon_days)[group]

    def predict_doubted(self, X: Any, horizon_days: float = 365.0) -> Array:
        """Expected orders where the rhythm is doubted, as in ``draw``; without a rhythm those of ``predict``."""
        law, seen = self._ready(X)
        rows, _, group = seen.compressed()
        told, plain = (expected_orders(one, rows, horizon_days)[group] for one in (law, self.plain_law_))
        return (1 - RHYTHM_DOUBT) * told + RHYTHM_DOUBT * plain

    def predict_distribution(self, X: Any, horizon_days: float = 365.0, *, most: int = 20) -> pd.DataFrame:
        """Probability of 0, 1, … orders within the horizon; the last column is ``most`` or more. Rows sum to 1."""
        law, seen = self._ready(X)
        reached = law.at_least(np.arange(1.0, most + 1), seen, horizon_days)
        reached = np.column_stack([np.ones(len(reached)), reached, np.zeros(len(reached))])
        return pd.DataFrame(-np.diff(reached, axis=1), index=getattr(X, "index", None))

    def draw(self, X: Any, uniform: Array, horizon_days: float = 365.0) -> Array:
        """Orders within the horizon at these quantiles from the top: one row per account, one column per number.

        The first quarter of the numbers, which must be spread evenly in themselves, is drawn without a rhythm.
        """
        law, seen = self._ready(X)
        plain = int(RHYTHM_DOUBT * len(uniform)) if self.k_ > 1 else 0
        rows, _, group = seen.compressed()
        drawn = drawn_orders(law, rows, horizon_days, uniform[plain:])
        if plain:
            drawn = np.column_stack([drawn_orders(self.plain_law_, rows, horizon_days, uniform[:plain]), drawn])
        return drawn[group]

    def p_alive(self, X: Any) -> Array:
        """Probability that each account is still a customer; never certain of what only a strict rhythm says."""
        law, seen = self._ready(X)
        return (1 - RHYTHM_DOUBT) * law.p_alive(seen) + RHYTHM_DOUBT * self.plain_law_.p_alive(seen)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Mean log-likelihood per account of histories, usually of accounts held out; higher is better."""
        law, seen = self._ready(X)
        return float(np.average(law.log_likelihood(seen), weights=sample_weight))

    def _ready(self, X: Any) -> tuple[Law, Histories]:
        check_is_fitted(self)
        return self.law_, self._histories(X, reset=False)

    def _histories(self, X: Any, *, reset: bool) -> Histories:
        table = validate_data(self, named(X), reset=reset, dtype=np.float64)
        if table.shape[1] != len(COLUMNS):
            raise ValueError(
                f"an order history has the {len(COLUMNS)} columns {', '.join(COLUMNS)}, not {table.shape[1]}"
            )
        seen = Histories(*table.T)
        if wrong := complaints(seen):
            raise ValueError("these rows cannot be order histories: " + "; ".join(wrong))
        return seen

    def _best(self, seen: Histories, counts: Array, first: tuple[Law, float]) -> tuple[Law, float]:
        """The law of the best rhythm: k grows while the likelihood does, and must earn its place over k = 1."""
        best = first
        for k in range(2, self.max_k + 1 if self.family == "mbg-cnbd-k" else 2):
            found = self._fitted(seen, counts, k)
            if found[1] > best[1]:
                best = found
            elif k > best[0].k + 1:
                break
        return best if best[1] > first[1] + RHYTHM_GAIN else first

    def _mixed(self, seen: Histories, counts: Array, found: tuple[Law, float]) -> tuple[Law, float]:
        """The law with a share of a wide one, where the likelihood of the histories rises with its first bit."""
        law, _ = found
        if not isinstance(law, Cnbd) or not law.leaves_after_first:
            return found
        better = Mixed(law, 0.0).wide.log_likelihood(seen) - law.log_likelihood(seen)
        if (counts * np.expm1(np.minimum(better, 99.0))).sum() <= self.prior_weight * GIANT_DOUBT:
            return found
        return self._fitted(seen, counts, law.k, mixed=True)

    def _fitted(self, seen: Histories, counts: Array, k: int, *, mixed: bool = False) -> tuple[Law, float]:
        """Maximum a posteriori of one law, found in logs of mean and spread; all sums by numpy, never by BLAS."""
        center, spread = _prior(self.family, seen, counts)
        if mixed:
            center, spread = np.append(center, -np.log(GIANT_DOUBT)), np.append(spread, np.inf)

        def loss(theta: Array) -> tuple[float, Array]:
            law, slope = _law(self.family, k, theta)
            away = (theta - center) / spread
            likelihood, slopes = law.with_slopes(seen)
            value = (counts * likelihood).sum() - self.prior_weight * (away**2).sum() / 2
            raw = (counts * slopes).sum(axis=1)
            ascent = (raw[:, None] * slope).sum(axis=0) - self.prior_weight * away / spread
            if isinstance(law, Mixed):
                value += self.prior_weight * GIANT_DOUBT * np.log1p(-law.share)
                ascent[4] -= self.prior_weight * GIANT_DOUBT * law.share
            return -value / counts.sum(), -ascent / counts.sum()

        bounds = list(zip(center - 12, center + 12, strict=True))
        found = minimize(
            loss, center, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-13, "gtol": 1e-7}
        )
        law, _ = _law(self.family, k, found.x)
        return law, float((counts * law.log_likelihood(seen)).sum())


def _prior(family: str, seen: Histories, counts: Array) -> tuple[Array, Array]:
    """Centre and spread of the weak priors: order rate, its shape, chance of leaving, its strength (all in logs)."""
    observed = (counts * seen.T).sum()
    rate = np.log(((counts * seen.frequency).sum() + 0.5) / observed)
    if family == "pareto-nbd":
        return np.array([rate, 0.0, np.log(0.3 * counts.sum() / observed), 0.0]), np.array([2.0, 1.5, 1.5, 1.5])
    return np.array([rate, 0.0, -1.5, 1.0]), np.array([2.0, 1.5, 1.5, 1.5])


def _law(family: str, k: int, theta: Array) -> tuple[Law, Array]:
    """The law at these logs of mean and spread, and the slopes of its parameters (rows) in them (columns).

    A fifth number is the log-odds of the share of the wide law.
    """
    rate, shape, leaving, strength = theta[:4]
    r, alpha = float(np.exp(shape)), float(np.exp(shape - rate - np.log(k)))
    slope = np.zeros((4, 4))
    slope[0, 1], slope[1, 0], slope[1, 1] = r, -alpha, alpha
    if family == "pareto-nbd":
        s, beta = float(np.exp(strength)), float(np.exp(strength - leaving))
        slope[2, 3], slope[3, 2], slope[3, 3] = s, -beta, beta
        return Pareto(r, alpha, s, beta), slope
    share = 1 / (1 + np.exp(-leaving))
    a, b = float(share * np.exp(strength)), float((1 - share) * np.exp(strength))
    slope[2, 2], slope[2, 3], slope[3, 2], slope[3, 3] = a * (1 - share), a, -b * share, b
    usual = Cnbd(r, alpha, a, b, k, leaves_after_first=family != "bg-nbd")
    if len(theta) == 4:
        return usual, slope
    wide = float(1 / (1 + np.exp(-theta[4])))
    return Mixed(usual, wide), block_diag(slope, wide * (1 - wide))
