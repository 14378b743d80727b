import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.read.dates import read_dates


def dates_of(*texts, **knobs):
    return [
        None if pd.isna(one) else str(one.date()) for one in read_dates(pd.Series(texts, dtype="str"), **knobs).found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05", "2024/3/5", "2024.03.05", "20240305",
        "2024年3月5日", "2024年03月05日 上午8:47", "5 Mar 2024", "5-Mar-24",
        "March 5th, 2024", "Tue, 5 Mar 2024",
        "2024-03-05T00:30:00+08:00", "2024-03-05 23:59:59.999Z", "２０２４-０３-０５",
        "2024-3-5 下午11:10", "20240305T101112", "1709596800", "1709596800000",
        "2024-03-05 08:30:00 CST", "2024-03-05 08:30 GMT+8", "Tue Mar 05 08:30:00 CST 2024", "5. Mar 2024 08:30 Uhr",
        "Tue Mar 05 2024 08:30:00 GMT+0800 (China Standard Time)", "05-MAR-24 08.30.00.000000 AM", "2024/03/05 (火)",
        "'2024-03-05",
    ],
)  # fmt: skip
def test_a_clear_date_is_read_in_any_spelling_as_it_was_written(text):
    assert dates_of(text) == ["2024-03-05"]


def test_clear_spellings_mix_in_one_column():
    assert dates_of("2024-01-31", "31 Jan 2024", "31/01/2024", "20240131") == ["2024-01-31"] * 4


def test_one_day_above_twelve_decides_the_whole_column():
    assert dates_of("05.03.2024", "14.03.2024") == ["2024-03-05", "2024-03-14"]
    assert dates_of("05/03/2024", "05/14/2024") == ["2024-05-03", "2024-05-14"]
    assert dates_of("02/24/03", "03/04/03") == ["2003-02-24", "2003-03-04"]


def test_an_open_order_is_asked_for_and_settled_by_client_yaml():
    asked = read_dates(pd.Series(["01/07/2024", "02/08/2024"]))
    assert "set date_order: dmy or mdy" in asked.question and "01/07/2024" in asked.question
    assert dates_of("01/07/2024", order="dmy") == ["2024-07-01"]
    assert dates_of("03/03/2024") == ["2024-03-03"]


def test_evidence_for_both_orders_is_asked_for():
    assert "another order" in read_dates(pd.Series(["13/07/2024", "02/18/2024"])).question


def test_serial_numbers_count_where_the_whole_column_has_them():
    assert dates_of("45356", "45357.5") == ["2024-03-05", "2024-03-06"]
    assert dates_of("45356", "2024-03-05") == [None, "2024-03-05"]


def test_a_serial_number_among_clear_dates_counts_where_it_lies_near_them():
    assert dates_of("45356", "2024-03-05", "2024-04-01") == ["2024-03-05", "2024-03-05", "2024-04-01"]
    assert dates_of("35356", "2024-03-05", "2024-04-01") == [None, "2024-03-05", "2024-04-01"]
    assert dates_of("45356", "45357", "2024-03-05") == [None, None, "2024-03-05"]
    assert dates_of("45356", "2024-03-05", "14.03.2024") == [None, "2024-03-05", "2024-03-14"]


def test_days_that_a_spreadsheet_read_as_months_are_asked_for():
    left = [f"{day}/03/2024" for day in range(13, 19)]
    turned = [f"2024-{day:02}-03" for day in range(1, 8)] + [f"2024-01-{day:02}" for day in range(1, 8)]
    asked = read_dates(pd.Series([*left, *turned])).question
    assert "all 6 different dates like '13/03/2024'" in asked and "set date_order: dmy" in asked
    assert dates_of(*left, *turned, order="dmy")[0] == "2024-03-13"
    assert not read_dates(pd.Series([*left, *turned, "2024-01-13"])).question
    assert not read_dates(pd.Series([*left, *turned, "12/03/2024"])).question


def test_years_of_two_digits_are_told_by_days_that_would_be_absurd():
    days = [dt.date(2023, 1, 1) + dt.timedelta(days=6 * n) for n in range(60)]
    assert dates_of(*(f"{day:%d.%m.%y}" for day in days)) == [str(day) for day in days]
    assert "dmy or ymd" in read_dates(pd.Series([f"{day:%d.%m.%y}" for day in days[:9]])).question


def test_midnights_of_a_zone_are_its_dates():
    assert dates_of("1709568000000", "1709654400000") == ["2024-03-05", "2024-03-06"]
    assert dates_of("1709568000000", "1709568000001000") == ["2024-03-05", None]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-02-30", "impossible_date"), ("2023-02-29", "impossible_date"), ("3月5日", "date_without_year"),
        ("Mar-24", "date_without_year"), ("2024-03", "date_without_day"), ("0000-00-00", "placeholder_date"),
        ("00000000", "placeholder_date"), ("1900-01-01", "placeholder_date"), ("9999-12-31", "placeholder_date"),
        ("31/12/9999", "placeholder_date"), ("soon", "not_a_date"), ("2024-09-0", "impossible_date"),
    ],
)  # fmt: skip
def test_what_is_no_date_is_named_and_never_guessed(text, code):
    read = read_dates(pd.Series([text]))
    assert read.found.isna().all() and read.faults.tolist() == [code]


def test_words_for_nothing_are_missing_without_a_fault():
    read = read_dates(pd.Series(["", "  ", "N/A", "无", None, "-"]))
    assert read.found.isna().all() and read.faults.isna().all()


def test_a_month_is_its_first_day_where_months_are_meant():
    assert dates_of("2024-03", "2024年4月", monthly=True) == ["2024-03-01", "2024-04-01"]


@given(
    st.lists(st.dates(dt.date(1971, 1, 1), dt.date(2098, 12, 30)), min_size=1, max_size=8),
    st.sampled_from(["%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%d %b %Y", "%Y-%m-%dT00:30:00+08:00"]),
)
def test_every_clear_spelling_gives_the_same_dates(days, spelling):
    assert dates_of(*(day.strftime(spelling) for day in days)) == [day.isoformat() for day in days]


@given(st.lists(st.dates(dt.date(1971, 1, 1), dt.date(2098, 12, 30)), min_size=1, max_size=8))
def test_a_column_is_right_or_asks(days):
    read = read_dates(pd.Series([day.strftime("%d/%m/%Y") for day in days]))
    assert read.question or [one.date() for one in read.found] == days
