"""What every container is turned into: one sheet of text, with the rows that could not be read beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

import pandas as pd
import pyarrow as pa

from mcrlib.errors import Complaint

BAD_COLUMNS = ("row", "column", "code", "raw")

#: Records held in Python at a time; everything else lies in Arrow memory.
_CHUNK = 10_000
#: Characters of a record that is set aside which are kept for the reader of the quarantine.
_RAW = 2000


@dataclass(frozen=True)
class Sheet:
    """One sheet of one file as delivered.

    Parameters
    ----------
    file : str
        Name relative to the input folder.
    sheet : str
        Name of the sheet; empty for text files.
    cells : DataFrame
        Every record that is not blank, all text, columns 0..n-1, index = spreadsheet row (first line = 1);
        missing where the record was shorter.
    widths : Series
        Number of fields of each record, same index.
    typed : bool
        True where the container told dates from numbers and texts; values then come in one spelling.
    bad : DataFrame
        Records set aside while reading: row, column, code, raw.
    complaints : list of Complaint
    delimiter : str
        What parts the fields of a text file; empty for blanks and for other containers.
    merged : tuple of (int, int, int)
        Cells of a workbook that were merged downwards: column of ``cells``, first and last row.
    money : dict of int to Series
        Column of ``cells`` → the currency that its numbers show by their format alone, same index.
    """

    file: str
    sheet: str
    cells: pd.DataFrame
    widths: pd.Series
    typed: bool = False
    bad: pd.DataFrame = field(default_factory=lambda: bad_rows([]))
    complaints: list[Complaint] = field(default_factory=list)
    delimiter: str = ""
    merged: tuple[tuple[int, int, int], ...] = ()
    money: dict[int, pd.Series] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """File and sheet as they are named to a person."""
        return f"{self.file}, sheet '{self.sheet}'" if self.sheet else self.file


class UnreadableError(Exception):
    """One file that cannot be read for certain."""

    def __init__(self, code: str, message: str, file: str, row: int | None = None) -> None:
        super().__init__(message)
        self.complaint = Complaint(code, message, file, row=row)


def bad_rows(rows: Iterable[tuple[int, str, str, str]]) -> pd.DataFrame:
    """Rows set aside as a frame: row, column, code, raw."""
    frame = pd.DataFrame(list(rows), columns=list(BAD_COLUMNS))
    return frame.astype({"row": "int64", "column": "str", "code": "str", "raw": "str"})


def raw_text(cells: Sequence[str | None]) -> str:
    """A record as one line for the quarantine."""
    return ",".join(cell or "" for cell in cells)[:_RAW].replace("\0", "\\0")


def records_of(cells: pd.DataFrame, rows: Sequence[int]) -> list[tuple[int, list[str]]]:
    """Some records by their spreadsheet row, each as a list of its fields."""
    found = cells.loc[list(rows)].to_numpy(object)
    return [(row, [cell for cell in record if isinstance(cell, str)]) for row, record in zip(rows, found, strict=True)]


def is_blank(record: Sequence[str]) -> bool:
    """True for a record that holds nothing but blanks."""
    return not any(cell and not cell.isspace() for cell in record)


def widest_record(usual: int) -> int:
    """How many fields a record may have where most have ``usual``; a wider one would only swell every other row."""
    return 2 * usual + 50


def gather(records: Iterable[Sequence[str]]) -> tuple[pd.DataFrame, pd.Series, list[tuple[int, str, str, str]]]:
    """Put records into columns without ever holding them all in Python.

    Blank records are left out; records far wider than the others are set aside as ``too_many_fields``.

    Returns
    -------
    cells, widths, bad
        See `Sheet`.
    """
    tables: list[pa.Table] = []
    rows: list[int] = []
    widths: list[int] = []
    bad: list[tuple[int, str, str, str]] = []
    widest: int | None = None
    for chunk in _chunks(enumerate(records, start=1)):
        full = [pair for pair in chunk if (pair[1] and "!" <= pair[1][0][:1] <= "~") or not is_blank(pair[1])]
        if widest is None and full:
            widest = widest_record(Counter(len(record) for _, record in full).most_common(1)[0][0])
        kept = [(row, record) for row, record in full if len(record) <= (widest or 0)]
        bad += [(row, "", "too_many_fields", raw_text(rec)) for row, rec in full if len(rec) > (widest or 0)]
        if kept:
            rows += [row for row, _ in kept]
            widths += [len(record) for _, record in kept]
            columns = zip_longest(*(record for _, record in kept))
            tables.append(pa.table({str(i): pa.array(column, pa.large_string()) for i, column in enumerate(columns)}))
    if not tables:
        return pd.DataFrame(index=pd.Index([], dtype="int64")), pd.Series([], dtype="int64"), bad
    table = pa.concat_tables(tables, promote_options="default")
    cells = table.to_pandas(split_blocks=True, self_destruct=True)
    index = pd.Index(rows, dtype="int64")
    return cells.set_axis(range(cells.shape[1]), axis=1).set_axis(index), pd.Series(widths, index=index), bad


def _chunks(records: Iterator[tuple[int, Sequence[str]]]) -> Iterator[list[tuple[int, Sequence[str]]]]:
    while chunk := list(islice(records, _CHUNK)):
        yield chunk
