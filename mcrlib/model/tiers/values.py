"""What a customer's value is judged by."""

from __future__ import annotations

import pandas as pd

#: What the value score is made of, with its weights. Proposed.
WEIGHTS = {
    "harvest": 1.0,
    "soil_value": 1.0,
    "growth": 0.25,
    "n_product_lines": 0.25,
    "n_contacts": 0.25,
    "n_functions": 0.25,
}
#: Days of record that growth from one year to the next needs.
_TWO_YEARS = 730


def value_matrix(features: pd.DataFrame, soil: pd.DataFrame) -> pd.DataFrame:
    """Put together what a customer's value is judged by.

    Parameters
    ----------
    features : DataFrame
        As from ``account_features``.
    soil : DataFrame
        ``account_id, soil_value``.

    Returns
    -------
    DataFrame
        Indexed by ``account_id``: ``harvest, soil_value, growth`` (change of harvest over the year before, -1 to 1) and
        the breadth ``n_product_lines, n_contacts, n_functions``. Columns that nobody delivered are left out, and growth
        where no record goes back two years: without all of the year before, everybody would seem to grow.
    """
    joined = features.merge(soil[["account_id", "soil_value"]], on="account_id", validate="one_to_one")
    both = joined["harvest"].abs() + joined["harvest_previous"].abs()
    known = (both > 0) & (joined["T"].max() >= _TWO_YEARS)
    joined["growth"] = (joined["harvest"] - joined["harvest_previous"]) / both.where(known)
    return joined.set_index("account_id")[list(WEIGHTS)].astype(float).dropna(axis=1, how="all")
