from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from clean_tables import write_clean

from mcrlib.describe.engagement import PARTS, fertility_parts

AS_OF = dt.date(2024, 7, 1)


def parts(folder, account="A", **tables):
    write_clean(folder, accounts="account_id\nA\nB", **tables)
    return fertility_parts(folder, AS_OF).set_index(["account_id", "part"]).loc[account]


PEOPLE = """
contact_id account_id level  function    decision_role  is_key_person support created_date
k1         A          exec   finance     decision_maker true          2       2020-01-01
k2         A          middle technical   user           true          -2      2020-01-01
k3         A          base   technical   user           false         .       2020-01-01
k4         A          base   user        user           true          2       2024-07-02
"""
TOUCHES = """
activity_id account_id owner_id contact_id activity_type activity_date direction
1           A          u1       k1         visit         2024-06-30    two_way
2           A          u1       k2         meeting       2024-06-30    two_way
3           A          u2       k2         meeting       2024-06-30    two_way
4           A          u1       k3         email         2024-06-30    out
"""


def test_nothing_delivered_is_not_available_and_never_zero(tmp_path):
    got = parts(tmp_path)
    assert got.index.tolist() == list(PARTS)
    assert got["value"].isna().all()
    assert set(got["status"]) == {"not_available"}


def test_key_relationship_weighs_support_by_power(tmp_path):
    got = parts(tmp_path, contacts=PEOPLE).loc["key"]
    assert got["value"] == pytest.approx(4.5 * 1.0 / (4.5 + 1))
    assert got[["n", "coverage", "status"]].tolist() == [2, 1.0, "ok"]


def test_without_recorded_support_being_in_touch_stands_in_and_is_weak(tmp_path):
    people = "contact_id account_id is_key_person level function\nk1 A true exec finance\nk2 A true base user"
    got = parts(tmp_path, contacts=people, activities=TOUCHES.replace("k2", "k9")).loc["key"]
    assert got["value"] == pytest.approx(1.5 / 2.5)
    assert got["status"] == "weak"


def test_service_is_the_share_of_cases_settled_in_time(tmp_path):
    cases = """
    case_id account_id severity opened_date closed_date
    1       A          1        2024-01-01  2024-01-02
    2       A          2        2024-01-01  2024-01-09
    3       A          4        2024-06-30  .
    4       A          4        2024-01-01  2024-07-05
    """
    got = parts(tmp_path, cases=cases).loc["service"]
    assert got["value"] == pytest.approx(1 / 3)
    assert got["n"] == 3
    assert np.isnan(fertility_parts(tmp_path, AS_OF).set_index(["account_id", "part"]).loc[("B", "service"), "value"])


def test_delivery_is_the_share_of_orders_that_no_failure_followed(tmp_path):
    orders = """
    order_id account_id order_date amount
    1        A          2024-01-01 5
    2        A          2024-05-01 5
    3        B          2024-05-01 5
    """
    failure = "case_id account_id kind opened_date\n1 A delivery 2024-05-20"
    assert parts(tmp_path, orders=orders, cases=failure).loc["delivery", ["value", "n"]].tolist() == [0.5, 2]
    assert parts(tmp_path, "B").loc["delivery", "value"] == 1.0
    none_recorded = parts(tmp_path, cases=failure.replace("delivery", "complaint"))
    assert np.isnan(none_recorded.loc["delivery", "value"])


def test_satisfaction_is_the_mean_answer_of_two_years(tmp_path):
    surveys = """
    survey_id account_id kind score scale_min scale_max survey_date
    1         A          csat 4     1         5         2024-01-01
    2         A          nps  5     .         .         2024-01-01
    3         A          csat 1     1         5         2022-01-01
    4         A          csat 7     .         .         2024-01-01
    """
    got = parts(tmp_path, surveys=surveys).loc["satisfaction"]
    assert got[["value", "n"]].tolist() == [pytest.approx(0.625), 2]


def test_risk_is_what_one_seller_alone_holds(tmp_path):
    got = parts(tmp_path, contacts=PEOPLE, activities=TOUCHES).loc["risk"]
    assert got["value"] == pytest.approx(1 - 5.5 / 6.5)
    assert got["coverage"] == 0.5


def test_risk_is_at_least_the_rank_of_grievances(tmp_path):
    cases = "case_id account_id kind severity opened_date\n1 B complaint 1 2024-06-01"
    got = parts(tmp_path, contacts=PEOPLE, activities=TOUCHES, cases=cases)
    assert got.loc["risk", ["value", "coverage"]].tolist() == [pytest.approx(1 - 5.5 / 6.5), 1.0]
    assert fertility_parts(tmp_path, AS_OF).set_index(["account_id", "part"]).loc[("B", "risk"), "value"] == 0.0


def test_what_comes_later_is_not_seen(tmp_path):
    early = parts(tmp_path, contacts=PEOPLE, activities=TOUCHES)
    later = TOUCHES + "5 A u2 k1 visit 2024-07-02 two_way\n"
    assert parts(tmp_path, contacts=PEOPLE, activities=later).equals(early)
