"""What the best customers will bring together year by year, what more they could buy, and how that was foretold."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mcrlib.model.soil.forecasts import sum_with_doubt

RECORD = ["origin", "days", "n", "expected", "last_year", "came"]
ROOM = [
    "account_id", "account_name", "tier", "harvest", "next_year", "next_year_low", "next_year_high", "three_years",
    "revenue_12m", "potential", "potential_used",
]  # fmt: skip


def total_outlook(outlook: pd.DataFrame, members: pd.Series) -> pd.DataFrame:
    """Add up what some accounts will bring, year by year, with the doubt of the sum (see ``sum_with_doubt``).

    Parameters
    ----------
    outlook : DataFrame
        As from ``yearly_outlook``.
    members : Series
        Their ``account_id``.

    Returns
    -------
    DataFrame
        One row per year ahead: ``years, expected, low, high`` (gross profit up to its end, 80 %). Without rows where
        nothing is expected of them.
    """
    rows = []
    for years, one in outlook[outlook["account_id"].isin(members)].groupby("years"):
        common, reach = one[["common", "reach"]].iloc[0]
        found = sum_with_doubt(one["gp_expected"], one["gp_low"], one["gp_high"], common=common, reach=reach)
        if found[0] > 0:
            rows.append((int(str(years)), *found))
    return pd.DataFrame(rows, columns=["years", "expected", "low", "high"])


def brought_until(periods: pd.DataFrame, members: pd.Series, as_of: dt.date) -> pd.DataFrame:
    """Add up what some accounts brought, quarter by quarter, so that it ends at nothing on the as-of date.

    Parameters
    ----------
    periods : DataFrame
        ``account_id, period`` (first day of a quarter), ``gp``.
    members : Series
        Their ``account_id``.
    as_of : date
        Today.

    Returns
    -------
    DataFrame
        One row per end of a quarter: ``years`` (negative: before today), ``total`` (gross profit, negative: what has
        been brought since).
    """
    quarters = periods[periods["account_id"].isin(members)].groupby("period")["gp"].sum().sort_index()
    if quarters.empty:
        return pd.DataFrame(columns=["years", "total"])
    ends = pd.to_datetime(quarters.index) + pd.DateOffset(months=3)
    today = pd.Timestamp(as_of)
    days = np.minimum((ends - today).days, 0)
    began = (pd.to_datetime(quarters.index[0]) - today).days
    totals = np.append(0.0, quarters.cumsum()) - quarters.sum()
    return pd.DataFrame({"years": np.append(began, days) / 365.0, "total": totals})


def room_to_grow(outlook: pd.DataFrame, tiers: pd.DataFrame, sized: pd.DataFrame) -> pd.DataFrame:
    """Lay beside each S and A account what it is expected to bring and what one of its size could buy.

    Parameters
    ----------
    outlook : DataFrame
        As from ``yearly_outlook``.
    tiers : DataFrame
        ``account_id, account_name, tier, harvest``.
    sized : DataFrame
        As from ``size_and_value``: ``revenue_12m, potential``.

    Returns
    -------
    DataFrame
        The highest expectation first: ``account_id, account_name, tier, harvest, next_year, next_year_low,
        next_year_high, three_years`` (gross profit to come; the last empty where the horizon is shorter),
        ``revenue_12m, potential`` (revenue a year; empty where its size is not known), ``potential_used`` (share of it
        bought). Card I2.
    """
    first = outlook[outlook["years"] == 1].rename(
        columns={"gp_expected": "next_year", "gp_low": "next_year_low", "gp_high": "next_year_high"}
    )[["account_id", "next_year", "next_year_low", "next_year_high"]]
    third = outlook[outlook["years"] == 3].rename(columns={"gp_expected": "three_years"})
    best = tiers[tiers["tier"].isin(["S", "A"])][["account_id", "account_name", "tier", "harvest"]]
    for part in (first, third[["account_id", "three_years"]], sized[["account_id", "revenue_12m", "potential"]]):
        best = best.merge(part, on="account_id", how="left", validate="one_to_one")
    best["potential_used"] = best["revenue_12m"] / best["potential"].where(best["potential"] > 0)
    return best.sort_values(["next_year", "account_id"], ascending=[False, True], ignore_index=True)[ROOM]


def outlook_record(judged: pd.DataFrame, outlook: pd.DataFrame, share: float) -> pd.DataFrame:
    """Tell what was foretold at earlier dates of the accounts then foretold highest, and what came of them.

    Parameters
    ----------
    judged : DataFrame
        As from ``as_used``: ``origin, horizon_days, model, account_id, revenue_predicted, revenue``.
    outlook : DataFrame
        As from ``yearly_outlook``: its ``model`` is the one looked at.
    share : float
        Part of the accounts to look at, the highest by that forecast.

    Returns
    -------
    DataFrame
        One row per origin: ``origin, days, n`` (accounts), ``expected`` (revenue by the forecast in use), ``last_year``
        (by last year's revenue again), ``came``.
    """
    rows, used = [], outlook["model"].unique()
    for origin, one in judged[judged["model"].isin([*used, "last_year"])].groupby("origin"):
        ours = one[one["model"].isin(used)].set_index("account_id")
        plain = one[one["model"] == "last_year"].set_index("account_id")["revenue_predicted"]
        best = ours.nlargest(max(1, round(share * len(ours))), "revenue_predicted")
        sums = (best["revenue_predicted"].sum(), plain.reindex(best.index).sum(), best["revenue"].sum())
        rows.append((origin, int(one["horizon_days"].iloc[0]), len(best), *(float(value) for value in sums)))
    return pd.DataFrame(rows, columns=RECORD)
