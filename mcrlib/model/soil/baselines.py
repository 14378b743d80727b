"""The plain forecasts that need no model, and that the kit's must beat."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mcrlib.model.soil.forecasts import YEAR

QUARTER = 91.0
#: A silent account counts as gone after so many of the portfolio's typical gaps (the hiatus heuristic).
_HIATUS_GAPS = 3.0


def same_rate(features: pd.DataFrame, days: float) -> pd.DataFrame:
    """Every account goes on at the rate and order value it had since its first order."""
    orders = features["frequency"] / features["T"].clip(lower=1) * days
    return _plain(orders, orders * features["revenue_total"] / features["n_order_days"].clip(lower=1))


def last_year(features: pd.DataFrame, days: float) -> pd.DataFrame:
    """Last year's revenue again, scaled to the horizon; of a shorter history, all there is."""
    seen = np.clip(features["T"].max() + 1, 1.0, YEAR)
    return _of_revenue(features, features["revenue_12m"] * days / seen)


def last_quarter(features: pd.DataFrame, days: float) -> pd.DataFrame:
    """The revenue of the last 91 days again, scaled to the horizon: the run rate."""
    seen = np.clip(features["T"].max() + 1, 1.0, QUARTER)
    return _of_revenue(features, features["revenue_3m"] * days / seen)


def recency_only(features: pd.DataFrame, days: float) -> pd.DataFrame:
    """As at the same rate, but nothing from accounts that have been silent for three typical gaps."""
    repeaters = features[features["frequency"] > 0]
    typical = (repeaters["recency"] / repeaters["frequency"]).median()
    active = features["days_since_last"] <= _HIATUS_GAPS * typical
    return same_rate(features, days).where(active, 0.0)


def average(features: pd.DataFrame, days: float) -> pd.DataFrame:
    """Every account as the mean account of the last year."""
    plain = last_year(features, days)
    return plain * 0.0 + plain.mean()


#: The forecasts that need no model; each takes the features of accounts that have ordered, and days.
BASELINES: dict[str, Callable[[pd.DataFrame, float], pd.DataFrame]] = {
    "same_rate": same_rate,
    "last_year": last_year,
    "last_quarter": last_quarter,
    "recency_only": recency_only,
    "average": average,
}


def _of_revenue(features: pd.DataFrame, revenue: pd.Series) -> pd.DataFrame:
    value = features["revenue_total"] / features["n_order_days"].clip(lower=1)
    return _plain((revenue / value.where(value > 0)).fillna(0.0), revenue)


def _plain(orders: pd.Series, revenue: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({"orders_predicted": orders, "revenue_predicted": revenue.clip(lower=0.0)}).astype(float)
