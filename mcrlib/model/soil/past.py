"""What could be known at each earlier date, and what then came; every date is asked for once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache

import numpy as np
import pandas as pd

from mcrlib.model.soil.evidence import evidence
from mcrlib.model.soil.forecasts import YEAR, Forecast
from mcrlib.model.soil.histories import has_ordered

FeaturesAt = Callable[[dt.date], pd.DataFrame]
OutcomesBetween = Callable[[dt.date, dt.date], pd.DataFrame]


class Past:
    """The history of a company as it looked at earlier dates.

    Parameters
    ----------
    features_at : callable
        Account features as known at a date.
    outcomes_between : callable
        ``account_id, orders, revenue`` in (start, end].
    """

    def __init__(self, features_at: FeaturesAt, outcomes_between: OutcomesBetween) -> None:
        # Caches of this object, not of its class: they end with it, and no two companies share one.
        self.features_at = cache(features_at)
        self._outcomes_between = cache(outcomes_between)
        self.known = cache(self._known)
        self.came = cache(self._came)
        self.forecast = cache(self._learn)
        self.evidence = cache(self._evidence)
        self.foretold = cache(self._foretold)

    def _known(self, date: dt.date) -> pd.DataFrame:
        """Features of the accounts that had ordered by a date."""
        features = self.features_at(date)
        return features[has_ordered(features)].reset_index(drop=True)

    def _came(self, date: dt.date, days: int) -> pd.DataFrame:
        """``orders, revenue`` of the accounts known at a date, in the days after it; rows as in ``known``."""
        return self.came_to(self.known(date), date, days)

    def came_to(self, accounts: pd.DataFrame, date: dt.date, days: int) -> pd.DataFrame:
        """``orders, revenue`` of some accounts in the days after a date; rows as in ``accounts``."""
        outcomes = self._outcomes_between(date, date + dt.timedelta(days=days))[["account_id", "orders", "revenue"]]
        joined = accounts[["account_id"]].merge(outcomes, on="account_id", how="left", validate="one_to_one")
        return joined[["orders", "revenue"]].fillna(0.0).astype(float)

    def span(self, date: dt.date) -> int:
        """Days from the first order of all to a date; 0 where there is none."""
        longest = self.known(date)["T"].max()
        return int(longest) if longest == longest else 0

    def _learn(self, date: dt.date) -> Forecast | None:
        """Purchase and spend models learned from what was known at a date; None where no time had passed."""
        known = self.known(date)
        return Forecast.learn(known) if len(known) and known["T"].sum() > 0 else None

    def buyers(self, date: dt.date) -> pd.DataFrame:
        """``known`` with what the base forecast says of each account; NaN where nothing could be learned.

        ``p_alive`` as a ``SoilModel`` without earlier cutoffs gives it, ``first_year``: the revenue of the twelve
        months after the date.
        """
        forecast, known = self.forecast(date), self.known(date)
        if forecast is None:
            return known.assign(p_alive=np.nan, first_year=np.nan)
        first_year = self.foretold(date, int(YEAR))["revenue_predicted"]
        return known.assign(p_alive=forecast.p_alive(known), first_year=first_year)

    def _evidence(self, date: dt.date, days: int) -> pd.DataFrame:
        """``evidence`` for so many days after a date; rows as in ``known``. Only where a forecast could be learned."""
        forecast = self.forecast(date)
        assert forecast is not None
        return evidence(self.known(date), forecast, days)

    def _foretold(self, date: dt.date, days: int) -> pd.DataFrame:
        """``Forecast.mean`` at a date of the days after it; rows as in ``known``."""
        forecast = self.forecast(date)
        assert forecast is not None
        return forecast.mean(self.known(date), days).reset_index(drop=True)
