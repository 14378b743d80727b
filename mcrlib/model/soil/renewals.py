"""Which contracts will be renewed, how often, and what that brings: survival from term to term."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import pandas as pd
from scipy.optimize import minimize
from scipy.special import betaln, expit, log_expit, ndtri
from scipy.stats import qmc
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mcrlib.model.soil.forecasts import LEVEL
from mcrlib.model.soil.histories import Array

#: Centre and spread of the weak priors: chance to end at the first renewal (logit), strength (log), and how much a
#: standard deviation of a covariate may move the odds.
_CENTER, _SPREAD, _EFFECT = (-1.5, 1.0), 1.5, 0.5
_LOG2_DRAWS = 6


class RenewalModel(BaseEstimator):
    """Expect how often each contract will be renewed, from how earlier terms ended.

    Every contract ends with a chance of its own at each renewal; the chances vary between contracts by a beta law, so
    that of those renewed often ever fewer end. What is known of the relationship moves the odds of ending.

    Parameters
    ----------
    prior_weight : float
        Weight of the weak priors that let ten contracts be fitted; 0 gives the plain maximum likelihood.

    Attributes
    ----------
    a_, b_ : float
        The beta law of the chance to end, at mean covariates: the hazard at renewal t is ``a / (a + b + t - 1)``.
    coef_ : array
        Change of the log odds of ending for one standard deviation of each covariate.
    parameters_ : DataFrame
        ``parameter, value, low, high`` (80 % intervals): ``churn`` (chance to end at the first renewal), ``strength``
        (a + b: the larger, the more alike contracts are), and the covariates by name.
    theta_, covariance_ : array
        The parameters as they were found: churn in log odds, strength in logs, ``coef_``; and how far they may be off.
    center_, scale_ : array
        Mean and standard deviation of each covariate.

    Notes
    -----
    Learns from one row per decided renewal: ``period`` (1 at the end of the first term), then covariates, NaN where not
    known; ``y`` says whether it was renewed. The shifted beta-geometric law (Fader and Hardie 2007, "How to project
    customer retention") is a logistic hazard: log odds = log a - log(b + t - 1); covariates enter there.
    """

    def __init__(self, prior_weight: float = 1.0) -> None:
        self.prior_weight = prior_weight

    def fit(self, X: Any, y: Any) -> Self:
        """Learn from decided renewals.

        Raises
        ------
        ValueError
            A period is no whole number from 1 on, or an outcome is neither 0 nor 1.
        """
        X, y = _decided(self, X, y)
        period, known = self._split(X)
        self._learn_scale(known)
        rows, center = self._scaled(known), np.concatenate([_CENTER, np.zeros(known.shape[1])])
        tight = self.prior_weight / np.concatenate([[_SPREAD] * 2, [_EFFECT] * known.shape[1]]) ** 2

        def loss(theta: Array) -> tuple[float, Array]:
            odds, slopes = _log_odds(theta, period, rows)
            fit = (np.logaddexp(0.0, odds) - (1 - y) * odds).sum() + (tight * (theta - center) ** 2).sum() / 2
            return float(fit), ((expit(odds) - (1 - y))[:, None] * slopes).sum(axis=0) + tight * (theta - center)

        bounds = list(zip(center - 10, center + 10, strict=True))
        self.theta_ = minimize(loss, center, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12}).x
        odds, slopes = _log_odds(self.theta_, period, rows)
        certain = (expit(odds) * expit(-odds))[:, None, None] * slopes[:, :, None] * slopes[:, None, :]
        self.covariance_ = np.linalg.pinv(certain.sum(axis=0) + np.diag(tight))
        self.a_, self.b_, self.coef_ = *_beta(self.theta_), self.theta_[2:]
        self.parameters_ = self._parameters()
        return self

    def predict(self, X: Any, periods: int = 1) -> Array:
        """Expected renewals among the next ``periods``, in closed form; ``period`` is the one that comes next."""
        return np.asarray(self.survival(X, periods).sum(axis=1))

    def survival(self, X: Any, periods: int = 1) -> Array:
        """Chance that the next 1, 2, … ``periods`` renewals all come: one row per contract, one column each."""
        check_is_fitted(self)
        return self._survival(self.theta_, *self._asked(X), periods)

    def survival_doubted(self, X: Any, periods: int = 1) -> Array:
        """As ``survival``, where the parameters may be off by as much as they are known: what bounds are drawn by."""
        check_is_fitted(self)
        period, known = self._asked(X)
        uniform = qmc.Sobol(len(self.theta_), seed=np.random.default_rng(1)).random_base2(_LOG2_DRAWS)
        values, axes = np.linalg.eigh(self.covariance_)
        moved = (ndtri(uniform)[:, :, None] * (axes * np.sqrt(values.clip(0.0))).T[None]).sum(axis=1)
        drawn = sum(self._survival(self.theta_ + one, period, known, periods) for one in moved)
        return np.asarray(drawn, dtype=float) / len(moved)

    def _survival(self, theta: Array, period: Array, known: Array, periods: int) -> Array:
        steps = period[:, None] + np.arange(periods)
        return np.cumprod(expit(-_odds(theta, steps, (self._scaled(known) * theta[2:]).sum(axis=1)[:, None])), axis=1)

    def _asked(self, X: Any) -> tuple[Array, Array]:
        return self._split(validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan"))

    def _split(self, table: Array) -> tuple[Array, Array]:
        period = table[:, 0]
        wrong = np.asarray(~(period >= 1) | (period != np.round(period)))
        if wrong.any():
            raise ValueError(
                f"the first column must be the period, a whole number from 1 on: {int(wrong.sum())} of {len(wrong)} "
                f"rows are not, first at position {int(np.argmax(wrong))}"
            )
        return period, table[:, 1:]

    def _learn_scale(self, known: Array) -> None:
        count = np.maximum((~np.isnan(known)).sum(axis=0), 1)
        self.center_ = np.nansum(known, axis=0) / count
        spread = np.sqrt(np.nansum((known - self.center_) ** 2, axis=0) / count)
        self.scale_ = np.where(spread > 0, spread, np.inf)

    def _scaled(self, known: Array) -> Array:
        return np.nan_to_num((known - self.center_) / self.scale_)

    def _parameters(self) -> pd.DataFrame:
        reach = ndtri((1 + LEVEL) / 2) * np.sqrt(np.diag(self.covariance_))
        table = pd.DataFrame({"value": self.theta_, "low": self.theta_ - reach, "high": self.theta_ + reach})
        table.iloc[0], table.iloc[1] = expit(table.iloc[0]), np.exp(table.iloc[1])
        names = getattr(self, "feature_names_in_", np.array([f"x{i}" for i in range(self.n_features_in_)]))
        table.insert(0, "parameter", ["churn", "strength", *names[1:]])
        return table


class SameRate(BaseEstimator):
    """Expect every contract to be renewed as often as all were before: what the renewal model has to beat.

    Attributes
    ----------
    a_, b_ : float
        The beta law of the chance to be renewed, by Jeffreys' prior and the decided renewals.
    """

    def fit(self, X: Any, y: Any) -> Self:
        """Count the renewals; of ``X`` only the number of rows and the names count."""
        _, y = _decided(self, X, y)
        self.a_, self.b_ = float(y.sum()) + 0.5, float((1 - y).sum()) + 0.5
        return self

    def predict(self, X: Any, periods: int = 1) -> Array:
        """Expected renewals among the next ``periods``."""
        return np.asarray(self.survival(X, periods).sum(axis=1))

    def survival(self, X: Any, periods: int = 1) -> Array:
        """Chance that the next 1, 2, … ``periods`` renewals all come: one row per contract, one column each."""
        n = self._rows(X)
        return np.tile((self.a_ / (self.a_ + self.b_)) ** np.arange(1, periods + 1), (n, 1))

    def survival_doubted(self, X: Any, periods: int = 1) -> Array:
        """As ``survival``, where the rate may be off by as much as it is known: what bounds are drawn by."""
        n, steps = self._rows(X), np.arange(1, periods + 1)
        reached = np.exp(betaln(self.a_ + steps, self.b_) - betaln(self.a_, self.b_))
        return np.tile(reached, (n, 1))

    def _rows(self, X: Any) -> int:
        check_is_fitted(self)
        return len(validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan"))


def _decided(model: BaseEstimator, X: Any, y: Any) -> tuple[Array, Array]:
    """Decided renewals as numbers: what was known of each, and whether it came."""
    X, y = validate_data(model, X, y, dtype=np.float64, ensure_all_finite="allow-nan", y_numeric=True)
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("y must say of each renewal whether it came: 1 or 0")
    return X, y


def _beta(theta: Array) -> tuple[float, float]:
    """The a and b at these logs of mean (logit) and strength."""
    tiny = np.finfo(float).tiny
    a, b = expit(theta[0]) * np.exp(theta[1]), expit(-theta[0]) * np.exp(theta[1])
    return float(max(a, tiny)), float(max(b, tiny))


def _odds(theta: Array, period: Array, effect: Array | float = 0.0) -> Array:
    """Log odds of ending at a period."""
    return np.asarray(log_expit(theta[0]) + theta[1] + effect - np.log(_beta(theta)[1] + (period - 1)))


def _log_odds(theta: Array, period: Array, rows: Array) -> tuple[Array, Array]:
    """Log odds of ending, and their slopes in the parameters (columns)."""
    b = _beta(theta)[1]
    held = b / (b + (period - 1))
    share = expit(theta[0])
    slopes = np.column_stack([1 - share + share * held, 1 - held, rows])
    return _odds(theta, period, (rows * theta[2:]).sum(axis=1)), slopes
