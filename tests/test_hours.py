import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.service import service_hours
from mcrlib.judge.hours import effort_by_tier, effort_follows, profit_per_hour
from mcrlib.show import words

DAY = dt.date(2024, 12, 31)


def test_every_head_counts_and_what_is_planned_or_old_does_not(tmp_path):
    write_clean(
        tmp_path,
        activities="""activity_id account_id owner_id activity_type activity_date duration_min status
        1 A u visit 2024-12-01 60 done
        2 A u visit 2024-11-01 . done
        3 A u call 2024-10-01 30 planned
        4 B u call 2023-10-01 30 done""",
        activity_owners="activity_owner_id activity_id owner_id\np 1 u\nq 1 v",
    )
    assert service_hours(tmp_path, DAY).to_numpy().tolist() == [["A", "visit", 3, 2, 120.0]]


def tiers(**columns):
    frame = pd.DataFrame({"account_id": list("abcd"), "account_name": list("ABCD"), "tier": list("SBCC")})
    frame = frame.assign(
        harvest=[800.0, 100.0, 100.0, 0.0], soil_value=[400.0, 500.0, 100.0, 0.0], n_orders=[9, 5, 1, 0]
    )
    return frame.assign(**columns)


def accounts(**columns):
    return (
        tiers()[["account_id"]]
        .assign(market_type=["mature"] * 3 + ["saline"], n_activities_12m=[9.0, 2, 0, 0])
        .assign(**columns)
    )


def hours(**columns):
    frame = pd.DataFrame({"account_id": list("abcd"), "activity_type": ["visit", "visit", "call", "visit"]})
    return frame.assign(n_touches=[4, 4, 1, 2], n_timed=[4, 2, 0, 2], minutes=[240.0, 120.0, np.nan, 120.0]).assign(
        **columns
    )


def test_an_hour_must_bring_what_the_companys_does():
    found = profit_per_hour(tiers(), accounts(), hours(), 1.0).set_index("account_id")
    assert found["hours"].to_dict() == {"a": 4, "b": 4, "d": 2, "c": 1}  # a visit is an hour, and so is any touch
    assert found["timed"].to_dict() == {"a": 1, "b": 0.5, "c": 0, "d": 1}
    assert found.loc["a", "hour_ratio"] == pytest.approx(800 / 4 / (1000 / 11))
    assert found["carries"].to_dict() == {"a": "now", "b": "ahead", "c": "now", "d": "entry"}
    strict = profit_per_hour(tiers(), accounts(market_type=None), hours(), 1.5).set_index("account_id")
    assert strict["carries"].to_dict() == {"a": "now", "b": "no", "c": "no", "d": "no"}
    said = words.about_hours(strict.reset_index(), run())
    assert said.startswith("1 of the 4 customers") and "3 do neither; they took 64% of 11 hours" in said


def test_the_hours_of_a_tier_stand_beside_what_it_brings():
    found = effort_by_tier(tiers(), profit_per_hour(tiers(), accounts(), hours(), 1.0))
    assert found["tier"].tolist() == [*"SABC"]
    assert found["n_accounts"].tolist() == [1, 0, 1, 2]
    assert found["hours_share"].tolist() == pytest.approx([4 / 11, 0, 4 / 11, 3 / 11])
    assert found["effort_ratio"].tolist() == pytest.approx(
        [4 / 11 / 0.4, np.nan, 4 / 11 / 0.5, 3 / 11 / 0.1], nan_ok=True
    )
    lossy = effort_by_tier(tiers(harvest=[800.0, -100.0, 0.0, 0.0]), profit_per_hour(tiers(), accounts(), hours(), 1.0))
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
    said = words.about_effort(effort_by_tier(tiers(), profit_per_hour(tiers(), accounts(), hours(), 1.0)), told, run())
    assert said.startswith(
        "S and A take 36% of our hours; they bring 80% of the harvest and hold 40% of the soil value."
    )
    assert "Over 40 customers hours and soil value rank alike to 0.9" in said


def test_without_lengths_nothing_is_said_of_hours():
    for none in (hours(n_timed=0, minutes=np.nan), hours().iloc[:0]):
        found = profit_per_hour(tiers(), accounts(), none, 1.0)
        assert found.empty
        assert words.about_hours(found, run()).endswith("not available.")


def test_a_company_without_profit_has_no_mean_to_reach():
    found = profit_per_hour(tiers(harvest=0.0, soil_value=0.0), accounts(), hours(), 1.0)
    assert found["hour_ratio"].isna().all()
    assert set(found["carries"]) == {"no", "entry"}
