import datetime as dt
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from hypothesis import given, settings
from hypothesis import strategies as st
from order_world import draw_days
from portfolio import run

from mcrlib.describe.accounts import account_features
from mcrlib.judge.climb import climb_index, mix_record, tier_chances, tier_mix, tier_steps, tiers_year_by_year
from mcrlib.model.soil.combine import base_soil
from mcrlib.model.tiers.migration import PLACES, Migration
from mcrlib.settings import Settings
from mcrlib.show import figures, words

DATES = [dt.date(2022, 12, 31), dt.date(2023, 12, 31), dt.date(2024, 12, 31)]


def seen(*tiers, harvest=10.0):
    """The tiers of accounts a, b … at each date: one word per date."""
    rows = [
        (pd.Timestamp(date), name, f"Account {name}", {"-": "none"}.get(tier, tier), harvest)
        for date, word in zip(DATES, tiers, strict=False)
        for name, tier in zip("abcdefgh", word, strict=False)
    ]
    return pd.DataFrame(rows, columns=["date", "account_id", "account_name", "tier", "harvest"])


def drawn(n, chances, years, seed):
    """Steps of n accounts a tier with known chances (rows C, B, A, S), the same every year."""
    rng, rows = np.random.default_rng(seed), []
    for year in range(years):
        for place, before in enumerate("CBAS"):
            for i, tier in enumerate(rng.choice([*"CBAS"], n, p=chances[place])):
                rows.append((pd.Timestamp(2020 + year, 12, 31), f"{before}{i}", before, tier))
    return pd.DataFrame(rows, columns=["date", "account_id", "tier_before", "tier"])


TRUTH = np.array([[0.9, 0.1, 0, 0], [0.2, 0.7, 0.1, 0], [0, 0.2, 0.7, 0.1], [0, 0, 0.3, 0.7]])


def test_a_step_holds_the_accounts_of_both_dates_and_new_ones_begin_with_the_next():
    steps = tier_steps(seen("SA", "AAB", "AAB"))
    assert steps.groupby("date").size().tolist() == [2, 3]
    assert steps.loc[0, ["tier_before", "tier"]].tolist() == ["S", "A"]
    assert tier_steps(seen("SA")).empty


def test_the_climb_index_is_the_mean_step_weighted_by_profit():
    told = seen("BC-", "ACA").assign(harvest=[30.0, 10, 0, 50, 10, 90])
    got = climb_index(tier_steps(told)).iloc[0]
    assert got["climb"] == pytest.approx(40 / (40 + 10))  # one up with 40 on average, 10 stay; a first order counts not
    assert got[["n_up", "n_down", "n"]].tolist() == [1, 0, 2]
    assert got["low"] <= got["climb"] <= got["high"]
    assert climb_index(tier_steps(seen("BC", "AC", harvest=0.0)))["climb"].isna().all()
    loss = seen("BC", "AB").assign(harvest=[10.0, -30, 10, -30])
    assert climb_index(tier_steps(loss))["climb"].item() == 1  # what brings a loss weighs nothing
    assert climb_index(tier_steps(seen("BC"))).empty


def test_an_account_that_has_ordered_never_becomes_one_that_has_not():
    chances = Migration.learn(tier_steps(seen("SAB--", "SABC-", "SABCC"))).chances
    assert (chances.loc[list("CBAS"), "none"] == 0).all()
    assert chances.sum(axis=1).to_numpy() == pytest.approx(1.0)


def test_recovery_of_known_chances():
    found = Migration.learn(drawn(300, TRUTH, 4, seed=1)).chances.loc[list("CBAS"), list("CBAS")]
    assert found.to_numpy() == pytest.approx(TRUTH, abs=0.03)


def test_a_tier_of_three_accounts_borrows_from_how_all_tiers_step():
    steps = pd.concat([drawn(100, TRUTH, 3, seed=2).query("tier_before != 'S'"),
                       drawn(1, TRUTH, 3, seed=2).query("tier_before == 'S'").assign(tier="S")])  # fmt: skip
    stays = Migration.learn(steps).chances.loc["S", "S"]
    assert 0.75 < stays < 0.99


def test_recovery_of_the_mix_inside_its_bounds():
    inside = n = 0
    for seed in range(15):
        record = mix_record(drawn(25, TRUTH, 5, seed=seed))
        inside, n = inside + record["inside"], n + record["n"]
        assert record["dates"] == 4
    assert 0.7 <= inside / n <= 0.97  # 80 % promised; of small counts the bounds hold more


def test_the_record_counts_the_accounts_that_the_mix_had_in_another_tier():
    steps = drawn(20, TRUTH, 2, seed=7)
    known, came = steps[steps["date"].dt.year == 2020], steps[steps["date"].dt.year == 2021]
    said = Migration.learn(known).expect(came["tier_before"].value_counts(), 1, seed=1).set_index("tier")["n_expected"]
    found = came["tier"].value_counts()
    record = mix_record(steps)
    assert record["ours"] == pytest.approx(sum(abs(found[tier] - said[tier]) for tier in "SABC") / 2)
    assert record["same"] == pytest.approx(sum(abs(found[tier] - 20) for tier in "SABC") / 2)


def test_the_matrix_tells_where_accounts_of_each_tier_stood_a_step_later():
    later = {"S": "A" * 1, "A": "A" * 20, "C": "C" * 9 + "B"}
    moves = [(f"{before}{i}", before, tier) for before, word in later.items() for i, tier in enumerate(word)]
    steps = pd.DataFrame(moves, columns=["account_id", "tier_before", "tier"])
    told = tier_chances(steps)
    expected = pd.DataFrame(
        [
            ("A", 20, 20, "S", 0, 0.0, 0.000, 0.065),  # beta(0.5, 20.5)
            ("A", 20, 20, "A", 20, 1.0, 0.935, 1.000),
            ("A", 20, 20, "B", 0, 0.0, 0.000, 0.065),
            ("A", 20, 20, "C", 0, 0.0, 0.000, 0.065),
            ("C", 10, 10, "S", 0, 0.0, 0.000, 0.124),
            ("C", 10, 10, "A", 0, 0.0, 0.000, 0.124),
            ("C", 10, 10, "B", 1, 0.1, 0.030, 0.275),  # beta(1.5, 9.5)
            ("C", 10, 10, "C", 9, 0.9, 0.725, 0.970),
        ],
        columns=["tier_before", "n", "n_accounts", "tier", "n_moved", "share", "low", "high"],
    )
    pd.testing.assert_frame_equal(told, expected, check_dtype=False, atol=1e-3, rtol=0)
    twice = tier_chances(pd.concat([steps, steps]))  # the same accounts at two dates say no more
    pd.testing.assert_frame_equal(
        twice[twice["n_accounts"] > 1][["share", "low", "high"]], told[["share", "low", "high"]]
    )
    assert tier_chances(steps.head(29)).empty


def test_the_matrix_is_said_with_its_bounds_and_whom_it_leaves_out():
    row = {"tier_before": "C", "n": 40, "n_accounts": 30, "n_moved": 10, "share": 0.25, "low": 0.2, "high": 0.3}
    chances = pd.DataFrame([row | {"tier": tier} for tier in "SABC"])
    cell = "25% (20% to 30%)"
    assert words.chance_words(chances, run()).to_dict("records") == [
        {"tier_before": "C", "n_steps": 40, "to_s": cell, "to_a": cell, "to_b": cell, "to_c": cell}
    ]
    said = words.about_tier_chances(chances, 100, run())
    counted = "Counted are 40 steps of accounts from one date to another 100 days later; brackets hold 8 of 10 cases."
    assert said.startswith(counted)
    assert said.endswith("Of S, A, B fewer than 10 were seen again: nothing is said.")
    nothing = tier_chances(drawn(1, TRUTH, 1, seed=1))
    assert words.chance_words(nothing, run()).empty
    assert "need tiers at two dates and thirty steps" in words.about_tier_chances(nothing, 365, run())


def test_the_mix_holds_all_of_todays_accounts_and_needs_two_steps():
    steps, counts = drawn(20, TRUTH, 3, seed=3), pd.Series({"S": 5, "A": 20, "B": 30, "C": 60, "none": 7})
    mix = tier_mix(steps, counts)
    assert mix["tier"].tolist() == ["S", "A", "B", "C", "none"]
    assert mix["n_now"].tolist() == [5, 20, 30, 60, 7]
    assert mix["n_expected"].sum() == pytest.approx(122)
    assert (mix["n_low"] <= mix["n_high"]).all()
    assert (mix["n_later_high"] - mix["n_later_low"]).sum() > (mix["n_high"] - mix["n_low"]).sum()
    assert tier_mix(steps[steps["date"] == steps["date"].max()], counts).empty
    assert tier_mix(steps.iloc[:0], counts).empty
    assert mix_record(steps.iloc[:0])["dates"] == 0


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(PLACES[1:]), st.sampled_from(PLACES[1:])), min_size=1, max_size=40))
def test_any_moves_give_finite_chances(moves):
    steps = pd.DataFrame(moves, columns=["tier_before", "tier"]).assign(date=pd.Timestamp("2024-12-31"))
    model = Migration.learn(steps)
    assert np.isfinite(model.chances.to_numpy()).all()
    said = model.expect(pd.Series({"S": 3}), 2, seed=1)
    assert np.isfinite(said.drop(columns="tier").to_numpy()).all()
    assert (said["n_low"] <= said["n_expected"]).all() and (said["n_expected"] <= said["n_high"]).all()


def test_tiers_of_earlier_dates_know_nothing_later_and_hold_from_date_to_date(tmp_path):
    days = draw_days(60, seed=4)
    sold = pd.DataFrame({"order_id": [f"o{i}" for i in range(len(days))], "account_id": days["account_id"],
                         "order_date": days["date"].dt.date, "amount": days["value"].round(2)})  # fmt: skip
    accounts = pd.DataFrame({"account_id": [*sorted(set(days["account_id"])), "prospect"]})
    accounts = accounts.assign(account_name="x", created_date=dt.date(2020, 1, 1))
    clean, asked = write_clean(tmp_path, accounts=accounts, orders=sold), []

    def features_at(date):
        asked.append(date)
        return account_features(clean, date, frozen=True)

    def soil_at(date):
        return base_soil(partial(account_features, clean, frozen=True), Settings(), date)

    told = tiers_year_by_year(features_at, soil_at, DATES[::-1], Settings())
    assert asked == DATES
    assert told.loc[told["account_id"] == "prospect", "tier"].eq("none").all()
    alone = tiers_year_by_year(features_at, soil_at, DATES[:1], Settings())
    first = told[told["date"] == told["date"].min()]
    pd.testing.assert_frame_equal(first.reset_index(drop=True), alone)
    assert tiers_year_by_year(features_at, soil_at, [dt.date(2019, 6, 1)], Settings()).empty


def test_each_date_knows_the_model_and_the_tiers_of_the_one_before(monkeypatch):
    features = pd.DataFrame({"account_id": ["a"], "account_name": ["A"], "harvest": 1.0, "n_order_days": 1})
    models, states = [], []

    def settle(values, ordered, settings, date, earlier):
        models.append(earlier)
        return SimpleNamespace(model=None, as_dict=lambda: {"fitted": date})

    def place(features, soil, settings, *, model, before):
        states.append(before if before is None else before["tier"].tolist())
        return pd.DataFrame({"account_id": ["a"], "tier": ["SAB"[len(states) - 1]]})

    monkeypatch.setattr("mcrlib.judge.climb.settle_tiers", settle)
    monkeypatch.setattr("mcrlib.judge.climb.tier_table", place)
    monkeypatch.setattr("mcrlib.judge.climb.value_matrix", lambda features, soil: None)
    told = tiers_year_by_year(lambda _: features, lambda _: features[["account_id"]], DATES[::-1], Settings())
    assert models == [None, {"fitted": DATES[0]}, {"fitted": DATES[1]}]
    assert states == [None, ["S"], ["A"]]
    assert told["tier"].tolist() == [*"SAB"]


def test_what_is_said_gives_numbers_or_says_why_there_are_none():
    steps = drawn(20, TRUTH, 3, seed=3)
    mix = tier_mix(steps, pd.Series({"S": 5, "A": 20, "B": 30, "C": 60}))
    said = words.about_mix(mix, mix_record(steps), dt.date(2029, 9, 2), run())
    assert said.startswith("By 2 Sept 2029 today's accounts will be, in 8 of 10 cases: S ") and ", C " in said
    assert "not available" in words.about_mix(mix.iloc[:0], {}, dt.date(2026, 12, 31), run())
    record = {"n": 8, "inside": 7, "dates": 2}
    for ours, same, told in (
        (2.0, 5.0, "to stay."),
        (5.0, 2.0, "came nearer: rely on that."),
        (0.3, 0.0, "as well: rely on that."),
    ):
        said = words.about_mix(mix, record | {"ours": ours, "same": same}, dt.date(2029, 9, 2), run())
        assert said.endswith(told), said
    climb = climb_index(tier_steps(seen("BC", "AC", "AC")))
    assert words.about_climb(climb, run()).startswith("Climb index from 31 Dec 2023 to 31 Dec 2024: 0.00 tiers")
    assert "cannot be said" in words.about_climb(climb.iloc[:0], run())
    lost = words.about_climb(climb.assign(climb=[0.1, float("nan")], n_up=[3, 0]), run())
    assert lost.startswith("From 31 Dec 2023 to 31 Dec 2024 0 climbed, 0 fell; there is no climb index")
    hair = words.about_climb(climb.assign(climb=-0.001, low=-0.4, high=-0.002), run())
    assert ": 0.00 tiers (−0.40 to 0.00)" in hair and "may be chance" in hair


def test_the_picture_tells_who_climbed_and_draws_the_mix_only_where_there_is_one():
    told = seen("SABC-", "SABCC", "ASBC-")
    mix = pd.DataFrame({"tier": [*"SABC"], "n_now": 1, "n_expected": 1.0, "n_low": 0.0, "n_high": 2.0})
    with_mix = figures.show(figures.tier_flows(told, run(), mix=mix, ahead=dt.date(2025, 12, 31)))
    assert "Since 31 Dec 2023, 1 climbed, 2 fell, 2 stayed" in with_mix.alt
    assert with_mix.caption.endswith("8 of 10 cases.")
    other = figures.show(figures.tier_flows(told, run(), mix=mix.assign(n_now=[2, 1, 1, 0]), ahead=DATES[-1]))
    assert other.caption.endswith("as published, by the whole forecast: S 2, A 1, B 1, C 0.")
    assert "hatched" not in figures.show(figures.tier_flows(told, run(), mix=mix.iloc[:0])).caption


def test_how_stable_the_tiers_are_is_said_or_why_not():
    said = words.about_stability(0.81, run())
    assert "agree to 0.81" in said and "from 0.75 on they are stable" in said and "not stable" not in said
    said = words.about_stability(0.74, run())
    assert "They are not stable" in said and "decide: rule under tiers" in said
    assert "cannot be said" in words.about_stability(float("nan"), run())
    ruled = run()
    ruled.settings = Settings.model_validate({"tiers": {"decide": "rule"}})
    assert "the rule decides" in words.about_stability(0.2, ruled)
