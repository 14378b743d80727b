import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.service import deals_beside_hurt, overdue_cases
from mcrlib.judge.service import hurt_effect, neglected, service_parity
from mcrlib.settings import Settings
from mcrlib.show import words

DAY = dt.date(2024, 12, 31)
LIMITS = Settings().thresholds


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
