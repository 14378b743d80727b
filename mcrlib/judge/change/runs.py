"""Which earlier runs there were, and what they said of the accounts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.read.snapshots import earlier_snapshots
from mcrlib.run import Run

#: Days that a forecast of the next 12 months looks ahead, and those after which an account without order is lost.
YEAR = 365


def last_time(run: Run, *columns: str) -> tuple[dt.date | None, pd.DataFrame]:
    """The date of the last run of an earlier date, and what it said of the accounts.

    Parameters
    ----------
    run : Run
        Its history and its date.
    columns : str
        What to read beside ``account_id``, such as ``harvest``; without any ``tier`` and ``soil_value``. Runs that did
        not keep them are passed over.

    Returns
    -------
    tuple
        The date, and one row per account; None and a frame without rows where there is no such run.
    """
    return _seen(columns, earlier(run)[::-1])


def a_year_ago(run: Run, *columns: str) -> tuple[dt.date | None, pd.DataFrame]:
    """As ``last_time``, of the oldest run within the last year: the forecast that had the longest time to come true."""
    return _seen(columns, [one for one in earlier(run) if (run.date - one[0]).days <= YEAR])


def earlier(run: Run) -> list[tuple[dt.date, Path]]:
    """The runs of earlier dates that are kept, the oldest first: their dates and folders."""
    history = run.fact("history")
    return list(earlier_snapshots(Path(history) if history else None, run.date).items())


def _seen(columns: tuple[str, ...], runs: list[tuple[dt.date, Path]]) -> tuple[dt.date | None, pd.DataFrame]:
    wanted = ["account_id", *(columns or ("tier", "soil_value"))]
    for date, folder in runs:
        frame = pd.read_parquet(folder / "accounts.parquet")
        if set(wanted) <= set(frame.columns):
            return date, frame[wanted]
    return None, pd.DataFrame({name: [] for name in wanted}).astype({"account_id": "str"})
