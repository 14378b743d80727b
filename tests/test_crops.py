from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from estimators import NAMED_COLUMNS
from sklearn.utils.estimator_checks import parametrize_with_checks

from mcrlib.model.crops import CropModel
from mcrlib.model.crops.deals import NO_DEALS


@parametrize_with_checks([CropModel()], expected_failed_checks=lambda model: NAMED_COLUMNS, xfail_strict=True)
def test_is_a_scikit_learn_estimator(estimator, check):
    check(estimator)


def account(account_id, n_days, harvest, *, years=3.0, size=None, p_alive=None):
    size = size if size is not None else (harvest / 2 if harvest else 1000.0)
    log = np.log(size)
    facts = {
        "account_id": account_id, "n_order_days": n_days, "frequency": max(n_days - 1, 0),
        "T": years * 365 if n_days else np.nan,
        "harvest": harvest, "revenue_12m": 2 * harvest, "revenue_total": size * n_days, "gp_total": size * n_days * 0.5,
        "margin_square": size * n_days * 0.25,
        "spend_n": n_days, "spend_log_sum": n_days * log, "spend_log_weight": float(n_days),
        "spend_plain_log_sum": n_days * log, "spend_plain_log_square": n_days * log**2,
    }  # fmt: skip
    return facts | ({"p_alive": p_alive} if p_alive is not None else {})


def deals(*rows):
    frame = pd.DataFrame(
        rows, columns=["opportunity_id", "account_id", "status", "stage", "amount", "age_days", "expected", "closed"]
    )
    created = pd.Timestamp(2024, 6, 30) - pd.to_timedelta(frame["age_days"], unit="D")
    return pd.DataFrame(
        {
            "opportunity_id": frame["opportunity_id"],
            "account_id": frame["account_id"],
            "status": frame["status"],
            "stage": frame["stage"].astype("str"),
            "stage_std": pd.Series(pd.NA, index=frame.index, dtype="str"),
            "amount": frame["amount"].astype(float),
            "created_date": created,
            "expected_close_date": pd.to_datetime(frame["expected"]),
            "closed_date": pd.to_datetime(frame["closed"]),
            "age_days": frame["age_days"].astype(float),
        }
    )


BUYERS = [account(f"r{i}", 12, 4000.0) for i in range(20)]


def crops(accounts, pipeline=NO_DEALS, stages=None):
    features = pd.DataFrame(accounts)
    model = CropModel().fit(features, deals=pipeline, stages=stages)
    return model.predict(features, deals=pipeline).set_index("account_id")


def test_the_interval_of_an_account_that_has_most_likely_left_holds_its_own_mean():
    got = crops([*BUYERS, account("gone", 3, 0.0, p_alive=0.02)]).loc["gone"]
    assert got["crop_low"] == 0 < got["crop_value"] <= got["crop_high"]


def test_a_steady_buyer_is_expected_to_yield_about_what_it_did():
    got = crops(BUYERS).iloc[0]
    assert got["run_rate"] == pytest.approx(4000, rel=0.15)
    assert got["crop_low"] < got["crop_value"] < got["crop_high"]
    assert got["crop_value"] == got["run_rate"]


def test_a_single_giant_order_is_not_expected_again():
    once = [account(f"o{i}", 1, 0.0) for i in range(30)]
    got = crops([*BUYERS, *once, account("giant", 1, 1e6, years=0.9, size=2e6)])
    assert got.loc["giant", "run_rate"] < 8e5
    assert got.loc["giant", "crop_low"] == 0


def test_an_account_that_is_probably_lost_is_expected_to_yield_less():
    alive, lost = account("alive", 12, 4000.0, p_alive=1.0), account("lost", 12, 4000.0, p_alive=0.1)
    got = crops([alive, lost])
    assert got.loc["lost", "run_rate"] == pytest.approx(0.1 * got.loc["alive", "run_rate"])


def test_one_that_never_ordered_has_no_run_rate_but_may_have_deals():
    closed = [(f"c{i}", "r0", "won" if i < 8 else "lost", "won", 100.0, 30, None, "2020-01-01") for i in range(16)]
    pipeline = deals(*closed, ("o1", "new", "open", "offer", 1000.0, 10, "2024-09-01", None))
    got = crops([*BUYERS, account("new", 0, 0.0)], pipeline).loc["new"]
    assert got["run_rate"] == 0
    assert got["pipeline_value"] == pytest.approx(1000 * 0.5 * 0.5)
    assert got["crop_value"] == got["pipeline_value"]
    assert got["win_rate_n"] == 16


def test_a_deal_due_after_the_year_is_no_crop_of_the_year():
    pipeline = deals(("o1", "r0", "open", "offer", 1000.0, 10, "2026-01-01", None))
    got = crops(BUYERS, pipeline).loc["r0"]
    assert (got["pipeline_value"], np.isnan(got["win_rate_n"])) == (0.0, True)


def test_a_deal_without_an_amount_counts_at_the_usual_and_is_counted():
    closed = [(f"c{i}", "r0", "won", "won", 300.0, 30, None, "2020-01-01") for i in range(12)]
    got = crops(BUYERS, deals(*closed, ("o1", "r1", "open", "offer", None, 10, None, None))).loc["r1"]
    assert got["n_deals_unpriced"] == 1
    assert got["pipeline_value"] == pytest.approx(300 * 0.5 * 12.5 / 13)


def test_orders_that_come_out_of_deals_are_not_counted_twice():
    through = [(f"c{i}", f"r{i}", "won", "won", 4000.0, 30, None, "2024-03-01") for i in range(20)]
    pipeline = deals(*through, ("o1", "r0", "open", "offer", 1000.0, 10, None, None))
    got = crops(BUYERS, pipeline).loc["r0"]
    assert got["crop_value"] == pytest.approx(got["run_rate"])
    assert got["pipeline_value"] > 0


def test_open_deals_below_cost_bring_their_loss_and_what_is_in_both_counts_once():
    losing = [one | {"gp_total": -0.5 * one["revenue_total"]} for one in BUYERS]
    through = [(f"c{i}", f"r{i}", "won", "won", 2000.0, 30, None, "2024-03-01") for i in range(20)]
    small, large, new = (
        (f"o{i}", name, "open", "offer", amount, 10, None, None)
        for i, (name, amount) in enumerate((("r0", 10.0), ("r1", 1e6), ("new", 1e3)))
    )
    features = [*losing, account("new", 0, 0.0)]
    got = crops(features, deals(*through, small, large, new))
    model = CropModel().fit(pd.DataFrame(features), deals=deals(*through, small))
    both = model.overlap_ * got["run_rate"]
    assert 0 < model.overlap_ < 1 and (got.loc[["r0", "r1", "new"], "pipeline_value"] < 0).all()
    assert got.loc["new", "crop_value"] == got.loc["new", "pipeline_value"]
    assert got.loc["r0", "crop_value"] == got.loc["r0", "run_rate"]  # wholly among the orders to come
    assert got.loc["r1", "crop_value"] == pytest.approx((got["run_rate"] + got["pipeline_value"] - both)["r1"])
    assert (got["crop_low"] <= got["crop_value"]).all() and (got["crop_value"] <= got["crop_high"]).all()


def test_win_rates_of_stages_lean_on_that_of_all_and_small_ones_are_weak():
    closed = [(f"c{i}", "r0", "won" if i % 2 else "lost", "x", 1.0, 30, None, "2020-01-01") for i in range(40)]
    still = [("o1", "r0", "open", "early", 1.0, 5, None, None), ("o2", "r0", "open", "late", 1.0, 5, None, None)]
    passed = [(f"c{i}", "early", 20.0) for i in range(40)] + [(f"c{i}", "late", 10.0) for i in range(1, 10, 2)]
    stages = pd.DataFrame(passed, columns=["opportunity_id", "stage", "days"])
    rates = (
        CropModel().fit(pd.DataFrame(BUYERS), deals=deals(*closed, *still), stages=stages).win_rates_.set_index("stage")
    )
    assert rates.loc["late", ["won", "n", "status"]].tolist() == [5, 5, "weak"]
    assert 0.5 < rates.loc["late", "rate"] < 1.0
    assert rates.loc["early", "rate"] == pytest.approx(0.5, abs=0.02)
    assert (rates["low"] <= rates["rate"]).all()
    assert (rates["rate"] <= rates["high"]).all()


def test_an_open_deal_counts_with_the_chance_of_one_that_is_found_in_its_stage():
    closed = [(f"c{i}", "r0", "won" if i % 2 else "lost", "x", 1.0, 30, None, "2020-01-01") for i in range(400)]
    void = [(f"v{i}", "r0", "void", "x", 1.0, 30, None, "2020-01-01") for i in range(100)]
    still = [("o1", "r1", "open", "offer", 1000.0, 5, None, None), ("o2", "r2", "open", "new", 1000.0, 5, None, None)]
    stood = [(f"c{i}", "offer", 10.0 if i % 2 else 30.0) for i in range(400)]
    stages = pd.DataFrame(stood, columns=["opportunity_id", "stage", "days"])
    pipeline = deals(*closed, *void, *still)
    model = CropModel().fit(pd.DataFrame(BUYERS), deals=pipeline, stages=stages)
    rates = model.win_rates_.set_index("stage")
    assert rates.loc["offer", "rate"] == pytest.approx(0.5, abs=0.01)  # of those that reached it
    assert rates.loc["offer", "chance"] == pytest.approx(0.25, abs=0.03)  # lost ones stood three times as long
    assert rates.loc["all", "chance"] == pytest.approx(0.4, abs=0.01)  # withdrawn ones are not won
    ahead = model.predict(pd.DataFrame(BUYERS), deals=pipeline).set_index("account_id")["pipeline_value"]
    assert ahead["r1"] == pytest.approx(500 * rates.loc["offer", "chance"])
    assert ahead["r2"] == pytest.approx(500 * rates.loc["all", "chance"])
    blank = CropModel().fit(pd.DataFrame(BUYERS), deals=pipeline, stages=stages.assign(days=np.nan)).win_rates_
    assert blank.set_index("stage").loc["offer", "chance"] == pytest.approx(0.5, abs=0.01)  # no days known


def test_a_history_in_the_words_of_the_ladder_fits_deals_in_the_words_of_the_crm():
    closed = [(f"c{i}", "r0", "won" if i % 2 else "lost", "x", 1.0, 30, None, "2020-01-01") for i in range(40)]
    open_deals = [
        ("o1", "r0", "open", "4 Offer", 1.0, 5, None, None),
        ("o2", "r0", "open", "1 New", 1.0, 5, None, None),
    ]
    known = deals(*closed, *open_deals)
    known["stage_std"] = known["stage"].map({"4 Offer": "propose", "1 New": "lead"}).astype("str")
    stages = pd.DataFrame({"opportunity_id": ["c1", "c3", "c2"], "stage": ["propose", "4 Offer", "lead"], "days": 1.0})
    rates = CropModel().fit(pd.DataFrame(BUYERS), deals=known, stages=stages).win_rates_
    assert rates[["stage", "won", "n"]].to_numpy().tolist() == [["all", 20, 40], ["lead", 0, 1], ["propose", 2, 2]]


def test_a_company_without_orders_and_deals_has_crops_of_zero():
    got = crops([account("a", 0, 0.0), account("b", 0, 0.0)])
    assert got[["crop_value", "crop_low", "crop_high"]].to_numpy().tolist() == [[0, 0, 0], [0, 0, 0]]
    assert got["win_rate_n"].isna().all()


def test_recovery_of_the_yearly_profit_and_its_spread():
    rng = np.random.default_rng(1)
    rows, truth = [], []
    for i in range(400):
        rate, level = rng.gamma(2.0, 1.5), rng.normal(7, 0.8)
        sizes = [np.exp(rng.normal(level, 0.5, rng.poisson(rate))) for _ in range(4)]
        past = np.concatenate([[np.exp(rng.normal(level, 0.5))], *sizes[:3]])
        logs = np.log(past)
        facts = account(f"a{i}", len(past), sizes[2].sum(), years=3.0)
        sums = {
            "revenue_12m": sizes[2].sum(),
            "spend_log_sum": logs.sum(),
            "spend_plain_log_sum": logs.sum(),
            "spend_plain_log_square": (logs**2).sum(),
        }
        whole = dict.fromkeys(["revenue_total", "gp_total", "margin_square"], past.sum())
        rows.append(facts | sums | whole)
        truth.append(sizes[3].sum())
    got, truth = crops(rows), np.array(truth)
    inside = (truth >= got["crop_low"]) & (truth <= got["crop_high"])
    assert got["crop_value"].sum() == pytest.approx(truth.sum(), rel=0.1)
    assert 0.7 < inside.mean() < 0.95
    assert got["crop_value"].between(got["crop_low"], got["crop_high"]).all()
    last_year = np.array([row["harvest"] for row in rows])
    assert np.abs(got["crop_value"] - truth).mean() < np.abs(last_year - truth).mean()


def test_where_the_harvest_did_better_it_is_the_run_rate_as_it_stands():
    quiet, loss = account("quiet", 8, 0.0, p_alive=0.9), account("loss", 3, -50.0, size=20.0)
    features = pd.DataFrame([account("steady", 12, 4000.0, p_alive=0.5), loss, quiet, *BUYERS])
    plain = CropModel(way="harvest_again").fit(features).predict(features).set_index("account_id")
    assert plain.loc[["steady", "loss", "quiet"], "run_rate"].tolist() == [4000.0, -50.0, 0.0]
    assert (plain["crop_low"] <= plain["crop_value"]).all() and (plain["crop_value"] < plain["crop_high"]).all()
    assert plain.loc["loss", "crop_low"] < -50 and plain.loc["quiet", "crop_low"] == 0  # it may order again


def test_by_the_first_year_of_soil_it_is_that_revenue_at_the_own_margin_and_nothing_of_who_never_ordered():
    told = {"p_alive": 0.5, "first_year": 3000.0}
    loser = account("loser", 12, 0.0, size=1000.0) | {"gp_total": -6000.0}
    features = pd.DataFrame([one | told for one in (*BUYERS, loser)] + [account("new", 0, 0.0)])
    pipeline = deals(("d", "r0", "open", "won", 100.0, 1, "2024-08-01", None))
    model = CropModel(way="first_year").fit(features, deals=pipeline)
    got = model.predict(features, deals=pipeline).set_index("account_id")
    margin = features["gp_total"].sum() / features["revenue_total"].sum()
    own = (-6000.0 + 5 * 1000.0 * margin) / (12 * 1000.0 + 5 * 1000.0)  # five orders at the margin of all
    assert got.loc["r1", "run_rate"] == pytest.approx(3000.0 * (0.5 * 12 + margin * 5) / 17)
    assert got.loc["loser", "run_rate"] == pytest.approx(3000.0 * own) and own < 0
    assert got.loc["new", ["run_rate", "crop_value", "crop_low", "crop_high"]].tolist() == [0.0] * 4
    assert got.loc["r0", "crop_value"] == got.loc["r0", "run_rate"] + got.loc["r0", "pipeline_value"]
    assert (got["crop_low"] <= got["crop_value"]).all() and (got["crop_value"] <= got["crop_high"]).all()


def test_there_are_three_ways():
    with pytest.raises(ValueError, match="way must be one of run_rate, harvest_again, first_year, not 'plain'"):
        CropModel(way="plain").fit(pd.DataFrame(BUYERS))


def test_who_goes_on_buying_below_cost_is_expected_to_bring_a_loss():
    loser = account("loser", 12, -2000.0, size=1000.0) | {"revenue_12m": 4000.0, "gp_total": -6000.0}
    got = crops([*BUYERS, loser], deals(("d", "loser", "open", "won", 100.0, 1, "2024-08-01", None))).loc["loser"]
    assert got["crop_low"] < got["crop_value"] == got["run_rate"] + got["pipeline_value"] < 0
    assert got["run_rate"] > -2000.0  # drawn to the margin of all


def swinging(i, rng, margin, spread):
    """An account of four years, the last of them to come: ten orders a year or so, of margins that swing."""
    years = [rng.lognormal(6, 0.5, n) for n in rng.poisson(10, 4)]
    gps = [sizes * rng.normal(margin, spread, len(sizes)) for sizes in years]
    seen, gp = np.concatenate(years[:3]), np.concatenate(gps[:3])
    logs = np.log(seen)
    facts = {
        "revenue_total": seen.sum(), "revenue_12m": years[2].sum(), "gp_total": gp.sum(), "harvest": gps[2].sum(),
        "margin_square": (gp**2 / seen).sum(), "spend_log_sum": logs.sum(),
        "spend_plain_log_sum": logs.sum(), "spend_plain_log_square": (logs**2).sum(),
    }  # fmt: skip
    return account(f"a{i}", len(seen), 0.0) | facts, gps[3].sum()


@pytest.mark.parametrize(("margin", "spread"), [(0.3, 0.02), (0.1, 0.3), (0.02, 0.3)])
def test_recovery_of_how_far_the_profit_swings_with_the_margin(margin, spread):
    rng = np.random.default_rng(4)
    rows, came = zip(*[swinging(i, rng, margin, spread) for i in range(300)], strict=True)
    features, came = pd.DataFrame(rows), np.array(came)
    model = CropModel().fit(features)
    assert model.running_.margin_variance**0.5 == pytest.approx(spread, rel=0.1)
    got = model.predict(features)
    assert 0.75 < ((came >= got["crop_low"]) & (came <= got["crop_high"])).mean() < 0.9


def test_an_account_may_lose_money_where_margins_swing_and_else_not():
    rng = np.random.default_rng(5)
    steady, loose = ([swinging(i, rng, 0.1, spread)[0] for i in range(40)] for spread in (0.0, 0.3))
    assert (crops(steady)["crop_low"] > 0).all()
    assert (crops(loose)["crop_low"] < 0).mean() > 0.5


def test_orders_that_are_worth_nothing_foretell_nothing():
    free = account("free", 5, 0.0) | {"spend_n": 0, "revenue_total": 0.0, "gp_total": 0.0, "margin_square": 0.0}
    free |= {"spend_log_sum": 0.0, "spend_log_weight": 0.0, "spend_plain_log_sum": 0.0, "spend_plain_log_square": 0.0}
    got = crops([free, free | {"account_id": "too"}])
    assert (got[["crop_value", "crop_low", "crop_high"]] == 0).all(axis=None)


def test_a_company_of_one_day_is_expected_to_sell_about_as_much_again():
    got = crops([account(f"a{i}", 1, 500.0, years=0.0, size=1000.0) for i in range(9)])
    assert got["crop_value"].between(400, 600).all()


def test_a_missing_column_is_named_be_it_the_one_that_its_way_needs():
    features = pd.DataFrame(BUYERS)
    with pytest.raises(ValueError, match="account features lack the columns harvest, spend_n$"):
        CropModel().fit(features.drop(columns=["harvest", "spend_n"]))
    with pytest.raises(ValueError, match="account features lack the columns first_year$"):
        CropModel(way="first_year").fit(features).predict(features)
