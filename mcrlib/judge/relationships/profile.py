"""The three axes of a relationship, and the stage at which the whole firm stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.relationships.measures import measure, share_interval, values_by_account

AXES = ("key", "general", "organisation")
#: From this value on an axis is built. Proposed.
BUILT = 0.5


def key_measures(parts: pd.DataFrame, reached: pd.DataFrame, *, enough: float = 0.60) -> pd.DataFrame:
    """Measure how far the key persons support us, and with how many of them we are in touch.

    Parameters
    ----------
    parts : DataFrame
        From ``fertility_parts``: the part *key*, support weighted by power in the decision; where no support is
        recorded the share we are in touch with stands in.
    reached : DataFrame
        From ``reach``.
    enough : float
        Coverage below which a measure is weak.

    Returns
    -------
    DataFrame
        The measures *key* and *key_in_touch* (share of the key persons), with the intervals of shares (method card R1).
    """
    key = parts[parts["part"] == "key"].set_index("account_id")
    people = reached[reached["n_key"] > 0].set_index("account_id")
    logged = 1.0 if reached["effective"].notna().any() else np.nan
    touched = logged * people["n_key_active"] / people["n_key"]
    answers = (key["n"] * key["coverage"]).where(key["basis"] == "recorded", key["n"])
    support = measure(
        "key", key["value"], n=key["n"], coverage=key["coverage"], basis=key["basis"],
        interval=share_interval(key["value"], answers), enough=enough,
    )  # fmt: skip
    in_touch = measure("key_in_touch", touched, n=people["n_key"], interval=share_interval(touched, people["n_key"]))
    return pd.concat([support, in_touch], ignore_index=True)


def three_axes(measures: pd.DataFrame) -> pd.DataFrame:
    """Place every customer on the three axes.

    Parameters
    ----------
    measures : DataFrame
        With the measures *key, general, organisation*.

    Returns
    -------
    DataFrame
        ``account_id, key, general, organisation`` (0-1, empty where not known), ``pattern``: which axes are built, such
        as ``key+general`` or ``none``; empty where none is known (method card R11).
    """
    wide = values_by_account(measures[measures["metric"].isin(AXES)])
    wide = wide.reindex(columns=list(AXES))
    built = pd.DataFrame({axis: np.where(wide[axis] >= BUILT, f"+{axis}", "") for axis in AXES}, index=wide.index)
    names = built.sum(axis=1).str.removeprefix("+").replace("", "none").astype("str")
    return wide.assign(pattern=names.where(wide.notna().any(axis=1))).reset_index().rename_axis(columns=None)


def firm_stage(axes: pd.DataFrame, tiers: pd.DataFrame) -> pd.Series:
    """Tell at which of the three stages of the method the firm stands, by its S and A customers.

    Parameters
    ----------
    axes : DataFrame
        From ``three_axes``.
    tiers : DataFrame
        ``account_id, tier``; without any S or A all accounts count.

    Returns
    -------
    Series
        The median on each of the three axes, ``n`` (customers with a value on any) and ``stage``: 1 key persons alone,
        2 people at all levels too, 3 the organisations too, 0 none yet; empty where key or what decides is not known.
    """
    top = tiers.loc[tiers["tier"].isin(["S", "A"]), "account_id"]
    mine = axes[axes["account_id"].isin(top)] if len(top) else axes
    centre = mine[list(AXES)].median()
    stage = 0.0
    for axis in AXES:
        if np.isnan(centre[axis]):
            stage = np.nan
            break
        if centre[axis] < BUILT:
            break
        stage += 1
    return pd.concat([centre, pd.Series({"n": len(mine[list(AXES)].dropna(how="all")), "stage": stage})])


def patterns(axes: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Tell how many customers have which axes built, and how much of the harvest they bring.

    Parameters
    ----------
    axes : DataFrame
        From ``three_axes``.
    accounts : DataFrame
        ``account_id, harvest``.

    Returns
    -------
    DataFrame
        ``pattern, n_accounts, harvest, harvest_share`` (of the accounts with a pattern), most accounts first.
    """
    known = (
        axes[["account_id", "pattern"]]
        .dropna()
        .merge(accounts[["account_id", "harvest"]], on="account_id", validate="one_to_one")
    )
    found = known.groupby("pattern").agg(n_accounts=("account_id", "size"), harvest=("harvest", "sum")).reset_index()
    whole = found["harvest"].sum()
    found["harvest_share"] = found["harvest"] / whole if whole > 0 else np.nan
    return found.sort_values(["n_accounts", "pattern"], ascending=[False, True], ignore_index=True)
