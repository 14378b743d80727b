"""Columns that say of amounts without a sign which are debits and which are credits, such as Soll/Haben."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.read.drafts import Draft
from mcrlib.read.words import tidy, word_key

#: The field of a column that is read as nothing else.
SIDE = "debit_or_credit"
_OPPOSITES = (
    {"s", "h"},
    {"soll", "haben"},
    {"d", "c"},
    {"dr", "cr"},
    {"debit", "credit"},
    {"débit", "crédit"},
    {"debe", "haber"},
    {"dare", "avere"},
    {"借", "贷"},
    {"借", "貸"},
    {"借方", "贷方"},
    {"借方", "貸方"},
    {"+", "-"},
    {"+", "−"},
)
_TABLES = {"orders", "order_lines", "payments"}
#: A column by this name tells with which card was paid.
_CARDS = re.compile(r"card|method|pa[iy]|pago|tarjeta|carte|karte|zahl|支付|付款|收款", re.IGNORECASE)
#: Rows that show of most columns that they hold something else.
_FIRST = 100
#: Fields in which a side can be told, likelier first, and their word for what is no return.
_TOLD_IN = {"document": "order", "status": "valid"}


def with_side(
    raw: pd.DataFrame, rows: pd.DataFrame, names: Sequence[str], places: Mapping[str, int], table: str
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The columns of a table with the one that tells debits from credits, if there is one and no field is read from it.

    Parameters
    ----------
    raw : DataFrame
        Texts by field.
    rows : DataFrame
        Texts by column number, same index.
    names : sequence of str
        The headers.
    places : mapping of str to int
        Field to column.
    table : str

    Returns
    -------
    raw : DataFrame
        With ``debit_or_credit`` where it was found.
    headers : dict
        ``debit_or_credit`` to its header, or to its number where it has none.
    """
    taken = set(places.values())
    unused = [at for at, name in enumerate(names) if at in rows and at not in taken and not _CARDS.search(name)]
    side = next((place for place in unused if table in _TABLES and _tells_sides(rows[place])), None)
    if side is None:
        return raw, {}
    return raw.assign(**{SIDE: rows[side]}), {SIDE: names[side].strip() or str(side + 1)}


def _tells_sides(texts: pd.Series) -> bool:
    """Whether the cells are two opposites and nothing else; blank ones aside."""
    return any(_words(texts.head(_FIRST)) <= pair for pair in _OPPOSITES) and _words(texts) in _OPPOSITES


def _words(texts: pd.Series) -> set[str]:
    return {tidy(text).casefold() for text in texts.dropna().unique()} - {""}


def ask_side(draft: Draft, raw: pd.DataFrame) -> list[Complaint]:
    """A question where amounts of both sides are positive; nobody but the client knows which are to be taken off.

    Parameters
    ----------
    draft : Draft
        Orders, their lines or payments, with read amounts.
    raw : DataFrame
        Texts by field; index = spreadsheet row.
    """
    unread = draft.has("document") and draft.rows["document"].isna().all()
    field = next((name for name in (SIDE, "document") if name in raw and (name == SIDE or unread)), None)
    if field is None or draft.table not in _TABLES or not draft.has("amount") or not _tells_sides(raw[field]):
        return []
    side = raw[field].str.strip().set_axis(draft.rows.index)
    amounts = draft.rows["amount"].dropna().astype(float)
    counts = side[amounts.index].mask(side == "").value_counts()
    if len(counts) < 2 or (amounts <= 0).groupby(side).all()[counts.index].any():
        return []
    most, least = counts.index[0], counts.index[-1]
    example = amounts.index[(side[amounts.index] == least) & (amounts > 0)][0]
    said = (
        f"it seems to tell debits from credits ('{most}' in {counts[most]} rows, '{least}' in {counts[least]}), but "
        f"amounts of both are positive, such as {amounts[example]:,.2f} beside '{least}', and would be added up: "
        f"export the amounts with their sign, or {_way_out(draft, field, most, least)}"
    )
    return [Complaint("sides", said, draft.file, draft.header(field), int(draft.rows.loc[example, "src_row"]))]


def _way_out(draft: Draft, field: str, most: str, least: str) -> str:
    told_in = next((name for name in _TOLD_IN if name == field or not draft.has(name)), None)
    # A lone minus is no word that client.yaml can give a meaning: blank cells would get it too.
    if draft.table != "orders" or told_in is None or not (word_key(most) and word_key(least)):
        return "without this column if it is about something else"
    word = _TOLD_IN[told_in]
    return (
        f"name the column under files in client.yaml, such as orders: [{{file: {draft.file}, columns: {{{told_in}: "
        f"{draft.header(field)}}}}}], and say under values which are returns, such as {told_in}: {{'{most}': {word}, "
        f"'{least}': return}}; {word} for both if the column is about something else"
    )
