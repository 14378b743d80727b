"""`mcr backtest` answers in words, with intervals and with plain guesses beside."""

import json

import numpy as np
import pandas as pd
import pytest
from clients import mcr

CALL = ("backtest", "acme", "--cutoff", "2024-06-30", "--horizon-days", "150", "--workspace")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    """Thirty accounts that order every month or every fourth, for three years."""
    folder = tmp_path_factory.mktemp("ws")
    raw = folder / "data" / "acme" / "raw"
    raw.mkdir(parents=True)
    days = pd.date_range("2022-01-15", "2024-12-31", freq="MS")
    rng = np.random.default_rng(1)
    rows = [(f"A{i}", day.date(), round(float(rng.lognormal(4 + i % 3, 0.3)), 2))
            for i in range(30) for j, day in enumerate(days) if i % 2 or j % 4 == 0]  # fmt: skip
    orders = pd.DataFrame(rows, columns=["account_id", "order_date", "amount"])
    orders.rename_axis("order_id").to_csv(raw / "orders.csv")
    pd.DataFrame({"account_id": orders["account_id"].unique(), "account_name": "x"}).to_csv(
        raw / "accounts.csv", index=False
    )
    return folder


def test_the_answer_stands_in_words_below_the_table(workspace):
    said = mcr(*CALL, workspace)
    assert said.returncode == 0, said.stderr
    for sentence in ("(used)", "last_year", "more error than", "Was ", "All of them together: ", "held "):
        assert sentence in said.stdout
    assert "nan" not in said.stdout


def test_how_much_more_each_other_forecast_erred_stands_in_the_table_with_its_interval(workspace):
    said = json.loads(mcr(*CALL, workspace, "--json").stdout)
    table = pd.DataFrame(said["backtest"]).pivot_table(index="model", columns="metric", values="value")
    used = said["verdict"]["model"]
    others = table.drop(index=used)
    assert ((others["mae_more_low"] <= others["mae_more"]) & (others["mae_more"] <= others["mae_more_high"])).all()
    assert table.loc[used, ["mae_more", "mae_more_low"]].isna().all()
    assert said["verdict"]["outcome"] in ("wins", "loses", "undecided")
