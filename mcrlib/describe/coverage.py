"""How much of the dictionary the exports fill, how fresh they are, and why rows were set aside."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mcrlib import schema


def completeness(clean: Path) -> pd.DataFrame:
    """Tell for every field that was delivered how many rows fill it.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.

    Returns
    -------
    DataFrame
        ``table, field, rows, filled, share`` (0-1), one row per field that at least one row fills, keys left out;
        in the order of the dictionary.
    """
    rows = [
        (table.name, field, len(frame), len(frame) - frame[field].null_count)
        for table, frame in _delivered(clean)
        for field in table.columns
        if field != table.key and field in frame.column_names
    ]
    found = pd.DataFrame(rows, columns=["table", "field", "rows", "filled"])
    return found[found["filled"] > 0].assign(share=lambda f: f["filled"] / f["rows"]).reset_index(drop=True)


def freshness(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell for every table with dates what span it covers and how old its last row is.

    Returns
    -------
    DataFrame
        ``table, rows, first_date, last_date, days_old`` (days from the last row to the as-of date).
    """
    rows = []
    for table, frame in _delivered(clean):
        if table.event_date and frame[table.event_date].null_count < len(frame):
            span = pc.min_max(frame[table.event_date]).as_py()
            rows.append((table.name, len(frame), span["min"], span["max"], (as_of - span["max"]).days))
    found = pd.DataFrame(rows, columns=["table", "rows", "first_date", "last_date", "days_old"])
    return found.assign(**{name: pd.to_datetime(found[name]) for name in ("first_date", "last_date")})


def set_aside(clean: Path) -> pd.DataFrame:
    """Tell why rows were set aside, how many for each reason, and where the first one stands.

    Returns
    -------
    DataFrame
        ``table, code, n, file, row, column, raw``: the most frequent reason first, with its first row as example.
    """
    quarantine = pd.read_csv(clean / "quarantine.csv", dtype=str, keep_default_na=False)
    grouped = quarantine.groupby(["table", "code"], sort=True)
    first = grouped[["file", "row", "column", "raw"]].first()
    found = first.assign(n=grouped.size()).reset_index()
    ranked = found.sort_values(["n", "table", "code"], ascending=[False, True, True], kind="stable")
    return ranked[["table", "code", "n", "file", "row", "column", "raw"]].reset_index(drop=True)


def _delivered(clean: Path) -> list[tuple[schema.Table, pa.Table]]:
    paths = [(table, clean / f"{table.name}.parquet") for table in schema.tables().values()]
    frames = [(table, pq.read_table(path)) for table, path in paths if path.exists()]
    return [(table, frame) for table, frame in frames if len(frame)]
