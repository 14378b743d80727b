from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.sleepers import (
    Skill,
    earlier_sleepers,
    is_quiet,
    like_for_like,
    masked_skill,
    sleepers,
    soil_gap,
)
from mcrlib.show import words

SIGNAL = Skill(300, 3, explained_low=0.2, quiet_low=0.1, quiet_order=0.3, quiet_last_year=0.1)


def gap_of(contracts=None):
    soil = pd.DataFrame(
        {
            "account_id": list("abcd"),
            "soil_value": [300.0, 80.0, 20.0, 0.0],
            "soil_basis": ["orders", "orders", "orders", "none"],
        }
    )
    masked = pd.DataFrame(
        {
            "account_id": list("abcd"),
            "masked": [100.0, 50.0, 50.0, 80.0],
            "masked_low": [90.0, 40.0, 40.0, 60.0],
            "masked_high": [110.0, 60.0, 60.0, 90.0],
            "speaks_for": ["", "", "employees", "employees;n_contacts"],
        }
    )
    accounts = pd.DataFrame({"account_id": list("abcd"), "revenue_12m": [200.0, 50.0, 0.0, 0.0]})
    return soil_gap(masked, soil if contracts is None else soil.assign(contract_value=contracts), accounts)


def test_both_soils_are_equal_over_all_customers_and_the_gap_lies_between():
    gap = gap_of().set_index("account_id")
    assert gap["soil_masked"].tolist() == [200.0, 100.0, 100.0, 160.0]  # 400 of orders over 200 of masked revenue
    assert gap["soil_gap"].tolist() == [-100.0, 20.0, 80.0, 160.0]
    assert gap["masked_low"].tolist() == [180.0, 80.0, 80.0, 120.0]
    assert gap["quiet_state"].tolist() == ["buying", "buying", "silent", "never_ordered"]
    assert gap["soil_gap"].drop("d").sum() == 0.0


def test_contracts_stand_aside():
    gap = gap_of(contracts=[100.0, 0.0, 0.0, 0.0])
    assert gap["foretold"].tolist() == [200.0, 80.0, 20.0, 0.0]


def test_the_middle_account_is_quiet_at_each_date_of_its_own():
    table = pd.DataFrame({"last_year": [1.0, 2, 3]})
    assert is_quiet(table).tolist() == [True, True, False]
    dates = pd.concat([table.assign(origin=1), (table * 10).assign(origin=2)], ignore_index=True)
    assert is_quiet(dates).tolist() == [True, True, False] * 2


def test_sleepers_are_quiet_rich_and_above_what_orders_foretell():
    named = sleepers(gap_of(), SIGNAL, margin=2.0, share=0.75)
    assert named["account_id"].tolist() == ["d", "c"]
    assert sleepers(gap_of(), SIGNAL, margin=2.0, share=0.25)["account_id"].tolist() == []  # a is richer, but not quiet
    # of c 100 is expected, 80 surely, and its orders foretell 20
    assert sleepers(gap_of(), SIGNAL, margin=3.9, share=0.75)["account_id"].tolist() == ["d", "c"]
    assert sleepers(gap_of(), SIGNAL, margin=4.0, share=0.75)["account_id"].tolist() == ["d"]


@pytest.mark.parametrize(
    "weak", [{"explained_low": 0.0}, {"quiet_low": 0.0}, {"quiet_last_year": 0.31}, {"quiet_low": float("nan")}]
)
def test_a_signal_beats_the_mean_and_among_the_quiet_chance_and_last_years_revenue(weak):
    assert SIGNAL.has_signal and replace(SIGNAL, quiet_last_year=0.3).has_signal
    assert replace(SIGNAL, quiet_last_year=float("nan")).has_signal  # the quiet ones all brought the same last year
    assert not replace(SIGNAL, **weak).has_signal


def test_without_a_signal_nobody_is_named():
    assert sleepers(gap_of(), Skill(300, 3), margin=2.0, share=0.75).empty


def test_without_orders_or_covariates_nobody_sleeps():
    unknown = gap_of().assign(soil_masked=np.nan, masked_low=np.nan)
    assert sleepers(unknown, SIGNAL, margin=2.0, share=0.2).empty


def history(n=120, origins=3, seed=1, noise=0.0):
    """Accounts of which half are quiet, and whose revenue follows the masked soil as far as there is no noise."""
    rng = np.random.default_rng(seed)
    size, place = rng.lognormal(0, 1, n), np.arange(n)
    tables = []
    for i in range(origins):
        came = rng.gamma(2.0, size / 2)
        said = np.where(rng.random(n) < noise, rng.permutation(size), size)
        tables.append(
            pd.DataFrame(
                {
                    "origin": pd.Timestamp("2024-01-01") + pd.Timedelta(days=182 * i),
                    "horizon_days": 364,
                    "account_id": [f"a{j}" for j in range(n)],
                    "masked": said,
                    "masked_low": said / 2,
                    "mean": size.mean(),
                    "foretold": np.select([place % 2 == 0, place % 4 == 1], [said, 0.1 * said], 0.0),
                    "bought": place % 4 != 3,
                    "last_year": np.where(place % 2, 0.0, rng.permutation(size)),
                    "revenue": came,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def test_a_forecast_that_follows_has_signal_and_one_that_does_not_has_none():
    good, bad = masked_skill(history()), masked_skill(history(noise=1.0))
    assert good.has_signal
    assert not bad.has_signal
    assert (good.n, good.origins) == (360, 3)
    assert good.explained_low < good.explained < good.explained_high
    assert bad.explained < 0 < good.explained


#: Of all that were quiet only nine accounts brought anything.
NINE = history().assign(revenue=lambda t: t["revenue"].where(t["account_id"].isin([f"a{j}" for j in range(1, 19, 2)])))


@pytest.mark.parametrize(
    "table", [history().iloc[:0], history(n=5), history().assign(revenue=0.0), NINE.fillna({"revenue": 0.0})]
)
def test_too_little_to_judge_is_no_signal(table):
    skill = masked_skill(table)
    assert not skill.has_signal
    assert np.isnan(skill.explained)


def test_the_same_seed_gives_the_same_intervals():
    assert masked_skill(history(), seed=4) == masked_skill(history(), seed=4)


def test_what_came_of_those_named_before_stands_beside_the_other_quiet_ones():
    record = earlier_sleepers(history(), margin=2.0, share=0.2)
    assert record.groupby("quiet_state")["is_named"].apply(list).to_dict() == {
        "never_ordered": [True, False], "silent": [True, False],
    }  # fmt: skip
    named, others = (record[record["is_named"] == one] for one in (True, False))
    assert named["revenue"].min() > others["revenue"].max()
    assert record["n"].sum() == is_quiet(history()).sum()
    assert (record["n_ordered"] == record["n"]).all()
    nothing = earlier_sleepers(history().assign(revenue=0.0), margin=2.0, share=0.2)
    assert (nothing["n_ordered"] == 0).all() and nothing["n"].tolist() == record["n"].tolist()
    assert earlier_sleepers(history().iloc[:0], margin=2.0, share=0.2).empty


def record(*rows):
    """Rows of ``quiet_state, is_named, n, n_accounts, n_ordered, revenue``."""
    names = ["quiet_state", "is_named", "n", "n_accounts", "n_ordered", "revenue"]
    return pd.DataFrame(rows, columns=names).assign(days=364)


def test_named_ones_are_compared_with_others_that_stood_where_they_stood():
    got = like_for_like(
        record(
            ("buying", False, 30, 30, 24, 90.0),  # nobody named buys: they are no measure
            ("never_ordered", True, 6, 3, 0, 0.0),
            ("never_ordered", False, 20, 9, 4, 10.0),
            ("silent", True, 2, 2, 2, 8.0),
            ("silent", False, 40, 20, 4, 2.0),
        )
    )
    assert (got["n"], got["accounts"], got["ordered"], got["days"]) == (8, 5, 2, 364)
    assert got["share_others"] == pytest.approx(6 / 8 * 0.2 + 2 / 8 * 0.1)
    assert (got["revenue"], got["revenue_others"]) == (pytest.approx(2.0), pytest.approx(8.0))
    assert got["share_low"] < 2 / 8 < got["share_high"]
    assert like_for_like(record(("silent", False, 40, 20, 4, 2.0))) == {}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("silent", True, 9, 3, 0, 0.0), ("silent", False, 90, 40, 18, 5.0)], "this may be chance"),
        ([("silent", True, 90, 60, 0, 0.0), ("silent", False, 90, 40, 18, 5.0)], "speaks against the list"),
    ],
)
def test_a_few_that_did_not_come_are_no_proof_and_many_are(rows, said):
    named = sleepers(gap_of(), SIGNAL, margin=2.0, share=0.75)
    told = words.about_sleepers(named, SIGNAL, like_for_like(record(*rows)), run())
    assert said in told
    assert f"that would have been named at earlier dates ({rows[0][3]} different ones)" in told
    assert said not in words.about_sleepers(named, SIGNAL, {}, run())
    assert "No quiet account should" in words.about_sleepers(named.iloc[:0], SIGNAL, {}, run())
    assert words.about_sleepers(named, Skill(300, 3), {}, run()).startswith("No signal")
