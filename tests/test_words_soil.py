from types import SimpleNamespace

import pandas as pd
import pytest
from portfolio import run

from mcrlib.show import words


def choice(**other):
    return SimpleNamespace(**({"model": "kit", "origins": 3, "horizon_days": 364} | other))


BACKTEST = pd.DataFrame(
    [
        ("kit", "revenue", "coverage", 0.91, 30),
        ("kit", "revenue", "coverage_top_20", 0.7, 6),
        ("kit", "orders", "mae", 2.0, 30),
    ],
    columns=["model", "target", "metric", "value", "n"],
)


def test_it_is_said_which_forecast_is_used_and_how_far_it_was_judged():
    said = words.about_forecast(choice(), BACKTEST, run())
    assert said == (
        "In use is our forecast: it was judged at 3 earlier dates, over 364 days each. What an account then brought "
        "lay in its interval in 91% of 30 cases, of the fifth foretold highest in 70%; 80% is right. What lies beyond "
        "that span was never judged: it rests on the model."
    )


@pytest.mark.parametrize(
    ("other", "said", "unsaid"),
    [
        ({"origins": 0, "horizon_days": 0}, "too short to judge", "In use"),
        ({"model": "last_year"}, "In use is last year again", "interval"),
        ({"horizon_days": 5 * 365}, "over 1,825 days", "never judged"),
    ],
)
def test_what_was_not_judged_is_not_claimed(other, said, unsaid):
    told = words.about_forecast(choice(**other), BACKTEST, run())
    assert said in told and unsaid not in told


def test_what_reaches_beyond_what_was_judged_is_said_to_be_weak():
    soil = pd.DataFrame({"soil_status": ["ok", "weak"], "judged_days": 60})
    (said,) = words.soil.about_reach(soil, run())
    assert "over 60 days only" in said and "the rest of the 5 years is extrapolation" in said
    assert words.soil.about_reach(soil.assign(soil_status="ok"), run()) == []
    assert words.soil.about_reach(soil.assign(judged_days=0), run()) == []


def test_a_sum_says_whom_it_leaves_out():
    say = words.catalogue.of(run())
    assert words.soil.left_out(pd.Series([1.0, None]), say) == ["Left out is 1 account of which too little is known."]
    assert words.soil.left_out(pd.Series([1.0]), say) == words.soil.left_out(pd.Series([None]), say) == []


def test_the_harvest_at_risk_is_a_share_of_the_harvest():
    risk = pd.DataFrame({"harvest": [80.0, 20.0], "at_risk": [5.0, 5.0]})
    said = words.about_risk(risk, run())
    assert "2 customers" in said and "10%" in said
