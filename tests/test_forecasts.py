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


def test_the_bounds_are_those_of_the_law_and_not_of_few_draws():
    """The same numbers serve every account, so what they are off by does not even out over accounts."""
    known, _ = regulars(40, 1)
    forecast, random, n = Forecast.learn(known), np.random.default_rng(2), 40_000
    active = known[forecast.p_alive(known) > 0.95].reset_index(drop=True)
    counts = forecast.purchases.draw(active, (random.permutation(n) + 0.5) / n, 1825)
    account, orders, shock = random.normal(size=(3, n))
    drawn = counts * forecast.spend.draw(active, account, orders, counts) * np.exp(0.3 * shock - 0.3**2 / 2)
    right = np.quantile(drawn, [0.1, 0.9], axis=1)
    for seed in (1, 2, 3):
        off = np.array(forecast.interval(active, 1825, seed=seed, shock=0.3)) / right
        assert np.median(off, axis=1) == pytest.approx(1, abs=0.02)
