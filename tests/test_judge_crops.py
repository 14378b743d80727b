import datetime as dt
from functools import partial

import pandas as pd
import pytest
from order_world import draw_days, features
from order_world import outcomes as came_in
from portfolio import run
from test_crops import account

from mcrlib.judge.backtest import compare
from mcrlib.judge.crops import best_way, crop_record, judge_crops, too_narrow
from mcrlib.judge.summary import crops_over_soil
from mcrlib.model.crops import WAYS
from mcrlib.model.soil.past import Past
from mcrlib.show import words

AS_OF = dt.date(2024, 6, 30)
BUYERS = pd.DataFrame([account(f"a{i}", 12, 4000.0, p_alive=0.5) | {"first_year": 3000.0} for i in range(12)])


def outcomes(start, end):
    assert end <= AS_OF
    return pd.DataFrame({"account_id": [f"a{i}" for i in range(13)], "gp": 2000.0})


def judged(buyers_at):
    return judge_crops(buyers_at, outcomes, AS_OF)


def test_the_year_after_each_date_is_foretold_in_every_way_and_nothing_after_the_as_of_date_is_seen():
    rows = judged(lambda _: BUYERS)
    assert rows.groupby(["origin", "model"]).size().to_dict() == {
        (pd.Timestamp(AS_OF - dt.timedelta(days=days)), way): 12 for days in (365, 547, 729) for way in WAYS
    }
    assert rows.loc[rows["model"] == "harvest_again", "gp_predicted"].unique() == [4000.0]
    assert rows.loc[rows["model"] == "first_year", "gp_predicted"].unique() == [1500.0]  # half of it is profit
    assert rows["gp"].unique() == [2000.0]


def test_what_is_said_at_a_date_is_said_of_what_was_known_there_and_laid_beside_the_year_after_it():
    asked = []

    def buyers_at(date):
        asked.append(date)
        return BUYERS

    def between(start, end):
        assert (start, (end - start).days) == (asked[-1], 365)
        return outcomes(start, end)

    judge_crops(buyers_at, between, AS_OF)
    assert asked == [AS_OF - dt.timedelta(days=days) for days in (365, 547, 729)]


def test_what_is_said_at_a_date_does_not_change_with_what_came_after_it():
    days, since = draw_days(40, seed=3), pd.Timestamp(AS_OF - dt.timedelta(days=365))
    more = days.assign(value=days["value"].where(days["date"] <= since, 9 * days["value"]))
    said = []
    for seen in (days, more):
        past = Past(partial(with_margins, seen), partial(came_in, seen))
        one = judge_crops(past.buyers, partial(with_profit, seen), AS_OF)
        said.append(one[one["origin"] == since].reset_index(drop=True))
    assert (said[0]["gp"] != said[1]["gp"]).any()
    pd.testing.assert_frame_equal(*(one.drop(columns="gp") for one in said))


def with_margins(days, as_of):
    return features(days, as_of).assign(
        harvest=lambda t: 0.4 * t["revenue_12m"], margin_square=lambda t: 0.16 * t["revenue_total"]
    )


def with_profit(days, start, end):
    return came_in(days, start, end).assign(gp=lambda t: 0.4 * t["revenue"])


@pytest.mark.parametrize("k", [1, 3])
def test_recovery_of_the_first_year_and_its_spread_where_accounts_order_by_the_law_of_the_soil(k):
    days = draw_days(300, seed=5, k=k)
    past = Past(partial(with_margins, days), partial(came_in, days))
    told = judge_crops(past.buyers, partial(with_profit, days), dt.date(2025, 12, 31))
    record = crop_record(told).set_index("model")
    assert best_way(told) == "first_year"
    assert record.loc["first_year", "mae"] < record.loc["run_rate", "mae"] < record.loc["harvest_again", "mae"]
    assert record.loc["first_year", "crops_expected"] == pytest.approx(record.loc["first_year", "crops_came"], rel=0.15)
    assert 0.75 < record.loc["first_year", "inside"] < 0.95  # six in ten bring nothing any more
    said = told[told["model"] == "first_year"]
    most = said[said["gp_predicted"] >= said.groupby("origin")["gp_predicted"].transform("quantile", 0.8)]
    assert 0.75 < most["gp"].between(most["gp_low"], most["gp_high"]).mean() < 0.9


def test_without_a_year_of_orders_before_it_a_date_is_not_judged():
    assert judged(lambda _: BUYERS.iloc[:0]).empty
    assert judged(lambda _: BUYERS.assign(T=300.0)).empty
    assert crop_record(judged(lambda _: BUYERS.iloc[:0])).empty


def test_all_guesses_are_measured_on_the_same_accounts():
    record = crop_record(judged(lambda _: BUYERS)).set_index("model")
    again = record.loc["harvest_again"]
    assert again[["n", "mae", "rmse"]].tolist() == [12, 2000.0, 2000.0]
    assert again[["crops_expected", "crops_came"]].tolist() == [48000.0, 24000.0]
    assert record.loc["run_rate", "mae"] < 500
    assert record.loc["first_year", "mae"] == 500
    assert record["inside"].tolist() == [1.0, 1.0, 1.0]


def rows(run_rate, harvest, first_year, came, n=12):
    """So many accounts at one date, of which all guesses and what came are known."""
    one = pd.DataFrame({"origin": pd.Timestamp("2023-06-30"), "account_id": [f"a{i}" for i in range(n)], "gp": came})
    guesses = zip(WAYS, (run_rate, harvest, first_year), strict=True)
    told = pd.concat([one.assign(model=way, gp_predicted=guess) for way, guess in guesses], ignore_index=True)
    return told.assign(gp_low=told["gp_predicted"] - 10, gp_high=told["gp_predicted"] + 10)


@pytest.mark.parametrize(
    ("run_rate", "harvest", "first_year", "takes", "sentence"),
    [
        (105.0, 150.0, 120.0, "run_rate", "Last year, as far as each account repeats, was better by both"),
        (150.0, 105.0, 110.0, "harvest_again", "this run takes it."),
        (150.0, 140.0, 105.0, "first_year", "This run takes the first year of the soil forecast."),
        (200.0, 200.0, 200.0, "first_year", "within chance. This run takes the first year of the soil"),
        (104.0, 103.0, 900.0, "harvest_again", "this run takes it."),
        ([149.0] + [100.0] * 11, 900.0, [150.0] + [100.0] * 11, "run_rate", "soil forecast: this run takes it."),
        (
            150.0,
            [149.0] + [100.0] * 11,
            [150.0] + [100.0] * 11,
            "first_year",
            "within chance. This run takes the first",
        ),
        ([100.0] * 11 + [400.0], 150.0, 150.0, "first_year", "soil forecast."),
    ],
)
def test_a_plainer_way_is_taken_where_it_missed_by_less_on_both_measures(
    run_rate, harvest, first_year, takes, sentence
):
    told = rows(run_rate, harvest, first_year, 100.0)
    record = crop_record(told)
    assert best_way(told) == takes
    verdict = compare(told, "first_year" if takes == "harvest_again" else takes, "harvest_again", target="gp")
    assert sentence in words.about_crop_record(record, verdict, takes, run(), is_narrow=too_narrow(record, takes))


def test_few_accounts_are_no_record():
    told = rows(2.0, 3.0, 3.0, 3.0, n=9)
    record = crop_record(told)
    assert record.empty
    assert best_way(told) == "run_rate"
    assert "cannot be judged yet" in words.about_crop_record(record, None, "run_rate", run())


def test_whose_crops_of_a_year_exceed_the_soil_of_all_years_is_counted_and_a_loss_is_not():
    soil = pd.DataFrame({"account_id": [*"abcde"], "soil_value": [20.0, 10.0, -20.0, 50.0, None]})
    crops = soil[["account_id"]].assign(crop_value=[30.0, 20.0, -5.0, 9.0, 9.0], run_rate=[25.0, 10.0, -5.0, 9.0, 9.0])
    over = crops_over_soil(crops, soil, horizon_years=5)
    expected = {"account_id": [*"ab"], "crop_value": [30.0, 20.0], "soil_value": [20.0, 10.0],
                "without_deals": [True, False]}  # fmt: skip
    pd.testing.assert_frame_equal(over, pd.DataFrame(expected))
    said = words.about_crops_over_soil(over, run())
    assert "2 accounts the crops of one year (€50 in all) exceed the 5-year soil value (€30). For 1 of them" in said
    assert "Open deals make it so" in words.about_crops_over_soil(over.iloc[1:], run())
    assert words.about_crops_over_soil(over.iloc[2:], run()) == ""


def test_less_than_a_year_of_soil_need_not_hold_the_crops_of_one():
    soil = pd.DataFrame({"account_id": ["a"], "soil_value": [20.0]})
    crops = soil[["account_id"]].assign(crop_value=30.0, run_rate=30.0)
    assert crops_over_soil(crops, soil, horizon_years=0.5).empty
    assert len(crops_over_soil(crops, soil, horizon_years=1)) == 1


def test_intervals_that_held_clearly_less_than_they_promise_are_told():
    record = crop_record(rows(100.0, 100.0, 100.0, [100.0] * 7 + [150.0] * 5))
    assert record["inside"].iloc[0] == pytest.approx(7 / 12) and too_narrow(record, "first_year")
    assert not too_narrow(crop_record(rows(100.0, 100.0, 100.0, [100.0] * 7 + [150.0] * 3, n=10)), "first_year")
    assert not too_narrow(crop_record(rows(100.0, 100.0, 100.0, 100.0, n=9)), "run_rate")
    same = compare(rows(100.0, 100.0, 100.0, 100.0), "first_year", "harvest_again", target="gp")
    said = words.about_crop_record(record, same, "first_year", run(), is_narrow=True)
    assert said.endswith("Only 58% of what came lay inside the interval of 8 in 10: take the bounds as too narrow.")
