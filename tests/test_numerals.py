"""Digits of other scripts and Chinese amounts of several steps are read; what is said two ways is left."""

import pandas as pd
import pytest
from deliveries import read
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.read.numbers import read_numbers
from mcrlib.read.numerals import in_one_step


def value(text, **knobs):
    found = read_numbers(pd.Series([text], dtype="str"), **knobs)
    assert not found.question
    return None if found.found.isna().iloc[0] else float(found.found.iloc[0])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1亿2000万", 120000000), ("3万5千", 35000), ("1億2,000萬元", 120000000), ("¥1亿2千万", 120000000),
        ("1万2千3百", 12300), ("(3 萬 5 千)", -35000), ("1億2.5萬", 100025000), ("3万5000.50", 35000.5),
        ("3万零5", 30005), ("1亿零500万元", 105000000), ("１億２０００万", 120000000),
    ],
)  # fmt: skip
def test_an_amount_of_several_steps_is_one_number(text, number):
    assert value(text) == number


@pytest.mark.parametrize(
    "text", ["3万5", "1亿2", "5千2百万", "1亿20000万", "1.5亿2万", "1億2.000萬", "3万-5千", "1亿2000"]
)
def test_what_speech_and_writing_say_differently_is_left(text):
    assert value(text) is None
    assert read_numbers(pd.Series([text])).faults.tolist() == ["not_a_number"]


def test_several_steps_win_over_the_unit_of_the_header_as_one_does():
    assert (value("3万5千", unit="万元"), value("3.5万", unit="万元"), value("3", unit="万元")) == (35000, 35000, 30000)


@given(st.integers(10**4, 10**12))
def test_every_number_in_steps_is_read_back(number):
    steps = [(number // 10**8, "亿"), (number // 10**4 % 10**4, "万"), (number // 1000 % 10, "千")]
    written = "".join(f"{count}{word}" for count, word in steps if count)
    assert in_one_step(written) in (written, str(number // 1000 * 1000))
    assert value(written) == number // 1000 * 1000


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("١٢٣٤", 1234), ("١٬٢٣٤٫٥٠", 1234.5), ("٥٫١٢٣", 5.123), ("۱۲۳۴٫۵", 1234.5), ("-١٢", -12),
        ("１，２３４．５０", 1234.5), ("१२३.५", 123.5),
    ],
)  # fmt: skip
def test_digits_of_any_script_are_read(text, number):
    assert value(text) == number


def test_an_open_comma_is_asked_for_in_any_script():
    assert "set decimal" in read_numbers(pd.Series(["١,٢٣٤"])).question


def test_arabic_digits_are_amounts_dates_ids_and_cells_of_wide_sheets(tmp_path):
    orders = "order_id,account_id,order_date,amount\n١,A١,٢٠٢٤-٠٣-٠٥,١٬٢٣٤٫٥٠\n"
    found = read(tmp_path, orders=orders).tables["orders"].iloc[0]
    assert (found["order_id"], found["account_id"], float(found["amount"])) == ("1", "A1", 1234.5)
    assert found["order_date"] == pd.Timestamp("2024-03-05")
    wide = read(tmp_path, orders="account_id,2024-01,2024-02,2024-03\nA1,١٢,٠,\n").tables["orders"]
    assert wide["amount"].astype(float).tolist() == [12]
