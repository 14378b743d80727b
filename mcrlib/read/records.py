"""Records of a program as sheets: JSON, a JSON object a line, Parquet."""

from __future__ import annotations

import io
import json
import math
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mcrlib.read.sheets import Sheet, UnreadableError, bad_rows, gather

#: Keys under which programming interfaces deliver their records, the likelier first.
_WRAPPERS = ("records", "results", "value", "data", "items", "rows")
#: What an interface says of a record, and no field of it.
_ABOUT = ("attributes", "links", "@odata.etag", "_links")
#: What an interface says where more records follow.
_MORE = ("nextRecordsUrl", "@odata.nextLink", "paging")
_MOST_ROWS = 5_000_000


def read_json(data: bytes, file: str) -> Sheet:
    """A list of objects, the same under a key such as ``records``, or one object a line; objects within are flattened.

    Raises
    ------
    UnreadableError
        Damaged, cut off, one page of several, or no list of objects.
    """
    try:
        whole = _parsed(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        row = getattr(error, "lineno", None)
        said = "the JSON is damaged or cut off: fetch it again"
        raise UnreadableError("truncated", said, file, row) from error
    if isinstance(whole, dict) and (more := next((key for key in _MORE if whole.get(key)), None)):
        said = f"the JSON is one page of several ('{more}' tells where the next is): fetch all pages into one list"
        raise UnreadableError("truncated", said, file)
    records = _records(whole)
    if not records or not all(isinstance(record, dict) for record in records):
        said = f"the JSON is no list of objects with named fields (nor under {', '.join(_WRAPPERS)}): export it as CSV"
        raise UnreadableError("content", said, file)
    flat = [_flat(record) for record in records]
    names = list(dict.fromkeys(name for record in flat for name in record))
    return _sheet(names, [[record.get(name) for name in names] for record in flat], file)


def _parsed(text: str) -> Any:
    """What the text holds; the list of all objects where it holds one a line."""
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        try:
            found += [json.loads(line, parse_float=str, parse_int=str)] if line.strip() else []
        except json.JSONDecodeError as error:
            error.lineno = number
            raise
    return found


def _records(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        inside = next((whole[key] for key in _WRAPPERS if isinstance(whole.get(key), list)), None)
        return [whole] if inside is None else inside
    return whole if isinstance(whole, list) else []


def _flat(record: dict[str, Any], above: str = "") -> dict[str, str]:
    """An object with the fields of the objects in it; a list is one text, of objects as they were delivered."""
    found: dict[str, str] = {}
    for name, value in record.items():
        if name in _ABOUT or value is None:
            continue
        if isinstance(value, dict):
            found |= _flat(value, "" if name == "properties" else f"{above}{name} ")
        elif isinstance(value, list):
            nested = any(isinstance(one, dict | list) for one in value)
            found[above + name] = json.dumps(value, ensure_ascii=False) if nested else ";".join(map(str, value))
        else:
            found[above + name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def read_parquet(data: bytes, file: str) -> Sheet:
    """A Parquet file as a sheet of text: dates in ISO form, numbers exact.

    Raises
    ------
    UnreadableError
        Damaged, or larger than an export.
    """
    try:
        source = pq.ParquetFile(io.BytesIO(data))
        if source.metadata.num_rows > _MOST_ROWS:
            said = f"{source.metadata.num_rows:,} rows are more than an export holds: split the file by year"
            raise UnreadableError("too_large", said, file)
        table = source.read()
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UnreadableError("truncated", "the Parquet file is damaged: fetch it again", file) from error
    columns = [[_text(value) for value in column.to_pylist()] for column in table.columns]
    return _sheet(table.column_names, [list(row) for row in zip(*columns, strict=True)], file)


def _text(value: Any) -> str | None:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1 << 53:
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return str(value)


def _sheet(names: list[str], rows: list[list[str | None]], file: str) -> Sheet:
    """A sheet whose first record is the header."""
    cells, _, bad = gather([names, *[[cell or "" for cell in row] for row in rows]])
    return Sheet(file, "", cells, pd.Series(len(names), index=cells.index), bad=bad_rows(bad))
