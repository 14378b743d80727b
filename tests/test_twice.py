"""Revenue that would count twice."""

import pytest
from deliveries import read

from mcrlib.errors import Refused
from mcrlib.settings import Settings

HEADER = "order_id,account_id,order_date,amount,product{}\n"


def lines(*totals, more="", rest=""):
    """Orders of two lines each, with the total on both."""
    rows = [f"O{n},A1,2024-03-{13 + n},{total},{p}{rest}" for n, total in enumerate(totals) for p in ("P", "Q")]
    return HEADER.format(more) + "\n".join(rows) + "\n"


def total(found):
    return float(found.tables["orders"]["amount"].sum())


def test_one_amount_on_all_lines_of_every_order_is_asked_about(tmp_path):
    with pytest.raises(Refused, match=r"row 2: each of the 3 orders with several lines has one amount .* sum_lines"):
        read(tmp_path, orders=lines(100, 200, 300))


@pytest.mark.parametrize(("sum_lines", "sum_"), [(True, 1200), (False, 600)])
def test_client_yaml_says_whether_it_is_the_amount_of_a_line_or_the_total(tmp_path, sum_lines, sum_):
    assert total(read(tmp_path, orders=lines(100, 200, 300), settings=Settings(sum_lines=sum_lines))) == sum_


def test_two_orders_are_enough_where_client_yaml_says_that_lines_have_totals(tmp_path):
    assert total(read(tmp_path, orders=lines(100, 200), settings=Settings(sum_lines=False))) == 300


def test_totals_that_differ_within_an_order_contradict_client_yaml(tmp_path):
    text = lines(100, 200) + "O2,A1,2024-03-15,5,P\nO2,A1,2024-03-15,6,Q\n"
    with pytest.raises(Refused, match=r"row 6: sum_lines: false .* 1 of 3 orders .* such as 5.00 in one line of order"):
        read(tmp_path, orders=text, settings=Settings(sum_lines=False))


def test_a_line_set_aside_does_not_undo_the_proof(tmp_path):
    text = HEADER.format(",qty,unit_price,status") + "".join(
        f"O{n},A1,2024-03-1{n},{100 * n},P,1,{60 * n},{'void' if n == 3 else 'valid'}\n"
        f"O{n},A1,2024-03-1{n},{100 * n},Q,2,{20 * n},valid\n"
        for n in (3, 4, 5)
    )
    assert total(read(tmp_path, orders=text)) == 1200


def test_quantities_and_prices_prove_a_total(tmp_path):
    text = HEADER.format(",qty,unit_price") + "".join(
        f"O{n},A1,2024-03-1{n},{100 * n},P,1,{60 * n}\nO{n},A1,2024-03-1{n},{100 * n},Q,2,{20 * n}\n" for n in (3, 4, 5)
    )
    assert total(read(tmp_path, orders=text)) == 1200


def test_amounts_that_differ_within_one_order_are_those_of_lines(tmp_path):
    assert total(read(tmp_path, orders=lines(100, 200, 300) + "O3,A1,2024-03-16,5,P\nO3,A1,2024-03-16,6,Q\n")) == 1211


DOCUMENTS = "order_id,account_id,order_date,amount,Document Type\n"


def test_credit_notes_are_negative_and_payments_and_quotes_are_no_revenue(tmp_path):
    text = DOCUMENTS + "1,A1,2024-03-14,100,Invoice\n2,A1,2024-03-15,30,Credit Memo\n" * 1
    text += "3,A1,2024-03-16,70,Payment\n4,A1,2024-03-17,900,Estimate\n"
    found = read(tmp_path, orders=text)
    assert total(found) == 70
    assert found.quarantine["code"].tolist() == ["no_order", "draft"]


def test_orders_beside_their_invoices_are_asked_about_until_client_yaml_says_which_count(tmp_path):
    text = DOCUMENTS + "S1,A1,2024-03-14,100,Sales Order\nI1,A1,2024-03-20,100,Invoice\n"
    with pytest.raises(Refused, match="1 orders and 1 invoices; an order and its invoice are one revenue"):
        read(tmp_path, orders=text)
    settled = Settings(values={"document": {"Sales Order": "other"}})
    assert total(read(tmp_path, orders=text, settings=settled)) == 100


def test_a_type_that_is_no_kind_of_document_changes_nothing(tmp_path):
    found = read(tmp_path, orders="order_id,account_id,order_date,amount,Type\n1,A1,2024-03-14,100,Online\n")
    assert total(found) == 100
    assert not found.warnings
