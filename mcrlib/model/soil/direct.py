"""What an account will yield, learned straight from what followed earlier dates on which accounts looked alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import TweedieRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from mcrlib.model.soil.evidence import SIGNS, evidence
from mcrlib.model.soil.forecasts import Forecast
from mcrlib.model.soil.histories import Array
from mcrlib.model.soil.past import Past

#: From this many accounts on trees can find more than a formula.
_MANY = 1000
#: Windows learned from; each starts half a window before the other.
_WINDOWS = 3
#: How strongly the formula is drawn to the mean, in rows; share of each tail of the evidence that counts as its edge.
_RIDGE_ROWS, _EDGE = 30.0, 0.002
_SHORTEST_DAYS = 14
_TARGETS = {"orders": 1.0, "revenue": 1.5}


class DirectModel(BaseEstimator):
    """Learn from windows of the past what follows from what was known before them.

    A Tweedie regression (Poisson for orders) for few accounts, gradient boosting for many in which more expected
    orders, money or chance of being alive never lower the forecast, nor does a longer silence raise it.

    Parameters
    ----------
    family : {"auto", "formula", "trees"}
        ``auto``: trees from 1,000 rows per window on.
    n_accounts : int
        Accounts that ``auto`` goes by.

    Attributes
    ----------
    models_ : dict
        A fitted regressor for ``orders`` and for ``revenue``; None where nothing was ordered in any window.
    """

    def __init__(self, family: str = "auto", n_accounts: int = 0) -> None:
        self.family = family
        self.n_accounts = n_accounts

    def fit(self, X: pd.DataFrame, y: pd.DataFrame) -> Self:
        """Learn from ``evidence`` and the ``orders, revenue`` that followed it; returns above orders count as 0."""
        trees = self.family == "trees" or (self.family == "auto" and self.n_accounts >= _MANY)
        self.columns_ = [str(name) for name in X.columns[X.min() < X.max()]]
        known = X[self.columns_]
        self.low_, self.high_, self.usual_ = known.quantile(_EDGE), known.quantile(1 - _EDGE), known.median()
        self.models_, self.means_ = {}, {}
        with threadpool_limits(1):
            for target, power in _TARGETS.items():
                came = y[target].clip(lower=0.0).to_numpy(float)
                self.means_[target] = float(came.mean())
                model = _trees(self.columns_, len(X)) if trees else _formula(power, len(X))
                learns = self.means_[target] > 0 and self.columns_
                self.models_[target] = model.fit(self._inner(X), came / self.means_[target]) if learns else None
        return self

    def predict(self, X: pd.DataFrame) -> pd.DataFrame:
        """``orders, revenue`` of a window after each row; evidence beyond what was learned from counts as its edge."""
        check_is_fitted(self, "models_")
        with threadpool_limits(1):
            said = {target: self._said(model, target, X) for target, model in self.models_.items()}
        return pd.DataFrame(said, index=X.index)

    def _said(self, model: Any, target: str, X: pd.DataFrame) -> Array:
        mean = self.means_[target]
        return np.full(len(X), mean) if model is None else model.predict(self._inner(X)) * mean

    def _inner(self, X: pd.DataFrame) -> Array:
        return X[self.columns_].fillna(self.usual_).clip(self.low_, self.high_, axis=1).to_numpy(float)


@dataclass(frozen=True)
class Direct:
    """A fitted direct forecast and the days of the windows it learned from."""

    model: DirectModel
    days: int

    @classmethod
    def learn(cls, past: Past, as_of: dt.date, days: int) -> Direct | None:
        """Learn from windows that end by a date, as long as the horizon or a third of the history; None without any.

        Even days, so that the windows half a window apart fall on the dates that rolling origins look at anyway.
        """
        window, starts = windows(past, as_of, days)
        rows, came = [], []
        for start in starts:
            if past.forecast(start) is not None:
                rows.append(past.evidence(start, window))
                came.append(past.came(start, window))
        if not rows:
            return None
        model = DirectModel(n_accounts=len(past.known(as_of)))
        return cls(model.fit(pd.concat(rows, ignore_index=True), pd.concat(came, ignore_index=True)), window)

    def predict(self, features: pd.DataFrame, forecast: Forecast, days: float) -> pd.DataFrame:
        """``orders_predicted, revenue_predicted`` within so many days: the window's, longer by what orders promise."""
        said = self.model.predict(evidence(features, forecast, self.days))
        near = np.maximum(forecast.orders(features, self.days), np.finfo(float).tiny)
        reach = forecast.orders(features, days) / near
        return said.mul(reach, axis=0).rename(columns=lambda name: f"{name}_predicted")


def windows(past: Past, as_of: dt.date, days: int) -> tuple[int, list[dt.date]]:
    """Days and first days of the windows to learn from that end by a date; none where the history is too short."""
    window = min(days, past.span(as_of) // 3) // 2 * 2
    count = _WINDOWS if window >= _SHORTEST_DAYS else 0
    return window, [as_of - dt.timedelta(days=window + i * window // 2) for i in range(count)]


def _formula(power: float, rows: int) -> Any:
    ridge = TweedieRegressor(power=power, alpha=_RIDGE_ROWS / rows, link="log", solver="newton-cholesky", max_iter=300)
    return make_pipeline(StandardScaler(), ridge)


def _trees(columns: list[str], rows: int) -> Any:
    return HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.05,
        max_iter=100,
        max_leaf_nodes=8,
        min_samples_leaf=max(20, rows // 200),
        l2_regularization=10.0,
        monotonic_cst=[SIGNS.get(name, 0) for name in columns],
        early_stopping=False,
        random_state=0,
    )
