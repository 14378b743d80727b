"""Odd companies in chapters 05 and 06, cell by cell: a finite, sensible answer or a plain word, never a crash."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run as reader
from test_odd_chapters import walk

from mcrlib.describe.accounts import (
    account_features,
    account_outcomes,
    account_periods,
    repurchases,
)
from mcrlib.judge.backtest import metrics, verdict
from mcrlib.judge.size import size_and_value
from mcrlib.judge.soil import soil_doubts
from mcrlib.judge.tiers import doubts, tier_summary
from mcrlib.model.soil.choice import as_used
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.outlook import yearly_outlook
from mcrlib.model.soil.past import Past
from mcrlib.model.tiers.table import tier_table
from mcrlib.run import Run
from mcrlib.settings import Settings
from mcrlib.show import exhibits, figures, words

AS_OF = dt.date(2025, 8, 30)
SETTINGS = Settings()


def orders(n, *, first="2020-01-01", every=90, count=15, amount=100.0):
    """The same rhythm for n accounts, a day apart."""
    start = pd.Timestamp(first)
    rows = [(f"a{i}", start + pd.Timedelta(days=i + every * j), amount) for i in range(n) for j in range(count)]
    return pd.DataFrame(rows, columns=["account_id", "order_date", "amount"])


def varied(n, seed=1):
    rng = np.random.default_rng(seed)
    made = [
        orders(1, first=f"20{rng.integers(18, 25)}-0{rng.integers(1, 9)}-11", every=int(rng.integers(20, 200)),
               count=int(rng.integers(1, 12)), amount=round(float(rng.lognormal(5, 1)), 2)).assign(account_id=f"a{i}")
        for i in range(n)
    ]  # fmt: skip
    return pd.concat(made, ignore_index=True)


COMPANIES = {
    "one account": orders(1),
    "one account, one order": orders(1, count=1),
    "twenty accounts": varied(20),
    "all one-time buyers": orders(30, every=1, count=1, first="2024-01-01"),
    "all identical": orders(12).assign(order_date=lambda f: f.groupby("account_id")["order_date"].transform("first")),
    "one giant": pd.concat([varied(25), orders(1, amount=1e9).assign(account_id="giant")]),
    "a ten-year-old account with one order": pd.concat(
        [varied(15), orders(1, first="2015-08-30", count=1).assign(account_id="old")]
    ),
    "orders only in December": pd.concat(
        [orders(20, first=f"{year}-12-01", every=9, count=1) for year in range(2019, 2025)]
    ),
    "twenty days of orders": orders(20, first="2025-08-01", every=4, count=2),
    "all on the last day": orders(9).assign(order_date=pd.Timestamp(AS_OF)),
    "only returns": orders(5, amount=-50.0).assign(status="return"),
    "orders worth nothing": orders(6, amount=0.0),
    "nobody ever ordered": orders(3).head(0),
}


def prepared(folder, sold):
    """The company as chapters 02 to 04 leave it, and the model of its soil."""
    sold = sold[sold["order_date"] <= pd.Timestamp(AS_OF)].reset_index(drop=True)
    names = sorted({"prospect", *sold["account_id"]})
    accounts = pd.DataFrame({"account_id": names, "account_name": [f"Account {name}" for name in names]})
    sold = sold.assign(order_id=[f"o{i}" for i in range(len(sold))], order_date=sold["order_date"].dt.date)
    run = Run.open("odd", AS_OF.isoformat(), folder)
    for room in (run.clean, run.work):
        room.mkdir(parents=True)
    write_clean(run.clean, accounts=accounts, orders=sold)
    known = account_features(run.clean, AS_OF)
    past = Past(partial(account_features, run.clean, frozen=True), partial(account_outcomes, run.clean))
    judged = rolling_origins(past, AS_OF, 365)
    model = SoilModel(reach=SETTINGS.thresholds.history_reach)
    model.fit(known, origins=judged, direct=Direct.learn(past, AS_OF, 365))
    soil = known[["account_id", "account_name"]].merge(model.predict(known), on="account_id", validate="one_to_one")
    tiers = known[["account_id", "account_name", "harvest", "n_orders"]]
    for part in (soil[["account_id", "soil_value"]], tier_table(known, soil, SETTINGS, as_of=AS_OF)):
        tiers = tiers.merge(part, on="account_id", validate="one_to_one")
    frames = {"accounts": known, "periods": account_periods(run.clean, AS_OF), "soil": soil, "tiers": tiers,
              "judged": as_used(judged, model.choice_), "outlook": yearly_outlook(model, known)}  # fmt: skip
    for name, frame in frames.items():
        run.save(name, frame)
    return run, model


@pytest.fixture(scope="module", params=COMPANIES, ids=str)
def walked(request, tmp_path_factory):
    """Chapters 05 and 06 by their own cells; all frames by name, and what the two say."""
    folder = tmp_path_factory.mktemp("odd")
    run, model = prepared(folder, COMPANIES[request.param])
    said = walk(folder, "05") | walk(folder, "06")
    names = ("accounts", "soil", "tiers", "judged", "crops", "balance")
    return request.param, run.clean, {name: run.load(name) for name in names} | {"model": model, "said": said}


def test_every_promised_number_is_there(walked):
    name, _, made = walked
    soil, bought = made["soil"], made["accounts"]["n_order_days"].gt(0).to_numpy()
    money = ["soil_value", "soil_low", "soil_high", "revenue_expected"]
    assert soil.loc[~bought, money].isna().all(axis=None)  # of who never ordered orders tell nothing
    if made["model"].status == "not_available":
        assert name in ("twenty days of orders", "all on the last day", "only returns", "nobody ever ordered")
        assert soil.loc[bought, money].isna().all(axis=None)
        assert not bought.any() or "not_enough_data" in {one.code for one in soil_doubts(soil, made["model"])}
    else:
        assert np.isfinite(soil.loc[bought, money]).all(axis=None)
        assert (soil.loc[bought, money] >= 0).all(axis=None)
        assert (soil.loc[bought, "soil_low"] <= soil.loc[bought, "soil_high"]).all()
        again = made["accounts"]["frequency"].gt(0).any()  # else nobody has shown how long customers go on buying
        assert soil.loc[bought, "p_alive"].between(0, 1).eq(again).all()
    assert np.isfinite(made["crops"][["crop_value", "crop_low", "crop_high", "run_rate", "pipeline_value"]]).all(
        axis=None
    )
    assert made["tiers"]["tier"].isin([*"SABC"]).all()
    assert made["balance"]["verdict"].notna().all()
    placed = bought if made["model"].status != "not_available" else ~bought  # without a soil value no place is known
    assert made["balance"].loc[placed, "quadrant"].notna().all()


def test_no_account_is_worth_more_than_the_company_could_sell(walked):
    _, _, made = walked
    rate = made["accounts"]["revenue_total"].clip(lower=0).sum() / max(made["accounts"]["T"].max(), 1)
    assert not made["soil"]["revenue_expected"].max() > 10 * 365 * 5 * max(rate, 1)


def test_every_picture_table_and_sentence_is_made(walked):
    _, clean, made = walked
    on = reader(clean=clean)
    soil, tiers, judged = (made[name] for name in ("soil", "tiers", "judged"))
    compared = verdict(judged, "kit") if len(judged) else None
    drawn = [
        figures.soil_intervals(soil, on), figures.concentration(soil, on, column="soil_value"),
        figures.backtest_bars(metrics(judged), on, verdict=compared), figures.tier_pyramid(tiers, on),
        figures.tier_map(tiers, on), figures.tier_borderline(tiers, on),
        figures.gp_by_period(account_periods(clean, AS_OF), on),
    ]  # fmt: skip
    said = [*words.about_soil(soil, on), *words.about_tiers(tiers, on), *(figures.show(ax).alt for ax in drawn),
            *made["said"].values()]  # fmt: skip
    assert not [sentence for sentence in said if re.search(r"\b(nan|None|NaT|inf)\b|<NA>", sentence)]
    assert "✗" not in " ".join(said)
    doubts(tiers, SETTINGS, as_of=AS_OF)
    shown = exhibits.table(tier_summary(tiers), on, "tier_summary", title="The tiers side by side").as_raw_html()
    assert ">nan<" not in shown


def test_who_orders_every_december_goes_on_all_year_long(tmp_path):
    sold = COMPANIES["orders only in December"].assign(order_id=lambda frame: [f"o{i}" for i in range(len(frame))])
    names = sorted(set(sold["account_id"]))
    write_clean(tmp_path, accounts=pd.DataFrame({"account_id": names, "account_name": names}), orders=sold)
    for day in (dt.date(2024, 12, 31), AS_OF, dt.date(2025, 11, 30)):
        sized = size_and_value(account_features(tmp_path, day), repurchases(tmp_path, day), SETTINGS.thresholds)
        assert sized["continuity"].median() == pytest.approx(1.0, abs=0.01)
        # Nor is it made to come again on the eve of its next order, when the last but one is forgotten.
        assert not sized["size_action"].eq("secure").any()
