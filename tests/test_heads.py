"""Orders whose head stands once, above their lines."""

import datetime as dt

import openpyxl
import pytest
from deliveries import ACCOUNTS, codes, read

from mcrlib.read.tables import read_exports
from mcrlib.settings import Settings


def test_lines_below_a_head_get_its_number_customer_and_date(tmp_path):
    text = "order_id,account_id,order_date,amount,product\nO1,A1,2024-03-14,1,P\n,,,2,Q\nO2,A2,2024-03-15,4,P\n"
    found = read(tmp_path, orders=text).tables["orders"]
    assert found["order_id"].tolist() == ["O1", "O2"]
    assert found["amount"].astype(float).tolist() == [3, 4]


def test_the_total_of_an_order_above_its_lines_does_not_count_beside_them(tmp_path):
    first, second = "O1,A1,2024-03-14,3,\n,,,1,P\n,,,2,Q\n", "O2,A2,2024-03-15,4,\n,,,4,P\n"
    text = "order_id,account_id,order_date,amount,product\n" + first + second
    found = read(tmp_path, orders=text)
    assert found.tables["orders"]["amount"].astype(float).tolist() == [3, 4]
    assert codes(found) == ["orders 2  total", "orders 5  total"]


def test_lines_without_an_amount_of_their_own_are_no_orders(tmp_path):
    text = "order_id,account_id,order_date,amount,product\nO1,A1,2024-03-14,3,P\n,,,,Q\nO2,A2,2024-03-15,4,P\n,,,,Q\n"
    found = read(tmp_path, orders=text)
    assert found.tables["orders"]["amount"].astype(float).tolist() == [3, 4]
    assert codes(found) == ["orders 3  order_line", "orders 5  order_line"]
    assert [one.message for one in found.warnings] == [
        "2 lines go on with the order above them, where its amount stands; they are no orders"
    ]


def test_a_sum_below_an_order_is_no_line_of_it(tmp_path):
    text = "order_id,account_id,order_date,amount,product\n" + "".join(
        f"O{n},A1,2024-03-{n},10,P\n" for n in range(14, 20)
    )
    found = read(tmp_path, orders=text + ",,,60,\n")
    assert float(found.tables["orders"]["amount"].sum()) == 60
    assert codes(found) == ["orders 8 order_id missing"]


@pytest.mark.parametrize(("top", "left"), [(1, 1), (3, 2)])
def test_rows_get_the_customer_of_the_merged_cell_that_they_stand_in_and_no_number_of_it(tmp_path, top, left):
    book = openpyxl.Workbook()
    page = book.active
    rows = [("account_id", "order_id", "order_date", "amount"), ("A1", "O1", dt.datetime(2024, 3, 14), 3)]
    rows += [(None, "O2", dt.datetime(2024, 3, 15), None), ("A2", "O3", dt.datetime(2024, 3, 16), 4)]
    rows += [(None, f"P{n}", dt.datetime(2024, 4, n), 5) for n in range(1, 5)]
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            page.cell(top + down, left + right, value)
    for first, last, column in ((1, 2, 0), (3, 7, 0), (1, 2, 3)):
        page.merge_cells(None, top + first, left + column, top + last, left + column)
    book.save(tmp_path / "orders.xlsx")
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    found = read_exports(tmp_path, Settings(), dt.date(2024, 12, 31))
    assert found.tables["orders"]["account_id"].tolist() == ["A1", "A2", "A2", "A2", "A2", "A2"]
    assert codes(found) == [f"orders {top + 2} amount missing"]
    assert "5 rows got what the merged cell says that they stand in; numbers count once" in str(found.warnings[0])
