import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from estimators import RANDOM_TABLES
from order_world import draw_days, features
from sklearn.model_selection import cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.model.soil.histories import Histories
from mcrlib.model.soil.purchases import PurchaseModel

CDNOW = Path(__file__).parents[2] / "shared" / "data" / "cdnow" / "cdnow_customers_summary.csv"
REFUSED = dict.fromkeys(RANDOM_TABLES, "feeds random numbers that cannot be an order history: refused")


@parametrize_with_checks([PurchaseModel()], expected_failed_checks=lambda model: REFUSED, xfail_strict=True)
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


@pytest.fixture(scope="module")
def cdnow():
    if not CDNOW.exists():
        pytest.skip("the public CDNOW summary is not here")
    table = pd.read_csv(CDNOW)
    repeats = table["frequency"].clip(lower=1)
    return table.assign(log_gaps=repeats * np.log(table["recency"].where(table["frequency"] > 0, 1) / repeats))


@pytest.fixture(scope="module")
def histories():
    return features(draw_days(400, seed=3, k=3), "2023-12-31")


@pytest.mark.parametrize(
    ("family", "published"),
    [
        ("bg-nbd", {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}),
        ("pareto-nbd", {"r": 0.5533, "alpha": 10.578, "s": 0.606, "beta": 11.669}),
    ],
)
def test_finds_the_published_parameters_of_cdnow(cdnow, family, published):
    law = PurchaseModel(family, prior_weight=0).fit(cdnow).law_
    for name, value in published.items():
        assert getattr(law, name) == pytest.approx(value, rel=2e-3)


def test_the_priors_move_a_large_base_by_less_than_its_noise(cdnow):
    plain, weak = (PurchaseModel("bg-nbd", prior_weight=w).fit(cdnow).law_ for w in (0, 1))
    assert weak.r == pytest.approx(plain.r, rel=0.01)
    assert weak.b == pytest.approx(plain.b, rel=0.01)


@pytest.mark.parametrize(("k", "found"), [(1, {1}), (4, {3, 4, 5})])
def test_recovery_of_the_rhythm(k, found):
    days = draw_days(800, seed=7, k=k, alpha=60.0)
    assert PurchaseModel().fit(features(days, "2023-12-31")).k_ in found


def test_recovery_of_the_parameters():
    law = (
        PurchaseModel().fit(features(draw_days(3000, seed=5, k=2, r=2.0, alpha=60.0, a=0.6, b=4.0), "2024-12-31")).law_
    )
    assert law.r / law.alpha / law.k == pytest.approx(1 / 60, rel=0.10)
    assert law.a / (law.a + law.b) == pytest.approx(0.6 / 4.6, rel=0.15)
    assert law.r == pytest.approx(2.0, rel=0.20)


def test_recovery_of_what_comes_next():
    days = draw_days(2000, seed=11, k=3)
    table = features(days, "2022-12-31")
    came = days[(days["date"] > "2022-12-31") & (days["date"] <= "2023-12-31")].groupby("account_id").size()
    actual = table["account_id"].map(came).fillna(0)
    model = PurchaseModel().fit(table)
    expected = model.predict(table, 365)
    assert expected.sum() == pytest.approx(actual.sum(), rel=0.05)
    nobody = model.predict_distribution(table, 365)[0]
    assert nobody.mean() == pytest.approx((actual == 0).mean(), abs=0.03)


@pytest.mark.parametrize("family", ["mbg-cnbd-k", "bg-nbd", "pareto-nbd"])
def test_the_distribution_has_the_expected_mean(histories, family):
    model = PurchaseModel(family).fit(histories)
    chances = model.predict_distribution(histories, 180, most=60)
    assert chances.sum(axis=1).to_numpy() == pytest.approx(1.0)
    assert (chances.to_numpy() >= -1e-12).all()
    mean = (chances * np.arange(61)).sum(axis=1).to_numpy()
    assert mean == pytest.approx(model.predict(histories, 180), abs=1e-4)


def test_a_longer_horizon_brings_more_and_a_longer_silence_less(histories):
    model = PurchaseModel().fit(histories)
    assert (model.predict(histories, 730) > model.predict(histories, 365)).all()
    silent = pd.DataFrame({"frequency": 5.0, "recency": 200.0, "T": [210.0, 500.0, 1500.0], "log_gaps": 5 * np.log(40)})
    assert (np.diff(model.p_alive(silent)) < 0).all()


def test_equal_accounts_get_equal_numbers_whoever_stands_beside_them(histories):
    model = PurchaseModel().fit(histories)
    assert model.predict(histories.iloc[::-1])[::-1] == pytest.approx(model.predict(histories), rel=1e-12)
    uniform = np.linspace(0.01, 0.99, 20)
    assert (model.draw(histories.iloc[:3], uniform) == model.draw(histories, uniform)[:3]).all()


@pytest.mark.parametrize("n", [1, 2, 20])
def test_few_accounts_are_enough(histories, n):
    few = histories.head(n)
    expected = PurchaseModel().fit(few).predict(few, 365)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()


@pytest.mark.parametrize("family", ["mbg-cnbd-k", "bg-nbd", "pareto-nbd"])
def test_accounts_with_one_order_each_expect_few_more(family):
    once = pd.DataFrame({"frequency": 0, "recency": 0.0, "T": np.arange(1.0, 41.0) * 20, "log_gaps": 0.0})
    expected = PurchaseModel(family).fit(once).predict(once, 365)
    assert np.isfinite(expected).all()
    assert expected.max() < 0.5


def test_a_daily_buyer_among_rare_ones_stays_finite(histories):
    giant = pd.DataFrame({"frequency": [1400.0], "recency": [1400.0], "T": [1400.0], "log_gaps": [0.0]})
    table = pd.concat([histories[giant.columns], giant], ignore_index=True)
    expected = PurchaseModel().fit(table).predict(table, 1825)
    assert np.isfinite(expected).all()
    assert expected[-1] == pytest.approx(1825, rel=0.5)


def test_score_is_the_mean_log_likelihood_and_serves_cross_validation(histories):
    model = PurchaseModel().fit(histories)
    assert model.score(histories) == pytest.approx(model.log_likelihood_ / len(histories))
    regular, irregular = (cross_val_score(PurchaseModel(max_k=k), histories, cv=3).mean() for k in (12, 1))
    assert regular > irregular


def test_refits_and_pickles_to_the_same(histories):
    model = PurchaseModel().fit(histories)
    again = pickle.loads(pickle.dumps(PurchaseModel().fit(histories)))
    assert again.law_ == model.law_


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"frequency": 1.5}, "frequency must be a whole number of at least 0: 1 of 2 rows, first at position 0"),
        ({"frequency": -1.0}, "frequency must be a whole number"),
        ({"recency": 90.0}, "recency must lie between 0 and T"),
        ({"frequency": 0.0}, "recency must be 0 exactly where frequency is 0"),
        ({"log_gaps": 99.0}, "log_gaps exceeds"),
    ],
)
def test_refuses_what_cannot_be_an_order_history(change, sentence):
    table = pd.DataFrame({"frequency": [2.0, 0], "recency": [40.0, 0], "T": [80.0, 50], "log_gaps": [5.9, 0]})
    PurchaseModel().fit(table)
    for column, value in change.items():
        table.loc[0, column] = value
    with pytest.raises(ValueError, match=sentence):
        PurchaseModel().fit(table)


def test_refuses_a_portfolio_of_which_no_time_was_seen():
    table = pd.DataFrame({"frequency": [0, 0], "recency": [0.0, 0], "T": [0.0, 0], "log_gaps": [0.0, 0]})
    with pytest.raises(ValueError, match="not enough data: no time has passed since the first order of any of 2"):
        PurchaseModel().fit(table)


def test_refuses_an_unknown_family():
    with pytest.raises(ValueError, match="family must be one of mbg-cnbd-k, bg-nbd, pareto-nbd, not 'x'"):
        PurchaseModel("x").fit(pd.DataFrame({"frequency": [0], "recency": [0], "T": [1], "log_gaps": [0]}))


def test_one_skipped_beat_of_a_strict_rhythm_is_no_proof_that_an_account_has_left():
    n = 60
    strict = pd.DataFrame(
        {"frequency": 10.0, "recency": 900.0, "T": 930.0, "log_gaps": 10 * np.log(90.0)}, index=range(n)
    )
    late = strict.assign(T=1070.0)
    model = PurchaseModel().fit(pd.concat([strict, late.head(3)]))
    assert model.k_ > 1
    plain = model.plain_law_.p_alive(Histories(*late.head(1).to_numpy().T))
    assert model.p_alive(late.head(1)) >= 0.25 * plain
