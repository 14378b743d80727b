import numpy as np
import pandas as pd
from order_world import draw_days, features, never_ordered

from mcrlib.model.soil.histories import Histories, complaints, has_ordered


def history(*rows):
    return Histories(*np.array(rows, dtype=float).T)


def test_equal_histories_are_counted_once_with_their_mean_log_gaps():
    rows, counts, group = history((1, 5, 9, 1.0), (0, 0, 9, 0), (1, 5, 9, 2.0)).compressed()
    assert rows.frequency.tolist() == [0, 1]
    assert rows.log_gaps.tolist() == [0, 1.5]
    assert counts.tolist() == [1, 2]
    assert group.tolist() == [1, 0, 1]


def test_all_complaints_are_said_at_once():
    said = complaints(history((-1, 5, 9, 0), (1, 12, 9, 0), (1, 5, 9, 0)))
    assert said == [
        "frequency must be a whole number of at least 0: 1 of 3 rows, first at position 0",
        "recency must lie between 0 and T: 1 of 3 rows, first at position 1",
    ]


def test_regular_gaps_are_the_limit_of_log_gaps():
    assert complaints(history((2, 20, 30, 2 * np.log(10)))) == []
    assert "log_gaps" in complaints(history((2, 20, 30, 2 * np.log(11))))[0]


def test_accounts_that_never_ordered_have_no_history():
    both = pd.concat([features(draw_days(3, seed=1), "2024-12-31"), never_ordered("x")])
    assert has_ordered(both).tolist() == [True, True, True, False]
