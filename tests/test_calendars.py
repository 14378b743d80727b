"""Dates of other calendars and languages."""

import pandas as pd
import pytest

from mcrlib.read.calendars import months, to_western
from mcrlib.read.dates import read_dates


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("14. Januar 2023", "2023-01-14"),
        ("16. Mrz. 2023", "2023-03-16"),
        ("3 févr. 2023", "2023-02-03"),
        ("1er août 2023", "2023-08-01"),
        ("14 de enero de 2023", "2023-01-14"),
        ("01/abr/2023", "2023-04-01"),
        ("Dienstag, 5. März 2024", "2024-03-05"),
        ("mar 5 mar 2024", "2024-03-05"),
        ("mar. 26/03/2024", "2024-03-26"),
        ("Mar 5, 2024", "2024-03-05"),
        ("Mar. 5th, 2024", "2024-03-05"),
        ("mar, 5 de marzo de 2024", "2024-03-05"),
        ("民國112年11月28日", "2023-11-28"),
        ("令和元年5月1日", "2019-05-01"),
        ("099/12/31", "2010-12-31"),
        ("1120114", "2023-01-14"),
        ("二〇二三年十一月二十四日", "2023-11-24"),
        ("/Date(1673654400000)/", "2023-01-14"),
    ],
)
def test_a_date_of_another_calendar_or_language_is_read(written, meant):
    found = read_dates(pd.Series([written], dtype="str"))
    assert str(found.found[0])[:10] == meant
    assert not found.question


def test_seven_digits_are_a_year_of_the_republic_only_where_the_whole_column_is_written_so():
    assert to_western(["1120114", "1130305"]) == ["2023-01-14", "2024-03-05"]
    assert to_western(["1120114", "2024-03-05"]) == ["1120114", "2024-03-05"]


def test_a_word_that_means_two_months_is_none():
    assert "mar" in months()
    assert all(1 <= month <= 12 for month in months().values())


def test_an_impossible_day_of_another_calendar_is_no_date():
    assert list(read_dates(pd.Series(["112/02/30", "112/01/05"], dtype="str")).faults.fillna("")) == [
        "impossible_date",
        "",
    ]
