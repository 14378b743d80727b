import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean

from mcrlib.describe.accounts import account_features
from mcrlib.model.soil.combine import base_soil
from mcrlib.model.tiers import TIERS, fit_tiers, tier_table, value_matrix
from mcrlib.model.tiers.luck import another_course, score_luck
from mcrlib.settings import Settings

END, START = dt.date(2024, 12, 31), pd.Timestamp("2021-01-01")


def orders(n, world, course):
    """Orders of n accounts: ``world`` draws who they are, ``course`` what they happen to order."""
    who, what = np.random.default_rng(world), np.random.default_rng([world, course])
    rate, level = who.gamma(1.2, 1 / 110, n) + 1 / 3000, who.normal(6.0, 1.0, n)
    first, stays = who.integers(0, 900, n), who.exponential(2500, n)
    rows = []
    for i in range(n):
        day = float(first[i])
        while day <= min(1460, first[i] + stays[i]):
            rows.append((f"a{i:03}", START + pd.Timedelta(days=int(day)), round(what.lognormal(level[i], 0.5), 2)))
            day += max(1.0, what.exponential(1 / rate[i]))
    return pd.DataFrame(rows, columns=["account_id", "order_date", "amount"])


def tiers_of(folder, rows):
    folder.mkdir()
    accounts = pd.DataFrame({"account_id": sorted(rows["account_id"].unique())})
    keyed = rows.assign(order_id=np.arange(len(rows)).astype(str), order_date=rows["order_date"].dt.date)
    write_clean(folder, accounts=accounts.assign(account_name=accounts["account_id"]), orders=keyed)
    features_at = partial(account_features, folder)
    return tier_table(features_at(END), base_soil(features_at, Settings(), END), Settings())


def test_recovery_of_tiers_when_the_orders_come_otherwise(tmp_path):
    found = []
    for world in (71, 72, 73):
        seen, again = (tiers_of(tmp_path / f"{world}-{course}", orders(220, world, course)) for course in (1, 2))
        both = seen.merge(again[["account_id", "tier"]], on="account_id", suffixes=("", "_again"))
        found.append(both.assign(stayed=both["tier"] == both["tier_again"]))
    told = pd.concat(found)
    bands = told.groupby(pd.cut(told["tier_probability"], [0, 0.6, 0.8, 1.0]), observed=True)
    means = bands.agg(said=("tier_probability", "mean"), stayed=("stayed", "mean"))
    assert (means["said"] - means["stayed"]).abs().max() < 0.1
    assert abs(told["tier_probability"].mean() - told["stayed"].mean()) < 0.05


def facts(**columns):
    orders = np.array([2.0, 50.0, 50.0, 0.0, 1.0, 5.0])
    worth = np.array([1000.0, 1000.0, 9000.0, 0.0, 0.0, -300.0])
    features = pd.DataFrame(
        {
            "account_id": [*"abcdef"], "n_order_days": orders, "T": 1460.0, "gp_total": worth * 4, "harvest": worth,
            "harvest_previous": worth, "spend_n": orders, "spend_plain_log_sum": 5 * orders,
            "spend_plain_log_square": 25 * orders + 0.1, "n_product_lines": np.nan, "n_contacts": np.nan,
            "n_functions": np.nan,
        }
    ).assign(**columns)  # fmt: skip
    soil = pd.DataFrame({"account_id": [*"abcdef"], "soil_value": worth * 3, "p_alive": 0.9})
    return features, soil


def test_few_orders_leave_more_to_luck_than_many():
    features, soil = facts()
    model = fit_tiers(value_matrix(features, soil), features["n_order_days"] > 0, Settings(), n_resamples=5)
    luck, scores = score_luck(model, features, soil), model.score_accounts(value_matrix(features, soil))
    assert luck[0] > 2 * luck[1] > luck[3] == 0
    centre, spread = another_course(scores, luck, features["n_order_days"].gt(0).to_numpy())
    assert spread[0] > 2 * spread[1] > 0
    assert np.isfinite([centre, spread]).all()
    assert (spread[3], centre[3]) == (0.0, pytest.approx(scores[3]))


def test_who_stands_far_out_by_few_orders_would_stand_nearer_to_the_middle():
    features, soil = facts()
    features, soil = features.iloc[[0, 1]].assign(account_id=["few", "many"]), soil.iloc[[1, 1]]
    crowd, crowd_soil = facts()
    features = pd.concat([features.assign(harvest=8000.0, gp_total=32000.0), crowd], ignore_index=True)
    soil = pd.concat([soil.assign(account_id=["few", "many"], soil_value=24000.0), crowd_soil], ignore_index=True)
    values = value_matrix(features, soil)
    model = fit_tiers(values, features["n_order_days"] > 0, Settings(), n_resamples=5)
    scores = model.score_accounts(values)
    centre, _ = another_course(scores, score_luck(model, features, soil), np.ones(len(scores), bool))
    assert scores[0] == pytest.approx(scores[1])
    assert scores.mean() < centre[0] < centre[1] < scores[1]


def test_amounts_that_vary_leave_more_to_luck():
    features, soil = facts()
    model = fit_tiers(value_matrix(features, soil), features["n_order_days"] > 0, Settings(), n_resamples=5)
    varied = facts(spend_plain_log_square=25 * features["n_order_days"] + 20.0)[0]
    assert (score_luck(model, varied, soil)[:3] > score_luck(model, features, soil)[:3]).all()


def test_without_doubt_of_the_score_only_the_borders_are_in_doubt():
    model = fit_tiers(pd.DataFrame({"harvest": [1.0, 10.0, 100.0]}), pd.Series([True] * 3), Settings())
    X = pd.DataFrame({"harvest": [1.0, 10.0, 100.0]})
    luck = (model.score_accounts(X), np.zeros(3))
    pd.testing.assert_frame_equal(
        pd.DataFrame(model.predict_proba(X, luck), columns=TIERS), pd.DataFrame(model.predict_proba(X), columns=TIERS)
    )
