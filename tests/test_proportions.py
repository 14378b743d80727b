import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.model.proportions import share_bounds


def test_the_bounds_of_a_share_are_those_of_jeffreys():
    low, high = share_bounds([0.5, 0.1], [10, 100])
    assert low == pytest.approx([0.3099, 0.0672], abs=1e-4)
    assert high == pytest.approx([0.6901, 0.1441], abs=1e-4)
    wider = share_bounds(0.5, 10, level=0.90)
    assert wider[0] < low[0] and wider[1] > high[0]


def test_a_share_of_none_and_one_of_all_lie_on_their_bounds():
    low, high = share_bounds([0.0, 1.0], [20, 20])
    assert low.tolist() == [0.0, pytest.approx(1 - high[0])]
    assert high.tolist() == [pytest.approx(0.0646, abs=1e-4), 1.0]


def test_a_share_that_is_not_known_has_no_bounds():
    assert np.isnan(share_bounds([np.nan], [0])).all()


@given(st.integers(1, 500), st.data())
def test_every_share_lies_between_its_bounds(n, data):
    share = data.draw(st.integers(0, n)) / n
    low, high = share_bounds(share, n)
    assert 0 <= low <= share <= high <= 1
