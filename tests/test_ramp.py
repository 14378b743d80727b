import numpy as np
import pandas as pd
import pytest

from mcrlib.model.ramp import Ramp, look_ahead


def draw_curves(n, seed, *, quarters=16, chance=0.12, halfway=4.0, width=1.5, lump=100.0, shape=2.0, mean=6.0):
    """Entries with known wait, ramp, lumps and level; ten of cost a quarter."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        start, level = rng.geometric(chance) - 1, rng.gamma(shape, mean / shape)
        age = np.arange(quarters) - float(start)
        gp = lump * rng.poisson(level / (1 + np.exp(-(age - halfway) / width))) * (age >= 0)
        first = np.argmax(gp > 0) if gp.any() else np.nan
        rows.append(
            pd.DataFrame({"account_id": f"A{i:03d}", "age": np.arange(quarters) - first, "gp": gp, "cost": 10.0})
        )
    return pd.concat(rows, ignore_index=True)


def test_recovery_of_the_wait_the_ramp_and_the_lumps():
    ramp = Ramp.learn(draw_curves(300, seed=1))
    assert ramp.lump == pytest.approx(100.0, rel=0.15)
    assert ramp.halfway == pytest.approx(3.5, abs=1.0)  # told from the first order, which may come after the start
    assert ramp.shape / ramp.rate == pytest.approx(6.0, rel=0.15)
    assert ramp.starts / ramp.waits == pytest.approx(0.12, abs=0.05)


@pytest.mark.parametrize("chance", [0.1, 0.3, 0.6])
def test_recovery_of_the_chance_to_start_in_a_quarter(chance):
    at_once = draw_curves(400, seed=1, chance=chance, halfway=-5.0, width=0.5, mean=60.0, shape=20.0)
    ramp = Ramp.learn(at_once)
    assert ramp.starts / ramp.waits == pytest.approx(chance, abs=0.05)


def test_recovery_of_the_courses_by_fans():
    inside = []
    for seed in (2, 4, 5):
        whole = draw_curves(120, seed=seed, quarters=20)
        seen = whole.groupby("account_id").head(12)
        seen = seen.assign(age=seen["age"].where(seen.groupby("account_id")["gp"].transform("sum") > 0))
        outlook = look_ahead(seen, 8, rate=0.08, seed=1)
        low, high = np.quantile(outlook.contribution.sum(axis=2), [0.1, 0.9], axis=1)
        came = whole.groupby("account_id").tail(8).eval("gp - cost").groupby(whole["account_id"]).sum().to_numpy()
        inside.append(((low <= came) & (came <= high)).mean())
    assert 0.70 <= np.mean(inside) <= 0.90  # they promise 80 %; the truth's ramp is told from its first order only


def test_what_has_not_started_may_still_come():
    curves = draw_curves(40, seed=3)
    waiting = curves[curves["account_id"] == "A000"].assign(account_id="Z", gp=0.0, age=np.nan)
    outlook = look_ahead(pd.concat([curves, waiting], ignore_index=True), 20, rate=0.08, seed=1)
    total = outlook.contribution[outlook.account_id == "Z"][0].sum(axis=1)
    assert total.min() == pytest.approx(-200)  # nothing but cost
    assert np.quantile(total, 0.9) > 0


def test_waiting_is_worth_more_than_the_first_year_costs_only_if_more_may_come():
    curves = draw_curves(40, seed=3)
    dear = curves.assign(cost=1e6)
    assert (look_ahead(dear, 20, rate=0.08, seed=1).waiting < 0).all()
    assert (look_ahead(curves.assign(cost=0.0), 20, rate=0.08, seed=1).waiting >= 0).all()


def test_without_any_profit_nothing_is_said():
    curves = draw_curves(3, seed=1).assign(gp=0.0, age=np.nan)
    assert Ramp.learn(curves) is None
    outlook = look_ahead(curves, 20, rate=0.08, seed=1)
    assert outlook.contribution.shape[0] == 3
    assert np.isnan(outlook.contribution).all() and np.isnan(outlook.waiting).all()


def test_one_entry_with_one_order_is_enough_for_a_finite_answer():
    curves = pd.DataFrame({"account_id": "A", "age": [0.0, 1.0], "gp": [5.0, 0.0], "cost": [1.0, 1.0]})
    assert np.isfinite(look_ahead(curves, 20, rate=0.08, seed=1).contribution).all()


def kinds_of_market(n_saline):
    """Sixty entries of one kind of market, and some of another whose full business is three times as large."""
    growth = draw_curves(60, seed=1, mean=4.0).assign(market_type="growth")
    saline = draw_curves(n_saline, seed=2, mean=12.0).assign(market_type="saline")
    return pd.concat([growth, saline.assign(account_id="S" + saline["account_id"])], ignore_index=True)


def test_recovery_of_a_market_type_leans_on_all_entries_the_more_the_fewer_it_has():
    levels = []
    for n in (1, 4, 60):
        curves = kinds_of_market(n)
        one = Ramp.learn(curves)
        own = one.lean(curves[curves["market_type"] == "saline"])
        levels.append(((own.shape / own.rate) / (one.shape / one.rate), own.shape / own.rate))
    assert levels[0][0] < 1.7 and levels[2][1] == pytest.approx(12.0, rel=0.25)
    assert Ramp.learn(kinds_of_market(4)).lean(kinds_of_market(4).iloc[:0]).rate == Ramp.learn(kinds_of_market(4)).rate


def test_how_far_an_answer_rests_on_others_is_told():
    curves = kinds_of_market(3)
    outlook = look_ahead(curves, 8, rate=0.08, seed=1)
    found = dict(zip(outlook.account_id, outlook.n_alike, strict=True))
    begun = curves[curves["age"] >= 0].groupby("market_type")["account_id"].nunique()
    assert found["SA000"] == begun["saline"] and found["A000"] == begun["growth"]
    own = dict(zip(outlook.account_id, outlook.own_share, strict=True))
    waiting = curves.loc[curves["age"].isna(), "account_id"].unique()
    assert all(own[account] == pytest.approx(0.0, abs=1e-9) for account in waiting)
    assert 0.5 < max(own.values()) < 1


def test_entries_of_one_kind_alone_lean_on_nobody():
    curves = draw_curves(20, seed=1)
    plain, alike = (look_ahead(one, 8, rate=0.08, seed=1) for one in (curves, curves.assign(market_type="saline")))
    np.testing.assert_array_equal(plain.contribution, alike.contribution)
