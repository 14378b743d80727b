from decimal import Decimal

import pandas as pd
import pytest
from deliveries import codes, orders, read

from mcrlib.errors import Refused, UsageError
from mcrlib.read.currency import to_money
from mcrlib.settings import Settings

HEADER = "order_id,account_id,order_date,amount,currency"


def amounts(delivery):
    return delivery.tables["orders"].set_index("order_id")["amount"]


def test_money_is_exact_to_four_places_and_what_no_ledger_holds_is_missing():
    given = pd.Series([Decimal("0.1"), Decimal("1e15"), Decimal("2.00005"), Decimal("1e30"), None], dtype=object)
    assert to_money(given).astype(object).where(lambda s: s.notna(), None).tolist() == [
        Decimal("0.1000"), Decimal(10**15), Decimal("2.0000"), None, None,
    ]  # fmt: skip


def test_mixed_currencies_without_rates_are_refused_by_name(tmp_path):
    rows = ["O97,A1,2024-05-05,5.5,USD", "O98,A1,2024-05-05,5.5,EUR"]
    with pytest.raises(Refused, match=r"orders\.csv, column currency: .*EUR \(1 rows\).*fx_rates"):
        read(tmp_path, orders=orders(*rows, header=HEADER))


def test_fixed_rates_convert_exactly(tmp_path):
    settings = Settings(currency="USD", fx_rates={"EUR": 1.1})
    found = amounts(read(tmp_path, orders=orders("O98,A1,2024-05-05,5.55,€", header=HEADER), settings=settings))
    assert found["O98"] == Decimal("6.1050") and found["O1"] == Decimal("100.5000")


def test_dated_rates_convert_at_the_order_date(tmp_path):
    rates = "currency,date,rate_to_base\nEUR,2024-01-01,1.1\nEUR,2024-05-01,1.2\n"
    rows = ["O97,A1,2024-04-30,10.5,EUR", "O98,A1,2024-05-01,10.5,EUR"]
    settings = Settings(currency="USD")
    found = amounts(read(tmp_path, orders=orders(*rows, header=HEADER), fx_rates=rates, settings=settings))
    assert (found["O97"], found["O98"]) == (Decimal("11.5500"), Decimal("12.6000"))


def test_a_sign_in_the_cell_and_a_currency_column_give_the_same(tmp_path):
    text = "order_id,account_id,order_date,amount{}\nO1,A1,2024-05-05,{}12.5{}\n"
    first, second = (tmp_path / "a"), (tmp_path / "b")
    first.mkdir(), second.mkdir()
    one = read(first, orders=text.format("", "€", "")).tables["orders"]
    other = read(second, orders=text.format(",currency", "", ",EUR")).tables["orders"]
    pd.testing.assert_frame_equal(one, other)


def test_a_sign_against_the_currency_column_sets_the_row_aside(tmp_path):
    found = read(tmp_path, orders=orders("O97,A1,2024-05-05,5.5,USD", "O98,A1,2024-05-05,€5.5,USD", header=HEADER))
    assert codes(found) == ["orders 12 amount currency_conflict"]


CONVERTED = "order_id,account_id,order_date,amount,currency,Amount (converted),list_amount"
IN_TWO = [*(f"P{n},A1,2024-05-0{n},10,EUR,10,20" for n in (1, 2)), "P3,A1,2024-05-05,3,USD,2.7,6"]


def converted(*rows: str) -> str:
    return "\n".join([CONVERTED, *rows]) + "\n"


def test_what_the_crm_converted_is_taken_where_the_amounts_tell_the_base_currency(tmp_path):
    found = read(tmp_path, orders=converted(*IN_TWO)).tables["orders"]
    assert found["amount"].tolist() == [Decimal("10.0000"), Decimal("10.0000"), Decimal("2.7000")]
    assert found["list_amount"].tolist() == [Decimal("20.0000"), Decimal("20.0000"), Decimal("5.4000")]


def test_the_base_currency_of_client_yaml_settles_what_the_amounts_do_not_tell(tmp_path):
    rows = ["P1,A1,2024-05-05,3,USD,2.7,", "P2,A1,2024-05-05,4,GBP,4.8,"]
    with pytest.raises(Refused, match=r"with currency: alone, the amounts of 'Amount \(converted\)' are taken"):
        read(tmp_path, orders=converted(*rows))
    found = amounts(read(tmp_path, orders=converted(*rows), settings=Settings(currency="EUR")))
    assert found.tolist() == [Decimal("2.7000"), Decimal("4.8000")]


def test_a_rate_of_the_client_wins_over_what_the_crm_converted(tmp_path):
    settings = Settings(currency="EUR", fx_rates={"USD": 0.5})
    assert amounts(read(tmp_path, orders=converted(*IN_TWO), settings=settings))["P3"] == Decimal("1.5000")


def test_a_row_that_the_crm_did_not_convert_still_needs_a_rate(tmp_path):
    with pytest.raises(Refused, match=r"no rate for GBP; set currency: EUR and fx_rates: \{GBP: \.\.\., USD"):
        read(tmp_path, orders=converted(*IN_TWO, "P4,A1,2024-05-05,4,GBP,,"))


def test_many_currencies_are_counted(tmp_path):
    many = ["AUD", "BRL", "CAD", "CHF", "DKK", "EUR", "GBP"]
    rows = [f"P{n},A1,2024-05-05,4,{code}" for n, code in enumerate(many)]
    with pytest.raises(Refused, match=r"DKK \(1 rows\) and 2 more, and .* AUD, BRL, CAD, CHF, DKK and 2 more"):
        read(tmp_path, orders="\n".join([HEADER, *rows]) + "\n")


@pytest.mark.parametrize(("told", "meant"), [("", "kr"), ("NOK", "NOK")])
def test_a_krone_is_of_the_country_that_the_export_names_or_of_none(tmp_path, told, meant):
    rows = f"order_id,account_id,order_date,amount,currency\nO1,A1,2024-05-05,kr 5 000,{told}\n"
    found = read(tmp_path, orders=rows).tables["orders"]
    assert found["currency"].tolist() == [meant] and found["amount"].tolist() == [Decimal(5000)]


def test_kroner_and_another_currency_need_a_rate(tmp_path):
    rows = "order_id,account_id,order_date,amount\nO1,A1,2024-05-05,kr 5 000\nO2,A2,2024-06-05,€ 5\n"
    with pytest.raises(Refused, match=r"EUR \(1 rows\), kr \(1 rows\).*fx_rates"):
        read(tmp_path, orders=rows)


@pytest.mark.parametrize("currency", ["EUR", "eur", "RMB", "人民币", "$"])
def test_a_base_currency_may_be_written_in_many_ways(tmp_path, currency):
    assert len(read(tmp_path, orders=orders(), settings=Settings(currency=currency)).tables["orders"]) == 9


def test_a_base_currency_that_there_is_not_is_refused(tmp_path):
    said = r"client\.yaml: currency: 'EURO5' is no currency \(did you mean 'EUR'\?\): write its code, such as EUR$"
    with pytest.raises(UsageError, match=said):
        read(tmp_path, orders=orders(), settings=Settings(currency="EURO5"))
