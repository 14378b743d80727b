import datetime as dt
import json
from copy import copy
from functools import partial

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features, outcomes

from mcrlib.model.soil.cnbd import Cnbd
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.counts import expected_orders
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.histories import COLUMNS, Histories
from mcrlib.model.soil.kept import soil_facts
from mcrlib.model.soil.masked import Masked
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.parts import BASE
from mcrlib.model.soil.past import Past
from mcrlib.model.soil.prospects import Prospects
from mcrlib.model.soil.spend import Spread

AS_OF = dt.date(2022, 12, 31)


@pytest.fixture(scope="module")
def days():
    return draw_days(200, seed=3, k=2)


@pytest.fixture(scope="module")
def past(days):
    return Past(partial(features, days), partial(outcomes, days))


@pytest.fixture(scope="module")
def direct(past):
    return Direct.learn(past, AS_OF, 365)


@pytest.fixture(scope="module")
def fitted(days, past, direct):
    return SoilModel().fit(features(days, AS_OF), origins=rolling_origins(past, AS_OF, 365), direct=direct)


def read_again(model):
    return json.loads(json.dumps(soil_facts(model, AS_OF), allow_nan=False))


def test_whoever_reads_it_can_forecast_as_the_run_did(days, fitted):
    table, kept = features(days, AS_OF), read_again(fitted)["parts"][BASE]
    family, n = kept["orders"].pop("family"), kept["orders"].pop("accounts")
    law, seen = Cnbd(**kept["orders"]), Histories(*table[list(COLUMNS)].to_numpy(float).T)
    base = fitted.parts_.base
    np.testing.assert_allclose(expected_orders(law, seen, 365), base.orders(table, 365), rtol=1e-6)
    assert (family, n) == ("mbg-cnbd-k", len(table))
    spread = Spread(*(kept["order_value"][name] for name in ("mean", "between", "within")))
    assert spread.mean == pytest.approx(base.spend.spread_.mean)
    assert kept["order_value"]["margin"] == pytest.approx(base.spend.margin_)


def test_it_says_which_forecast_was_chosen_and_by_what(fitted):
    kept = read_again(fitted)
    assert kept["fitted"] == "2022-12-31"
    assert (kept["forecast"], kept["origins"], kept["judged_days"]) == (fitted.chosen, 3, 364)
    assert sum(kept["weights"].values()) == pytest.approx(1)
    assert set(kept["parts"]) == set(fitted.parts_.forecasts)


def test_nothing_of_a_single_account_is_in_it(days, fitted):
    text = json.dumps(soil_facts(fitted, AS_OF))
    assert not [name for name in days["account_id"].unique() if f'"{name}"' in text]
    assert len(text) < 6000


def test_the_direct_forecast_tells_what_each_sign_adds(fitted, direct):
    model = copy(fitted)
    model.parts_ = type(fitted.parts_)(fitted.parts_.forecasts, direct, None)
    kept = read_again(model)["direct"]
    assert kept["window_days"] == 364
    assert set(kept["revenue"]) == set(kept["columns"]) == set(direct.models["formula"]["revenue"].columns_)


def test_what_was_learned_of_accounts_that_never_ordered_is_in_it(fitted):
    rows = pd.DataFrame({"usual": [2.0], "spread": [0.5], "effect": [0.3]}, index=["employees"])
    formula = Masked(364, 50.0, rows, 0.1, np.eye(2))
    prospects = Prospects(formula, 0.4, 50, 9, (39, 90), (9, 8), np.ones(9), np.ones(9), (0.8, 1.1), 1)
    kept = json.loads(json.dumps(soil_facts(fitted, AS_OF, prospects), allow_nan=False))["prospects"]
    assert [kept[name] for name in ("accounts", "begun", "entry", "later", "margin")] == [50, 9, 0.8, 1.1, 0.4]
    assert (kept["first_chance"], kept["later_chance"]) == (0.2375, pytest.approx(8.2375 / 91))
    assert kept["formula"]["columns"] == {"employees": {"usual": 2.0, "spread": 0.5, "effect": 0.3}}
    assert read_again(fitted)["prospects"] is None
    assert read_again(fitted)["parts"][BASE]["order_value"]["variation"] > 0


def test_without_time_to_learn_from_there_are_no_parts(days):
    first = features(days, AS_OF).head(1).assign(frequency=0, recency=0.0, T=0.0)
    kept = read_again(SoilModel().fit(first))
    assert (kept["parts"], kept["direct"], kept["forecast"]) == ({}, None, "kit")
