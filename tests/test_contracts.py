import datetime as dt

import pandas as pd
import pytest
from clean_tables import write_clean

from mcrlib.describe.contracts import contract_terms
from mcrlib.model.soil.contracts import contract_values

AS_OF = dt.date(2024, 12, 31)
ACCOUNTS = "account_id\nA\nB\nC"
CONTRACTS = """
contract_id account_id kind    signed_date start_date end_date   amount
s1          A          service 2021-12-01  2022-01-01 2022-12-31 100
s2          A          service 2022-12-01  2023-01-01 2023-12-31 110
s3          A          service .           2024-02-01 2025-01-31 120
s4          B          service .           2022-01-01 2022-12-31 90
s5          B          service .           2024-06-01 2025-05-31 95
s6          C          service 2025-01-05  2025-01-05 2026-01-04 99
f1          C          framework .         2024-01-01 2024-12-31 5000
"""


def terms(folder, as_of=AS_OF, **tables):
    clean = write_clean(folder, **({"accounts": ACCOUNTS, "contracts": CONTRACTS} | tables))
    return contract_terms(clean, as_of).set_index("contract_id")


def test_terms_follow_each_other_until_one_lapses(tmp_path):
    got = terms(tmp_path)[["period", "renewed", "own_amount"]]
    expected = pd.DataFrame(
        {
            "period": [1, 1, 2, 3, 1, 1],
            "renewed": pd.array([None, True, True, None, False, None], dtype="boolean"),
            "own_amount": [0.0, 100.0, 110.0, 120.0, 90.0, 95.0],
        },
        index=pd.Index(["f1", "s1", "s2", "s3", "s4", "s5"], name="contract_id"),
    )
    pd.testing.assert_frame_equal(got, expected, check_index_type=False)


def test_at_a_cutoff_only_what_was_signed_by_then_is_known(tmp_path):
    got = terms(tmp_path, as_of=dt.date(2022, 12, 15))
    assert sorted(got.index) == ["s1", "s2", "s4"]
    assert got["renewed"].tolist()[0] and got["renewed"].isna().tolist() == [False, True, True]
    assert list(terms(tmp_path, as_of=dt.date(2022, 11, 30)).index) == ["s1", "s4"]


def test_a_kind_that_is_called_off_in_orders_brings_nothing_of_its_own(tmp_path):
    orders = """
order_id account_id contract_id order_date amount
1        A          s1          2022-03-01 60
2        A          s2          2023-03-01 60
3        B          .           2022-05-01 1000
"""
    assert terms(tmp_path, orders=orders)["own_amount"].sum() == 0


def test_money_is_never_counted_twice(tmp_path):
    orders = "order_id account_id contract_id order_date amount\n1 A s1 2022-03-01 10\n2 B . 2022-05-01 1000"
    got = terms(tmp_path, orders=orders)
    assert got["own_amount"].to_dict() == {"f1": 0, "s1": 90, "s2": 110, "s3": 120, "s4": 90, "s5": 95}
    named = got.loc["s1"]
    assert named["own_amount"] + named["booked"] == named["amount"]


def test_where_no_order_names_a_contract_all_that_the_account_bought_in_the_term_counts_as_booked(tmp_path):
    orders = "order_id account_id order_date amount\n1 A 2022-03-01 5\n2 A 2021-12-05 3\n3 A 2021-09-01 50"
    assert terms(tmp_path, orders=orders).loc["s1", "booked"] == 8


def test_won_deals_are_orders_where_there_are_none(tmp_path):
    deals = "opportunity_id account_id stage status amount closed_date\n1 A won won 100 2021-12-20"
    assert terms(tmp_path, opportunities=deals).loc["s1", "booked"] == 100


def test_monthly_contracts_are_told_apart(tmp_path):
    months = "contract_id account_id kind start_date end_date amount\n" + "\n".join(
        f"m{i} A service 2024-0{i}-01 2024-0{i}-28 10" for i in (1, 2, 3, 6)
    )
    got = terms(tmp_path, contracts=months)
    assert got["period"].tolist() == [1, 2, 3, 1]
    assert got["renewed"].tolist() == [True, True, False, False]


def test_two_contracts_of_one_day_are_renewed_one_by_one(tmp_path):
    twins = """
contract_id account_id kind    start_date end_date   amount
x1          A          service 2022-01-01 2022-12-31 10
y1          A          service 2022-01-01 2022-12-31 20
x2          A          service 2023-01-01 2023-12-31 10
"""
    assert terms(tmp_path, contracts=twins)["renewed"].tolist() == [True, False, False]


def test_what_is_known_of_the_relationship_is_told_at_the_end_of_the_term(tmp_path):
    visits = """
activity_id account_id activity_type activity_date
1           A          visit         2022-06-01
2           A          visit         2023-02-01
3           A          visit         2024-12-01
"""
    got = terms(tmp_path, activities=visits)
    assert got.loc[["s1", "s2", "s3", "s4"], "activities_12m"].tolist() == [1, 1, 1, 0]
    assert got["cases_12m"].isna().all()


@pytest.mark.parametrize("contracts", [CONTRACTS.strip().splitlines()[0], "contract_id account_id amount\nz A 5"])
def test_without_terms_the_table_is_empty(tmp_path, contracts):
    assert len(terms(tmp_path, contracts=contracts)) == 0


EARLY = """
contract_id account_id kind    start_date end_date   amount status
t1          A          service 2024-01-01 2025-12-31 731    ended
t2          B          service 2023-01-01 2023-12-31 100    ended
t3          B          service 2024-01-01 2025-12-31 731    active
t4          C          service 2024-06-01 .          50     active
"""


def test_a_contract_that_ended_early_brings_nothing_more_and_was_not_renewed(tmp_path):
    got = terms(tmp_path, contracts=EARLY)
    assert got.loc["t1", ["end_date", "amount", "renewed"]].tolist() == [pd.Timestamp(AS_OF), 365 * 731 / 730, False]
    assert got["renewed"].astype(object).where(got["renewed"].notna(), "open").to_dict() == {
        "t1": False,
        "t2": True,
        "t3": "open",
    }
    worth = contract_values(None, got.reset_index(), AS_OF, years=5)
    assert worth["account_id"].tolist() == ["B"]


def test_in_a_frozen_past_nobody_knows_that_a_contract_will_end_early(tmp_path):
    clean = write_clean(tmp_path, accounts=ACCOUNTS, contracts=EARLY)
    then = contract_terms(clean, dt.date(2024, 6, 30), frozen=True).set_index("contract_id").loc["t1"]
    assert then["end_date"] == pd.Timestamp(2025, 12, 31) and pd.isna(then["renewed"]) and then["amount"] == 731
