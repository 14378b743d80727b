"""What each account will order and spend within a horizon, by one law of orders and one of order values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import qmc

from mcrlib.model.soil.histories import Array
from mcrlib.model.soil.purchases import PurchaseModel
from mcrlib.model.soil.spend import SpendModel

#: Level of all intervals.
LEVEL = 0.80
#: Days of a year.
YEAR = 365.0
#: Draws behind a bound (a power of two), and accounts drawn at a time. They serve every account alike, so that their
#: error does not even out: of 256 it was up to a tenth of all upper bounds of a company, of 1,024 three hundredths.
_LOG2_DRAWS, _CHUNK = 10, 1024
#: The common shock of a year or so where no earlier date tells it: spread of log(actual total / forecast total).
PRIOR_SHOCK = 0.20
#: The largest common shock in the intervals of accounts: a larger one would leave the expected value above them.
MOST_SHOCK = 1.0
#: The widest bounds of a total: by such a factor either way nothing is known of it, and a larger one says no more.
MOST_EDGE = 1e3


@dataclass(frozen=True)
class Forecast:
    """Orders and order values learned together from the accounts that have ordered.

    Parameters
    ----------
    purchases : PurchaseModel
        Fitted on the order histories.
    spend : SpendModel, optional
        Fitted on the order values; None where no order has a positive value, which makes every order worth 0.
    """

    purchases: PurchaseModel
    spend: SpendModel | None

    @classmethod
    def learn(cls, features: pd.DataFrame, family: str = "mbg-cnbd-k", spend: str = "lognormal") -> Self:
        """Fit both parts on accounts that have ordered."""
        priced = bool((features["spend_n"] > 0).any())
        return cls(PurchaseModel(family).fit(features), SpendModel(spend).fit(features) if priced else None)

    def with_spend(self, family: str, features: pd.DataFrame) -> Forecast:
        """The same orders with order values of another family."""
        return replace(self, spend=SpendModel(family).fit(features) if self.spend else None)

    def orders(self, features: pd.DataFrame, days: float) -> Array:
        """Expected orders within so many days."""
        return self.purchases.predict(features, days)

    def p_alive(self, features: pd.DataFrame) -> Array:
        """Chance that each account still buys; NaN where nobody ever ordered twice."""
        known = self.purchases.has_repeats_
        return self.purchases.p_alive(features) if known else np.full(len(features), np.nan)

    def order_value(self, features: pd.DataFrame) -> Array:
        """Expected revenue of one order."""
        return self.spend.predict(features) if self.spend else np.zeros(len(features))

    def mean(self, features: pd.DataFrame, days: float) -> pd.DataFrame:
        """Expected ``orders_predicted, revenue_predicted`` within so many days."""
        orders = self.orders(features, days)
        columns = {"orders_predicted": orders, "revenue_predicted": orders * self.order_value(features)}
        return pd.DataFrame(columns, index=features.index)

    def predict(self, features: pd.DataFrame, days: float, *, seed: int) -> pd.DataFrame:
        """As ``mean``, with ``revenue_low, revenue_high``: the bounds of 80 % intervals."""
        low, high = self.interval(features, days, seed=seed)
        return self.mean(features, days).assign(revenue_low=low, revenue_high=high)

    def interval(self, features: pd.DataFrame, days: float, *, seed: int, shock: float = 0.0) -> tuple[Array, Array]:
        """Lowest and highest revenue of each account within so many days, at the 80 % level.

        Number of orders from its closed-form distribution, mean order value from its posterior, the orders' own
        variation from the gamma law; ``shock`` is the spread (in logs, 1 at most) of what moves all accounts at once
        and no account's own history tells. The same random numbers serve every account.
        """
        shock = min(shock, MOST_SHOCK)
        uniform = qmc.Sobol(4, seed=np.random.default_rng(seed)).random_base2(_LOG2_DRAWS)
        moved = np.exp(shock * ndtri(uniform[:, 3]) - shock**2 / 2)
        tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
        found = [np.zeros((2, 0))]
        for start in range(0, len(features), _CHUNK):
            drawn = self._draws(features.iloc[start : start + _CHUNK], days, uniform) * moved
            found.append(np.quantile(drawn, tails, axis=1, overwrite_input=True))
        low, high = np.concatenate(found, axis=1)
        return low, high

    def _draws(self, features: pd.DataFrame, days: float, uniform: Array) -> Array:
        normal = ndtri(uniform[:, 1:3])
        counts = self.purchases.draw(features, uniform[:, 0], days)
        if self.spend is None:
            return np.zeros_like(counts)
        return counts * self.spend.draw(features, normal[:, 0], normal[:, 1], counts)


def sum_with_doubt(
    expected: pd.Series, low: pd.Series, high: pd.Series, *, common: float, reach: float
) -> tuple[float, float, float]:
    """Add up what accounts are expected to bring; tell the sum and its 80 % bounds.

    Accounts vary for themselves, which evens out, and one shock moves all of them at once, which does not.

    Parameters
    ----------
    expected, low, high : Series
        Of each account, with the bounds of its own interval.
    common : float
        Spread, in logs, of what moves all accounts at once.
    reach : float
        Standard deviations that a bound of the sum takes.
    """
    total = float(expected.sum(min_count=1))
    if not total > 0:
        return total, total, total
    shared = min(common, MOST_SHOCK) * expected  # the part of the shock in each account's own interval
    own = ((high - low) / (2 * ndtri((1 + LEVEL) / 2))) ** 2 - shared**2
    spread = np.hypot(common, np.sqrt(own.clip(lower=0.0).sum()) / total)
    edge = min(float(np.exp(reach * spread)), MOST_EDGE)
    return total, total / edge, total * edge
