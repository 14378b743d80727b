"""The three axes of a relationship, and the stage at which the whole firm stands."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.relationships.firms import organisation_parts, organisation_score
from mcrlib.judge.relationships.grid import general_measures
from mcrlib.judge.relationships.measures import measure, share_interval, values_by_account
from mcrlib.thresholds import Thresholds

AXES = ("key", "general", "organisation")


def axis_measures(
    parts: pd.DataFrame,
    cells: pd.DataFrame,
    reached: pd.DataFrame,
    firms: pd.DataFrame,
    agreed: pd.DataFrame,
    limits: Thresholds,
    *,
    seed: int = 1,
) -> pd.DataFrame:
    """Measure the three axes of every customer: with key persons, at all levels, between the organisations.

    The one place where they are made: the map of relationships shows them and fertility stands on them.

    Parameters
    ----------
    parts : DataFrame
        From ``fertility_parts``.
    cells, reached, firms, agreed : DataFrame
        From ``coverage_cells``, ``reach``, ``organisations`` and ``agreements``.
    limits : Thresholds
        ``coverage``, below which a measure is weak, and ``trust_years``.
    seed : int
        Seed of the other weights behind the interval of *organisation*.

    Returns
    -------
    DataFrame
        Measures *key, key_in_touch, general, density, effective_contacts, organisation* (cards R1, R4, R6).
    """
    satisfied = parts[parts["part"] == "satisfaction"].set_index("account_id")["value"]
    strength = organisation_parts(firms, agreed, satisfied, long=limits.trust_years)
    return pd.concat(
        [
            key_measures(parts, reached, enough=limits.coverage),
            general_measures(cells, reached, enough=limits.coverage),
            organisation_score(strength, enough=limits.coverage, seed=seed),
        ],
        ignore_index=True,
    )


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


def three_axes(measures: pd.DataFrame, *, built: float = 0.5) -> pd.DataFrame:
    """Place every customer on the three axes.

    Parameters
    ----------
    measures : DataFrame
        With the measures *key, general, organisation*.
    built : float
        Value from which an axis is built.

    Returns
    -------
    DataFrame
        ``account_id, key, general, organisation`` (0-1, empty where not known), ``pattern``: which axes are built, such
        as ``key+general`` or ``none``; empty where none is known (method card R11).
    """
    wide = values_by_account(measures[measures["metric"].isin(AXES)])
    wide = wide.reindex(columns=list(AXES))
    axes = pd.DataFrame({axis: np.where(wide[axis] >= built, f"+{axis}", "") for axis in AXES}, index=wide.index)
    names = axes.sum(axis=1).str.removeprefix("+").replace("", "none").astype("str")
    return wide.assign(pattern=names.where(wide.notna().any(axis=1))).reset_index().rename_axis(columns=None)


def firm_stage(axes: pd.DataFrame, tiers: pd.DataFrame, *, built: float = 0.5) -> pd.Series:
    """Tell at which of the three stages of the method the firm stands, by its S and A customers.

    Parameters
    ----------
    axes : DataFrame
        From ``three_axes``.
    tiers : DataFrame
        ``account_id, tier``; without any S or A all accounts count.
    built : float
        Value from which an axis is built.

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
        if centre[axis] < built:
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
        ``pattern, n_accounts, harvest, harvest_share`` (of the accounts with a pattern; NaN beside a
        loss), most accounts first.
    """
    known = (
        axes[["account_id", "pattern"]]
        .dropna()
        .merge(accounts[["account_id", "harvest"]], on="account_id", validate="one_to_one")
    )
    found = known.groupby("pattern").agg(n_accounts=("account_id", "size"), harvest=("harvest", "sum")).reset_index()
    whole = 0.0 if (found["harvest"] < 0).any() else found["harvest"].sum()
    found["harvest_share"] = found["harvest"] / whole if whole > 0 else np.nan
    return found.sort_values(["n_accounts", "pattern"], ascending=[False, True], ignore_index=True)
