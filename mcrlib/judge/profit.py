"""What should make a reader doubt the gross profit."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mcrlib.errors import Complaint

_YEAR = 365


def profit_doubts(assumed: float, margin: float) -> list[Complaint]:
    """List what should make a reader doubt the gross profit.

    Parameters
    ----------
    assumed : float
        Share of the revenue without delivered profit or cost.
    margin : float
        Gross profit per revenue that is taken there.
    """
    if assumed == 0:
        return []
    where = (
        "no profit or cost is delivered"
        if assumed == 1
        else f"no profit or cost is delivered for {_percent(assumed)} of the revenue"
    )
    if margin == 1:
        said = f"{where}, and no margin is set: revenue counts as profit there; set margin in client.yaml"
        return [Complaint("revenue_as_profit", said, file="client.yaml", column="margin")]
    return [Complaint("assumed_margin", f"{where}: {margin:.0%} of it counts as profit")]


def year_doubts(first_orders: pd.Series, as_of: dt.date) -> list[Complaint]:
    """Say where the orders do not fill the year that a harvest stands for, or the year that it is held against.

    Parameters
    ----------
    first_orders : Series
        Date of the first order of each account.
    as_of : date
        The day the run stands at.
    """
    first = first_orders.min()
    if pd.isna(first):
        return []
    days = (pd.Timestamp(as_of) - first).days
    if days + 1 < _YEAR:
        said = f"orders are on record for {days} days only: what is said of twelve months is what these days brought"
        return [Complaint("short_year", said)]
    if days + 1 < 2 * _YEAR:
        said = f"orders are on record for {days} days only: growth over the year before looks larger than it is"
        return [Complaint("short_year", said)]
    return []


def _percent(share: float) -> str:
    """A share as percent, with digits where it would read as none."""
    return f"{share:.0%}" if share >= 0.01 else f"{100 * share:.1g}%"
