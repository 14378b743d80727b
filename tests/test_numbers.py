from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.read.numbers import currency_code, read_numbers, unit_parts


def numbers_of(*texts, **knobs):
    return [None if pd.isna(one) else float(one) for one in read_numbers(pd.Series(texts, dtype="str"), **knobs).found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", 1234.56), ("1.234,56", 1234.56), ("1 234,56", 1234.56), ("1\u202f234,56", 1234.56),
        ("1'234.56", 1234.56), ("(1200.5) EUR", -1200.5),
        ("1,234,567", 1234567), ("12,34,567.00", 1234567), ("(1200.5)", -1200.5), ("1200-", -1200), ("-$3.50", -3.5),
        ("１２３４．５", 1234.5), ("¥12万", 120000), ("12.5万元", 125000),
        ("1.2亿", 120000000), ("3千", 3000), ("$1.2M", 1.2e6),
        ("250k", 250000), ("NT$ 50", 50), ("RMB 7", 7), ("5 EUR", 5), ("1e15", 1e15), (".5", 0.5),
        ("0.125", 0.125), ("−3", -3), ("4.079,-", 4079), ("1,234.-", 1234), ("4079.--", 4079), ("-79,-", -79),
        ("79,00-", -79), ("'4000.50", 4000.5), ("R$ 4.000,00", 4000), ("4 000,50 zł", 4000.5), ("4 000 kr", 4000),
    ],
)  # fmt: skip
def test_a_clear_number_is_read_in_any_spelling(text, value):
    assert numbers_of(text) == [value]


NO_NUMBERS = ("1,2,3", "12 or 15", "call me", "#REF!", "inf", "(12", "--5", "12.34.5", "1 2 3", "5 EUR USD")


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number_is_named(text):
    read = read_numbers(pd.Series([text]))
    assert read.found.isna().all() and read.faults.tolist() == ["not_a_number"]


@pytest.mark.parametrize("text", ["", "—", "-", "#N/A", "N/A", "NULL", "无", "nan", "暂无"])
def test_a_word_for_nothing_is_missing_and_never_zero(text):
    read = read_numbers(pd.Series([text]))
    assert read.found.isna().all() and read.faults.isna().all()


def test_one_clear_number_decides_the_sign_of_the_column():
    assert numbers_of("(1,200)", "3.50") == [-1200, 3.5]
    assert numbers_of("1.200", "3,50") == [1200, 3.5]


def test_an_open_sign_is_asked_for_and_settled_by_client_yaml():
    assert "set decimal" in read_numbers(pd.Series(["1,234", "500"])).question
    assert numbers_of("1,234", decimal=".") == [1234]
    assert numbers_of("1,234", decimal=",") == [1.234]
    assert numbers_of("1,234", whole=True) == [1234]


def test_a_conflict_is_asked_for_only_where_it_matters():
    assert numbers_of("1,5", "2.5") == [1.5, 2.5]
    assert "both" in read_numbers(pd.Series(["1,5", "2.5", "1,234"])).question


def test_the_unit_of_the_header_counts_where_the_cell_has_none():
    assert numbers_of("12.5", "3万", unit="万元") == [125000, 30000]


def test_units_and_currencies():
    assert [currency_code(text) for text in ("kr", "zł", "R$", "Kč")] == ["kr", "PLN", "BRL", "CZK"]
    assert unit_parts("万元") == (4, "", False) and unit_parts("USD m") == (6, "USD", False) and unit_parts("%")[2]
    assert [currency_code(word) for word in ("人民币", "usd", "NT$", "USD - U.S. Dollar", "€")] == [
        "CNY",
        "USD",
        "TWD",
        "USD",
        "EUR",
    ]


@given(st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1), st.sampled_from(["us", "de", "fr", "wide"]))
def test_every_spelling_gives_the_same_exact_numbers(values, style):
    spell = {
        "us": lambda v: f"{v:,.2f}",
        "de": lambda v: f"{v:,.2f}".translate(str.maketrans(",.", ".,")),
        "fr": lambda v: f"{v:,.2f}".replace(",", "\u202f").replace(".", ","),
        "wide": lambda v: f"{v:.2f}".translate({ord(str(n)): chr(0xFF10 + n) for n in range(10)}),
    }[style]
    read = read_numbers(pd.Series([spell(value) for value in values]))
    assert [Decimal(one) for one in read.found] == values


@pytest.mark.parametrize(("text", "value"), [("￥25,808", 25808), ("KRW 1,234", 1234), ("25,808円", 25808)])
def test_a_comma_in_yen_yuan_and_won_parts_thousands(text, value):
    found = read_numbers(pd.Series([text], dtype="str"))
    assert not found.question
    assert found.found.tolist() == [value]


def test_the_currency_beside_the_numbers_tells_what_a_comma_parts():
    assert numbers_of("10,500", currencies=frozenset({"TWD"})) == [10500]
    assert numbers_of("10,500", unit="NT$") == [10500]
    both = read_numbers(pd.Series(["10,500", "1.234,56"], dtype="str"), currencies=frozenset({"TWD"}))
    assert "may be a thousand or a decimal" in both.question
    assert read_numbers(pd.Series(["10,500"], dtype="str"), currencies=frozenset({"TWD", "EUR"})).question
