"""The same row twice, one key with two contents, and the lines of one order."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mcrlib.read.currency import MONEY
from mcrlib.read.drafts import Draft

#: What tells the lines of one order apart.
_LINE_MARKS = ("line_no", "product_id", "product_line")
_SUMS = ("amount", "amount_untaxed", "list_amount", "cost", "gross_profit", "qty", "paid_amount", "receivable")


def drop_duplicates(draft: Draft, *, sum_lines: bool = False) -> Draft:
    """One row per key.

    Of rows that are equal in every field the first is kept. Rows of one order are lines where a line number or a
    product tells them apart, or ``sum_lines`` says so. Anything else under one key is a conflict: of two records of
    master data the fuller is kept, of two events none.
    """
    key = draft.key
    if not draft.has(key) or is_ascending(draft.rows[key]) or draft.rows[key].is_unique:
        return draft
    shared = draft.rows[draft.rows[key].duplicated(keep=False)]
    lines = draft.table == "orders" and (sum_lines or bool(_marks(draft)))
    content = _content(shared)
    if not (sum_lines and draft.table == "orders" and not _marks(draft)):
        again = content.duplicated()
        draft = draft.set_aside(again.reindex(draft.rows.index, fill_value=False), "duplicate", key)
        shared = shared[~again]
    conflict = _conflicts(draft, shared, lines, sum_lines)
    if conflict.empty:
        return draft
    return _settle_conflict(draft, conflict)


def _marks(draft: Draft) -> list[str]:
    return [mark for mark in _LINE_MARKS if draft.has(mark)]


def _content(rows: pd.DataFrame) -> pd.Series:
    """A hash of everything that a row says, not of where it stands."""
    fields = sorted(str(column) for column in rows if not str(column).startswith("src_"))
    return hash_rows(rows[fields])


def hash_rows(rows: pd.DataFrame) -> pd.Series:
    """A number per row that depends on its content alone, the same on every machine."""
    plain = pd.DataFrame({column: rows[column].astype("str").fillna("\0") for column in rows}, index=rows.index)
    return pd.util.hash_pandas_object(plain, index=False)


def _conflicts(draft: Draft, shared: pd.DataFrame, lines: bool, sum_lines: bool) -> pd.DataFrame:
    """Rows whose key still stands for two contents."""
    key = draft.key
    again = shared[shared[key].duplicated(keep=False)]
    if not lines or again.empty:
        return again
    heads = again.groupby(key, sort=False)
    same = [
        column for column in ("account_id", "account_name", "order_date")[: 2 if sum_lines else 3] if column in again
    ]
    torn = pd.Series(False, index=again.index)
    for column in same:
        torn |= heads[column].transform("nunique") > 1
    if not sum_lines:
        marks = _marks(draft)
        torn |= again.duplicated([key, *marks], keep=False).groupby(again[key]).transform("any")
    return again[torn.groupby(again[key]).transform("any")]


def _settle_conflict(draft: Draft, conflict: pd.DataFrame) -> Draft:
    key = draft.key
    out = pd.Series(True, index=conflict.index)
    said = "none of them is kept"
    if draft.spec.event_date is None:
        order = pd.DataFrame({"key": conflict[key], "full": -conflict.notna().sum(axis=1), "hash": _content(conflict)})
        if "updated_date" in conflict:
            order["full"] = -conflict["updated_date"].astype("int64")
        out[order.sort_values(["full", "hash"]).drop_duplicates("key").index] = False
        said = "the fullest row of each is kept"
    keys = conflict[key].nunique()
    example, row = conflict[key].iloc[0], int(conflict["src_row"].iloc[-1])
    text = (
        f"duplicate {key} with different contents: {len(conflict)} rows under {keys} keys, such as '{example}'; {said}"
    )
    draft = draft.set_aside(out.reindex(draft.rows.index, fill_value=False), "duplicate_conflict", key)
    return draft.warn("duplicate_conflict", text, key, row)


def is_ascending(keys: pd.Series) -> bool:
    """Whether every key is larger than the one before, as in most exports: then they are sorted, and all differ."""
    array = pa.array(keys)
    return not array.null_count and pc.all(pc.less(array[:-1], array[1:])).as_py() is not False


def sum_order_lines(draft: Draft, *, once: bool = False) -> Draft:
    """One row per order: money and quantities summed, other columns kept where all lines agree.

    Where each line has the total of its order (``once``), the amount counts once.
    """
    key = draft.key
    if draft.table != "orders" or is_ascending(draft.rows[key]) or draft.rows[key].is_unique:
        return draft
    many = draft.rows[key].duplicated(keep=False)
    lines = draft.rows[many].sort_values([key, "src_file", "src_row"], kind="stable")
    groups = lines.groupby(key, sort=True)
    names = [str(column) for column in lines if column != key]
    sums = set(_SUMS) - ({"amount"} if once else set())
    columns = {name: _sum(lines, key, name) if name in sums else _agreed(groups, name) for name in names}
    summed = pd.DataFrame(columns).rename_axis(key).reset_index()
    if "order_date" in summed:
        summed["order_date"] = groups["order_date"].min().to_numpy()
    summed = summed.astype({column: dtype for column, dtype in lines.dtypes.items() if column in summed})
    rows = pd.concat([draft.rows[~many], summed[list(draft.rows)]], ignore_index=True)
    example = f"{len(lines)} lines of {len(summed)} orders"
    return draft.with_rows(rows).note(key, "lines_summed", len(lines), example)


def _agreed(groups: pd.api.typing.DataFrameGroupBy, column: str) -> pd.Series:
    first = groups[column].first()
    if column.startswith("src_"):
        return first
    return first.where(groups[column].nunique(dropna=False) < 2)


def _sum(lines: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The exact sum of a column by key; missing where a line has none, for missing is never zero."""
    whole = lines[column].notna().groupby(lines[key]).all()
    if lines[column].dtype != MONEY:
        return lines[column].groupby(lines[key]).sum().where(whole)
    return sum_money(lines[column], lines[key]).where(whole)


def sum_money(values: pd.Series, by: pd.Series) -> pd.Series:
    """Exact sums of money by key."""
    table = pa.table({"key": pa.array(by, pa.string()), "value": pa.array(values, pa.decimal128(38, 4))})
    sums = table.group_by("key").aggregate([("value", "sum")])
    total = pd.Series(pd.arrays.ArrowExtensionArray(sums["value_sum"].cast(pa.decimal128(24, 4))), dtype=MONEY)
    return total.set_axis(pd.Index(sums["key"].to_pandas(), name=by.name)).sort_index()
