"""How fast one row per account is made, against straightforward pandas: ``account_summary.py [ORDERS …]``.

Both read the same Parquet files and answer the same questions. Prints CSV lines benchmark,size,ours,peer,ratio,unit;
seconds are the median of the repeats, memory is the peak of a process of its own.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from clean_tables import write

from mcrlib.describe.accounts import account_features

AS_OF = dt.date(2026, 6, 30)


def make_company(folder: Path, n: int) -> None:
    """Orders, activities (0.4 x) and contacts (0.1 x) of n / 50 accounts over eight years."""
    rng = np.random.default_rng(1)
    accounts = pa.array([f"A{i:07}" for i in range(n // 50)])

    def some_accounts(size: int) -> pa.Array:
        return accounts.take(pa.array((rng.random(size) ** 2 * (n // 50)).astype("int64")))

    def days(size: int) -> pa.Array:
        return pa.array(20_600 - rng.integers(0, 2920, size).astype("int32")).cast(pa.date32())

    def ids(prefix: str, size: int) -> pa.Array:
        return pc.binary_join_element_wise(prefix, pa.array(np.arange(size)).cast(pa.string()), "")

    def names(words: Sequence[str | None], size: int) -> pa.Array:
        return pa.array(words, pa.string()).take(pa.array(rng.integers(0, len(words), size)))

    amount = pa.array(np.round(rng.pareto(1.5, n) * 1000 + 10, 2)).cast(pa.decimal128(24, 4), safe=False)
    write(folder, "accounts", n // 50, account_id=accounts)
    write(
        folder, "orders", n, order_id=ids("O", n), account_id=some_accounts(n), order_date=days(n), amount=amount,
        status=names(["valid"] * 18 + ["void", "return"], n), product_line=names(list("abcdefgh"), n),
    )  # fmt: skip
    m = n * 2 // 5
    write(
        folder, "activities", m, activity_id=ids("V", m), account_id=some_accounts(m), activity_date=days(m),
        owner_id=names([f"u{i}" for i in range(200)], m),
    )  # fmt: skip
    k = n // 10
    write(
        folder, "contacts", k, contact_id=ids("C", k), account_id=some_accounts(k), created_date=days(k),
        function=names(["procurement", "technical", "user", None], k), level=names(["exec", "middle", None], k),
    )  # fmt: skip


def peer(folder: Path) -> pd.DataFrame:
    """The same summary as most notebooks write it."""
    now = pd.Timestamp(AS_OF)
    read = {"orders": ["account_id", "order_date", "amount", "status", "product_line"],
            "activities": ["activity_id", "account_id", "activity_date", "owner_id"],
            "contacts": ["contact_id", "account_id", "created_date", "function", "level"]}  # fmt: skip
    orders, activities, contacts = (
        pq.read_table(folder / f"{name}.parquet", columns=columns).to_pandas(date_as_object=False)
        for name, columns in read.items()
    )
    orders = orders[orders["status"].isin(["valid", "return"]) & (orders["order_date"] <= now)].copy()
    orders["amount"] = orders["amount"].astype(float)
    orders["ordered"] = orders["status"] == "valid"
    daily = orders.groupby(["account_id", "order_date"]).agg(v=("amount", "sum"), o=("ordered", "max")).reset_index()
    bought = daily[daily["o"]].copy()
    bought["age"] = (now - bought["order_date"]).dt.days
    bought["gap"] = bought.groupby("account_id")["order_date"].diff().dt.days
    bought["log"] = np.log(bought["v"].where(bought["v"] > 0))
    bought["w"] = 2.0 ** (-bought["age"] / 730)
    age = (now - daily["order_date"]).dt.days
    by = bought.groupby("account_id")
    out = by.agg(first=("order_date", "min"), last=("order_date", "max"), n_days=("order_date", "nunique"))
    out["n_orders"] = orders[orders["ordered"]].groupby("account_id").size()
    out["log_gaps"] = by["gap"].apply(lambda gaps: np.log(gaps.dropna()).sum())
    for name, low, high in (("all", 0, 10**6), ("12m", 0, 365), ("before", 365, 730), ("36m", 0, 1095)):
        out[name] = daily[(age >= low) & (age < high)].groupby("account_id")["v"].sum()
    out["spend"] = (bought["w"] * bought["log"]).groupby(bought["account_id"]).sum()
    out["weight"] = bought["w"].groupby(bought["account_id"]).sum()
    out["square"] = (bought["w"] * bought["log"] ** 2).groupby(bought["account_id"]).sum()
    out["plain"] = by["log"].sum()
    out["plain_square"] = (bought["log"] ** 2).groupby(bought["account_id"]).sum()
    out["lines"] = orders.groupby("account_id")["product_line"].nunique()
    contacts = contacts[contacts["created_date"] <= now]
    out[["contacts", "functions", "levels"]] = contacts.groupby("account_id")[
        ["contact_id", "function", "level"]
    ].nunique()
    recent = activities[(now - activities["activity_date"]).dt.days.between(0, 364)]
    out[["activities", "sellers"]] = recent.groupby("account_id")[["activity_id", "owner_id"]].nunique()
    return out.reset_index()


def ours(folder: Path) -> pd.DataFrame:
    """The kit's summary."""
    return account_features(folder, AS_OF)


def measure(way: str, folder: Path, repeats: int, answers: multiprocessing.Queue) -> None:
    """Seconds (median of warm repeats) and peak memory of one way."""
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        frame = globals()[way](folder)
        seconds.append(time.perf_counter() - begin)
    total = float(frame["revenue_12m" if way == "ours" else "12m"].sum())
    answers.put(
        (float(np.median(seconds[1:] or seconds)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, total)
    )


def main() -> None:
    """Measure the sizes asked for, a million orders by default."""
    context = multiprocessing.get_context("spawn")
    print("benchmark,size,ours,peer,ratio,unit")
    for n in [int(float(size)) for size in sys.argv[1:]] or [1_000_000]:
        with TemporaryDirectory() as folder:
            # In a process of its own: a child inherits the peak memory of its parent.
            maker = context.Process(target=make_company, args=(Path(folder), n))
            maker.start()
            maker.join()
            got = {}
            for way in ("ours", "peer"):
                answers = context.Queue()
                process = context.Process(target=measure, args=(way, Path(folder), 4 if n <= 1_000_000 else 2, answers))
                process.start()
                got[way] = answers.get()
                process.join()
        assert abs(got["ours"][2] / got["peer"][2] - 1) < 1e-9, "the two ways disagree"
        for i, (name, unit) in enumerate((("account_summary", "s"), ("account_summary_memory", "MB"))):
            mine, other = got["ours"][i], got["peer"][i]
            print(f"{name},{n},{mine:.2f},{other:.2f},{other / mine:.2f},{unit}", flush=True)


if __name__ == "__main__":
    main()
