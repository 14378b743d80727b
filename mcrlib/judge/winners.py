"""Whether we stand with winners: customers and industries that grow, and a top list that renews itself."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mcrlib.model.bootstrap import BOUNDS, bootstrap_counts
from mcrlib.model.proportions import share_bounds
from mcrlib.settings import Thresholds
from mcrlib.thresholds import DEFAULTS

_QUARTERS = 4
DIRECTIONS = ("growing", "flat", "declining", "new", "unknown")
GROWTH = [
    "account_id", "account_name", "industry", "harvest", "grown", "basis", "direction", "industry_grown",
    "industry_basis", "industry_direction", "beyond_industry",
]  # fmt: skip
LISTS = ["account_id", "gp_then", "gp_now", "moved", "years"]


def customer_growth(accounts: pd.DataFrame, outside: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Tell of every customer that brings profit whether it grows, and whether its industry does.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, industry, harvest, revenue_12m, revenue_previous_12m``.
    outside : DataFrame
        As from ``outside_growth``; where it knows nothing, orders with us stand in: the customer's own, and those of
        all accounts of an industry.
    thresholds : Thresholds
        ``flat_growth``: growth within so much of none, either way, is flat.

    Returns
    -------
    DataFrame
        Highest harvest first: ``account_id, account_name, industry, harvest, grown`` (0.1 is ten percent; NaN where
        new), ``basis`` (``recorded``, or ``proxy``: orders), ``direction``: ``growing, declining, flat``, ``new`` (no
        revenue the year before); ``industry_grown, industry_basis, industry_direction`` the same of its industry
        (recorded: the middle of what is on record for its accounts; ``unknown`` where the industry is not known);
        ``beyond_industry`` (growth less its industry's; NaN unless both are recorded, for with orders on both sides
        the customers of an industry would differ from it by nothing on the whole). Card T11.
    """
    known = outside[["account_id", "revenue", "revenue_before", "industry_growth"]]
    every = accounts.merge(known, on="account_id", how="left", validate="one_to_one")
    own = every["revenue"] / every["revenue_before"].where(every["revenue_before"] > 0) - 1
    orders = _grown(every["revenue_12m"], every["revenue_previous_12m"])
    every["basis"] = np.where(own.notna(), "recorded", "proxy")
    every["grown"] = own.fillna(orders)
    every["direction"] = _direction(every["grown"], thresholds.flat_growth, "new")
    every["industry_growth"] = every["industry_growth"].astype(float)
    sums = {"now": ("revenue_12m", "sum"), "before": ("revenue_previous_12m", "sum")}
    industries = every.groupby("industry").agg(**sums, told=("industry_growth", "median"))
    told = every["industry"].map(industries["told"]).astype(float)
    proxy = every["industry"].map(_grown(industries["now"], industries["before"])).astype(float)
    every["industry_basis"] = np.where(told.notna(), "recorded", "proxy")
    every["industry_grown"] = told.fillna(proxy)
    every["industry_direction"] = _direction(every["industry_grown"], thresholds.flat_growth, "unknown")
    every["beyond_industry"] = own - told
    found = every[every["harvest"] > 0]
    return found.sort_values(["harvest", "account_id"], ascending=[False, True], ignore_index=True)[GROWTH]


def standing(growth: pd.DataFrame) -> pd.DataFrame:
    """Add up the harvest that comes from customers, and from industries, that grow, stand still or shrink.

    Returns
    -------
    DataFrame
        A row per direction (``growing, flat, declining, new, unknown``): ``direction, n_accounts, harvest,
        harvest_share`` of the customers that go so themselves, ``n_industries, industry_share`` (share of the harvest)
        of those whose industry does. Shares are NaN where there is no harvest.
    """
    total = growth["harvest"].sum()
    whole = total if total > 0 else float("nan")
    own = growth.groupby("direction")["harvest"].agg(["size", "sum"]).reindex(DIRECTIONS, fill_value=0)
    there = growth.groupby("industry_direction").agg(n=("industry", "nunique"), harvest=("harvest", "sum"))
    there = there.reindex(DIRECTIONS, fill_value=0)
    sums = pd.DataFrame({"n_accounts": own["size"], "harvest": own["sum"], "harvest_share": own["sum"] / whole})
    sums = sums.assign(n_industries=there["n"], industry_share=there["harvest"] / whole)
    return sums.rename_axis("direction").reset_index()


def growth_lead(growth: pd.DataFrame, *, few: int = DEFAULTS.small_number, seed: int = 1) -> dict[str, float]:
    """Tell how much faster than their industries our customers grow, weighted by what they bring us.

    Parameters
    ----------
    growth : DataFrame
        As from ``customer_growth``.
    few : int
        Customers below which no lead is told.
    seed : int
        Of the draws.

    Returns
    -------
    dict
        ``n`` (customers whose own growth and industry are on record), ``lead`` (0.01 is one percentage point) with its
        80 % interval ``low, high`` (customers drawn again); NaN below ``few``. Card T11.
    """
    both = growth.dropna(subset="beyond_industry")
    if len(both) < max(few, 1):
        return {"n": float(len(both))} | dict.fromkeys(("lead", "low", "high"), float("nan"))
    worth, beyond = both["harvest"].to_numpy(float), both["beyond_industry"].to_numpy(float)
    drawn = [np.average(beyond, weights=times * worth) for times in bootstrap_counts(len(both), seed=seed)]
    low, high = np.quantile(drawn, BOUNDS)
    lead = float(np.average(beyond, weights=worth))
    return {"n": float(len(both)), "lead": lead, "low": float(low), "high": float(high)}


def top_lists(periods: pd.DataFrame, as_of: dt.date, thresholds: Thresholds) -> pd.DataFrame:
    """Lay today's top list beside that of years ago.

    Parameters
    ----------
    periods : DataFrame
        ``account_id, period`` (first day of a quarter), ``gp``.
    as_of : date
        The last four quarters that are over are compared with the four years earlier, or the earliest whole ones in
        which two customers brought profit: one is no list.
    thresholds : Thresholds
        ``top_list`` (customers in it: half of those that brought profit in either year where they are fewer),
        ``top_list_years``.

    Returns
    -------
    DataFrame
        One row per account in either list, the best of today first: ``account_id, gp_then, gp_now`` (gross profit of
        the year; 0 where it brought none), ``moved`` (``stayed, new, left``), ``years`` apart. Without rows where the
        history holds no earlier year. Card T11.
    """
    last = pd.Period(pd.Timestamp(as_of) + pd.Timedelta(days=1), "Q") - 1
    behind = last.ordinal - pd.PeriodIndex(pd.to_datetime(periods["period"]), freq="Q").asi8
    ago, whole = behind // _QUARTERS, (int(behind.max()) + 1) // _QUARTERS if len(periods) else 0
    bought = (periods.groupby([ago, "account_id"])["gp"].sum() > 0).groupby(level=0).sum()
    years = bought.index[(bought > 1) & bought.index.isin(range(1, min(thresholds.top_list_years + 1, whole)))].max()
    if np.isnan(years):
        return pd.DataFrame(columns=LISTS)
    now, then = (periods[ago == year].groupby("account_id")["gp"].sum() for year in (0, years))
    both = pd.DataFrame({"gp_then": then, "gp_now": now}).fillna(0.0).clip(lower=0.0)
    top = min(thresholds.top_list, *(int((both[name] > 0).sum()) // 2 for name in both))
    listed = both.rank(ascending=False, method="first") <= top
    chosen = [listed["gp_now"] & listed["gp_then"], listed["gp_now"], listed["gp_then"]]
    both["moved"] = np.select(chosen, ["stayed", "new", "left"], "")
    both = both[both["moved"] != ""].assign(years=int(years)).rename_axis("account_id").reset_index()
    return both.sort_values(["gp_now", "account_id"], ascending=[False, True], ignore_index=True)[LISTS]


def top_renewal(lists: pd.DataFrame) -> dict[str, float]:
    """Tell how much of today's top list was not in it years ago.

    Parameters
    ----------
    lists : DataFrame
        As from ``top_lists``.

    Returns
    -------
    dict
        ``top`` (accounts in the list), ``new`` (of them, not in the earlier list), ``share, low, high`` (with the 80 %
        interval of Jeffreys), ``years`` apart; 0 and NaN where the history holds no earlier year.
    """
    top, new = int((lists["moved"] != "left").sum()), int((lists["moved"] == "new").sum())
    share = new / top if top else float("nan")
    low, high = share_bounds(share, top)
    years = int(lists["years"].iloc[0]) if len(lists) else 0
    return {"top": top, "new": new, "share": share, "low": float(low), "high": float(high), "years": years}


def _grown(now: pd.Series, before: pd.Series) -> pd.Series:
    return now / before.where(before > 0) - 1


def _direction(grown: pd.Series, flat: float, unknown: str) -> np.ndarray:
    return np.select([grown.isna(), grown > flat, grown < -flat], [unknown, "growing", "declining"], "flat")
