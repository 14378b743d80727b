import datetime as dt

import pandas as pd

from mcrlib.judge.profit import profit_doubts, year_doubts


def test_revenue_taken_for_profit_is_said():
    (doubt,) = profit_doubts(1.0, 1.0)
    assert doubt.code == "revenue_as_profit"
    assert doubt.message.startswith("no profit or cost is delivered, and no margin is set: revenue counts as profit")


def test_an_assumed_margin_is_said_with_its_reach():
    (doubt,) = profit_doubts(0.25, 0.4)
    assert doubt.message == "no profit or cost is delivered for 25% of the revenue: 40% of it counts as profit"


def test_delivered_profit_leaves_no_doubt():
    assert profit_doubts(0.0, 1.0) == []


def test_a_sliver_of_assumed_profit_does_not_read_as_none():
    assert "for 0.04% of the revenue" in profit_doubts(0.0004, 1.0)[0].message


def test_a_harvest_of_less_than_a_year_and_growth_against_less_than_one_are_doubted():
    def said(first):
        return [one.message for one in year_doubts(pd.Series(pd.to_datetime([first, None])), dt.date(2025, 12, 31))]

    assert said("2025-07-01") == [
        "orders are on record for 183 days only: what is said of twelve months is what these days brought"
    ]
    assert "for 365 days only: growth over the year before looks larger" in said("2024-12-31")[0]
    assert said("2024-01-01") == said(None) == []
