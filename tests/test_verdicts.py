from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mcrlib.judge.verdicts import RULES, hidden_gems, soil_balance
from mcrlib.settings import Settings

COLUMNS = ["account_id", "tier", "harvest", "fertility", "soil_value", "p_alive", "n_order_days"]
#: Four S accounts that set the cuts at harvest 100 and fertility 50, one in each corner.
CORNERS = [
    ("granary", "S", 150.0, 70.0, 900.0, 0.9, 9),
    ("mined", "S", 150.0, 30.0, 500.0, 0.9, 9),
    ("sown", "S", 50.0, 70.0, 900.0, 0.9, 9),
    ("barren", "S", 50.0, 30.0, 100.0, 0.9, 9),
]


def balance(*rows, **changes):
    table = pd.DataFrame([*CORNERS, *rows], columns=COLUMNS)
    base = {
        "harvest_previous": table["harvest"], "days_since_last": 30.0, "n_orders": table["n_order_days"],
        "n_contacts": 9.0, "market_type": None, "n_owners_active": 2.0, "n_activities_12m": 4.0,
    }  # fmt: skip
    table = table.assign(**(base | changes))
    soil = table[["account_id", "soil_value", "p_alive"]]
    crops = pd.DataFrame({"account_id": table["account_id"], "crop_value": table["harvest"]})
    fertility = table[["account_id", "fertility"]].assign(
        fertility_status=np.where(table["fertility"].isna(), "not_available", "ok")
    )
    features = table.drop(columns=["soil_value", "p_alive", "tier", "fertility"])
    got = soil_balance(features, soil, crops, table[["account_id", "tier"]], fertility, Settings())
    return got.set_index("account_id")


def test_the_four_corners_and_what_to_do_there():
    got = balance()
    assert got["quadrant"].tolist() == ["granary", "mined", "sown", "barren"]
    assert got["verdict"].tolist() == ["defend", "restore", "open", "grow"]
    assert got["reason"].tolist() == [
        "high_soil_high_harvest", "harvest_without_soil", "soil_without_harvest", "low_both",
    ]  # fmt: skip


NAN = float("nan")


def test_a_buyer_of_whom_nothing_is_known_stands_nowhere():
    got = balance(("x", "S", 150.0, NAN, NAN, NAN, 1), ("y", "S", 150.0, NAN, NAN, 0.9, 2)).loc[["x", "y"]]
    assert got["quadrant"].isna().all()
    assert set(got["verdict"]) == {"not_enough_data"}
    assert got["reason"].str.split(";").str[0].tolist() == ["short_history", "short_history"]


@pytest.mark.parametrize(
    ("row", "quadrant", "verdict", "reason"),
    [
        (("x", "C", 10.0, 10.0, 10.0, 0.9, 9), "barren", "serve", "low_both"),
        (("x", "B", 10.0, 10.0, 10.0, 0.9, 9), "barren", "serve", "low_both"),
        (("x", "B", 10.0, 10.0, 400.0, 0.9, 9), "barren", "grow", "low_both"),
        (("x", "B", 150.0, 10.0, 400.0, 0.9, 9), "mined", "restore", "harvest_without_soil"),
        (("x", "C", 10.0, 10.0, 10.0, 0.1, 9), "barren", "leave", "quiet"),
        (("x", "A", 40.0, 10.0, 10.0, 0.1, 9), "barren", "restore", "quiet"),
        (("x", "A", -40.0, 10.0, -10.0, 0.1, 9), "barren", "leave", "quiet"),
        (("x", "A", -40.0, 10.0, -10.0, 0.9, 9), "barren", "serve", "low_both"),
        (("x", "B", -40.0, 10.0, -10.0, 0.9, 9), "barren", "serve", "low_both"),
        (("x", "B", 10.0, NAN, 10.0, 0.9, 1), "barren", "not_enough_data", "short_history"),
        (("x", "C", 0.0, NAN, 0.0, NAN, 0), "empty", "not_enough_data", "never_ordered"),
        (("x", "C", 0.0, 10.0, 0.0, NAN, 0), "empty", "serve", "never_ordered"),
        (("x", "C", 0.0, 90.0, NAN, NAN, 0), "sown", "open", "soil_without_harvest"),
        (("x", "B", 0.0, 90.0, 0.0, 0.9, 1), "sown", "serve", "soil_without_harvest"),
    ],
)
def test_an_account_beside_the_corners(row, quadrant, verdict, reason):
    got = balance(row).loc["x"]
    assert (got["quadrant"], got["verdict"], got["reason"].split(";")[0]) == (quadrant, verdict, reason)


def test_saline_land_is_to_be_opened():
    got = balance(("x", "C", 0.0, NAN, 0.0, NAN, 0), market_type=[None] * 4 + ["saline"]).loc["x"]
    assert (got["quadrant"], got["verdict"]) == ("empty", "open")
    assert got["reason"].startswith("saline")


def test_without_fertility_anywhere_soil_value_takes_its_place():
    got = balance(fertility=NAN)
    assert got["quadrant"].tolist() == ["granary", "mined", "sown", "barren"]
    assert set(got["fertility_status"]) == {"not_available"}
    assert got["reason"].str.endswith("no_relationship_data").all()


def test_reasons_tell_what_stands_out_besides():
    got = balance(harvest_previous=300.0, n_owners_active=1.0)
    assert got.loc["mined", "reason"] == "harvest_without_soil;falling;single_thread"


def test_where_there_is_no_S_or_A_all_that_ordered_set_the_cuts():
    got = balance(tier="B")
    assert got["quadrant"].tolist() == ["granary", "mined", "sown", "barren"]


def test_every_account_has_a_verdict_that_the_contract_knows():
    rng = np.random.default_rng(1)
    n = 500
    rows = [
        (
            f"x{i}", str(rng.choice(list("SABC"))), float(rng.choice([0, -5, 80, 200])), rng.choice([NAN, 20, 80]),
            float(rng.choice([0, 10, 1000])), float(rng.choice([NAN, 0.05, 0.9])), int(rng.integers(0, 4)),
        )
        for i in range(n)
    ]  # fmt: skip
    got = balance(*rows)
    assert len(got) == n + 4
    assert set(got["verdict"]) <= {"defend", "restore", "open", "grow", "serve", "leave", "not_enough_data"}
    assert set(got["quadrant"]) <= {"granary", "mined", "sown", "barren", "empty"}
    assert got["reason"].ne("").all()


def test_the_table_of_rules_ends_with_one_that_always_applies():
    assert RULES[-1][:2] == ("*", "always")


def test_a_gem_brings_little_today_and_promises_much_never_a_loss():
    made = pd.DataFrame({"account_id": [f"a{i}" for i in range(20)], "harvest": range(20, 0, -1), "soil_value": 1.0})
    made.loc[[0, 12, 15], "soil_value"] = [90.0, 40.0, 80.0]  # a0 is among today's largest fifth
    assert hidden_gems(made)["account_id"].tolist() == ["a15"]
    losing = made.assign(soil_value=-made["soil_value"])
    assert hidden_gems(losing).empty
