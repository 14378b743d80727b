"""What a client may rely on of the tiers, whatever the data: of the rows, the money, people's word and the history."""

import datetime as dt
import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from portfolio import run as portfolio_run

from mcrlib.errors import Refused
from mcrlib.model.tiers import (
    TIERS,
    fit_tiers,
    four_axes,
    four_axis_rule,
    settle_tiers,
    tier_table,
    value_matrix,
)
from mcrlib.model.tiers.luck import another_course, score_luck
from mcrlib.read.snapshots import check_snapshots, earlier_snapshots, last_frame, last_model, write_snapshot
from mcrlib.run import Run
from mcrlib.settings import Settings
from mcrlib.show import figures, words

RANK = {tier: rank for rank, tier in enumerate(TIERS)}
JUNE, JULY = dt.date(2024, 6, 30), dt.date(2024, 7, 31)
MONEY = ["harvest", "harvest_previous", "gp_total", "gp_36m", "annual_revenue"]


def company(seed, n=25, alike=0.3):
    """Accounts of all sorts: some that never ordered, some that lose money, some equal, sizes known of a half."""
    draw = np.random.default_rng(seed)
    days = draw.poisson(6, n) * (draw.random(n) > 0.1)
    harvest = (draw.lognormal(9, 1.5, n) * np.where(draw.random(n) < 0.1, -0.2, 1.0)).round(2) * (days > 0)
    harvest = np.where(draw.random(n) < alike, np.where(days > 0, 500.0, 0.0), harvest)
    logs = np.log(np.abs(harvest) + 10)
    features = pd.DataFrame(
        {
            "account_id": [f"a{i:02}" for i in range(n)], "account_name": [f"Name {i}" for i in range(n)],
            "n_order_days": days, "T": np.where(days > 0, 900.0, np.nan), "gp_total": harvest * 2, "spend_n": days,
            "spend_plain_log_sum": days * logs, "spend_plain_log_square": days * (logs**2 + 0.2), "harvest": harvest,
            "harvest_previous": harvest[::-1], "gp_36m": harvest * 2,
            "annual_revenue": np.where(draw.random(n) < 0.5, draw.lognormal(14, 2, n), np.nan), "employees": np.nan,
            "n_product_lines": np.nan, "n_contacts": draw.poisson(3, n).astype(float), "n_functions": np.nan,
        }
    )  # fmt: skip
    worth = np.where(days > 0, harvest * draw.uniform(1, 4, n), np.nan)
    chance = np.where(days > 0, draw.random(n).round(3), np.nan)
    return features, pd.DataFrame({"account_id": features["account_id"], "soil_value": worth, "p_alive": chance})


def made(features, soil, chosen=None, **more):
    """The tier table, with borders of few draws: these promises do not hang on their number."""
    chosen = chosen or Settings()
    model = fit_tiers(value_matrix(features, soil), features["n_order_days"] > 0, chosen, n_resamples=5)
    return tier_table(features, soil, chosen, model=model, **more).set_index("account_id")


SEEDS = st.integers(0, 10**6)
DECIDE = st.sampled_from(["clusters", "rule"])
EFFORT = settings(max_examples=10, deadline=None)


def deciding(decide, **more):
    return Settings.model_validate({"tiers": {"decide": decide} | more})


def assert_same(found, expected):
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, atol=1e-6)


@EFFORT
@given(SEEDS, DECIDE)
def test_the_order_of_the_rows_does_not_matter(seed, decide):
    features, soil = company(seed)
    order = np.random.default_rng(seed).permutation(len(features))
    shuffled = [one.iloc[order].reset_index(drop=True) for one in (features, soil)]
    expected = made(features, soil, deciding(decide))
    assert_same(made(*shuffled, deciding(decide)).loc[expected.index], expected)


@EFFORT
@given(SEEDS, DECIDE, st.sampled_from([0.001, 7.3, 1000.0]))
def test_the_currency_does_not_matter(seed, decide, rate):
    features, soil = company(seed)
    more, n = np.log(rate), features["spend_n"]
    squares = features["spend_plain_log_square"] + 2 * more * features["spend_plain_log_sum"] + more**2 * n
    dear = features.assign(
        spend_plain_log_sum=features["spend_plain_log_sum"] + n * more, spend_plain_log_square=squares,
        **{name: features[name] * rate for name in MONEY},
    )  # fmt: skip
    found = made(dear, soil.assign(soil_value=soil["soil_value"] * rate), deciding(decide))
    assert_same(found, made(features, soil, deciding(decide)))


@EFFORT
@given(SEEDS, DECIDE)
def test_what_the_accounts_are_called_does_not_matter(seed, decide):
    """No tie is broken by the id: with the ids turned round every account has the tier it had."""
    features, soil = company(seed, alike=0.6)
    turned = features["account_id"].to_numpy()[::-1]
    named = [one.assign(account_id=turned).sort_values("account_id", ignore_index=True) for one in (features, soil)]
    expected, found = made(features, soil, deciding(decide)), made(*named, deciding(decide))
    assert_same(found.loc[turned].set_axis(expected.index), expected)


@EFFORT
@given(SEEDS, st.integers(0, 24), st.floats(1.01, 50))
def test_more_soil_is_never_a_lower_tier(seed, place, times):
    features, soil = company(seed)
    richer = soil.copy()
    richer.loc[place, "soil_value"] = soil.loc[place, "soil_value"] + abs(soil.loc[place, "soil_value"]) * times
    ruled = [four_axis_rule(four_axes(features, one), Settings().thresholds)[place] for one in (soil, richer)]
    assert RANK[ruled[1]] >= RANK[ruled[0]]
    model = fit_tiers(value_matrix(features, soil), features["n_order_days"] > 0, Settings(), n_resamples=5)
    grouped = [model.predict(value_matrix(features, one))[place] for one in (soil, richer)]
    assert RANK[grouped[1]] >= RANK[grouped[0]]


@EFFORT
@given(SEEDS, st.lists(st.floats(0.001, 0.33), min_size=3, max_size=3), DECIDE)
def test_quotas_are_met_to_the_account_where_none_tie(seed, shares, decide):
    draw = np.random.default_rng(seed)
    features, soil = company(seed, alike=0.0)
    n = len(features)
    harvest = draw.permutation(np.arange(1.0, n + 1)) * 100
    alone = dict.fromkeys(["annual_revenue", "n_contacts"], np.nan)
    features = features.assign(n_order_days=3, T=400.0, harvest=harvest, harvest_previous=0.0, gp_36m=harvest, **alone)
    soil = soil.assign(soil_value=harvest * 3, p_alive=0.9)
    quotas = dict(zip("SAB", shares, strict=True))
    places = made(features, soil, deciding(decide, quotas=quotas))["tier"].map(RANK)
    for rank, share in zip((3, 2, 1), np.cumsum(shares), strict=True):
        assert (places >= rank).sum() == int(share * n + 1e-9)


@EFFORT
@given(
    SEEDS,
    st.dictionaries(st.integers(0, 24), st.sampled_from(TIERS), min_size=1, max_size=8),
    DECIDE,
    st.booleans(),
    st.booleans(),
)
def test_what_people_decided_wins_over_all_else_and_is_shown(seed, decided, decide, held, quotas):
    features, soil = company(seed)
    said = [
        {"account": f"a{place:02}", "tier": tier, "reason": "beacon", "by": "board", "until": JUNE}
        for place, tier in decided.items()
    ]
    asked = {"decide": decide} | ({"quotas": {"S": 0.1, "A": 0.1, "B": 0.1}} if quotas else {})
    chosen = Settings.model_validate({"overrides": said, "tiers": asked})
    before = features[["account_id"]].assign(tier_held="B", tier_seen="B") if held else None
    table = made(features, soil, chosen, as_of=JUNE, before=before)
    rows = table.loc[[f"a{place:02}" for place in decided]]
    assert rows["tier"].tolist() == list(decided.values())
    assert rows["override_by"].eq("board").all() and rows["tier_probability"].isna().all()
    assert words.tier_reasons(rows, portfolio_run()).str.contains("board").all()
    others = table.drop(index=rows.index)
    plain = made(features, soil, deciding(**asked), before=before).drop(index=rows.index)
    assert others["tier"].tolist() == plain["tier"].tolist() and others["override_by"].isna().all()


@EFFORT
@given(SEEDS)
def test_chances_add_up_and_the_list_of_unsure_accounts_is_theirs(seed):
    features, soil = company(seed)
    values, ordered = value_matrix(features, soil), features["n_order_days"].gt(0).to_numpy()
    model = fit_tiers(values, pd.Series(ordered), Settings(), n_resamples=9)
    course = another_course(model.score_accounts(values), score_luck(model, features, soil), ordered)
    chances = model.predict_proba(values, course)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0)
    assert (chances >= 0).all()
    table = tier_table(features, soil, Settings(), model=model)
    place = table["tier"].map(RANK).to_numpy(int)
    np.testing.assert_array_equal(table.loc[ordered, "tier_probability"], chances[np.arange(25), place][ordered])
    unsure = table["tier_probability"] < Settings().thresholds.firm_tier
    assert (table["tier_reason"].str.contains("borderline") == unsure).all()
    facts = table.merge(features[["account_id", "account_name", "harvest"]], on="account_id")
    drawn = figures.tier_borderline(facts, portfolio_run(), top=99)
    assert {label.get_text() for label in drawn.get_yticklabels()} == set(facts.loc[unsure, "account_name"])
    plt.close(drawn.figure)


def month(seed, state_of, date, before=None):
    """One run: what it is asked, what it says, and what it leaves for the next."""
    features, soil = state_of(*company(seed, n=40, alike=0.0))
    values, (kept, state) = value_matrix(features, soil), before or (None, None)
    basis = settle_tiers(values, features["n_order_days"] > 0, Settings(), date, kept)
    table = tier_table(features, soil, Settings(), as_of=date, model=basis.model, before=state)
    left = table[["account_id", "tier_held", "tier_seen"]].merge(values.reset_index(), on="account_id")
    return table, (basis.as_dict(), left)


def as_in_june(features, soil):
    return features, soil


def as_in_july(features, soil):
    """A third of the accounts brought other sums, one has gone and one is new."""
    times = np.where(np.arange(len(features)) % 3 == 0, 6.0, 1.0)
    named = features["account_id"].replace({"a07": "z07"})
    told = features.assign(account_id=named, harvest=features["harvest"] * times)
    return told, soil.assign(account_id=named, soil_value=soil["soil_value"] * times)


@pytest.fixture
def kept(tmp_path):
    """The workspace of a client after the run of June, and what that run had in memory."""
    run = Run.open("x", JUNE.isoformat(), tmp_path)
    run.clean.mkdir(parents=True)
    features, _ = company(4, n=40)
    columns = features[["account_id", "account_name"]].assign(owner_id=None, tier_crm=None)
    columns.to_parquet(run.clean / "accounts.parquet")
    _, (model, state) = month(4, as_in_june, JUNE)
    run.save("tier_state", state)
    run.keep("tier_model", model)
    write_snapshot(run, tmp_path / "data" / "x" / "history" / JUNE.isoformat())
    return tmp_path, (model, state)


def test_the_next_run_reads_from_history_what_the_last_one_had_in_memory(kept):
    workspace, memory = kept
    later = Run.open("x", JULY.isoformat(), workspace)
    assert check_snapshots(earlier_snapshots(later.data / "history", JULY)) == []
    read = last_model(later, "tier_model"), last_frame(later, "tier_state")
    said, left = month(4, as_in_july, JULY, read)
    expected, left_by_memory = month(4, as_in_july, JULY, memory)
    pd.testing.assert_frame_equal(said, expected, check_exact=True)
    pd.testing.assert_frame_equal(left[1], left_by_memory[1], check_exact=True)
    assert json.dumps(left[0]) == json.dumps(left_by_memory[0])
    assert said["tier_reason"].str.contains("held").any()
    alone, _ = month(4, as_in_july, JULY)
    assert (said["tier"] != alone["tier"]).any()


@pytest.mark.parametrize("column", ["tier_held", "tier_seen"])
@pytest.mark.parametrize("word", ["Gold", "", "s", "never_ordered"])
def test_a_history_with_a_tier_that_is_none_is_refused_not_taken_for_C(kept, column, word):
    workspace, (_, state) = kept
    path = workspace / "data" / "x" / "history" / JUNE.isoformat() / "tier_state.parquet"
    state.assign(**{column: state[column].where(state.index != 3, word)}).to_parquet(path)
    with pytest.raises(Refused, match=r"tier_state\.parquet: this file of an earlier run is damaged: put it back"):
        check_snapshots(earlier_snapshots(workspace / "data" / "x" / "history", JULY))


def test_a_history_of_a_company_in_which_nobody_had_ordered_is_read(kept):
    workspace, (_, state) = kept
    history = workspace / "data" / "x" / "history"
    for nobody in (None, float("nan")):
        state.assign(tier_held=nobody).to_parquet(history / JUNE.isoformat() / "tier_state.parquet")
        assert check_snapshots(earlier_snapshots(history, JULY)) == []


def test_the_history_of_another_client_holds_nobody(kept):
    _, (_, state) = kept
    foreign = state.assign(account_id="other " + state["account_id"])
    features, soil = as_in_july(*company(4, n=40, alike=0.0))
    pd.testing.assert_frame_equal(made(features, soil, before=foreign), made(features, soil))
