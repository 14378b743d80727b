import datetime as dt

import pandas as pd
import pytest
from portfolio import run
from test_crops import NO_DEALS, account

from mcrlib.judge.backtest import compare
from mcrlib.judge.crops import crop_record, harvest_does_better, judge_crops
from mcrlib.show import words

AS_OF = dt.date(2024, 6, 30)
BUYERS = pd.DataFrame([account(f"a{i}", 12, 4000.0, p_alive=0.5) for i in range(12)])


def outcomes(start, end):
    assert end <= AS_OF
    return pd.DataFrame({"account_id": [f"a{i}" for i in range(13)], "gp": 2000.0})


def judged(buyers_at):
    return judge_crops(buyers_at, outcomes, NO_DEALS, AS_OF)


def test_the_year_after_each_date_is_foretold_twice_and_nothing_after_the_as_of_date_is_seen():
    rows = judged(lambda _: BUYERS)
    assert rows.groupby(["origin", "model"]).size().to_dict() == {
        (pd.Timestamp(AS_OF - dt.timedelta(days=days)), model): 12
        for days in (365, 547, 729)
        for model in ("crops", "harvest_again")
    }
    assert rows.loc[rows["model"] == "harvest_again", "gp_predicted"].unique() == [4000.0]
    assert rows["gp"].unique() == [2000.0]


def test_what_is_said_at_a_date_is_said_of_what_was_known_there_and_laid_beside_the_year_after_it():
    asked = []

    def buyers_at(date):
        asked.append(date)
        return BUYERS

    def between(start, end):
        assert (start, (end - start).days) == (asked[-1], 365)
        return outcomes(start, end)

    judge_crops(buyers_at, between, NO_DEALS, AS_OF)
    assert asked == [AS_OF - dt.timedelta(days=days) for days in (365, 547, 729)]


def test_without_a_year_of_orders_before_it_a_date_is_not_judged():
    assert judged(lambda _: None).empty
    assert judged(lambda _: BUYERS.assign(T=300.0)).empty
    assert crop_record(judged(lambda _: None)).empty


def test_both_guesses_are_measured_on_the_same_accounts():
    record = crop_record(judged(lambda _: BUYERS)).set_index("model")
    again = record.loc["harvest_again"]
    assert again[["n", "mae", "rmse"]].tolist() == [12, 2000.0, 2000.0]
    assert again[["crops_expected", "crops_came"]].tolist() == [48000.0, 24000.0]
    assert record.loc["crops", "mae"] < 500
    assert record.loc["crops", "inside"] == 1.0


def rows(crops, harvest, came, n=12):
    """So many accounts at one date, of which both guesses and what came are known."""
    one = pd.DataFrame({"origin": pd.Timestamp("2023-06-30"), "account_id": [f"a{i}" for i in range(n)], "gp": came})
    both = [one.assign(model="crops", gp_predicted=crops), one.assign(model="harvest_again", gp_predicted=harvest)]
    told = pd.concat(both, ignore_index=True)
    return told.assign(gp_low=told["gp_predicted"] - 10, gp_high=told["gp_predicted"] + 10)


@pytest.mark.parametrize(
    ("crops", "harvest", "takes", "sentence"),
    [
        (105.0, 150.0, False, "better than last year's harvest, beyond chance."),
        (150.0, 105.0, True, "this run takes it."),
        (200.0, 200.0, False, "within chance. Only 0% of what came lay inside"),
        ([150.0] + [100.0] * 11, [149.0] + [100.0] * 11, False, "within chance."),
    ],
)
def test_the_harvest_is_taken_where_it_missed_by_less_on_both_measures(crops, harvest, takes, sentence):
    told = rows(crops, harvest, 100.0)
    record = crop_record(told)
    assert harvest_does_better(told) is takes
    verdict = compare(told, "crops", "harvest_again", target="gp")
    assert sentence in words.about_crop_record(record, verdict, takes, run())


def test_few_accounts_are_no_record():
    told = rows(2.0, 3.0, 3.0, n=9)
    record = crop_record(told)
    assert record.empty
    assert not harvest_does_better(told)
    assert "cannot be judged yet" in words.about_crop_record(record, None, False, run())
