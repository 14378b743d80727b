"""Clean tables for tests, written from the few columns that a test cares about."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mcrlib import schema

_ARROW = {
    "id": pa.string(), "text": pa.string(), "enum": pa.string(), "money": pa.decimal128(24, 4), "number": pa.float64(),
    "ratio": pa.float64(), "int": pa.int64(), "date": pa.date32(), "bool": pa.bool_(),
}  # fmt: skip


def write_clean(folder: Path, **tables: str | pd.DataFrame) -> Path:
    """Write each table: a frame, or text of which the first line is the header and '.' is an empty cell."""
    for name, given in tables.items():
        frame = given if isinstance(given, pd.DataFrame) else _parse(given)
        columns = schema.tables()[name].columns.values()
        assert set(frame.columns) <= {column.name for column in columns}, f"{name}: {list(frame.columns)}"
        arrays = {
            column.name: pa.array(frame[column.name].astype("string"), pa.string()).cast(_ARROW[column.kind])
            if column.name in frame
            else pa.nulls(len(frame), _ARROW[column.kind])
            for column in columns
        }
        pq.write_table(pa.table(arrays), folder / f"{name}.parquet")
    return folder


def _parse(text: str) -> pd.DataFrame:
    header, *rows = [line.split() for line in text.strip().splitlines()]
    return pd.DataFrame(rows, columns=header, dtype="string").replace(".", pd.NA)
