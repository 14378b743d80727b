import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from hypothesis import given, settings
from hypothesis import strategies as st

from mcrlib.describe.contributions import contributions
from mcrlib.describe.leading import leading_signs
from mcrlib.judge.patience import (
    are_rising,
    break_evens,
    chances,
    contribution_curves,
    fans,
    gates,
    hindcast,
    patience_budget,
    strategic_entries,
)
from mcrlib.settings import Settings

AS_OF = dt.date(2024, 12, 31)


def entries(*accounts):
    return pd.DataFrame({"account_id": accounts, "market_type": "saline"})


def curves_of(**flows):
    """Curves of entries from their quarterly contributions, which end with 2024."""
    rows = []
    for account, flow in flows.items():
        for quarter, value in zip(pd.period_range(end="2024Q4", periods=len(flow), freq="Q"), flow, strict=True):
            rows.append((account, quarter.start_time.as_unit("us"), max(value, 0.0), max(-value, 0.0), value))
    frame = pd.DataFrame(rows, columns=["account_id", "quarter", "gp", "cost", "contribution"])
    total = frame.groupby("account_id")["contribution"].cumsum()
    return frame.assign(cumulative=total, discounted=total, is_cut=False)


def facts(**flows):
    return break_evens(curves_of(**flows)).set_index("account_id")


def test_an_entry_is_saline_land_or_has_strategic_costs():
    accounts = pd.DataFrame(
        {"account_id": list("ABCD"), "account_name": list("abcd"), "market_type": ["saline", None, "growth", "saline"]}
    )
    moves = pd.DataFrame({"account_id": list("ABC"), "strategic": [0.0, 5.0, 0.0]})
    assert strategic_entries(accounts, moves)["account_id"].tolist() == ["A", "B"]  # D never moved


def test_contributions_are_profit_less_cost_by_quarter(tmp_path):
    clean = write_clean(
        tmp_path,
        accounts="account_id\nA",
        opportunities="opportunity_id account_id stage status\nd A won won",
        orders="order_id account_id order_date amount\n1 A 2024-05-17 100\n2 A 2024-06-17 20",
        costs=(
            "cost_id account_id opportunity_id period cost_type amount\n1 A . 2024-01-01 strategic 30\n"
            "2 . d 2024-02-01 travel 5\n3 A . 2025-01-01 travel 99"
        ),
    )
    got = contributions(clean, AS_OF, margin=0.5)
    expected = pd.DataFrame(
        {
            "account_id": pd.array(["A", "A"], dtype="str"),
            "quarter": pd.array(["2024-01-01", "2024-04-01"], dtype="datetime64[us]"),
            "gp": [0.0, 60.0],
            "cost": [35.0, 0.0],
            "strategic": [30.0, 0.0],
        }
    )
    pd.testing.assert_frame_equal(got, expected)
    assert contributions(clean, dt.date(2024, 2, 1))["cost"].tolist() == [35.0]
    assert contributions(clean, dt.date(2024, 1, 31))["cost"].tolist() == [30.0]


def test_a_cost_is_that_of_the_account_it_names_before_that_of_its_deal(tmp_path):
    clean = write_clean(
        tmp_path,
        accounts="account_id\nA\nB",
        opportunities="opportunity_id account_id stage status\nd A won won",
        costs="cost_id account_id opportunity_id period cost_type amount\n1 B d 2024-01-01 travel 7",
    )
    assert contributions(clean, AS_OF)[["account_id", "cost"]].to_numpy().tolist() == [["B", 7.0]]


def test_without_costs_there_is_no_contribution(tmp_path):
    clean = write_clean(tmp_path, orders="order_id account_id order_date amount\n1 A 2024-05-17 100")
    moves = contributions(clean, AS_OF)
    assert moves.empty
    curves = contribution_curves(moves, entries("A"), AS_OF)
    drawn = np.zeros((0, 5, 20))
    assert (len(curves), len(break_evens(curves)), len(fans(curves, drawn)), len(chances(curves, drawn))) == (0,) * 4
    assert hindcast(curves, fans(curves, drawn))["n"] == 0


def test_a_curve_has_no_gaps_and_begins_where_costs_are_on_record():
    quarters = pd.to_datetime(["2022-10-01", "2024-01-01", "2024-07-01", "2024-10-01"]).as_unit("us")
    moves = pd.DataFrame(
        {"account_id": ["A", "B", "A", "A"], "quarter": quarters, "gp": [9.0, 0, 4, 1], "cost": [0.0, 3, 2, 8]}
    )
    curves = contribution_curves(moves, entries("A", "B"), dt.date(2024, 12, 30))
    mine = curves.set_index(["account_id", curves["quarter"].dt.to_period("Q").astype(str)])
    assert mine.loc["A"].index.tolist() == ["2024Q1", "2024Q2", "2024Q3"]  # the last quarter is not over
    assert mine.loc["A", "cumulative"].tolist() == [0, 0, 2]
    assert mine.loc["A", "age"].tolist() == [5, 6, 7]
    assert mine.loc["B", "age"].isna().all()
    assert mine["is_cut"].tolist() == [True] * 3 + [False] * 3
    assert mine["cohort"].fillna(0).tolist() == [0] * 3 + [2024] * 3  # when A began is not on record
    assert set(mine["market_type"]) == {"saline"}


def test_an_entry_that_began_in_the_quarter_under_way_has_no_curve_yet():
    quarters = pd.to_datetime(["2024-07-01", "2024-10-01"]).astype("datetime64[us]")
    moves = pd.DataFrame({"account_id": ["B", "A"], "quarter": quarters, "gp": 0.0, "cost": 5.0})
    early, late = dt.date(2024, 12, 30), AS_OF
    assert contribution_curves(moves, entries("A"), early).empty
    assert contribution_curves(moves, entries("A", "B"), early)["account_id"].unique().tolist() == ["B"]
    assert contribution_curves(moves, entries("A"), late)["cumulative"].tolist() == [-5]


def test_the_discounted_curve_is_at_the_worth_of_its_beginning_by_quarters_of_a_year():
    quarters = pd.to_datetime(["2024-07-01", "2024-10-01"]).astype("datetime64[us]")
    moves = pd.DataFrame({"account_id": "A", "quarter": quarters, "gp": [0.0, 9], "cost": [5.0, 0]})
    worth = contribution_curves(moves, entries("A"), AS_OF, rate=0.1)["discounted"].tolist()
    assert worth == pytest.approx([-5 * 1.1**-0.125, -5 * 1.1**-0.125 + 9 * 1.1**-0.375])


def test_where_no_entry_has_brought_anything_its_costs_still_make_a_curve():
    quarters = pd.to_datetime(["2024-07-01", "2024-10-01"]).astype("datetime64[us]")
    moves = pd.DataFrame({"account_id": "A", "quarter": quarters, "gp": 0.0, "cost": [5.0, 7.0], "strategic": 0.0})
    curve = contribution_curves(moves, entries("A"), AS_OF)
    assert curve["cumulative"].tolist() == [-5.0, -12.0]
    assert curve["age"].isna().all()


def test_the_methods_own_case_dug_sixteen_years_and_refilled_in_four():
    got = facts(brazil=[-1.0] * 64 + [4.0] * 16 + [1.0] * 4).loc["brazil"]
    assert got["depth"] == -64
    assert got["current_break_even"] == pd.Timestamp("2020-01-01")  # a year of -1, -1, -1 and 4
    assert got["cumulative_break_even"] == pd.Timestamp("2023-10-01")
    assert got["payback_ratio"] == pytest.approx(15 / 65)


def test_a_good_year_that_does_not_last_is_no_break_even():
    got = facts(a=[-1, -1, -1, 9, -1, -1, -1, -9, -1, -1]).loc["a"]
    assert pd.isna(got["current_break_even"])
    assert got["cumulative_break_even"] == pd.Timestamp("2023-04-01")  # the hole was filled once


def test_the_year_after_a_good_one_must_be_over_before_it_counts():
    flow = [-9.0, -1, -1, -1, 4, 0, 0, 0]
    assert pd.isna(facts(a=flow).loc["a", "current_break_even"])
    assert facts(a=[*flow, 0.0]).loc["a", "current_break_even"] == pd.Timestamp("2023-10-01")
    nothing_lost = facts(a=[-9.0, *[0.0] * 8]).loc["a", "current_break_even"]
    assert nothing_lost == pd.Timestamp("2023-10-01")


def test_what_never_was_in_the_hole_has_nothing_to_fill_and_a_short_history_says_nothing():
    got = facts(rich=[1.0] * 8, young=[-1.0] * 7)
    assert (got.loc["rich", "depth"], got.loc["rich", "status"]) == (0, "ok")
    assert pd.isna(got.loc["rich", "cumulative_break_even"])
    assert got.loc["young", "status"] == "not_available"


def test_chances_count_the_courses_that_fill_the_hole():
    curves = curves_of(old=[-1.0] * 8, young=[-1.0] * 3)
    drawn = np.stack([np.repeat([[2.0], [-1.0]], [3, 1], axis=0) * np.ones(20)] * 2)
    got = chances(curves, drawn).set_index("account_id")
    assert got.loc["old", "p_payback"] == 0.75
    assert got.loc["old", "p_current"] == 0.75
    assert got.loc["old", "payback_middle"] == pd.Timestamp("2025-10-01")
    assert pd.isna(got.loc["old", "payback_late"])
    assert (
        got.loc["old", ["current_early", "current_middle"]].tolist() == [pd.Timestamp("2025-04-01")] * 2
    )  # a year of -1, -1, 2 and 2
    assert pd.isna(got.loc["old", "current_late"])
    assert pd.isna(got.loc["young", ["p_payback", "current_early", "worth_expected"]]).all()


def test_what_is_expected_at_the_end_is_told_at_the_worth_of_the_beginning():
    curves = curves_of(old=[-1.0] * 8)
    drawn = np.stack([np.array([[1.0, 1.0], [3.0, 1.0]])])
    assert chances(curves, drawn, rate=0.0)["worth_expected"].tolist() == [-8.0 + 2.0 + 1.0]
    later = chances(curves, drawn, rate=0.1)["worth_expected"].iloc[0]
    assert later == pytest.approx(-8.0 + 2.0 * 1.1 ** (-8.5 / 4) + 1.1 ** (-9.5 / 4))


def test_stop_needs_two_readings_and_flat_signs():
    names = list("abcdefg")
    now = pd.DataFrame(
        {
            "account_id": names,
            "is_paid_back": [False] * 5 + [True, False],
            "p_payback": [0.7, 0.5, 0.2, 0.2, 0.2, 1.0, np.nan],
        }
    )
    before = pd.DataFrame({"account_id": names, "p_payback": [0.1, 0.1, 0.1, 0.5, 0.1, 0.1, 0.1]})
    rising = pd.Series([False, False, False, False, True, False, False], index=names, dtype="boolean")
    got = gates(now, before, rising).set_index("account_id")["gate"]
    assert got.tolist() == ["reinforce", "review", "stop", "review", "review", "paid_back", "not_available"]
    unknown = gates(now, before, rising.drop("c")).set_index("account_id")["gate"]
    assert unknown["c"] == "review"


def test_a_chance_at_a_bar_is_over_it():
    now = pd.DataFrame({"account_id": [*"abc"], "is_paid_back": False, "p_payback": [0.6, 0.2, 0.3]})
    before = pd.DataFrame({"account_id": [*"abc"], "p_payback": [0.1, 0.3, 0.2]})
    flat = pd.Series(False, index=[*"abc"], dtype="boolean")
    assert gates(now, before, flat)["gate"].tolist() == ["reinforce", "review", "review"]


def test_signs_that_nobody_delivered_are_not_flat():
    now = pd.DataFrame({"account_id": ["A", "B", "C"], "n_contacts": [2.0, 1.0, np.nan]})
    before = pd.DataFrame({"account_id": ["A", "B"], "n_contacts": [1.0, 1.0]})
    assert are_rising(now, before).tolist() == [True, False, pd.NA]


def test_signs_rise_where_more_of_them_grew_than_fell():
    before = pd.DataFrame({"account_id": ["A", "B", "C"], "n_contacts": 1.0, "ladder": 2.0, "key_bond": np.nan})
    now = before.assign(n_contacts=[2.0, 2.0, 0.0], ladder=[1.0, 2.0, 1.0])
    assert are_rising(now, before).tolist() == [False, True, False]


def test_the_signs_before_money_are_those_known_at_the_date(tmp_path):
    clean = write_clean(
        tmp_path,
        accounts="account_id\nA\nB",
        opportunities="""opportunity_id account_id stage status created_date closed_date
        1 A w won 2024-01-01 2025-02-01
        2 A l lost 2023-01-01 2023-06-01""",
        stage_history="""change_id object_id new changed_date
        1 1 develop 2024-06-01
        2 1 negotiate 2025-01-15
        3 2 propose 2023-02-01""",
        plans="plan_id account_id done_date\n1 A 2024-01-02\n2 A 2024-01-01\n3 A .",
    )
    known = pd.DataFrame({"account_id": ["A", "B"], "n_contacts": [1.0, np.nan], "n_activities_12m": 2.0})
    signs = leading_signs(clean, AS_OF, known).set_index("account_id")
    assert signs.loc["A", ["n_contacts", "ladder", "actions_done"]].tolist() == [1, 3, 1]
    assert signs.loc["B", "ladder"] == 0 and signs.loc["B", ["n_contacts", "actions_done", "key_bond"]].isna().all()


def test_the_bond_with_key_persons_fades_as_the_client_says(tmp_path):
    clean = write_clean(
        tmp_path,
        accounts="account_id\nA",
        contacts="contact_id account_id is_key_person\n1 A true",
        activities="""activity_id account_id contact_id activity_type direction activity_date
        1 A 1 visit two_way 2024-12-01
        2 A 1 visit two_way 2024-12-20""",
    )
    known = pd.DataFrame({"account_id": ["A"], "n_contacts": 1.0, "n_activities_12m": 2.0})
    ties = Settings.model_validate({"thresholds": {"engagement_half_life": 1}}).ties
    assert leading_signs(clean, AS_OF, known)["key_bond"].tolist() == [1.0]
    assert leading_signs(clean, AS_OF, known, **ties)["key_bond"].tolist() == [0.0]


def test_fans_start_at_the_last_quarter_and_are_judged_by_what_came():
    told = fans(curves_of(a=[-1.0] * 8), np.stack([np.linspace(0, 2, 11)[:, None] * np.ones(4)]))
    assert told["quarter"].iloc[0] == pd.Timestamp("2024-10-01")
    assert told.iloc[0][["low", "middle", "high"]].tolist() == [-8, -8, -8]
    later = told.rename(columns={"middle": "cumulative"})[["account_id", "quarter", "cumulative"]]
    assert hindcast(later, told, few=1) == {"n": 1.0, "inside": 1.0}
    assert hindcast(later, told)["n"] == 1 and np.isnan(hindcast(later, told)["inside"])
    assert hindcast(later.assign(cumulative=99.0), told, few=1)["inside"] == 0.0
    only_at_first = later.assign(cumulative=[-8.0, 99, 99, 99, 99])
    assert hindcast(only_at_first, told, few=1)["inside"] == 0.0
    assert hindcast(only_at_first.iloc[::-1], told, few=1)["inside"] == 0.0


def test_the_gate_of_a_fan_says_what_the_chance_says():
    curves, rng = curves_of(a=[-1.0] * 8, b=[-1.0] * 8, c=[-1.0] * 8), np.random.default_rng(1)
    drawn = np.stack([rng.normal(mean, 1.0, (501, 8)) for mean in (3.0, 0.9, -1.0)])
    chance = chances(curves, drawn).set_index("account_id")["p_payback"]
    gate = fans(curves, drawn, go=0.6, stop=0.3).groupby("account_id").last()
    assert chance.between(0.3, 0.6).tolist() == [False, True, False]
    assert (gate["gate_low"] >= 0).tolist() == (chance >= 0.6).tolist() == [True, False, False]
    assert (gate["gate_high"] < 0).tolist() == (chance < 0.3).tolist() == [False, False, True]


@settings(max_examples=60)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30))
def test_break_evens_are_always_in_order(flow):
    got = facts(a=flow).loc["a"]
    assert got["depth"] <= 0
    assert got["cumulative"] == pytest.approx(sum(flow), abs=1e-3)
    if pd.notna(got["cumulative_break_even"]):
        assert got["cumulative_break_even"] > got["began"]
        assert got["depth"] < 0


def test_ratios_and_the_discounted_hole_have_their_doubt():
    curves = curves_of(old=[-1.0] * 8)
    drawn = np.stack([np.repeat([[2.0], [4.0], [-1.0]], [6, 3, 1], axis=0) * np.ones(20)])
    got = chances(curves, drawn, rate=0.0).iloc[0]
    # a year of -1, -1, 2 and 2 loses nothing: ten quarters of digging; the hole of 8 is filled two or no quarters later
    assert (got["ratio_middle"], got["p_discounted"]) == (0.2, 0.9)
    assert got["ratio_low"] < got["ratio_middle"] and got["ratio_high"] == 0.2
    assert np.isnan(chances(curves, -np.ones((1, 5, 20))).iloc[0]["ratio_low"])
    filled_at_once = np.array([[[20.0, *[-9.0] * 4, *[1.0] * 15]] * 2])  # and dug again, until it broke even
    got = chances(curves, filled_at_once).iloc[0]
    assert got["p_current"] == got["p_payback"] == 1 and np.isnan(got["ratio_middle"])


def budget_of(share=0.1, gates=("review", "stop", "paid_back"), **columns):
    """Three entries beside a customer that brings 1000 a quarter; A lost 5 a quarter, B 1."""
    quarters = pd.period_range(end="2024Q4", periods=6, freq="Q").start_time.as_unit("us")
    rows = {"A": (0.0, 5.0), "B": (1.0, 2.0), "C": (3.0, 1.0), "Z": (1000.0, 10.0)}
    moves = pd.concat(
        [pd.DataFrame({"account_id": a, "quarter": quarters, "gp": gp, "cost": cost}) for a, (gp, cost) in rows.items()]
    )
    gated = pd.DataFrame({"account_id": list("ABC"), "gate": gates})
    drawn = np.stack([np.full((10, 8), value) for value in (-6.0, -1.0, 2.0)])
    return patience_budget(moves.assign(**columns), gated, drawn, AS_OF, share=share)


def test_the_budget_is_a_share_of_profit_and_its_use_the_loss_of_the_year():
    table, told = budget_of()
    assert told["gross_profit"] == 4016 and told["others"] == 3960
    assert told["budget"] == pytest.approx(401.6) and told["budget_used"] == 24 and told["next_loss"] == 28
    by = table.set_index("account_id")
    assert by["budget"].fillna(-1).tolist() == pytest.approx([401.6, 0, -1])  # stop has none, who paid back needs none
    assert by["budget_used"].tolist() == [20, 4, 0]
    assert by["budget_left"].iloc[:2].tolist() == pytest.approx([381.6, -4])
    assert by["next_loss"].tolist() == [24, 4, 0]


def test_the_year_of_the_budget_is_of_four_quarters_that_are_over():
    quarters = pd.period_range("2023Q3", "2024Q4", freq="Q").start_time.as_unit("us")
    moves = pd.DataFrame({"account_id": "Z", "quarter": quarters, "gp": [50.0, 1, 2, 3, 4, 500], "cost": 1.0})
    gated = pd.DataFrame({"account_id": ["A"], "gate": ["review"]})
    told = patience_budget(moves, gated, np.zeros((1, 2, 8)), dt.date(2024, 12, 30), share=0.1)[1]
    assert (told["gross_profit"], told["others"], told["budget"]) == (10, 6, 1)


def test_nobody_waits_for_more_than_the_others_earn():
    assert budget_of(share=5.0)[1]["budget"] == 3960
    poor, told = budget_of(gp=1.0)
    assert told["budget"] == 0 and told["budget_left"] < 0


@pytest.mark.parametrize("columns", [{"cost": 0.0}, {"gp": -1.0}, {"gp": 0.0}])
def test_without_costs_or_earnings_in_the_year_the_budget_is_not_known(columns):
    table, told = budget_of(**columns)
    assert np.isnan(list(told.values())).all()
    assert table.iloc[:, 1:].isna().all().all()
