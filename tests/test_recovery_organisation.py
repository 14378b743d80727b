"""Who holds the relationships of the simulated company: held shares, the rotation test, the loss, planted threads."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean

from mcrlib.describe.accounts import account_owners, account_periods
from mcrlib.describe.organisation import threads
from mcrlib.describe.relationships import person_held
from mcrlib.judge.organisation.dependence import dependence
from mcrlib.judge.organisation.effect import rotation_effect
from mcrlib.judge.organisation.rotation import hand_overs, pretend, rotation_events
from mcrlib.judge.organisation.shock import held_at_changes, left_out_errors
from mcrlib.settings import Thresholds
from mcrlib.simulate.company import simulate

AS_OF = dt.date(2025, 12, 31)
SEEDS = range(1, 41)
TABLES = ("accounts", "owners", "owner_history", "activities", "activity_contacts", "contacts", "orders")


def true_effect(company, rotation):
    """What the change of hands did to the rates of the year after it: with it over without it, less one."""
    truth, memory = company.truth, company.truth.parameters["rotation_memory"]
    largest = company.truth.parameters["rotation_effect"]
    held = truth.accounts.set_index("account_id")["person_held"]
    fresh = truth.relationship.pivot_table(index="account_id", columns="quarter", values="handover")
    with_it, without = [], []
    for event in rotation.events.itertuples():
        at = fresh.columns.searchsorted(pd.Timestamp(event.changed_date), side="right") - 1
        course, drop = fresh.loc[event.account_id].to_numpy(), largest * held[event.account_id]
        with_it.append(np.mean(1 - drop * course[at : at + 4]))
        without.append(np.mean(1 - drop * course[at - 1] * memory ** np.arange(1, 5)))
    return np.mean(with_it) / np.mean(without) - 1


def learn(seed, folder):
    company = simulate(300, seed=seed)
    clean = write_clean(folder, **{name: company.tables[name] for name in TABLES})
    months = account_periods(clean, AS_OF, period="month").drop(columns="revenue")
    changes, held = hand_overs(account_owners(clean, AS_OF)), person_held(clean, AS_OF)
    rotation = rotation_events(months, changes, as_of=AS_OF)
    drawn = pretend(months, as_of=AS_OF, seed=seed)
    pretended = rotation_events(months, changes, as_of=AS_OF, pretended=drawn)
    truth = company.truth.accounts
    accounts = truth[["account_id", "tier"]].assign(harvest=1.0)
    return {
        "effect": rotation_effect(rotation, draws=300).iloc[0],
        "truth": true_effect(company, rotation),
        "placebo": rotation_effect(pretended, draws=300).iloc[0],
        "errors": left_out_errors(rotation, held_at_changes(rotation, held)),
        "depends": dependence(accounts, held, threads(clean, AS_OF), Thresholds()).merge(truth, on="account_id"),
        "held": held[held["is_now"]].merge(truth, on="account_id"),
    }


@pytest.fixture(scope="module")
def learnt(tmp_path_factory):
    return [learn(seed, tmp_path_factory.mktemp("clean")) for seed in SEEDS]


def test_what_a_person_holds_is_ranked_as_it_is(learnt):
    """Where enough is logged to tell: twenty touches of three people or more."""
    found = pd.concat([one["held"] for one in learnt])
    told = found[(found["n_touches"] >= 20) & (found["n_contacts"] >= 3)]
    assert len(told) > 1000
    assert told["held"].corr(told["person_held"], method="spearman") >= 0.8


def test_the_effect_of_rotation_lies_in_its_interval(learnt):
    inside = np.mean([one["effect"]["low"] <= one["truth"] <= one["effect"]["high"] for one in learnt])
    assert 0.85 <= inside <= 0.95


def test_pretended_changes_show_no_effect(learnt):
    assert np.mean([one["placebo"]["low"] <= 0 <= one["placebo"]["high"] for one in learnt]) >= 0.9


def test_the_loss_is_foretold_better_than_by_a_flat_share_or_none(learnt):
    errors = pd.concat([one["errors"] for one in learnt])
    pooled = errors.assign(sum=errors["error"] * errors["n"]).groupby("model")[["sum", "n"]].sum()
    error = pooled["sum"] / pooled["n"]
    assert error["held_alone"] < error["always_15"] < error["nothing"]


def test_planted_single_threads_are_found(learnt):
    found = pd.concat([one["depends"] for one in learnt])
    told = found[found["is_single"].notna()]
    planted, flagged = told["single_threaded"], told["is_single"].astype(bool)
    assert flagged[planted].mean() >= 0.85
    assert planted[flagged].mean() >= 3 * planted.mean()
