import datetime as dt
import json
from types import SimpleNamespace

import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.change import changes, last_time, migration, money_bridge, moved
from mcrlib.show import words

NOW = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "account_name": ["Acme", "Borealis", "Cobalt", "Dune"],
        "tier": ["S", "A", "C", "B"],
        "soil_value": [90.0, 80.0, None, 5.0],
    }
)
BEFORE = pd.DataFrame(
    {"account_id": ["a", "b", "c", "e"], "tier": ["S", "B", "B", "C"], "soil_value": [100.0, 50.0, 10.0, 7.0]}
)


def test_every_account_of_both_runs_stands_in_one_row():
    changed = changes(NOW, BEFORE).set_index("account_id")
    assert changed["step"].to_dict() == {"b": "more", "a": "less", "c": "less", "e": "gone", "d": "new"}
    assert changed["soil_step"].to_dict() == {"b": 30, "a": -10, "c": -10, "e": -7, "d": 5}
    assert changed.loc["e", "account_name"] == "e"


def test_the_bridge_is_exact():
    bridge = money_bridge(changes(NOW, BEFORE)).set_index("step")
    assert bridge["soil_step"].to_dict() == {"before": 167, "gone": -7, "less": -20, "more": 30, "new": 5, "now": 175}
    assert bridge["n_accounts"].to_dict() == {"before": 4, "gone": 1, "less": 2, "more": 1, "new": 1, "now": 4}


def test_who_moved_is_who_has_another_tier():
    assert list(moved(changes(NOW, BEFORE))["account_name"]) == ["Borealis", "Cobalt"]


def test_the_change_is_said():
    said = words.about_change(changes(NOW, BEFORE), dt.date(2025, 7, 31), run())
    assert said == (
        "Since 31 Jul 2025 the soil value changed by +€8 to €175. "
        "Tiers up: 1, down: 1; accounts new: 1, gone from the export: 1."
    )


def test_the_first_run_has_nothing_to_compare_with(tmp_path):
    on = SimpleNamespace(fact=lambda _: str(tmp_path), date=dt.date(2025, 8, 31))
    since, before = last_time(on)
    assert since is None and before.empty
    assert set(changes(NOW, before)["step"]) == {"new"}
    assert words.about_change(changes(NOW, before), since, run()).startswith("This is the first run")


@pytest.mark.parametrize(("as_of", "expected"), [("2025-08-31", "2025-07-31"), ("2025-07-31", "2025-06-30")])
def test_only_earlier_runs_count(tmp_path, as_of, expected):
    for day in ("2025-06-30", "2025-07-31", "2025-08-31"):
        (tmp_path / day).mkdir()
        BEFORE.to_parquet(tmp_path / day / "accounts.parquet")
    on = SimpleNamespace(fact=lambda _: json.loads(json.dumps(str(tmp_path))), date=dt.date.fromisoformat(as_of))
    assert last_time(on)[0] == dt.date.fromisoformat(expected)


def test_the_matrix_of_moves_has_all_pairs_with_counts_value_and_interval():
    found = migration(changes(NOW, BEFORE))
    assert len(found) == 16 and found["n_accounts"].sum() == 3
    pair = found.set_index(["tier_before", "tier"])
    assert pair.loc[("B", "A"), ["n_accounts", "soil_value", "share"]].tolist() == [1, 80, 0.5]
    assert pair.loc[("B", "A"), "low"] < 0.5 < pair.loc[("B", "A"), "high"]
    assert pair.loc[("C", "A"), ["share", "low"]].isna().all()
