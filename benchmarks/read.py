"""How fast and how large a big export is read, against DuckDB and pandas: ``read.py [LINES …]``.

One CSV of plain orders, as a CRM writes it. Ours is everything from the file to clean tables; the peers only parse.
Prints CSV lines benchmark,size,ours,peer,ratio,unit; memory is the peak of a process of its own.
"""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pandas as pd

from mcrlib.read.tables import read_exports
from mcrlib.settings import Settings


def write_exports(folder: Path, lines: int) -> None:
    """Orders of lines / 50 accounts over eight years, written in pieces."""
    rng = np.random.default_rng(1)
    names = pd.Series(np.arange(lines // 50)).map("A{:07}".format)
    pd.DataFrame({"account_id": names, "account_name": "Company " + names}).to_csv(folder / "accounts.csv", index=False)
    step = 500_000
    for start in range(0, lines, step):
        n = min(step, lines - start)
        days = np.datetime64("2018-01-01") + rng.integers(0, 2920, n).astype("timedelta64[D]")
        piece = pd.DataFrame(
            {
                "order_id": pd.Series(np.arange(start, start + n)).map("O{:08}".format),
                "account_id": names.to_numpy()[rng.integers(0, len(names), n)],
                "order_date": days,
                "amount": np.round(rng.pareto(1.5, n) * 1000 + 10, 2),
                "product_line": rng.choice(["Pumps", "Valves", "Service"], n),
            }
        )
        piece.to_csv(folder / "orders.csv", mode="a", header=start == 0, index=False)


def ours(folder: Path) -> int:
    """Rows of clean orders."""
    return len(read_exports(folder, Settings()).tables["orders"])


def with_duckdb(folder: Path) -> int:
    """Rows that DuckDB's reader gives as a frame."""
    return len(duckdb.sql(f"select * from read_csv('{folder}/orders.csv')").to_df())


def with_pandas(folder: Path) -> int:
    """Rows that pandas gives."""
    return len(pd.read_csv(folder / "orders.csv"))


def measure(read: str, folder: Path, answer: multiprocessing.Queue) -> None:
    """Put seconds, peak MB and rows of one way of reading."""
    start = time.perf_counter()
    rows = globals()[read](folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.put((time.perf_counter() - start, peak, rows))


def main(sizes: list[int]) -> None:
    """Compare at each size."""
    context = multiprocessing.get_context("spawn")
    print("benchmark,size,ours,peer,ratio,unit")
    for lines in sizes:
        with TemporaryDirectory() as name:
            write_exports(Path(name), lines)
            found = {}
            for read in ("ours", "with_duckdb", "with_pandas"):
                answer = context.Queue()
                process = context.Process(target=measure, args=(read, Path(name), answer))
                process.start()
                found[read] = answer.get()
                process.join()
            assert len({rows for *_, rows in found.values()}) == 1
            for peer in ("with_duckdb", "with_pandas"):
                for place, unit in ((0, "s"), (1, "MB")):
                    one, other = found["ours"][place], found[peer][place]
                    print(f"read_{peer.removeprefix('with_')},{lines},{one:.1f},{other:.1f},{one / other:.2f},{unit}")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [1_000_000])
