from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.model.tiers import (
    TIERS,
    ValueTiers,
    fit_tiers,
    four_axes,
    four_axis_rule,
    human_decisions,
    likeliest_groups,
    tier_table,
    value_matrix,
)
from mcrlib.settings import Settings

LETTERS = "the check subtracts predictions; a tier is a letter"
EXPECTED = {
    "check_estimators_pickle": LETTERS,
    "check_methods_sample_order_invariance": LETTERS,
    "check_methods_subset_invariance": LETTERS,
    "check_fit_idempotent": LETTERS,
}
RANK = {tier: rank for rank, tier in enumerate(TIERS)}


@parametrize_with_checks([ValueTiers(n_resamples=3)], expected_failed_checks=lambda _: EXPECTED)
def test_scikit_learn_agrees(estimator, check):
    check(estimator)


def money(n, seed=1, sigma=1.5):
    return np.random.default_rng(seed).lognormal(9, sigma, (n, 2)).round(2)


def test_predictions_do_not_depend_on_the_order_or_the_company_of_accounts():
    X = money(60)
    tiers = ValueTiers(n_resamples=5).fit(X)
    shuffled = np.random.default_rng(2).permutation(60)
    assert (ValueTiers(n_resamples=5).fit(X[shuffled]).predict(X) == tiers.predict(X)).all()
    assert (tiers.predict(X[:7]) == tiers.predict(X)[:7]).all()


def test_the_currency_does_not_matter():
    X = money(200)
    dear, cheap = ValueTiers(n_resamples=0).fit(X), ValueTiers(n_resamples=0).fit(X * 140)
    assert (dear.predict(X) == cheap.predict(X * 140)).all()


@settings(max_examples=30)
@given(st.lists(st.integers(-10, 10**7), min_size=1, max_size=40))
def test_more_value_is_never_a_lower_tier_and_equal_accounts_are_never_split(values):
    X = np.array(sorted(values), float)[:, None]
    ranks = [RANK[tier] for tier in ValueTiers(n_resamples=0).fit(X).predict(X)]
    assert ranks == sorted(ranks)
    assert len({(value, rank) for value, rank in zip(X[:, 0], ranks, strict=True)}) == len(set(values))


@pytest.mark.parametrize("X", [[[5.0, 5.0]], [[5.0, 5.0]] * 24, [[0.0, np.nan]] * 3])
def test_without_variation_all_are_C_and_it_says_so(X):
    tiers = ValueTiers(n_resamples=3).fit(np.array(X))
    assert set(tiers.predict(np.array(X))) == {"C"}
    assert not tiers.varied_
    assert np.isnan(tiers.stability_)
    assert np.isnan(tiers.predict_proba(np.array(X))).all()


def test_where_the_data_show_no_border_the_shares_of_the_method_draw_it():
    rng = np.random.default_rng(1)
    X = np.exp(np.concatenate([rng.uniform(0, 0.5, 50), rng.uniform(6, 6.5, 50)]))[:, None]
    tiers = ValueTiers(n_resamples=0).fit(X)
    found = pd.Series(tiers.predict(X)).value_counts()
    assert "S" in tiers.drawn_by_share_
    assert found["S"] == 5
    assert found.index.isin(list("SABC")).all()


def test_one_monstrous_order_does_not_flatten_the_others():
    X = money(24, sigma=1.0)
    X[3] = 1e15
    tiers = ValueTiers(n_resamples=0).fit(X).predict(X)
    assert tiers[3] == max(tiers, key=RANK.get)
    assert len(set(np.delete(tiers, 3))) >= 2


def test_probabilities_add_up_and_are_surest_far_from_the_cuts():
    X = money(300)
    tiers = ValueTiers(n_resamples=40).fit(X)
    probability = tiers.predict_proba(X)
    np.testing.assert_allclose(probability.sum(axis=1), 1.0)
    assert (probability >= 0).all()
    assert 0.5 < tiers.stability_ <= 1.0
    score = tiers.score_accounts(X)
    assert probability[score.argmax()].argmax() == RANK["S"]
    assert probability[score.argmin()].tolist() == [1, 0, 0, 0]
    by_score = (probability @ np.arange(4))[np.argsort(score)]
    assert (np.diff(by_score) >= -1e-12).all()


def test_quotas_are_kept_and_ties_at_the_border_stay_below():
    X = np.array([10.0, 9.0, 8.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0])[:, None]
    tiers = ValueTiers(n_resamples=0, quotas={"S": 0.1, "A": 0.2, "B": 0.3}).fit(X).predict(X)
    assert "".join(tiers) == "SABBBBCCCC"


def test_what_is_not_known_does_not_pull_down():
    X = np.array([[90.0, 90.0], [90.0, np.nan], [90.0, 0.0], [1.0, 1.0], [10.0, 10.0], [10.0, 20.0]])
    whole, missing, zero = ValueTiers(n_resamples=0).fit(X).score_accounts(X)[:3]
    assert whole > missing > zero + 0.5


def test_weights_must_fit_the_columns():
    with pytest.raises(ValueError, match="weights must be 2 positive numbers"):
        ValueTiers(weights=[1.0]).fit(money(5))


def planted(n, seed):
    """A company of which the tiers are known: value by tier, harvest and soil as two noisy views of it."""
    rng = np.random.default_rng(seed)
    tier = rng.choice(4, n, p=[0.4, 0.4, 0.15, 0.05])
    log_value = 8 + 1.5 * tier + rng.normal(0, 0.6, n)
    harvest = np.exp(log_value + rng.normal(0, 0.7, n)) * (rng.random(n) > np.array([0.4, 0.2, 0.05, 0.0])[tier])
    soil = np.exp(log_value + 1.2 + rng.normal(0, 0.4, n))
    contacts = rng.poisson(np.array([1, 2, 5, 10])[tier])
    return tier, np.column_stack([harvest, soil, contacts])


@pytest.mark.parametrize("seed", [1, 2])
def test_recovery_of_planted_tiers(seed):
    tier, X = planted(3000, seed)
    tiers = ValueTiers(n_resamples=10, weights=[1, 1, 0.25]).fit(X)
    found = np.array([RANK[one] for one in tiers.predict(X)])
    assert cohen_kappa_score(tier, found, weights="quadratic") > 0.8
    assert tiers.stability_ > 0.85
    assert 0.15 < np.mean(found >= 2) < 0.3


def company(n=40, **columns):
    rng = np.random.default_rng(1)
    harvest = rng.lognormal(9, 1.5, n).round(2)
    features = pd.DataFrame(
        {
            "account_id": [f"a{i:02}" for i in range(n)],
            "account_name": [f"Name {i}" for i in range(n)],
            "n_order_days": 3,
            "T": 900.0,
            "gp_total": harvest * 2,
            "spend_n": 3,
            "spend_plain_log_sum": 3 * np.log(harvest),
            "spend_plain_log_square": 3 * np.log(harvest) ** 2 + 0.5,
            "harvest": harvest,
            "harvest_previous": harvest[::-1],
            "gp_36m": harvest * 2,
            "annual_revenue": np.nan,
            "employees": np.nan,
            "n_product_lines": np.nan,
            "n_contacts": rng.poisson(3, n).astype(float),
            "n_functions": np.nan,
        }
    ).assign(**columns)
    soil = pd.DataFrame({"account_id": features["account_id"], "soil_value": harvest * 3, "p_alive": 0.9})
    return features, soil


def test_the_matrix_leaves_out_what_nobody_delivered():
    features, soil = company()
    assert value_matrix(features, soil).columns.tolist() == ["harvest", "soil_value", "growth", "n_contacts"]


def test_every_account_gets_a_tier_and_one_that_never_ordered_gets_C():
    features, soil = company()
    features.loc[0, ["n_order_days", "harvest"]] = [0, 0.0]
    soil.loc[0, "soil_value"] = 1e9
    table = tier_table(features, soil, Settings())
    assert table["tier"].isin(list("SABC")).all()
    assert table.loc[0, ["tier", "tier_rule", "tier_cluster", "tier_reason"]].tolist() == [
        "C",
        "C",
        "C",
        "never_ordered",
    ]
    assert np.isnan(table.loc[0, "tier_probability"])
    assert table.loc[1:, "tier_probability"].between(0, 1).all()
    assert table["tier"].nunique() == 4


def test_one_that_never_ordered_stays_C_on_the_second_run():
    features, soil = company()
    features.loc[:4, ["n_order_days", "harvest"]] = [0, 0.0]
    soil.loc[:4, "soil_value"] = 1e9
    first = tier_table(features, soil, Settings())
    before = first[["account_id", "tier_held", "tier_seen"]]
    for earlier in (before, before.assign(tier_held="S", tier_seen="S")):
        row = tier_table(features, soil, Settings(), before=earlier).loc[:4]
        assert row["tier"].eq("C").all() and row["tier_reason"].eq("never_ordered").all()
        assert row["tier_held"].isna().all()


def test_reasons_name_what_decides_and_who_disagrees():
    features, soil = company()
    table = tier_table(features, soil, Settings())
    assert table.loc[table["tier"] == "S", "tier_reason"].str.contains(":high").all()
    assert table.loc[table["tier"] == "C", "tier_reason"].str.contains(":low").all()
    disagree = table["tier_rule"] != table["tier"]
    assert disagree.any()
    assert table["tier_reason"].str.contains("rule:").tolist() == disagree.tolist()
    borderline = table["tier_probability"] < 0.8
    assert table["tier_reason"].str.contains("borderline").tolist() == borderline.tolist()


def test_who_is_as_most_are_has_that_for_a_reason():
    """Most accounts are the middle itself, so nothing pulls them up or down."""
    features, soil = company()
    most = features.index < 30
    features.loc[most, ["harvest", "harvest_previous", "gp_36m", "n_contacts"]] = 0.0
    table = tier_table(features, soil.assign(soil_value=soil["soil_value"].mask(most, 5.0)), Settings())
    assert table["tier_reason"].ne("").all()
    assert table.loc[most, "tier_reason"].str.contains("middle").any()


def test_alike_accounts_are_all_C_with_a_reason():
    features, soil = company(harvest=5.0, harvest_previous=5.0, gp_36m=5.0, n_contacts=1.0)
    table = tier_table(features, soil.assign(soil_value=9.0), Settings())
    assert set(table["tier"]) == set(table["tier_rule"]) == {"C"}
    assert table["tier_reason"].eq("no_variation").all()


def test_a_company_in_which_nobody_ordered_is_all_C():
    features, soil = company(n_order_days=0)
    assert set(tier_table(features, soil, Settings())["tier"]) == {"C"}


OVERRIDES = [
    {"account": "a01", "tier": "S", "reason": "beacon", "by": "board", "until": dt.date(2024, 6, 30)},
    {"account": "Name 2", "tier": "A", "reason": "old", "by": "board", "until": dt.date(2024, 6, 29)},
    {"account": "nobody", "tier": "A", "reason": "x", "by": "y", "until": dt.date(2030, 1, 1)},
]


def test_a_human_decision_wins_until_its_last_day_and_is_marked():
    features, soil = company()
    chosen = Settings.model_validate({"overrides": OVERRIDES})
    table = tier_table(features, soil, chosen, as_of=dt.date(2024, 6, 30))
    plain = tier_table(features, soil, Settings())
    assert table.loc[1, ["tier", "override_reason", "override_by"]].tolist() == ["S", "beacon", "board"]
    assert table.loc[1, "tier_reason"].startswith("override;")
    assert table.loc[2, "tier"] == plain.loc[2, "tier"]
    assert table.loc[2, "tier_reason"].startswith("override_expired;")
    assert table.loc[[1], "tier_probability"].isna().all()
    made = human_decisions(features, chosen.overrides, dt.date(2024, 6, 30))
    assert made[["account_id", "state"]].astype(object).fillna("").to_numpy().tolist() == [
        ["a01", "counts"],
        ["a02", "expired"],
        ["", "unknown"],
    ]


def test_of_two_decisions_on_one_account_the_last_that_has_not_expired_counts():
    features, soil = company()
    both = [OVERRIDES[0], OVERRIDES[0] | {"account": "Name 1", "tier": "B"}, OVERRIDES[1] | {"account": "a01"}]
    chosen = Settings.model_validate({"overrides": both})
    assert human_decisions(features, chosen.overrides, dt.date(2024, 6, 30))["state"].tolist() == [
        "replaced",
        "counts",
        "expired",
    ]
    row = tier_table(features, soil, chosen, as_of=dt.date(2024, 6, 30)).loc[1]
    assert row["tier"] == "B"
    assert "expired" not in row["tier_reason"]


def test_a_name_of_two_accounts_decides_on_neither():
    features, soil = company()
    features.loc[[1, 2], "account_name"] = "Twin"
    chosen = Settings.model_validate({"overrides": [OVERRIDES[0] | {"account": "Twin"}]})
    assert human_decisions(features, chosen.overrides, dt.date(2024, 6, 30))["state"].tolist() == ["ambiguous"]
    found = tier_table(features, soil, chosen, as_of=dt.date(2024, 6, 30))
    pd.testing.assert_frame_equal(found, tier_table(features, soil, Settings()), check_dtype=False)


def test_a_backtest_knows_no_human_decisions():
    features, soil = company()
    table = tier_table(features, soil, Settings.model_validate({"overrides": OVERRIDES}))
    pd.testing.assert_frame_equal(table, tier_table(features, soil, Settings()))


def test_the_rule_decides_where_the_client_says_so():
    features, soil = company()
    table = tier_table(features, soil, Settings.model_validate({"tiers": {"decide": "rule"}}))
    assert table["tier"].tolist() == table["tier_rule"].tolist()
    assert table["tier_probability"].isna().all()
    assert table.loc[table["tier"] == "S", "tier_reason"].str.startswith("realised:high;potential_axis:high").all()
    lost = tier_table(features, soil.assign(p_alive=0.01), Settings.model_validate({"tiers": {"decide": "rule"}}))
    assert lost["tier_reason"].str.contains("p_alive:low").all()
    differs = table["tier_cluster"] != table["tier"]
    assert table["tier_reason"].str.contains("clusters:").tolist() == differs.tolist()


def test_quotas_are_kept_where_the_rule_decides():
    features, soil = company()
    features["n_contacts"] = 3.0
    asked = {"decide": "rule", "quotas": {"S": 0.1, "A": 0.2, "B": 0.05}}
    counts = tier_table(features, soil, Settings.model_validate({"tiers": asked}))["tier"].value_counts()
    assert counts.to_dict() == {"S": 4, "A": 8, "B": 2, "C": 26}


@pytest.mark.parametrize("n", [1, 2, 7])
@pytest.mark.parametrize("values", [[5.0], [5.0, -3.0, 0.0, 9.0, 2e12, 1.0, 4.0], [-3.0, -2.0, -1.0]])
@pytest.mark.parametrize("decide", ["clusters", "rule"])
def test_quotas_are_never_passed_however_few_or_alike_or_bad_the_accounts(n, values, decide):
    harvest = np.resize(values, n)
    features, soil = company(n, harvest=harvest, harvest_previous=harvest, gp_36m=harvest, n_contacts=1.0)
    asked = {"decide": decide, "quotas": {"S": 0.2, "A": 0.3, "B": 0.3}}
    table = tier_table(features, soil.assign(soil_value=harvest), Settings.model_validate({"tiers": asked}))
    places = table["tier"].map(RANK)
    assert (places == 3).sum() <= 0.2 * n and (places >= 2).sum() <= 0.5 * n and (places >= 1).sum() <= 0.8 * n
    assert table.groupby(harvest)["tier"].nunique().eq(1).all()


def test_quotas_of_the_client_are_kept():
    features, soil = company()
    table = tier_table(features, soil, Settings.model_validate({"tiers": {"quotas": {"S": 0.05, "A": 0.15, "B": 0.3}}}))
    assert table["tier"].value_counts().to_dict() == {"S": 2, "A": 6, "B": 12, "C": 20}


def test_a_tie_at_a_share_of_the_rule_falls_to_the_lower_tier_and_bars_are_reached_at_their_value():
    limits = Settings().thresholds
    known = {"fit": [np.nan, 0.49, 0.5, *[np.nan] * 17], "survival": [*[0.5] * 4, 0.49, limits.lost, *[0.9] * 14]}
    axes = pd.DataFrame({"realised": np.arange(20, 0, -1) / 20, "potential": 0.0} | known)
    wide = limits.model_copy(update={"strategic_share": 0.25, "top_accounts_share": 0.5})
    assert "".join(four_axis_rule(axes, wide)) == "SASSA" + "A" * 5 + "B" + "C" * 9
    tied = axes.assign(realised=[*[1.0] * 6, *axes["realised"][6:]], fit=np.nan, survival=1.0)
    assert "".join(four_axis_rule(tied, wide)) == "A" * 10 + "B" + "C" * 9


def test_the_rule_of_four_axes():
    features, soil = company(n=20, harvest=np.arange(20.0, 0, -1), gp_36m=np.arange(20.0, 0, -1))
    soil = soil.assign(soil_value=np.arange(20.0, 0, -1))
    soil.loc[1, "p_alive"] = 0.1
    axes = four_axes(features, soil)
    assert axes.loc[0, ["realised", "potential"]].tolist() == [1.0, 1.0]
    assert "".join(four_axis_rule(axes, Settings().thresholds)) == "SCAA" + "B" * 7 + "C" * 9
    soil.loc[0, "p_alive"] = 0.4
    assert four_axis_rule(four_axes(features, soil), Settings().thresholds)[0] == "A"


def test_an_axis_on_which_all_are_alike_does_not_decide():
    """Where nobody is expected to bring more, half of the soil's ranks would lift every account out of C."""
    features, soil = company(n=20, harvest=np.arange(20.0, 0, -1), gp_36m=np.arange(20.0, 0, -1))
    axes = four_axes(features, soil.assign(soil_value=0.0))
    assert axes["potential"].isna().all() and axes["realised"].notna().all()
    assert "".join(four_axis_rule(axes, Settings().thresholds)) == "SAAA" + "B" * 7 + "C" * 9


def test_the_same_company_gives_the_same_table_again():
    features, soil = company(300)
    first = tier_table(features, soil, Settings())
    pd.testing.assert_frame_equal(tier_table(features, soil, Settings()), first, check_exact=True)
    model = fit_tiers(value_matrix(features, soil), features["n_order_days"].gt(0), Settings())
    pd.testing.assert_frame_equal(tier_table(features, soil, Settings(), model=model), first, check_exact=True)


def test_the_tier_of_an_account_is_the_one_in_which_the_draws_see_it():
    rng = np.random.default_rng(3)
    values = np.exp(np.concatenate([rng.normal(0, 1, 200), rng.normal(4, 1, 60), rng.normal(8, 0.5, 6)]))[:, None]
    tiers = ValueTiers(100, seed=1).fit(values)
    likeliest = TIERS[tiers.predict_proba(values).argmax(axis=1)]
    assert (likeliest == tiers.predict(values)).mean() > 0.98


def test_held_tiers_wait_for_a_second_run_and_human_decisions_stand_above_them():
    features, soil = company()
    first = tier_table(features, soil, Settings())
    other = {"S": "A", "A": "B", "B": "C", "C": "B"}
    before = first[["account_id"]].assign(tier_held=first["tier"].map(other), tier_seen=first["tier"].map(other))
    chosen = Settings.model_validate({"overrides": OVERRIDES, "thresholds": {"tier_jump": 9.0}})
    held = tier_table(features, soil, chosen, as_of=dt.date(2024, 6, 30), before=before)
    assert held.loc[1, ["tier", "override_by"]].tolist() == ["S", "board"]
    assert held["tier_held"].tolist() == before["tier_held"].tolist()
    free = held["override_by"].isna()
    assert held.loc[free, "tier"].tolist() == before.loc[free, "tier_held"].tolist()
    assert held.loc[free, "tier_reason"].str.contains("held").all()
    again = tier_table(features, soil, chosen, before=held[["account_id", "tier_held", "tier_seen"]])
    firm = first["tier_probability"] >= 0.7
    assert again.loc[firm, "tier"].tolist() == first.loc[firm, "tier"].tolist()


def test_quotas_are_kept_to_the_letter_and_hold_nobody():
    features, soil = company()
    quotas = Settings.model_validate({"tiers": {"quotas": {"S": 0.05, "A": 0.15, "B": 0.3}}})
    before = features[["account_id"]].assign(tier_held="S", tier_seen="S")
    table = tier_table(features, soil, quotas, before=before)
    assert table["tier"].value_counts().to_dict() == {"S": 2, "A": 6, "B": 12, "C": 20}


def test_the_number_of_groups_that_the_scores_form_by_themselves():
    rng = np.random.default_rng(1)
    places = {1: [0.0], 2: [0.0, 9.0], 4: [0.0, 9.0, 18.0, 27.0]}
    for groups, middles in places.items():
        scores = np.concatenate([rng.normal(middle, 1.0, 200) for middle in middles])
        assert likeliest_groups(scores) == likeliest_groups(scores[::-1]) == groups
    assert likeliest_groups(np.array([1.0, 1.0, np.nan])) == likeliest_groups(np.array([])) == 1
    assert likeliest_groups(rng.normal(size=50_000)) == 1
