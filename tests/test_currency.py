from decimal import Decimal

import pandas as pd
import pytest
from deliveries import codes, orders, read

from mcrlib.errors import Refused
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
