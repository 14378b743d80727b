import numpy as np
import pytest

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.counts import drawn_orders, expected_orders
from mcrlib.model.soil.histories import Histories
from mcrlib.model.soil.pareto import Pareto

LAW = Cnbd(2.0, 20.0, 0.2, 9.0, 2)
SEEN = Histories(np.array([0.0, 12, 700]), np.array([0.0, 300, 1400]), np.array([300.0, 320, 1401]), np.zeros(3))


def test_the_expected_number_is_the_sum_of_all_tail_probabilities():
    every = LAW.at_least(np.arange(1, 4000), SEEN, 1825.0).sum(axis=1)
    assert expected_orders(LAW, SEEN, 1825.0) == pytest.approx(every, rel=3e-4)


def test_the_closed_form_of_pareto_nbd_is_the_sum_of_its_tail_probabilities():
    for s in (0.6, 1.0, 2.5):
        law = Pareto(0.6, 10.0, s, 12.0)
        every = law.at_least(np.arange(1, 2000), SEEN, 365.0).sum(axis=1)
        assert expected_orders(law, SEEN, 365.0) == pytest.approx(every, rel=1e-3)


def test_draws_have_the_expected_mean():
    uniform = (np.arange(2000) + 0.5) / 2000
    drawn = drawn_orders(LAW, SEEN, 365.0, uniform)
    assert drawn.mean(axis=1) == pytest.approx(expected_orders(LAW, SEEN, 365.0), rel=0.002)


def test_no_order_where_the_chance_of_one_is_smaller_than_the_number_drawn():
    assert drawn_orders(LAW, SEEN, 1e-9, np.array([0.5])).tolist() == [[0.0], [0.0], [0.0]]


def test_a_draw_counts_the_orders_that_are_likelier_than_its_number_whatever_the_order_of_the_numbers():
    few, uniform = SEEN.take([0, 1]), np.random.default_rng(1).uniform(0.001, 1.0, 50)
    likely = LAW.at_least(np.arange(1.0, 33), few, 180.0)
    counted = (likely[:, :, None] > uniform).sum(axis=1)
    assert drawn_orders(LAW, few, 180.0, uniform).tolist() == counted.tolist()


def test_what_is_asked_again_is_not_counted_again_and_none_who_asks_can_change_it():
    first = expected_orders(LAW, SEEN, 500.0)
    assert expected_orders(LAW, SEEN.take([0, 1, 2]), 500.0) is first
    assert expected_orders(LAW, SEEN.take([1, 0, 2]), 500.0).tolist() == first[[1, 0, 2]].tolist()
    with pytest.raises(ValueError, match="read-only"):
        first += 1
