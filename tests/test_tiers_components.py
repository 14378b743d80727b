import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from mcrlib.model.tiers.components import (
    Components,
    adjusted_rand,
    cut_by_components,
    find_components,
    follow_components,
)


def scores(n=200, seed=1, decimals=9):
    return np.sort(np.random.default_rng(seed).normal(0, 1.2, n).round(decimals))


@pytest.mark.parametrize(("n", "decimals"), [(30, 9), (200, 9), (200, 1)])
def test_a_draw_is_searched_as_scikit_learn_searches_it(n, decimals):
    start, draw = find_components(scores(n, decimals=decimals)), scores(n, seed=2, decimals=decimals)
    peer = GaussianMixture(
        4, covariance_type="tied", reg_covar=1e-3, max_iter=500, init_params="random_from_data", random_state=0,
        weights_init=start.shares, means_init=start.means[:, None], precisions_init=[[1 / start.variance]],
    ).fit(draw[:, None])  # fmt: skip
    found = follow_components(draw, start)
    np.testing.assert_allclose(found.shares, peer.weights_, rtol=1e-9)
    np.testing.assert_allclose(found.means, peer.means_[:, 0], rtol=1e-9)
    assert found.variance == pytest.approx(peer.covariances_[0, 0], rel=1e-9)


def test_a_draw_of_few_different_scores_has_fewer_components():
    found = follow_components(np.array([1.0, 1.0, 2.0, 5.0]), find_components(scores()))
    assert len(found.means) == 3
    assert follow_components(np.ones(4), find_components(scores())) is None


def test_a_component_without_accounts_leaves_its_tier_empty():
    two = Components(np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 4.0, 8.0, 9.0]), 1.0)
    assert cut_by_components(np.array([0.0, 1.0, 3.0, 4.0]), two).tolist() == [2.0, np.inf, np.inf]


@pytest.mark.parametrize("seed", range(5))
def test_agreement_is_the_adjusted_rand_index(seed):
    one, other = np.random.default_rng(seed).integers(0, 4, (2, 30))
    assert adjusted_rand(one, other) == pytest.approx(adjusted_rand_score(one, other))
    assert adjusted_rand(one, one) == 1.0


@pytest.mark.parametrize("one", [[0], [2, 2, 2], []])
def test_where_nothing_is_parted_all_agree(one):
    assert adjusted_rand(np.array(one, int), np.array(one, int)) == 1.0
