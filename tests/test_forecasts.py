import datetime as dt

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features, never_ordered, outcomes

from mcrlib.model.soil.forecasts import (
    Forecast,
    average,
    has_ordered,
    last_quarter,
    last_year,
    recency_only,
    same_rate,
)

TABLE = pd.DataFrame(
    {
        "frequency": [4, 4, 0],
        "n_order_days": [5, 5, 1],
        "recency": [400.0, 80.0, 0.0],
        "T": [400.0, 400.0, 10.0],
        "days_since_last": [0.0, 320.0, 10.0],
        "revenue_total": [500.0, 500.0, 70.0],
        "revenue_12m": [400.0, 100.0, 70.0],
        "revenue_3m": [91.0, 0.0, 70.0],
        "log_gaps": [1.0, 1.0, 0.0],
    }
)


@pytest.mark.parametrize(
    ("forecast", "orders", "revenue"),
    [
        (same_rate, [4, 4, 0], [400, 400, 0]),
        (last_year, [4 / 365 * 400, 1 / 365 * 400, 400 / 365], [400 / 365 * 400, 100 / 365 * 400, 70 / 365 * 400]),
        (last_quarter, [4, 0, 400 / 91], [400, 0, 70 * 400 / 91]),
        (recency_only, [4, 0, 0], [400, 0, 0]),
        (average, [6 / 365 * 400 / 3] * 3, [570 / 365 * 400 / 3] * 3),
    ],
)
def test_plain_forecasts_by_hand(forecast, orders, revenue):
    found = forecast(TABLE, 400)
    assert found["orders_predicted"].tolist() == pytest.approx(orders)
    assert found["revenue_predicted"].tolist() == pytest.approx(revenue)


def test_returns_above_orders_forecast_no_negative_revenue():
    assert last_year(TABLE.assign(revenue_12m=-5.0), 365)["revenue_predicted"].tolist() == [0, 0, 0]


def test_accounts_that_never_ordered_have_no_history():
    both = pd.concat([TABLE, never_ordered("x")[TABLE.columns]])
    assert has_ordered(both).tolist() == [True, True, True, False]
    assert np.isnan(both["T"].iloc[-1])


def regulars(n, seed):
    """Accounts that order monthly or so and hardly ever leave."""
    days, as_of = draw_days(n, seed=seed, r=8.0, alpha=30.0, a=0.01, b=9.0), dt.date(2022, 12, 31)
    known = features(days, as_of)
    came = known[["account_id"]].merge(outcomes(days, as_of, dt.date(2023, 12, 31)), validate="one_to_one")
    return known, came["revenue"].to_numpy()


@pytest.mark.parametrize(("n", "seeds"), [(85, 8), (600, 1)])
def test_recovery_of_the_intervals_where_the_law_is_true(n, seeds):
    inside, best = [], []
    for seed in range(seeds):
        known, came = regulars(n, seed)
        forecast = Forecast.learn(known)
        low, high = forecast.interval(known, 365, seed=1)
        inside.append((came >= low) & (came <= high))
        best.append(forecast.mean(known, 365)["revenue_predicted"].rank(pct=True).gt(0.8))
    inside, best = np.concatenate(inside), np.concatenate(best)
    assert 0.75 < inside.mean() < 0.85
    assert 0.72 < inside[best].mean() < 0.88


def test_an_unknown_total_leaves_the_expected_value_inside():
    known, _ = regulars(40, 1)
    forecast = Forecast.learn(known)
    low, high = forecast.interval(known, 365, seed=1, shock=14.0)
    expected = forecast.mean(known, 365)["revenue_predicted"].to_numpy()
    assert ((low < expected) & (expected < high)).mean() > 0.9
