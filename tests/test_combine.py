import dataclasses
import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from estimators import NAMED_COLUMNS
from order_world import draw_days, features, never_ordered, outcomes
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.describe.accounts import account_features
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.forecasts import Forecast
from mcrlib.model.soil.origins import judge_at, rolling_origins
from mcrlib.model.soil.parts import BASE, Parts
from mcrlib.model.soil.past import Past
from mcrlib.simulate.company import simulate

AS_OF = dt.date(2022, 12, 31)
NUMBERS = ["soil_value", "soil_low", "soil_high", "orders_expected", "revenue_expected"]


@parametrize_with_checks([SoilModel()], expected_failed_checks=lambda model: NAMED_COLUMNS, xfail_strict=True)
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


def test_what_came_before_is_metadata_that_a_pipeline_can_route(table):
    with pytest.raises(TypeError, match="positional"):
        SoilModel().fit(table, None, pd.DataFrame())
    assert set(SoilModel().get_metadata_routing().fit.requests) == {"origins", "direct"}


@pytest.fixture(scope="module")
def days():
    return draw_days(1200, seed=9, k=2)


@pytest.fixture(scope="module")
def table(days):
    return features(days, AS_OF)


@pytest.fixture(scope="module")
def past(days):
    return Past(partial(features, days), partial(outcomes, days))


@pytest.fixture(scope="module")
def judged(past):
    return rolling_origins(past, AS_OF, 365)


def test_recovery_of_revenue_and_of_the_intervals(days, table):
    found = SoilModel().fit(table).predict_horizon(table, 730)
    came = table[["account_id"]].merge(outcomes(days, AS_OF, dt.date(2024, 12, 30)), validate="one_to_one")["revenue"]
    assert found["revenue_predicted"].sum() == pytest.approx(came.sum(), rel=0.07)
    inside = came.between(found["revenue_low"] - 1e-9, found["revenue_high"] + 1e-9)
    bought = found["revenue_predicted"].rank(pct=True) > 0.5
    # a little wide where the orders do follow the law: the shock is its prior and the rhythm is doubted
    assert 0.78 < inside[bought].mean() < 0.90


def test_recovery_of_the_portfolio_interval(days, table, judged):
    total = SoilModel().fit(table, origins=judged).predict_total(table, 365)
    came = (
        outcomes(days, AS_OF, dt.date(2023, 12, 31))
        .merge(table[["account_id"]], validate="one_to_one")["revenue"]
        .sum()
    )
    assert total["low"] < came < total["high"]
    assert total["low"] < total["total"] < total["high"]


def test_the_soil_value_is_orders_times_value_times_margin_year_by_year(table):
    model = SoilModel(horizon_years=2.0, discount_rate=0.10).fit(table)
    first, both = (model.predict_horizon(table, days)["revenue_predicted"] for days in (365, 730))
    by_hand = 0.4 * (first / 1.1**0.5 + (both - first) / 1.1**1.5)
    assert model.predict(table)["soil_value"].to_numpy() == pytest.approx(by_hand.to_numpy(), rel=1e-6)


def test_a_higher_rate_lowers_the_value_and_a_longer_horizon_raises_it(table):
    plain = SoilModel().fit(table).predict(table)["soil_value"]
    assert (SoilModel(discount_rate=0.2).fit(table).predict(table)["soil_value"] < plain).all()
    assert (SoilModel(horizon_years=5.5).fit(table).predict(table)["soil_value"] > plain).all()


def test_intervals_hold_the_order_and_do_not_depend_on_who_stands_where(table):
    model = SoilModel().fit(table)
    found = model.predict(table)
    assert found["soil_value"].between(found["soil_low"], found["soil_high"]).all()
    soon = model.predict_horizon(table, 365)
    assert soon["revenue_predicted"].between(soon["revenue_low"], soon["revenue_high"]).all()
    back = model.predict(table.iloc[::-1]).iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(back, found, check_exact=True)


def test_of_accounts_that_never_ordered_orders_tell_nothing(table):
    mixed = pd.concat([never_ordered("x"), table.head(40)], ignore_index=True)
    found = SoilModel().fit(mixed).predict(mixed)
    assert found.loc[0, [*NUMBERS, "p_alive"]].isna().all()
    assert found["soil_basis"].tolist() == ["none"] + 40 * ["orders"]
    assert found.loc[1:].notna().all(axis=None)


def test_what_is_known_of_prospects_stands_in_where_orders_tell_nothing(table):
    mixed = pd.concat([never_ordered("x", "y"), table.head(40)], ignore_index=True)
    bounds = {"soil_value": [7.0, 9.0], "soil_low": [0.0, 0.0], "soil_high": [20.0, 30.0]}
    prospects = pd.DataFrame({"account_id": ["x", table.loc[0, "account_id"]]} | bounds)
    model = SoilModel().fit(mixed)
    plain, found = model.predict(mixed), model.predict(mixed, prospects=prospects)
    assert found.loc[0, [*bounds, "soil_basis"]].tolist() == [7.0, 0.0, 20.0, "prospects"]
    assert found.loc[1, "soil_basis"] == "none" and np.isnan(found.loc[1, "soil_value"])
    pd.testing.assert_frame_equal(found.loc[2:], plain.loc[2:])  # who has ordered keeps what its orders say
    assert np.isnan(found.loc[0, "p_alive"]) and np.isnan(found.loc[0, "orders_expected"])


def test_where_nobody_has_ordered_nothing_is_known():
    nobody = never_ordered("x", "y")
    found = SoilModel().fit(nobody).predict(nobody)
    assert found[NUMBERS].isna().all(axis=None)
    total = SoilModel().fit(nobody).predict_total(nobody, 365)
    assert np.isnan([total[name] for name in ("total", "low", "high")]).all() and total["left_out"] == 2


def identical(n):
    rows = [
        (f"a{i}", pd.Timestamp("2022-01-01") + pd.Timedelta(days=60 * j), 100.0) for i in range(n) for j in range(4)
    ]
    return features(pd.DataFrame(rows, columns=["account_id", "date", "value"]), AS_OF)


@pytest.mark.parametrize(
    "make",
    [
        lambda t: t.head(1),
        lambda t: t.head(20),
        lambda t: t[t["frequency"] == 0].head(30),
        lambda t: identical(15),
        lambda t: t.head(30).assign(revenue_total=lambda f: f["revenue_total"].where(f.index > t.index[0], 1e9)),
        lambda t: t.head(9).assign(spend_n=0, revenue_total=0.0, gp_total=0.0, spend_log_sum=0.0, spend_log_weight=0.0),
    ],
    ids=["one account", "twenty", "one order each", "all identical", "one giant", "no order has a price"],
)
def test_small_and_odd_portfolios_get_finite_numbers(table, make):
    odd = make(table).reset_index(drop=True)
    found = SoilModel().fit(odd).predict(odd)
    assert np.isfinite(found[NUMBERS]).all(axis=None)
    assert (found[NUMBERS] >= 0).all(axis=None)
    assert found["p_alive"].notna().eq((odd["frequency"] > 0).any()).all()


def test_where_nobody_ordered_twice_the_chance_of_still_buying_is_not_known(table):
    once, again = table[table["frequency"] == 0].head(20), table[table["frequency"] > 0].head(1)
    assert SoilModel().fit(once).predict(once)["p_alive"].isna().all()
    assert SoilModel().fit(pd.concat([once, again])).predict(once)["p_alive"].between(0, 1).all()


def test_the_chance_of_still_buying_is_that_of_the_laws_whose_orders_are_expected(table, judged):
    """A giant that pauses is given up by a strict rhythm, not by the law without one that told its orders best."""
    model = SoilModel(3, 0.0).fit(table, origins=judged)
    base = model.parts_.base.p_alive(table)
    plain = Forecast.learn(table, "pareto-nbd")
    parts = Parts({BASE: model.parts_.base, "pareto_gamma": plain}, None, None)

    def told(model_in_use="kit", **weights):
        one = SoilModel(3, 0.0).fit(table, origins=judged)
        one.parts_, one.choice_ = parts, dataclasses.replace(one.choice_, model=model_in_use, weights=weights)
        return one.predict_horizon(table, 365)["p_alive"].to_numpy()

    mixed = told(cnbd_lognormal=0.5, formula=0.25, pareto_gamma=0.25)  # the formula leans on the base
    np.testing.assert_array_equal(told(pareto_gamma=1.0), plain.p_alive(table))
    np.testing.assert_array_equal(told(cnbd_lognormal=0.4, formula=0.6), base)
    np.testing.assert_array_equal(told("last_year", pareto_gamma=1.0), base)
    np.testing.assert_allclose(mixed, 0.75 * base + 0.25 * plain.p_alive(table))
    assert np.abs(plain.p_alive(table) - base).max() > 0.05


def test_resampled_small_bases_are_all_fitted(table):
    rng = np.random.default_rng(5)
    for n in (5, 20, 50) * 3:
        drawn = table.sample(n, replace=True, random_state=rng).reset_index(drop=True)
        said = SoilModel().fit(drawn.assign(account_id=drawn.index.astype(str))).predict_horizon(drawn, 365)
        assert np.isfinite(said.select_dtypes("number")).all(axis=None)


def test_identical_accounts_get_identical_values():
    table = identical(15)
    assert SoilModel().fit(table).predict(table)[NUMBERS].nunique().tolist() == [1] * 5


def test_of_a_day_old_portfolio_nothing_is_expected(table):
    today = table.assign(frequency=0, recency=0.0, T=0.0, log_gaps=0.0)
    said = SoilModel().fit(today).predict(today)
    assert said[["soil_value", "soil_low", "soil_high", "p_alive"]].isna().all(axis=None)


def test_the_run_uses_the_plain_forecast_where_the_kit_lost(table):
    said = {"model": [BASE, "last_year"], "revenue_predicted": [50.0, 99], "orders_predicted": 1.0}
    facts = {"origin": "2021-01-01", "horizon_days": 365, "revenue": 100.0, "revenue_low": 0.0, "revenue_high": 100.0}
    lost = pd.DataFrame(said).assign(**facts)
    model = SoilModel().fit(table, origins=pd.concat([lost.assign(account_id=name) for name in "abcdefghij"]))
    found = model.predict_horizon(table, 365)
    assert set(found["model"]) == {"last_year"}
    assert found["revenue_predicted"].to_numpy() == pytest.approx(table["revenue_12m"].to_numpy())
    assert (found["revenue_low"] <= found["revenue_high"]).all()
    long = model.predict_horizon(table, 1825)["revenue_predicted"].sum()
    assert long < 5 * found["revenue_predicted"].sum()


def test_the_kit_beats_the_plain_forecasts_on_its_own_process(past):
    told = judge_at(past, AS_OF, 365)
    errors = (told["revenue_predicted"] - told["revenue"]).abs().groupby(told["model"]).mean()
    assert errors[BASE] < errors[["same_rate", "last_year", "last_quarter", "recency_only", "average"]].min()


def test_recovery_of_the_value_in_a_simulated_company(tmp_path):
    company = simulate(seed=3)
    clean = write_clean(tmp_path, **company.tables)
    as_of = pd.to_datetime(company.tables["orders"]["order_date"]).max().date()
    table = account_features(clean, as_of)
    found = SoilModel().fit(table).predict(table).merge(company.truth.accounts, on="account_id", validate="one_to_one")
    bought = found[found["p_alive"].notna()]
    assert bought["soil_value"].sum() == pytest.approx(bought["value_5y"].sum(), rel=0.25)
    assert bought["soil_value"].corr(bought["value_5y"], method="spearman") > 0.8
    gone = bought[~bought["alive"].astype(bool)]
    assert gone["p_alive"].mean() < bought["p_alive"].mean() - 0.2


def test_bounds_stay_in_proportion_where_a_strict_rhythm_has_given_an_account_up():
    days = draw_days(150, seed=4, k=8, a=0.01, b=20.0)
    silent = days["account_id"] == days["account_id"].iloc[0]
    table = features(days[~silent | (days["date"] < days["date"].min() + pd.Timedelta(days=400))], AS_OF)
    model = SoilModel().fit(table)
    said = model.parts_.base.mean(table, 365)["revenue_predicted"]
    assert said.min() < 1e-3 * said.mean()  # the rhythm is sure that one has left
    weights = {BASE: 0.5, "everyone": 0.5}
    model.choice_ = dataclasses.replace(model.choice_, weights=weights)
    model.parts_ = dataclasses.replace(model.parts_, known=table)
    found = model.predict_horizon(table, 365)
    assert found["revenue_high"].max() < found["revenue_predicted"].sum()
    assert np.isfinite(list(model.predict_total(table, 365).values())).all()


def test_a_soil_value_says_how_far_it_looks_beyond_its_history(table, judged):
    free, short = SoilModel().fit(table, origins=judged), SoilModel(reach=0.5).fit(table, origins=judged)
    known, weak = free.predict(table), short.predict(table)
    assert (free.status, short.status) == ("ok", "weak")
    assert set(known["soil_status"]) == {"ok"} and set(weak["soil_status"]) == {"weak"}
    assert set(weak["judged_days"]) == {free.choice_.horizon_days} != {0}
    pd.testing.assert_frame_equal(weak[NUMBERS], known[NUMBERS], check_exact=True)  # weak, but the same numbers


def test_beyond_its_reach_and_never_judged_it_is_not_given(table):
    model = SoilModel(reach=0.5).fit(table)
    contracts = pd.DataFrame({"account_id": table["account_id"].head(1), "contract_value": 7.0})
    contracts = contracts.assign(contract_low=7.0, contract_high=7.0)
    said = model.predict(table, contracts=contracts)
    assert said["soil_value"].notna().tolist() == [True] + [False] * (len(table) - 1)
    assert said["soil_status"].tolist() == ["weak"] + ["not_available"] * (len(table) - 1)
    assert said["orders_expected"].isna().all() and said["p_alive"].notna().all()
    assert model.predict_horizon(table, 365)["revenue_predicted"].notna().all()  # what a backtest judges
