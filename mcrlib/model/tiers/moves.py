"""Why an account's value score is another one than last time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.model.tiers.mixture import ValueTiers

_COLUMNS = {
    "account_id": "str", "score_change": "float64", "driver": "str", "driver_before": "float64",
    "driver_now": "float64", "held_before": "str", "seen_before": "str",
}  # fmt: skip


def move_drivers(model: ValueTiers, before: pd.DataFrame | None, values: pd.DataFrame) -> pd.DataFrame:
    """Name for each account what moved its value score most since last time.

    Parameters
    ----------
    model : ValueTiers
        Scores both dates, so that a change is one of the account and not of the borders.
    before : DataFrame, optional
        ``account_id, tier_held, tier_seen`` and the columns of ``values`` as they were.
    values : DataFrame
        As from ``value_matrix``.

    Returns
    -------
    DataFrame
        ``account_id, score_change`` (typical spreads), ``driver`` (the column whose part of the score changed most in
        the direction of the score; none where nothing changed), ``driver_before, driver_now`` (its values),
        ``held_before`` (the tier then, before human decisions; none for an account that had not ordered),
        ``seen_before`` (the tier that the data then said firmly). Accounts of both dates only.
    """
    columns = list(values)
    known = before.set_index("account_id") if before is not None else values.iloc[:0].assign(tier_held=None)
    both = values.index[values.index.isin(known.index)]
    if both.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in _COLUMNS.items()})
    was, now = known.loc[both].reindex(columns=columns).astype(float), values.loc[both]
    parts = model.contributions(now) - model.contributions(was)
    change = parts.sum(axis=1).round(9)
    most = (parts * np.sign(change)[:, None]).argmax(axis=1)
    rows = np.arange(len(both))
    return pd.DataFrame(
        {
            "account_id": both,
            "score_change": change,
            "driver": np.where(change != 0, np.array(columns, dtype=object)[most], None),
            "driver_before": was.to_numpy()[rows, most],
            "driver_now": now.to_numpy()[rows, most],
            "held_before": known.loc[both, "tier_held"].to_numpy(),
            "seen_before": known.loc[both, "tier_seen"].to_numpy(),
        }
    )
