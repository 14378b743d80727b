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


def test_a_plain_price_ratio_is_asked_for():
    assert "discount_rate" in read_ratios(pd.Series(["8.5"]), price=True).question
    assert not read_ratios(pd.Series(["85折", "0"]), price=True).question


def test_a_share_outside_its_bounds_is_left_out_and_named():
    read = read_ratios(pd.Series(["1000", "50"]))
    assert read.found.tolist()[1] == 0.5 and read.faults.tolist()[0] == "out_of_range"
