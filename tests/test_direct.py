import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features, outcomes
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.model.soil.direct import FAMILIES, Direct, DirectModel
from mcrlib.model.soil.evidence import COVARIATES, SIGNS, evidence
from mcrlib.model.soil.past import Past

AS_OF = dt.date(2022, 12, 31)
WEIGHED = {"check_sample_weight_equivalence_on_dense_data": "takes a weight for exposure, not for so many equal rows"}


@pytest.fixture(scope="module")
def days():
    return draw_days(500, seed=4, k=2)


@pytest.fixture(scope="module")
def past(days):
    return Past(partial(features, days), partial(outcomes, days))


def rows(n, **columns):
    return pd.DataFrame(dict.fromkeys(SIGNS, 0.0) | columns, index=range(n))


@parametrize_with_checks(
    [DirectModel(), DirectModel("trees")],
    expected_failed_checks=lambda model: WEIGHED if model.family == "formula" else {},
    xfail_strict=True,
)
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


@pytest.mark.parametrize("family", FAMILIES)
def test_recovery_of_an_effect_that_the_orders_do_not_show(family):
    rng = np.random.default_rng(1)
    breadth = rng.integers(0, 5, 2000).astype(float)
    came = rng.poisson(np.exp(0.4 * breadth - 1))
    said = DirectModel(family).fit(rows(2000, n_contacts=breadth), came).predict(rows(5, n_contacts=np.arange(5.0)))
    assert said.tolist() == pytest.approx(np.exp(0.4 * np.arange(5) - 1), rel=0.35)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_orders_foretold_rightly_is_left_as_it_is(family):
    rng = np.random.default_rng(3)
    rate = rng.gamma(2, 0.5, 3000)
    seen = rows(3000, expected_orders=np.log(rate), frequency=rng.normal(size=3000))
    model = DirectModel(family).fit(seen, rng.poisson(rate) / rate, rate)
    assert np.quantile(model.predict(seen), [0.1, 0.9]).tolist() == pytest.approx([1.0, 1.0], abs=0.1)


def test_few_accounts_hardly_move_the_formula():
    seen = rows(8, frequency=np.arange(8.0))
    assert DirectModel().fit(seen, np.arange(8.0) / 3.5).predict(seen) == pytest.approx(1.0, abs=0.15)


def test_trees_never_foresee_less_of_more_orders_and_never_more_of_a_longer_silence():
    rng = np.random.default_rng(2)
    seen = rows(1500, frequency=rng.normal(size=1500), silence=rng.normal(size=1500))
    model, steps = DirectModel("trees").fit(seen, rng.gamma(1, 1, 1500)), np.linspace(-2, 2, 30)
    assert np.diff(model.predict(rows(30, frequency=steps))).min() >= 0
    assert np.diff(model.predict(rows(30, silence=steps))).max() <= 0


def test_evidence_beyond_what_was_learned_counts_as_its_edge():
    model = DirectModel().fit(rows(100, frequency=np.linspace(0, 1, 100)), np.linspace(0, 2, 100))
    edge, beyond = model.predict(rows(2, frequency=[1.0, 50.0]))
    assert beyond == pytest.approx(edge, rel=0.02)


def test_where_nothing_followed_or_all_are_alike_nothing_is_learned():
    assert DirectModel().fit(rows(30, frequency=np.arange(30.0)), np.zeros(30)).predict(rows(2)).tolist() == [1, 1]
    assert DirectModel().fit(rows(2), [0.0, 2.0]).predict(rows(1)).tolist() == [1]


def test_refuses_an_unknown_family_and_a_factor_below_none():
    with pytest.raises(ValueError, match="family must be one of formula, trees, not 'x'"):
        DirectModel("x").fit(rows(2), [0.0, 2.0])
    with pytest.raises(ValueError, match="a factor is 0 or more: 1 of 2 are not"):
        DirectModel().fit(rows(2), [-1.0, 2.0])


def test_windows_end_by_the_date_and_are_no_longer_than_a_third_of_the_history(days):
    asked = []

    def outcomes_between(start, end):
        asked.append((start, end))
        return outcomes(days, start, end)

    learned = Direct.learn(Past(partial(features, days), outcomes_between), AS_OF, 365)
    assert learned.days == 364
    assert max(end for _, end in asked) == AS_OF
    assert sorted({(end - start).days for start, end in asked}) == [364]
    assert Direct.learn(Past(partial(features, days), outcomes_between), dt.date(2020, 1, 31), 365) is None


@pytest.mark.parametrize("ahead", [364, 1820])
def test_accounts_differ_more_or_less_but_bring_in_all_what_orders_foretell(past, ahead):
    direct, base, known = Direct.learn(past, AS_OF, 365), past.forecast(AS_OF), past.known(AS_OF)
    foretold = base.mean(known, ahead)
    for said in direct.predict(known, base, ahead).values():
        assert said.sum().tolist() == pytest.approx(foretold.sum().tolist())
        assert not np.allclose(said, foretold, rtol=0.01)
        assert list(said.index) == list(known.index)


def test_evidence_does_not_depend_on_the_currency(past):
    known, base = past.known(AS_OF), past.forecast(AS_OF)
    money = ["revenue_total", "gp_total", "revenue_3m", "revenue_12m"]
    dear = known.assign(**{name: known[name] * 7 for name in money})
    logs = np.log(7) * known["spend_n"]
    dear["spend_plain_log_sum"] += logs
    dear["spend_log_sum"] += np.log(7) * known["spend_log_weight"]
    squares = 2 * np.log(7) * known["spend_plain_log_sum"] + np.log(7) ** 2 * known["spend_n"]
    dear["spend_plain_log_square"] += squares
    pd.testing.assert_frame_equal(
        evidence(dear, type(base).learn(dear), 364), evidence(known, base, 364), rtol=1e-4, atol=1e-4
    )


def test_relationship_covariates_are_used_where_the_data_have_them(past):
    known = past.known(AS_OF).assign(n_contacts=3.0)
    assert [name for name in evidence(known, past.forecast(AS_OF), 364) if name in COVARIATES] == ["n_contacts"]


def test_a_portfolio_of_one_account_is_forecast(days):
    one = days[days["account_id"] == days["account_id"].value_counts().index[0]]
    past = Past(partial(features, one), partial(outcomes, one))
    foretold = past.forecast(AS_OF).mean(past.known(AS_OF), 365)
    for said in Direct.learn(past, AS_OF, 365).predict(past.known(AS_OF), past.forecast(AS_OF), 365).values():
        pd.testing.assert_frame_equal(said, foretold)
