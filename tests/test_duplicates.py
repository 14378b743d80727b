from decimal import Decimal

import pytest
from deliveries import codes, content, orders, read
from pandas.testing import assert_frame_equal

from mcrlib.errors import Refused
from mcrlib.settings import Settings

LINES = "order_id,account_id,order_date,amount,product"


def test_of_equal_rows_the_first_is_kept(tmp_path):
    assert codes(read(tmp_path, orders=orders("O1,A2,2024-01-15,100.50"))) == ["orders 11 order_id duplicate"]


def test_one_order_with_two_contents_is_never_picked_from(tmp_path):
    found = read(tmp_path, orders=orders("O1,A2,2024-01-15,99.9"))
    assert codes(found) == ["orders 2 order_id duplicate_conflict", "orders 11 order_id duplicate_conflict"]
    assert found.warnings[0].code == "duplicate_conflict" and "'O1'" in found.warnings[0].message


def test_of_two_records_of_one_account_the_fuller_is_kept(tmp_path):
    found = read(tmp_path, accounts="account_id,account_name,city\nA1,Acme,\nA1,Acme,Rome\nA2,B,\nA3,C,\nA4,D,\n")
    assert codes(found) == ["accounts 2 account_id duplicate_conflict"]
    assert found.tables["accounts"]["city"].tolist()[0] == "Rome"


def test_lines_told_apart_by_a_product_are_one_order(tmp_path):
    rows = ["P1,A1,2024-05-05,5.5,Core", "P1,A1,2024-05-05,7.25,Plus"]
    found = read(tmp_path, orders=orders(*rows, header=LINES))
    assert found.counts["orders"] == {"rows_in": 11, "rows_kept": 11, "rows_quarantined": 0}
    order = found.tables["orders"].set_index("order_id").loc["P1"]
    assert order["amount"] == Decimal("12.7500") and order.isna()["product_line"] and order["src_row"] == 11


def test_lines_of_two_accounts_are_a_conflict(tmp_path):
    rows = ["P1,A1,2024-05-05,5.5,Core", "P1,A2,2024-05-05,7.25,Plus"]
    assert [c.split()[-1] for c in codes(read(tmp_path, orders=orders(*rows, header=LINES)))] == [
        "duplicate_conflict"
    ] * 2


def test_sum_lines_adds_what_nothing_tells_apart(tmp_path):
    rows = ["P1,A1,2024-05-05,5.5", "P1,A1,2024-05-05,5.5"]
    found = read(tmp_path, orders=orders(*rows), settings=Settings(sum_lines=True))
    assert found.tables["orders"].set_index("order_id").loc["P1", "amount"] == Decimal("11.0000")


def test_a_line_without_cost_leaves_the_cost_of_the_order_missing(tmp_path):
    rows = ["P1,A1,2024-05-05,5.5,Core,2.5", "P1,A1,2024-05-05,7.25,Plus,NULL", "P2,A1,2024-05-05,7.25,Plus,1.5"]
    found = read(tmp_path, orders=orders(*rows, header=LINES + ",cost")).tables["orders"].set_index("order_id")
    assert found["cost"].isna()["P1"] and found["cost"]["P2"] == Decimal("1.5000")


def test_rows_without_a_key_get_one_from_their_content_and_equal_ones_stay(tmp_path):
    text = "account_id,order_date,amount\nA1,2024-05-05,5.5\nA2,2024-05-06,6.5\nA1,2024-05-05,5.5\n"
    found = read(tmp_path, orders=text)
    assert found.counts["orders"]["rows_kept"] == 3 and found.tables["orders"]["order_id"].is_unique
    assert [w.code for w in found.warnings] == ["equal_rows"]
    turned = "account_id,order_date,amount\nA2,2024/5/6,6.50\nA1,2024/5/5,5.50\nA1,2024/5/5,5.50\n"
    assert_frame_equal(content(read(tmp_path, orders=turned).tables["orders"]), content(found.tables["orders"]))


def test_orders_without_amounts_are_the_sum_of_their_lines(tmp_path):
    heads = "order_id,account_id,order_date\nO1,A1,2024-05-05\nO2,A1,2024-05-06\n" + "".join(
        f"S{n},A1,2024-05-07\n" for n in range(5)
    )
    lines = "order_id,line_no,amount\nO1,1,5.5\nO1,2,6.25\n" + "".join(f"S{n},1,1.5\n" for n in range(5))
    found = read(tmp_path, orders=heads, order_lines=lines)
    assert codes(found) == ["orders 3 amount missing"]
    assert found.tables["orders"]["amount"].tolist()[0] == Decimal("11.7500")
    assert found.tables["order_lines"]["line_id"].tolist()[:2] == ["O1-1", "O1-2"]


def test_two_files_with_the_same_keys_are_asked_about(tmp_path):
    for year in (2023, 2024):
        (tmp_path / f"orders_{year}.csv").write_text(orders(), encoding="utf-8")
    with pytest.raises(
        Refused, match=r"9 of its 9 keys of orders, such as 'O1', are in orders_2023\.csv too; take one"
    ):
        read(tmp_path, orders="")
