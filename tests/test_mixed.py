import dataclasses

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.histories import Histories
from mcrlib.model.soil.mixed import Mixed
from mcrlib.model.soil.purchases import PurchaseModel

SEEN = Histories(
    frequency=np.array([0.0, 1, 3, 40]),
    recency=np.array([0.0, 30, 200, 900]),
    T=np.array([400.0, 31, 500, 905]),
    log_gaps=np.array([0.0, 3.4, 12.0, 120.0]),
)
USUAL = Cnbd(6.0, 900.0, 0.8, 8.0, 2)


def test_says_what_each_law_says_as_often_as_it_explains_what_the_account_did():
    law = Mixed(USUAL, 0.1)
    usual, wide = np.log(0.9) + USUAL.log_likelihood(SEEN), np.log(0.1) + law.wide.log_likelihood(SEEN)
    chance = np.exp(wide) / (np.exp(usual) + np.exp(wide))
    assert chance[3] > 0.99 > 0.3 > chance[0]
    assert law.log_likelihood(SEEN) == pytest.approx(np.logaddexp(usual, wide))
    for said in (lambda one: one.p_alive(SEEN), lambda one: one.at_least(np.array([3.0]), SEEN, 365.0)[:, 0]):
        assert said(law) == pytest.approx((1 - chance) * said(USUAL) + chance * said(law.wide))
    assert law.tails(32, SEEN, 365.0) == pytest.approx(law.at_least(np.arange(1, 33), SEEN, 365.0), abs=1e-12)


def test_the_wide_law_orders_three_times_as_often_on_average_and_leaves_as_all_do():
    wide = Mixed(USUAL, 0.1).wide
    assert wide.r / wide.alpha == pytest.approx(3 * USUAL.r / USUAL.alpha)
    assert (wide.a, wide.b, wide.k) == (USUAL.a, USUAL.b, USUAL.k)


def test_the_gradient_is_the_slope_of_the_likelihood():
    law = Mixed(USUAL, 0.1)

    def moved(name: str, step: float) -> np.ndarray:
        if name == "share":
            return dataclasses.replace(law, share=law.share + step).log_likelihood(SEEN)
        usual = dataclasses.replace(USUAL, **{name: getattr(USUAL, name) + step})
        return dataclasses.replace(law, usual=usual).log_likelihood(SEEN)

    for name, slope in zip(("r", "alpha", "a", "b", "share"), law.with_slopes(SEEN)[1], strict=True):
        step = 1e-6 * getattr(USUAL, name, 0.1)
        assert slope == pytest.approx((moved(name, step) - moved(name, -step)) / (2 * step), rel=1e-4, abs=1e-6)


def test_a_giant_beside_many_alike_is_expected_to_order_as_it_did():
    """90 accounts with 3 repeats in 800 days, give or take, and one with 24: a gamma alone expects half of that."""
    repeats = np.append(np.tile([1.0, 2, 3, 3, 4, 5], 15), 24.0)
    table = pd.DataFrame(
        {"frequency": repeats, "recency": 760.0, "T": 800.0, "log_gaps": repeats * np.log(760 / repeats)}
    )
    model = PurchaseModel().fit(table)
    own = 24 / 800 * 365
    assert model.predict(table, 365)[-1] == pytest.approx(own, rel=0.15)


def test_recovery_of_giants_beside_many_alike():
    usual, giants = (
        draw_days(n, seed=4, r=r, alpha=alpha, a=0.2, b=6.0) for n, r, alpha in ((570, 6.0, 120.0), (30, 8.0, 15.0))
    )
    days = pd.concat([usual, giants.assign(account_id="g" + giants["account_id"])], ignore_index=True)
    table = features(days, "2023-12-31")
    came = days[(days["date"] > "2023-12-31") & (days["date"] <= "2024-12-31")].groupby("account_id").size()
    actual = table["account_id"].map(came).fillna(0).to_numpy()
    model, giant = PurchaseModel().fit(table), table["account_id"].str.startswith("g").to_numpy()
    expected = model.predict(table, 365)
    assert expected[giant].sum() == pytest.approx(actual[giant].sum(), rel=0.15)
    assert expected[~giant].sum() == pytest.approx(actual[~giant].sum(), rel=0.10)


def test_one_gamma_that_fits_all_stands_alone():
    model = PurchaseModel().fit(features(draw_days(400, seed=3, r=3.0), "2023-12-31"))
    assert isinstance(model.law_, Cnbd)
