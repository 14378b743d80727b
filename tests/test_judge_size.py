import datetime as dt

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.size import company_classes, size_and_value
from mcrlib.settings import Settings
from mcrlib.show import words

THRESHOLDS = Settings().thresholds
TODAY = dt.date(2025, 12, 31)


def accounts(**columns):
    revenue = np.array([5000.0, 900.0, 40.0, 30.0, 20.0, 10.0, 0.0, 0.0, 0.0, 0.0])
    frame = pd.DataFrame(
        {
            "account_id": [f"a{i}" for i in range(10)], "account_name": [f"N{i}" for i in range(10)], "industry": "X",
            "annual_revenue": [1e6, 1e9, *[1e5] * 6, 9e8, np.nan], "employees": np.nan, "harvest": revenue / 2,
            "n_open_deals": 0, "market_type": None,
            "revenue_12m": revenue, "n_order_days": 3,
        }
    )  # fmt: skip
    return frame.assign(**columns)


PERIODS = pd.DataFrame(
    {
        "account_id": ["a0", "a0", "a1", "a2"],
        "period": pd.to_datetime(["2024-04-01", "2025-10-01", "2025-01-01", "2022-01-01"]),
        "orders": [1, 1, 1, 9],
    }
)


def sized(**columns):
    return size_and_value(accounts(**columns), PERIODS, THRESHOLDS, TODAY).set_index("account_id")


def test_big_companies_and_big_customers_are_told_apart():
    found = sized()
    assert found.loc[["a0", "a1", "a2", "a8"], "corner"].tolist() == [
        "small_valuable",
        "big_valuable",
        "small",
        "big_only",
    ]
    assert pd.isna(found.loc["a9", "corner"])
    assert found["repeats"].to_dict() == {f"a{i}": i == 0 for i in range(10)}


def test_the_head_count_stands_in_where_nobody_knows_the_revenue():
    assert sized(annual_revenue=np.nan, employees=range(10))["size"].tolist()[1:] == list(range(1, 10))
    assert sized(annual_revenue=np.nan)["corner"].isna().all()


def test_gold_brings_more_than_the_others_and_a_diamond_ten_times_as_much():
    assert sized()["company_class"].tolist() == ["diamond", *["ordinary"] * 9]
    few = sized(revenue_12m=[500.0, 300.0, 10.0, *[100.0] * 7])
    assert few["company_class"].tolist() == ["gold", "gold", *["ordinary"] * 8]
    assert set(sized(revenue_12m=100.0)["company_class"]) == {"ordinary"}
    alone = sized(revenue_12m=[100.0, *[0.0] * 9])
    assert alone.loc["a0", "company_class"] == "diamond"


def test_a_share_of_our_revenue_is_the_least_that_gold_and_diamonds_bring():
    strict = THRESHOLDS.model_copy(update={"gold_share": 0.4, "diamond_share": 0.9})
    found = size_and_value(accounts(revenue_12m=[500.0, 300.0, *[10.0] * 8]), PERIODS, strict, TODAY)
    assert found["company_class"].tolist() == ["gold", *["ordinary"] * 9]


def test_strategic_is_who_could_bring_gold_and_has_a_chance_that_somebody_sees():
    found = sized(n_open_deals=[0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    assert found.loc["a8", "potential"] > 6000 > found.loc["a2", "potential"] >= 40
    assert found["company_class"].tolist()[1:] == [*["ordinary"] * 7, "strategic", "ordinary"]
    assert pd.isna(found.loc["a9", "potential"])
    saline = sized(market_type=["mature"] * 8 + ["saline"] * 2, n_open_deals=np.nan)
    assert saline.loc["a8", "company_class"] == "strategic"


def test_classes_and_tiers_are_crossed():
    tiers = pd.DataFrame({"account_id": [f"a{i}" for i in range(10)], "tier": list("SABBBBCCCC")})
    found = company_classes(sized().reset_index(), tiers).set_index("company_class")
    assert found.loc["diamond", ["n_accounts", "S", "A", "B", "C", "revenue_12m"]].tolist() == [1, 1, 0, 0, 0, 5000]
    assert found["n_accounts"].sum() == 10


def test_a_company_without_revenue_has_no_diamonds():
    assert set(sized(revenue_12m=0.0, harvest=0.0)["company_class"]) == {"ordinary"}


@pytest.mark.parametrize(("columns", "said"), [({}, "The biggest fifth"), ({"annual_revenue": np.nan}, "How big")])
def test_it_is_said(columns, said):
    assert words.about_size(sized(**columns), run()).startswith(said)
