"""What would count revenue twice: the total of an order on each of its lines, an order and its invoice in one file."""

from __future__ import annotations

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.read.drafts import Draft
from mcrlib.read.duplicates import is_ascending
from mcrlib.settings import Settings

#: Fewer orders of several lines, or fewer different totals, show no habit.
_FEWEST = 3
#: What quantities times prices may differ from the total by, as a share.
_ROUNDING = 0.005


def ask_twice(orders: Draft | None, settings: Settings) -> list[Complaint]:
    """Questions about orders of which nobody can tell whether their amounts may be added up."""
    if orders is None or orders.rows.empty:
        return []
    return _orders_and_invoices(orders) + ([] if settings.sum_lines is not None else _repeated_totals(orders))


def _orders_and_invoices(orders: Draft) -> list[Complaint]:
    if not orders.has("document"):
        return []
    kinds = orders.rows["document"].value_counts()
    if not {"order", "invoice"} <= set(kinds.index):
        return []
    said = (
        f"the file holds {kinds['order']} orders and {kinds['invoice']} invoices; an order and its invoice are one "
        "revenue; say in client.yaml which do not count, such as values: {document: {Sales Order: other}}"
    )
    return [Complaint("counted_twice", said, orders.file, orders.header("document"))]


def _repeated_totals(orders: Draft) -> list[Complaint]:
    if not has_one_amount(orders) or totals_are_proven(orders):
        return []
    many = _lines(orders)
    order = str(many["order_id"].iloc[0])
    rows = many[many["order_id"] == order]
    said = (
        f"each of the {many['order_id'].nunique()} orders with several lines has one amount on all of its lines, such "
        f"as {rows['amount'].iloc[0]:,.2f} on {len(rows)} lines of order '{order}': if that is the total of the order, "
        "set sum_lines: false in client.yaml, and it counts once; if it is the amount of a line, set sum_lines: true"
    )
    return [Complaint("counted_twice", said, orders.file, orders.header("amount"), int(rows["src_row"].iloc[0]))]


def _lines(orders: Draft) -> pd.DataFrame:
    """The rows of orders that come in several lines."""
    if is_ascending(orders.rows["order_id"]):
        return orders.rows.iloc[:0]
    rows = orders.rows[orders.rows["order_id"].duplicated(keep=False)].dropna(subset=["order_id", "amount"])
    rows = rows[rows["order_id"].duplicated(keep=False)]
    return rows[~rows.duplicated([c for c in rows if not str(c).startswith("src_")])]


def has_one_amount(orders: Draft) -> bool:
    """Whether all orders with several lines have one amount on all of them, and not all the same."""
    if not orders.has("order_id", "amount"):
        return False
    many = _lines(orders)
    many = many[many["order_id"].duplicated(keep=False)]
    if many["amount"].nunique() < _FEWEST:
        return False
    each = many.groupby("order_id")["amount"].nunique()
    return len(each) >= _FEWEST and bool((each == 1).all())


def totals_are_proven(orders: Draft) -> bool:
    """Whether quantities times prices of the lines add up to the one amount that all of them have."""
    if not orders.has("qty", "unit_price"):
        return False
    many = _lines(orders).dropna(subset=["qty", "unit_price"])
    worth = many["qty"].astype(float) * many["unit_price"].astype(float)
    sums = worth.groupby(many["order_id"]).sum()
    totals = many.groupby("order_id")["amount"].first().astype(float)
    return len(sums) > 0 and bool(((sums - totals).abs() <= _ROUNDING * totals.abs().clip(lower=1)).all())
