import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from contract_world import draw_renewals
from portfolio import run

from mcrlib.describe.contracts import contract_terms
from mcrlib.judge.renewals import renewal_record, share_does_better
from mcrlib.model.soil.contracts import judge_renewals, learn_renewals
from mcrlib.show import words


def judged(n=40, model=0.5, same_rate=0.5, renewed=None):
    came = np.tile([1.0, 1, 1, 0], n // 4) if renewed is None else renewed
    return pd.DataFrame(
        {"cutoff": pd.Timestamp("2023-12-31"), "contract_id": [f"k{i}" for i in range(n)],
         "account_id": [f"a{i}" for i in range(n)], "own_amount": 10.0, "renewed": came, "model": model,
         "same_rate": same_rate}
    )  # fmt: skip


def test_both_ways_are_measured_on_the_same_renewals():
    truth = np.tile([1.0, 1, 1, 0], 10)
    record = renewal_record(judged(model=0.1 + 0.8 * truth, same_rate=0.75)).set_index("model")
    assert record["brier"].to_dict() == pytest.approx({"renewal_model": 0.01, "same_rate_renewed": 0.1875})
    assert record.loc["renewal_model", "log_loss"] == pytest.approx(-np.log(0.9))
    assert record["renewed_came"].tolist() == [300.0, 300.0]
    assert record.loc["same_rate_renewed", "renewed_expected"] == pytest.approx(300.0)
    assert record.loc["same_rate_renewed", "expected_low"] < 300 < record.loc["same_rate_renewed", "expected_high"]
    assert record.loc["renewal_model", "better_high"] < 0


def test_where_the_share_is_better_by_both_measures_the_run_takes_it():
    worse, better = judged(model=0.3, same_rate=0.75), judged(model=0.75, same_rate=0.3)
    assert share_does_better(renewal_record(worse))
    assert not share_does_better(renewal_record(better))
    assert not share_does_better(renewal_record(worse.head(9)))
    assert "One rate for all" in words.about_renewals(renewal_record(worse), True, run())
    assert "by itself" in words.about_renewals(renewal_record(better), False, run())
    assert "cannot be judged" in words.about_renewals(renewal_record(worse.head(3)), False, run())


def terms_of(rows, own=100.0):
    """Yearly terms of contracts: ``period, renewed, touch`` of each in a row; the last day ends the year."""
    contract = (rows["period"] == 1).cumsum()
    end = pd.to_datetime((2017 + contract % 4 + rows["period"]).astype(str) + "-12-31")
    names = [f"k{c}-{p}" for c, p in zip(contract, rows["period"], strict=True)]
    begin, came = end - pd.Timedelta(days=364), rows["renewed"].astype("boolean")
    table = rows.assign(contract_id=names, account_id=contract.astype(str), start_date=begin, end_date=end)
    return table.assign(own_amount=own, renewed=came)


def known_at(terms, date):
    seen = terms[terms["start_date"] <= pd.Timestamp(date)]
    return seen.assign(renewed=seen["renewed"].where(seen["end_date"] < pd.Timestamp(date)))


def test_recovery_the_model_beats_the_share_where_contracts_differ_and_not_where_they_are_alike():
    dates, saved = [dt.date(year, 12, 1) for year in (2019, 2020, 2021, 2022)], {}
    for name, world in {"differ": {}, "alike": {"strength": 1e4, "effect": 0.0}}.items():
        records = [
            renewal_record(judge_renewals(lambda d, t=terms: known_at(t, d), terms, dates, ["touch"]))
            for terms in (terms_of(draw_renewals(150, seed, **world)) for seed in range(6))
        ]
        briers = pd.concat(records).groupby("model")["brier"].mean()
        saved[name] = 1 - briers["renewal_model"] / briers["same_rate_renewed"]
    assert saved["differ"] > 0.03
    assert abs(saved["alike"]) < 0.02


def test_only_terms_that_end_within_the_year_and_are_decided_are_judged(tmp_path):
    rows = [
        (f"s{account}{year}", account, "service", dt.date(year, 1, 1), dt.date(year, 12, 31), 100.0)
        for account in "ABC" for year in range(2019, 2024) if (account, year) != ("C", 2023)
    ]  # fmt: skip
    columns = ["contract_id", "account_id", "kind", "start_date", "end_date", "amount"]
    clean = write_clean(tmp_path, accounts="account_id\nA\nB\nC", contracts=pd.DataFrame(rows, columns=columns))
    today = contract_terms(clean, dt.date(2024, 6, 30))
    told = judge_renewals(lambda d: contract_terms(clean, d, frozen=True), today, [dt.date(2022, 6, 30)], ["cases_12m"])
    assert told["contract_id"].tolist() == ["sA2022", "sB2022", "sC2022"]
    assert told["renewed"].tolist() == [1.0, 1.0, 0.0]
    assert (told["same_rate"] == 9.5 / 10).all()
    nothing = judge_renewals(lambda d: contract_terms(clean, d), today, [dt.date(2018, 6, 30)], ["cases_12m"])
    assert nothing.empty
    assert learn_renewals(today.iloc[:0], ["cases_12m"]) is None
