"""The currency that only the number format of a cell shows counts as if it were written."""

import datetime as dt

import openpyxl
import pytest
from deliveries import ACCOUNTS

from mcrlib.errors import Refused
from mcrlib.read.formats import currency_of_format
from mcrlib.read.tables import read_exports
from mcrlib.settings import Settings

DAY = dt.datetime(2024, 5, 5)


@pytest.mark.parametrize(
    ("code", "coin"),
    [
        ("[$€-407] #,##0.00", "EUR"), ('"NT$"#,##0', "TWD"), ("[$¥-804]#,##0", "CNY"), ("[$$-404]#,##0", "TWD"),
        ("[$¥-411]#,##0", "JPY"), ("[$kr-41D] #,##0", "SEK"), ("#,##0.00\\ \"€\"", "EUR"), ("[$$-en-US]#", "USD"),
        ("[$HK$-C04]#,##0", "HKD"), ("[$$-C04]#", "HKD"), ('_("$"* #,##0.00_);_("$"* (#,##0.00)', "$"), ("¥#,##0", "¥"),
        ("_-* #,##0.00\\ [$CHF-807]_-", "CHF"),
    ],
)  # fmt: skip
def test_a_format_shows_a_currency(code, coin):
    assert currency_of_format(code) == coin


@pytest.mark.parametrize(
    "code", ["General", "0.00%", "[$-409]d-mmm-yy", '#,##0.0,"k"', '#,##0"件"', '"$"0"€"', "", '#,##0" 元"']
)
def test_other_formats_show_none(code):
    assert currency_of_format(code) == ""


def delivered(tmp_path, formats, *, header=("order_id", "account_id", "order_date", "amount"), start=0, more=()):
    book = openpyxl.Workbook()
    page = book.active
    for _ in range(start):
        page.append([])
    page.append(["", *header][1:])
    for n, code in enumerate(formats, start=1):
        page.append([f"O{n}", "A1", DAY, 100.5 + n, *more])
        page.cell(start + 1 + n, 4).number_format = code
    book.save(tmp_path / "orders.xlsx")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    return tmp_path


def test_amounts_have_the_currency_that_their_cells_show(tmp_path):
    found = read_exports(delivered(tmp_path, ["[$€-407] #,##0.00"] * 3, start=2), Settings())
    orders = found.tables["orders"]
    assert orders["currency"].tolist() == ["EUR"] * 3
    assert orders["amount"].astype(float).tolist() == [101.5, 102.5, 103.5]
    said = [one.message for one in found.warnings if one.code == "currency_format"]
    assert said == ["amounts show their currency only by the format of their cells and were read in it: EUR (3)"]


def test_several_formats_in_one_column_are_several_currencies(tmp_path):
    folder = delivered(tmp_path, ['"NT$"#,##0', "[$€-407] #,##0.00", '"NT$"#,##0'])
    with pytest.raises(Refused, match=r"several currencies, here EUR \(1 rows\), TWD \(2 rows\)"):
        read_exports(folder, Settings())
    rated = read_exports(folder, Settings.model_validate({"currency": "TWD", "fx_rates": {"EUR": 34}}))
    assert rated.tables["orders"]["amount"].astype(float).tolist() == [101.5, 102.5 * 34, 103.5]


def test_a_row_without_such_a_format_is_not_given_one(tmp_path):
    orders = read_exports(delivered(tmp_path, ["General", "[$€-407]0", "0.00"]), Settings()).tables["orders"]
    assert orders["currency"].fillna("").tolist() == ["", "EUR", ""]


@pytest.mark.parametrize(
    ("header", "more"),
    [
        (("order_id", "account_id", "order_date", "amount", "currency"), ("USD",)),
        (("order_id", "account_id", "order_date", "amount (USD)"), ()),
    ],
)
def test_a_currency_that_is_told_wins_over_the_format(header, more, tmp_path):
    orders = read_exports(delivered(tmp_path, ["[$€-407]0"] * 2, header=header, more=more), Settings())
    assert orders.tables["orders"]["currency"].tolist() == ["USD", "USD"]


def test_cells_of_a_wide_sheet_show_it_too_and_zero_is_no_order(tmp_path):
    book = openpyxl.Workbook()
    for record in (["account_id", "2024-01", "2024-02", "2024-03"], ["A1", 10, 0, 5.5]):
        book.active.append(record)
    for cell in book.active[2][1:]:
        cell.number_format = "[$£-809]#,##0.00"
    book.save(tmp_path / "orders.xlsx")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    orders = read_exports(tmp_path, Settings()).tables["orders"]
    assert (orders["currency"].tolist(), sorted(orders["amount"].astype(float))) == (["GBP", "GBP"], [5.5, 10])


def test_an_id_under_a_currency_format_stays_an_id(tmp_path):
    book = openpyxl.Workbook()
    for record in (["order_id", "account_id", "order_date", "amount"], [7001, "A1", DAY, 10]):
        book.active.append(record)
    for place in (1, 4):
        book.active.cell(2, place).number_format = "[$€-407]0"
    book.save(tmp_path / "orders.xlsx")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    assert read_exports(tmp_path, Settings()).tables["orders"]["order_id"].tolist() == ["7001"]
