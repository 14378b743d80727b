"""By how much each account will yield more or less than its orders foretell, learned from windows of the past."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import PoissonRegressor
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from mcrlib.model.soil.evidence import SIGNS, evidence
from mcrlib.model.soil.forecasts import Forecast
from mcrlib.model.soil.histories import Array
from mcrlib.model.soil.past import Past

#: Both are learned; each is a part of the kit's forecast by this name.
FAMILIES = ("formula", "trees")
TARGETS = ("orders", "revenue")
#: Windows learned from; each starts half a window before the other.
_WINDOWS = 3
#: How strongly the factor is drawn to 1, in mean accounts: by the formula on the whole, by the trees in each leaf.
_RIDGE = 100.0
#: Share of each tail of the evidence that counts as its edge; the least foretold of an account, in means.
_EDGE, _LEAST = 0.002, 0.01
_SHORTEST_DAYS = 14
#: Signs are told in twentieths of their spread: finer tells no more, and costs trees five times the time to learn.
_STEPS = 20


class DirectModel(BaseEstimator):
    """Learn by what factor accounts brought more or less than their orders foretold, and which signs told it before.

    A Poisson regression of what came, with what was foretold as its exposure: where the evidence is thin the factor is
    1, and the forecast stays the one that orders give.

    Parameters
    ----------
    family : {"formula", "trees"}
        The logarithm of the factor is a ridge regression, or a sum of small boosted trees, in which more orders and
        money of the past never lower the factor, nor does a longer silence raise it.

    Attributes
    ----------
    model_ : PoissonRegressor, HistGradientBoostingRegressor or None
        None where nothing came or nothing differs: the factor is 1.
    columns_ : list of str
        Columns of the evidence that differ between accounts.
    low_, high_, usual_ : Series
        Edges of each, beyond which all counts alike, and what stands for the unknown.
    mean_, spread_ : array
        By which they are standardised.
    """

    def __init__(self, family: str = "formula") -> None:
        self.family = family

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """Learn from ``evidence``, the factors that came (0 or more) and what was foretold, their exposure."""
        if self.family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, not {self.family!r}")
        X, y = validate_data(self, X, y, dtype=np.float64, ensure_all_finite="allow-nan", y_numeric=True)
        if (y < 0).any():
            raise ValueError(f"a factor is 0 or more: {int((y < 0).sum())} of {len(y)} are not")
        table = self._table(X)
        self.columns_ = [str(name) for name in table.columns[table.min() < table.max()]]
        known = table[self.columns_]
        self.low_, self.high_, self.usual_ = known.quantile(_EDGE), known.quantile(1 - _EDGE), known.median()
        inner = self._inner(table)
        self.mean_, spread = inner.mean(axis=0), inner.std(axis=0)
        self.spread_ = np.where(spread > 0, spread, 1.0)
        self.model_ = None
        if self.columns_ and y.any():
            model = _formula(len(y)) if self.family == "formula" else _trees(self.columns_, len(y))
            self.model_ = model.fit(self._standard(table), y, sample_weight=sample_weight)
        return self

    def predict(self, X: Any) -> Array:
        """Factor of each row; evidence beyond what was learned from counts as its edge."""
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, dtype=np.float64, ensure_all_finite="allow-nan")
        return np.ones(len(X)) if self.model_ is None else self.model_.predict(self._standard(self._table(X)))

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.positive_only, tags.input_tags.allow_nan = True, True
        return tags

    def _table(self, X: Array) -> pd.DataFrame:
        """The evidence by name; columns without names are numbered."""
        return pd.DataFrame(X, columns=getattr(self, "feature_names_in_", [f"x{i}" for i in range(X.shape[1])]))

    def _inner(self, table: pd.DataFrame) -> Array:
        known = table[self.columns_].to_numpy(float)
        return np.asarray(np.where(np.isnan(known), self.usual_, known).clip(self.low_, self.high_))

    def _standard(self, table: pd.DataFrame) -> Array:
        return np.asarray(np.rint((self._inner(table) - self.mean_) / self.spread_ * _STEPS) / _STEPS)


@dataclass(frozen=True)
class Direct:
    """The fitted factors of orders and of revenue by family, and the days of the windows they were learned from."""

    models: dict[str, dict[str, DirectModel]]
    days: int

    @classmethod
    def learn(cls, past: Past, as_of: dt.date, days: int) -> Direct | None:
        """Learn from windows that end by a date, as long as the horizon or a third of the history; None without any.

        Every window counts by what came in it: what it brought in all is set aside. Even days, so that the windows half
        a window apart fall on the dates that rolling origins look at anyway.
        """
        window, starts = windows(past, as_of, days)
        starts = [start for start in starts if past.forecast(start) is not None]
        if not starts:
            return None
        rows = pd.concat([past.evidence(start, window) for start in starts], ignore_index=True)
        foretold = pd.concat([_in_means(past.foretold(start, window)) for start in starts], ignore_index=True)
        came = pd.concat([_in_means(past.came(start, window)) for start in starts], ignore_index=True)
        exposure = foretold.clip(lower=_LEAST)
        factors = came.clip(lower=0.0) / exposure
        with threadpool_limits(1):
            models = {
                family: {name: DirectModel(family).fit(rows, factors[name], exposure[name]) for name in TARGETS}
                for family in FAMILIES
            }
        return cls(models, window)

    def predict(self, features: pd.DataFrame, forecast: Forecast, days: float) -> dict[str, pd.DataFrame]:
        """By family: ``orders_predicted, revenue_predicted`` within so many days, in all as much as orders foretell."""
        seen = evidence(features, forecast, self.days)
        foretold = forecast.mean(features, days).reset_index(drop=True)
        least = foretold.clip(lower=_LEAST * foretold.mean(), axis=1)
        said = {}
        for family, models in self.models.items():
            with threadpool_limits(1):
                drawn = least * np.column_stack([models[name].predict(seen) for name in TARGETS])
            said[family] = (drawn * foretold.sum() / drawn.sum().where(drawn.sum() > 0, 1.0)).set_axis(features.index)
        return said


def windows(past: Past, as_of: dt.date, days: int) -> tuple[int, list[dt.date]]:
    """Days and first days of the windows to learn from that end by a date; none where the history is too short."""
    window = min(days, past.span(as_of) // 3) // 2 * 2
    count = _WINDOWS if window >= _SHORTEST_DAYS else 0
    return window, [as_of - dt.timedelta(days=window + i * window // 2) for i in range(count)]


def _in_means(table: pd.DataFrame) -> pd.DataFrame:
    mean = table.clip(lower=0.0).mean()
    return table.div(mean.where(mean > 0, 1.0)).set_axis(list(TARGETS), axis=1)


def _formula(rows: int) -> PoissonRegressor:
    return PoissonRegressor(alpha=_RIDGE / rows, solver="newton-cholesky", max_iter=300)


def _trees(columns: list[str], rows: int) -> HistGradientBoostingRegressor:
    return HistGradientBoostingRegressor(
        loss="poisson",
        learning_rate=0.05,
        max_iter=50,
        max_leaf_nodes=4,
        min_samples_leaf=max(20, rows // 200),
        l2_regularization=_RIDGE,
        monotonic_cst=[SIGNS.get(name, 0) for name in columns],
        early_stopping=False,
        random_state=0,
    )
