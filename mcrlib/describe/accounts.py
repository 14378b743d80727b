"""One row per account at a date, and what it bought in a span or a period."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Literal

import pandas as pd

from mcrlib.describe.engine import query


def account_features(clean: Path, as_of: dt.date, *, margin: float = 1.0, frozen: bool = False) -> pd.DataFrame:
    """Tell of every customer who it is, what it bought, whom we know there and what is open.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen.
    margin : float
        Gross profit per revenue where neither profit nor cost is delivered.
    frozen : bool
        The date lies before the export, as in a backtest: owner, CRM tier and what else has no history stay empty.

    Returns
    -------
    DataFrame
        One row per account, sorted by ``account_id``. Facts: ``account_name`` (the id where none is delivered),
        ``group_id, owner_id, region, industry, segment, tier_crm, market_type, created_date, annual_revenue,
        employees``. Rhythm, counted in order days (several orders of one day are one; a return is none):
        ``first_order_date, last_order_date, n_orders`` (order rows above zero), ``n_order_days, frequency`` (repeats),
        ``recency`` (days from the first to the last order day), ``T`` (days from the first order day to the as-of
        date), ``days_since_last, log_gaps`` (sum of ln days between order days).
        Money net of returns: ``revenue_total, gp_total, revenue_3m`` (the last 91 days),
        ``revenue_12m, revenue_previous_12m, harvest`` (gross profit of 365 days), ``harvest_previous, revenue_36m,
        gp_36m, margin_square`` (sum of r m^2 over the days: r revenue, m gross profit per revenue, within -1 and 1).
        Size of an order day above zero, v: ``spend_log_sum`` (sum of w ln v), ``spend_log_weight`` (sum of w) with
        w = 2^(-age/730), ``spend_n, spend_plain_log_sum, spend_plain_log_square``. Breadth and care:
        ``n_product_lines, n_contacts, n_functions, n_levels, n_owners_active, n_activities_12m, open_amount,
        n_open_deals, n_cases_24m, satisfaction`` (mean of 0-1). What nobody delivered is empty, never zero; an account
        without purchases has zero counts and money, no dates, and NaN for ``recency``, ``T`` and ``days_since_last``.

    Notes
    -----
    Terms as in Fader, Hardie and Lee (2005): frequency counts repeats, recency is the age at the last purchase.
    """
    return query(clean, "accounts", as_of=as_of, margin=margin, frozen=frozen)


def repurchases(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell which customers are marked as key, and how often each came again within 24 months.

    Returns
    -------
    DataFrame
        ``account_id, is_key_account`` (empty where the CRM does not say), ``order_days_24m`` (order days of 730 days),
        ``quarters_24m`` (of eight equal parts of them, those with an order), sorted by ``account_id``. Card T6.
    """
    return query(clean, "repurchases", as_of=as_of, margin=1.0)


def account_outcomes(clean: Path, start: dt.date, end: dt.date, *, margin: float = 1.0) -> pd.DataFrame:
    """Tell what every customer bought after one date up to another, zeros kept.

    Returns
    -------
    DataFrame
        ``account_id, orders`` (order days), ``revenue, gp`` in (start, end], sorted by ``account_id``.
    """
    return query(clean, "outcomes", start=start, as_of=end, margin=margin)


def account_periods(
    clean: Path, as_of: dt.date, *, margin: float = 1.0, period: Literal["month", "quarter", "year"] = "quarter"
) -> pd.DataFrame:
    """Tell what every customer bought in each month, quarter or year.

    Returns
    -------
    DataFrame
        ``account_id, period`` (first day of the calendar period), ``revenue, gp, orders`` (order days). Periods without
        a purchase have no row; the last one ends at the as-of date and may be short.
    """
    return query(clean, "periods", as_of=as_of, margin=margin, period=period)


def pipeline(clean: Path, as_of: dt.date, *, frozen: bool = False) -> pd.DataFrame:
    """List the deals as they were known at a date.

    Returns
    -------
    DataFrame
        ``opportunity_id, account_id, owner_id, stage, stage_std, status, amount, created_date, expected_close_date,
        closed_date, age_days`` (days from opening to closing or to the as-of date), sorted by ``opportunity_id``.
        A deal that closed later is open, with stage and amount empty.
    """
    return query(clean, "pipeline", as_of=as_of, frozen=frozen)


def account_owners(clean: Path, as_of: dt.date, *, frozen: bool = False) -> pd.DataFrame:
    """Tell who of ours held each account from when until when, one holder at a time.

    Returns
    -------
    DataFrame
        ``account_id, owner_id`` (empty while the account lay in a pool), ``valid_from`` (empty where nobody knows since
        when), ``valid_to`` (the day of the hand-over; empty for who holds it at the date), ``source`` (crm,
        snapshot_diff, export: the present owner without a history, or orders: who sold to it, where nothing names a
        holder), sorted by account and date.
    """
    found = query(clean, "holders", as_of=as_of, frozen=frozen)
    return found.sort_values(["account_id", "valid_from"], na_position="first", ignore_index=True)


def crm_tiers(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell which tier the CRM gave each customer at an earlier date, where its history of tiers tells.

    Returns
    -------
    DataFrame
        ``account_id, tier_crm`` (empty where the history does not reach back), sorted by ``account_id``.
    """
    return query(clean, "crm_tiers", as_of=as_of)


def revenue_basis(clean: Path) -> str:
    """Say what the money is counted from: ``orders``, else won ``opportunities``, else ``none``."""
    return str(query(clean, "basis")["basis"].iloc[0])


def stages_passed(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List the stages that each deal is known to have passed by a date; empty where no history is delivered.

    Returns
    -------
    DataFrame
        ``opportunity_id, stage`` (as delivered), ``days`` (that it stood there; NaN where it does still), sorted.
    """
    return query(clean, "stages", as_of=as_of)


def prices(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell what was asked by the price list and what was paid, month by month.

    Returns
    -------
    DataFrame
        ``date`` (first day of the month), ``amount, list_amount``, of orders or won deals that have a list price.
    """
    return query(clean, "prices", as_of=as_of)


def assumed_share(clean: Path, as_of: dt.date) -> float:
    """Tell for what share of the revenue the profit is assumed, because neither profit nor cost is delivered."""
    sold = query(clean, "assumed", as_of=as_of).iloc[0]
    return float(sold["assumed"] / sold["revenue"]) if sold["revenue"] else 0.0


def outside_growth(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how each customer's own business grew, where outside facts are delivered.

    Returns
    -------
    DataFrame
        ``account_id, period`` (the latest on record), ``revenue, revenue_before`` (the customer's own, of that period
        and of the one a year before), ``industry_growth`` (0.1 is ten percent), sorted by ``account_id``.
    """
    return query(clean, "outside", as_of=as_of)
