"""Clean tables as Parquet, in the types of the data dictionary."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from mcrlib import schema

_ARROW = {
    "id": pa.string(), "text": pa.string(), "enum": pa.string(), "money": pa.decimal128(24, 4), "number": pa.float64(),
    "ratio": pa.float64(), "int": pa.int64(), "date": pa.date32(), "bool": pa.bool_(),
}  # fmt: skip


def as_arrow(name: str, frame: pd.DataFrame) -> pa.Table:
    """A clean table in the types of the data dictionary."""
    kinds = {column.name: _ARROW[column.kind] for column in schema.tables()[name].columns.values()}
    kinds |= {"src_file": pa.string(), "src_sheet": pa.string(), "src_row": pa.int64()}
    arrays = [_as_array(frame[column], kind) for column, kind in kinds.items()]
    return pa.Table.from_arrays(arrays, names=list(kinds))


def _as_array(values: pd.Series, kind: pa.DataType) -> pa.Array:
    if values.isna().all():
        return pa.nulls(len(values), kind)
    return pa.Array.from_pandas(values).cast(kind)
