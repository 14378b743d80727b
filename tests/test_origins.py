import datetime as dt
from functools import partial

import pandas as pd
import pytest
from order_world import draw_days, features, never_ordered, outcomes

from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.parts import BASE
from mcrlib.model.soil.past import Past

AS_OF = dt.date(2023, 12, 31)


@pytest.fixture(scope="module")
def days():
    return draw_days(300, seed=2, k=2)


@pytest.fixture(scope="module")
def asked():
    """The dates that were asked for."""
    return []


@pytest.fixture(scope="module")
def judged(days, asked):
    """Judged are all that ordered; one account never did."""

    def features_at(date):
        asked.append(date)
        return pd.concat([features(days, date), never_ordered("x")], ignore_index=True)

    def outcomes_between(start, end):
        asked.append(end)
        return outcomes(days, start, end)

    return rolling_origins(Past(features_at, outcomes_between), AS_OF, 365)


def test_three_origins_half_a_horizon_apart_and_none_reaches_past_the_as_of_date(judged):
    assert sorted(judged["origin"].unique()) == [pd.Timestamp(d) for d in ("2022-01-02", "2022-07-03", "2023-01-01")]
    assert (judged["origin"] + pd.to_timedelta(judged["horizon_days"], unit="D")).max() == pd.Timestamp(AS_OF)


def test_nothing_after_the_as_of_date_is_asked_for(judged, asked):
    assert max(asked) == AS_OF


def test_judged_are_accounts_with_an_order_up_to_the_origin(judged, days):
    assert "x" not in set(judged["account_id"])
    assert judged[["orders_predicted", "revenue_predicted", "revenue"]].notna().all(axis=None)
    first = days.groupby("account_id")["date"].min()
    assert (judged["account_id"].map(first) <= judged["origin"]).all()


def test_every_model_forecasts_every_account_once(judged):
    sizes = judged.groupby(["origin", "account_id"])["model"].agg(["size", "nunique"])
    assert (sizes == 11).all(axis=None)


def test_actuals_are_those_of_the_days_after_the_origin(judged, days):
    one = judged[(judged["model"] == BASE) & (judged["origin"] == "2023-01-01")]
    came = days[(days["date"] > "2023-01-01") & (days["date"] <= "2023-12-31")]
    known = came[came["account_id"].isin(one["account_id"])]
    assert one["revenue"].sum() == pytest.approx(known["value"].sum())
    assert one["orders"].sum() == len(known)


def test_a_short_history_is_judged_over_a_third_of_it(days):
    young = days[days["date"] < "2020-10-01"]
    past = Past(partial(features, young), partial(outcomes, young))
    found = rolling_origins(past, dt.date(2020, 9, 30), 365)
    assert found["horizon_days"].unique().tolist() == [90]


def test_too_little_history_gives_no_origins(days):
    young = days[days["date"] < "2020-02-01"]
    assert rolling_origins(Past(partial(features, young), partial(outcomes, young)), dt.date(2020, 1, 31), 365).empty


def test_intervals_are_those_that_a_run_of_that_day_would_publish_without_a_record(judged, days):
    origin = judged["origin"].max()
    base = judged[(judged["origin"] == origin) & (judged["model"] == BASE)].set_index("account_id")
    known = features(days, origin.date())
    published = SoilModel(seed=1).fit(known).predict_horizon(known, 364).set_index("account_id").loc[base.index]
    expected = published[["revenue_low", "revenue_high"]]
    within = base[["revenue_low", "revenue_high"]].assign(
        revenue_low=base[["revenue_low", "revenue_predicted"]].min(axis=1),
        revenue_high=base[["revenue_high", "revenue_predicted"]].max(axis=1),
    )
    pd.testing.assert_frame_equal(within, expected)
