from types import SimpleNamespace

import pandas as pd

from mcrlib.judge.soil import soil_doubts

NAN = float("nan")


def doubts(values, basis="orders", *, status="ok", parts="fitted", **choice):
    soil = pd.DataFrame({"soil_value": values, "soil_basis": basis})
    used = SimpleNamespace(**{"model": "kit", "origins": 3, "horizon_days": 60, "weights": {}} | choice)
    seen = {"choice_": used, "parts_": parts, "history_days_": 180.0, "horizon_years": 5.0}
    return soil_doubts(soil, SimpleNamespace(**seen, status=status))


def said(*values, **other):
    return [doubt.code for doubt in doubts(*values, **other)]


def test_unknown_unjudged_and_replaced_forecasts_are_said():
    assert said([NAN], parts=None, origins=0) == ["not_enough_data"]
    assert said([1.0], origins=0) == ["unjudged_forecast"]
    assert said([1.0], model="same_rate") == ["baseline_used"]


def test_one_account_without_a_soil_value_is_said_as_one():
    for values, who in (([NAN], "1 account: it first"), ([NAN, NAN], "2 accounts: they first")):
        (doubt,) = doubts(values, parts=None)
        assert doubt.message == f"not enough data for the soil value of {who} ordered on the last day"


def test_a_horizon_far_beyond_the_history_is_said_with_its_limits():
    (weak,) = doubts([1.0], status="weak")
    assert weak.code == "short_history"
    assert "5 years ahead from 180 days of orders" in weak.message and "judged over 60 days" in weak.message
    (unknown,) = doubts([NAN], status="not_available", origins=0)
    assert unknown.code == "not_enough_data" and "on record for 180 days" in unknown.message
    assert said([1.0], status="weak", model="last_year") == ["short_history", "baseline_used"]


def test_where_accounts_do_not_differ_it_is_said():
    assert said([1.0], weights={"base": 0.5, "everyone": 0.5}) == ["little_signal"]


def test_a_judged_forecast_of_the_kit_leaves_no_doubt():
    assert said([1.0], weights={"base": 0.6, "everyone": 0.4}) == []
    assert said([NAN], basis="none", origins=0, status="not_available", parts=None) == []
