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
    asked = _orders_and_invoices(orders)
    if settings.sum_lines is None:
        return asked + _repeated_totals(orders)
    return asked if settings.sum_lines else asked + _differing_totals(orders)


def counts_once(orders: Draft | None, settings: Settings) -> bool:
    """Whether each line of an order has the order's total: client.yaml says so, or quantities and prices prove it."""
    if orders is None or settings.sum_lines is not None:
        return settings.sum_lines is False
    return has_one_amount(orders) and totals_are_proven(orders)


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


def _differing_totals(orders: Draft) -> list[Complaint]:
    if not orders.has("order_id", "amount"):
        return []
    many = _lines(orders)
    each = many.groupby("order_id")["amount"].nunique()
    differing = each.index[each > 1]
    if differing.empty:
        return []
    rows = many[many["order_id"] == differing[0]]
    said = (
        f"sum_lines: false in client.yaml says that every line of an order has its total, but {len(differing)} of "
        f"{len(each)} orders with several lines have different amounts on them, such as {rows['amount'].iloc[0]:,.2f} "
        f"in one line of order '{differing[0]}': set sum_lines: true, or correct the export"
    )
    return [Complaint("counted_twice", said, orders.file, orders.header("amount"), int(rows["src_row"].iloc[0]))]


def _lines(orders: Draft) -> pd.DataFrame:
    """The rows of orders that come in several lines, equal rows once."""
    if is_ascending(orders.rows["order_id"]):
        return orders.rows.iloc[:0]
    rows = orders.rows[orders.rows["order_id"].duplicated(keep=False)].dropna(subset=["order_id", "amount"])
    rows = rows[~rows.duplicated([c for c in rows if not str(c).startswith("src_")])]
    return rows[rows["order_id"].duplicated(keep=False)]


def has_one_amount(orders: Draft) -> bool:
    """Whether all orders with several lines have one amount on all of them, and not all the same."""
    if not orders.has("order_id", "amount"):
        return False
    many = _lines(orders)
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
