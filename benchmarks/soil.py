"""How good the kit's forecast is on public logs, against the best peer: ``soil.py [LOG …]``.

Every log is frozen at its cutoff and forecast as a run of that day would; what came after is only judged with. Prints
CSV lines benchmark,size,ours,peer,ratio,unit; the peer is the best of lifetimes 0.11.3 (BG/NBD, MBG/NBD, Pareto/NBD
with Gamma-Gamma) by revenue MAE, as measured in the study of the models; where there is none its fields are empty.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mcrlib import schema
from mcrlib.describe.accounts import account_features, account_outcomes
from mcrlib.judge.backtest import metrics
from mcrlib.model.soil.frozen import freeze

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ARROW = {"money": pa.decimal128(24, 4), "number": pa.float64(), "ratio": pa.float64(), "int": pa.int64(),
         "date": pa.date32(), "bool": pa.bool_()}  # fmt: skip
SHOWN = ("mae", "rmse", "bias", "gini", "top_20", "gems_found", "coverage", "coverage_top_20")


@dataclass(frozen=True)
class Log:
    """A public order log: where it lies, which columns hold account, date and amount, and how it is split."""

    path: str
    columns: tuple[int, int, int]
    cutoff: dt.date
    days: int
    peer_mae: float | None = None
    peer_rmse: float | None = None
    separator: str = ","
    header: int | None = 0
    date_format: str = "%Y-%m-%d"
    kept: tuple[int, str] | None = None


LOGS = {
    "cdnow_full": Log(
        "cdnow/CDNOW_master.txt", (0, 1, 3), dt.date(1997, 9, 30), 273, 31.84, 93.22, r"\s+", 0, "%Y%m%d"
    ),
    "cdnow_sample": Log(
        "cdnow/CDNOW_sample.txt", (1, 2, 4), dt.date(1997, 9, 30), 273, 29.45, 72.18, r"\s+", None, "%Y%m%d"
    ),
    "apparel": Log("clvtools_apparel/apparelTrans.csv", (0, 1, 2), dt.date(2008, 12, 24), 726, 33.44, 81.91),
    "apparel_2007": Log("clvtools_apparel/apparelTrans.csv", (0, 1, 2), dt.date(2007, 12, 31), 1084),
    "adventureworks": Log(
        "adventureworks_resellers/FactResellerSales.csv.gz", (3, 1, 9), dt.date(2019, 6, 11), 355, 36_239.0, 61_901.0
    ),
    "maven": Log(
        "maven_crm_sales/sales_pipeline.csv", (3, 6, 7), dt.date(2017, 9, 20), 102, 13_562.0, 17_490.0,
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


def write(folder: Path, table: str, frame: pd.DataFrame) -> None:
    """Write a clean table with all its columns."""
    columns = schema.tables()[table].columns.values()
    types = {column.name: ARROW.get(column.kind, pa.string()) for column in columns}
    arrays = {
        name: pa.array(frame[name], pa.float64()).cast(kind, safe=False) if name == "amount" and name in frame
        else pa.array(frame[name], kind) if name in frame
        else pa.nulls(len(frame), kind)
        for name, kind in types.items()
    }  # fmt: skip
    pq.write_table(pa.table(arrays), folder / f"{table}.parquet")


def judge(name: str, log: Log) -> None:
    """Freeze one log, forecast, and print what came of it."""
    with TemporaryDirectory() as place:
        folder, orders = Path(place), read(log)
        write(folder, "accounts", pd.DataFrame({"account_id": sorted(orders["account_id"].unique())}))
        write(folder, "orders", orders.assign(order_id=[f"O{i:07}" for i in range(len(orders))]))
        features_at = partial(account_features, folder, frozen=True)
        started = time.process_time()
        past = freeze(features_at, partial(account_outcomes, folder), log.cutoff, log.days)
        spent = time.process_time() - started
    recent = past.features.set_index("account_id")["revenue_12m"]
    used = past.judged[past.judged["model"] == past.model.chosen]
    table = metrics(used, recent=recent)
    values = table[table["target"] == "revenue"].set_index("metric")["value"]
    peers = {"mae": log.peer_mae, "rmse": log.peer_rmse}
    for metric in (metric for metric in SHOWN if metric in values):
        say(f"{name}_{metric}", len(used), values[metric], peers.get(metric), "money" if metric in peers else "share")
    say(f"{name}_total", len(used), past.total["total"], used["revenue"].sum(), "money forecast against actual")
    inside = past.total["low"] <= used["revenue"].sum() <= past.total["high"]
    say(f"{name}_total_inside", len(used), float(inside), None, "1 = yes")
    say(f"{name}_cpu", len(used), spent, None, "seconds")


def say(benchmark: str, size: int, ours: float, peer: float | None, unit: str) -> None:
    """One CSV line."""
    compared = f"{peer:.6g},{ours / peer:.3f}" if peer else ","
    sys.stdout.write(f"{benchmark},{size},{ours:.6g},{compared},{unit}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.stdout.write("benchmark,size,ours,peer,ratio,unit\n")
    for asked in sys.argv[1:] or LOGS:
        judge(asked, LOGS[asked])
