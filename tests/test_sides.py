"""Amounts without a sign beside a column of debits and credits."""

import pytest
from deliveries import read

from mcrlib.errors import Refused
from mcrlib.settings import Settings

PAIRS = ["S H", "Soll Haben", "D C", "DR CR", "Debit Credit", "借 贷", "借 貸"]


def orders(pair="S H", header="Soll/Haben", amounts=(100, 200, 300, 40, 50), table="order_id,account_id,order_date"):
    """Five rows, the last two of the second word, and one with a blank beside an amount of 1."""
    one, other = pair.split()
    sides = [one, one, one, other, other, " "]
    rows = [f"O{n},A1,2024-03-1{n},{a},{s}" for n, (a, s) in enumerate(zip([*amounts, 1], sides, strict=True))]
    return f"{table},amount,{header}\n" + "\n".join(rows) + "\n"


def total(found):
    return float(found.tables["orders"]["amount"].sum())


def told(field, header, **words):
    return Settings.model_validate(
        {"files": {"orders": [{"file": "orders.csv", "columns": {field: header}}]}, "values": {field: words}}
    )


@pytest.mark.parametrize("pair", PAIRS)
def test_positive_amounts_of_both_sides_are_refused_and_client_yaml_says_which_are_taken_off(tmp_path, pair):
    one, other = pair.split()
    with pytest.raises(Refused) as error:
        read(tmp_path, orders=orders(pair))
    assert str(error.value) == (
        f"orders.csv, column Soll/Haben, row 5: it seems to tell debits from credits ('{one}' in 3 rows, '{other}' in "
        f"2), but amounts of both are positive, such as 40.00 beside '{other}', and would be added up: export the "
        "amounts with their sign, or name the column under files in client.yaml, such as orders: [{file: orders.csv, "
        "columns: {document: Soll/Haben}}], and say under values which are returns, such as document: "
        f"{{'{one}': order, '{other}': return}}; order for both if the column is about something else"
    )
    settings = told("document", "Soll/Haben", **{one: "order", other: "return"})
    assert total(read(tmp_path, orders=orders(pair), settings=settings)) == 600 - 90 + 1
    about_something_else = told("document", "Soll/Haben", **{one: "order", other: "order"})
    assert total(read(tmp_path, orders=orders(pair), settings=about_something_else)) == 600 + 90 + 1


def test_a_type_of_document_that_is_only_debit_or_credit_is_asked_about_too(tmp_path):
    text = orders("Debit Credit", "Type")
    with pytest.raises(Refused, match=r"column Type, row 5: .* document: \{'Debit': order, 'Credit': return\}"):
        read(tmp_path, orders=text)
    settings = Settings.model_validate({"values": {"document": {"Debit": "order", "Credit": "return"}}})
    assert total(read(tmp_path, orders=text, settings=settings)) == 600 - 90 + 1


def test_where_the_kind_of_document_is_delivered_the_status_can_tell(tmp_path):
    text = orders(header="Soll/Haben,Type").replace("\n", ",Invoice\n").replace("Type,Invoice", "Type")
    with pytest.raises(Refused, match=r"columns: \{status: Soll/Haben\}.* status: \{'S': valid, 'H': return\}"):
        read(tmp_path, orders=text)
    settings = told("status", "Soll/Haben", S="valid", H="return")
    assert total(read(tmp_path, orders=text, settings=settings)) == 600 - 90 + 1


@pytest.mark.parametrize("amounts", [(100, 200, 300, -40, -50), (-100, -200, -300, 40, 50), (100, -2, 300, "(40)", -5)])
def test_amounts_with_a_sign_need_no_column_for_it(tmp_path, amounts):
    assert total(read(tmp_path, orders=orders(amounts=amounts))) == 1 + sum(
        -40 if amount == "(40)" else amount for amount in amounts
    )


@pytest.mark.parametrize(("pair", "header"), [("S M", "Size"), ("S S", "Soll/Haben"), ("S H", "Region")])
def test_other_words_one_word_or_a_column_that_is_read_are_no_sides(tmp_path, pair, header):
    assert total(read(tmp_path, orders=orders(pair, header))) == 691


@pytest.mark.parametrize("header", ["Payment method", "Card type", "Zahlungsart", "支付方式"])
def test_debit_and_credit_cards_are_no_sides(tmp_path, header):
    assert total(read(tmp_path, orders=orders("Debit Credit", header))) == 691


def test_of_plus_and_minus_only_the_export_can_tell(tmp_path):
    with pytest.raises(Refused, match=r"\('\+' in 3 rows, '-' in 2\).* with their sign, or without this column if"):
        read(tmp_path, orders=orders("+ -", "Sign"))


@pytest.mark.parametrize(
    ("table", "header"),
    [("order_lines", "line_id,order_id,item date"), ("payments", "payment_id,account_id,paid_date")],
)
def test_lines_and_payments_are_refused_as_well(tmp_path, table, header):
    with pytest.raises(Refused, match=rf"{table}.csv, column Soll/Haben, row 5: .* or without this column if"):
        read(tmp_path, **{table: orders(table=header)})
