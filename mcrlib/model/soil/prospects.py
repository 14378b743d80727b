"""What accounts that never ordered will yield: as much as others brought that once stood where they stand."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pandas as pd

from mcrlib.model.soil.forecasts import LEVEL, YEAR
from mcrlib.model.soil.histories import Array
from mcrlib.model.soil.masked import Masked, known_accounts
from mcrlib.model.soil.past import Past

#: Earlier dates looked at; accounts that had not ordered at any of them, and of these that began, to learn from.
_DATES, _LEAST, _LEAST_BEGUN = 5, 20, 5
_DRAWS = 4096
_TAILS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
JUDGED = ["origin", "days", "account_id", "expected", "low", "high", "revenue"]


@dataclass(frozen=True)
class Prospects:
    """How accounts that had never ordered began to, and what they then brought, beside what accounts like them bring.

    An account waits, and in every window it may begin; those that begin early are gone from those that still wait, so
    the first window has a chance of its own. Once it has begun it brings its share. What it is like, its orders aside,
    the masked formula tells.

    Parameters
    ----------
    formula : Masked
        What accounts like each one bring in a window.
    margin : float
        Gross profit per revenue of all customers.
    n, begun : int
        Accounts that had not ordered at an earlier date, and of them those that began in the window after one.
    waited, began : tuple of int
        Windows in which an account waited, and in which it began: the first after a date, and all later ones.
    entry : array
        What those that began brought in the window in which they did, over what accounts like them bring; one each.
    later : array
        The same of each window after that, by account.
    level : tuple of float
        Means of both, weighted by what was expected: of the portfolio, not of the typical account.
    seed : int
        Seed of the intervals.
    """

    formula: Masked
    margin: float
    n: int
    begun: int
    waited: tuple[int, int]
    began: tuple[int, int]
    entry: Array
    later: Array
    level: tuple[float, float]
    seed: int

    @classmethod
    def learn(cls, past: Past, as_of: dt.date, formula: Masked | None, *, seed: int = 1) -> Self | None:
        """Learn from earlier dates; None where too few accounts had not ordered then, or too few of them began."""
        known = past.known(as_of)
        revenue = known["revenue_total"].sum()
        if formula is None or revenue <= 0:
            return None
        seen = _stories(past, as_of, formula)
        waits, begins = ~seen["has_begun"], ~seen["has_begun"] & (seen["revenue"] > 0)
        is_first = seen["step"] == 0
        first, later = seen[is_first & begins], seen[seen["has_begun"]]
        n, begun = seen["account_id"].nunique(), first["account_id"].nunique()
        if n < _LEAST or begun < _LEAST_BEGUN:
            return None
        later = later if len(later) else first
        sums = later.groupby("account_id")[["revenue", "masked"]].sum()
        return cls(
            formula, float(known["gp_total"].sum() / revenue), n, begun,
            (int(is_first.sum()), int((waits & ~is_first).sum())), (len(first), int((begins & ~is_first).sum())),
            _sorted_ratios(first), _sorted_ratios(sums), (_share(first), _share(later)), seed,
        )  # fmt: skip

    @property
    def chances(self) -> tuple[float, float]:
        """Chance to begin within the first window and within each later one of the wait."""
        first = (self.began[0] + 0.5) / (self.waited[0] + 1)  # Jeffreys' prior, as for every proportion of the kit
        return first, (self.began[1] + first) / (self.waited[1] + 1)

    def predict(
        self, features: pd.DataFrame, as_of: dt.date, *, years: float, discount_rate: float = 0.0
    ) -> pd.DataFrame:
        """Gross profit to expect of accounts that never ordered.

        Returns
        -------
        DataFrame
            One row per account that never ordered: ``account_id, soil_value, soil_low, soil_high`` (over the years,
            discounted from the middle of each window; 80 %: where it may well never begin the lower bound is 0); NaN
            for accounts that the CRM did not know at the date.
        """
        said = self.formula.predict(features, as_of)[features["n_order_days"].eq(0).to_numpy()]
        mean, low, high = self._worth(years, discount_rate)
        value = mean * self.margin * said["masked"]
        doubt = np.log(said["masked_high"] / said["masked"])  # how well accounts like this one are known
        with np.errstate(divide="ignore"):
            away = [np.hypot(doubt, np.log(bound / mean)) for bound in (low, high)]
        edges = np.column_stack([value * np.exp(-away[0]), value * np.exp(away[1])])
        bounds = np.sort(edges, axis=1)  # sold below cost, the most business is the largest loss
        told = said[["account_id"]].assign(soil_value=value, soil_low=bounds[:, 0], soil_high=bounds[:, 1])
        return told.reset_index(drop=True)

    def _worth(self, years: float, rate: float) -> tuple[float, float, float]:
        """Mean and 80 % bounds of what one unit of the masked formula, a window's revenue, is worth over the years."""
        step = self.formula.days / YEAR
        ends = np.minimum(np.arange(1, np.ceil(years / step) + 1) * step, years)
        widths = np.diff(ends, prepend=0.0)
        worth = widths / step * (1 + rate) ** -(ends - widths / 2)
        chance = _each(self.chances, len(ends))
        waits = np.append(1.0, np.cumprod(1 - chance)[:-1])
        mean = float(worth @ (waits * chance * self.level[0] + (1 - waits) * self.level[1]))
        draws = self._draws(worth)
        low, high = np.quantile(draws, _TAILS) * mean / (draws.mean() or 1.0)  # 0: so rarely that no draw began
        return mean, float(low), float(max(high, mean))

    def _draws(self, worth: Array) -> Array:
        """Lives of accounts: when it begins, what it brings then, and what in every later window."""
        random, steps = np.random.default_rng(self.seed), np.arange(len(worth))
        begins = random.random((_DRAWS, len(worth))) < _each(self.chances, len(worth))
        begun = np.where(begins.any(axis=1), begins.argmax(axis=1), len(worth))[:, None]
        entry, later = (random.choice(one, (_DRAWS, 1)) for one in (self.entry, self.later))
        return np.asarray(((steps == begun) * entry + (steps > begun) * later) @ worth)


def prospect_soil(
    prospects: Prospects | None, features: pd.DataFrame, as_of: dt.date, *, years: float, discount_rate: float
) -> pd.DataFrame | None:
    """What is to be expected of accounts that never ordered, see ``Prospects.predict``; None where nothing is known."""
    if prospects is None:
        return None
    return prospects.predict(features, as_of, years=years, discount_rate=discount_rate)


def judge_prospects(past: Past, judged: pd.DataFrame, as_of: dt.date, *, seed: int = 1) -> pd.DataFrame:
    """What would have been expected at earlier dates of accounts that had never ordered, beside what came until today.

    Parameters
    ----------
    past : Past
        What was known at each date and what then came.
    judged : DataFrame
        As from ``rolling_origins``: its origins and horizons are taken.
    as_of : date
        Today.
    seed : int
        Seed of the intervals.

    Returns
    -------
    DataFrame
        One row per origin and account that the CRM knew then and that had never ordered: ``origin, days`` (until
        today), ``account_id, expected, low, high`` (revenue; 80 %), ``revenue`` (what came). Empty where nothing was
        learned.
    """
    rows = []
    for origin, days in judged[["origin", "horizon_days"]].drop_duplicates().itertuples(index=False):
        date = pd.Timestamp(origin).date()
        learned = Prospects.learn(past, date, Masked.learn(past, date, int(days)), seed=seed)
        if learned is None:
            continue
        ahead = (as_of - date).days
        of_revenue = replace(learned, margin=1.0)
        said = of_revenue.predict(past.features_at(date), date, years=ahead / YEAR).dropna(subset="soil_value")
        names = {"soil_value": "expected", "soil_low": "low", "soil_high": "high"}
        told = said.rename(columns=names).assign(origin=origin, days=ahead)
        rows.append(told.assign(revenue=past.came_to(told, date, ahead)["revenue"].to_numpy())[JUDGED])
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=JUDGED)


def _stories(past: Past, as_of: dt.date, formula: Masked) -> pd.DataFrame:
    """What accounts that had not ordered at earlier dates brought in each window after.

    ``account_id, step`` (0: the window after the date), ``masked, revenue, has_begun`` (in an earlier window).
    """
    days = formula.days
    told = []
    for i in range(_DATES):
        date = as_of - dt.timedelta(days=days + i * days // 2)
        known = known_accounts(past.features_at(date), date)
        never = known[known["n_order_days"] == 0]
        if past.span(date) < days or never.empty:
            break
        said = formula.predict(known, date).loc[never.index, ["account_id", "masked"]]
        begun = np.zeros(len(never), dtype=bool)
        for step in range((as_of - date).days // days):
            came = past.came_to(never, date + dt.timedelta(days=step * days), days)["revenue"].clip(lower=0.0)
            told.append(said.assign(step=step, revenue=came.to_numpy(), has_begun=begun.copy()))
            begun |= came.to_numpy() > 0
    columns = ["account_id", "masked", "step", "revenue", "has_begun"]
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=columns).astype({"has_begun": bool})


def _sorted_ratios(rows: pd.DataFrame) -> Array:
    """What came over what was expected, in an order that no name of an account decides."""
    return np.sort((rows["revenue"] / rows["masked"]).to_numpy(float))


def _share(rows: pd.DataFrame) -> float:
    return float(rows["revenue"].sum() / rows["masked"].sum())


def _each(pair: tuple[float, float], n: int) -> Array:
    """The first of two for the first step, the second for all others."""
    return np.array([pair[0], *[pair[1]] * (n - 1)])
