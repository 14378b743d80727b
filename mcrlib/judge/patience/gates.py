"""At which gate each strategic entry stands: reinforce, review, stop."""

from __future__ import annotations

import numpy as np
import pandas as pd


def gates(
    now: pd.DataFrame,
    before: pd.DataFrame,
    is_rising: pd.Series,
    *,
    go: float = 0.60,
    stop: float = 0.30,
) -> pd.DataFrame:
    """Say at which gate each entry stands: reinforce, review, stop; never stop on one reading, nor on money alone.

    Parameters
    ----------
    now, before : DataFrame
        As from ``chances``, today and a year ago.
    is_rising : Series
        As from ``are_rising``: whether the signs that come before money grew; empty where unknown.
    go, stop : float
        Chance of filling the hole from which to reinforce, and below which, twice running and with flat signs, to stop.

    Returns
    -------
    DataFrame
        ``now`` with ``p_before, is_rising, gate`` (``paid_back``, ``reinforce``, ``review``, ``stop``,
        ``not_available``).
    """
    earlier = before[["account_id", "p_payback"]].rename(columns={"p_payback": "p_before"})
    table = now.merge(earlier, on="account_id", how="left", validate="one_to_one")
    table["is_rising"] = table["account_id"].map(is_rising).astype("boolean")
    chance, flat = table["p_payback"], table["is_rising"].eq(False).fillna(False).astype(bool)
    rules = {
        "not_available": chance.isna(),
        "paid_back": table["is_paid_back"],
        "reinforce": chance >= go,
        "stop": (chance < stop) & (table["p_before"] < stop) & flat,
    }
    return table.assign(gate=np.select(list(rules.values()), list(rules), default="review"))


def are_rising(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Whether more of the signs that come before money grew than fell since a year ago.

    Parameters
    ----------
    now, before : DataFrame
        As from ``leading_signs``, today and as known a year earlier: ``account_id``, and a column for each sign.

    Returns
    -------
    Series
        By ``account_id``; empty where no sign is known at both dates. Card S9.
    """
    both = now.set_index("account_id").astype(float)
    change = both - before.set_index("account_id").astype(float).reindex(both.index)
    rises = (change > 0).sum(axis=1) > (change < 0).sum(axis=1)
    return rises.astype("boolean").where(change.notna().any(axis=1))
