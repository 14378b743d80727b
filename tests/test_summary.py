import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.change import changes
from mcrlib.judge.summary import COLUMNS, account_table, harvest_at_risk
from mcrlib.show import words


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


ACCOUNTS = pd.DataFrame(
    {
        "account_id": ["a", "b"],
        "account_name": ["Acme", "Borealis"],
        "tier": ["S", "C"],
        "quadrant": "granary",
        "harvest": [60.0, 40.0],
        "soil_value": [5.0, 5.0],
        "p_alive": [0.9, 0.5],
    }
)
BEFORE = pd.DataFrame({"account_id": [], "tier": [], "soil_value": []}).astype({"account_id": "str"})
HOLDERS = ("08_test_the_organisation", "Who holds our customers alone?")


@pytest.mark.parametrize(
    ("gp_held", "is_single", "said", "proof"),
    [
        ([30.0, 20.0], [False, True], "50% of the harvest hangs on people of ours who hold it alone. "
         "1 account is on a single thread (Borealis).", HOLDERS),
        ([30.0, None], [False, None], "30% of the harvest hangs on people of ours who hold it alone. "
         "No account is on a single thread.", HOLDERS),
        ([None, None], [None, None], "What hangs on single people of ours is not in the export.", HOLDERS),
        (None, None, "What hangs on single people of ours is not known: chapter 08 was left out of this run.",
         ("", "")),
    ],
    ids=["held", "nobody single", "not logged", "left out"],
)  # fmt: skip
def test_what_is_at_risk_says_what_would_leave_with_single_people(gp_held, is_single, said, proof):
    held = None
    if gp_held is not None:
        held = ACCOUNTS.assign(gp_held=pd.Series(gp_held, dtype="float"), is_single=is_single)
    told = words.five_answers(
        ACCOUNTS, harvest_at_risk(ACCOUNTS, ACCOUNTS), changes(ACCOUNTS, BEFORE), None, run(), held=held
    )
    assert told[3].more == (said, *proof) and all(one.more is None for one in told if one != told[3])


def test_what_we_live_on_names_the_relationships_that_feed_us():
    answers = words.five_answers(ACCOUNTS, harvest_at_risk(ACCOUNTS, ACCOUNTS), changes(ACCOUNTS, BEFORE), None, run())
    assert answers[0].sentence.endswith("The largest: Acme.")
    poor = ACCOUNTS.assign(tier="C")
    answers = words.five_answers(poor, harvest_at_risk(poor, poor), changes(poor, BEFORE), None, run())
    assert answers[0].sentence == "Gross profit of the last twelve months. No account is in tier S or A."


def test_where_nothing_is_known_of_the_soil_nothing_is_said_to_be_mined_or_safe():
    fresh = ACCOUNTS.assign(
        quadrant=pd.Series([None, None], dtype="str"), soil_value=float("nan"), p_alive=float("nan")
    )
    risk = harvest_at_risk(fresh, fresh[["account_id", "p_alive"]])
    told = words.five_answers(fresh, risk, changes(fresh, BEFORE), None, run())
    mined, sown, at_risk = told[1:4]
    prospects_only = fresh.assign(quadrant=["empty", None])
    assert words.five_answers(prospects_only, risk, changes(fresh, BEFORE), None, run())[1:3] == [mined, sown]
    assert {one.number for one in (mined, sown, at_risk)} == {"–"}
    assert "is not known" in mined.sentence and mined.sentence == sown.sentence
    assert at_risk.sentence.startswith("How likely customers are to buy again is not known")
