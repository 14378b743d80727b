from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.judge.concentration import concentration, concentration_curve


def test_equal_customers_are_not_concentrated():
    got = concentration(pd.Series([7.0] * 40))
    assert (got.n, got.status) == (40, "ok")
    assert got.top_ten == pytest.approx(0.25) == got.equal_ten
    assert got.top_fifth == pytest.approx(0.2)
    assert got.share_for_80 == pytest.approx(0.8)
    assert got.gini == pytest.approx(0)
    assert got.effective == pytest.approx(40)


def test_five_customers_that_bring_eighty_percent():
    got = concentration(pd.Series([16.0] * 5 + [20 / 95] * 95))
    assert got.top_five == pytest.approx(0.8)
    assert got.share_for_80 == pytest.approx(0.05)
    assert got.top_ten == pytest.approx(0.8 + 0.05 * 20 / 95, rel=0.01)


def test_gini_by_hand():
    assert concentration(pd.Series([1.0, 3.0])).gini == pytest.approx(0.25)


def test_returns_and_zeros_are_no_customers_and_few_customers_say_little():
    got = concentration(pd.Series([5.0, 0.0, -3.0, np.nan]))
    assert (got.n, got.top_ten, got.gini, got.effective, got.status) == (1, 1.0, 0.0, 1.0, "weak")


def test_nobody_bought():
    got = concentration(pd.Series([], dtype=float))
    assert (got.n, got.status, np.isnan(got.top_ten)) == (0, "not_available", True)
    assert concentration_curve(pd.Series([0.0])).to_numpy().tolist() == [[0, 0, 0]]


def test_the_curve_adds_up_from_the_largest():
    got = concentration_curve(pd.Series([1.0, 3.0]))
    expected = pd.DataFrame(
        {"rank": [0, 1, 2], "share_of_customers": [0.0, 0.5, 1.0], "share_of_value": [0.0, 0.75, 1.0]}
    )
    pd.testing.assert_frame_equal(got, expected)


@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=60), st.floats(0.001, 1000))
def test_shares_stay_shares_and_the_currency_does_not_matter(values, rate):
    got, other = concentration(pd.Series(values)), concentration(pd.Series(values) * rate)
    assert 0 <= got.gini + 1e-9 <= 1 and 1 <= got.effective + 1e-9 <= got.n + 1e-6
    assert got.top_five <= got.top_ten + 1e-9 <= 1 + 1e-6
    assert other.gini == pytest.approx(got.gini, abs=1e-9)
