import datetime as dt

import numpy as np
import pandas as pd
from clean_tables import write_clean
from portfolio import run
from test_hours import tiers

from mcrlib.describe.reference import settling_days
from mcrlib.describe.service import overdue_cases
from mcrlib.judge.service import neglected, service_parity
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


def accounts(**columns):
    return (
        tiers()[["account_id"]]
        .assign(market_type=["mature"] * 3 + ["saline"], n_activities_12m=[9.0, 2, 0, 0], n_cases_24m=1.0)
        .assign(**columns)
    )


def parity(low_value, n=20, **columns):
    """Twenty S accounts whose cases are all settled in time, and twenty C accounts of which so many are."""
    ids = [f"{side}{i:02}" for side in "hl" for i in range(n)]
    every = pd.DataFrame({"account_id": ids, "tier": ["S"] * n + ["C"] * n, "n_orders": 3})
    parts = pd.DataFrame({"account_id": ids, "part": "service", "value": [1.0] * n + low_value, "n": 2})
    touched = every[["account_id"]].assign(n_activities_12m=np.nan)
    return service_parity(every, touched, [parts.assign(**columns)], LIMITS).set_index("measure")


def test_small_customers_that_get_less_are_told_from_those_that_may():
    worse = parity([0.0] * 10 + [1.0] * 10)
    assert worse.loc["service", ["high", "low", "n_high", "n_low", "gap"]].tolist() == [1.0, 0.5, 40, 40, 0.5]
    assert worse["served"].to_dict() == {
        "service": "worse",
        "days": "not_available",
        "satisfaction": "not_available",
        "touched": "not_available",
    }
    assert parity([1.0] * 20).loc["service", "served"] == "alike"
    less = parity([0.0] * 4 + [1.0] * 16)
    assert less.loc["service", "served"] == "less"
    assert less.loc["service", "gap_low"] > 0 and less.loc["service", "gap"] <= 0.2 < less.loc["service", "gap_high"]
    sure = "Small customers get less, but whether by more than 20% is not sure: cases settled in time."
    assert words.about_parity(less.reset_index(), run()).startswith(sure)
    assert parity([0.0, 1.0] * 10, value=[1.0, 0.0] * 20).loc["service", "served"] == "unsure"
    assert parity([0.0, 1.0], n=2).loc["service", "served"] == "few"
    said = words.about_parity(worse.reset_index(), run())
    assert said.startswith("Small customers get less than large ones: cases settled in time. Not available: days until")
    shown = words.parity_words(worse.reset_index(), run())
    assert shown.drop(columns="parity_gap").to_numpy().tolist() == [
        ["Cases settled in time", "100% of 40", "50% of 40"]
    ]
    assert shown["parity_gap"].item().startswith("50% (")


def test_small_customers_that_wait_longer_get_less():
    longer = parity([6.0] * 20, part="days", value=[4.0] * 20 + [6.0] * 20)
    assert longer.loc["days", ["gap", "served"]].tolist() == [0.5, "worse"]
    assert words.parity_words(longer.reset_index(), run())["parity_low"].item() == "6.0 of 40"
    assert parity([3.0] * 20, part="days", value=[4.0] * 20 + [3.0] * 20).loc["days", "served"] == "alike"


def test_a_case_has_a_length_once_it_is_settled(tmp_path):
    write_clean(
        tmp_path,
        cases="""case_id account_id opened_date closed_date
        1 A 2024-12-01 2024-12-05
        2 A 2024-12-01 2024-12-03
        3 A 2024-12-01 .
        4 A 2024-12-01 2025-01-05
        5 B 2020-12-01 2020-12-05""",
    )
    assert settling_days(tmp_path, DAY).to_numpy().tolist() == [["A", "days", 3.0, 2]]


def test_neglected_is_who_ordered_in_c_and_was_not_touched_or_waits():
    late = pd.DataFrame({"account_id": ["b", "d"], "n_overdue": [1, 1], "oldest_days": [9, 9]})
    assert neglected(tiers(), accounts(), late)["account_id"].tolist() == ["c"]
    silent = accounts(n_activities_12m=np.nan)
    assert neglected(tiers(), silent, late).empty
    assert "not available" in words.about_neglected(neglected(tiers(), silent, late), silent, run())
    both = neglected(tiers(n_orders=1), accounts(n_activities_12m=3.0), late)
    assert both[["account_id", "n_overdue", "oldest_days"]].to_numpy().tolist() == [["d", 1, 9]]
    undelivered = neglected(tiers(), accounts(n_cases_24m=np.nan), late.iloc[:0])
    assert undelivered["n_overdue"].isna().all() and len(undelivered) == 1  # no case on record is not no case
