"""Running business: how often each account orders, how much, and at what margin, from one year to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.describe.order_values import account_margins, order_variation

Array = NDArray[np.float64]

#: What an account's features must hold.
COLUMNS = (
    "n_order_days", "frequency", "T", "harvest", "revenue_12m", "revenue_total", "gp_total", "margin_square", "spend_n",
    "spend_log_sum", "spend_log_weight", "spend_plain_log_sum", "spend_plain_log_square",
)  # fmt: skip
YEAR = 365.0
#: Repeats at which the account's own last year and the typical account weigh the same. Proposed.
_TRUST = 2.0
#: Half an order in half a year is added to those seen, so that no time and no repeat foretell neither all nor nothing.
_HALF = 0.5
#: The least order rate, and chance that an account still buys.
_TINY = 1e-9
#: What running business may be told by: last year as far as an account repeats its orders, last year's harvest as it
#: stands, or the forecast of the soil for its first year.
RUN_RATE, HARVEST_AGAIN, FIRST_YEAR = WAYS = ("run_rate", "harvest_again", "first_year")


@dataclass(frozen=True)
class Running:
    """What was learned of the orders of all accounts.

    Parameters
    ----------
    rate_shape, rate_span : float
        Gamma law of yearly order rates: its shape, and the years it counts for.
    size_mean, size_within, size_between : float
        Mean of the log of an order's size, its variance within accounts and between them.
    variation : float
        Squared coefficient of variation of an account's order sizes.
    margin : float
        Gross profit per revenue of all accounts.
    margin_variance : float
        Variance of the margin of one order around that of its account.
    """

    rate_shape: float
    rate_span: float
    size_mean: float
    size_within: float
    size_between: float
    variation: float
    margin: float
    margin_variance: float

    @classmethod
    def learn(cls, features: pd.DataFrame) -> Self:
        """Learn from account features; accounts that never ordered are passed over."""
        buyers = features[features["n_order_days"] > 0]
        revenue = buyers["revenue_total"].sum()
        sized = buyers[(buyers["spend_n"] > 0) & (buyers["revenue_total"] > 0)]
        variation = order_variation(sized)
        return cls(
            *_learn_rate(buyers),
            *_learn_size(buyers),
            variation,
            float(buyers["gp_total"].sum() / revenue) if revenue > 0 else 1.0,
            _learn_margin_variance(sized, variation) if len(sized) else 0.0,
        )

    def expect(self, features: pd.DataFrame, *, way: str) -> pd.DataFrame:
        """Expect of each account a year of running business.

        ``run_rate``: last year's revenue as far as the account has repeated its orders, else its order rate times its
        order size; ``first_year``: the revenue in the column of that name; both at the account's own margin.
        ``harvest_again``: last year's harvest as it stands.

        Returns
        -------
        DataFrame
            Rows as in ``features``: ``run_rate`` (gross profit), ``usual`` (the mean that the variance belongs to),
            ``variance`` of what the orders bring, ``swing`` (variance by their margins), ``nothing`` (chance of no
            order).
        """
        alive = features["p_alive"].fillna(1).to_numpy() if "p_alive" in features else np.ones(len(features))
        rate, size, doubt, none = self._orders(features)
        trust = (features["frequency"] / (features["frequency"] + _TRUST)).to_numpy()
        if way == FIRST_YEAR:
            revenue = features["first_year"].to_numpy() / np.maximum(alive, _TINY)
        else:
            revenue = _expected(trust, features["revenue_12m"], rate, size)
        profit = revenue * account_margins(features, self.margin)
        # Chance in the orders of the year, and in what it is told from: last year's orders, or usual rate and size.
        told = {RUN_RATE: trust, HARVEST_AGAIN: np.ones(len(features)), FIRST_YEAR: np.zeros(len(features))}[way]
        chance = (1 + told**2) * (1 + self.variation) / rate
        relative = chance + (1 - told) ** 2 * doubt
        harvest = features["harvest"].to_numpy(float)
        # A harvest of nothing, or a loss, tells little of how much may come: then the law of the orders does.
        told_by_year = (way == HARVEST_AGAIN) & (harvest > 0)
        scale = np.where(told_by_year, harvest, profit)
        columns = {
            "run_rate": harvest if way == HARVEST_AGAIN else alive * profit,
            "usual": np.where(told_by_year, harvest, alive * profit),
            "variance": alive * scale**2 * (relative + 1 - alive),
            "swing": alive * revenue**2 * self.margin_variance * chance,
            "nothing": 1 - alive + alive * none,
        }
        found = pd.DataFrame(columns)
        found.loc[features["n_order_days"] == 0] = [0.0, 0.0, 0.0, 0.0, 1.0]
        return found

    def _orders(self, features: pd.DataFrame) -> tuple[Array, Array, Array, Array]:
        """Yearly orders of each account that stays, their size, the relative variance of both, the chance of none."""
        shape = self.rate_shape + features["frequency"].to_numpy()
        rate = np.maximum(shape / (self.rate_span + features["T"].fillna(0).to_numpy() / YEAR), _TINY)
        prior = self.size_within / self.size_between
        weight = features["spend_log_weight"].to_numpy() + prior
        mean_log = (features["spend_log_sum"].to_numpy() + prior * self.size_mean) / weight
        size = np.exp(mean_log + self.size_within / 2)
        return rate, size, 1 / shape + self.size_within / weight, (1 + rate / shape) ** -shape


def _expected(trust: Array, last_year: pd.Series, rate: Array, size: Array) -> Array:
    """Last year's again as far as it is trusted; else rate times size, at most what the year or one order yielded."""
    last = last_year.to_numpy().clip(min=0)  # more came back than was sold
    usual = np.minimum(rate * size, np.where(last > 0, np.maximum(last, size), np.inf))
    return np.asarray(trust * last + (1 - trust) * usual)


def _learn_rate(buyers: pd.DataFrame) -> tuple[float, float]:
    """Shape and span (years) of the gamma of yearly order rates, by moments weighted with the years observed."""
    years = np.maximum(buyers["T"].to_numpy() / YEAR, 1 / YEAR)
    if not len(buyers):
        return 1.0, 1.0
    repeats = buyers["frequency"].to_numpy()
    mean = (repeats.sum() + _HALF) / (years.sum() + _HALF)
    seen = np.average((repeats / years - mean) ** 2, weights=years)
    between = max(seen - mean * len(years) / years.sum(), 0.1 * mean**2)
    return mean**2 / between, mean / between


def _learn_size(buyers: pd.DataFrame) -> tuple[float, float, float]:
    """Mean of the logarithm of an order's size, its variance within accounts and between them."""
    sized = buyers[buyers["spend_n"] > 0]
    if not len(sized):
        return -np.inf, 1.0, 1.0  # no order has a price: an order is worth nothing
    n, total = sized["spend_n"].to_numpy(), sized["spend_plain_log_sum"].to_numpy()
    means = total / n
    degrees = max(int((n - 1).sum()), 1)
    within = max(float((sized["spend_plain_log_square"].to_numpy() - total * means).sum()) / degrees, 0.01)
    between = max(float(means.var()) - within * float((1 / n).mean()), 0.05)
    return float(means.mean()), within, between


def _learn_margin_variance(sized: pd.DataFrame, variation: float) -> float:
    """Variance of an order's margin around that of its account; one order that differs as all do is added."""
    n, total, profit, square = (sized[c].to_numpy() for c in ("spend_n", "revenue_total", "gp_total", "margin_square"))
    order, margin = total.sum() / n.sum(), profit.sum() / total.sum()
    overall = max(square.sum() / total.sum() - margin**2, 0.0)
    seen, room = np.maximum(square - profit**2 / total, 0.0).sum(), (total * (n - 1) / (n + variation)).sum()
    return float((seen + overall * order) / (room + order))
