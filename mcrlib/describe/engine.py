"""The thin engine: runs the readable .sql files of this room with DuckDB over the clean Parquet tables."""

from __future__ import annotations

import atexit
import datetime as dt
import re
import shutil
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import duckdb
import pandas as pd

from mcrlib import schema
from mcrlib.errors import EnvironmentFailed

Parameter = str | float | int | bool | dt.date

_TYPES = {
    "id": "varchar", "text": "varchar", "enum": "varchar", "money": "decimal(24, 4)", "number": "double",
    "ratio": "double", "int": "bigint", "date": "date", "bool": "boolean",
}  # fmt: skip
#: The engine never fetches anything from elsewhere, and reads every file anew: tables are written again.
_ALONE: dict[str, Any] = {
    "autoinstall_known_extensions": False, "autoload_known_extensions": False, "enable_external_file_cache": False,
}  # fmt: skip
_USES = re.compile(r"^-- uses: (.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"\$(\w+)")
_WORD = re.compile(r"\w+")


def query(
    clean: Path, name: str, *, threads: int | None = None, memory: str | None = None, **parameters: Parameter
) -> pd.DataFrame:
    """Ask one of the written questions of the clean tables.

    A table that was not delivered counts as empty. The same tables give the same frame to the last bit, whatever the
    number of threads.

    Parameters
    ----------
    clean : Path
        Folder with ``<table>.parquet``.
    name : str
        The .sql file, without its ending.
    threads, memory : optional
        Bounds for the engine, such as ``2`` and ``"2GB"``; beyond the memory it works on disk.
    **parameters
        What the file calls ``$name``; those that it does not ask for are left out.

    Raises
    ------
    EnvironmentFailed
        Memory or disk do not suffice.
    """
    sql = statement(name)
    asked = {key: parameters[key] for key in set(_PARAMETER.findall(sql))}
    try:
        with _database(threads, memory).cursor() as connection:
            _show_tables(connection, clean, set(_WORD.findall(sql)))
            # A relation with parameters would plan the question twice; a table keeps the order of its rows.
            connection.execute(f"create temp table answer as {sql}", asked)
            arrow = connection.table("answer").to_arrow_table()
    except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
        raise EnvironmentFailed(f"the engine could not finish '{name}' over {clean}: {error}") from error
    frame = arrow.to_pandas(date_as_object=False)
    dates = frame.select_dtypes("datetime").columns
    return frame.astype(dict.fromkeys(dates, "datetime64[us]"))


@cache
def _database(threads: int | None, memory: str | None) -> duckdb.DuckDBPyConnection:
    """The engine of this process for some bounds: in memory, for making one costs more than most questions."""
    spill = mkdtemp(prefix="mcr-engine-")
    atexit.register(shutil.rmtree, spill, ignore_errors=True)
    bounds = {"threads": threads, "memory_limit": memory, "temp_directory": spill}
    connection = duckdb.connect(config=_ALONE | {key: value for key, value in bounds.items() if value is not None})
    # A notebook without widgets refuses the setting and draws no bar; anywhere else the bar would be drawn.
    with suppress(duckdb.InvalidInputException):
        connection.execute("set enable_progress_bar = false")
    return connection


def statement(name: str) -> str:
    """The whole SQL of a question: the files that it uses, each as a named step, then its own."""
    steps = [f"{used} as (\n{_text(used)}\n)" for used in _used_by(name)]
    return "with " + ",\n".join(steps) + "\n" + _text(name) if steps else _text(name)


def for_spark(name: str) -> str:
    """The same question in the words of Spark SQL."""
    import sqlglot  # a tenth of a second that only this needs

    return sqlglot.transpile(statement(name), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE)[
        0
    ]


def _text(name: str) -> str:
    return (files("mcrlib.describe") / f"{name}.sql").read_text(encoding="utf-8").strip()


def _used_by(name: str) -> list[str]:
    found = _USES.search(_text(name))
    direct = found[1].split(", ") if found else []
    return list(dict.fromkeys(step for used in direct for step in [*_used_by(used), used]))


def _show_tables(connection: duckdb.DuckDBPyConnection, clean: Path, words: set[str]) -> None:
    """Make the tables visible that a statement names; those that were not delivered are empty."""
    for table in schema.tables().values():
        if table.name not in words:
            continue
        path = clean / f"{table.name}.parquet"
        if path.exists():
            quoted = str(path).replace("'", "''")
            connection.execute(f"create temp view {table.name} as select * from read_parquet('{quoted}')")
        else:
            columns = ", ".join(f'"{column.name}" {_TYPES[column.kind]}' for column in table.columns.values())
            connection.execute(f"create temp table {table.name} ({columns})")
