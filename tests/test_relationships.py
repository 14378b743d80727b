"""What the data show of relationships in three dimensions, from the tables to the measures."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.describe.engagement import engagement, fertility_parts, logging_by_month
from mcrlib.describe.relationships import (
    agreements,
    coverage_cells,
    decision_chains,
    known_people,
    organisations,
    reach,
    seasons,
)
from mcrlib.describe.standing import joint_innovation, promises, word_of_mouth
from mcrlib.errors import UsageError
from mcrlib.judge.relationships.bad_times import in_trouble, standing_by
from mcrlib.judge.relationships.deals import judge_chains
from mcrlib.judge.relationships.firms import meeting_measures, organisation_parts, organisation_score
from mcrlib.judge.relationships.grid import general_by_tier, general_measures, grid_by_tier
from mcrlib.judge.relationships.joint import joint_projects
from mcrlib.judge.relationships.measures import share_interval
from mcrlib.judge.relationships.persons import believers, overlooked, rate_persons
from mcrlib.judge.relationships.profile import firm_stage, key_measures, patterns, three_axes
from mcrlib.judge.relationships.steps import (
    cell_steps,
    deal_steps,
    firm_steps,
    joint_steps,
    listen_steps,
    next_steps,
    person_steps,
    promise_steps,
    second_steps,
    trouble_steps,
)
from mcrlib.simulate.company import simulate
from mcrlib.thresholds import Thresholds

AS_OF = dt.date(2024, 7, 1)
LIMITS = Thresholds()
PEOPLE = """
contact_id account_id level  function    decision_role  support intimacy
k1         A          exec   finance     decision_maker -1      4
k2         A          middle technical   approver       .       .
k3         A          base   user        user           2       0
k4         B          middle technical   user           .       .
"""
TOUCHES = """
activity_id account_id owner_id contact_id activity_type activity_date direction
1           A          u1       k1         visit         2024-07-01    two_way
2           A          u1       k1         email         2024-04-02    out
3           A          u2       .          call          2024-07-01    two_way
4           A          u1       k3         meeting       2023-01-01    two_way
5           A          u1       k3         meeting       2023-01-02    two_way
6           A          u1       k3         meeting       2023-01-03    two_way
"""


@pytest.fixture
def clean(tmp_path):
    return write_clean(tmp_path, accounts="account_id owner_id\nA u1\nB u1\nC u2", contacts=PEOPLE, activities=TOUCHES)


def test_a_tie_counts_kind_direction_and_age(clean):
    got = engagement(clean, AS_OF).set_index(["contact_id", "owner_id"])["engagement"]
    assert got["k1", "u1"] == pytest.approx(3 + 0.5 * 0.5 * 0.5)
    assert got[np.nan, "u2"] == pytest.approx(1)


def test_weights_and_half_life_are_the_clients(clean):
    got = engagement(clean, AS_OF, weights={"visit": 10, "out": 1}, half_life=45)
    assert got.set_index("contact_id").loc["k1", "engagement"] == pytest.approx(10 + 0.5 / 4)
    with pytest.raises(UsageError, match="weights of activities: telepathy"):
        engagement(clean, AS_OF, weights={"telepathy": 1})


def test_a_tie_is_that_of_its_date(clean):
    assert engagement(clean, dt.date(2023, 1, 1))["n_touches"].tolist() == [1]


def test_who_logs_nothing_is_a_gap_with_its_accounts(clean):
    got = logging_by_month(clean, AS_OF).set_index(["owner_id", "month"])
    july = pd.Timestamp("2024-07-01")
    assert got.loc[("u1", july), ["n_accounts", "n_logged", "share"]].tolist() == [2, 1, 0.5]
    assert got.loc[("u2", july), ["n_accounts", "n_logged"]].tolist() == [1, 0]


def test_recorded_values_and_proxies_are_told_apart(clean):
    people = known_people(clean, AS_OF)
    got = rate_persons(people, people.iloc[:0]).set_index("contact_id")
    assert got["support_basis"].fillna("-").to_dict() == {"k1": "recorded", "k2": "-", "k3": "recorded", "k4": "-"}
    assert got["intimacy_basis"].fillna("-").to_dict() == {"k1": "recorded", "k2": "proxy", "k3": "recorded", "k4": "-"}
    assert got["stance"].fillna("-").to_dict() == {"k1": "friend", "k2": "-", "k3": "believer", "k4": "-"}
    assert got.loc["k1", "moved"] == "warmer"
    assert believers(got.reset_index())["contact_id"].tolist() == ["k3"]


def test_support_in_the_middle_is_not_with_us(clean):
    people = known_people(clean, AS_OF).assign(support=0.5, intimacy=0.9)
    assert set(rate_persons(people, people)["stance"]) == {"friend"}


def test_an_overlooked_person_sleeps_and_shows_a_sign(tmp_path):
    deal = "opportunity_id account_id stage created_date\nd A open 2024-06-01"
    write_clean(
        tmp_path, accounts="account_id\nA", contacts=PEOPLE, activities=TOUCHES, opportunities=deal,
        opportunity_contacts="opportunity_contact_id opportunity_id contact_id\n1 d k3\n2 d k1",
        cases="case_id account_id contact_id kind opened_date\n1 A k3 complaint 2024-01-01",
    )  # fmt: skip
    people = known_people(tmp_path, AS_OF)
    got = overlooked(rate_persons(people, people), AS_OF)
    assert got[["contact_id", "signs"]].to_numpy().tolist() == [["k3", 3]]


def test_expected_cells_are_ours_and_those_of_a_quarter_of_the_customers(clean):
    got = coverage_cells(clean, AS_OF).set_index(["account_id", "level"])["n_contacts"]
    assert got["A"].to_dict() == {"base": 1, "exec": 1, "middle": 1}
    assert got["B"].to_dict() == {"base": 0, "exec": 0, "middle": 1}


def test_breadth_is_the_share_of_cells_in_touch_with_its_interval(clean):
    got = general_measures(coverage_cells(clean, AS_OF), reach(clean, AS_OF)).set_index(["metric", "account_id"])
    assert got.loc[("general", "A"), "value"] == pytest.approx(1 / 3)
    assert got.loc[("general", "A"), "ci_low"] < 1 / 3 < got.loc[("general", "A"), "ci_high"]
    assert got.loc[("effective_contacts", "A"), "value"] == pytest.approx(1, abs=0.1)


def test_without_a_log_breadth_is_not_available_and_never_zero(tmp_path):
    write_clean(tmp_path, accounts="account_id\nA", contacts=PEOPLE)
    got = general_measures(coverage_cells(tmp_path, AS_OF), reach(tmp_path, AS_OF))
    assert got["value"].isna().all()
    assert set(got["status"]) == {"not_available"}


def test_key_support_carries_basis_and_coverage(clean):
    got = key_measures(fertility_parts(clean, AS_OF), reach(clean, AS_OF)).set_index(["metric", "account_id"])
    assert got.loc[("key", "A"), ["value", "n", "coverage", "basis"]].tolist() == [0.25, 2, 0.5, "recorded"]
    assert got.loc[("key", "A"), "status"] == "weak"
    assert got.loc[("key_in_touch", "A"), "value"] == 0.5


def test_a_company_that_delivered_only_accounts_has_no_measure_and_no_step(tmp_path):
    write_clean(tmp_path, accounts="account_id\nA\nB")
    people, cells, reached = known_people(tmp_path, AS_OF), coverage_cells(tmp_path, AS_OF), reach(tmp_path, AS_OF)
    rated, firms, agreed = rate_persons(people, people), organisations(tmp_path, AS_OF), agreements(tmp_path, AS_OF)
    parts = organisation_parts(firms, agreed, pd.Series(dtype=float))
    measures = pd.concat(
        [
            key_measures(fertility_parts(tmp_path, AS_OF), reached), general_measures(cells, reached),
            organisation_score(parts), meeting_measures(firms, agreed), standing_by(seasons(tmp_path, AS_OF)),
        ]
    )  # fmt: skip
    assert measures["value"].isna().all()
    accounts = pd.DataFrame(
        {"account_id": ["A", "B"], "account_name": "x", "owner_id": "u", "tier": "S", "harvest": 1.0}
    )
    assert np.isnan(firm_stage(three_axes(measures), accounts)["stage"])
    assert general_by_tier(measures, accounts, LIMITS).empty
    assert grid_by_tier(cells, accounts).empty
    found = [
        person_steps(rated, overlooked(rated, AS_OF), AS_OF, LIMITS), cell_steps(cells),
        firm_steps(firms, agreed, AS_OF, LIMITS),
        deal_steps(judge_chains(decision_chains(tmp_path, AS_OF)), decision_chains(tmp_path, AS_OF)),
        second_steps(accounts, reached), promise_steps(promises(tmp_path, AS_OF)),
        listen_steps(word_of_mouth(tmp_path, AS_OF)),
        joint_steps(joint_projects(joint_innovation(tmp_path, AS_OF), accounts)),
        trouble_steps(in_trouble(seasons(tmp_path, AS_OF))),
    ]  # fmt: skip
    assert next_steps(*found, accounts=accounts, as_of=AS_OF).empty
    assert patterns(three_axes(measures), accounts).empty


CONTRACTS = """
contract_id account_id kind      signed_date end_date   is_exclusive locked_projects
c1          A          strategic 2023-01-01  2025-07-01 true         3
c2          B          framework 2020-01-01  2021-01-01 false        0
"""


def test_organisations_are_made_of_what_is_not_bought(tmp_path):
    visits = "activity_id account_id owner_id activity_type activity_date\n1 A u exec_visit 2024-01-01"
    write_clean(tmp_path, accounts="account_id\nA\nB", contracts=CONTRACTS, activities=visits)
    firms, agreed = organisations(tmp_path, AS_OF), agreements(tmp_path, AS_OF)
    parts = organisation_parts(firms, agreed, pd.Series(dtype=float)).set_index("account_id")
    assert parts["depth"].tolist() == [1, 0]
    assert parts["fit"].tolist() == [1, 0]
    assert parts["recognition"].isna().all()
    score = organisation_score(parts.reset_index()).set_index("account_id")
    assert score.loc["A", "ci_low"] <= score.loc["A", "value"] <= score.loc["A", "ci_high"]
    counts = meeting_measures(firms, agreed).set_index(["metric", "account_id"])["value"]
    assert counts["exec_visits"].tolist() == [1, 0]
    assert counts["strategy_meetings"].isna().all()
    assert counts["locked_months"].round(1).tolist() == [12, 0]


def test_where_no_day_of_keeping_or_paying_is_recorded_nobody_knows_and_nothing_is_broken(tmp_path):
    promised = "commitment_id account_id promised_by promised_date due_date\n1 A u 2024-01-01 2024-02-01"
    due = "payment_id account_id due_date due_amount\n1 A 2024-02-01 5"
    write_clean(tmp_path, accounts="account_id\nA", commitments=promised, payments=due)
    assert organisations(tmp_path, AS_OF)[["promises_kept", "paid_in_time"]].isna().all(axis=None)
    assert promises(tmp_path, AS_OF).empty


def test_an_agreement_without_an_order_in_its_year_is_empty(tmp_path):
    orders = "order_id account_id order_date amount\n1 A 2023-05-01 5"
    write_clean(tmp_path, accounts="account_id\nA\nB", contracts=CONTRACTS, orders=orders)
    assert agreements(tmp_path, AS_OF)["is_empty"].tolist() == [False, True]


def test_whether_an_agreement_lives_is_told_by_its_status_then_by_its_last_day(tmp_path):
    contracts = """
    contract_id account_id kind      signed_date end_date   locked_projects status
    c1          A          framework 2023-01-01  2025-07-01 3               ended
    c2          B          framework 2023-01-01  2025-07-01 3               .
    c3          C          framework 2023-01-01  .          3               active
    c4          D          framework 2023-01-01  .          3               .
    c5          E          framework 2020-01-01  2021-01-01 3               active
    """
    write_clean(tmp_path, accounts="account_id\nA\nB\nC\nD\nE", contracts=contracts)
    firms, agreed = organisations(tmp_path, AS_OF), agreements(tmp_path, AS_OF)
    assert agreed.set_index("contract_id")["is_live"].to_dict() == {
        "c1": False, "c2": True, "c3": True, "c4": None, "c5": False
    }  # fmt: skip
    depth = organisation_parts(firms, agreed, pd.Series(dtype=float)).set_index("account_id")["depth"]
    assert depth.fillna(-1).tolist() == [0, 0.5, 0.5, -1, 0]
    locked = meeting_measures(firms, agreed).query("metric == 'locked_months'")["value"]
    assert locked.round(1).fillna(-1).tolist() == [0, 12, -1, -1, 0]
    steps = firm_steps(firms, agreed, AS_OF, LIMITS).query("step == 'agree'")
    assert steps["account_id"].tolist() == ["A", "E"]


def test_a_decision_chain_tells_known_from_in_touch(clean):
    write_clean(
        clean, opportunities="opportunity_id account_id stage stage_std status amount created_date\n"
        "d A quoted negotiate open 100 2024-06-01\ne B open lead open 1 2024-06-01",
        opportunity_contacts="opportunity_contact_id opportunity_id contact_id role\n1 d k1 .\n2 d k2 .",
    )  # fmt: skip
    got = judge_chains(decision_chains(clean, AS_OF)).set_index("opportunity_id")
    assert got.loc["d", ["decision_maker", "approver", "evaluator"]].tolist() == [2, 1, 0]
    assert got["is_blocked"].to_dict() == {"d": True, "e": False}
    assert got["parts_in_touch"].isna().to_dict() == {"d": False, "e": True}
    write_clean(clean, opportunity_contacts="opportunity_contact_id opportunity_id contact_id role")
    assert judge_chains(decision_chains(clean, AS_OF)).empty


def quarters(bought, touches):
    rows = {"account_id": "A", "ago": range(16), "own": np.nan, "bought": bought, "n_touches": touches, "n_help": 0}
    return pd.DataFrame(rows)


def test_standing_by_compares_falling_with_rising_quarters():
    falling = [1.0] * 4 + [2.0] * 4 + [1.0] * 8
    got = standing_by(quarters(falling, [4] * 4 + [2] * 4 + [9] * 8)).iloc[0]
    assert got["value"] == pytest.approx(16.5 / 8.5)
    assert got[["n", "basis"]].tolist() == [8, "proxy"]
    assert in_trouble(quarters(falling, [1] * 4 + [2] * 12))["account_id"].tolist() == ["A"]
    assert in_trouble(quarters(falling, [3] * 4 + [2] * 12)).empty


def test_seasons_count_back_from_the_date(clean):
    got = seasons(clean, AS_OF).set_index("ago")["n_touches"]
    assert got.to_dict() == {0: 3, 5: 1, 6: 2}


@pytest.mark.parametrize(
    ("key", "general", "organisation", "stage"),
    [(0.6, 0.2, 0.9, 1), (0.6, 0.6, 0.1, 2), (0.6, 0.6, 0.6, 3), (0.1, 1, 1, 0)],
)  # fmt: skip
def test_the_stage_of_the_firm_follows_the_order_of_the_method(key, general, organisation, stage):
    values = {"key": key, "general": general, "organisation": organisation}
    measures = pd.DataFrame({"account_id": "A", "metric": list(values), "value": list(values.values())})
    assert firm_stage(three_axes(measures), pd.DataFrame({"account_id": ["A"], "tier": "S"}))["stage"] == stage


def test_the_stage_is_not_known_without_key_persons():
    measures = pd.DataFrame({"account_id": ["A"], "metric": "general", "value": 1.0})
    assert np.isnan(firm_stage(three_axes(measures), pd.DataFrame({"account_id": ["A"], "tier": "S"}))["stage"])


def test_next_steps_name_person_cell_owner_and_day(clean):
    people = known_people(clean, AS_OF)
    rated = rate_persons(people, people)
    ids = {"account_id": ["A", "B"], "account_name": ["Acme", "Bolt"], "tier": ["S", "C"]}
    accounts = pd.DataFrame({**ids, "owner_id": "u1", "harvest": 1.0})
    found = [person_steps(rated, overlooked(rated, AS_OF), AS_OF, LIMITS), cell_steps(coverage_cells(clean, AS_OF))]
    got = next_steps(*found, accounts=accounts, as_of=AS_OF)
    assert got[["account_id", "step", "contact_id", "level"]].fillna("-").to_numpy().tolist() == [
        ["A", "win_over", "k1", "exec"],
        ["A", "meet", "k2", "middle"],
        ["A", "cell", "-", "base"],
    ]
    assert got["by_when"].iloc[0] == pd.Timestamp("2024-07-31")
    grid = grid_by_tier(coverage_cells(clean, AS_OF), accounts)
    assert grid[["level", "n", "covered"]].to_numpy().tolist() == [["exec", 1, 1], ["middle", 1, 0], ["base", 1, 0]]


@given(st.floats(0, 1), st.integers(1, 500))
def test_the_interval_of_a_share_holds_it(value, n):
    got = share_interval(pd.Series([value]), pd.Series([n])).iloc[0]
    assert 0 <= got["ci_low"] <= value <= got["ci_high"] <= 1
    assert share_interval(pd.Series([value]), pd.Series([0])).isna().all(axis=None)


def test_recovery_breadth_ranks_as_in_truth(tmp_path):
    """Of customers that still buy; those that stopped are visited less than their breadth would tell."""
    agreement = []
    for seed in range(4):
        company = simulate(150, seed=seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        wanted = ("accounts", "contacts", "activities", "activity_contacts", "owners")
        write_clean(folder, **{name: company.tables[name] for name in wanted})
        truth = company.truth.relationship.sort_values("quarter").groupby("account_id")["breadth"].last()
        alive = company.truth.accounts.query("alive")["account_id"]
        found = reach(folder, dt.date(2025, 12, 31)).set_index("account_id")
        found = found[found.index.isin(alive)]
        agreement.append(found[["n_active", "effective"]].corrwith(truth.reindex(found.index), method="spearman"))
    assert (pd.concat(agreement, axis=1).mean(axis=1) >= 0.8).all()


def test_beside_a_pattern_that_brings_a_loss_no_pattern_has_a_share():
    axes = pd.DataFrame({"account_id": [*"abc"], "pattern": ["none", "none", "all"]})
    brought = pd.DataFrame({"account_id": [*"abc"], "harvest": [2.0, 4.0, 2.0]})
    assert patterns(axes, brought)["harvest_share"].tolist() == [0.75, 0.25]
    assert patterns(axes, brought.assign(harvest=[2.0, 4.0, -1.0]))["harvest_share"].isna().all()
