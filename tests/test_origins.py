import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features, never_ordered, outcomes

from mcrlib.model.soil.origins import Choice, as_used, choose, judge_at, rolling_origins

AS_OF = dt.date(2023, 12, 31)


@pytest.fixture(scope="module")
def days():
    return draw_days(300, seed=2, k=2)


@pytest.fixture(scope="module")
def judged(days):
    return rolling_origins(partial(features, days), partial(outcomes, days), AS_OF, 365)


def test_three_origins_half_a_horizon_apart_and_none_reaches_past_the_as_of_date(judged):
    assert sorted(judged["origin"].unique()) == [pd.Timestamp(d) for d in ("2021-12-31", "2022-07-02", "2022-12-31")]
    assert (judged["origin"] + pd.to_timedelta(judged["horizon_days"], unit="D")).max() == pd.Timestamp(AS_OF)


def test_nothing_after_the_as_of_date_is_asked_for(days):
    asked = []

    def features_at(date):
        asked.append(date)
        return features(days, date)

    def outcomes_between(start, end):
        asked.append(end)
        return outcomes(days, start, end)

    rolling_origins(features_at, outcomes_between, AS_OF, 365)
    assert max(asked) == AS_OF


def test_judged_are_accounts_with_an_order_up_to_the_origin(judged, days):
    first = days.groupby("account_id")["date"].min()
    assert (judged["account_id"].map(first) <= judged["origin"]).all()


def test_every_model_forecasts_every_account_once(judged):
    sizes = judged.groupby(["origin", "account_id"])["model"].agg(["size", "nunique"])
    assert (sizes == 7).all(axis=None)


def test_actuals_are_those_of_the_days_after_the_origin(judged, days):
    one = judged[(judged["model"] == "kit") & (judged["origin"] == "2022-12-31")]
    came = days[(days["date"] > "2022-12-31") & (days["date"] <= "2023-12-31")]
    known = came[came["account_id"].isin(one["account_id"])]
    assert one["revenue"].sum() == pytest.approx(known["value"].sum())
    assert one["orders"].sum() == len(known)


def test_a_short_history_is_judged_over_a_third_of_it(days):
    young = days[days["date"] < "2020-10-01"]
    found = rolling_origins(partial(features, young), partial(outcomes, young), dt.date(2020, 9, 30), 365)
    assert found["horizon_days"].unique().tolist() == [91]


def test_too_little_history_gives_no_origins(days):
    young = days[days["date"] < "2020-02-01"]
    assert rolling_origins(partial(features, young), partial(outcomes, young), dt.date(2020, 1, 31), 365).empty


def test_accounts_that_never_ordered_are_not_judged(days):
    table = pd.concat([features(days, AS_OF), never_ordered("x")], ignore_index=True)
    found = judge_at(table, outcomes(days, AS_OF, dt.date(2024, 12, 31)), AS_OF, 365)
    assert "x" not in set(found["account_id"])
    assert found[["orders_predicted", "revenue_predicted", "revenue"]].notna().all(axis=None)


def said(model, predicted, actual, origin="2023-01-01"):
    return pd.DataFrame(
        {"model": model, "origin": origin, "horizon_days": 365, "revenue_predicted": predicted, "revenue": actual}
    )


def test_the_kit_is_chosen_where_it_was_better(judged):
    choice = choose(judged)
    assert choice.model == "kit"
    assert choice.origins == 3
    assert choice.errors["model"].iloc[0] == "kit"


def test_a_plain_forecast_is_chosen_where_both_errors_were_smaller():
    judged = pd.concat([said("kit", [50.0, 50], [0.0, 100]), said("last_year", [10.0, 90], [0.0, 100])])
    assert choose(judged).model == "last_year"


def test_the_kit_takes_credibility_means_where_both_errors_were_smaller():
    judged = pd.concat([said("kit", [50.0, 50], [0.0, 100]), said("kit_credibility", [30.0, 70], [0.0, 100])])
    assert (choose(judged).model, choose(judged).spend) == ("kit", "credibility")
    plain = pd.concat([judged, said("same_rate", [40.0, 60], [0.0, 100])])
    assert (choose(plain).model, choose(plain).spend) == ("kit", "credibility")


def test_a_smaller_mean_error_alone_does_not_displace_the_kit():
    actual = [0.0, 0, 0, 100]
    judged = pd.concat([said("kit", [30.0, 30, 30, 70], actual), said("last_year", [0.0, 0, 0, 0], actual)])
    assert choose(judged).errors.set_index("model")["mae"].idxmin() == "last_year"
    assert choose(judged).model == "kit"


def test_the_shock_grows_with_how_wrong_earlier_totals_were():
    right = pd.concat([said("kit", [100.0], [100.0], f"202{i}-01-01") for i in range(3)])
    wrong = right.assign(revenue=[50.0, 100.0, 200.0])
    assert choose(right).shock == pytest.approx(np.sqrt(2 * 0.2**2 / 5))
    assert choose(wrong).shock == pytest.approx(np.sqrt((2 * np.log(2) ** 2 + 2 * 0.2**2) / 5))


def test_half_of_a_lasting_drift_is_taken_to_go_on():
    judged = pd.concat([said("kit", [100.0], [121.0], f"202{i}-01-01") for i in range(3)])
    assert choose(judged).level == pytest.approx(1.1)
    assert choose(judged.assign(revenue=0.0)).level == 1.0


@pytest.mark.parametrize("nothing", [None, pd.DataFrame()])
def test_without_origins_the_kit_is_taken_unjudged(nothing):
    assert (choose(nothing).model, choose(nothing).origins) == ("kit", 0)


def test_only_the_kits_forecast_in_use_is_shown():
    judged = pd.DataFrame({"model": ["kit", "kit_credibility", "same_rate"], "revenue_predicted": [1.0, 2.0, 3.0]})
    empty = pd.DataFrame(columns=["model", "mae", "rmse", "total_ratio"])
    choice = Choice("kit", "credibility", 0, empty, 1.0, 0.2, 0)
    shown = as_used(judged, choice)
    assert shown.to_dict("list") == {"model": ["kit", "same_rate"], "revenue_predicted": [2.0, 3.0]}
