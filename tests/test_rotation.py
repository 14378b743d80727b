"""The rotation test: which changes of hands can be judged, beside which peers, and what effect is found."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from mcrlib.judge.organisation.effect import rotation_before, rotation_by, rotation_effect, rotation_path
from mcrlib.judge.organisation.rotation import hand_overs, pretend, rotation_events
from mcrlib.settings import Thresholds

AS_OF = dt.date(2025, 12, 31)
MONTHS = pd.date_range("2022-01-01", "2025-12-01", freq="MS")


def company(orders, *, drop_after=None, factor=1.0):
    """Accounts that order every month; those of ``drop_after`` at another rate from their month on."""
    rows = []
    for account, rate in orders.items():
        for month in MONTHS:
            gone = drop_after and account in drop_after and month >= drop_after[account]
            rows.append((account, month, rate * (factor if gone else 1.0), 100.0 * rate * (factor if gone else 1.0)))
    return pd.DataFrame(rows, columns=["account_id", "period", "orders", "gp"])


def changes(*rows):
    frame = pd.DataFrame(rows, columns=["account_id", "changed_date", "old_owner", "new_owner"])
    return frame.astype({"changed_date": "datetime64[ns]"})


def spells(text):
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["account_id", "owner_id", "valid_from", "valid_to"]).replace(".", None)
    return frame.astype({"valid_from": "datetime64[ns]", "valid_to": "datetime64[ns]"})


def test_a_hand_over_passes_from_one_person_to_another_also_through_the_pool():
    found = hand_overs(
        spells("""
        A u1 .          2024-03-01
        A u2 2024-03-01 .
        B u1 .          2024-01-01
        B .  2024-01-01 2024-06-01
        B u3 2024-06-01 2025-01-01
        B u3 2025-01-01 .
        C u1 2023-01-01 .
        """)
    )
    expected = changes(("A", "2024-03-01", "u1", "u2"), ("B", "2024-06-01", "u1", "u3"))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)


def test_a_change_needs_a_year_on_each_side_no_other_change_orders_and_peers():
    months = company({name: 2.0 for name in "ABCDEFGHIJ"})
    months = months[(months["account_id"] != "E") | (months["period"] >= "2025-01-01")]
    found = rotation_events(
        months,
        changes(
            ("A", "2024-01-10", "u1", "u2"),
            ("B", "2022-06-01", "u1", "u2"),
            ("C", "2025-06-01", "u1", "u2"),
            ("D", "2024-01-01", "u1", "u2"),
            ("D", "2024-05-01", "u2", "u3"),
            ("E", "2024-06-01", "u1", "u2"),
        ),
        as_of=AS_OF,
    )
    assert found.events["account_id"].tolist() == ["A"]
    assert found.skipped == {"too_early": 1, "too_late": 1, "changed_again": 2, "no_orders": 1}


def test_peers_kept_their_holder_and_are_the_most_alike():
    months = company({"A": 5.0, "B": 5.0, "C": 5.1, "D": 4.9, "E": 50.0, "F": 5.0, "G": 60.0})
    changed = changes(("A", "2024-01-01", "u1", "u2"), ("F", "2024-06-01", "u1", "u2"))
    found = rotation_events(months, changed, as_of=AS_OF, n_peers=3)
    of_a = found.peers[found.events["account_id"] == "A"][0]
    assert sorted("ABCDEFG"[place] for place in of_a) == ["B", "C", "D"]


def test_without_three_peers_a_change_is_not_judged():
    found = rotation_events(
        company({"A": 2.0, "B": 2.0, "C": 2.0}), changes(("A", "2024-01-01", "u", "v")), as_of=AS_OF
    )
    assert found.skipped == {"no_peers": 1}
    assert rotation_effect(found).loc[0, "status"] == "not_available"


def thirty(factor):
    names = [f"A{i:02}" for i in range(30)]
    moved = {name: pd.Timestamp("2024-01-01") for name in names[1::3] + names[2:6:3]}
    months = company({name: 2.0 + 0.01 * place for place, name in enumerate(names)}, drop_after=moved, factor=factor)
    return months, changes(*[(name, day, "u1", "u2") for name, day in moved.items()])


@pytest.mark.parametrize(("factor", "verdict"), [(0.5, "person"), (1.0, "organisation"), (1.3, "organisation")])
def test_the_effect_is_the_share_that_is_lost_or_won(factor, verdict):
    found = rotation_effect(rotation_events(*thirty(factor), as_of=AS_OF)).iloc[0]
    assert found["value"] == pytest.approx(factor - 1, abs=0.01)
    assert (found["verdict"], found["n"], found["status"]) == (verdict, 12, "ok")


def test_how_much_may_be_lost_stands_in_client_yaml():
    halved = rotation_events(*thirty(0.5), as_of=AS_OF)
    lost = {"rotation_held": 0.4, "rotation_lost": 0.6}
    assert rotation_effect(halved, limits=Thresholds(**lost)).loc[0, "verdict"] == "undecided"
    assert rotation_effect(halved, limits=Thresholds(rotation_held=0.6)).loc[0, "verdict"] == "organisation"
    assert rotation_effect(halved, limits=Thresholds(small_number=13)).loc[0, "status"] == "weak"


def test_what_changes_for_everybody_is_no_effect():
    months, changed = thirty(1.0)
    months.loc[months["period"] >= "2024-01-01", ["orders", "gp"]] *= 0.5
    assert rotation_effect(rotation_events(months, changed, as_of=AS_OF))["value"][0] == pytest.approx(0.0, abs=0.01)


def test_the_path_falls_at_the_change_and_not_before():
    path = rotation_path(rotation_events(*thirty(0.5), as_of=AS_OF), "gp").set_index("quarter")["value"]
    np.testing.assert_allclose(path.loc[-4:-1], 0.0, atol=0.01)
    np.testing.assert_allclose(path.loc[0:5], -0.5, atol=0.01)


def test_a_fall_before_the_change_is_told():
    months, changed = thirty(1.0)
    early = months["account_id"].isin(changed["account_id"]) & months["period"].between("2023-07-01", "2023-12-01")
    months.loc[early, "orders"] *= 0.6
    found = rotation_before(rotation_events(months, changed, as_of=AS_OF)).iloc[0]
    assert found["high"] < 0


def test_a_small_region_is_drawn_to_the_whole():
    months, changed = thirty(0.5)
    rotation = rotation_events(months, changed, as_of=AS_OF)
    region = pd.Series(["North"] * 8 + ["South"] * 4)
    found = rotation_by(rotation, region)
    assert found["group"].tolist() == ["North", "South"]
    np.testing.assert_allclose(found["value"], -0.5, atol=0.02)
    assert (found["low"] <= found["value"]).all()


def test_regions_that_do_not_differ_are_drawn_to_the_effect_on_all():
    months, changed = thirty(1.0)
    rng = np.random.default_rng(5)
    months["orders"] = rng.poisson(months["orders"])
    rotation = rotation_events(months, changed, as_of=AS_OF)
    whole = rotation_effect(rotation)["value"][0]
    found = rotation_by(rotation, pd.Series(["North"] * 6 + ["South"] * 6))
    assert found["value"].between(min(whole, *found["raw"]), max(whole, *found["raw"])).all()
    assert (found["value"] - whole).abs().max() <= (found["raw"] - whole).abs().max() + 1e-9


def test_pretended_changes_are_drawn_once_for_an_account_and_show_nothing():
    months, changed = thirty(0.5)
    drawn = pretend(months, as_of=AS_OF)
    assert drawn["account_id"].is_unique
    placebo = rotation_events(months, changed, as_of=AS_OF, pretended=drawn)
    assert not set(placebo.events["account_id"]) & set(changed["account_id"])
    assert abs(rotation_effect(placebo)["value"][0]) < 0.02


def test_no_changes_at_all_give_no_number():
    months, changed = thirty(1.0)
    found = rotation_effect(rotation_events(months, changed.iloc[:0], as_of=AS_OF)).iloc[0]
    assert np.isnan(found["value"])
    assert (found["n"], found["status"]) == (0, "not_available")


def test_accounts_that_one_person_handed_over_and_that_fare_alike_tell_less():
    months, changed = thirty(1.0)
    chance = np.random.default_rng(3).uniform(0.7, 1.3, len(changed))
    after = months["period"] >= "2024-01-01"

    def width(factor, sellers):
        own = months["account_id"].map(dict(zip(changed["account_id"], factor, strict=True))).fillna(1.0)
        moved = months.assign(orders=months["orders"] * own.where(after, 1.0))
        found = rotation_effect(rotation_events(moved, changed.assign(old_owner=sellers), as_of=AS_OF)).iloc[0]
        return found["high"] - found["low"]

    sellers = np.repeat(["u1", "u2", "u3", "u4"], 3)
    alike = np.sort(chance)
    assert width(alike, sellers) > 1.3 * width(alike, [f"u{i}" for i in range(12)])


def test_who_had_left_the_path_before_the_change_gets_no_verdict():
    months, changed = thirty(0.5)
    early = months["account_id"].isin(changed["account_id"]) & months["period"].between("2023-07-01", "2023-12-01")
    months.loc[early, "orders"] *= 0.6
    assert rotation_effect(rotation_events(months, changed, as_of=AS_OF))["verdict"][0] == "undecided"
