import numpy as np

from mcrlib.model.bootstrap import bootstrap_counts


def test_as_many_are_drawn_as_there_are_and_each_as_often_as_others():
    drawn = np.array(list(bootstrap_counts(5, draws=2000, seed=1)))
    assert drawn.shape == (2000, 5)
    assert (drawn.sum(axis=1) == 5).all()
    assert np.allclose(drawn.mean(axis=0), 1, atol=0.1)


def test_the_same_seed_draws_the_same():
    first, again, other = (np.array(list(bootstrap_counts(9, seed=seed))) for seed in (3, 3, 4))
    assert (first == again).all() and (first != other).any()
