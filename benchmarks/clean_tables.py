"""Clean tables of a made-up or public company, as the kit writes them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from mcrlib import schema

ARROW = {"money": pa.decimal128(24, 4), "number": pa.float64(), "ratio": pa.float64(), "int": pa.int64(),
         "date": pa.date32(), "bool": pa.bool_()}  # fmt: skip


def write(folder: Path, table: str, n: int, **columns: pa.Array) -> None:
    """Write a clean table with all its columns, most of them empty."""
    wanted = schema.tables()[table].columns.values()
    types = {column.name: ARROW.get(column.kind, pa.string()) for column in wanted}
    arrays = {name: columns.get(name, pa.nulls(n, kind)) for name, kind in types.items()}
    pq.write_table(pa.table(arrays), folder / f"{table}.parquet")
