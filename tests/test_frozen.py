import datetime as dt
from functools import partial

import pandas as pd
import pytest
from order_world import draw_days, features, never_ordered, outcomes

from mcrlib.model.soil.frozen import freeze

CUTOFF = dt.date(2022, 12, 31)


def frozen_of(days):
    """The past of accounts that ordered on these days, and of one that never did."""

    def features_at(date):
        return pd.concat([features(days, date), never_ordered("x")], ignore_index=True)

    return freeze(features_at, partial(outcomes, days), CUTOFF, 365)


@pytest.fixture(scope="module")
def days():
    return draw_days(300, seed=6, k=2)


@pytest.fixture(scope="module")
def frozen(days):
    return frozen_of(days)


def test_what_happened_after_the_cutoff_changes_nothing_that_was_forecast(days, frozen):
    again = frozen_of(days.assign(value=days["value"].where(days["date"] <= pd.Timestamp(CUTOFF), 1e6)))
    pd.testing.assert_frame_equal(again.predictions, frozen.predictions, check_exact=True)
    assert again.total == frozen.total
    assert again.judged["revenue"].sum() > 100 * frozen.judged["revenue"].sum()


def test_the_chosen_forecast_is_judged_as_the_run_uses_it(frozen):
    used = frozen.judged[frozen.judged["model"] == frozen.model.chosen].set_index("account_id")["revenue_predicted"]
    said = frozen.predictions.set_index("account_id")["revenue_predicted"].dropna()
    assert used.sort_index().tolist() == said.sort_index().tolist()
    assert set(frozen.judged.groupby("model").size()) == {len(said)}


def test_the_total_is_the_sum_of_the_accounts(frozen):
    assert frozen.total["total"] == pytest.approx(frozen.predictions["revenue_predicted"].sum())


def test_of_accounts_that_never_ordered_nothing_is_predicted_and_they_are_not_judged(frozen):
    said = frozen.predictions.set_index("account_id")["revenue_predicted"]
    assert said.index[said.isna()].tolist() == ["x"]
    assert "x" not in set(frozen.judged["account_id"])
