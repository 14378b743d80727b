import datetime as dt
import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.change import (
    HARVEST_STEPS,
    HELD_STEPS,
    SOIL_STEPS,
    a_year_ago,
    changes,
    crops_came,
    customers,
    held_changes,
    last_time,
    migration,
    money_bridge,
    moved,
    soil_causes,
    tier_steadiness,
)
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
        "1 account counts in one of the two sums only: its value was not known on the other date. "
        "Tiers up: 1, down: 1; accounts new: 1, gone from the export: 1."
    )


def test_a_value_that_was_not_known_then_is_said():
    once = BEFORE.assign(soil_value=[100.0, float("nan"), 10.0, 7.0])
    said = words.about_change(changes(NOW, once), dt.date(2025, 7, 31), run())
    assert "2 accounts count in one of the two sums only: their value was not known on the other date." in said


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


def test_steps_without_accounts_are_left_out_of_the_bridge():
    bridge = money_bridge(changes(NOW, BEFORE[BEFORE["account_id"] != "e"]))
    assert list(bridge["step"]) == ["before", "less", "more", "new", "now"]


HARVEST = pd.DataFrame({"account_id": ["a", "b", "c", "e"], "harvest": [10.0, 20.0, 5.0, 1.0]})
FACTS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c", "d"],
        "account_name": ["Acme", "Borealis", "Cobalt", "Dune"],
        "harvest": [12.0, 15.0, 0.0, 4.0],
        "first_order_date": pd.to_datetime(["2020-01-01", "2021-01-01", "2022-01-01", "2025-08-10"]),
        "last_order_date": pd.to_datetime(["2025-08-01", "2025-07-02", "2024-08-16", "2025-08-11"]),
        "days_since_last": [30.0, 60.0, 380.0, 20.0],
    }
)


def test_customers_are_won_with_their_first_order_and_lost_a_year_after_their_last():
    changed = customers(changes(FACTS, HARVEST, "harvest"), FACTS, dt.date(2025, 7, 31))
    assert changed.set_index("account_id")["step"].to_dict() == {
        "a": "rose", "b": "fell", "c": "lost", "d": "won", "e": "gone",
    }  # fmt: skip
    bridge = money_bridge(changed, "harvest", HARVEST_STEPS).set_index("step")
    assert bridge["n_accounts"].to_dict() == dict.fromkeys(("gone", "lost", "fell", "rose", "won"), 1) | {
        "before": 4, "now": 4,
    }  # fmt: skip
    bridge = bridge["harvest_step"]
    assert bridge.to_dict() == {"before": 36, "gone": -1, "lost": -5, "fell": -5, "rose": 2, "won": 4, "now": 31}
    assert bridge["before"] + bridge.iloc[1:-1].sum() == bridge["now"]
    assert words.about_harvest_change(changed, dt.date(2025, 7, 31), run()) == (
        "Since 31 Jul 2025 the harvest of twelve months changed by −€5 to €31. Customers won: 1, lost: 1. "
        "Most was added by Dune (+€4). Most was lost at Borealis (−€5)."
    )


def test_a_customer_that_brought_a_loss_is_lost_like_any_other_and_nobody_is_lost_twice():
    facts = FACTS.assign(harvest=[0.0, 0.0, 0.0, 4.0], days_since_last=[365.0, 364.0, 380.0, 20.0])
    facts["last_order_date"] = pd.to_datetime(["2024-08-31", "2024-09-01", "2024-07-31", "2025-08-11"])
    before = HARVEST.assign(harvest=[-10.0, 20.0, 0.0, 1.0])
    steps = customers(changes(facts, before, "harvest"), facts, dt.date(2025, 7, 31)).set_index("account_id")["step"]
    assert steps.to_dict() == {"a": "lost", "b": "fell", "c": "same", "d": "won", "e": "gone"}
    on_the_day = facts.assign(first_order_date=pd.to_datetime("2025-07-31"))
    again = customers(changes(facts, before, "harvest"), on_the_day, dt.date(2025, 7, 31)).set_index("account_id")
    assert again.loc["d", "step"] == "new"


def test_who_comes_on_record_with_old_orders_is_new_and_was_not_lost():
    facts = FACTS.assign(harvest=[12.0, 15.0, 0.0, 0.0], days_since_last=[30.0, 60.0, 380.0, 380.0])
    facts["first_order_date"] = facts["last_order_date"] = pd.Timestamp("2024-08-16")
    steps = customers(changes(facts, HARVEST, "harvest"), facts, dt.date(2025, 7, 31)).set_index("account_id")["step"]
    assert steps[["c", "d"]].to_dict() == {"c": "lost", "d": "new"}


def test_a_customer_won_that_was_on_record_counts_before_too():
    before = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "harvest": [10.0, 20.0, 5.0, 0.0]})
    bridge = money_bridge(
        customers(changes(FACTS, before, "harvest"), FACTS, dt.date(2025, 7, 31)), "harvest", HARVEST_STEPS
    )
    assert bridge.set_index("step").loc[["before", "won", "now"], "n_accounts"].tolist() == [4, 1, 4]


def test_a_soil_value_that_todays_model_cannot_tell_of_then_counts_as_none_and_the_bridge_stays_exact():
    again = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "soil_value": [95.0, np.nan, 12.0, 0.0]})
    bought = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "orders": [0, 2, 0, 1]})
    bridge = money_bridge(soil_causes(changes(NOW, BEFORE), again, bought), steps=SOIL_STEPS)["soil_step"]
    assert bridge.iloc[0] + bridge.iloc[1:-1].sum() == bridge.iloc[-1]


def test_a_change_of_soil_is_parted_into_the_model_and_what_happened_since():
    again = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "soil_value": [95.0, 50.0, 12.0, 0.0]})
    bought = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "orders": [0, 2, 0, 1]})
    bridge = money_bridge(soil_causes(changes(NOW, BEFORE), again, bought), steps=SOIL_STEPS).set_index("step")
    assert bridge["soil_step"].to_dict() == {
        "before": 167, "gone": -7, "revalued": -3, "quiet": -17, "ordered": 30, "new": 5, "now": 175,
    }  # fmt: skip
    said = words.about_soil_change(bridge.reset_index(), dt.date(2025, 7, 31), run())
    assert "changed by +€8 to €175: +€30 at accounts that ordered since, −€17 at those that did not, −€3" in said


CROPS = pd.DataFrame(
    {
        "account_id": ["a", "b", "c"],
        "crop_value": [100.0, 40.0, 10.0],
        "crop_low": [50.0, 20.0, 5.0],
        "crop_high": [200.0, 80.0, 15.0],
    }
)
CAME = pd.DataFrame({"account_id": ["a", "b", "c", "d"], "gp": [60.0, 0.0, 30.0, 1.0]})


@pytest.mark.parametrize(
    ("days", "results"),
    [
        (73, {"a": "open", "b": "open", "c": "above"}),
        (365, {"a": "hit", "b": "below", "c": "above"}),
    ],
)
def test_a_forecast_is_judged_when_its_year_is_over_or_more_came_than_it_held_possible(days, results):
    told = crops_came(FACTS, CROPS, CAME, days).set_index("account_id")
    assert told["crop_result"].to_dict() == results
    assert told["due"].sum() == pytest.approx(150 * days / 365)


def test_what_came_at_a_bound_is_inside_and_no_more_than_the_forecast_is_due():
    at_bounds = CAME.assign(gp=[50.0, 80.0, 4.9, 1.0])
    told = crops_came(FACTS, CROPS, at_bounds, 400).set_index("account_id")
    assert told["crop_result"].to_dict() == {"a": "hit", "b": "hit", "c": "below"}
    assert told["due"].to_dict() == {"a": 100, "b": 40, "c": 10}


def test_what_came_of_a_forecast_is_said():
    said = words.about_crops_came(crops_came(FACTS, CROPS, CAME, 365), dt.date(2024, 8, 30), run())
    assert said == (
        "On 30 Aug 2024 we expected €150 within twelve months; €90 has come, where an even year would have brought "
        "€150 by now. Inside the interval of their account: 1 of 3."
    )


def test_the_oldest_forecast_of_the_last_year_is_judged(tmp_path):
    for day in ("2024-07-31", "2024-09-30", "2025-07-31"):
        (tmp_path / day).mkdir()
        CROPS.to_parquet(tmp_path / day / "accounts.parquet")
    on = SimpleNamespace(fact=lambda _: str(tmp_path), date=dt.date(2025, 8, 30))
    assert a_year_ago(on, "crop_value")[0] == dt.date(2024, 9, 30)
    assert a_year_ago(SimpleNamespace(fact=on.fact, date=dt.date(2025, 7, 31)))[0] is None
    on_the_day = SimpleNamespace(fact=on.fact, date=dt.date(2025, 9, 30))
    assert a_year_ago(on_the_day, "crop_value")[0] == dt.date(2024, 9, 30)
    assert last_time(on, "crop_value")[0] == dt.date(2025, 7, 31)
    assert last_time(on, "harvest")[0] is None


def test_who_moved_to_another_field_is_said():
    before = pd.DataFrame({"account_id": ["a", "b"], "quadrant": ["sown", "granary"], "soil_value": [1.0, 1.0]})
    now = NOW[:2].assign(quadrant=["sown", "mined"])
    moves = moved(changes(now, before), "quadrant")
    assert words.about_field_moves(moves, dt.date(2025, 7, 31), run()) == (
        "Since 31 Jul 2025, 1 account moved to another field. Newly mined (1): Borealis."
    )


def test_on_a_first_run_every_chapter_says_so(tmp_path):
    on = SimpleNamespace(fact=lambda _: str(tmp_path), date=dt.date(2025, 8, 31))
    _, harvest = last_time(on, "harvest")
    _, crops = a_year_ago(on, "crop_value", "crop_low", "crop_high")
    changed = customers(changes(FACTS, harvest, "harvest"), FACTS, dt.date(2025, 8, 31))
    causes = soil_causes(changes(NOW, last_time(on, "soil_value")[1]), NOW, CAME.assign(orders=0))
    said = [
        words.about_harvest_change(changed, None, run()),
        words.about_soil_change(money_bridge(causes, steps=SOIL_STEPS), None, run()),
        words.about_crops_came(crops_came(FACTS, crops, CAME, 0), None, run()),
        words.about_field_moves(moved(changes(NOW, last_time(on, "tier")[1].assign(soil_value=0.0))), None, run()),
    ]
    assert all(one.startswith("This is the first run") for one in said)


HELD_NOW = pd.DataFrame(
    {
        "account_id": [*"abcde"],
        "account_name": ["Acme", "Borealis", "Cobalt", "Dune", "Elm"],
        "gp_held": [10.0, 60.0, None, 7.0, 3.0],
        "is_single": [False, True, None, True, False],
    }
)
HELD_BEFORE = pd.DataFrame(
    {
        "account_id": [*"abcdf"],
        "gp_held": [40.0, 20.0, 5.0, None, 8.0],
        "is_single": [True, False, True, None, False],
    }
)


def test_profit_that_was_or_is_not_known_has_a_step_of_its_own_and_the_bridge_is_exact():
    changed = held_changes(HELD_NOW, HELD_BEFORE)
    assert changed.set_index("account_id")["step"].to_dict() == {
        "a": "freed", "b": "tied", "c": "unknown", "d": "known", "e": "new", "f": "gone",
    }  # fmt: skip
    bridge = money_bridge(changed, "gp_held", HELD_STEPS).set_index("step")["gp_held_step"]
    assert bridge.to_dict() == {
        "before": 73, "gone": -8, "unknown": -5, "freed": -30, "tied": 40, "known": 7, "new": 3, "now": 80,
    }  # fmt: skip


def test_what_hangs_on_single_people_is_said():
    changed, since = held_changes(HELD_NOW, HELD_BEFORE), dt.date(2025, 6, 30)
    assert words.about_held_change(changed, 2, ("person", "undecided"), since, run()) == (
        "Since 30 Jun 2025 the profit that hangs on one person alone changed by +€7 to €80. "
        "Accounts newly on a single thread: 1; no longer: 1; changes of hands: 2. "
        "The rotation test said then: a person holds it; it says now: undecided."
    )
    assert words.about_held_change(changed, 0, (None, "undecided"), None, run()).startswith("This is the first run")


def test_axes_that_were_gained_or_lost_are_said():
    moves = pd.DataFrame(
        {
            "account_name": ["Acme", "Borealis", "Cobalt"],
            "pattern_before": ["key", "key+general", "none"],
            "pattern": ["key+general", "organisation", "key"],
        }
    )
    assert words.about_axes_moves(moves, dt.date(2025, 6, 30), run()) == (
        "Since 30 Jun 2025, accounts that gained an axis of the relationship: 3; that lost one: 1. "
        "Gained, the largest first: Acme, Borealis, Cobalt. Lost: Borealis."
    )


@pytest.mark.parametrize(("last", "back"), [("2025-12-31", 1), ("2026-01-01", 0)])
def test_a_tier_that_goes_back_within_ninety_two_days_has_flickered(tmp_path, last, back):
    for date, tier in (("2025-08-31", "S"), ("2025-09-30", "A")):
        (tmp_path / date).mkdir()
        pd.DataFrame({"account_id": ["a"], "tier": tier}).to_parquet(tmp_path / date / "accounts.parquet")
    now = SimpleNamespace(date=dt.date.fromisoformat(last), fact={"history": str(tmp_path)}.get)
    told = tier_steadiness(now, pd.DataFrame({"account_id": ["a"], "tier": ["S"]}))
    assert told == {"runs": 3, "n": 2, "moved": 2, "back": back}


def test_moves_from_run_to_run_are_counted_and_those_that_soon_went_back(tmp_path):
    runs = {
        "2024-11-30": [*"SSCA"],  # more than a year ago
        "2025-08-31": [*"SABC"],
        "2025-09-30": [*"ABBC"],
        "2025-10-31": [*"SABC"],  # a and b are back
    }
    for date, tiers in runs.items():
        (tmp_path / date).mkdir()
        pd.DataFrame({"account_id": [*"abcd"], "tier": tiers}).to_parquet(tmp_path / date / "accounts.parquet")
    now = SimpleNamespace(date=dt.date(2025, 12, 31), fact={"history": str(tmp_path)}.get)
    tiers = pd.DataFrame({"account_id": [*"abcx"], "tier": [*"SACS"]})
    assert tier_steadiness(now, tiers) == {"runs": 4, "n": 11, "moved": 5, "back": 2}
    alone = SimpleNamespace(date=dt.date(2024, 6, 30), fact={"history": str(tmp_path)}.get)
    assert tier_steadiness(alone, tiers) == {"runs": 1, "n": 0, "moved": 0, "back": 0}
    told = {"runs": 4, "n": 11, "moved": 5, "back": 2}
    assert words.about_steadiness(told, run()) == (
        "In 4 runs within a year 5 of 11 tiers moved from one run to the next; 2 of them went back within three months."
    )
