"""Orders whose head stands once, above their lines: merged cells of an ERP list, sub-lists of Odoo, shops."""

from __future__ import annotations

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint
from mcrlib.read.sheets import Sheet, bad_rows, raw_text

#: What belongs to a line; everything else is said of the whole order.
_OF_LINES = ("line_no", "product_id", "product_line", "qty", "unit_price", "amount", "amount_untaxed", "list_amount",
             "cost", "gross_profit", "discount", "discount_rate", "tax", "amount_base", "list_price")  # fmt: skip
#: What a line must say beside its amount: a sum of lines says nothing of them.
_MARKS = ("line_no", "product_id", "product_line", "unit_price")
_NUMBERS = ("money", "number", "int", "ratio")
_HEAD = ("account_id", "account_name", "order_date")


def with_heads(raw: pd.DataFrame, table: str, file: str) -> tuple[pd.DataFrame, pd.DataFrame, list[Complaint]]:
    """Give each line of an order the head that stands above it.

    Parameters
    ----------
    raw : DataFrame
        Texts by field, index = spreadsheet row.

    Returns
    -------
    rows : DataFrame
        Lines with an amount of their own, under the head of their order.
    bad : DataFrame
        Lines of an order whose amount stands in its first line, or the first lines of orders where these hold no more
        than the total of the lines below: row, column, code, raw.
    complaints : list of Complaint
    """
    head = [name for name in _HEAD if name in raw]
    if table not in ("orders", "order_lines") or "order_id" not in raw or not head or len(raw) < 2:
        return raw, bad_rows([]), []
    if any(_filled(raw[name]).all() for name in head):
        return raw, bad_rows([]), []
    filled = raw.apply(_filled)
    new = filled["order_id"] & (raw["order_id"] != raw["order_id"].shift())
    marks = [name for name in _MARKS if name in raw]
    lines = ~new & ~filled[head].any(axis=1) & (filled[marks].any(axis=1) if marks else False)
    if not lines.any() or lines.iloc[0] or not filled.loc[new, head].all(axis=1).all():
        return raw, bad_rows([]), []
    own = lines & filled["amount"] if "amount" in raw else lines
    if not own.any() and "amount" in raw:
        aside = [(int(row), "", "order_line", raw_text(raw.loc[row].tolist())) for row in raw.index[lines]]
        said = f"{len(aside)} lines go on with the order above them, where its amount stands; they are no orders"
        return raw[~lines], bad_rows(aside), [Complaint("heads", said, file, row=aside[0][0])]
    totals = _totals(filled, new, lines, own, marks)
    whole = [name for name in map(str, raw) if name not in _OF_LINES and not filled.loc[lines, name].any()]
    of_head = raw[whole].where(~lines).where(filled[whole]).ffill()
    found = raw.assign(**{str(name): raw[name].mask(lines, of_head[name]) for name in whole})
    if not {"line_no", "product_id", "product_line"} & set(found):
        found["line_no"] = found[~totals].groupby("order_id", sort=False).cumcount().add(1).astype("str")
    said = f"{int(lines.sum())} lines go on with the order above them; they got its number, customer and date"
    aside = [(int(row), "", "total", raw_text(raw.loc[row].tolist())) for row in raw.index[totals]]
    return found[~totals], bad_rows(aside), [Complaint("heads", said, file, row=int(raw.index[lines][0]))]


def fill_merged(
    raw: pd.DataFrame, places: dict[str, int], sheet: Sheet, table: str
) -> tuple[pd.DataFrame, list[Complaint]]:
    """Give each row what the merged cell says that it stands in; a number stays once, it may be a sum of its rows.

    Where the key itself is merged, the rows are lines of one record, see `with_heads`.
    """
    spec = schema.tables()[table]
    numbers = {name for name, column in spec.columns.items() if column.kind in _NUMBERS}
    wanted = {place: name for name, place in places.items() if name in raw and name not in numbers | {*_OF_LINES}}
    ranges = [(wanted[place], first, last) for place, first, last in sheet.merged if place in wanted]
    if any(name == spec.key for name, _, _ in ranges):
        return raw, []
    heads: dict[str, dict[int, int]] = {}
    for name, first, last in ranges:
        below = raw.loc[first + 1 : last, name]
        if first in raw.index:
            heads.setdefault(name, {}).update(dict.fromkeys(below.index[~_filled(below)].tolist(), first))
    got = set[int]().union(*heads.values())
    if not got:
        return raw, []
    above = {name: raw[name].reindex(list(over.values())).set_axis(list(over)) for name, over in heads.items()}
    filled = {name: raw[name].mask(raw.index.isin(texts.index), texts) for name, texts in above.items()}
    said = f"{len(got)} rows got what the merged cell says that they stand in; numbers count once"
    return raw.assign(**filled), [Complaint("merged_cells", said, sheet.file, row=min(got))]


def _totals(filled: pd.DataFrame, new: pd.Series, lines: pd.Series, own: pd.Series, marks: list[str]) -> pd.Series:
    """First lines without a product or price of their own, above lines that have them, and each an amount."""
    above_lines = new & lines.shift(-1, fill_value=False)
    bare = above_lines & ~filled[marks].any(axis=1)
    return bare if "amount" in filled and own.equals(lines) and bare.equals(above_lines) else bare & False


def _filled(cells: pd.Series) -> pd.Series:
    return cells.fillna("").str.strip() != ""
