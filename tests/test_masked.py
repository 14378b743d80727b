import datetime as dt
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from order_world import draw_days, features, outcomes

from mcrlib.describe.accounts import account_features, account_outcomes
from mcrlib.judge.lifts import lifts
from mcrlib.judge.sleepers import Skill, is_quiet, masked_skill, sleepers, soil_gap
from mcrlib.model.soil.choice import as_used
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.masked import KINDS, NUMBERS, Masked, covariates, judge_masked, known_accounts, masked_soil
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.past import Past
from mcrlib.simulate.company import simulate

AS_OF = dt.date(2025, 12, 31)
SEEDS = (1, 2, 3)


@cache
def company(seed):
    return simulate(seed=seed)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Truth, features and past of each simulated company."""
    made = {}
    for seed in SEEDS:
        clean = write_clean(tmp_path_factory.mktemp(f"company{seed}"), **company(seed).tables)
        past = Past(partial(account_features, clean, frozen=True), partial(account_outcomes, clean))
        made[seed] = (company(seed).truth.accounts, account_features(clean, AS_OF), past)
    return made


def gap_of(table, past):
    soil = SoilModel().fit(table).predict(table)
    return soil_gap(Masked.learn(past, AS_OF, 365).predict(table, AS_OF), soil, table)


@pytest.fixture(scope="module")
def gaps(told):
    made = {}
    for seed, (truth, table, past) in told.items():
        gap = gap_of(table, past)
        made[seed] = gap.merge(truth[["account_id", "potential", "value_5y"]], on="account_id", validate="one_to_one")
    return made


def found(is_one, by):
    """Share of those looked for among as many of the highest; equal ones count in part."""
    k, place = is_one.sum(), by.rank(ascending=False, method="max")
    first, ties = by.rank(ascending=False, method="min"), by.map(by.value_counts())
    chance = ((k - first + 1) / ties).clip(0.0, 1.0).where(place > k, 1.0)
    return float((is_one * chance).sum() / k)


def test_recovery_of_the_rank_of_the_soil_of_300_accounts(gaps):
    for gap in gaps.values():
        bought = gap["quiet_state"] != "never_ordered"
        whole = gap["foretold"].where(bought, gap["soil_masked"])
        assert gap.loc[bought, "foretold"].corr(gap.loc[bought, "value_5y"], method="spearman") >= 0.8
        assert whole.corr(gap["value_5y"], method="spearman") >= 0.8


def test_recovery_of_strategic_sleepers_twice_as_often_as_by_last_year(gaps):
    ours, last_year, chance = [], [], []
    for gap in gaps.values():
        strategic = gap["potential"].rank(ascending=False) <= 0.2 * len(gap)
        quiet = gap[is_quiet(gap)]
        asleep = strategic[quiet.index]
        ours.append(found(asleep, quiet["soil_masked"].fillna(0.0)))
        last_year.append(found(asleep, quiet["last_year"]))
        chance.append(asleep.mean())
    assert all(one >= 2 * other for one, other in zip(ours, last_year, strict=True))
    assert np.mean(ours) >= 2 * np.mean(chance)


def test_recovery_of_what_named_sleepers_are_worth(gaps):
    signal = Skill(300, 3, explained_low=0.3, quiet_low=0.3, quiet_order=0.6, quiet_last_year=0.1)
    named = pd.concat(sleepers(gap, signal, margin=2.0, share=0.2) for gap in gaps.values())
    quiet = pd.concat(gap[is_quiet(gap)] for gap in gaps.values())
    assert len(named) >= 2 * len(gaps)
    assert named["value_5y"].mean() > 4 * quiet["value_5y"].mean()
    assert named["value_5y"].sum() > 4 * named["foretold"].sum()
    assert (named["potential"] > quiet["potential"].median()).mean() > 0.7


def breadth_effect(seed):
    """Elasticity of the orders of a quarter to the breadth of the quarter before, of accounts that were customers."""
    truth = company(seed).truth
    facts = ["account_id", "base_rate", "start_date", "dropout_date"]
    rows = truth.relationship.sort_values(["account_id", "quarter"])
    rows = rows.assign(before=rows.groupby("account_id")["breadth"].shift())
    rows = rows.merge(truth.accounts[facts], on="account_id", validate="many_to_one")
    gone = rows["dropout_date"] <= rows["quarter"] + pd.offsets.QuarterEnd(0)
    rows = rows[(rows["start_date"] < rows["quarter"]) & ~gone & rows["before"].notna()]
    orders = company(seed).tables["orders"].query("status == 'valid'")
    quarter = pd.to_datetime(orders["order_date"]).dt.to_period("Q").dt.start_time
    came = orders.assign(quarter=quarter).groupby(["account_id", "quarter"]).size().rename("orders").reset_index()
    rows = rows.merge(came, on=["account_id", "quarter"], how="left", validate="one_to_one")
    known = pd.DataFrame({"breadth": np.log(rows["before"]), "rate": np.log(rows["base_rate"])})
    effects = (
        Masked.from_rows(known, rows["orders"].fillna(0.0), rows["account_id"], 91).effects().set_index("covariate")
    )
    return effects[["effect", "effect_low", "effect_high"]].div(effects["spread"], axis=0).loc["breadth"]


def test_recovery_of_the_effect_of_breadth_inside_its_intervals():
    found = pd.DataFrame([breadth_effect(seed) for seed in range(1, 9)])
    inside = (found["effect_low"] <= 0.40) & (found["effect_high"] >= 0.40)
    assert inside.sum() >= 6  # of 8, at the 80 % level
    assert found["effect"].mean() == pytest.approx(0.40, abs=0.03)


@pytest.fixture(scope="module")
def judged(told):
    _, table, past = told[3]
    origins = rolling_origins(past, AS_OF, 365)
    return as_used(origins, SoilModel().fit(table, origins=origins).choice_)


def test_what_is_known_beside_orders_tells_and_what_is_shuffled_does_not(told, judged):
    past = told[3][2]
    skill = masked_skill(judge_masked(past, judged))
    assert skill.has_signal
    assert skill.origins == 3
    assert 0.3 < skill.explained_low < skill.explained < skill.explained_high < 0.8
    assert skill.quiet_order > skill.quiet_last_year

    def shuffled(date):
        table = past.features_at(date)
        names, order = [*NUMBERS, *KINDS], np.random.default_rng(5).permutation(len(table))
        return table.assign(**{name: table[name].array[order] for name in names})

    def came(start, end):
        return past.came_to(past.features_at(start), start, (end - start).days).assign(
            account_id=past.features_at(start)["account_id"]
        )

    assert not masked_skill(judge_masked(Past(shuffled, came), judged)).has_signal


def test_nothing_later_than_the_origin_is_looked_at(told, judged):
    past, asked = told[3][2], []

    def came(start, end):
        asked.append((start, end))
        return past.came_to(past.features_at(start), start, (end - start).days).assign(
            account_id=past.features_at(start)["account_id"]
        )

    origin = judged["origin"].min().date()
    Masked.learn(Past(past.features_at, came), origin, 364)
    assert max(end for _, end in asked) == origin


def test_own_orders_are_not_looked_at(told):
    _, table, past = told[1]
    formula = Masked.learn(past, AS_OF, 365)
    money = ["revenue_total", "revenue_12m", "revenue_3m", "frequency", "spend_log_sum", "n_product_lines"]
    other = table.assign(**{name: 7.0 * table[name] + 1 for name in money})
    pd.testing.assert_frame_equal(formula.predict(other, AS_OF), formula.predict(table, AS_OF))


def test_unknown_counts_as_usual_and_a_fuller_crm_is_no_growth():
    before = pd.DataFrame({"n_contacts": [0.0, 1, 3], "employees": [10.0, np.nan, 1000]})
    after = before.assign(n_contacts=2 * before["n_contacts"] + 1)  # ln(1 + n) grows by ln 2 for all
    first, second = covariates(before, []), covariates(after, [])
    pd.testing.assert_frame_equal(first, second)
    assert first.loc[1, "employees"] == 0.0
    assert first.mean().tolist() == pytest.approx([0.0, 0.0])


def test_an_account_is_known_from_its_record_or_its_first_sign():
    table = pd.DataFrame(
        {
            "account_id": list("abcd"),
            "created_date": pd.to_datetime(["2024-01-01", "2025-01-01", None, None]),
            "n_order_days": 0,
            "n_contacts": [0.0, 0, 2, 0],
        }
    )
    assert known_accounts(table, dt.date(2024, 6, 1))["account_id"].tolist() == ["a", "c"]


def test_an_account_that_the_crm_does_not_know_gets_no_number(told):
    _, table, past = told[1]
    unknown = table.head(3).assign(created_date=pd.NaT, n_order_days=0, n_contacts=0.0, n_activities_12m=0.0)
    mixed = pd.concat([unknown.assign(n_open_deals=0.0), table.tail(-3)], ignore_index=True)
    said = Masked.learn(past, AS_OF, 365).predict(mixed, AS_OF)
    assert said.head(3)[["masked", "speaks_for"]].isna().all(axis=None)
    assert said.tail(-3)["masked"].notna().all()


def test_where_nothing_is_known_beside_orders_nothing_is_learned():
    days = draw_days(60, seed=1)
    past = Past(partial(features, days), partial(outcomes, days))
    assert Masked.learn(past, dt.date(2024, 12, 31), 365) is None
    assert masked_soil(None, features(days, "2024-12-31"), dt.date(2024, 12, 31))["masked"].isna().all()
    origins = rolling_origins(past, dt.date(2024, 12, 31), 365)
    origins = as_used(origins, SoilModel().fit(features(days, "2024-12-31"), origins=origins).choice_)
    empty = judge_masked(past, origins)
    assert empty.empty
    assert not masked_skill(empty).has_signal
    assert judge_masked(past, origins.iloc[:0]).empty


def test_reasons_are_what_an_account_has_more_of():
    n = 400
    rng = np.random.default_rng(2)
    facts = pd.DataFrame({"employees": rng.normal(size=n), "n_contacts": rng.normal(size=n)})
    came = pd.Series(rng.gamma(2, np.exp(facts["employees"] - facts["n_contacts"])))
    formula = Masked.from_rows(facts, came, pd.Series(range(n)), 365)
    table = pd.DataFrame({"account_id": ["big", "small", "loud"], "n_order_days": 1})
    seen = table.assign(employees=[1e4, 10.0, 100.0], n_contacts=[3.0, 3.0, 40.0])
    assert formula.predict(seen, AS_OF)["speaks_for"].tolist() == ["employees", "", ""]
    effects = formula.effects().set_index("covariate")
    assert (effects["effect"] / effects["spread"]).loc[["employees", "n_contacts"]].tolist() == pytest.approx(
        [1.0, -1.0], abs=0.15
    )


def test_recovery_of_several_effects_inside_their_intervals():
    truth, inside = pd.Series({"employees": 0.5, "n_contacts": 0.3, "n_cases_24m": -0.2, "satisfaction": 0.0}), []
    for seed in range(30):
        rng, n = np.random.default_rng(seed), 300
        facts = pd.DataFrame({name: rng.normal(size=2 * n) for name in truth.index})
        own = np.tile(rng.gamma(2, 0.5, n), 2)  # what one account does in both windows is one thing
        came = pd.Series(rng.poisson(own * np.exp(facts @ truth)) * rng.lognormal(0, 0.5, 2 * n))
        told = Masked.from_rows(facts, came, pd.Series(np.tile(np.arange(n), 2)), 365).effects().set_index("covariate")
        bounds = told[["effect_low", "effect_high"]].div(told["spread"], axis=0).loc[truth.index]
        inside.append(bounds["effect_low"].le(truth) & bounds["effect_high"].ge(truth))
    assert pd.concat(inside).mean() >= 0.70  # 80 % promised
    assert pd.concat(inside, axis=1).mean(axis=1).min() >= 0.60


def test_recovery_of_effects_where_the_accounts_are_few_beside_the_facts():
    strong, names = pd.Series({"employees": 1.0, "n_contacts": 0.5}), [f"industry=k{one}" for one in range(20)]
    inside, sure = [], []
    for seed in range(40):
        rng, n = np.random.default_rng(seed), 100
        facts = pd.DataFrame(rng.normal(size=(2 * n, 22)), columns=[*strong.index, *names])
        own = np.tile(rng.gamma(2, 0.5, n), 2)
        came = pd.Series(rng.poisson(own * np.exp(facts[strong.index] @ strong)) * rng.lognormal(0, 0.5, 2 * n))
        effects = Masked.from_rows(facts, came, pd.Series(np.tile(np.arange(n), 2)), 365).effects()
        truth = effects["covariate"].map(strong).fillna(0.0) * effects["spread"]
        inside.append(effects["effect_low"].le(truth) & effects["effect_high"].ge(truth))
        told = lifts(effects, pd.Series(np.ones(n)))
        sure.append((told["is_sure"] & (told["kind"] != "")).any())
    assert 0.72 <= np.mean(inside) <= 0.88  # 80 % promised
    assert np.mean(sure) <= 0.15  # one in ten promised


def test_accounts_with_one_window_or_three_are_told_apart_and_their_order_does_not_matter():
    rng, n = np.random.default_rng(5), 90
    facts = pd.DataFrame({"employees": rng.normal(size=n)})
    came = pd.Series(rng.gamma(2, np.exp(facts["employees"])))
    accounts = pd.Series([f"a{one}" for one in [*range(30), *range(30, 60), *range(30)]])  # thirty twice, thirty once
    mixed = rng.permutation(n)
    first = Masked.from_rows(facts, came, accounts, 365).effects()
    again = Masked.from_rows(
        *(one.take(mixed).reset_index(drop=True) for one in (facts, came, accounts)), 365
    ).effects()
    pd.testing.assert_frame_equal(again, first, rtol=1e-6)
    apart = Masked.from_rows(facts, came, pd.Series([f"b{one}" for one in range(n)]), 365).effects()
    assert apart["effect_high"].item() != pytest.approx(first["effect_high"].item(), rel=1e-6)
