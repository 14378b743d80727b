"""How deep each strategic entry dug, and when it paid its way and filled the hole."""

from __future__ import annotations

import numpy as np
import pandas as pd

Array = np.ndarray
#: A year of four quarters must bring nothing less than it costs, and so must the next one: current break-even.
YEAR = 4
#: Quarters on record below which nothing is said of an entry: the year that breaks even, and one that confirms it.
SHORTEST = 2 * YEAR


def break_evens(curves: pd.DataFrame) -> pd.DataFrame:
    """Tell for each entry how deep it dug, and when it paid for itself.

    Parameters
    ----------
    curves : DataFrame
        As from ``contribution_curves``.

    Returns
    -------
    DataFrame
        ``account_id, began, quarters, cumulative, depth`` (lowest cumulative contribution), ``trough`` (its quarter),
        ``current_break_even`` (first quarter whose year up to it costs no more than it brings, and so the year after),
        ``cumulative_break_even`` (first quarter after the hole that has it filled), ``discounted_break_even``,
        ``payback_ratio`` (years to refill over years of digging), ``status``: ``ok``, ``weak`` (older than the costs
        on record), ``not_available`` (fewer than eight quarters on record).
    """
    rows = [_break_even(str(account), one) for account, one in curves.groupby("account_id")]
    return pd.DataFrame(rows, columns=[*_FACTS]).astype(_FACTS)


_FACTS = {
    "account_id": "str", "began": "datetime64[us]", "quarters": "int64", "cumulative": "float64", "depth": "float64",
    "trough": "datetime64[us]", "current_break_even": "datetime64[us]", "cumulative_break_even": "datetime64[us]",
    "discounted_break_even": "datetime64[us]", "payback_ratio": "float64", "status": "str",
}  # fmt: skip


def _break_even(account: str, one: pd.DataFrame) -> tuple[object, ...]:
    quarters = one["quarter"].to_numpy()
    total = one["cumulative"].to_numpy()
    current = first_of(breaks_even(one["contribution"].to_numpy()[None])[0])
    filled, worth = (first_of(is_filled(one[name].to_numpy()[None])[0]) for name in ("cumulative", "discounted"))
    ratio = np.nan
    if filled is not None and current is not None and filled >= current:
        ratio = (filled - current) / (current + 1)
    status = "not_available" if len(one) < SHORTEST else "weak" if one["is_cut"].any() else "ok"
    days = [pd.NaT if i is None else quarters[i] for i in (current, filled, worth)]
    lowest = int(total.argmin())
    return (account, quarters[0], len(one), total[-1], min(total[lowest], 0.0), quarters[lowest], *days, ratio, status)


def first_of(reached: Array) -> int | None:
    """Place of the first that is reached; none where none is."""
    return int(reached.argmax()) if reached.any() else None


def breaks_even(flows: Array) -> Array:
    """Where (rows: paths, columns: quarters) the year up to the quarter and those up to the next four lose nothing."""
    summed = np.cumsum(np.concatenate([np.zeros((len(flows), 1)), flows], axis=1), axis=1)
    well = np.zeros(flows.shape, dtype=bool)
    well[:, YEAR - 1 :] = summed[:, YEAR:] >= summed[:, :-YEAR]
    stays = np.zeros_like(well)
    for start in range(flows.shape[1] - YEAR):
        stays[:, start] = well[:, start : start + YEAR + 1].all(axis=1)
    return stays


def is_filled(total: Array) -> Array:
    """Where the cumulative contribution is not negative any more."""
    return (total >= 0) & (np.minimum.accumulate(total, axis=1) < 0)
