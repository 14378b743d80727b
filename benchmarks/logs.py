"""Public order logs, and what could be known of each at a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from clean_tables import ARROW, write

from mcrlib.describe.accounts import account_features, account_outcomes

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Log:
    """A public order log: where it lies, which columns hold account, date and amount, and how it is split."""

    path: str
    columns: tuple[int, int, int]
    cutoff: dt.date
    days: int
    separator: str = ","
    header: int | None = 0
    date_format: str = "%Y-%m-%d"
    kept: tuple[int, str] | None = None


LOGS = {
    "cdnow_full": Log("cdnow/CDNOW_master.txt", (0, 1, 3), dt.date(1997, 9, 30), 273, r"\s+", 0, "%Y%m%d"),
    "cdnow_sample": Log("cdnow/CDNOW_sample.txt", (1, 2, 4), dt.date(1997, 9, 30), 273, r"\s+", None, "%Y%m%d"),
    "apparel": Log("clvtools_apparel/apparelTrans.csv", (0, 1, 2), dt.date(2008, 12, 24), 726),
    "apparel_2007": Log("clvtools_apparel/apparelTrans.csv", (0, 1, 2), dt.date(2007, 12, 31), 1084),
    "adventureworks": Log(
        "adventureworks_resellers/FactResellerSales.csv.gz", (3, 1, 9), dt.date(2019, 6, 11), 355
    ),
    "maven": Log(
        "maven_crm_sales/sales_pipeline.csv", (3, 6, 7), dt.date(2017, 9, 20), 102,
        date_format="%m/%d/%Y", kept=(4, "Won"),
    ),
}  # fmt: skip


def read(log: Log) -> pd.DataFrame:
    """One order per account and day."""
    rows = pd.read_csv(DATA / log.path, sep=log.separator, header=log.header, dtype=str)
    if log.kept:
        rows = rows[rows.iloc[:, log.kept[0]] == log.kept[1]]
    orders = rows.iloc[:, list(log.columns)].set_axis(["account_id", "order_date", "amount"], axis=1).dropna()
    orders["order_date"] = pd.to_datetime(orders["order_date"], format=log.date_format).dt.date
    orders["amount"] = orders["amount"].astype(float)
    return orders.groupby(["account_id", "order_date"], as_index=False)["amount"].sum().round(4)


def company(folder: Path, orders: pd.DataFrame) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Clean tables of a log, and what could be known and what came, as ``freeze`` asks for it."""
    accounts, n = sorted(orders["account_id"].unique()), len(orders)
    write(folder, "accounts", len(accounts), account_id=pa.array(accounts))
    write(
        folder, "orders", n, order_id=pa.array([f"O{i:07}" for i in range(n)]),
        account_id=pa.array(orders["account_id"], pa.string()), order_date=pa.array(orders["order_date"], pa.date32()),
        amount=as_money(orders["amount"].to_numpy()),
    )  # fmt: skip
    return partial(account_features, folder, frozen=True), partial(account_outcomes, folder)


def as_money(amounts: np.ndarray) -> pa.Array:
    """Amounts in the type of the data dictionary."""
    return pa.array(amounts, pa.float64()).cast(ARROW["money"], safe=False)
