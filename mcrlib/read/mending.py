"""Texts whose commas lack their quotes, joined again where only one reading is possible."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from mcrlib.read.sheets import records_of
from mcrlib.read.words import is_missing

#: Records of the right width without which a file does not show how it is written, and how many are looked at.
_ENOUGH, _LOOKED_AT = 20, 5000
_LETTER = re.compile(r"[^\W\d_]")


def mend(cells: pd.DataFrame, widths: pd.Series, width: int, delimiter: str) -> tuple[pd.DataFrame, list[int]]:
    """Join the fields of records that have too many, where the file itself shows which of its commas are text.

    A comma is text for certain where it is followed by a blank and no delimiter of the records of the right width is;
    a record is mended when it has as many such commas as fields too many, and when it then has numbers and dates in
    all columns that hold nothing else. What fails one of these stays as it is.

    Parameters
    ----------
    cells : DataFrame
        Texts by column number; index = spreadsheet row.
    widths : Series
        Number of fields of each record, same index.
    width : int
        Number of fields of the header.
    delimiter : str
        That of the file; empty where there is none.

    Returns
    -------
    cells : DataFrame
    rows : list of int
        Spreadsheet rows of the mended records.
    """
    wide = widths.index[widths > width]
    regular = cells.loc[widths == width].iloc[:, :width]
    if not delimiter.strip() or wide.empty or len(regular) < _ENOUGH or _begins_with_blank(regular):
        return cells, []
    plain = [place for place in range(width) if _is_plain(regular[place].head(_LOOKED_AT))]
    joined = {row: _join(record, delimiter) for row, record in records_of(cells, list(wide))}
    good = {row: fields for row, fields in joined.items() if _fits(fields, width, plain)}
    if not good:
        return cells, []
    empty = [None] * (cells.shape[1] - width)
    mended = pd.DataFrame([[*fields, *empty] for fields in good.values()], index=list(good), columns=cells.columns)
    return pd.concat([cells.drop(index=list(good)), mended.astype("str")]).sort_index(), list(good)


def _begins_with_blank(regular: pd.DataFrame) -> bool:
    return any(regular[place].str.match(r"\s+\S", na=False).any() for place in list(regular)[1:])


def _is_plain(values: pd.Series) -> bool:
    """True for a column of numbers, dates and codes without a letter."""
    filled = [value for value in values.dropna().unique() if not is_missing(value)]
    return bool(filled) and not any(_LETTER.search(value) for value in filled)


def _join(record: Sequence[str], delimiter: str) -> list[str]:
    fields = [record[0]]
    for field in record[1:]:
        if re.match(r"\s+\S", field):
            fields[-1] += delimiter + field
        else:
            fields.append(field)
    return fields


def _fits(fields: Sequence[str], width: int, plain: Sequence[int]) -> bool:
    return len(fields) == width and not any(_LETTER.search(fields[i]) for i in plain if not is_missing(fields[i]))
