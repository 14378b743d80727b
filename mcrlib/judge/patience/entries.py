"""Which accounts patience is asked for, and what each brought less what it cost, quarter by quarter."""

from __future__ import annotations

import datetime as dt

import pandas as pd


def strategic_entries(accounts: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Name the entries that patience is asked for: saline land, and accounts with costs booked as strategic.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, market_type``.
    moves : DataFrame
        As from ``contributions``.

    Returns
    -------
    DataFrame
        ``account_id, account_name, market_type``, only accounts that have cost or brought anything.
    """
    spent = moves.loc[moves["strategic"] > 0, "account_id"]
    chosen = accounts["market_type"].eq("saline").fillna(False) | accounts["account_id"].isin(spent)
    moved = accounts["account_id"].isin(moves["account_id"])
    return accounts.loc[chosen & moved, ["account_id", "account_name", "market_type"]].reset_index(drop=True)


def contribution_curves(
    moves: pd.DataFrame, entries: pd.DataFrame, as_of: dt.date, *, rate: float = 0.08
) -> pd.DataFrame:
    """Add up what each entry brought less what it cost, quarter by quarter, from its beginning on.

    Costs before the first quarter of the cost table are not known: an entry that is older begins there and is marked.

    Parameters
    ----------
    moves : DataFrame
        As from ``contributions``.
    entries : DataFrame
        As from ``strategic_entries``: ``account_id, market_type``.
    as_of : date
        Only quarters that are over by then count.
    rate : float
        Yearly rate of the discounted curve.

    Returns
    -------
    DataFrame
        One row per entry and quarter without gaps: ``account_id, quarter, age`` (quarters since the first one with
        gross profit, negative before; empty where there is none), ``gp, cost, contribution, cumulative, discounted``
        (cumulative, at the worth of its beginning),
        ``is_cut`` (it began before the costs are on record), ``market_type``, ``cohort`` (year in which it began; empty
        where that is not on record).
    """
    columns = ["account_id", "quarter", "age", "gp", "cost", "contribution", "cumulative", "discounted", "is_cut"]
    columns += ["market_type", "cohort"]
    mine = moves[moves["account_id"].isin(entries["account_id"])]
    last = pd.Period(pd.Timestamp(as_of) + pd.Timedelta(days=1), "Q") - 1
    if mine.empty:
        return pd.DataFrame(columns=columns)
    at = mine["quarter"].dt.to_period("Q")
    recorded = moves.loc[moves["cost"] > 0, "quarter"].min().to_period("Q")
    began = at.groupby(mine["account_id"]).min()
    grid = [(account, quarter) for account in began.index for quarter in _quarters(began[account], recorded, last)]
    if not grid:
        return pd.DataFrame(columns=columns)
    curves = pd.DataFrame(grid, columns=["account_id", "at"])
    flows = mine.assign(at=at)[["account_id", "at", "gp", "cost"]]
    curves = curves.merge(flows, on=["account_id", "at"], how="left", validate="one_to_one")
    curves[["gp", "cost"]] = curves[["gp", "cost"]].fillna(0.0)
    bought = at.where(mine["gp"] > 0).groupby(mine["account_id"]).min()
    first = curves["account_id"].map(bought)
    years, quarters = curves["at"].dt.year - first.dt.year, curves["at"].dt.quarter - first.dt.quarter
    curves["age"] = (4.0 * years + quarters).where(first.notna())
    curves["contribution"] = curves["gp"] - curves["cost"]
    step = curves.groupby("account_id").cumcount()
    today = curves.assign(worth=curves["contribution"] * (1 + rate) ** (-(step + 0.5) / 4)).groupby("account_id")
    curves["cumulative"], curves["discounted"] = today["contribution"].cumsum(), today["worth"].cumsum()
    curves["is_cut"] = curves["account_id"].map(began < recorded)
    curves["market_type"] = curves["account_id"].map(entries.set_index("account_id")["market_type"])
    curves["cohort"] = curves["account_id"].map(began.dt.year).astype(float).mask(curves["is_cut"])
    return curves.assign(quarter=curves["at"].dt.start_time.astype("datetime64[us]"))[columns]


def _quarters(began: pd.Period, recorded: pd.Period, last: pd.Period) -> pd.PeriodIndex:
    return pd.period_range(max(began, recorded), last, freq="Q")
