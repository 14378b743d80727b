"""Clean tables as Parquet, in the types of the data dictionary."""

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

#: Rows of one piece: a large table in another form is never held whole, and an engine reads pieces side by side.
_PIECE = 1 << 17


def write_clean(name: str, frame: pd.DataFrame, path: Path) -> None:
    """Write a clean table in the types of the data dictionary."""
    with pq.ParquetWriter(path, _schema(name)) as writer:
        for start in range(0, max(len(frame), 1), _PIECE):
            writer.write_table(as_arrow(name, frame.iloc[start : start + _PIECE]))


def as_arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    """A clean table in the types of the data dictionary."""
    kinds = _schema(name)
    return pa.Table.from_arrays([_as_array(frame[field.name], field.type) for field in kinds], schema=kinds)


def _schema(name: str) -> pa.Schema:
    kinds = {column.name: _ARROW[column.kind] for column in schema.tables()[name].columns.values()}
    return pa.schema(kinds | {"src_file": pa.string(), "src_sheet": pa.string(), "src_row": pa.int64()})


def _as_array(values: pd.Series, kind: pa.DataType) -> pa.Array:
    if values.isna().all():
        return pa.nulls(len(values), kind)
    return pa.Array.from_pandas(values).cast(kind)
