import datetime as dt

import pandas as pd
import pytest
from deliveries import ORDERS, codes, orders, read
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mcrlib.errors import Refused
from mcrlib.read.cleaning import default_as_of
from mcrlib.read.drafts import Draft
from mcrlib.settings import Settings


def test_rows_without_a_required_value_are_set_aside(tmp_path):
    found = read(tmp_path, orders=orders("O98,,2024-05-05,7.5", "O99,A1,2024-05-05,—"))
    assert codes(found) == ["orders 11 account_id missing", "orders 12 amount missing"]


def test_states_have_their_own_codes(tmp_path):
    rows = ["O97,A1,2024-05-05,7.5,作废", "O98,A1,2024-05-05,7.5,草稿", "O99,A1,2024-05-05,7.5,退货"]
    found = read(tmp_path, orders=orders(*rows, header="order_id,account_id,order_date,amount,status"))
    assert codes(found) == ["orders 11 status void", "orders 12 status draft"]
    assert float(found.tables["orders"].set_index("order_id").loc["O99", "amount"]) == -7.5


def test_drafts_and_void_contracts_are_set_aside_and_ended_ones_are_kept(tmp_path):
    words = (
        "Activated",
        "In Effect",
        "执行中",
        "审核通过",
        "Terminated",
        "Expired",
        "已終止",
        "到期",
        "",
        "草稿",
        "Draft",
        "作废",
    )
    rows = [f"K{n},A1,2025-12-31,{word}" for n, word in enumerate(words)]
    found = read(tmp_path, contracts="\n".join(["contract_id,account_id,end_date,status", *rows]))
    assert codes(found) == ["contracts 11 status draft", "contracts 12 status draft", "contracts 13 status void"]
    assert found.tables["contracts"]["status"].fillna("").tolist() == ["active"] * 4 + ["ended"] * 4 + [""]
    assert not found.warnings


def test_an_order_against_a_void_contract_still_counts(tmp_path):
    contracts = "contract_id,account_id,status\nK1,A1,void\n"
    against = orders("O98,A1,2024-05-05,7.5,K1", header="order_id,account_id,order_date,amount,contract_id")
    found = read(tmp_path, contracts=contracts, orders=against)
    assert found.counts["orders"]["rows_quarantined"] == 0 and found.counts["contracts"]["rows_kept"] == 0


def test_a_row_after_the_as_of_date_is_never_seen_and_does_not_count_as_bad(tmp_path):
    found = read(tmp_path, as_of="2024-03-31")
    assert found.counts["orders"] == {"rows_in": 9, "rows_kept": 3, "rows_quarantined": 6}
    assert set(found.quarantine["code"]) == {"after_as_of"}


def test_lines_of_a_later_order_share_its_reason(tmp_path):
    lines = "order_id,line_no,amount\nO1,1,5.5\nO9,1,5.5\nOX,1,5.5\n"
    assert codes(read(tmp_path, as_of="2024-08-31", order_lines=lines)) == [
        "orders 10 order_date after_as_of",
        "order_lines 3 order_id after_as_of",
        "order_lines 4 order_id orphan",
    ]


def test_the_default_as_of_is_the_last_order_date_sentinels_aside(tmp_path):
    assert read(tmp_path, as_of=None, orders=orders("O98,A1,9999-12-31,5.5")).as_of == dt.date(2024, 9, 15)


def test_without_orders_it_is_the_last_closing_date(tmp_path):
    deals = (
        "opportunity_id,account_id,stage,amount,close_date\nD1,A1,Won,5.5,2024-03-31\nD2,A1,Proposal,5.5,2025-03-31\n"
    )
    assert read(tmp_path, as_of=None, orders="", opportunities=deals).as_of == dt.date(2024, 3, 31)


QUARTERS = ("2023-12-31", "2024-03-31", "2024-06-30", "2024-09-30")


@pytest.mark.parametrize(
    ("dates", "last"),
    [
        (QUARTERS[1:], "2024-12-31"),
        ((*QUARTERS[:2], "2024-04-01", *QUARTERS[2:]), "2024-12-31"),
        (("2021-12-31", "2022-12-31", "2023-12-31"), "2024-12-31"),
    ],
)
def test_who_bills_at_the_end_of_a_quarter_or_a_year_is_not_refused(dates, last):
    assert default_as_of(dated(*dates, last)) == dt.date.fromisoformat(last)


@pytest.mark.parametrize(
    ("dates", "last"),
    [
        (QUARTERS, "2025-12-31"),
        (("1924-09-30", *QUARTERS), "2042-01-01"),
        (("2024-09-14", "2024-09-15"), "2025-09-15"),
        (("2024-09-15",), "2024-12-15"),
        ((*map(str, pd.date_range("2020-01-01", "2022-01-01", freq="7D").date), *QUARTERS), "2025-01-31"),
    ],
)
def test_a_last_date_beyond_the_usual_pause_is_refused(dates, last):
    with pytest.raises(Refused, match=f"last date {last} is more than 90 days"):
        default_as_of(dated(*dates, last))


def dated(*dates):
    rows = pd.DataFrame({"order_date": pd.to_datetime(list(dates)), "src_row": range(2, len(dates) + 2)})
    return {"orders": Draft("orders", rows, len(rows), {}, ("orders.csv",))}


def test_a_lonely_last_date_is_refused_with_both_named(tmp_path):
    with pytest.raises(Refused, match="last date 2042-01-01 is more than 90 days after .* 2024-09-15"):
        read(tmp_path, as_of=None, orders=orders("O98,A1,2042-01-01,5.5"))


def test_more_than_a_fifth_unusable_is_refused_with_the_reason(tmp_path):
    bad = [f"O{n},A1,2024-05-05,see notes" for n in range(20, 23)]
    with pytest.raises(
        Refused, match=r"orders\.csv, column amount: 3 of 12 rows .*no number can be read \(row 11: 'see notes'\)"
    ):
        read(tmp_path, orders=orders(*bad))
    assert read(tmp_path, orders=orders(*bad[:2])).counts["orders"]["rows_quarantined"] == 2


def test_an_extreme_amount_is_kept_and_said(tmp_path):
    rows = [f"O{n},A1,2024-05-05,55.5" for n in range(20, 40)]
    found = read(tmp_path, orders=orders(*rows, "O99,A1,2024-05-05,1000000000000000"))
    assert [w.code for w in found.warnings] == ["outlier"] and found.counts["orders"]["rows_kept"] == 30


def test_a_table_without_its_required_columns_is_left_out_with_a_warning(tmp_path):
    found = read(tmp_path, activities="activity_id,account_id,activity_type\nV1,A1,call\n")
    assert "activities" not in found.tables and any(w.code == "unused_table" for w in found.warnings)


CELL = st.sampled_from(["A1", "A2", "GHOST", "", "2024-05-05", "2024-02-30", "5.5", "1-", "see notes", "—", "O1"])


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["O1", "O2", "P1", "P2", "P3", ""]), CELL, CELL, CELL), max_size=8))
def test_every_row_is_kept_or_set_aside_and_nothing_later_is_kept(tmp_path, rows):
    spare = "".join(f"S{n},A2,2024-04-0{n % 9 + 1},5.5\n" for n in range(40))
    found = read(tmp_path, orders=ORDERS + spare + "".join(",".join(row) + "\n" for row in rows), as_of="2024-08-31")
    for table, count in found.counts.items():
        assert count["rows_in"] == count["rows_kept"] + count["rows_quarantined"]
        assert count["rows_quarantined"] == (found.quarantine["table"] == table).sum()
    assert found.counts["orders"]["rows_in"] == 49 + sum(any(row) for row in rows)
    assert found.tables["orders"]["order_date"].max() <= dt.datetime(2024, 8, 31)


def test_accounts_can_be_derived_from_orders(tmp_path):
    found = read(tmp_path, accounts="", settings=Settings(accounts="from_orders"), as_of="2024-02-20")
    assert found.tables["accounts"]["account_id"].tolist() == ["A2", "A3"]
    assert found.counts["accounts"] == {"rows_in": 2, "rows_kept": 2, "rows_quarantined": 0}


def test_a_record_that_the_system_calls_void_beside_its_business_state_does_not_count(tmp_path):
    text = "订单编号,客户编号,订单日期,订单金额,订单状态,生命状态\n"
    text += "O1,A1,2024-03-14,5,已确认,正常\nO2,A1,2024-03-15,6,已确认,作废\nO3,A1,2024-03-16,6,已确认,审批中\n"
    found = read(tmp_path, orders=text)
    assert found.tables["orders"]["order_id"].tolist() == ["O1"]
    assert codes(found) == ["orders 3 生命状态 void", "orders 4 生命状态 draft"]


@pytest.mark.parametrize(
    ("rows", "way_out"),
    [
        (["O90,A1,2024-05-05,7.5", "O90,A1,2024-05-05,8.5", "O90,A1,2024-05-05,9.5"], "set sum_lines: true"),
        (["O91,,2024-05-05,7.5", "O92,,2024-05-05,8.5", "O93,,2024-05-05,9.5"], "what was sold to nobody known"),
    ],
)
def test_where_too_many_rows_are_bad_the_way_out_is_said(tmp_path, rows, way_out):
    with pytest.raises(Refused, match=f"rows cannot be used .*{way_out}"):
        read(tmp_path, orders=orders(*rows))


def test_every_reason_for_which_rows_cannot_be_used_is_told(tmp_path):
    rows = ["O91,A1,soon,7.5", "O92,A1,2024-02-30,7.5", "O93,A1,2024-05-05,n/a", "O94,A1,2024-05-06,"]
    said = (
        r"orders\.csv, column amount: 4 of 13 rows cannot be used \(31%, allowed are 20%\): "
        r"2 because a required field is empty \(row 13\), 1 because there is no such day \(column order_date, row 12: "
        r"'2024-02-30'\), 1 because no date can be read \(column order_date, row 11: 'soon'\); correct the export"
    )
    with pytest.raises(Refused, match=said):
        read(tmp_path, orders=orders(*rows))


def test_the_same_records_in_two_files_are_told_from_a_bad_export(tmp_path):
    (tmp_path / "copy.csv").write_text(orders(), encoding="utf-8")
    settings = Settings.model_validate({"files": {"orders": [{"file": "orders.csv"}, {"file": "copy.csv"}]}})
    with pytest.raises(Refused, match="they are there twice .* hold the same records, keep one of them under files"):
        read(tmp_path, orders=orders(), settings=settings)


def test_orders_without_an_account_are_no_second_problem_where_accounts_are_bad(tmp_path):
    with pytest.raises(Refused, match=r"^accounts\.csv, column account_id: 2 of 3 rows .*; correct the export$"):
        read(tmp_path, accounts="account_id,account_name\n,Acme\n,Borealis\nA3,Cobalt\n")


@pytest.mark.parametrize(
    "word", ["Total", "合计", "Grand Total", "SUBTOTALS:", "sum", "Gesamtsumme", "Ｔｏｔａｌ", "to\u200btal"]
)
def test_a_line_of_sums_between_filled_cells_is_no_order_and_no_account(tmp_path, word):
    accounts = f"account_id,account_name,industry\nA1,Acme,x\nA2,Borealis,y\nA3,Cobalt,z\n{word},3 accounts,\n"
    found = read(tmp_path, accounts=accounts, orders=orders(f"{word},A3,2024-09-15,4504.50"))
    assert codes(found) == ["accounts 5 account_id total", "orders 11 order_id total"]
    assert {warning.code for warning in found.warnings} == {"total"}


def test_a_customer_called_total_stays_one(tmp_path):
    accounts = "account_id,account_name\nTotal,Total\nA1,Acme\nA2,Borealis\nA3,Cobalt\n"
    assert "Total" in read(tmp_path, accounts=accounts).tables["accounts"]["account_id"].tolist()


def test_drawn_lines_are_no_rows(tmp_path):
    text = "| account_id | account_name |\n|------------|--------------|\n"
    text += "".join(f"| A{n}         | Name {n}       |\n" for n in (1, 2, 3)) + "|------------|--------------|\n"
    found = read(tmp_path, accounts=text)
    assert found.tables["accounts"]["account_id"].tolist() == ["A1", "A2", "A3"]
    assert codes(found) == ["accounts 2  second_header", "accounts 6  footer"]
