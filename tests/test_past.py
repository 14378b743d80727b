import datetime as dt
from functools import partial

import pandas as pd
from order_world import features, never_ordered, outcomes

from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.past import Past

ORDERS = [("a", "2022-01-01", 5.0), ("a", "2022-03-01", 7.0), ("b", "2022-02-01", 9.0)]
DAYS = pd.DataFrame(ORDERS, columns=["account_id", "date", "value"]).assign(date=lambda f: pd.to_datetime(f["date"]))


def features_at(date):
    return pd.concat([never_ordered("0"), features(DAYS, date)], ignore_index=True)


PAST = Past(features_at, partial(outcomes, DAYS))


def test_known_are_the_accounts_that_had_ordered_by_then():
    assert PAST.known(dt.date(2022, 1, 15))["account_id"].tolist() == ["a"]
    assert PAST.known(dt.date(2022, 2, 15))["account_id"].tolist() == ["a", "b"]


def test_what_came_stands_in_the_rows_of_the_known():
    assert PAST.came(dt.date(2022, 2, 15), 30).to_dict("list") == {"orders": [1.0, 0.0], "revenue": [7.0, 0.0]}


def test_the_span_runs_from_the_first_order_of_all():
    assert PAST.span(dt.date(2022, 2, 15)) == 45


def test_without_time_or_orders_there_is_nothing_to_learn_from():
    assert PAST.forecast(dt.date(2022, 1, 1)) is None
    assert PAST.forecast(dt.date(2022, 2, 15)) is not None
    nobody = Past(lambda _: never_ordered("x"), partial(outcomes, DAYS))
    assert nobody.span(dt.date(2022, 1, 1)) == 0
    assert nobody.forecast(dt.date(2022, 1, 1)) is None


def test_every_date_is_asked_for_once():
    asked = []
    past = Past(lambda date: (asked.append(date), features_at(date))[1], partial(outcomes, DAYS))
    for _ in range(3):
        past.known(dt.date(2022, 2, 15))
        past.forecast(dt.date(2022, 2, 15))
    assert asked == [dt.date(2022, 2, 15)]


def test_buyers_are_the_known_with_the_chance_that_they_still_buy():
    buyers = PAST.buyers(dt.date(2022, 2, 15))
    assert buyers["account_id"].tolist() == ["a", "b"]
    assert buyers["p_alive"].isna().all()  # nobody has ordered twice by then
    assert PAST.buyers(dt.date(2022, 4, 1))["p_alive"].between(0, 1).all()


def test_buyers_are_told_by_the_base_forecast_of_that_date_as_the_soil_is():
    date = dt.date(2022, 4, 1)
    buyers = PAST.buyers(date)
    soil = SoilModel(horizon_years=1.0, discount_rate=0.0).fit(PAST.known(date)).predict(PAST.known(date))
    assert buyers["p_alive"].tolist() == soil["p_alive"].tolist()
    assert buyers["first_year"].tolist() == soil["revenue_expected"].tolist()


def test_where_nothing_can_be_learned_nothing_is_said_of_the_buyers():
    first_day = PAST.buyers(dt.date(2022, 1, 1))
    assert first_day[["p_alive", "first_year"]].isna().to_numpy().tolist() == [[True, True]]
    assert PAST.buyers(dt.date(2021, 1, 1)).empty
