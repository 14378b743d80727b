import numpy as np
import pandas as pd
import pytest

from mcrlib.describe.order_values import account_margins, order_variation, priced_orders


def accounts(*orders):
    """One row per account, made of the values of its orders."""
    rows = [(len(one), sum(one), sum(np.log(one)) if len(one) else 0.0) for one in orders]
    return pd.DataFrame(rows, columns=["spend_n", "revenue_total", "spend_plain_log_sum"])


@pytest.mark.parametrize("shape", [0.5, 2.0, 20.0])
def test_recovery_of_how_much_orders_of_an_account_vary(shape):
    rng = np.random.default_rng(1)
    drawn = [rng.lognormal(5, 1) * rng.gamma(shape, size=rng.integers(1, 12)) for _ in range(800)]
    assert order_variation(accounts(*drawn)) == pytest.approx(1 / shape, rel=0.1)


def test_the_variation_is_finite_where_little_is_known():
    assert order_variation(accounts()) == order_variation(accounts([])) == 1.0
    assert 0 < order_variation(accounts([100.0])) < 0.2
    assert 0 < order_variation(accounts([100.0] * 50, [3.0] * 50)) < 5


def test_returns_that_outweigh_orders_are_no_evidence():
    n, revenue = priced_orders(pd.DataFrame({"spend_n": [2, 3], "revenue_total": [-5.0, 9.0]}))
    assert (n.tolist(), revenue.tolist()) == ([0, 3], [0.0, 9.0])


def test_the_margin_of_few_orders_leans_on_that_of_all():
    table = pd.DataFrame(
        {"n_order_days": [5, 95, 2], "revenue_total": [50.0, 950.0, -9.0], "gp_total": [0.0, 0.0, 1.0]}
    )
    assert account_margins(table, 0.4) == pytest.approx([0.2, 0.02, 0.4])
