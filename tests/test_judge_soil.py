from types import SimpleNamespace

import pandas as pd

from mcrlib.judge.soil import soil_doubts


def said(values, alive, basis="orders", **choice):
    soil = pd.DataFrame({"soil_value": values, "p_alive": alive, "soil_basis": basis})
    return [doubt.code for doubt in soil_doubts(soil, SimpleNamespace(**choice))]


def test_unknown_unjudged_and_replaced_forecasts_are_said():
    assert said([float("nan")], [float("nan")], model="kit", origins=0) == ["not_enough_data"]
    assert said([1.0], [0.5], model="kit", origins=0) == ["unjudged_forecast"]
    assert said([1.0], [0.5], model="same_rate", origins=3) == ["baseline_used"]


def test_where_accounts_do_not_differ_it_is_said():
    assert said([1.0], [0.5], model="kit", origins=3, weights={"base": 0.5, "everyone": 0.5}) == ["little_signal"]


def test_a_judged_forecast_of_the_kit_leaves_no_doubt():
    assert said([1.0], [0.5], model="kit", origins=3, weights={"base": 0.6, "everyone": 0.4}) == []
    assert said([float("nan")], [float("nan")], basis="none", model="kit", origins=0, weights={"base": 1.0}) == []
