"""How we stand at the customers, from the tables: word of mouth, rivals, promises, exchange, joint innovation."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from clean_tables import write_clean

from mcrlib.describe.standing import deal_breadth, exchange, joint_innovation, promises, rivals, word_of_mouth
from mcrlib.judge.relationships.reputation import rival_record

AS_OF = dt.date(2024, 7, 1)
ACCOUNTS = "account_id\nA\nB"
DEALS = """
opportunity_id account_id opportunity_name status stage created_date closed_date amount competitor lead_source
d1             A          Joint_lab        won    w     2024-01-10   2024-03-01  10     Nova       Referral
d2             A          Pumps            lost   l     2024-01-10   2024-03-01  20     Nova       Web
d3             A          Pumps            open   o     2024-06-01   .           40     Nova       Referral
d4             B          Pumps            won    w     2024-01-10   2024-09-01  80     -          .
d5             B          Pumps            lost   l     2019-01-10   2019-03-01  80     Nova       .
"""


def test_word_of_mouth_tells_key_persons_from_others_and_counts_who_came_first(tmp_path):
    people = "contact_id account_id is_key_person\nk A true\no A false"
    answers = """
    survey_id account_id contact_id kind score survey_date
    1         A          k          nps  10    2024-01-01
    2         A          o          nps  4     2024-01-01
    3         A          o          nps  10    2021-01-01
    """
    touches = """
    activity_id account_id contact_id activity_date direction
    1           A          k          2024-01-02    in
    2           A          k          2024-01-03    out
    3           A          o          2024-01-02    out
    """
    write_clean(
        tmp_path, accounts=ACCOUNTS, contacts=people, surveys=answers, activities=touches,
        opportunities=DEALS.replace("Joint_lab", "Joint"),
    )  # fmt: skip
    got = word_of_mouth(tmp_path, AS_OF).set_index("account_id")
    assert got.index.tolist() == ["A"]
    assert got.loc["A", ["n_key", "key_sum", "n_others", "others_sum"]].tolist() == [1, 1.0, 1, 0.4]
    assert got.loc["A", ["n_first", "n_inbound"]].tolist() == [2, 1]
    assert got.loc["A", ["n_sourced", "n_referred", "n_closed", "n_won"]].tolist() == [3, 2, 2, 1]
    assert got.loc["A", ["n_referred_closed", "n_referred_won"]].tolist() == [1, 1]


def test_rivals_are_counted_by_account_and_a_dash_is_no_rival(tmp_path):
    lost_some_day = "d6 A Pumps lost l 2024-01-10 . 160 Nova .\n"
    write_clean(tmp_path, accounts=ACCOUNTS, opportunities=DEALS + lost_some_day)
    got = rivals(tmp_path, AS_OF)
    assert got.to_numpy().tolist() == [["A", "Nova", 1, 1, 1, 20.0, 40.0]]
    told = exchange(tmp_path, AS_OF).set_index("account_id")
    assert told[["n_deals", "n_rival_known"]].to_numpy().tolist() == [[4, 4], [1, 0]]


def test_a_promise_is_kept_by_its_day_or_not(tmp_path):
    promised = """
    commitment_id account_id promised_by promised_date due_date   kept_date
    1             A          u           2024-01-01    2024-06-01 2024-06-01
    2             A          u           2024-01-01    2024-06-01 2024-06-02
    3             A          u           2024-01-01    2024-06-01 .
    4             A          u           2024-01-01    2024-08-01 .
    """
    write_clean(tmp_path, accounts=ACCOUNTS, commitments=promised)
    assert promises(tmp_path, AS_OF).to_numpy().tolist() == [["commitment", "A", "u", 0, 3, 1, 1]]


def test_joint_innovation_is_named_and_early_means_before_the_deal(tmp_path):
    write_clean(
        tmp_path, accounts=ACCOUNTS, opportunities=DEALS.replace("Joint_lab", "Innovation"),
        contracts="contract_id account_id contract_name kind signed_date end_date shares_ip\n"
        "c A Innovation strategic 2023-01-01 2025-01-01 true\ne A Supply framework 2023-01-01 2025-01-01 .",
        activities="activity_id account_id activity_date\n1 A 2023-12-01\n2 B 2024-01-10",
        orders="order_id account_id order_date amount\no A 2024-01-01 30",
        products="product_id product_line is_joint\np Sensors true\nq Drives .",
        order_lines="line_id order_id product_id amount\n1 o p 10\n2 o q 20",
    )  # fmt: skip
    got = joint_innovation(tmp_path, AS_OF).set_index("account_id")
    columns = ["n_joint", "n_shared", "n_joint_deals", "n_opened", "n_early", "joint_revenue", "line_revenue"]
    assert got.loc["A", columns].tolist() == [1, 1, 1, 3, 2, 10, 30]
    assert got["product_line"].fillna("-").tolist() == ["Drives", "-"]
    assert got.loc["B", ["n_opened", "n_early"]].tolist() == [1, 0]


@pytest.mark.parametrize(("name", "n"), [("联合研发", 1), ("聯合實驗室", 1), ("联合利华年度采购", 0)])
def test_a_customer_called_united_develops_nothing_with_us_yet(tmp_path, name, n):
    deals = DEALS.replace("Joint_lab", name)
    contract = f"contract_id account_id contract_name signed_date end_date\nc A {name} 2023-01-01 2025-01-01"
    write_clean(tmp_path, accounts=ACCOUNTS, opportunities=deals, contracts=contract)
    got = joint_innovation(tmp_path, AS_OF).set_index("account_id")
    assert got.loc["A", ["n_joint", "n_joint_deals"]].tolist() == [n, n]


def test_what_no_product_says_is_unknown_and_no_zero(tmp_path):
    write_clean(tmp_path, accounts=ACCOUNTS, opportunities=DEALS)
    got = joint_innovation(tmp_path, AS_OF)
    assert got[["joint_revenue", "n_early"]].isna().all(axis=None)


def test_breadth_of_a_deal_is_what_was_logged_before_it(tmp_path):
    touches = """
    activity_id account_id contact_id activity_date direction
    1           A          k          2024-01-02    two_way
    2           A          o          2024-01-02    out
    3           A          o          2024-02-02    two_way
    """
    people = "contact_id account_id level function\nk A exec finance\no A base user"
    write_clean(tmp_path, accounts=ACCOUNTS, opportunities=DEALS, activities=touches, contacts=people)
    got = deal_breadth(tmp_path, AS_OF).set_index("opportunity_id")
    assert got.index.tolist() == ["d1", "d2"]
    assert got.loc["d1", ["is_won", "n_people", "n_cells", "n_touches"]].tolist() == [True, 1, 1, 2]
    assert got["amount"].tolist() == pytest.approx([10, 20])
    assert pd.api.types.is_integer_dtype(got["n_people"])


def test_rivals_named_on_lost_deals_alone_tell_no_win_rate():
    deals = pd.DataFrame(
        {"account_id": ["A", "A"], "rival": ["Nova", "Orbit"], "n_won": [0, 0], "n_lost": [9, 3], "n_open": 0,
         "lost_amount": 1.0, "open_amount": 0.0}
    )  # fmt: skip
    tiers = pd.DataFrame({"account_id": ["A"], "tier": ["S"]})
    assert rival_record(deals, tiers)["win_rate"].isna().all()
    got = rival_record(deals.assign(n_won=[1, 9]), tiers).set_index("rival")
    assert got["standing"].to_dict() == {"Nova": "behind", "Orbit": "ahead"}
