"""What comes before money: the signs that an account moves while it brings nothing yet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mcrlib.describe.engagement import tie_knobs
from mcrlib.describe.engine import query


def leading_signs(
    clean: Path,
    as_of: dt.date,
    accounts: pd.DataFrame,
    *,
    weights: Mapping[str, float] | None = None,
    half_life: float = 90.0,
) -> pd.DataFrame:
    """Tell how far each account had come at a date in all that precedes its orders.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen; the support that people are recorded with has no history.
    accounts : DataFrame
        Account features as known at the date: ``account_id, n_contacts, n_activities_12m``.
    weights, half_life
        As for ``engagement``.

    Returns
    -------
    DataFrame
        ``account_id, n_contacts, n_activities_12m, ladder`` (furthest stage of its open deals, 0 none to 5
        negotiation), ``actions_done`` (planned actions done within a year), ``key_bond`` (0-1); NaN where not known.
        Card S9.
    """
    signs = query(clean, "leading", as_of=as_of, **tie_knobs(weights, half_life))
    known = accounts[["account_id", "n_contacts", "n_activities_12m"]]
    return known.merge(signs, on="account_id", how="left", validate="one_to_one")
