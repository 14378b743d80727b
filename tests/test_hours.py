import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.service import service_hours
from mcrlib.judge.hours import effort_by_tier, effort_follows, profit_per_hour, worth_of_three_years
from mcrlib.settings import Settings
from mcrlib.show import words

DAY = dt.date(2024, 12, 31)
LIMITS = Settings().thresholds
NO_ENTRIES = pd.DataFrame(columns=["account_id", "gate", "budget_left"])


def test_every_head_counts_and_what_is_planned_or_old_does_not(tmp_path):
    write_clean(
        tmp_path,
        activities="""activity_id account_id owner_id activity_type activity_date duration_min status
        1 A u visit 2024-12-01 60 done
        2 A u visit 2024-11-01 . done
        3 A u call 2024-10-01 30 planned
        4 B u call 2023-10-01 30 done""",
        activity_owners="activity_owner_id activity_id owner_id\np 1 u\nq 1 v",
        owners="owner_id role cost_rate hired_date left_date\nu AR 260 2024-07-02 .\nv exec . . 2024-12-31",
    )
    found = service_hours(tmp_path, DAY).astype({"cost_rate": object}).fillna({"cost_rate": 0})
    assert found.to_numpy().tolist() == [
        ["A", "u", "visit", 2, 1, 60.0, 260.0, 1, 182 / 365],
        ["A", "v", "visit", 1, 1, 60.0, 0, 0, 1.0],
    ]


def tiers(**columns):
    frame = pd.DataFrame({"account_id": list("abcd"), "account_name": list("ABCD"), "tier": list("SBCC")})
    frame = frame.assign(
        harvest=[800.0, 100.0, 100.0, 0.0], soil_value=[400.0, 500.0, 100.0, 0.0], n_orders=[9, 5, 1, 0]
    )
    return frame.assign(**columns)


def ahead(*worth):
    three = np.array(worth or (400.0, 500.0, 100.0, 0.0))
    return tiers()[["account_id"]].assign(three_years=three, three_low=three / 2, three_high=2 * three)


def judged(need=1.0, entries=NO_ENTRIES, spent=None, **columns):
    limits = LIMITS.model_copy(update={"hour_worth": need})
    return profit_per_hour(tiers(**columns), hours() if spent is None else spent, ahead(), entries, limits)


def hours(**columns):
    frame = pd.DataFrame({"account_id": list("abcd"), "activity_type": ["visit", "visit", "call", "visit"]})
    frame = frame.assign(n_touches=[4, 4, 1, 2], n_timed=[4, 2, 0, 2], minutes=[240.0, 120.0, np.nan, 120.0])
    return frame.assign(owner_id="u", cost_rate=np.nan, is_head=1, year_share=1.0).assign(**columns)


def test_an_hour_must_bring_what_the_companys_does():
    entry = pd.DataFrame({"account_id": ["d"], "gate": ["review"], "budget_left": [np.nan]})
    found = judged(entries=entry).set_index("account_id")
    assert found["hours"].to_dict() == {"a": 4, "b": 4, "d": 2, "c": 1}  # a visit is an hour, and so is any touch
    assert found["timed"].to_dict() == {"a": 1, "b": 0.5, "c": 0, "d": 1}
    assert found.loc["a", "hour_ratio"] == pytest.approx(800 / 4 / (1000 / 11))
    assert found.loc["b", "hour_ratio_ahead"] == pytest.approx(500 / 4 / (1000 / 11))
    assert found.loc["b", ["hour_ahead_low", "hour_ahead_high"]].tolist() == pytest.approx(
        [250 / 4 / (1000 / 11), 1000 / 4 / (1000 / 11)]
    )
    assert found["carries"].to_dict() == {"a": "now", "b": "ahead", "c": "now", "d": "entry"}
    told = words.about_hours(found.reset_index(), run())
    assert "1 more should within three years (surely, in 9 of 10 cases: 0)" in told
    sure = found.reset_index().assign(hour_ahead_low=LIMITS.hour_worth)
    assert "three years (surely, in 9 of 10 cases: 1)" in words.about_hours(sure, run())
    for spent in (entry.assign(gate="paid_back"), entry.assign(budget_left=-1.0)):
        assert judged(entries=spent).set_index("account_id").loc["d", "carries"] == "no"
    stopped = judged(1.5, entry.assign(gate="stop")).set_index("account_id")
    assert stopped["carries"].to_dict() == {"a": "now", "b": "no", "c": "no", "d": "no"}
    said = words.about_hours(stopped.reset_index(), run())
    assert (
        said.startswith("1 customer of 4 served in the last year brings")
        and "3 do neither; they took 64% of 11 hours" in said
    )
    assert "are S or A" not in said
    kept = words.about_hours(stopped.reset_index().assign(tier="A"), run())
    assert "or leave. 3 of them are S or A: never leave these, defend what they bring." in kept
    assert said.endswith("cost_rate of owners is not delivered.")


def test_a_kind_that_is_never_timed_is_as_short_as_the_shortest():
    spent = pd.DataFrame(
        {"account_id": ["a", "b", "c"], "activity_type": ["visit", "call", "email"], "n_touches": [2, 4, 6],
         "n_timed": [2, 2, 0], "minutes": [240.0, 20.0, np.nan], "owner_id": "u", "cost_rate": np.nan, "is_head": 1,
         "year_share": 1.0}
    )  # fmt: skip
    found = judged(spent=spent).set_index("account_id")["hours"]
    assert found.to_dict() == pytest.approx({"a": 4.0, "b": 40 / 60, "c": 60 / 60})


def test_who_serves_is_paid_all_year_and_managers_by_the_hour():
    spent = hours(owner_id=list("uuvm"), cost_rate=[100.0, 100.0, 100.0, 400.0], is_head=[1, 1, 1, 0])
    spent = spent.assign(year_share=[1.0, 1.0, 0.5, 1.0])
    found = judged(spent=spent).set_index("account_id")
    carried = 1.5 * 1800 / 9  # one and a half heads, and the nine hours that the log has of them
    assert found["pay"].to_dict() == pytest.approx(
        {"a": 400 * carried, "b": 400 * carried, "c": 100 * carried, "d": 800 * carried}
    )
    assert found.loc["a", "pay_capacity"] == pytest.approx(800 / (400 * carried))
    assert (found["paid"] == 1).all()


def test_a_cost_that_is_not_known_is_not_nothing():
    spent = pd.concat([hours(cost_rate=[100.0, np.nan, np.nan, np.nan]), hours(owner_id="v")], ignore_index=True)
    found = judged(spent=spent.iloc[[0, 1, 2, 3, 4]]).set_index("account_id")
    assert found.loc["a", "paid"] == 0.5
    assert found.loc["a", "pay"] == pytest.approx(8 * 100 * 1800 / 4)
    assert found.loc[["b", "c", "d"], "pay_capacity"].isna().all()
    said = words.about_hours(found.reset_index(), run())
    assert "1 customer with costs on record)" in said and said.endswith("Weak: costs cover only 27% of the hours.")


def test_three_years_come_from_the_outlook_and_what_it_lacks_from_the_soil():
    soil = pd.DataFrame({"account_id": list("ab"), "soil_value": [90.0, 50.0], "contract_value": [25.0, np.nan]})
    soil = soil.assign(soil_low=[10.0, 25.0], soil_high=[200.0, 75.0])
    outlook = pd.DataFrame({"account_id": "a", "years": [1, 2, 3, 4, 5], "gp_expected": [20.0, 40, 60, 80, 100]})
    outlook = outlook.assign(gp_low=outlook["gp_expected"] / 2, gp_high=outlook["gp_expected"] * 2)
    found = worth_of_three_years(soil, outlook)
    assert found.iloc[:, 1:].to_numpy().tolist() == [[75.0, 45.0, 135.0], [30.0, 15.0, 45.0]]
    assert worth_of_three_years(soil, outlook.iloc[:1])["three_years"].tolist() == [45.0, 50.0]


def test_the_hours_of_a_tier_stand_beside_what_it_brings():
    found = effort_by_tier(tiers(), judged())
    assert found["tier"].tolist() == [*"SABC"]
    assert found["n_accounts"].tolist() == [1, 0, 1, 2]
    assert found["hours_share"].tolist() == pytest.approx([4 / 11, 0, 4 / 11, 3 / 11])
    assert found["effort_ratio"].tolist() == pytest.approx(
        [4 / 11 / 0.4, np.nan, 4 / 11 / 0.5, 3 / 11 / 0.1], nan_ok=True
    )
    lossy = effort_by_tier(tiers(harvest=[800.0, -100.0, 0.0, 0.0]), judged())
    assert lossy["harvest_share"].isna().all() and lossy["soil_share"].notna().all()
    assert effort_by_tier(tiers(), pd.DataFrame(columns=["account_id", "hours"])).empty


def test_soil_that_is_not_known_is_left_out_and_said():
    found = effort_by_tier(tiers(soil_value=[400.0, 500.0, np.nan, np.nan]), judged())
    assert found["soil_unknown"].tolist() == [0, 0, 0, 2]
    assert np.isnan(found.loc[3, "soil_share"]) and found.loc[3, "n_accounts"] == 2
    said = words.about_effort(found, effort_follows(tiers(), judged()), run())
    assert "The soil value leaves out 2 accounts of which too little is known." in said


def test_hours_that_rise_with_value_follow_it():
    many = pd.DataFrame({"account_id": np.arange(40).astype(str), "n_orders": 1, "soil_value": np.arange(40.0)})
    spent = many[["account_id"]].assign(hours=np.arange(40.0))
    told = effort_follows(many, spent.iloc[20:])
    assert told["n"] == 40 and 0.8 < told["low"] < told["rho"] < told["high"] < 1
    assert np.isnan(effort_follows(many.iloc[:9], spent)["rho"])
    assert np.isnan(effort_follows(many.assign(soil_value=1.0), spent)["rho"])
    said = words.about_effort(effort_by_tier(tiers(), judged()), told, run())
    assert said.startswith("S and A take 36% of our hours and hold 40% of the soil value.")
    assert "Over 40 customers hours and soil value rank alike to 0.9" in said


def test_without_lengths_nothing_is_said_of_hours():
    for none in (hours(n_timed=0, minutes=np.nan), hours().iloc[:0]):
        found = judged(spent=none)
        assert found.empty
        assert words.about_hours(found, run()).endswith("not available.")


def test_a_company_without_profit_has_no_mean_to_reach():
    found = judged(harvest=0.0)
    assert found["hour_ratio"].isna().all()
    assert found["carries"].tolist() == ["ahead", "ahead", "no", "ahead"]
