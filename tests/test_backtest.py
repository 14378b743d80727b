import numpy as np
import pandas as pd
import pytest

from mcrlib.judge.backtest import compare, metrics, more_error, total_metrics, verdict


def judged(**models):
    actual = [0.0, 10, 20, 70]
    frames = [
        pd.DataFrame(
            {
                "account_id": list("abcd"),
                "model": name,
                "orders": [0, 1, 2, 7],
                "orders_predicted": predicted,
                "revenue": actual,
                "revenue_predicted": predicted,
                "revenue_low": np.nan,
                "revenue_high": np.nan,
            }
        )  # fmt: skip
        for name, predicted in models.items()
    ]
    return pd.concat(frames, ignore_index=True)


def value(table, metric, target="revenue", model="kit"):
    found = table[(table["metric"] == metric) & (table["target"] == target) & (table["model"] == model)]
    return found["value"].item()


def test_errors_by_hand():
    table = metrics(judged(kit=[10.0, 10, 20, 50]))
    assert value(table, "mae") == pytest.approx(7.5)
    assert value(table, "rmse") == pytest.approx(np.sqrt(500 / 4))
    assert value(table, "bias") == pytest.approx(-0.10)
    assert value(table, "predicted", "total") == 90
    assert value(table, "actual", "total") == 100
    assert list(table.columns) == ["model", "target", "metric", "value", "n"]
    assert set(table["n"]) == {4}


def test_order_metrics_are_1_for_the_right_order_and_0_for_no_order():
    table = metrics(judged(kit=[1.0, 2, 3, 4], average=[5.0, 5, 5, 5]))
    assert value(table, "gini") == pytest.approx(1)
    assert value(table, "spearman") == pytest.approx(1)
    assert value(table, "gini", model="average") == pytest.approx(0)
    assert "spearman" not in set(table.loc[table["model"] == "average", "metric"])


def test_equal_predictions_share_the_revenue_captured():
    four = judged(kit=[1.0, 2, 3, 4], average=[5.0, 5, 5, 5])
    eight = pd.concat([four, four.assign(account_id=four["account_id"] + "'")], ignore_index=True)
    table = metrics(eight)
    assert value(table, "top_20") == pytest.approx(1.6 * 70 / 200)
    assert value(table, "top_20", model="average") == pytest.approx(0.20)


def test_a_fifth_of_four_accounts_and_a_tenth_of_nine_are_nobody():
    four = judged(kit=[1.0, 2, 3, 4])
    twice = pd.concat([four.assign(origin=year) for year in (2023, 2024)])  # four accounts still
    for few in (four, twice):
        assert not {"top_10", "top_20"} & set(metrics(few)["metric"])
    nine = pd.concat([four.assign(account_id=four["account_id"] + str(i)) for i in range(3)]).iloc[:9]
    assert {"top_10", "top_20"} & set(metrics(nine)["metric"]) == {"top_20"}


def test_a_period_without_revenue_has_errors_and_no_shares():
    table = metrics(judged(kit=[1.0, 2, 3, 4]).assign(revenue=0.0))
    found = set(table.loc[table["target"] == "revenue", "metric"])
    assert found == {"mae", "rmse"}


def test_gems_are_future_top_accounts_outside_todays_top():
    n = 20
    one = pd.DataFrame({"account_id": [f"a{i:02d}" for i in range(n)], "model": "kit", "revenue": 1.0})
    one.loc[[3, 15], "revenue"] = [90.0, 99.0]
    one = one.assign(orders=1, orders_predicted=1.0, revenue_predicted=1.0)
    recent = pd.Series(np.arange(n, 0, -1.0), index=one["account_id"])
    blind = metrics(one, recent=recent)
    seeing = metrics(one.assign(revenue_predicted=one["revenue"]), recent=recent)
    assert value(blind, "gems_found") == 0
    assert value(seeing, "gems_found") == 1
    assert seeing.loc[seeing["metric"] == "gems_found", "n"].item() == 1


def test_the_list_for_gems_is_as_long_as_the_future_top():
    n = 26  # a tenth are 2.6: two are the future top, so two are listed
    one = pd.DataFrame({"account_id": [f"a{i:02d}" for i in range(n)], "model": "kit", "revenue": 1.0})
    one.loc[[15, 16], "revenue"] = [99.0, 90.0]
    one = one.assign(orders=1, orders_predicted=1.0, revenue_predicted=1.0)
    one.loc[[20, 15, 16], "revenue_predicted"] = [9.0, 8.0, 7.0]
    recent = pd.Series(np.arange(n, 0, -1.0), index=one["account_id"])
    assert value(metrics(one, recent=recent), "gems_found") == 0.5


def test_coverage_of_intervals_overall_and_by_tier():
    one = judged(kit=[1.0, 2, 3, 4]).assign(revenue_low=[0.0, 0, 30, 60], revenue_high=[0.0, 9, 40, 80])
    tiers = pd.Series(["C", "C", "A", "A"], index=list("abcd"))
    table = metrics(one, tiers=tiers)
    assert value(table, "coverage") == 0.5
    assert value(table, "coverage_top_20") == 1
    assert value(table, "coverage_A") == 0.5
    assert value(table, "coverage_bottom_50") == 0.5


def test_a_fifth_of_five_accounts_is_one_and_half_of_them_two():
    five = [0.0, 1, 2, 3, 4]
    one = pd.DataFrame({"account_id": list("abcde"), "model": "kit", "orders": 1, "orders_predicted": 1.0})
    one = one.assign(revenue=five, revenue_predicted=five, revenue_low=0.0, revenue_high=[9.0, 9, 0, 0, 9])
    rows = metrics(one).set_index("metric")[["value", "n"]]
    assert rows.loc["coverage_top_20"].tolist() == [1, 1] and rows.loc["coverage_bottom_50"].tolist() == [1, 2]
    assert rows.loc["coverage"].tolist() == [0.6, 5]


def test_the_total_says_whether_it_fell_into_its_interval():
    table = total_metrics("kit", {"total": 90.0, "low": 80.0, "high": 120.0}, 100.0, 4)
    assert table.set_index("metric")["value"].to_dict() == {"low": 80.0, "high": 120.0, "covered": 1.0}
    assert set(table["target"]) == {"total"}
    bounds = {"total": 90.0, "low": 80.0, "high": 120.0}
    covered = [total_metrics("kit", bounds, came, 4)["value"].iloc[2] for came in (79.9, 80.0, 120.0, 120.1)]
    assert covered == [0, 1, 1, 0]


def many(kit, plain, n=200):
    rng = np.random.default_rng(0)
    actual = rng.gamma(1, 100, n)
    frame = pd.DataFrame(
        {"account_id": np.arange(n).astype(str), "revenue": actual, "orders": 1, "orders_predicted": 1}
    )
    noisy = {name: actual + rng.normal(0, spread, n) for name, spread in {"kit": kit, "last_year": plain}.items()}
    return pd.concat([frame.assign(model=name, revenue_predicted=v) for name, v in noisy.items()], ignore_index=True)


@pytest.mark.parametrize(("kit", "plain", "outcome"), [(5, 10, "wins"), (10, 5, "loses"), (10, 10, "undecided")])
@pytest.mark.parametrize("metric", ["mae", "rmse"])
def test_outcome_with_its_interval(kit, plain, outcome, metric):
    found = compare(many(kit, plain), "kit", "last_year", metric=metric)
    assert found.outcome == outcome
    assert found.low < found.model_error - found.baseline_error < found.high
    assert found.better_by == pytest.approx(1 - found.model_error / found.baseline_error)


def test_the_error_of_a_comparison_is_in_the_unit_of_what_is_foretold():
    table = judged(kit=[0.0, 10, 20, 62], plain=[4.0, 10, 20, 70])
    found = compare(table, "kit", "plain", metric="rmse")
    assert (found.model_error, found.baseline_error) == (4.0, 2.0)


def test_forecasts_that_err_alike_are_undecided():
    same = many(5, 5)
    same["revenue_predicted"] = same["revenue"] + 1.0
    found = compare(same, "kit", "last_year")
    assert (found.outcome, found.low, found.high, found.better_by) == ("undecided", 0, 0, 0)


def test_how_much_more_another_forecast_erred_stands_with_its_name():
    pair = compare(many(5, 10), "kit", "last_year")
    rows = more_error(pair).set_index("metric")["value"]
    assert set(more_error(pair)["model"]) == {"last_year"}
    assert rows["mae_more_low"] < rows["mae_more"] == pair.baseline_error - pair.model_error < rows["mae_more_high"]


def test_fewer_than_ten_accounts_tell_nothing_of_chance():
    few = compare(many(5, 10, n=9), "kit", "last_year")
    assert few.outcome == "too_few"
    assert more_error(few)["metric"].tolist() == ["mae_more"]
    assert compare(many(0.1, 100, n=10), "kit", "last_year").outcome == "wins"
    assert compare(many(0.1, 100, n=9), "kit", "last_year", few=9).outcome == "wins"


def test_a_comparison_is_the_same_every_time():
    assert compare(many(5, 6), "kit", "last_year") == compare(many(5, 6), "kit", "last_year")


def test_origins_of_one_account_are_drawn_together():
    one = many(5, 10)
    both = pd.concat([one.assign(origin=pd.Timestamp("2022-01-01")), one.assign(origin=pd.Timestamp("2023-01-01"))])
    assert compare(both, "kit", "last_year") == compare(one, "kit", "last_year")


def test_the_verdict_compares_with_the_best_of_the_others():
    table = judged(kit=[0.0, 10, 20, 60], bad=[0.0, 0, 0, 0], good=[0.0, 10, 20, 65])
    found = verdict(table, "kit")
    assert found.baseline == "good"
    assert found.better_by == pytest.approx(-1)


def test_a_verdict_needs_somebody_to_compare_with():
    with pytest.raises(ValueError, match="nothing to compare 'kit' with"):
        verdict(judged(kit=[1.0, 2, 3, 4]), "kit")


def test_without_anything_judged_there_are_no_metrics():
    assert metrics(pd.DataFrame(columns=["account_id", "model", "revenue_predicted", "revenue"])).empty
