import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features, outcomes

from mcrlib.model.soil.choice import Choice, as_used, choose, combined
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.parts import BASE
from mcrlib.model.soil.past import Past


@pytest.fixture(scope="module")
def judged():
    days = draw_days(300, seed=2, k=2)
    return rolling_origins(Past(partial(features, days), partial(outcomes, days)), dt.date(2023, 12, 31), 365)


def said(model, predicted, actual, origin="2023-01-01"):
    accounts = [f"a{i}" for i in range(len(predicted))]
    return pd.DataFrame(
        {
            "model": model, "origin": origin, "horizon_days": 365, "account_id": accounts, "orders_predicted": 1.0,
            "revenue_predicted": predicted, "revenue_low": 0.0, "revenue_high": predicted, "revenue": actual,
        }
    )  # fmt: skip


def test_the_kit_is_chosen_where_it_was_better(judged):
    choice = choose(judged)
    assert choice.model == "kit"
    assert choice.origins == 3
    plain = choice.errors.set_index("model").drop(index=["kit", *choice.weights], errors="ignore")
    assert choice.errors.set_index("model").loc["kit", "mae"] < plain.loc["last_year", "mae"]


def test_a_plain_forecast_is_chosen_where_both_errors_were_smaller():
    judged = pd.concat([said(BASE, [50.0] * 10, [0.0, 100] * 5), said("last_year", [10.0, 90] * 5, [0.0, 100] * 5)])
    assert choose(judged).model == "last_year"


def test_a_plain_forecast_that_was_better_by_chance_does_not_displace_the_kit():
    actual = [0.0, 0, 0, 100]
    lucky = pd.concat([said(BASE, [10.0, 10, 10, 40], actual), said("last_year", [12.0, 12, 12, 60], actual)])
    assert choose(lucky).errors.set_index("model")["rmse"].idxmin() == "last_year"
    assert choose(lucky).model == "kit"


@pytest.mark.parametrize("n", [1, 2, 9])
def test_fewer_than_ten_accounts_displace_nothing(n):
    judged = pd.concat([said(BASE, [50.0] * n, [0.0] * n), said("last_year", [0.0] * n, [0.0] * n)])
    assert choose(judged).model == "kit"
    assert choose(pd.concat([judged, judged.assign(origin="2022-01-01")])).model == "kit"


def test_a_smaller_mean_error_alone_does_not_displace_the_kit():
    actual = [0.0, 0, 0, 100] * 10
    judged = pd.concat([said(BASE, [40.0, 40, 40, 60] * 10, actual), said("last_year", [0.0] * 40, actual)])
    assert choose(judged).errors.set_index("model")["mae"].idxmin() == "last_year"
    assert choose(judged).model == "kit"


def test_a_part_that_errs_the_other_way_is_mixed_in():
    actual = [10.0, 20, 30, 40]
    judged = pd.concat([said(BASE, [5.0, 25, 25, 45], actual), said("formula", [15.0, 15, 35, 35], actual)])
    assert choose(judged).weights == {BASE: 0.5, "formula": 0.5}
    mean = combined(judged, choose(judged).weights)
    assert mean["revenue_predicted"].tolist() == actual
    assert mean["revenue_high"].tolist() == pytest.approx(actual)


def test_the_laws_of_orders_have_one_vote_together():
    actual = [10.0, 20, 30, 40]
    names = [BASE, "cnbd_credibility", "pareto_gamma", "formula", "trees", "everyone"]
    judged = pd.concat([said(name, [15.0, 15, 35, 35], actual) for name in names])
    votes = dict.fromkeys(names[:3], 1 / 12) | dict.fromkeys(names[3:], 1 / 4)
    assert choose(judged).weights == pytest.approx(votes)


def test_a_part_that_erred_much_more_than_the_base_at_one_origin_has_no_vote():
    actual = [10.0, 20, 30, 40]
    base = pd.concat([said(BASE, [5.0, 25, 25, 45], actual, f"202{i}-01-01") for i in range(2)])
    better = said("formula", [12.0, 18, 32, 38], actual, "2020-01-01")
    worse = said("formula", [5.0, 25, 25, 55], actual, "2021-01-01")
    assert choose(pd.concat([base, better, worse])).weights == {BASE: 1.0}


def test_a_little_more_error_than_the_base_is_no_reason_to_lose_the_vote():
    actual = [10.0, 20, 30, 40]
    judged = pd.concat([said(BASE, [5.0, 25, 25, 45], actual), said("trees", [4.9, 25.2, 25, 45], actual)])
    assert choose(judged).weights == {BASE: 0.5, "trees": 0.5}


def test_where_accounts_change_places_all_the_time_all_are_expected_to_be_like_the_mean():
    actual = np.array([10.0, 20, 30, 40])
    judged = [said(BASE, 50 - actual, actual, f"202{i}-01-01") for i in range(3)]
    mean = [said("everyone", [25.0] * 4, actual, f"202{i}-01-01") for i in range(3)]
    assert choose(pd.concat(judged + mean)).weights == {"everyone": 1.0}


def test_a_part_that_could_not_be_learned_at_every_origin_is_left_out():
    actual = [10.0, 20]
    judged = pd.concat([said(BASE, [50.0, 20], actual, f"202{i}-01-01") for i in range(2)])
    assert choose(pd.concat([judged, said("formula", actual, actual, "2020-01-01")])).weights == {BASE: 1.0}


def test_the_shock_grows_with_how_wrong_earlier_totals_were():
    right = pd.concat([said(BASE, [100.0], [100.0], f"202{i}-01-01") for i in range(3)])
    wrong = right.assign(revenue=[50.0, 100.0, 200.0])
    assert choose(right).shock == pytest.approx(np.sqrt(2 * 0.2**2 / 5))
    assert choose(wrong).shock == pytest.approx(np.sqrt((2 * np.log(2) ** 2 + 2 * 0.2**2) / 5))


def test_half_of_the_drift_that_every_origin_showed_is_taken_to_go_on():
    judged = pd.concat([said(BASE, [100.0], [121.0], f"202{i}-01-01") for i in range(3)])
    assert choose(judged).level == pytest.approx(1.1)
    assert choose(judged.assign(revenue=[144.0, 169.0, 121.0])).level == pytest.approx(1.1)
    assert choose(judged.assign(revenue=[144.0, 169.0, 99.0])).level == 1.0
    assert choose(judged.assign(revenue=0.0)).level == 1.0


def test_a_plain_forecast_is_taken_as_it_stands_whatever_its_drift():
    actual = [0.0, 121] * 5
    choice = choose(pd.concat([said(BASE, [60.0] * 10, actual), said("last_year", [0.0, 100] * 5, actual)]))
    assert (choice.model, choice.level) == ("last_year", 1.0)


def test_beyond_the_horizon_judged_the_level_fades_and_the_shock_grows():
    choice = Choice("kit", {BASE: 0.5, "formula": 0.5}, 100, pd.DataFrame(), 1.21, 0.2, 3)
    assert choice.over(80) == choice
    assert (choice.over(400).level, choice.over(400).shock) == pytest.approx((1.1, 0.4))


@pytest.mark.parametrize("nothing", [None, pd.DataFrame()])
def test_without_origins_the_kit_is_taken_unjudged(nothing):
    assert (choose(nothing).model, choose(nothing).origins) == ("kit", 0)


def test_of_the_kits_forecasts_only_the_one_in_use_is_shown(judged):
    shown = as_used(judged, choose(judged))
    assert set(shown["model"]) == {"kit", "same_rate", "last_year", "last_quarter", "recency_only", "average"}
    assert shown.loc[shown["model"] == "kit", ["revenue_low", "revenue_high"]].notna().all(axis=None)
