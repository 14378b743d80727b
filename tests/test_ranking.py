import numpy as np
import pandas as pd
import pytest

from mcrlib.model.ranking import among_highest, gini, in_top_share

CAME = np.array([0.0, 10, 20, 70])


def test_the_right_order_is_1_the_wrong_one_minus_1_and_none_is_0():
    assert gini(CAME, CAME**2) == pytest.approx(1)
    assert gini(CAME, -CAME) == pytest.approx(-1)
    assert gini(CAME, np.ones(4)) == pytest.approx(0)


def test_equal_ones_share_their_place():
    both = gini(CAME, np.array([1.0, 2, 3, 3]))
    assert both == pytest.approx((gini(CAME, np.array([1.0, 2, 3, 4])) + gini(CAME, np.array([1.0, 2, 4, 3]))) / 2)


def test_a_weight_counts_an_account_so_often():
    by, counts = np.array([4.0, 1, 2, 3]), np.array([1, 0, 2, 3])
    assert gini(CAME, by, counts.astype(float)) == pytest.approx(gini(CAME.repeat(counts), by.repeat(counts)))


@pytest.mark.parametrize("came", [np.zeros(3), np.ones(3)])
def test_where_all_brought_the_same_no_order_is_right_or_wrong(came):
    assert np.isnan(gini(came, np.arange(3.0)))


@pytest.mark.parametrize(
    ("room", "taken"),
    [(1, [0, 0, 0, 1]), (2, [0, 0.5, 0.5, 1]), (0.5, [0, 0, 0, 0.5]), (4, [1, 1, 1, 1]), (9, [1, 1, 1, 1])],
)
def test_of_those_that_tie_at_the_edge_each_is_taken_in_part(room, taken):
    assert among_highest(np.array([-np.inf, 5, 5, 7]), room).tolist() == taken


@pytest.mark.parametrize(("n", "share", "taken"), [(26, 0.1, 2), (30, 0.1, 3), (9, 0.1, 0), (15, 0.2, 3)])
def test_a_share_takes_as_many_whole_accounts_as_fit(n, share, taken):
    value = pd.Series(np.arange(n, dtype=float))
    assert in_top_share(value, share).tolist() == [False] * (n - taken) + [True] * taken
    assert in_top_share(value * 0, share).tolist() == [True] * taken + [False] * (n - taken)
