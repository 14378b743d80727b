"""Soil by what is known of each account, beside the soil that its orders foretell."""

from __future__ import annotations

import numpy as np
import pandas as pd


def soil_gap(masked: pd.DataFrame, soil: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Lay soil by what is known of each account beside the soil that its orders foretell.

    What is known tells how accounts differ; how much a year is worth over the horizon, in gross profit and discounted,
    is taken from the orders: over all customers together both soils are equal.

    Parameters
    ----------
    masked : DataFrame
        ``account_id, masked, masked_low, masked_high`` (revenue of a window), ``speaks_for``.
    soil : DataFrame
        As from ``SoilModel.predict``.
    accounts : DataFrame
        ``account_id, revenue_12m``.

    Returns
    -------
    DataFrame
        One row per account of ``soil``: ``account_id, soil_masked, masked_low, masked_high`` (gross profit over the
        horizon, discounted; the bounds are of the mean of accounts like this one), ``foretold`` (by its orders,
        contracts aside; 0 where there are none), ``soil_gap`` (soil_masked less foretold), ``last_year`` (revenue),
        ``quiet_state`` (never_ordered, silent for 12 months, or buying), ``speaks_for``.
    """
    bought, by_orders = soil["soil_basis"].eq("orders"), soil["soil_value"] - soil.get("contract_value", 0.0)
    own = soil[["account_id"]].assign(foretold=by_orders.where(bought, 0.0), bought=bought)
    table = own.merge(masked, on="account_id", how="left", validate="one_to_one")
    last_year = accounts[["account_id", "revenue_12m"]].rename(columns={"revenue_12m": "last_year"})
    return with_gap(table.merge(last_year, on="account_id", how="left", validate="one_to_one"))


def is_quiet(table: pd.DataFrame) -> pd.Series:
    """Which accounts brought no more revenue in the year before than the middle one of their date (``last_year``)."""
    if "origin" not in table:
        return table["last_year"] <= table["last_year"].median()
    return table["last_year"] <= table.groupby("origin")["last_year"].transform("median")


def with_gap(table: pd.DataFrame) -> pd.DataFrame:
    """The masked soil on the level of what orders foretell, and what lies between."""
    customers = table[table["bought"] & table["masked"].notna()]
    total = customers["masked"].sum()
    worth = customers["foretold"].sum() / total if total > 0 else float("nan")
    bounds = [name for name in ("masked_low", "masked_high") if name in table]
    laid = table.assign(soil_masked=worth * table["masked"], **{name: worth * table[name] for name in bounds})
    state = np.select([~laid["bought"], laid["last_year"] <= 0], ["never_ordered", "silent"], "buying")
    laid = laid.assign(soil_gap=laid["soil_masked"] - laid["foretold"], quiet_state=state)
    return laid.drop(columns=["masked", "bought"])
