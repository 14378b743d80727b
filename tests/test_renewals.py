import numpy as np
import pandas as pd
import pytest
from contract_world import draw_renewals
from estimators import RANDOM_TABLES
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.model.soil.renewals import RenewalModel, SameRate

REFUSED = dict.fromkeys(RANDOM_TABLES, "feeds random numbers where a period, a whole number from 1 on, must stand")


NOT_DECIDED = "feeds outcomes other than renewed or not: refused"
#: Which only counts the outcomes, so that it takes any table.
PASSED = {
    "check_pipeline_consistency", "check_estimators_pickle", "check_fit2d_1sample", "check_fit_idempotent",
    "check_fit_check_is_fitted", "check_n_features_in",
}  # fmt: skip
UNDECIDED = dict.fromkeys(set(RANDOM_TABLES) - PASSED, NOT_DECIDED)


@parametrize_with_checks(
    [RenewalModel(), SameRate()],
    expected_failed_checks=lambda model: UNDECIDED if isinstance(model, SameRate) else REFUSED,
    xfail_strict=True,
)
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


def fitted(rows):
    return RenewalModel().fit(rows[["period", "touch"]], rows["renewed"])


def test_recovery_of_churn_strength_and_effect():
    inside = np.zeros(3)
    for seed in range(40):
        model = fitted(draw_renewals(300, seed))
        a = 0.6 * np.exp(-0.5 * model.center_[0])  # at the mean of the covariate
        truth = np.array([a / (a + 1.8), a + 1.8, -0.5 * model.scale_[0]])
        inside += model.parameters_["low"].le(truth) & model.parameters_["high"].ge(truth)
    assert (inside / 40 >= 0.65).all()  # 80 % intervals; 40 worlds leave that much to chance


@pytest.mark.parametrize("n", [1, 10])
@pytest.mark.parametrize("outcome", [0.0, 1.0, None])
def test_ten_contracts_fit_even_when_all_end_alike(n, outcome):
    rows = draw_renewals(n, seed=2)
    model = fitted(rows if outcome is None else rows.assign(renewed=outcome))
    assert np.isfinite(model.parameters_[["value", "low", "high"]].to_numpy()).all()
    assert 0.005 < model.parameters_["value"][0] < 0.95


def test_the_longer_a_contract_has_lived_the_likelier_it_lives_on():
    model = fitted(draw_renewals(100, seed=3))
    chance = model.survival(pd.DataFrame({"period": range(1, 9), "touch": 0.0}))[:, 0]
    assert (np.diff(chance) > 0).all()


def test_expected_renewals_are_those_of_the_beta_law():
    model = fitted(draw_renewals(100, seed=3))
    asked = pd.DataFrame({"period": [3], "touch": [model.center_[0]]})
    a, b = model.a_, model.b_ + 2
    products = np.cumprod([(b + i) / (a + b + i) for i in range(4)])
    np.testing.assert_allclose(model.predict(asked, 4), [products.sum()])
    # Fader and Hardie: the sum of a beta law's survivals telescopes
    closed = b / (a - 1) * (1 - np.prod([(b + 1 + i) / (a + b + i) for i in range(4)]))
    np.testing.assert_allclose(products.sum(), closed)


def test_an_unknown_covariate_counts_as_the_usual_one():
    model = fitted(draw_renewals(100, seed=3))
    asked = pd.DataFrame({"period": [1, 1], "touch": [np.nan, model.center_[0]]})
    assert model.predict(asked)[0] == pytest.approx(model.predict(asked)[1])


def test_what_is_no_period_or_no_outcome_is_refused():
    with pytest.raises(ValueError, match="1 of 2 rows are not, first at position 1"):
        RenewalModel().fit([[1.0], [0.5]], [1.0, 0.0])
    with pytest.raises(ValueError, match="1 or 0"):
        RenewalModel().fit([[1.0], [2.0]], [1.0, 0.5])


def test_the_plain_share_gives_every_contract_its_rate_and_counts_its_doubt():
    rows = pd.DataFrame({"period": np.ones(20)})
    rate = SameRate().fit(rows, np.r_[np.ones(15), np.zeros(5)])
    assert rate.survival(rows.head(2), 2) == pytest.approx(np.tile([15.5 / 21, (15.5 / 21) ** 2], (2, 1)))
    # E[p^2] of the beta law lies above its mean squared, more so than one rate for all says.
    assert rate.survival_doubted(rows.head(1), 2) == pytest.approx(np.array([[15.5 / 21, 15.5 * 16.5 / (21 * 22)]]))
