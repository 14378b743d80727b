import datetime as dt

import numpy as np
import pandas as pd
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.accounts import outside_growth
from mcrlib.judge.winners import customer_growth, standing, top_renewal
from mcrlib.show import words

DAY = dt.date(2024, 12, 31)
NOTHING = pd.DataFrame(columns=["account_id", "revenue", "revenue_before", "industry_growth"])
NONE = {"top": 0, "new": 0, "years": 0}


def accounts(**columns):
    frame = pd.DataFrame({"account_id": list("abcde"), "account_name": list("ABCDE")})
    frame = frame.assign(harvest=[50.0, 30, 10, 10, 0], revenue_12m=[200.0, 100, 50, 9, 0])
    return frame.assign(revenue_previous_12m=[100.0, 100, 100, 0, 9]).assign(**columns)


def test_the_own_growth_is_that_of_the_latest_year_known_by_then(tmp_path):
    write_clean(
        tmp_path,
        account_external="""external_id account_id period revenue industry_growth
        1 a 2022-01-01 100 0.1
        2 a 2023-01-01 110 0.2
        3 a 2025-01-01 999 0.3
        4 b 2023-01-01 50 .""",
    )
    found = outside_growth(tmp_path, DAY).drop(columns="period").set_index("account_id")
    assert found.loc["a"].tolist() == [110, 100, 0.2]
    assert np.isnan(found.loc["b", "revenue_before"])


def test_orders_stand_in_where_the_own_growth_is_not_known():
    found = customer_growth(accounts(), NOTHING)
    assert found["direction"].tolist() == ["growing", "flat", "declining", "new"]
    assert set(found["basis"]) == {"proxy"}
    shares = standing(found).set_index("direction")["harvest_share"]
    assert shares.to_dict() == {"growing": 0.5, "flat": 0.3, "declining": 0.1, "new": 0.1}
    said = words.about_winners(found, standing(found), NONE, run())
    assert said.startswith("50% of the harvest comes from customers that grow") and "stand in" in said
    assert said.endswith("too short to tell how the top list renews itself.")


def test_the_own_growth_counts_before_orders_and_is_held_against_the_industry():
    outside = pd.DataFrame({"account_id": ["a", "b"], "revenue": [90.0, 1], "revenue_before": [100.0, np.nan]})
    found = customer_growth(accounts(), outside.assign(industry_growth=0.05)).set_index("account_id")
    assert found.loc["a", ["basis", "direction"]].tolist() == ["recorded", "declining"]
    assert round(found.loc["a", "beyond_industry"], 6) == -0.15
    assert found.loc["b", "basis"] == "proxy"
    said = words.about_winners(found, standing(found), {"top": 4, "new": 1, "years": 3}, run())
    assert "The own growth of 1 of 4 is known." in said and "-15.0 percentage points" in said
    assert "1 of today's top 4 were not among them 3 years ago." in said


def test_where_nobody_ordered_the_year_before_nobody_is_called_new():
    found = customer_growth(accounts().assign(revenue_previous_12m=0.0), NOTHING)
    said = words.about_winners(found, standing(found), NONE, run())
    assert said.startswith("Who grows and who shrinks is not available")


def test_nobody_brings_profit_then_nothing_is_said():
    found = customer_growth(accounts(harvest=0.0), NOTHING)
    assert standing(found)["harvest_share"].isna().all()
    assert words.about_winners(found, standing(found), NONE, run()).endswith("not available.")


def test_the_top_list_is_held_against_that_of_five_years_ago_or_as_far_as_years_reach():
    rows = [(name, f"{year}-04-01", gp) for year, best in ((2022, "abcd"), (2024, "aefb"))
            for gp, name in enumerate(reversed(best), 1)]  # fmt: skip
    periods = pd.DataFrame(rows, columns=["account_id", "period", "gp"]).assign(
        period=lambda f: pd.to_datetime(f["period"])
    )
    first = pd.DataFrame({"account_id": ["z"], "period": pd.to_datetime(["2022-01-01"]), "gp": [0.0]})
    found = top_renewal(pd.concat([periods, first], ignore_index=True), DAY)
    assert found == {"top": 2, "new": 1, "years": 2}
    assert top_renewal(periods[periods["period"] > "2023-06-30"], DAY) == NONE
    assert top_renewal(periods.iloc[:0], DAY) == NONE
