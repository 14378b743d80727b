"""Large regular text files, read by Arrow; what a parser could misread is left to the careful way."""

from __future__ import annotations

import codecs
import csv
import re
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from mcrlib.read.sheets import is_blank, raw_text, widest_record

_BLOCK = 1 << 24
#: With more ragged records than this the file is read the careful way.
_MOST_RAGGED = 20_000

Gathered = tuple[pd.DataFrame, pd.Series, list[tuple[int, str, str, str]]]


def is_regular(data: bytes, delimiter: str, quote: str) -> bool:
    """Whether every line is one record: no quote but around whole fields, doubled inside, and no line end within."""
    sign, q = re.escape(delimiter), re.escape(quote)
    field = rf"(?:{q}[^{q}\r\n]*(?:{q}{q}[^{q}\r\n]*)*{q}|[^{q}{sign}\r\n]*)"
    record = rf"{field}(?:{sign}{field})*"
    start = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    ends = pa.py_buffer(np.array([start, len(data)], dtype="int64"))
    whole = pa.Array.from_buffers(pa.large_binary(), 1, [None, ends, pa.py_buffer(data)])
    return bool(pc.match_substring_regex(whole, rf"\A(?:{record}\r?\n)*(?:{record})?\z")[0].as_py())


def gather_plain(data: bytes, delimiter: str, width: int, quote: str = "") -> Gathered | None:
    """Put the records of a regular UTF-8 text into columns, as `sheets.gather` does, but fast.

    Parameters
    ----------
    data : bytes
        UTF-8, with or without a byte-order mark.
    width : int
        Number of fields that most records have.
    quote : str
        Empty where the text holds no quote character; else it must be regular.

    Returns
    -------
    cells, widths, bad, or None
        None where the file is not plain after all.
    """
    ragged: list[tuple[int, str]] = []
    table = _read(data, delimiter, width, quote, ragged)
    if table is None:
        return None
    odd = {row: _fields(text, delimiter, quote) for row, text in ragged}
    numbers = np.arange(1, len(table) + len(odd) + 1)
    cells = table.to_pandas(split_blocks=True, self_destruct=True)
    cells.columns = pd.RangeIndex(width)
    cells.index = pd.Index(numbers[~np.isin(numbers, list(odd))], dtype="int64")
    if blank := _blank_rows(cells):  # even to drop nothing, every text would be copied
        cells = cells.drop(index=blank)
    widths = pd.Series(width, index=cells.index)
    odd = {row: record for row, record in odd.items() if not is_blank(record)}
    bad = [(row, "", "too_many_fields", raw_text(rec)) for row, rec in odd.items() if len(rec) > widest_record(width)]
    odd = {row: record for row, record in odd.items() if len(record) <= widest_record(width)}
    if odd:
        columns = dict(enumerate(zip_longest(*odd.values())))
        others = pd.DataFrame(columns, index=pd.Index(list(odd), dtype="int64")).astype("str")
        cells = pd.concat([cells, others]).sort_index()
        widths = pd.concat([widths, pd.Series({row: len(record) for row, record in odd.items()})]).sort_index()
    return cells, widths, bad


def _fields(text: str, delimiter: str, quote: str) -> list[str]:
    return next(csv.reader([text], delimiter=delimiter, quotechar=quote)) if quote else text.split(delimiter)


def _read(data: bytes, delimiter: str, width: int, quote: str, ragged: list[tuple[int, str]]) -> pa.Table | None:
    def set_aside(record: Any) -> str:
        ragged.append((record.number, record.text))
        return "skip" if len(ragged) <= _MOST_RAGGED else "error"

    names = [str(place) for place in range(width)]
    try:
        return arrow_csv.read_csv(
            pa.py_buffer(data),
            arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=_BLOCK),
            arrow_csv.ParseOptions(
                delimiter=delimiter, quote_char=quote or False, ignore_empty_lines=False, invalid_row_handler=set_aside
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), null_values=[], strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _blank_rows(cells: pd.DataFrame) -> list[int]:
    """Rows that hold nothing but blanks."""
    rows = cells
    for column in cells:
        rows = rows[rows[column].str.strip() == ""]
        if rows.empty:
            break
    return list(rows.index)
