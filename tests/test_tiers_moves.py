from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.model.tiers import ValueTiers, move_drivers
from mcrlib.settings import Settings
from mcrlib.show import words


def values(**columns):
    frame = pd.DataFrame({"harvest": [10.0, 20.0, 90.0, 40.0], "soil_value": [30.0, 60.0, 90.0, 80.0]} | columns)
    return frame.set_index(pd.Index(list("abcd"), name="account_id"))


MODEL = ValueTiers(n_resamples=0).fit(values())


def state(frame, held="BBBB"):
    return frame.reset_index().assign(tier_held=list(held), tier_seen=list(held))


def test_the_driver_is_the_column_that_changed_the_score_most_in_its_direction():
    now = values(harvest=[80.0, 20.0, 9.0, 40.0], soil_value=[29.0, 60.0, 95.0, 80.0])
    found = move_drivers(MODEL, state(values()), now).set_index("account_id")
    assert found.loc[["a", "c"], ["driver", "driver_before", "driver_now"]].to_numpy().tolist() == [
        ["harvest", 10, 80],
        ["harvest", 90, 9],
    ]
    assert found.loc["a", "score_change"] > 0 > found.loc["c", "score_change"]
    assert found.loc[["b", "d"], "driver"].isna().all()
    change = MODEL.score_accounts(now) - MODEL.score_accounts(values())
    np.testing.assert_allclose(found["score_change"], change, atol=1e-8)


@pytest.mark.parametrize("before", [None, state(values()).assign(account_id=list("wxyz"))])
def test_without_the_account_then_there_is_no_driver(before):
    assert move_drivers(MODEL, before, values()).empty


def test_every_move_is_said_in_words():
    row = {
        "tier_before": "B", "tier": "A", "held_before": "B", "seen_before": "B", "driver": "harvest",
        "override_by": None, "driver_before": 1000.0, "driver_now": 90_000.0, "score_change": 1.0,
    }  # fmt: skip
    cases = [
        row,
        row | {"tier": "C"},
        row | {"driver_now": 1001.0},
        row | {"driver_now": 1001.0, "seen_before": "S"},
        row | {"tier": "C", "seen_before": "A"},
        row | {"override_by": "the board"},
        row | {"held_before": "C"},
        row | {"held_before": None},
        row | {"held_before": None, "score_change": np.nan},
        row | {"driver": "n_contacts", "driver_before": 1.0, "driver_now": 4.0},
    ]
    assert words.move_reasons(pd.DataFrame(cases), run(), kept=False).tolist() == [
        "Harvest, 12 months: €1k → €90k",
        *["the borders moved"] * 2,
        "confirmed: the last run saw it too",
        "the borders moved",
        "decided by the board",
        "an earlier decision has expired",
        "ordered for the first time since",
        "not known: the earlier run kept no values",
        "Contacts: 1 → 4",
    ]
    same = pd.DataFrame([row | {"driver_now": 1001.0}])
    assert words.move_reasons(same, run(), kept=True).item() == "surer than last time"


def said_of_groups(letters, likeliest=2, settings=None, **model):
    on = run()
    on.settings = Settings.model_validate(settings or {})
    tiers = pd.DataFrame({"tier": [*letters], "n_orders": [0 if letter == "-" else 1 for letter in letters]})
    known = {"quotas": None, "varied_": True, "drawn_by_share_": ()} | model
    return words.about_groups(tiers, SimpleNamespace(**known), likeliest, on)


def test_how_large_s_and_a_are_is_said_beside_what_was_asked():
    said = said_of_groups("S" + "A" * 3 + "B" * 16 + "-" * 20)
    assert said.startswith("Of the 20 accounts that ever ordered, S holds 5% (at most 5%: proposed), S and A 20%.")
    assert "Quotas" not in said
    assert "Quotas in client.yaml would hold S to its share." in said_of_groups("SS" + "B" * 18)
    assert "Quotas" not in said_of_groups("S" + "B" * 3)
    assert said_of_groups("--") == "Nobody has ordered yet: there is nothing to part into tiers."


def test_where_the_borders_come_from_is_said_where_the_groups_draw_them():
    said = said_of_groups("SAB", drawn_by_share_=("A", "S"))
    assert "For S, A the data show no border: the shares draw it." in said
    assert "groups" not in said
    assert "the accounts form 2 groups; the method has four" in said_of_groups("SAB")
    assert "groups" not in said_of_groups("SAB", likeliest=4)
    assert "form no groups: the borders are cut through a continuum" in said_of_groups("SAB", likeliest=1)
    for other in ({"settings": {"tiers": {"decide": "rule"}}}, {"quotas": {"S": 0.1}}, {"varied_": False}):
        assert "groups" not in said_of_groups("SAB", **other)
