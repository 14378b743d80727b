"""Amounts whose currency only the number format of their cells shows, with it as if it were written."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.headers import SUFFIX, field_of, squash
from mcrlib.read.numbers import unit_parts
from mcrlib.read.periods import find_periods
from mcrlib.read.sheets import Sheet
from mcrlib.settings import FileSpec

#: A number other than zero, which is the same in every currency.
_AMOUNT = r"^-?[\d.]*[1-9]"


def with_currencies(
    rows: pd.DataFrame, sheet: Sheet, names: Sequence[str], table: str, spec: FileSpec
) -> tuple[pd.DataFrame, list[Complaint]]:
    """Amounts with the currency that their cells show, where neither a column, a header nor client.yaml tells one.

    Parameters
    ----------
    rows : DataFrame
        Texts by column number; index = spreadsheet row.
    sheet : Sheet
        Its ``money`` tells what the cells show.
    names : sequence of str
        The headers.
    table : str
        The table that the sheet is read as.
    spec : FileSpec
        What client.yaml says of the file.

    Returns
    -------
    rows, complaints
    """
    told = spec.currency or "currency" in spec.columns or any(_field(name, table) == "currency" for name in names)
    places = () if told else sorted(_of_money(names, table, spec) & set(sheet.money) & set(rows))
    found: dict[object, pd.Series] = {}
    coins: list[pd.Series] = []
    for place in places:
        texts = rows[place].astype("str")
        coin = sheet.money[place].reindex(rows.index)
        coin = coin.where(texts.str.match(_AMOUNT).fillna(False).astype(bool))
        found[place] = (coin + " " + texts).fillna(texts)
        coins.append(coin.dropna())
    counts = pd.concat(coins).value_counts().sort_index() if coins else pd.Series(dtype="int64")
    if counts.empty:
        return rows, []
    listed = ", ".join(f"{coin} ({n})" for coin, n in counts.items())
    said = f"amounts show their currency only by the format of their cells and were read in it: {listed}"
    rows = pd.DataFrame({place: found.get(place, rows[place]) for place in rows}, index=rows.index)
    return rows, [Complaint("currency_format", said, sheet.file)]


def _of_money(names: Sequence[str], table: str, spec: FileSpec) -> set[int]:
    """The columns that hold money by their header or by client.yaml; not those of which the header names a currency."""
    own = {squash(str(source)) for field, source in spec.columns.items() if _is_money(field, table)}
    found = set(find_periods(names, table)) | {
        place
        for place, name in enumerate(names)
        if _is_money(_field(name, table), table) or squash(name) in own or str(place + 1) in own
    }
    return {place for place in found if not ((match := field_of(names[place], table)) and unit_parts(match.unit)[1])}


def _field(name: str, table: str) -> str:
    match = field_of(name, table)
    return match.field if match and match.tier <= SUFFIX else ""


def _is_money(field: str, table: str) -> bool:
    column = schema.tables()[table].columns.get(field)
    return column is not None and column.kind == "money"
