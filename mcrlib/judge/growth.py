"""From small to large: where today's best accounts began, and who in C may grow."""

from __future__ import annotations

import pandas as pd

#: Quarters by which the first year of an account is judged.
_FIRST_QUARTERS = 4
#: The part of C with the highest soil value. Proposed.
_POOL = 0.2


def beginnings(periods: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """Tell how small today's accounts began: their first year beside the first year of all others.

    Parameters
    ----------
    periods : DataFrame
        ``account_id, period`` (first day of a quarter), ``gp`` (money).
    tiers : DataFrame
        ``account_id, tier``.

    Returns
    -------
    DataFrame
        One row per account that ordered, best beginning first: ``account_id, tier, since`` (first quarter),
        ``first_year`` (gross profit of its first four quarters), ``first_rank`` (0-1 among all), ``quarter`` (1: it
        began among the smallest quarter of accounts, 4: among the largest). Card T14.
    """
    since = periods.groupby("account_id")["period"].transform("min")
    opening = periods[periods["period"] < since + pd.DateOffset(months=3 * _FIRST_QUARTERS)]
    first = opening.groupby("account_id").agg(since=("period", "min"), first_year=("gp", "sum")).reset_index()
    first["first_rank"] = first["first_year"].rank(pct=True)
    first["quarter"] = (first["first_rank"] * 4).clip(upper=3.999).astype(int) + 1
    known = first.merge(tiers[["account_id", "tier"]], on="account_id", validate="one_to_one")
    order = ["account_id", "tier", "since", "first_year", "first_rank", "quarter"]
    return known.sort_values(["first_year", "account_id"], ascending=[False, True], ignore_index=True)[order]


def growth_pool(tiers: pd.DataFrame) -> pd.DataFrame:
    """List the C accounts that are worth growing: the fifth of those that ever ordered with the highest soil value.

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


def _is_pool(soil: pd.Series) -> pd.Series:
    return (soil.rank(pct=True) > 1 - _POOL) & (soil > 0)
