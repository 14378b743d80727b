"""How fast the ties of 100,000 accounts with 5 million activities are weighed: ``engagement.py [ACTIVITIES]``.

Prints CSV lines benchmark,size,ours,peer,ratio,unit: seconds of one run and the peak memory of its process, against the
bar of 60 s and 4 GB on two cores.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from clean_tables import write

from mcrlib.describe.engagement import engagement

AS_OF = dt.date(2026, 6, 30)
SECONDS, MEGABYTES = 60.0, 4000.0
KINDS = ("visit", "meeting", "call", "wechat", "email", "exec_visit", None)


def make_company(folder: Path, n: int) -> None:
    """Activities of n / 50 accounts with five contacts each, over four years, by 500 people of ours."""
    rng = np.random.default_rng(1)
    account = rng.integers(0, n // 50, n)

    def ids(prefix: str, numbers: np.ndarray) -> pa.Array:
        return pc.binary_join_element_wise(prefix, pa.array(numbers).cast(pa.string()), "")

    def names(words: tuple[str | None, ...]) -> pa.Array:
        return pa.array(words, pa.string()).take(pa.array(rng.integers(0, len(words), n)))

    days = pa.array((20_600 - rng.integers(0, 1460, n)).astype("int32")).cast(pa.date32())
    write(folder, "accounts", n // 50, account_id=ids("A", np.arange(n // 50)))
    write(
        folder, "activities", n, activity_id=ids("V", np.arange(n)), account_id=ids("A", account),
        contact_id=ids("C", account * 5 + rng.integers(0, 5, n)),
        owner_id=ids("U", (account + rng.integers(0, 3, n)) % 500),
        activity_date=days, activity_type=names(KINDS), direction=names(("two_way", "out", "in", None)),
    )  # fmt: skip


def measure(folder: Path, answers: multiprocessing.Queue) -> None:
    """Seconds, peak memory and number of ties."""
    begin = time.perf_counter()
    ties = engagement(folder, AS_OF)
    seconds = time.perf_counter() - begin
    answers.put((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3, len(ties)))


def main() -> None:
    """Measure the size asked for, five million activities by default."""
    context = multiprocessing.get_context("spawn")
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 5_000_000
    with TemporaryDirectory() as folder:
        # In a process of its own: a child inherits the peak memory of its parent.
        maker = context.Process(target=make_company, args=(Path(folder), n))
        maker.start()
        maker.join()
        answers = context.Queue()
        process = context.Process(target=measure, args=(Path(folder), answers))
        process.start()
        seconds, memory, _ = answers.get()
        process.join()
    print("benchmark,size,ours,peer,ratio,unit")
    print(f"engagement,{n},{seconds:.1f},{SECONDS:.0f},{SECONDS / seconds:.1f},s")
    print(f"engagement_memory,{n},{memory:.0f},{MEGABYTES:.0f},{MEGABYTES / memory:.1f},MB")


if __name__ == "__main__":
    main()
