import inspect
import pickle
from importlib import import_module
from pkgutil import walk_packages

import numpy as np
import pandas as pd
import pytest
from contract_world import draw_renewals
from order_world import draw_days, features
from sklearn.base import BaseEstimator, clone

from mcrlib import model
from mcrlib.model.crops import CropModel
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.purchases import PurchaseModel
from mcrlib.model.soil.renewals import RenewalModel, SameRate
from mcrlib.model.soil.spend import SpendModel
from mcrlib.model.tiers import ValueTiers

BOUGHT = features(draw_days(120, seed=5, k=2), "2022-12-31")
HARVESTED = BOUGHT.assign(harvest=0.4 * BOUGHT["revenue_12m"], margin_square=0.16 * BOUGHT["revenue_total"])
ENDED = draw_renewals(80, seed=5)
MONEY = pd.DataFrame(np.random.default_rng(1).lognormal(9, 1.5, (60, 2)), columns=["one", "other"])
#: Scikit-learn's checks feed random numbers, of which these learn nothing (or a letter, which they cannot subtract).
TABLES = {
    PurchaseModel(): (BOUGHT, None),
    SpendModel(): (BOUGHT, None),
    SoilModel(): (BOUGHT, None),
    CropModel(): (HARVESTED, None),
    RenewalModel(): (ENDED[["period", "touch"]], ENDED["renewed"]),
    SameRate(): (ENDED[["period", "touch"]], ENDED["renewed"]),
    ValueTiers(n_resamples=5): (MONEY, None),
}


def estimators():
    for module in walk_packages(model.__path__, "mcrlib.model."):
        for _, kind in inspect.getmembers(import_module(module.name), inspect.isclass):
            if issubclass(kind, BaseEstimator) and kind.__module__ == module.name:
                yield pytest.param(kind, id=kind.__name__)


@pytest.mark.parametrize("kind", list(estimators()))
def test_an_estimator_only_stores_what_it_is_given_and_can_be_cloned(kind):
    given = {name: object() for name in kind().get_params()}
    assert vars(kind(**given)) == given
    assert vars(clone(kind())) == vars(kind())


@pytest.fixture(params=TABLES, ids=lambda estimator: type(estimator).__name__)
def learned(request):
    X, y = TABLES[request.param]
    return clone(request.param).fit(X, y), X, y


def said(estimator, X):
    return pd.DataFrame(estimator.predict(X)).reset_index(drop=True)


def test_fit_learns_into_names_with_an_underscore_and_changes_nothing_else(learned):
    estimator, X, y = learned
    before, given = X.copy(), estimator.get_params()
    assert estimator.fit(X, y) is estimator
    pd.testing.assert_frame_equal(X, before)
    assert estimator.get_params() == given
    assert all(name.endswith("_") for name in vars(estimator).keys() - given.keys())


def test_learning_again_or_from_a_file_predicts_the_same(learned):
    estimator, X, y = learned
    first = said(estimator, X)
    pd.testing.assert_frame_equal(said(pickle.loads(pickle.dumps(estimator)), X), first)
    pd.testing.assert_frame_equal(said(estimator.fit(X, y), X), first)


def test_what_is_said_of_an_account_does_not_depend_on_who_else_is_asked(learned):
    estimator, X, _ = learned
    whole, few = said(estimator, X), [7, 3, 40]
    pd.testing.assert_frame_equal(said(estimator, X.iloc[few]), whole.iloc[few].reset_index(drop=True), rtol=1e-9)


def test_a_missing_column_is_named(learned):
    estimator, X, y = learned
    assert estimator.n_features_in_ == len(estimator.feature_names_in_)
    lacking = X.drop(columns=estimator.feature_names_in_[-1])
    with pytest.raises(ValueError, match=estimator.feature_names_in_[-1]):
        estimator.predict(lacking)
    if isinstance(estimator, PurchaseModel | SpendModel | SoilModel | CropModel):  # which know their columns by name
        with pytest.raises(ValueError, match=f"lack the columns {estimator.feature_names_in_[-1]}"):
            clone(estimator).fit(lacking, y)
