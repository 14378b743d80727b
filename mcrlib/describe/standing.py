"""How we stand at the customers: what they say, against whom we win, what we promised, what we develop together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mcrlib.describe.engagement import tie_knobs
from mcrlib.describe.engine import query


def word_of_mouth(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell what key persons and others at each customer say, who turned to whom first, and what came by recommendation.

    Returns
    -------
    DataFrame
        One row per account with any of it: ``account_id, n_key, key_sum, n_others, others_sum`` (answers of two years,
        0-1 each), ``n_first, n_inbound`` (first touches with a person whose direction is known; of them, they turned to
        us), ``n_sourced, n_referred`` (deals whose source is known; of them recommended), ``n_closed, n_won,
        n_referred_closed, n_referred_won`` (of those).
    """
    return query(clean, "mouth", as_of=as_of, **tie_knobs(weights, half_life))


def rivals(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how deals ended at which a rival is named.

    Returns
    -------
    DataFrame
        ``account_id, rival, n_won, n_lost`` (closed in three years), ``n_open, lost_amount, open_amount``.
    """
    return query(clean, "rivals", as_of=as_of)


def promises(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how much of what we promised and planned was done by its day.

    Returns
    -------
    DataFrame
        ``kind`` (commitment, plan), ``account_id, owner_id, ago`` (quarters of 91 days back from the date, 0 to 11),
        ``n_due, n_kept, n_waiting`` (not done to this day).
    """
    return query(clean, "promises", as_of=as_of)


def exchange(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how information flows between us and each customer.

    Returns
    -------
    DataFrame
        ``account_id, n_told, n_answered`` (touches of a year with a known direction; of them not one-sided),
        ``n_deals, n_rival_known`` (deals opened in two years; of them with a named rival; empty where no deal of any
        customer names one).
    """
    return query(clean, "exchange", as_of=as_of)


def joint_innovation(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell what we develop together with each customer, and with whom and on what we could.

    Returns
    -------
    DataFrame
        One row per account: ``account_id, n_joint, n_shared`` (live agreements named after joint innovation; of them
        with shared rights), ``n_joint_deals, n_opened, n_early`` (deals opened in two years: named so, all, and those
        that a touch within 90 days preceded; empty where nothing was ever logged)``, joint_revenue, line_revenue``
        (two years, of products developed together, empty where no product says so; of all lines)``,
        n_technical_active, product_line`` (bought most in two years).
    """
    return query(clean, "joint", as_of=as_of, frozen=False, **tie_knobs(weights, half_life))


def deal_breadth(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell of every deal that was won or lost how broadly we knew the customer before it was opened.

    Returns
    -------
    DataFrame
        ``opportunity_id, account_id, is_won, amount, n_people, n_cells`` (people of theirs who answered us in the half
        year before the deal was opened, and in how many pairs of level and function), ``n_touches`` (in that time).
    """
    return query(clean, "deal_breadth", as_of=as_of)
