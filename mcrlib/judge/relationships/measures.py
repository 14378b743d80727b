"""What every measure of a relationship carries: value, number, coverage, basis, interval and status."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.model.proportions import share_bounds

COLUMNS = ("account_id", "metric", "value", "n", "coverage", "basis", "ci_low", "ci_high", "status")
#: A part of a geometric mean counts at least this much, so that a single zero does not wipe out the rest. Proposed.
FLOOR = 0.02


def share_interval(value: pd.Series, n: pd.Series, *, level: float = 0.80) -> pd.DataFrame:
    """How far a share of few may be off: the interval of Jeffreys.

    Parameters
    ----------
    value : Series
        Share, 0-1.
    n : Series
        How many stand behind it.
    level : float
        Probability of the interval.

    Returns
    -------
    DataFrame
        ``ci_low, ci_high``; empty where the value is, or nobody stands behind it. A mean of values between 0 and 1
        varies less than a share, so the interval is rather too wide for one.
    """
    known = value.notna() & (n > 0)
    low, high = share_bounds(value, n, level=level)
    return pd.DataFrame({"ci_low": low, "ci_high": high}, index=value.index).where(known)


def measure(
    metric: str,
    value: pd.Series,
    *,
    n: pd.Series,
    coverage: pd.Series | float = 1.0,
    basis: pd.Series | str = "recorded",
    interval: pd.DataFrame | None = None,
    enough: float = 0.60,
) -> pd.DataFrame:
    """Write one measure of all accounts down in the form that all have.

    Parameters
    ----------
    metric : str
        Its name.
    value : Series
        Its values by account_id; missing ones stay missing. All other series have the same index.
    n, coverage : Series
        How many stand behind it, and for what share of them the data needed are there.
    basis : Series or str
        ``recorded``, or ``proxy``: behaviour stands in for what is not recorded.
    interval : DataFrame, optional
        ``ci_low, ci_high``; a count as recorded has none.
    enough : float
        Coverage below which it is weak.

    Returns
    -------
    DataFrame
        ``COLUMNS``.
    """
    known = value.notna()
    frame = pd.DataFrame({"metric": metric, "value": value.astype(float)}, index=value.index)
    frame["n"] = n.fillna(0).astype("int64")
    frame["coverage"] = pd.Series(coverage, value.index, dtype=float).fillna(0.0).where(known, 0.0)
    frame["basis"] = pd.Series(basis, index=frame.index, dtype="str").where(known)
    bounds = interval if interval is not None else pd.DataFrame(np.nan, frame.index, ["ci_low", "ci_high"])
    frame[["ci_low", "ci_high"]] = bounds[["ci_low", "ci_high"]].where(known)
    weak = frame["coverage"] < enough
    frame["status"] = np.select([~known, weak], ["not_available", "weak"], default="ok")
    return frame.rename_axis("account_id").reset_index()[list(COLUMNS)]


def values_by_account(measures: pd.DataFrame) -> pd.DataFrame:
    """The values alone: one row per account (the index), one column per metric."""
    return measures.set_index(["account_id", "metric"])["value"].unstack()  # noqa: PD010 - the pair is the key
