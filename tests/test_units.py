"""Units of money in headers and beside tables."""

import openpyxl
import pytest
from deliveries import ACCOUNTS, read

from mcrlib.read.headers import field_of
from mcrlib.read.numbers import unit_parts
from mcrlib.read.tables import read_exports
from mcrlib.read.units import unit_said, units_below
from mcrlib.settings import Settings


@pytest.mark.parametrize(
    ("header", "times", "coin"),
    [
        ("Amount (thousands)", 3, ""),
        ("Amount (USD '000)", 3, "USD"),
        ("Amount in thousands", 3, ""),
        ("Amount (TEUR)", 3, "EUR"),
        ("Amount (Mio. EUR)", 6, "EUR"),
        ("Amount EUR k", 3, "EUR"),
        ("Amount in EUR", 0, "EUR"),
        ("金额(百万元)", 6, ""),
        ("金額（千円）", 3, "JPY"),
        ("金额/万元", 4, ""),
    ],
)
def test_a_unit_in_a_header_is_split_off_and_understood(header, times, coin):
    match = field_of(header, "orders")
    assert match.field == "amount"
    assert unit_parts(match.unit)[:2] == (times, coin)


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("单位：万元    制表日期：2024-11-20", "万元"),
        ("（单位:千元）", "千元"),
        ("Sales by customer (in USD thousands)", "USD thousands"),
        ("Angaben in TEUR", "TEUR"),
        ("In thousands", "thousands"),
        ("单位：台", ""),
        ("所属单位：上海", ""),
        ("Customers (in EUR zone)", ""),
    ],
)
def test_the_unit_of_a_title_is_found_where_it_is_one_of_money(line, unit):
    assert unit_said([line]) == unit


def test_a_line_under_the_header_holds_units_only_where_all_its_cells_are_units():
    assert units_below(("id", "date", "amount"), ["", "", "万元"]) == {2: "万元"}
    assert units_below(("id", "date", "amount"), ["", "x", "万元"]) == {}


def test_amounts_below_a_title_that_says_wan_are_ten_thousand_times_as_large(tmp_path):
    book = openpyxl.Workbook()
    page = book.active
    for record in [["订单一览", None, None, None], ["单位：万元"], [], ["订单编号", "客户编号", "订单日期", "订单金额"],
                   ["O1", "A1", "2024-03-25", 1.5]]:  # fmt: skip
        page.append(record)
    book.save(tmp_path / "orders.xlsx")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    found = read_exports(tmp_path, Settings())
    assert float(found.tables["orders"]["amount"].iloc[0]) == 15000
    assert [one.message for one in found.warnings if one.code == "unit"] == [
        "beside the table stands the unit '万元', in which amounts without one of their own were read"
    ]


def test_the_unit_of_a_title_is_said_also_where_only_one_of_two_amounts_takes_it(tmp_path):
    text = "单位：万元\n订单编号,客户编号,订单日期,订单金额,毛利（元）\nO1,A1,2024-03-25,15,100\n"
    found = read(tmp_path, orders=text)
    assert found.tables["orders"][["amount", "gross_profit"]].astype(float).to_numpy().tolist() == [[150_000, 100]]
    assert "unit" in {one.code for one in found.warnings}


def test_a_header_has_the_last_word_on_its_unit(tmp_path):
    text = "单位：万元\n订单编号,客户编号,订单日期,订单金额（元）\nO1,A1,2024-03-25,15\n"
    assert float(read(tmp_path, orders=text).tables["orders"]["amount"].iloc[0]) == 15
