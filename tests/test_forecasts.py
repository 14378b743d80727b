import datetime as dt

import numpy as np
import pytest
from order_world import draw_days, features, outcomes

from mcrlib.model.soil.forecasts import Forecast


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
