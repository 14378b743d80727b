"""Whether we stand with winners: customers that grow, and a top list that renews itself."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

#: Growth within so much of none is flat, either way. Proposed.
_FLAT = 0.05
#: Today's top list is compared with that of so many years ago, or as far back as whole years reach. Card T11.
_TOP, _YEARS = 20, 5
DIRECTIONS = ("growing", "flat", "declining", "new")


def customer_growth(accounts: pd.DataFrame, outside: pd.DataFrame) -> pd.DataFrame:
    """Tell of every customer that brings profit whether it grows.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, harvest, revenue_12m, revenue_previous_12m``.
    outside : DataFrame
        As from ``outside_growth``; where it knows nothing, the customer's orders with us stand in.

    Returns
    -------
    DataFrame
        Highest harvest first: ``account_id, account_name, harvest, grown`` (0.1 is ten percent; NaN where new),
        ``beyond_industry`` (growth less its industry's; NaN where not known), ``basis`` (``recorded``, or ``proxy``:
        orders), ``direction``: ``growing, declining`` by more than 5 %, ``flat``, ``new`` (no revenue the year before).
        Card T11.
    """
    found = accounts[accounts["harvest"] > 0].merge(
        outside[["account_id", "revenue", "revenue_before", "industry_growth"]],
        on="account_id",
        how="left",
        validate="one_to_one",
    )
    own = found["revenue"] / found["revenue_before"].where(found["revenue_before"] > 0) - 1
    orders = found["revenue_12m"] / found["revenue_previous_12m"].where(found["revenue_previous_12m"] > 0) - 1
    found["basis"] = np.where(own.notna(), "recorded", "proxy")
    found["grown"] = own.fillna(orders)
    found["beyond_industry"] = own - found["industry_growth"].astype(float)
    choices = [found["grown"].isna(), found["grown"] > _FLAT, found["grown"] < -_FLAT]
    found["direction"] = np.select(choices, ["new", "growing", "declining"], "flat")
    order = ["account_id", "account_name", "harvest", "grown", "beyond_industry", "basis", "direction"]
    return found.sort_values(["harvest", "account_id"], ascending=[False, True], ignore_index=True)[order]


def standing(growth: pd.DataFrame) -> pd.DataFrame:
    """Add up the harvest that comes from customers that grow, stand still, shrink, or are new.

    Returns
    -------
    DataFrame
        Four rows: ``direction, n_accounts, harvest, harvest_share`` (NaN where there is no harvest).
    """
    sums = growth.groupby("direction")["harvest"].agg(["size", "sum"]).reindex(DIRECTIONS, fill_value=0)
    sums = sums.rename(columns={"size": "n_accounts", "sum": "harvest"}).rename_axis("direction").reset_index()
    total = sums["harvest"].sum()
    return sums.assign(harvest_share=sums["harvest"] / total if total > 0 else float("nan"))


def top_renewal(periods: pd.DataFrame, as_of: dt.date) -> dict[str, float]:
    """Tell how much of today's top list was not in it years ago.

    Parameters
    ----------
    periods : DataFrame
        ``account_id, period`` (first day of a quarter), ``gp``.
    as_of : date
        The year that ends here is compared with the one five years earlier, or the earliest whole one.

    Returns
    -------
    dict
        ``top`` (accounts in the list: twenty, or half of those that brought profit in either year where they are
        fewer), ``new`` (of them, not in the earlier list), ``years`` apart; 0 where the history holds no earlier year.
    """
    ago = (pd.Timestamp(as_of) - pd.to_datetime(periods["period"])).dt.days // 365
    whole = int((pd.Timestamp(as_of) - pd.to_datetime(periods["period"]).min()).days // 365) if len(periods) else 0
    years = min(_YEARS, whole - 1)
    if years < 1:
        return {"top": 0, "new": 0, "years": 0}
    lists = [periods[ago == year].groupby("account_id")["gp"].sum() for year in (0, years)]
    brought = [gp[gp > 0].sort_values(ascending=False, kind="stable") for gp in lists]
    top = min(_TOP, *(len(gp) // 2 for gp in brought))
    today, then = (set(gp.index[:top]) for gp in brought)
    return {"top": top, "new": len(today - then), "years": years}
