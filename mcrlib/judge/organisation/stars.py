"""Ordinary sellers beside the stars, once the difference of their territories is taken out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import metric

Array = np.ndarray
_SIZES, _STARS, _BORROWED, _DRAWS = 3, 0.10, 5, 500


def productivity(accounts: pd.DataFrame) -> pd.DataFrame:
    """Tell what each of ours brings against what accounts like theirs bring with others.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, owner_id, harvest``; ``annual_revenue, employees, market_type`` where known.

    Returns
    -------
    DataFrame
        ``owner_id, n_accounts, gp`` (12 months), ``gp_expected`` (of as many accounts of the same size and market in
        other hands), ``ratio`` (drawn to 1 where few accounts tell: five accounts' worth), the best first.
    """
    held = accounts.dropna(subset=["owner_id"]).assign(gp=lambda frame: frame["harvest"].clip(lower=0))
    field = held.groupby([_size(held), held["market_type"].fillna("")])["gp"]
    own = held.groupby([_size(held), held["market_type"].fillna(""), "owner_id"])["gp"]
    others = field.transform("size") - own.transform("size")
    mean = (field.transform("sum") - own.transform("sum")) / others.where(others > 0)
    held["gp_expected"] = mean.fillna(held["gp"].mean())
    found = held.groupby("owner_id", as_index=False).agg(
        n_accounts=("account_id", "size"), gp=("gp", "sum"), gp_expected=("gp_expected", "sum")
    )
    typical = held["gp"].mean() if len(held) else 0.0
    found["ratio"] = (found["gp"] + _BORROWED * typical) / (found["gp_expected"] + _BORROWED * typical)
    return found.sort_values(["ratio", "owner_id"], ascending=[False, True], ignore_index=True)


def _size(accounts: pd.DataFrame) -> pd.Series:
    """Third of the customers' own size, by revenue, else head count; -1 where neither is known."""
    size = accounts["annual_revenue"].fillna(accounts["employees"])
    if size.notna().sum() < _SIZES:
        return pd.Series(-1, index=accounts.index)
    return (size.rank(pct=True) * _SIZES).apply(np.ceil).fillna(-1).astype(int)


def star_gap(made: pd.DataFrame, *, seed: int = 1) -> dict[str, Any]:
    """Say how far the middle seller comes of the stars, the best tenth (at least one).

    Parameters
    ----------
    made : DataFrame
        From ``productivity``; people with fewer than five accounts are left out.

    Returns
    -------
    dict
        ``star_gap`` as in ``metrics``: median over the mean of the stars, bootstrap over sellers.
    """
    ratio = made.loc[made["n_accounts"] >= _BORROWED, "ratio"].dropna().to_numpy(float)
    if len(ratio) < _SIZES:
        return metric("star_gap", np.nan, 0)
    rng = np.random.default_rng(seed)
    drawn = [_gap(ratio[rng.integers(len(ratio), size=len(ratio))]) for _ in range(_DRAWS)]
    low, high = np.quantile(drawn, [0.05, 0.95])
    return metric("star_gap", _gap(ratio), len(ratio), bounds=(float(low), float(high)))


def _gap(ratio: Array) -> float:
    stars = np.sort(ratio)[-max(1, round(_STARS * len(ratio))) :]
    return float(np.median(ratio) / stars.mean())
