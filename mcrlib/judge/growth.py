"""From small to large: where today's best accounts began, and who in C may grow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.model.proportions import share_bounds
from mcrlib.thresholds import DEFAULTS

#: Quarters by which the first year of an account is judged.
_FIRST_QUARTERS = 4
#: The part of C with the highest soil value. Proposed.
_POOL = 0.2
_TOP, _QUARTERS = ("S", "A"), (0.25, 0.5, 0.75)
CHANCES = ("pool", "n", "n_accounts", "n_top", "n_b", "days", "share", "low", "high")


def beginnings(periods: pd.DataFrame, tiers: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Tell how small today's accounts began: their first year beside the first year of all others.

    Parameters
    ----------
    periods : DataFrame
        ``account_id, period`` (first day of a quarter), ``gp`` (money).
    tiers : DataFrame
        ``account_id, tier``.
    as_of : date
        Four quarters since its first are whole where they ended by this day.

    Returns
    -------
    DataFrame
        One row per account that ordered, best beginning first: ``account_id, tier, since`` (first quarter),
        ``first_year`` (gross profit of its first four quarters), ``first_rank`` (0-1 among all whose are whole),
        ``quarter`` (1: it began among the smallest quarter of accounts, 4: among the largest); the last three are empty
        where the four quarters are not over yet. Card T14.
    """
    since = periods.groupby("account_id")["period"].transform("min")
    opening = periods[periods["period"] < since + pd.DateOffset(months=3 * _FIRST_QUARTERS)]
    first = opening.groupby("account_id").agg(since=("period", "min"), first_year=("gp", "sum")).reset_index()
    ends = first["since"] + pd.DateOffset(months=3 * _FIRST_QUARTERS)
    first["first_year"] = first["first_year"].where(ends <= pd.Timestamp(as_of) + pd.Timedelta(days=1))
    first["first_rank"] = first["first_year"].rank(pct=True)
    first["quarter"] = np.ceil(first["first_rank"] * 4).astype("Int64")
    known = first.merge(tiers[["account_id", "tier"]], on="account_id", validate="one_to_one")
    order = ["account_id", "tier", "since", "first_year", "first_rank", "quarter"]
    return known.sort_values(["first_year", "account_id"], ascending=[False, True], ignore_index=True)[order]


def growth_pool(tiers: pd.DataFrame) -> pd.DataFrame:
    """List the C accounts that are worth growing: the fifth of those that ever ordered with the highest soil value.

    Nobody where one C account is worth as much as another, or is the only one.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, tier, n_orders, soil_value`` (money) and whatever shall be listed.
    """
    low = tiers[(tiers["tier"] == "C") & (tiers["n_orders"] > 0) & (tiers["soil_value"] > 0)]
    order = low.sort_values(["soil_value", "account_id"], ascending=[False, True])
    return order[_is_pool(order["soil_value"])].reset_index(drop=True)


def climb_of_pools(then: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """Tell whether the pools of earlier dates grew more often than the other C accounts of those dates.

    Parameters
    ----------
    then : DataFrame
        As from ``tiers_then``: ``cutoff, account_id, tier, soil_value``.
    tiers : DataFrame
        ``account_id, tier`` of today.

    Returns
    -------
    DataFrame
        Two rows per cutoff, earliest first: ``cutoff, pool`` (bool), ``n`` accounts in C then, ``climbed`` (above C
        today), ``share``.
    """
    low = then[then["tier"] == "C"].merge(
        tiers[["account_id", "tier"]], on="account_id", how="left", validate="many_to_one", suffixes=("", "_now")
    )
    pool = low.groupby("cutoff", group_keys=False)["soil_value"].transform(_is_pool).astype(bool)
    climbed = low["tier_now"].isin([*"SAB"])
    found = low.assign(pool=pool, climbed=climbed).groupby(["cutoff", "pool"])["climbed"].agg(["size", "sum"])
    found = found.rename(columns={"size": "n", "sum": "climbed"}).reset_index()
    return found.assign(share=found["climbed"] / found["n"])


def growth_chances(steps: pd.DataFrame, then: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> pd.DataFrame:
    """Tell how often C accounts that looked like today's pool were S or A a step later, beside the other C accounts.

    Parameters
    ----------
    steps : DataFrame
        As from ``tier_steps``: ``date_before, date, account_id, tier_before, tier``.
    then : DataFrame
        As from ``tiers_then``: ``cutoff, account_id, soil_value`` as it was known at the date.
    few : int
        Accounts below which no share is told.

    Returns
    -------
    DataFrame
        A row for the others and one for the pool, where there were such: ``pool`` (bool), ``n`` (C accounts over all
        steps), ``n_accounts`` (different ones), ``n_top, n_b`` (in S or A, in B a step later), ``days`` (of a step),
        ``share`` that reached S or A with its 80 % interval ``low, high`` (Jeffreys' prior; over accounts, as one
        account at several dates says little more than once). The three are NaN below ``few`` accounts. Card T14.
    """
    if steps.empty or then.empty:
        return pd.DataFrame(columns=list(CHANCES))
    known = then[["cutoff", "account_id", "soil_value"]].rename(columns={"cutoff": "date_before"})
    low = steps[steps["tier_before"] == "C"].merge(known, on=["date_before", "account_id"], validate="one_to_one")
    low["pool"] = low.groupby("date_before")["soil_value"].transform(_is_pool).astype(bool)
    low["top"], low["b"] = low["tier"].isin(_TOP), low["tier"] == "B"
    low["days"] = (low["date"] - low["date_before"]).dt.days
    found = low.groupby("pool").agg(
        n=("account_id", "size"), n_accounts=("account_id", "nunique"), n_top=("top", "sum"), n_b=("b", "sum"),
        days=("days", "max"),
    )  # fmt: skip
    found["share"] = (found["n_top"] / found["n"]).where(found["n_accounts"] >= few)
    found["low"], found["high"] = share_bounds(found["share"], found["n_accounts"])
    return found.reset_index()[list(CHANCES)]


def years_to_top(steps: pd.DataFrame, first_orders: pd.Series, *, few: int = DEFAULTS.small_number) -> dict[str, Any]:
    """Tell how many years after its first order an account usually reaches S or A.

    Only climbs that were seen count: from C or B, and never S or A at a date before. When between two dates it was is
    not known, so it is taken to be halfway.

    Parameters
    ----------
    steps : DataFrame
        As from ``tier_steps``.
    first_orders : Series
        Date of the first order on record by ``account_id``.
    few : int
        Climbs below which nothing is told.

    Returns
    -------
    dict
        ``n`` (climbs seen), ``low, middle, high`` (years: a quarter, half and three quarters of them took no longer),
        ``span`` (years from the first order of all to the last date; NaN without steps), ``told``: ``yes``, or why the
        three are NaN, ``too_few`` (climbs), ``too_short`` (slower ones would not fit twice into the record). Card T14.
    """
    walked = steps.sort_values("date")
    stood = walked["tier_before"].isin(_TOP).groupby(walked["account_id"]).cummax()
    up = walked[walked["tier"].isin(_TOP) & walked["tier_before"].isin(["B", "C"]) & ~stood.astype(bool)]
    began = pd.to_datetime(first_orders)
    span = (steps["date"].max() - began.min()).days / 365.25 if len(steps) else float("nan")
    nothing = {"n": float(len(up)), "span": span} | dict.fromkeys(("low", "middle", "high"), float("nan"))
    if len(up) < few:
        return nothing | {"told": "too_few"}
    halfway = up["date_before"] + (up["date"] - up["date_before"]) / 2
    low, middle, high = ((halfway - up["account_id"].map(began)).dt.days / 365.25).quantile(_QUARTERS)
    if 2 * high > span:
        return nothing | {"told": "too_short"}
    return nothing | {"low": low, "middle": middle, "high": high, "told": "yes"}


def _is_pool(soil: pd.Series) -> pd.Series:
    return (soil.rank(pct=True) > 1 - _POOL) & (soil > soil.clip(lower=0).min())
