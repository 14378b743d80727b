"""What is to come of each strategic entry: fans, chances, and how far earlier fans held."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.patience.break_evens import SHORTEST, breaks_even, first_of, is_filled
from mcrlib.thresholds import DEFAULTS

Array = np.ndarray
_TAILS = (0.1, 0.5, 0.9)


def fans(curves: pd.DataFrame, drawn: Array, *, go: float = 0.60, stop: float = 0.30) -> pd.DataFrame:
    """Spread the cumulative contribution of each entry over the quarters to come, with its gate.

    Parameters
    ----------
    curves : DataFrame
        As from ``contribution_curves``.
    drawn : array
        Contribution of entry (as sorted) × draw × quarter ahead.
    go, stop : float
        As for ``gates``.

    Returns
    -------
    DataFrame
        ``account_id, quarter, low, middle, high`` (80 % of the draws), from the last quarter on record on; ``gate_low,
        gate_high``: what is reached by then with the chances ``go`` and ``stop``. Where the lower one is not negative
        the hole is filled with a chance of at least ``go``, where the higher one is negative with less than ``stop``
        (``chances`` also counts courses that filled it earlier and dug again).
    """
    columns = ["account_id", "quarter", "low", "middle", "high", "gate_low", "gate_high"]
    lasts = curves.groupby("account_id").tail(1).reset_index(drop=True)
    made = []
    for (_, last), paths in zip(lasts.iterrows(), drawn, strict=True):
        total = last.cumulative + np.concatenate([np.zeros((len(paths), 1)), paths.cumsum(axis=1)], axis=1)
        days = pd.period_range(pd.Timestamp(last.quarter), periods=total.shape[1], freq="Q").start_time
        values = (last.account_id, days, *np.quantile(total, (*_TAILS, 1 - go, 1 - stop), axis=0))
        made.append(pd.DataFrame(dict(zip(columns, values, strict=True))))
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=columns)


def chances(curves: pd.DataFrame, drawn: Array, *, rate: float = 0.08) -> pd.DataFrame:
    """Say how likely each entry is to pay for itself within the quarters drawn, and when.

    Parameters
    ----------
    curves, drawn
        As for ``fans``.
    rate : float
        Yearly rate of the discounted curve.

    Returns
    -------
    DataFrame
        ``account_id, is_paid_back`` (nothing is left to fill), ``p_current`` (chance of the current break-even by
        then), ``current_early, current_middle, current_late`` (first quarters by which 10, 50 and 90 % of the draws
        have reached it; empty where fewer do), ``p_payback`` (chance that the hole is filled), ``payback_early,
        payback_middle, payback_late`` (likewise), ``p_discounted`` (the same chance of the discounted curve),
        ``ratio_low, ratio_middle, ratio_high`` (payback ratio that 10, 50 and 90 % of the draws keep below; empty where
        fewer fill the hole), ``worth_expected`` (mean discounted cumulative contribution at the end, at the worth of
        the beginning). Empty for an entry with fewer than eight quarters on record.
    """
    rows = []
    for (account, one), paths in zip(curves.groupby("account_id"), drawn, strict=True):
        past, now = one["contribution"].to_numpy(), float(one["cumulative"].iloc[-1])
        if len(one) < SHORTEST or np.isnan(paths).any():
            rows.append((account, now >= 0, np.nan, *[pd.NaT] * 3, np.nan, *[pd.NaT] * 3, *[np.nan] * 5))
            continue
        first, last = (pd.Period(one["quarter"].iloc[at], "Q") for at in (0, -1))
        whole = np.concatenate([np.tile(past, (len(paths), 1)), paths], axis=1)
        pays = np.maximum.accumulate(breaks_even(whole), axis=1).mean(axis=0)
        filled = (np.maximum.accumulate(now + paths.cumsum(axis=1) >= 0, axis=1) | (now >= 0)).mean(axis=0)
        today = (1 + rate) ** (-(len(one) + np.arange(paths.shape[1]) + 0.5) / 4)
        ends = one["discounted"].iloc[-1] + (paths * today).cumsum(axis=1)
        beyond = float(((ends >= 0).any(axis=1) | (one["discounted"].iloc[-1] >= 0)).mean())
        told = (*_days(pays, first), filled[-1], *_days(filled, last + 1), beyond, *_ratios(whole))
        rows.append((account, now >= 0, pays[-1], *told, float(ends[:, -1].mean())))
    return pd.DataFrame(rows, columns=[*_CHANCES]).astype(_CHANCES)


def _ratios(flows: Array) -> Array:
    """Years to refill over years of digging that each tail of the draws keeps below; NaN where they do not refill."""
    pays, filled = breaks_even(flows), is_filled(flows.cumsum(axis=1))
    dug, refilled = pays.argmax(axis=1), filled.argmax(axis=1)
    reached = pays.any(axis=1) & filled.any(axis=1) & (refilled >= dug)
    ratio = np.where(reached, (refilled - dug) / (dug + 1), np.inf)
    tails = np.quantile(ratio, _TAILS, method="inverted_cdf")
    return np.where(np.isfinite(tails), tails, np.nan)


def _days(share: Array, first: pd.Period) -> list[Any]:
    """Quarters by which the share of draws, from the first quarter on, has passed each tail."""
    return [pd.NaT if (at := first_of(share >= tail)) is None else (first + at).start_time for tail in _TAILS]


_DAY = "datetime64[us]"
_CHANCES = {
    "account_id": "str", "is_paid_back": "bool", "p_current": "float64", "current_early": _DAY, "current_middle": _DAY,
    "current_late": _DAY, "p_payback": "float64", "payback_early": _DAY, "payback_middle": _DAY, "payback_late": _DAY,
    "p_discounted": "float64", "ratio_low": "float64", "ratio_middle": "float64", "ratio_high": "float64",
    "worth_expected": "float64",
}  # fmt: skip


def hindcast(curves: pd.DataFrame, told: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> dict[str, float]:
    """Judge the fans of an earlier date by what came: how many entries ended inside.

    ``curves`` as from ``contribution_curves``, today; ``told`` as from ``fans``, of curves that ended earlier: their
    last quarter that is on record now is judged.

    Returns
    -------
    dict
        ``n`` entries judged, ``inside`` (share between ``low`` and ``high``; NaN below ``few`` entries).
    """
    known = curves[["account_id", "quarter", "cumulative"]]
    came = told.merge(known, on=["account_id", "quarter"], validate="one_to_one")
    last = came.sort_values("quarter").groupby("account_id").tail(1)
    inside = last["cumulative"].between(last["low"], last["high"])
    return {"n": float(len(last)), "inside": float(inside.mean()) if len(last) >= max(few, 1) else float("nan")}
