import numpy as np
import pandas as pd
import pytest
from estimators import NAMED_COLUMNS
from order_world import draw_days, features
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.model.soil.spend import FAMILIES, SpendModel


@parametrize_with_checks([SpendModel()], expected_failed_checks=lambda model: NAMED_COLUMNS, xfail_strict=True)
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


def accounts(*orders: list[float]) -> pd.DataFrame:
    """One account per list of order values, one order a day."""
    start = pd.Timestamp("2024-01-01")
    days = [(f"a{i:02}", start + pd.Timedelta(days=j), v) for i, own in enumerate(orders) for j, v in enumerate(own)]
    return features(pd.DataFrame(days, columns=["account_id", "date", "value"]), "2024-12-31", margin=0.5)


@pytest.fixture(scope="module")
def world():
    return features(draw_days(1500, seed=4), "2023-12-31")


def test_recovery_of_the_spread_between_and_within_accounts(world):
    spread = SpendModel("lognormal-plain").fit(world).spread_
    assert spread.mean == pytest.approx(5.0, abs=0.05)
    assert np.sqrt(spread.between) == pytest.approx(0.6, abs=0.04)
    assert np.sqrt(spread.within) == pytest.approx(0.5, abs=0.03)


@pytest.mark.parametrize("family", FAMILIES)
def test_recovery_of_the_value_of_the_next_order(family):
    days = draw_days(1500, seed=8)
    model = SpendModel(family).fit(features(days, "2022-12-31"))
    later = days[days["date"] > "2022-12-31"].groupby("account_id")["value"].agg(["sum", "size"])
    table = features(days, "2022-12-31").set_index("account_id").join(later, how="inner")
    expected = model.predict(table.reset_index())
    assert (expected * table["size"]).sum() == pytest.approx(table["sum"].sum(), rel=0.06)
    assert np.corrcoef(expected, table["sum"] / table["size"])[0, 1] > 0.7


@pytest.mark.parametrize("family", FAMILIES)
def test_expected_values_add_up_to_the_revenue_observed(world, family):
    expected = SpendModel(family).fit(world).predict(world)
    assert (expected * world["n_order_days"]).sum() == pytest.approx(world["revenue_total"].sum())


@pytest.mark.parametrize("family", FAMILIES)
def test_one_large_order_is_believed_less_than_many(family):
    table = accounts([1000.0], [1000.0] * 8, *[[100.0, 90.0, 110.0]] * 10)
    one, many, *_ = SpendModel(family).fit(table).predict(table)
    assert 110 < one < many


def test_one_account_with_one_order_is_expected_to_repeat_it():
    table = accounts([80.0])
    assert SpendModel().fit(table).predict(table) == pytest.approx([80.0])


def test_identical_accounts_are_expected_alike():
    table = accounts(*[[50.0, 50.0]] * 20)
    assert SpendModel().fit(table).predict(table) == pytest.approx(np.full(20, 50.0))


def test_an_account_without_a_priced_order_gets_the_portfolio_mean():
    table = accounts([100.0] * 3, [110.0] * 3, [0.0])
    expected = SpendModel().fit(table).predict(table)
    assert expected[0] < expected[2] < expected[1]


def test_the_margin_is_drawn_to_the_portfolio_where_orders_are_few():
    table = accounts([100.0], [100.0] * 200, *[[100.0] * 10] * 9).assign(gp_total=lambda f: 0.5 * f["revenue_total"])
    table.loc[[0, 1], "gp_total"] = [0.0, 0.0]
    one, many, other, *_ = SpendModel().fit(table).margins(table)
    portfolio = table["gp_total"].sum() / table["revenue_total"].sum()
    assert one == pytest.approx(portfolio * 5 / 6)
    assert many < 0.05 < one < portfolio < other < 0.5


def test_draws_of_the_order_value_have_the_expected_mean(world):
    model, few, rng = SpendModel().fit(world), world.head(5), np.random.default_rng(1)
    drawn = model.draw(few, rng.standard_normal(40_000), rng.standard_normal(40_000), np.full((5, 40_000), 3.0))
    assert drawn.mean(axis=1) == pytest.approx(model.predict(few), rel=0.03)


def of_gamma(shape: float, n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return accounts(*[list(rng.lognormal(5, 1) * rng.gamma(shape, 1 / shape, 2 + i % 5)) for i in range(n)])


@pytest.mark.parametrize("shape", [0.4, 1.0, 9.0])
def test_recovery_of_how_much_orders_of_an_account_vary(shape):
    assert SpendModel().fit(of_gamma(shape)).variation_ == pytest.approx(1 / shape, rel=0.12)


def test_tiny_orders_among_large_ones_do_not_blow_up_the_draws():
    model = SpendModel().fit(of_gamma(0.4))
    assert np.expm1(model.spread_.within) > 20 * model.variation_


@pytest.mark.parametrize("orders", [[[80.0]], [[50.0] * 3] * 20, [[0.01, 1e12]] * 3])
def test_the_variation_is_finite_on_edges(orders):
    assert 0 < SpendModel().fit(accounts(*orders)).variation_ < 150


def test_orders_vary_less_in_the_mean_of_many(world):
    model, few, normal = SpendModel().fit(world), world.head(1), np.random.default_rng(2).standard_normal(40_000)
    one, nine = (model.draw(few, 0 * normal, normal, np.full((1, 40_000), n)).std() for n in (1.0, 9.0))
    assert one / nine == pytest.approx(3, rel=0.05)
    assert one / model.predict(few)[0] == pytest.approx(np.sqrt(np.expm1(0.25)), rel=0.15)


def test_refuses_features_without_the_sums():
    with pytest.raises(ValueError, match="account features lack the columns gp_total, spend_n"):
        SpendModel().fit(accounts([1.0]).drop(columns=["gp_total", "spend_n"]))


def test_refuses_a_portfolio_without_a_price():
    with pytest.raises(ValueError, match="not enough data: none of 1 accounts has an order of positive value"):
        SpendModel().fit(accounts([0.0]))
