import inspect
from importlib import import_module
from pkgutil import walk_packages

import pytest
from sklearn.base import BaseEstimator, clone

from mcrlib import model


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
