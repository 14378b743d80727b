import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.lifts import lifts
from mcrlib.show import figures, words

EFFECTS = pd.DataFrame(
    {"covariate": ["n_contacts", "market_type", "employees"], "kind": ["", "saline", ""],
     "effect": [np.log(2), np.log(0.5), 0.1], "effect_low": [np.log(1.5), np.log(0.4), -0.2],
     "effect_high": [np.log(3), np.log(0.6), 0.4], "spread": 1.0}
)  # fmt: skip
MANY = pd.Series(100.0, index=range(30))


def test_where_one_giant_holds_the_revenue_nothing_surely_goes_with_it():
    giant = MANY.mask(MANY.index == 0, 1e6)
    assert not lifts(EFFECTS, giant)["is_sure"].any()
    assert lifts(EFFECTS, giant)["lift"].tolist() == lifts(EFFECTS, MANY)["lift"].tolist()
    assert not lifts(EFFECTS, MANY * 0.0)["is_sure"].any()


def test_lifts_are_shares_of_revenue_and_sure_where_zero_lies_far_off():
    got = lifts(EFFECTS, MANY)
    assert got["lift"].tolist() == pytest.approx([1.0, -0.5, np.expm1(0.1)])
    assert got["lift_low"].tolist() == pytest.approx([0.5, -0.6, np.expm1(-0.2)])
    assert got["is_sure"].tolist() == [True, True, False]
    assert lifts(None, MANY).empty


def test_among_many_facts_one_that_just_clears_zero_is_not_called_sure():
    barely = EFFECTS.iloc[[2]].assign(effect_low=0.001, effect_high=0.199)
    assert not lifts(barely, MANY)["is_sure"].any()
    clear = EFFECTS.iloc[[2]].assign(effect_low=0.03, effect_high=0.17)
    assert lifts(clear, MANY)["is_sure"].all()
    assert not lifts(pd.concat([clear] * 20), MANY)["is_sure"].any()


def test_what_lifts_soil_is_named_and_called_no_cause():
    told = lifts(EFFECTS, MANY).assign(lifter=words.lift_names(lifts(EFFECTS, MANY), run()))
    assert told["lifter"].tolist() == ["Contacts", "Kind of market: saline land", "Their employees"]
    said = words.about_lifts(told, run())
    assert "Contacts (+100%)" in said and "saline land (−50%)" in said and "employees" not in said
    assert "not what causes what" in said
    assert "cannot be said" in words.about_lifts(lifts(None, MANY), run())
    alt = figures.show(figures.lift_intervals(told, run())).alt
    assert "Facts that surely go with more revenue: 1 of 3; with less: 1" in alt
