"""Big customer or big company: what accounts bring us beside their own size, and what they could bring."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mcrlib.settings import Thresholds

#: What an account of its size buys where it buys much: this quantile of revenue per size among its peers. Card I2.
_MUCH = 0.9
#: The seed's diamonds bring a hundred million, its gold ten. Card T5.
_DIAMOND_TIMES = 10
#: Repurchase: this many order days within so many days. Card T6.
_REPEATS, _REPEAT_DAYS = 2, 730
CLASSES = ("diamond", "gold", "strategic", "ordinary")
COLUMNS = [
    "account_id", "account_name", "size", "harvest", "corner", "repeats", "revenue_12m", "potential", "company_class",
]  # fmt: skip


def size_and_value(
    accounts: pd.DataFrame, periods: pd.DataFrame, thresholds: Thresholds, as_of: dt.date
) -> pd.DataFrame:
    """Put what each customer brings beside how big it is itself.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, industry, annual_revenue, employees, harvest, revenue_12m, n_order_days,
        n_open_deals, market_type``.
    periods : DataFrame
        ``account_id, period`` (first day of a quarter), ``orders`` (order days).
    thresholds : Thresholds
        ``top_accounts_share``: who counts as big, and as valuable; ``diamond_share, gold_share``; ``small_number``.
    as_of : date
        Repurchases count over the 24 months before.

    Returns
    -------
    DataFrame
        ``account_id, account_name, size`` (the customer's own yearly revenue, where nobody's is known its head count),
        ``harvest, corner`` (``big_valuable, big_only, small_valuable, small``; empty where the size is not known),
        ``repeats`` (at least two order days within 24 months), ``revenue_12m, potential`` (revenue a year of an account
        of its size that buys much, among its industry where enough are known; never less than it buys),
        ``company_class``: ``gold`` brings ``gold_share`` of our revenue and more than our other buyers do on average,
        ``diamond`` its share and ten times that average, ``strategic`` little yet, with the potential of gold and a
        chance to get there that somebody sees (an open deal, or saline land); else ``ordinary``. Cards T5 and T6.
    """
    size = accounts["annual_revenue" if accounts["annual_revenue"].notna().any() else "employees"].astype(float)
    size = size.where(size > 0)
    top = 1 - thresholds.top_accounts_share
    big = size.rank(pct=True) > top
    valuable = (accounts["harvest"].rank(pct=True) > top) & (accounts["harvest"] > 0)
    corner = np.select([big & valuable, big, valuable], ["big_valuable", "big_only", "small_valuable"], "small")
    recent = periods[pd.to_datetime(periods["period"]) > pd.Timestamp(as_of) - pd.Timedelta(days=_REPEAT_DAYS)]
    days = accounts["account_id"].map(recent.groupby("account_id")["orders"].sum()).fillna(0)
    potential = _potential(accounts, size, thresholds.small_number)
    return accounts.assign(
        size=size,
        corner=pd.Series(corner, index=accounts.index).where(size.notna()),
        repeats=days >= _REPEATS,
        potential=potential,
        company_class=_classes(accounts, potential, thresholds),
    )[COLUMNS]


def company_classes(sized: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """Cross the classes diamond, gold, strategic and ordinary with the tiers.

    Returns
    -------
    DataFrame
        Four rows: ``company_class, n_accounts, S, A, B, C`` (accounts), ``revenue_12m, potential`` (sums; the potential
        of accounts whose size is known).
    """
    both = sized.merge(tiers[["account_id", "tier"]], on="account_id", validate="one_to_one")
    counts = pd.crosstab(both["company_class"], both["tier"]).reindex(index=CLASSES, columns=list("SABC"), fill_value=0)
    sums = both.groupby("company_class")[["revenue_12m", "potential"]].sum(min_count=1).reindex(CLASSES)
    found = counts.assign(n_accounts=counts.sum(axis=1)).join(sums).rename_axis("company_class").reset_index()
    return found[["company_class", "n_accounts", *"SABC", "revenue_12m", "potential"]]


def _potential(accounts: pd.DataFrame, size: pd.Series, enough: int) -> pd.Series:
    """Revenue a year of an account of its size that buys much; empty where the size is not known."""
    bought = accounts["revenue_12m"].astype(float)
    ratio = (bought / size).where(bought > 0)
    if not ratio.notna().any():
        return pd.Series(np.nan, index=accounts.index)
    peers = ratio.groupby(accounts["industry"])
    much = peers.transform("quantile", _MUCH).where(peers.transform("count") >= enough).fillna(ratio.quantile(_MUCH))
    return (much * size).clip(lower=bought).where(size.notna())


def _classes(accounts: pd.DataFrame, potential: pd.Series, thresholds: Thresholds) -> np.ndarray:
    revenue = accounts["revenue_12m"].fillna(0.0).clip(lower=0.0)
    ours, buyers = revenue.sum(), revenue > 0
    # A thousandth of the revenue is much where thousands buy; where few do, nearly all bring it.
    others = (ours - revenue) / (buyers.sum() - buyers).clip(lower=1)
    gold = np.maximum(thresholds.gold_share * ours, others)
    diamond = np.maximum(thresholds.diamond_share * ours, _DIAMOND_TIMES * others)
    has_chance = accounts["n_open_deals"].gt(0) | accounts["market_type"].eq("saline")
    choices = [
        buyers & (revenue >= diamond),
        buyers & (revenue > others) & (revenue >= gold),
        has_chance & (potential > others) & (potential >= gold),
    ]
    return np.select(choices, ["diamond", "gold", "strategic"], "ordinary")
