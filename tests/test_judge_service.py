import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.service import deals_beside_hurt, overdue_cases, service_hours
from mcrlib.judge.service import effort_by_tier, effort_follows, hurt_effect, neglected, profit_per_hour, service_parity
from mcrlib.settings import Settings
from mcrlib.show import words

DAY = dt.date(2024, 12, 31)
LIMITS = Settings().thresholds


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


def test_a_case_is_overdue_by_its_severity_and_only_while_it_is_open(tmp_path):
    write_clean(
        tmp_path,
        cases="""case_id account_id severity opened_date closed_date
        1 A 1 2024-12-28 .
        2 A 3 2024-12-28 .
        3 A 4 2024-12-01 2025-02-01
        4 B 1 2024-12-01 2024-12-30""",
    )
    assert overdue_cases(tmp_path, DAY).to_numpy().tolist() == [["A", 2, 30]]


def test_a_neighbour_is_another_account_of_the_same_industry_and_city(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id industry city\nA X Y\nB X Y\nC X Z\nD X .",
        cases="case_id account_id severity opened_date\n1 A 2 2024-01-01\n2 C 3 2024-01-01",
        opportunities="""opportunity_id account_id stage status closed_date
        1 A lost lost 2024-02-01
        2 B lost lost 2024-02-01
        3 B won won 2023-12-31
        4 B lost lost 2025-06-01
        5 C won won 2024-02-01
        6 D won won 2024-02-01""",
    )
    assert deals_beside_hurt(tmp_path, DAY).to_numpy().tolist() == [["X", 0, 3, 1], ["X", 1, 1, 1]]


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


def parity(low_value, n=20, **columns):
    """Twenty S accounts whose cases are all settled in time, and twenty C accounts of which so many are."""
    ids = [f"{side}{i:02}" for side in "hl" for i in range(n)]
    every = pd.DataFrame({"account_id": ids, "tier": ["S"] * n + ["C"] * n, "n_orders": 3})
    parts = pd.DataFrame({"account_id": ids, "part": "service", "value": [1.0] * n + low_value, "n": 2})
    touched = every[["account_id"]].assign(n_activities_12m=np.nan)
    return service_parity(every, touched, parts.assign(**columns), LIMITS).set_index("measure")


def test_small_customers_that_get_less_are_told_from_those_that_may():
    worse = parity([0.0] * 10 + [1.0] * 10)
    assert worse.loc["service", ["high", "low", "n_high", "n_low", "gap"]].tolist() == [1.0, 0.5, 40, 40, 0.5]
    assert worse["served"].to_dict() == {
        "service": "worse",
        "satisfaction": "not_available",
        "touched": "not_available",
    }
    assert parity([1.0] * 20).loc["service", "served"] == "alike"
    assert parity([0.0] * 4 + [1.0] * 16).loc["service", "served"] == "unsure"
    assert parity([0.0, 1.0], n=2).loc["service", "served"] == "few"
    said = words.about_parity(worse.reset_index(), run())
    assert "100% of 40 in S and A, 50% of 40 in B and C: small customers get less." in said
    assert said.startswith("Not available: satisfaction, customers touched within a year. Cases settled")


def test_neglected_is_who_ordered_in_c_and_was_not_touched_or_waits():
    late = pd.DataFrame({"account_id": ["b", "d"], "n_overdue": [1, 1], "oldest_days": [9, 9]})
    assert neglected(tiers(), accounts(), late)["account_id"].tolist() == ["c"]
    silent = accounts(n_activities_12m=np.nan)
    assert neglected(tiers(), silent, late).empty
    assert "not available" in words.about_neglected(neglected(tiers(), silent, late), silent, run())
    both = neglected(tiers(n_orders=1), accounts(n_activities_12m=3.0), late)
    assert both[["account_id", "n_overdue", "oldest_days"]].to_numpy().tolist() == [["d", 1, 9]]


def deals(*rows):
    return pd.DataFrame(rows, columns=["industry", "is_beside_hurt", "n_deals", "n_lost"])


def test_losses_beside_a_hurt_neighbour_are_compared_within_the_industry():
    found = hurt_effect(deals(("X", 0, 10, 9), ("X", 1, 10, 9), ("Y", 0, 10, 1), ("Y", 1, 90, 9), ("Z", 0, 50, 0)))
    assert found["difference"] == pytest.approx(0)
    assert (found["n_beside"], found["n_elsewhere"]) == (100, 20)
    assert found["low"] < 0 < found["high"]
    assert words.about_neighbours(found, run()).endswith("That may be chance.")
    sure = hurt_effect(deals(("X", 0, 100, 10), ("X", 1, 100, 60)))
    assert 0.4 < sure["low"] < sure["difference"] == pytest.approx(0.5)
    assert "50.0 percentage points more" in words.about_neighbours(sure, run())


@pytest.mark.parametrize("rows", [[], [("X", 0, 9, 4)], [("X", 1, 9, 4), ("Y", 0, 9, 4)]])
def test_without_both_sides_our_own_number_is_not_available(rows):
    found = hurt_effect(deals(*rows))
    assert np.isnan(found["difference"])
    assert "story, not a measurement. Our own number is not available" in words.about_neighbours(found, run())
