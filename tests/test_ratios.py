import pandas as pd
import pytest

from mcrlib.read.ratios import read_ratios


@pytest.mark.parametrize(
    ("texts", "unit", "shares"),
    [
        (["45%", "5%"], "", [0.45, 0.05]),
        (["45", "100", "0"], "", [0.45, 1.0, 0.0]),
        (["0.45", "1"], "", [0.45, 1.0]),
        (["0.5", "1"], "%", [0.005, 0.01]),
        (["85折", "9折"], "", [0.15, 0.1]),
        (["45%", "0.5"], "", [0.45, 0.5]),
    ],
)
def test_shares_are_decided_over_the_column(texts, unit, shares):
    assert read_ratios(pd.Series(texts), unit=unit).found.round(10).tolist() == shares


def test_fractions_beside_large_numbers_are_asked_for():
    assert "percent or share" in read_ratios(pd.Series(["0.5", "60"])).question


@pytest.mark.parametrize(
    ("percent", "shares"), [(True, [0.005, 0.6]), (False, [0.5, None])], ids=["written 0-100", "written 0-1"]
)
def test_the_client_says_how_shares_are_written(percent, shares):
    found = read_ratios(pd.Series(["0.5", "60"]), percent=percent)
    assert not found.question
    assert found.found.astype(object).where(found.found.notna(), None).tolist() == shares
    assert found.faults.notna().tolist() == [False, not percent]


def test_a_sign_in_a_value_wins_over_what_the_file_says():
    assert read_ratios(pd.Series(["5%", "85折"]), percent=False).found.round(10).tolist() == [0.05, 0.15]


def test_a_plain_price_ratio_is_asked_for():
    assert "discount_rate" in read_ratios(pd.Series(["8.5"]), price=True).question
    assert not read_ratios(pd.Series(["85折", "0"]), price=True).question


def test_a_share_outside_its_bounds_is_left_out_and_named():
    read = read_ratios(pd.Series(["1000", "50"]))
    assert read.found.tolist()[1] == 0.5 and read.faults.tolist()[0] == "out_of_range"
