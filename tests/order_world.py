"""Accounts that order by the model's own process, and their features as the contract of describe has them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

START = pd.Timestamp("2020-01-01")


def draw_days(n: int, *, seed: int, k: int = 1, r: float = 1.2, alpha: float = 70.0, a: float = 0.5, b: float = 4.0):
    """Order days of n accounts over six years: ``account_id, date, value``; alpha in days per order."""
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(r, 1 / (alpha * r), n), rng.beta(a, b, n)
    level = rng.normal(5.0, 0.6, n)
    rows = []
    for i in range(n):
        day = float(rng.integers(0, 360))
        while day < 6 * 365:
            rows.append((f"a{i:05d}", START + pd.Timedelta(days=int(day)), rng.lognormal(level[i], 0.5)))
            if rng.random() < leave[i]:
                break
            day += max(rng.gamma(k, 1 / (k * rate[i])), 1.0)
    return pd.DataFrame(rows, columns=["account_id", "date", "value"])


def features(days: pd.DataFrame, as_of: dt.date | str, *, margin: float = 0.4) -> pd.DataFrame:
    """Account features at a date, one row per account that has ordered by then."""
    until = pd.Timestamp(as_of)
    seen = days[days["date"] <= until].sort_values(["account_id", "date"])
    age = (until - seen["date"]).dt.days
    logs, weight = np.log(seen["value"].where(seen["value"] > 0)), 0.5 ** (age / 730)
    rows = seen.assign(
        gap=np.log(seen.groupby("account_id")["date"].diff().dt.days),
        year=seen["value"].where(age < 365, 0.0),
        quarter=seen["value"].where(age < 91, 0.0),
        logs=logs,
        squares=logs**2,
        weighted=weight * logs,
        weight=weight.where(logs.notna()),
    ).groupby("account_id")
    table = pd.DataFrame(
        {
            "first_order_date": rows["date"].min(),
            "last_order_date": rows["date"].max(),
            "n_order_days": rows.size(),
            "log_gaps": rows["gap"].sum(),
            "revenue_total": rows["value"].sum(),
            "revenue_12m": rows["year"].sum(),
            "revenue_3m": rows["quarter"].sum(),
            "spend_n": rows["logs"].count(),
            "spend_log_sum": rows["weighted"].sum(),
            "spend_log_weight": rows["weight"].sum(),
            "spend_plain_log_sum": rows["logs"].sum(),
            "spend_plain_log_square": rows["squares"].sum(),
        }
    ).reset_index()
    return table.assign(
        frequency=table["n_order_days"] - 1,
        recency=(table["last_order_date"] - table["first_order_date"]).dt.days.astype(float),
        T=(until - table["first_order_date"]).dt.days.astype(float),
        days_since_last=(until - table["last_order_date"]).dt.days.astype(float),
        gp_total=table["revenue_total"] * margin,
    )


def outcomes(days: pd.DataFrame, start: dt.date, end: dt.date) -> pd.DataFrame:
    """Orders and revenue of every account in (start, end]."""
    rows = days[(days["date"] > pd.Timestamp(start)) & (days["date"] <= pd.Timestamp(end))].groupby("account_id")
    table = pd.DataFrame({"orders": rows.size(), "revenue": rows["value"].sum()})
    return table.reindex(sorted(days["account_id"].unique()), fill_value=0).rename_axis("account_id").reset_index()


def never_ordered(*accounts: str) -> pd.DataFrame:
    """Feature rows of accounts without an order."""
    empty = features(pd.DataFrame({"account_id": ["x"], "date": [START], "value": [1.0]}), "2020-01-02")
    dates, unknown = ["first_order_date", "last_order_date"], ["T", "recency", "days_since_last"]
    row = empty.assign(**{name: 0.0 for name in empty.select_dtypes("number")} | dict.fromkeys(unknown, np.nan))
    row = row.assign(**dict.fromkeys(dates, pd.NaT))
    return pd.concat([row.assign(account_id=account) for account in accounts], ignore_index=True)
