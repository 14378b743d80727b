"""How much an order of each account is worth: its own orders, drawn towards everyone's where they are few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from scipy.optimize import minimize, minimize_scalar
from scipy.special import gammaln
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mcrlib.describe.columns import taken
from mcrlib.describe.order_values import account_margins, order_variation, priced_orders
from mcrlib.model.soil.histories import Array

FAMILIES = ("lognormal", "lognormal-plain", "credibility", "gamma-gamma")
#: What an account's features must hold; sums over its order days with a positive value.
COLUMNS = (
    "n_order_days", "revenue_total", "gp_total", "spend_n", "spend_log_sum", "spend_log_weight",
    "spend_plain_log_sum", "spend_plain_log_square",
)  # fmt: skip
#: Prior observations that draw variance components to a common size.
_VARIANCE_PRIOR = 2.0


@dataclass(frozen=True)
class Spread:
    """The log-normal law of order values: portfolio mean, spread between accounts, spread within an account."""

    mean: float
    between: float
    within: float


class SpendModel(BaseEstimator):
    """Expect the value of an account's next order, and the profit in it.

    Parameters
    ----------
    family : {"lognormal", "lognormal-plain", "credibility", "gamma-gamma"}
        ``lognormal``: empirical-Bayes log-normal, an order two years old counts half; ``lognormal-plain``: every
        order counts the same; ``credibility``: the account's plain mean, drawn to the portfolio's by the same
        variance components (Buehlmann 1967), which suits accounts that live on a few huge orders; ``gamma-gamma``:
        the literature's model (Fader, Hardie and Lee 2005).

    Attributes
    ----------
    spread_ : Spread
        Mean and variance components of log order values; they also say how sure an account's mean is.
    variation_ : float
        Squared coefficient of variation of an account's orders, as of gamma-distributed values; it gives the draws the
        spread of orders around that mean. Where many orders are tiny, a log-normal law would say ten times more.
    gamma_ : tuple of float
        p, q and scale of the Gamma-Gamma model (``gamma-gamma`` only).
    smearing_ : float
        Factor by which expected values are raised so that they add up to the revenue observed.
    margin_ : float
        Gross profit per revenue of the portfolio.
    """

    def __init__(self, family: str = "lognormal") -> None:
        self.family = family

    def fit(self, X: pd.DataFrame, y: object = None) -> Self:
        """Learn from account features (see ``COLUMNS``); accounts without a priced order are passed over.

        Raises
        ------
        ValueError
            A column is missing, or no account has an order of positive value.
        """
        if self.family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, not {self.family!r}")
        table = self._columns(X, reset=True)
        priced = table[table["spend_n"] > 0]
        if priced.empty:
            raise ValueError(f"not enough data: none of {len(X)} accounts has an order of positive value")
        if self.family == "gamma-gamma":
            self.gamma_ = _fit_gamma_gamma(priced)
        self.spread_ = _fit_spread(priced, *_evidence(priced, self.family))
        self.variation_ = order_variation(priced)
        self.smearing_ = 1.0
        revenue, expected = priced["revenue_total"].sum(), (self.predict(priced) * priced["n_order_days"]).sum()
        self.smearing_ = float(max(revenue, 0.0) / expected)
        self.margin_ = float(priced["gp_total"].sum() / revenue) if revenue > 0 else 0.0
        return self

    def predict(self, X: pd.DataFrame) -> Array:
        """Expected value of one order of each account; money, in the order of the rows."""
        check_is_fitted(self, "smearing_")
        if self.family == "gamma-gamma":
            p, q, scale = self.gamma_
            n, revenue = priced_orders(self._columns(X))
            return self.smearing_ * p * (scale + revenue) / (p * n + q - 1)
        if self.family == "credibility":
            n, revenue = priced_orders(self._columns(X))
            everyone = np.exp(self.spread_.mean + (self.spread_.between + self.spread_.within) / 2)
            borrowed = self.spread_.within / self.spread_.between
            return self.smearing_ * (revenue + borrowed * everyone) / (n + borrowed)
        mean, variance = self.posterior(X)
        return self.smearing_ * np.exp(mean + (variance + self.spread_.within) / 2)

    def posterior(self, X: pd.DataFrame) -> tuple[Array, Array]:
        """Mean and variance of each account's mean log order value."""
        check_is_fitted(self, "spread_")
        total, weight = _evidence(self._columns(X), self.family)
        precision = weight / self.spread_.within + 1 / self.spread_.between
        return (total / self.spread_.within + self.spread_.mean / self.spread_.between) / precision, 1 / precision

    def draw(self, X: pd.DataFrame, account: Array, orders: Array, counts: Array) -> Array:
        """Draws of the mean order value: rows as ``X`` and ``counts``, columns as the standard normal numbers.

        ``account`` moves the account's mean within its posterior, ``orders`` the mean of ``counts`` orders around it: a
        gamma variable, made of the normal one by its cube root (Wilson and Hilferty 1931, PNAS 17).
        """
        _, variance = self.posterior(X)
        own = np.exp(np.sqrt(variance)[:, None] * account - variance[:, None] / 2)
        root = np.sqrt(self.variation_ / np.maximum(counts, 1)) / 3
        return self.predict(X)[:, None] * own * np.maximum(1 - root**2 + root * orders, 0.0) ** 3

    def margins(self, X: pd.DataFrame) -> Array:
        """Gross profit per revenue of each account, drawn to the portfolio's where its orders are few."""
        check_is_fitted(self, "margin_")
        return account_margins(self._columns(X), self.margin_)

    def _columns(self, X: pd.DataFrame, *, reset: bool = False) -> pd.DataFrame:
        return validate_data(self, taken(X, COLUMNS), reset=reset, skip_check_array=True).astype(float)


def _evidence(table: pd.DataFrame, family: str) -> tuple[Array, Array]:
    """Sum of log values and the number of orders they count as."""
    if family == "lognormal-plain":
        return table["spend_plain_log_sum"].to_numpy(), table["spend_n"].to_numpy()
    return table["spend_log_sum"].to_numpy(), table["spend_log_weight"].to_numpy()


def _fit_spread(table: pd.DataFrame, total: Array, weight: Array) -> Spread:
    """Variance components by maximum marginal likelihood of the account means; weak priors for thin portfolios."""
    n = table["spend_n"].to_numpy()
    plain = table["spend_plain_log_sum"].to_numpy()
    squares = np.maximum(table["spend_plain_log_square"].to_numpy() - plain**2 / n, 0.0).sum()
    all_squares = table["spend_plain_log_square"].sum() - plain.sum() ** 2 / n.sum()
    prior = (all_squares + 0.1) / (n.sum() + 1) / 2
    within = float((squares + _VARIANCE_PRIOR * prior) / ((n - 1).sum() + _VARIANCE_PRIOR))
    means = total / weight

    def loss(log_between: float) -> float:
        variance = np.exp(log_between) + within / weight
        center = (means / variance).sum() / (1 / variance).sum()
        fit = (np.log(variance) + (means - center) ** 2 / variance).sum()
        return float(fit + _VARIANCE_PRIOR * (log_between + prior / np.exp(log_between)))

    reach = (np.log(prior) - 15, np.log(prior) + 5)
    found = minimize_scalar(loss, bounds=reach, method="bounded", options={"xatol": 1e-8})
    between = float(np.exp(found.x))
    variance = between + within / weight
    return Spread(float((means / variance).sum() / (1 / variance).sum()), between, within)


def _fit_gamma_gamma(table: pd.DataFrame) -> tuple[float, float, float]:
    """Parameters p, q, scale by maximum a posteriori; values are fitted in units of the mean order."""
    n, revenue = priced_orders(table)
    n, revenue = n[n > 0], revenue[n > 0]
    unit = revenue.sum() / n.sum()
    total = revenue / unit

    def loss(theta: Array) -> float:
        p, q, scale = np.exp(theta[0]), 1 + np.exp(theta[1]), np.exp(theta[2])
        density = gammaln(p * n + q) - gammaln(p * n) - gammaln(q) + q * np.log(scale)
        density += (p * n - 1) * np.log(total) - (p * n + q) * np.log(scale + total)
        return float(-density.sum() + (((theta - start) / 1.5) ** 2).sum() / 2)

    start = np.array([np.log(3.0), np.log(2.0), 0.0])
    p, q, scale = np.exp(minimize(loss, start, method="L-BFGS-B", bounds=[(-6, 8)] * 3).x)
    return float(p), float(1 + q), float(scale * unit)
