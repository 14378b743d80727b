"""Odd companies through tiers, regret, climb, growth, size, winners and patience: finite, or plainly not known."""

import datetime as dt
import re
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.accounts import (
    account_features,
    account_outcomes,
    account_periods,
    crm_tiers,
    outside_growth,
    repurchases,
)
from mcrlib.describe.contributions import contributions
from mcrlib.judge import patience
from mcrlib.judge.climb import climb_index, mix_record, tier_chances, tier_mix, tier_steps, tiers_year_by_year
from mcrlib.judge.growth import beginnings, climb_of_pools, growth_chances, growth_pool, years_to_top
from mcrlib.judge.regret import gain_curves, look_back_dates, regret_doubts, regret_verdicts, tier_regret, tiers_then
from mcrlib.judge.size import by_corner, company_classes, key_decisions, size_and_value
from mcrlib.judge.tiers import doubts, tier_summary
from mcrlib.judge.winners import customer_growth, growth_lead, standing, top_lists, top_renewal
from mcrlib.model.ramp import look_ahead
from mcrlib.model.soil.combine import base_soil
from mcrlib.model.tiers import fit_tiers, likeliest_groups, tier_table, value_matrix
from mcrlib.settings import Settings
from mcrlib.show import words

END, YEAR_AGO = dt.date(2024, 12, 31), dt.date(2024, 1, 1)
ON = run()
#: What no reader should meet: a number that is none, and a minus before nothing.
BAD = re.compile(r"\b(nan|inf|nat|none)\b|[-−]0(\.0+)?(?![.\d])", re.IGNORECASE)


def drawn(n, orders=12, days=1460, seed=1):
    rng = np.random.default_rng(seed)
    days = pd.Timestamp("2021-01-01") + pd.to_timedelta(rng.integers(0, days, n * orders), "D")
    ids = np.repeat([f"a{i:02}" for i in range(n)], orders)
    return pd.DataFrame({"account_id": ids, "order_date": days, "amount": rng.lognormal(7, 1, n * orders).round(2)})


def one(account, amount, *days):
    return pd.DataFrame({"account_id": account, "order_date": pd.to_datetime(list(days)), "amount": amount})


def december(n):
    rows = drawn(n, orders=4, days=30)
    years = pd.Series(np.tile(range(4), n))
    return rows.assign(order_date=rows["order_date"] + pd.to_timedelta(334 + 365 * years, "D"))


ALIKE = pd.concat([one(f"a{i:02}", 100.0, "2022-03-01", "2023-03-01", "2024-03-01") for i in range(20)])
COMPANIES = {
    "one account": drawn(1),
    "one account, one order": one("a00", 100.0, "2024-06-01"),
    "20 accounts": drawn(20),
    "all bought once": drawn(30, orders=1),
    "all identical": ALIKE,
    "one giant": pd.concat([drawn(20), one("zz", 5e9, *pd.date_range("2021-01-31", "2024-12-31", freq="ME"))]),
    "ten years old with one order": pd.concat([drawn(20), one("old", 900.0, "2015-01-05")]),
    "only one, ten years ago": one("old", 900.0, "2015-01-05"),
    "only in December": december(20),
    "a loss on every order": drawn(20).assign(cost=lambda rows: (1.3 * rows["amount"]).round(2)),
    "orders worth nothing": drawn(12).assign(amount=0.0),
}


@pytest.fixture(params=COMPANIES, ids=str)
def clean(request, tmp_path):
    rows = COMPANIES[request.param].reset_index(drop=True)
    ids = sorted(rows["account_id"].unique())
    market = ["saline", *["growth"] * len(ids)]
    accounts = pd.DataFrame({"account_id": [*ids, "never"], "account_name": [*ids, "Never"], "market_type": market})
    spent = pd.date_range("2021-01-01", "2024-12-01", freq="QS")
    costs = pd.DataFrame({"period": spent.date, "amount": 50.0, "cost_type": "travel", "account_id": ids[0]})
    orders = rows.assign(order_id=rows.index.astype(str), order_date=rows["order_date"].dt.date)
    return write_clean(tmp_path, accounts=accounts, orders=orders, costs=costs.assign(cost_id=costs.index.astype(str)))


def is_clean(*made):
    for frame in made:
        for column in frame.select_dtypes("number"):
            values = frame[column].to_numpy(float)
            assert not np.isinf(values).any(), column
            assert not ((values == 0) & np.signbit(values)).any(), f"{column}: a minus before nothing"
    return True


def test_tiers_and_what_is_said_of_them_are_finite_or_not_known(clean):
    features_at = cache(partial(account_features, clean, frozen=True))
    features, settings = features_at(END), Settings()
    soil_at = cache(partial(base_soil, features_at, settings))
    made = tier_table(features, soil_at(END), settings, as_of=END)
    facts = features[["account_id", "account_name", "harvest", "n_orders"]]
    tiers = facts.merge(soil_at(END)[["account_id", "soil_value"]]).merge(made, on="account_id")
    assert tiers["tier"].isin([*"SABC"]).all()
    assert is_clean(tiers, tier_summary(tiers))
    span = features["T"].max()
    dates = look_back_dates(END, int(span) if span == span else 0)
    came = partial(account_outcomes, clean)
    then = tiers_then(features_at, soil_at, came, dates, settings, crm_at=partial(crm_tiers, clean))
    regret, gain = tier_regret(then), gain_curves(then)
    watches = regret_verdicts(regret)
    assert len(regret) == 0 or (regret["outcome"].notna() | regret["way"].isin(["kit", "hindsight"])).all()
    model = fit_tiers(value_matrix(features, soil_at(END)), features["n_order_days"] > 0, settings, n_resamples=9)
    known = features.loc[features["n_order_days"] > 0, "account_id"]
    groups = likeliest_groups(model.score_accounts(value_matrix(features, soil_at(END)).loc[known]))
    steps = tier_steps(tiers_year_by_year(features_at, soil_at, [END, *(date for date, _ in dates)], settings))
    mix, climb = tier_mix(steps, tiers["tier"].value_counts()), climb_index(steps)
    periods = account_periods(clean, END)
    sized = size_and_value(features, repurchases(clean, END), settings.thresholds)
    lists = top_lists(periods, END, settings.thresholds)
    growth = customer_growth(features, outside_growth(clean, END), settings.thresholds)
    grown, chances = growth_chances(steps, then), tier_chances(steps)
    years = years_to_top(steps, features.set_index("account_id")["first_order_date"])
    assert is_clean(grown, chances, words.chance_words(chances, ON))
    assert is_clean(regret, gain, mix, climb, growth, beginnings(periods, tiers, END))
    assert is_clean(sized, company_classes(sized, tiers), by_corner(sized), key_decisions(sized))
    said = [
        *words.tier_reasons(tiers, ON), *words.about_tiers(tiers, ON, watches=watches), words.about_regret(watches, ON),
        words.about_ways(watches, ON),
        words.about_groups(tiers, model, groups, ON), words.about_stability(model.stability_, ON),
        *(doubt.message for doubt in regret_doubts(watches)),
        words.about_climb(climb, ON), words.about_mix(mix, mix_record(steps), END, ON), words.about_size(sized, ON),
        words.about_pool(growth_pool(tiers), climb_of_pools(then, tiers), ON),
        words.about_growth_chances(grown, years, ON), words.about_tier_chances(chances, 365, ON),
        words.about_winners(growth, standing(growth), growth_lead(growth), top_renewal(lists), ON),
        *(doubt.message for doubt in doubts(tiers, settings, as_of=END)),
    ]  # fmt: skip
    assert [sentence for sentence in said if BAD.search(sentence)] == []


def test_patience_is_finite_or_not_known(clean):
    moves = {date: contributions(clean, date, margin=1.0) for date in (END, YEAR_AGO)}
    entries = patience.strategic_entries(account_features(clean, END), moves[END])
    curves = {date: patience.contribution_curves(moves[date], entries, date) for date in moves}
    ahead = {date: look_ahead(curves[date], 20, rate=0.08, seed=1) for date in moves}
    fan = {date: patience.fans(curves[date], ahead[date].contribution) for date in moves}
    now, before = (patience.chances(curves[date], ahead[date].contribution) for date in (END, YEAR_AGO))
    gated = patience.gates(now, before, pd.Series(dtype="boolean"))
    facts = patience.break_evens(curves[END]).assign(own_share=ahead[END].own_share)
    spent, budget = patience.patience_budget(moves[END], gated, ahead[END].contribution, END, share=0.1)
    entered = entries.merge(facts).merge(gated, on="account_id").merge(spent, on="account_id")
    assert len(entered) == 1
    assert is_clean(entered, curves[END], fan[END])
    spans = words.break_even_spans(entered, ON)
    judged = patience.hindcast(curves[END], fan[YEAR_AGO])
    said = [words.about_patience(entered, judged, ON), words.about_budget(budget, ON), *spans.iloc[0]]
    assert [sentence for sentence in said if BAD.search(sentence)] == []
