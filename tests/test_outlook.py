import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from order_world import draw_days, features, outcomes
from portfolio import run

from mcrlib.judge.outlook import brought_until, outlook_record, room_to_grow, total_outlook
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.outlook import yearly_outlook
from mcrlib.show import figures, words

AS_OF = dt.date(2024, 12, 31)


def ahead(**columns):
    """Two accounts, three years: a brings 10 a year, b 30; no shock."""
    rows = [(name, years, each * years) for years in (1, 2, 3) for name, each in (("a", 10.0), ("b", 30.0))]
    table = pd.DataFrame(rows, columns=["account_id", "years", "gp_expected"])
    return table.assign(
        gp_low=0.5 * table["gp_expected"], gp_high=1.5 * table["gp_expected"], common=0.0, reach=1.2816, model="kit"
    ).assign(**columns)


def test_the_sum_of_the_fans_is_that_of_the_soil_and_grows_year_by_year():
    known = features(draw_days(80, seed=1), AS_OF)
    model = SoilModel(horizon_years=3.0, discount_rate=0.0).fit(known)
    told, soil = yearly_outlook(model, known), model.predict(known)
    last = told[told["years"] == 3].reset_index(drop=True)
    assert last["gp_expected"].tolist() == pytest.approx(soil["soil_value"].tolist())
    assert (0.4 * told["revenue_expected"]).tolist() == pytest.approx(told["gp_expected"].tolist())
    assert told.groupby("account_id")["gp_expected"].apply(lambda one: one.is_monotonic_increasing).all()
    assert model.horizon_years == 3.0
    half = yearly_outlook(SoilModel(horizon_years=1.5).fit(known), known)
    assert half["years"].unique().tolist() == [1, 2]


def test_what_varies_for_itself_evens_out_and_a_shock_does_not():
    both, alone = total_outlook(ahead(), pd.Series(["a", "b"])), total_outlook(ahead(), pd.Series(["b"]))
    assert both["expected"].tolist() == [40.0, 80.0, 120.0]
    shrunk = np.hypot(10, 30) / 40
    assert np.log(both["high"] / both["expected"]).tolist() == pytest.approx([0.5 * shrunk] * 3, rel=1e-3)
    assert np.log(alone["high"] / alone["expected"]).tolist() == pytest.approx([0.5] * 3, rel=1e-3)
    shaken = total_outlook(ahead(common=0.4), pd.Series(["a", "b"]))
    assert (np.log(shaken["high"] / shaken["expected"]) >= 0.4 * 1.28).all()
    assert total_outlook(ahead(gp_expected=0.0), pd.Series(["a"])).empty
    assert total_outlook(ahead(), pd.Series([], dtype="str")).empty


def test_what_was_brought_ends_at_nothing_today():
    quarters = pd.to_datetime(["2024-01-01", "2024-07-01", "2024-10-01"])
    periods = pd.DataFrame({"account_id": ["a", "a", "b"], "period": quarters, "gp": [5.0, 3.0, 99.0]})
    got = brought_until(periods, pd.Series(["a"]), AS_OF)
    assert got["total"].tolist() == [-8.0, -3.0, 0.0]
    assert got["years"].is_monotonic_increasing and got["years"].max() <= 0
    assert brought_until(periods, pd.Series(["c"]), AS_OF).empty


def test_room_is_what_an_account_of_its_size_could_buy():
    tiers = pd.DataFrame({"account_id": [*"abc"], "account_name": [*"ABC"], "tier": [*"ASB"], "harvest": 5.0})
    sized = pd.DataFrame({"account_id": [*"abc"], "revenue_12m": [20.0, 50.0, 1.0], "potential": [80.0, np.nan, 9.0]})
    got = room_to_grow(ahead(), tiers, sized)
    assert got["account_id"].tolist() == ["b", "a"]
    assert got["three_years"].tolist() == [90.0, 30.0]
    assert got["potential_used"].tolist() == pytest.approx([np.nan, 0.25], nan_ok=True)
    assert room_to_grow(ahead().query("years < 3"), tiers, sized)["three_years"].isna().all()


def judged(came=100.0):
    said = {"kit": (90.0, 10.0), "last_year": (140.0, 5.0)}
    rows = [(model, *one) for model, each in said.items() for one in zip("ab", each, (came, 1.0), strict=True)]
    table = pd.DataFrame(rows, columns=["model", "account_id", "revenue_predicted", "revenue"])
    return table.assign(origin=pd.Timestamp("2023-12-31"), horizon_days=364)


def test_the_record_takes_those_foretold_highest_then():
    got = outlook_record(judged(), ahead(), 0.5).iloc[0]
    assert got[["n", "expected", "last_year", "came", "days"]].tolist() == [1, 90.0, 140.0, 100.0, 364]
    assert outlook_record(judged().iloc[:0], ahead(), 0.5).empty


def test_the_record_is_that_of_the_forecast_in_use():
    got = outlook_record(judged(), ahead(model="last_year"), 0.5).iloc[0]
    assert got[["expected", "last_year", "came"]].tolist() == [140.0, 140.0, 100.0]


def test_it_is_said_what_is_judged_what_is_not_and_where_the_plain_guess_was_nearer():
    total = total_outlook(ahead(), pd.Series(["a", "b"]))
    said = words.about_outlook(total, 38.0, outlook_record(judged(), ahead(), 0.5), run())
    assert "364 days" in said and "nothing has been judged yet" in said and "came nearer" not in said
    assert "came nearer" in words.about_outlook(total, 38.0, outlook_record(judged(came=150.0), ahead(), 0.5), run())
    even = outlook_record(judged(), ahead(), 0.5).assign(expected=140.0, last_year=140.0)
    assert "came nearer" not in words.about_outlook(total, 38.0, even, run())
    assert "unproven" in words.about_outlook(total, 38.0, outlook_record(judged().iloc[:0], ahead(), 0.5), run())
    record = outlook_record(judged(), ahead(), 0.5)
    assert "no fan to draw" in words.about_outlook(total.iloc[:0], 0.0, record, run())


def test_the_fan_opens_from_today_with_a_gate_a_year():
    total = total_outlook(ahead(), pd.Series(["a", "b"]))
    past = pd.DataFrame({"years": [-2.0, -1.0, 0.0], "total": [-70.0, -30.0, 0.0]})
    ax = figures.outlook_fan(total, run(), past=past, last_year=38.0, n=2)
    assert len(ax.texts) == len(total)
    assert "3 years" in figures.show(ax).alt


def test_it_was_learned_from_what_was_known():
    days = draw_days(60, seed=2)
    known, later = features(days, AS_OF), partial(outcomes, days)
    told = yearly_outlook(SoilModel(horizon_years=1.0, discount_rate=0.0).fit(known), known)
    came = later(AS_OF, dt.date(2025, 12, 31))["revenue"].sum() * 0.4
    total = total_outlook(told, known["account_id"]).iloc[0]
    assert total["low"] * 0.7 < came < total["high"] * 1.4


def test_bounds_of_a_total_that_says_nothing_stay_finite():
    facts = {"account_id": ["a"], "years": 5, "gp_expected": 10.0, "gp_low": 0.0, "gp_high": 90.0}
    wild = pd.DataFrame(facts).assign(common=40.0, reach=1.5)
    told = total_outlook(wild, pd.Series(["a"]))
    assert told[["expected", "low", "high"]].to_numpy().tolist() == [[10.0, 0.01, 10_000.0]]
