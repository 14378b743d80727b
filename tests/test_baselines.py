import pandas as pd
import pytest

from mcrlib.model.soil.baselines import average, last_quarter, last_year, recency_only, same_rate

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
