import pandas as pd
import pytest

from mcrlib.judge.summary import COLUMNS, account_table, harvest_at_risk


def test_each_account_has_one_row_with_all_verdicts():
    ids = {"account_id": ["b", "a"]}
    accounts = pd.DataFrame({**ids, "account_name": ["B", "A"], "group_id": ["b", "a"], "owner_id": [None, "u"]})
    accounts = accounts.assign(harvest=[1.0, 2.0], n_orders=[1, 2], last_order_date=pd.Timestamp(2025, 1, 1))
    tiers = pd.DataFrame({**ids, "tier": ["C", "S"], "tier_probability": [0.9, 0.8], "reason": ["x", "y"]})
    soil = pd.DataFrame({**ids, "soil_value": [3.0, 4.0], "soil_low": 1.0, "soil_high": 9.0, "p_alive": 0.5})
    crops = pd.DataFrame({**ids, "crop_value": [5.0, 6.0]})
    balance = pd.DataFrame(
        {**ids, "fertility": [None, 50.0], "quadrant": ["barren", "granary"], "verdict": "serve", "reason": "r"}
    )
    table = account_table(accounts, tiers, soil, crops, balance)
    assert tuple(table.columns) == COLUMNS
    wanted = table[["account_id", "tier", "tier_reason", "soil_value", "crop_value", "quadrant"]]
    assert wanted.to_dict("list") == {
        "account_id": ["a", "b"],
        "tier": ["S", "C"],
        "tier_reason": ["y", "x"],
        "soil_value": [4.0, 3.0],
        "crop_value": [6.0, 5.0],
        "quadrant": ["granary", "barren"],
    }


def test_the_harvest_is_weighed_by_the_chance_that_the_customer_has_stopped():
    accounts = pd.DataFrame(
        {"account_id": ["a", "b", "c", "d"], "account_name": [*"ABCD"], "harvest": [10.0, 100.0, 0.0, 9.0]}
    )
    soil = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "p_alive": [0.1, 0.95, 0.5, None]})
    risk = harvest_at_risk(accounts, soil)
    assert risk["account_id"].tolist() == ["a", "b"] and risk["at_risk"].tolist() == pytest.approx([9, 5])
