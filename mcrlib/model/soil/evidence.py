"""What is known of each account that may tell what it will yield, beyond the law of its orders."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.model.soil.forecasts import Forecast

#: What is learned from, and the direction in which it may move what orders foretell (0: any).
SIGNS = {
    "expected_revenue": 0, "expected_orders": 0, "order_value": 0, "p_alive": 0, "silence": -1, "overdue": 0,
    "frequency": 1, "age": 0, "revenue_total": 1, "revenue_12m": 1, "revenue_3m": 1,
}  # fmt: skip
#: Of the relationship, where the data have it: how broadly we know the account and what happens there.
COVARIATES = (
    "n_product_lines", "n_contacts", "n_functions", "n_levels", "n_owners_active", "n_activities_12m", "n_open_deals",
    "n_cases_24m", "satisfaction",
)  # fmt: skip


def evidence(features: pd.DataFrame, forecast: Forecast, days: float) -> pd.DataFrame:
    """What is known of accounts that have ordered, in units that do not depend on currency or length of the window.

    Logarithms of expected orders and money (in typical orders), of times (in windows) and of the relationship's counts.
    """
    orders, value = forecast.orders(features, days), forecast.order_value(features)
    typical = features["revenue_total"].sum() / max(features["n_order_days"].sum(), 1)
    unit = typical if typical > 0 else 1.0
    gap = features["recency"] / features["frequency"].where(features["frequency"] > 0)
    facts: dict[str, Any] = {
        "expected_revenue": np.log(orders * value / unit + 1e-3),
        "expected_orders": np.log(orders + 1e-3),
        "order_value": np.log(value / unit + 1e-3),
        "p_alive": forecast.purchases.p_alive(features),
        "silence": np.log1p(features["days_since_last"]) - np.log1p(days),
        "overdue": (np.log1p(features["days_since_last"]) - np.log1p(gap)).fillna(0.0),
        "frequency": np.log1p(features["frequency"]),
        "age": np.log1p(features["T"]) - np.log1p(days),
    }
    facts |= {name: np.log(features[name].clip(lower=0.0) / unit + 0.1) for name in SIGNS if name.startswith("revenue")}
    facts |= {name: np.log1p(features[name].astype(float)) for name in COVARIATES if name in features}
    return pd.DataFrame(facts, index=features.index).reset_index(drop=True)
