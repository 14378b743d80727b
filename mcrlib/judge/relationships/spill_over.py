"""Whether knowing people at all levels pays: deals won where we were broadly known, against deals where we were not."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Deals of each kind that a stratum needs, and draws of accounts behind the interval.
_LEAST, _DRAWS = 5, 300
COLUMNS = ("axis", "value", "low", "high", "n", "n_strata", "status")


def spill_over(deals: pd.DataFrame, *, level: float = 0.90, seed: int = 1) -> pd.DataFrame:
    """Compare how often we won where we knew more people before the deal was opened, like with like.

    Parameters
    ----------
    deals : DataFrame
        From ``deal_breadth``: breadth is of the half year before the deal, so that the deal itself has no part in it.
    level : float
        Probability of the interval.
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        One row each for ``axis`` *people* and *cells*: ``value`` (difference of the shares won, broad less narrow, in
        points 0-1; broad is above the middle of its stratum), ``low, high`` (over draws of accounts), ``n`` deals,
        ``n_strata``, ``status`` (``pays``, ``costs``, ``unsure``, ``not_available``).

    Notes
    -----
    Method card R12: strata are thirds of the amount by thirds of the number of touches, weighted as by Mantel and
    Haenszel, because good deals attract visits. Observed, not tried out: it shows no cause. Deals of accounts where
    nothing was logged in the half year are left out.
    """
    told = deals[deals["n_touches"] > 0].dropna(subset=["amount"])
    strata = told.assign(
        size=_thirds(told["amount"]), effort=_thirds(told["n_touches"]), won=told["is_won"].astype(float)
    )
    return pd.DataFrame(
        [_axis(strata, axis, column, level, seed) for axis, column in (("people", "n_people"), ("cells", "n_cells"))],
        columns=list(COLUMNS),
    )


def _axis(strata: pd.DataFrame, axis: str, column: str, level: float, seed: int) -> dict[str, object]:
    middle = strata.groupby(["size", "effort"])[column].transform("median")
    compared = strata.assign(broad=strata[column] > middle)
    sizes = compared.groupby(["size", "effort"])["broad"].agg(["sum", "size"])
    large = sizes[(sizes["sum"] >= _LEAST) & (sizes["size"] - sizes["sum"] >= _LEAST)].index
    compared = compared[pd.MultiIndex.from_frame(compared[["size", "effort"]]).isin(large)]
    if compared["account_id"].nunique() < 2:
        return {"axis": axis, "n": len(compared), "n_strata": len(large), "status": "not_available"}
    value = _difference(compared)
    low, high = np.quantile(_drawn(compared, seed), [(1 - level) / 2, (1 + level) / 2])
    status = "pays" if low > 0 else "costs" if high < 0 else "unsure"
    return {
        "axis": axis, "value": value, "low": low, "high": high, "n": len(compared), "n_strata": len(large),
        "status": status,
    }  # fmt: skip


def _drawn(compared: pd.DataFrame, seed: int) -> list[float]:
    """The difference over draws of whole accounts: the deals of one are not independent."""
    rng = np.random.default_rng(seed)
    codes, names = pd.factorize(compared["account_id"], sort=True)
    times = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), _DRAWS)
    found = [_difference(compared, weights=drawn[codes]) for drawn in times]
    return [value for value in found if not np.isnan(value)]


def _difference(compared: pd.DataFrame, *, weights: np.ndarray | None = None) -> float:
    weight = np.ones(len(compared)) if weights is None else weights.astype(float)
    frame = compared[["size", "effort"]].assign(
        a=weight * compared["broad"], b=weight * ~compared["broad"],
        won_a=weight * compared["broad"] * compared["won"], won_b=weight * ~compared["broad"] * compared["won"],
    )  # fmt: skip
    sums = frame.groupby(["size", "effort"]).sum()
    sums = sums[(sums["a"] > 0) & (sums["b"] > 0)]
    pull = sums["a"] * sums["b"] / (sums["a"] + sums["b"])
    gaps = sums["won_a"] / sums["a"] - sums["won_b"] / sums["b"]
    return float((pull * gaps).sum() / pull.sum()) if len(sums) else float("nan")


def _thirds(values: pd.Series) -> pd.Series:
    return (3 * values.rank(pct=True)).round(9).apply(np.ceil).astype("int64")
