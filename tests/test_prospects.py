import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.accounts import account_features, account_outcomes
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.masked import Masked
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.past import Past
from mcrlib.model.soil.prospects import Prospects, judge_prospects, prospect_soil
from mcrlib.show import words
from mcrlib.simulate.company import simulate

AS_OF = dt.date(2025, 12, 31)
BOUNDS = ["soil_value", "soil_low", "soil_high"]


@pytest.fixture(scope="module", params=[4, 7])
def told(request, tmp_path_factory):
    """A simulated company: its truth, its features, its past, and what was learned of prospects."""
    company = simulate(seed=request.param)
    clean = write_clean(tmp_path_factory.mktemp("company"), **company.tables)
    past = Past(partial(account_features, clean, frozen=True), partial(account_outcomes, clean))
    learned = Prospects.learn(past, AS_OF, Masked.learn(past, AS_OF, 365))
    return company.truth.accounts, account_features(clean, AS_OF), past, learned


def formula(days=365, mean=100.0):
    """Everybody is expected to bring the mean, for certain."""
    columns = pd.DataFrame({"covariate": ["employees"], "kind": [""], "usual": 0.0, "spread": 1.0, "effect": 0.0})
    return Masked(days, mean, columns.set_axis(["employees"]), 0.0, np.zeros((2, 2)))


def prospects(**other):
    facts = {"formula": formula(), "margin": 0.5, "n": 40, "begun": 10, "waited": (100, 50), "began": (20, 5)}
    shares = {"entry": np.array([1.0]), "later": np.array([2.0]), "level": (1.0, 2.0), "seed": 1}
    return Prospects(**(facts | shares | other))


TABLE = pd.DataFrame(
    {"account_id": ["old", "new", "unseen"], "n_order_days": [3, 0, 0], "employees": 10.0,
     "created_date": pd.to_datetime(["2020-01-01", "2025-01-01", None]), "n_contacts": [2.0, 1.0, 0.0]}
)  # fmt: skip


def test_worth_is_the_chance_to_begin_times_what_comes_then():
    one = prospects()
    first, later = one.chances
    assert (first, later) == (pytest.approx(20.5 / 101), pytest.approx((5 + 20.5 / 101) / 51))
    told = one.predict(TABLE, AS_OF, years=2.0)
    assert told["account_id"].tolist() == ["new", "unseen"]  # of who has ordered its orders speak
    expected = 0.5 * 100 * (first * 1.0 + first * 2.0 + (1 - first) * later * 1.0)
    assert told.loc[0, "soil_value"] == pytest.approx(expected)
    assert told.loc[1, BOUNDS].isna().all()  # the CRM does not know it
    assert told.loc[0, "soil_low"] == 0.0  # most never begin


def test_a_year_is_discounted_from_its_middle_and_a_part_of_one_counts_in_part():
    sure = prospects(waited=(10**6, 10**6), began=(10**6, 10**6))  # all begin at once
    year = sure.predict(TABLE, AS_OF, years=1.0, discount_rate=0.1).loc[0, "soil_value"]
    assert year == pytest.approx(50 * 1.1**-0.5, rel=1e-4)
    longer = sure.predict(TABLE, AS_OF, years=1.5).loc[0, "soil_value"]
    assert longer == pytest.approx(50 * 1.0 + 50 * 2.0 * 0.5, rel=1e-4)


def test_where_all_begin_at_once_the_interval_closes_around_the_value():
    sure = prospects(waited=(10**6, 10**6), began=(10**6, 10**6)).predict(TABLE, AS_OF, years=3.0)
    assert sure.loc[0, "soil_low"] == pytest.approx(sure.loc[0, "soil_value"], rel=1e-3)
    assert sure.loc[0, "soil_high"] == pytest.approx(sure.loc[0, "soil_value"], rel=1e-3)


def test_the_same_seed_gives_the_same_bounds():
    mixed = prospects(entry=np.array([0.1, 3.0]), later=np.array([0.0, 5.0]))
    one, other = (mixed.predict(TABLE, AS_OF, years=5.0) for _ in range(2))
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    assert one.loc[0, "soil_low"] <= one.loc[0, "soil_value"] <= one.loc[0, "soil_high"]


def test_where_goods_are_sold_below_cost_the_bounds_still_stand_in_order():
    losing = prospects(margin=-0.2, entry=np.array([0.1, 3.0]), began=(90, 45)).predict(TABLE, AS_OF, years=5.0)
    assert losing.loc[0, "soil_low"] < losing.loc[0, "soil_value"] < losing.loc[0, "soil_high"] <= 0


def test_where_next_to_nobody_begins_the_bounds_are_known_and_hold_the_value():
    rare = prospects(waited=(10**7, 10**7), began=(5, 5)).predict(TABLE, AS_OF, years=5.0)
    assert 0 == rare.loc[0, "soil_low"] < rare.loc[0, "soil_value"] <= rare.loc[0, "soil_high"]


def test_recovery_of_the_soil_of_accounts_that_never_ordered(told):
    truth, table, _, learned = told
    said = prospect_soil(learned, table, AS_OF, years=5.0, discount_rate=0.1)
    both = said.merge(truth[["account_id", "value_5y"]], on="account_id", validate="one_to_one")
    assert len(both) == (table["n_order_days"] == 0).sum() > 20
    assert 1 / 3 < both["soil_value"].sum() / both["value_5y"].sum() < 3
    assert both["soil_value"].corr(both["value_5y"], method="spearman") > 0.4


def test_recovery_of_the_rank_of_all_published_soil(told):
    truth, table, _, learned = told
    model = SoilModel().fit(table)
    whole = model.predict(table, prospects=prospect_soil(learned, table, AS_OF, years=5.0, discount_rate=0.1))
    both = whole.merge(truth[["account_id", "value_5y"]], on="account_id", validate="one_to_one")
    assert both["soil_value"].corr(both["value_5y"], method="spearman") >= 0.8
    assert (whole["soil_basis"] == "prospects").sum() == (table["n_order_days"] == 0).sum()


def test_neither_names_nor_order_of_the_accounts_decide_the_bounds(told):
    _, table, past, learned = told

    def other(frame):
        return frame.assign(account_id=frame["account_id"].str[::-1]).sort_values("account_id", ignore_index=True)

    again = Past(
        lambda date: other(past.features_at(date)), lambda start, end: other(past._outcomes_between(start, end))
    )
    relearned = Prospects.learn(again, AS_OF, Masked.learn(again, AS_OF, 365))
    said, resaid = learned.predict(table, AS_OF, years=5.0), relearned.predict(other(table), AS_OF, years=5.0)
    pd.testing.assert_frame_equal(other(resaid), said, rtol=1e-6)


def test_it_is_judged_at_earlier_dates_by_what_was_known_there(told):
    _, table, past, _ = told
    origins = rolling_origins(past, AS_OF, 365)
    judged = judge_prospects(past, origins, AS_OF)
    assert judged["origin"].nunique() == 3
    assert judged["days"].max() == (AS_OF - judged["origin"].min().date()).days
    never = {date: past.features_at(date.date()).query("n_order_days == 0")["account_id"] for date in judged["origin"]}
    assert all(set(one["account_id"]) <= set(never[date]) for date, one in judged.groupby("origin"))
    assert 0.6 < judged["revenue"].between(judged["low"], judged["high"]).mean() <= 1.0
    assert judge_prospects(past, origins.iloc[:0], AS_OF).empty


def test_without_a_formula_or_with_too_few_nothing_is_learned(told):
    _, table, past, learned = told
    assert Prospects.learn(past, AS_OF, None) is None
    assert prospect_soil(None, table, AS_OF, years=5.0, discount_rate=0.1) is None

    def few(date):
        seen = past.features_at(date)
        return seen[(seen["n_order_days"] > 0) | (seen["account_id"] < "A0020")].reset_index(drop=True)

    def came(start, end):
        seen = past.features_at(start)
        return past.came_to(seen, start, (end - start).days).assign(account_id=seen["account_id"])

    assert Prospects.learn(Past(few, came), AS_OF, learned.formula) is None


def soil(**other):
    facts = {"account_id": list("abc"), "account_name": list("ABC"), "soil_value": [90.0, 10.0, np.nan]}
    basis = {"soil_basis": ["orders", "prospects", "none"], "p_alive": [0.9, np.nan, np.nan]}
    basis |= {"soil_status": "ok", "judged_days": 364}
    return pd.DataFrame(facts | basis | other)


def test_the_page_says_how_much_rests_on_no_order():
    said = words.about_basis(soil(), run())
    assert "1 soil value comes from orders" in said and "1 more, " in said and "1 account has none" in said
    fresh = words.about_basis(soil(soil_value=np.nan, soil_basis="orders"), run())
    assert fresh.startswith("0 soil values come from orders. 3 accounts have none")
    first = words.about_soil(soil(), run())[0]
    assert "1 account that never ordered may bring" in first and "Left out is 1 account" in first
    nothing = soil(soil_value=np.nan)
    assert words.about_soil(nothing, run()) == [
        "What the relationships are worth cannot be said yet: too little is known of the past."
    ]


def test_the_page_says_what_came_of_those_that_had_not_ordered():
    judged = pd.DataFrame(
        {"origin": pd.to_datetime(["2024-12-31"] * 2), "days": 365, "account_id": ["x", "y"], "expected": [10.0, 20.0],
         "low": 0.0, "high": [15.0, 40.0], "revenue": [0.0, 100.0]}
    )  # fmt: skip
    said = words.about_prospects(soil(), prospects(), judged, run())
    assert "1 account of 2 that never ordered has a soil value" in said
    assert "inside its interval: 1 of 2" in said and "Each time" not in said
    twice = pd.concat([judged, judged.assign(origin=pd.Timestamp("2023-12-31"))]).assign(revenue=1.0)
    assert words.about_prospects(soil(), prospects(), twice, run()).endswith("Each time less came than expected.")
    assert "2 accounts that never ordered have no soil value" in words.about_prospects(
        soil(), None, judged.iloc[:0], run()
    )
    assert (
        words.about_prospects(soil(soil_basis="orders"), None, judged.iloc[:0], run()) == "Every account has ordered."
    )
