import datetime as dt

import numpy as np
import pandas as pd
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.accounts import outside_growth
from mcrlib.judge.winners import customer_growth, growth_lead, standing, top_lists, top_renewal
from mcrlib.settings import Settings
from mcrlib.show import words

DAY = dt.date(2024, 12, 31)
NOTHING = pd.DataFrame(columns=["account_id", "revenue", "revenue_before", "industry_growth"])
LIMITS = Settings().thresholds
NONE = top_renewal(pd.DataFrame(columns=["moved", "years"]))


def accounts(**columns):
    frame = pd.DataFrame({"account_id": list("abcde"), "account_name": list("ABCDE"), "industry": list("XXYYY")})
    frame = frame.assign(harvest=[50.0, 30, 10, 10, 0], revenue_12m=[200.0, 100, 50, 9, 0])
    return frame.assign(revenue_previous_12m=[100.0, 100, 100, 0, 9]).assign(**columns)


def test_the_own_growth_is_that_of_the_latest_year_known_by_then(tmp_path):
    write_clean(
        tmp_path,
        account_external="""external_id account_id period revenue industry_growth
        1 a 2022-01-01 100 0.1
        2 a 2023-01-01 110 0.2
        3 a 2025-01-01 999 0.3
        4 b 2023-01-01 50 .
        5 c 2023-01-01 50 0.4
        6 c 2022-02-15 40 .""",
    )
    found = outside_growth(tmp_path, DAY).drop(columns="period").set_index("account_id")
    assert found.loc["a"].tolist() == [110, 100, 0.2]
    assert np.isnan(found.loc["b", "revenue_before"])
    assert np.isnan(found.loc["c", "revenue_before"]) and found.loc["c", "industry_growth"] == 0.4  # ten months apart


def growing(outside=NOTHING, **columns):
    return customer_growth(accounts(**columns), outside, LIMITS)


def said_of(growth, renewal=NONE):
    return words.about_winners(growth, standing(growth), growth_lead(growth), renewal, run())


def test_orders_stand_in_where_the_own_growth_is_not_known():
    found = growing()
    assert found["direction"].tolist() == ["growing", "flat", "declining", "new"]
    assert found["industry_direction"].tolist() == ["growing", "growing", "declining", "declining"]  # 300/200, 59/109
    assert set(found["basis"]) == set(found["industry_basis"]) == {"proxy"}
    assert found["beyond_industry"].isna().all()
    shares = standing(found).set_index("direction")
    assert shares["harvest_share"].tolist() == [0.5, 0.3, 0.1, 0.1, 0]
    assert shares["industry_share"].to_dict() == {"growing": 0.8, "flat": 0, "declining": 0.2, "new": 0, "unknown": 0}
    assert shares.loc["growing", "n_industries"] == 1
    said = said_of(found)
    assert said.startswith("Of what customers with profit brought, 50% comes from those that grow, 10% from those")
    assert "by industry 80% and 20%. Growth is that of their orders with us;" in said
    assert "account_external (revenue, industry_growth) is not delivered" in said
    assert said.endswith("too short to tell how the top list renews itself.")


def test_an_account_without_an_industry_is_told_from_one_that_stands_still():
    found = growing(industry=[None, "X", "Y", "Y", "Y"])
    assert found["industry_direction"].tolist() == ["unknown", "flat", "declining", "declining"]
    assert "industry of accounts is not delivered" in said_of(growing(industry=None))


def test_the_own_growth_counts_before_orders_and_is_held_against_the_industry():
    outside = pd.DataFrame({"account_id": ["a", "b"], "revenue": [90.0, 1], "revenue_before": [100.0, np.nan]})
    found = growing(outside.assign(industry_growth=0.05)).set_index("account_id")
    assert found.loc["a", ["basis", "direction"]].tolist() == ["recorded", "declining"]
    assert round(found.loc["a", "beyond_industry"], 6) == -0.15
    assert found.loc["b", ["basis", "industry_basis", "industry_direction"]].tolist() == ["proxy", "recorded", "flat"]
    said = said_of(found.reset_index())
    assert "How fast a customer itself grows is known of 1 of 4." in said and "of 1 customer only: too few" in said


def test_growth_of_exactly_what_is_flat_is_flat_either_way():
    half = LIMITS.model_copy(update={"flat_growth": 0.5})
    found = growing(revenue_12m=[150.0, 50, 49, 9, 0], revenue_previous_12m=100.0)
    assert found["direction"].tolist() == ["growing", "declining", "declining", "declining"]
    found = customer_growth(accounts(revenue_12m=[150.0, 50, 49, 9, 0], revenue_previous_12m=100.0), NOTHING, half)
    assert found["direction"].tolist() == ["flat", "flat", "declining", "declining"]


def test_an_industry_grows_as_the_middle_of_what_is_recorded_of_its_accounts():
    outside = pd.DataFrame({"account_id": ["c", "d", "e"], "revenue": np.nan, "revenue_before": np.nan})
    found = growing(outside.assign(industry_growth=[0.02, 0.04, 0.9])).set_index("account_id")
    assert found["industry_grown"].round(6).to_dict() == {"a": 0.5, "b": 0.5, "c": 0.04, "d": 0.04}


def test_the_lead_is_weighted_by_what_customers_bring_in_every_draw():
    growth = pd.DataFrame({"harvest": [1e9, *[1.0] * 9], "beyond_industry": [0.1, *[-0.5] * 9]})
    told = growth_lead(growth)
    assert told["n"] == 10 and round(told["lead"], 6) == 0.1
    assert round(told["high"], 6) == 0.1


def test_what_is_flat_is_a_setting():
    wide = LIMITS.model_copy(update={"flat_growth": 1.0})
    assert customer_growth(accounts(), NOTHING, wide)["direction"].tolist() == ["flat", "flat", "flat", "new"]


def test_recovery_of_the_lead_over_the_industry():
    inside = []
    for seed in range(40):
        draw = np.random.default_rng(seed)
        beyond = draw.normal(0.03, 0.10, 60)
        told = growth_lead(pd.DataFrame({"harvest": draw.lognormal(0, 1, 60), "beyond_industry": beyond}), seed=seed)
        inside.append(told["low"] <= 0.03 <= told["high"])
    assert 0.65 <= np.mean(inside) <= 0.92
    assert told["n"] == 60


def test_where_nobody_ordered_the_year_before_nobody_is_called_new():
    assert said_of(growing(revenue_previous_12m=0.0)).startswith("Who grows and who shrinks is not available")


def test_nobody_brings_profit_then_nothing_is_said():
    found = growing(harvest=0.0)
    assert standing(found)["harvest_share"].isna().all()
    assert said_of(found).endswith("not available.")


def top(then, now, day=DAY):
    """Lists of one quarter then and one now, with a first quarter that begins the record."""
    rows = [("z", "2018-01-01", 0.0), *[(*one[:2], float(one[2])) for one in (*then, *now)]]
    periods = pd.DataFrame(rows, columns=["account_id", "period", "gp"])
    return top_lists(periods.assign(period=pd.to_datetime(periods["period"])), day, LIMITS).set_index("account_id")


def test_both_years_of_the_top_lists_are_the_same_four_quarters():
    first, late = [("a", "2019-01-01", 8), ("b", "2019-10-01", 4)], [("a", "2020-01-01", 99), ("b", "2018-10-01", 99)]
    now = [("a", "2024-01-01", 2), ("b", "2024-10-01", 1)]
    assert top([*first, *late], now).loc["a", ["gp_then", "gp_now", "years"]].tolist() == [8, 2, 5]
    unfinished = [*now, ("b", "2025-01-01", 99)]
    assert top([*first, *late], unfinished, dt.date(2025, 2, 28)).loc["a", ["gp_then", "gp_now"]].tolist() == [8, 2]


def test_the_top_list_is_half_of_those_that_brought_profit_in_the_year_that_had_fewer():
    then = [("a", "2019-01-01", 3), ("b", "2019-01-01", 2), ("c", "2019-01-01", -1)]
    now = [(name, "2024-01-01", gp) for name, gp in zip("dbefgh", (6, 5, 4, 3, 2, 1), strict=True)]
    found = top(then, now)
    assert found["moved"].to_dict() == {"d": "new", "a": "left"}
    assert top([(name, "2019-01-01", gp) for name, _, gp in now], [("d", "2024-01-01", 9), ("b", "2024-01-01", -2),
               ("a", "2024-01-01", 1)]).loc["d"].tolist() == [6, 9, "stayed", 5]  # fmt: skip
    loss = top([("a", "2019-01-01", 9), ("b", "2019-01-01", 5)], [("a", "2024-01-01", -7), ("b", "2024-01-01", 2),
               ("c", "2024-01-01", 1)])  # fmt: skip
    assert loss.loc["a", ["gp_then", "gp_now", "moved"]].tolist() == [9, 0, "left"]


def test_the_top_list_is_held_against_that_of_five_years_ago_or_as_far_as_years_reach():
    rows = [(name, f"{year}-04-01", gp) for year, best in ((2022, "abcd"), (2024, "aefb"))
            for gp, name in enumerate(reversed(best), 1)]  # fmt: skip
    periods = pd.DataFrame(rows, columns=["account_id", "period", "gp"]).assign(
        period=lambda f: pd.to_datetime(f["period"])
    )
    first = pd.DataFrame({"account_id": ["z"], "period": pd.to_datetime(["2022-01-01"]), "gp": [0.0]})
    lists = top_lists(pd.concat([periods, first], ignore_index=True), DAY, LIMITS)
    assert lists.to_numpy().tolist() == [["a", 4, 4, "stayed", 2], ["e", 0, 3, "new", 2], ["b", 3, 1, "left", 2]]
    found = top_renewal(lists)
    assert [found[name] for name in ("top", "new", "share", "years")] == [2, 1, 0.5, 2]
    assert 0 < found["low"] < 0.5 < found["high"] < 1
    said = said_of(growing(), found)
    assert "1 of today's top 2 (50%;" in said and said.endswith("2 years ago.")
    gap = pd.concat([periods, first.assign(period=pd.Timestamp("2009-01-01"), gp=7.0)], ignore_index=True)
    assert set(top_lists(gap, DAY, LIMITS)["years"]) == {2}  # five years ago nobody bought
    one = LIMITS.model_copy(update={"top_list": 1})
    assert top_renewal(top_lists(pd.concat([periods, first], ignore_index=True), DAY, one))["new"] == 0
    assert top_lists(periods[periods["period"] > "2023-06-30"], DAY, LIMITS).empty
    assert top_lists(periods.iloc[:0], DAY, LIMITS).empty
