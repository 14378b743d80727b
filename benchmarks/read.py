"""How fast and how large a big export is read, against DuckDB and pandas: ``read.py [LINES …]``.

One CSV of plain orders, as a CRM writes it, to a Parquet file. Ours is everything between: the header understood,
columns judged, rows checked, accounts taken from the orders, quarantine and log written. The peers parse and write.
Prints CSV lines benchmark,size,ours,peer,ratio,unit; memory is the peak of a process of its own.
Time is the best of three, on the clock and of the processors: DuckDB uses all of them.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from mcrlib.read.tables import deliver
from mcrlib.run import Run


def write_exports(folder: Path, lines: int) -> None:
    """Orders of lines / 50 accounts over eight years, written in pieces."""
    rng = np.random.default_rng(1)
    names = pd.Series(np.arange(lines // 50)).map("A{:07}".format).to_numpy()
    step = 500_000
    for start in range(0, lines, step):
        n = min(step, lines - start)
        days = np.datetime64("2018-01-01") + rng.integers(0, 2920, n).astype("timedelta64[D]")
        piece = pd.DataFrame(
            {
                "order_id": pd.Series(np.arange(start, start + n)).map("O{:08}".format),
                "account_id": names[rng.integers(0, len(names), n)],
                "order_date": days,
                "amount": np.round(rng.pareto(1.5, n) * 1000 + 10, 2),
                "product_line": rng.choice(["Pumps", "Valves", "Service"], n),
            }
        )
        piece.to_csv(folder / "orders.csv", mode="a", header=start == 0, index=False)


def ours(workspace: Path) -> int:
    """Rows of clean orders."""
    return deliver(Run.open("big", workspace=workspace)).fact("tables")["orders"]["rows_kept"]


def with_duckdb(workspace: Path) -> int:
    """Rows that DuckDB reads and writes."""
    duckdb.sql("set enable_progress_bar = false")
    source, target = workspace / "data/big/raw/orders.csv", workspace / "duckdb.parquet"
    [(rows,)] = duckdb.sql(f"copy (select * from read_csv('{source}')) to '{target}' (format parquet)").fetchall()
    return rows


def with_pandas(workspace: Path) -> int:
    """Rows that pandas reads and writes; dates stay text."""
    frame = pd.read_csv(workspace / "data/big/raw/orders.csv")
    frame.to_parquet(workspace / "pandas.parquet")
    return len(frame)


def measure(read: str, workspace: Path, answer: multiprocessing.Queue) -> None:
    """Put seconds, seconds of processors, peak MB and rows of one way of reading."""
    start, busy = time.perf_counter(), time.process_time()
    rows = globals()[read](workspace)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.put((time.perf_counter() - start, time.process_time() - busy, peak, rows))


def best(context: Any, read: str, workspace: Path) -> tuple[float, ...]:
    """The least of three times, for others use the machine too."""
    answer = context.Queue()
    found = []
    for _ in range(3):
        process = context.Process(target=measure, args=(read, workspace, answer))
        process.start()
        found.append(answer.get())
        process.join()
    return tuple(min(each) for each in zip(*found, strict=True))


def main(sizes: list[int]) -> None:
    """Compare at each size."""
    context = multiprocessing.get_context("spawn")
    print("benchmark,size,ours,peer,ratio,unit")
    for lines in sizes:
        with TemporaryDirectory() as name:
            raw = Path(name) / "data" / "big" / "raw"
            raw.mkdir(parents=True)
            write_exports(raw, lines)
            (raw.parent / "client.yaml").write_text("accounts: from_orders\n")
            found = {read: best(context, read, Path(name)) for read in ("ours", "with_duckdb", "with_pandas")}
            assert len({rows for *_, rows in found.values()}) == 1
            for peer in ("with_duckdb", "with_pandas"):
                for place, unit in enumerate(("s", "cpu s", "MB")):
                    one, other = found["ours"][place], found[peer][place]
                    print(f"read_{peer.removeprefix('with_')},{lines},{one:.1f},{other:.1f},{one / other:.2f},{unit}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000_000])
