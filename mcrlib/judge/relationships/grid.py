"""How widely we are known at a customer: the grid of levels and functions, and how many people that comes to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.relationships.measures import measure, share_interval, values_by_account
from mcrlib.thresholds import Thresholds

LEVELS = ("exec", "senior", "middle", "base")
FUNCTIONS = ("general_mgmt", "procurement", "technical", "user", "finance", "other")


def general_measures(cells: pd.DataFrame, reached: pd.DataFrame, *, enough: float = 0.60) -> pd.DataFrame:
    """Measure how much of each customer's grid we cover, and by how many people.

    Parameters
    ----------
    cells, reached : DataFrame
        From ``coverage_cells`` and ``reach``.
    enough : float
        Coverage below which a measure is weak.

    Returns
    -------
    DataFrame
        The measures *general* (cells in touch of cells expected, with the interval of a share), *density* (people in
        touch over the logarithm of employees) and *effective_contacts*, one row each per account with contacts (method
        card R4). Coverage of *general* is the share of contacts that stand in a cell; where nothing at all is logged
        there is no value.
    """
    logged = 1.0 if reached["effective"].notna().any() else np.nan
    counted = cells.assign(covered=cells["n_active"] > 0).groupby("account_id")
    sums = counted.agg(covered=("covered", "sum"), expected=("covered", "size"), placed=("n_contacts", "sum"))
    known = reached.set_index("account_id").join(sums)
    share = logged * known["covered"] / known["expected"]
    size = known["employees"].where(known["employees"] > 1).apply(np.log)
    placed, people = known["placed"] / known["n_contacts"], known["n_contacts"]
    bounds = share_interval(share, known["expected"])
    return pd.concat(
        [
            measure("general", share, n=known["expected"], coverage=placed, interval=bounds, enough=enough),
            measure("density", logged * known["n_active"] / size, n=people),
            measure("effective_contacts", known["effective"], n=people),
        ],
        ignore_index=True,
    )


def grid_by_tier(cells: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """Tell cell by cell at how many S and A customers we are in touch.

    Parameters
    ----------
    cells : DataFrame
        From ``coverage_cells``.
    tiers : DataFrame
        ``account_id, tier``.

    Returns
    -------
    DataFrame
        ``level, function, n`` (customers at which the cell is expected), ``covered, known`` (of them in touch, and with
        somebody known), ``share`` (covered of n), in the order of levels and functions. No row where
        nobody is in touch in any cell: nothing was logged.
    """
    cells = cells if cells["n_active"].any() else cells.iloc[:0]
    mine = cells[cells["account_id"].isin(tiers.loc[tiers["tier"].isin(["S", "A"]), "account_id"])]
    flags = mine.assign(covered=mine["n_active"] > 0, known=mine["n_contacts"] > 0)
    found = flags.groupby(["level", "function"]).agg(n=("covered", "size"), covered=("covered", "sum"),
                                                     known=("known", "sum")).reset_index()  # fmt: skip
    order = {name: place for place, name in enumerate((*LEVELS, *FUNCTIONS))}
    found = found.sort_values(["level", "function"], key=lambda names: names.map(order), ignore_index=True)
    return found.assign(share=found["covered"] / found["n"])


def general_by_tier(measures: pd.DataFrame, tiers: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Set the coverage of each tier against what it deserves.

    Parameters
    ----------
    measures : DataFrame
        With *general, density, effective_contacts*.
    tiers : DataFrame
        ``account_id, tier``.
    limits : Thresholds
        ``cells_s, people_s, cells_a, people_a``.

    Returns
    -------
    DataFrame
        ``tier, n_accounts`` (with a value), ``general, effective_contacts, density`` (medians), ``reached`` (share of
        the accounts that reach what S and A deserve; empty for others).
    """
    wide = values_by_account(measures)
    wide = wide.reindex(columns=["general", "effective_contacts", "density"]).dropna(how="all").reset_index()
    known = wide.merge(tiers[["account_id", "tier"]], on="account_id", validate="one_to_one")
    cells = known["tier"].map({"S": limits.cells_s, "A": limits.cells_a}).astype(float)
    people = known["tier"].map({"S": limits.people_s, "A": limits.people_a}).astype(float)
    enough = (known["general"] >= cells) & (known["effective_contacts"] >= people)
    known["reached"] = enough.astype(float).where(known["tier"].isin(["S", "A"]))
    grouped = known.groupby("tier")
    found = grouped[["general", "effective_contacts", "density"]].median()
    found = found.assign(n_accounts=grouped.size(), reached=grouped["reached"].mean())
    found = found.reindex([tier for tier in "SABC" if tier in found.index]).reset_index()
    return found[["tier", "n_accounts", "general", "effective_contacts", "density", "reached"]]
