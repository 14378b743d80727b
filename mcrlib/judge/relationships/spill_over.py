"""Whether knowing people at all levels pays: deals won where we were broadly known, against deals where we were not."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Deals of each kind that a stratum needs; draws of accounts behind the interval, and its probability.
_LEAST, _DRAWS, _LEVEL = 5, 300, 0.90
COLUMNS = ("axis", "value", "low", "high", "n", "n_strata", "status")


def spill_over(deals: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """Compare how often we won where we knew more people before the deal was opened, like with like.

    Parameters
    ----------
    deals : DataFrame
        From ``deal_breadth``: breadth is of the half year before the deal, so that the deal itself has no part in it.
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        One row each for ``axis`` *people* and *cells*: ``value`` (difference of the shares won, broad less narrow, in
        points 0-1; broad is above the middle of its stratum), ``low, high`` (90 %, over draws of accounts), ``n``
        deals, ``n_strata``, ``status`` (``pays``, ``costs``, ``unsure``, ``not_available``).

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
        [_axis(strata, axis, column, seed) for axis, column in (("people", "n_people"), ("cells", "n_cells"))],
        columns=list(COLUMNS),
    )


def _axis(strata: pd.DataFrame, axis: str, column: str, seed: int) -> dict[str, object]:
    middle = strata.groupby(["size", "effort"])[column].transform("median")
    compared = strata.assign(broad=strata[column] > middle)
    sizes = compared.groupby(["size", "effort"])["broad"].agg(["sum", "size"])
    large = sizes[(sizes["sum"] >= _LEAST) & (sizes["size"] - sizes["sum"] >= _LEAST)].index
    compared = compared[pd.MultiIndex.from_frame(compared[["size", "effort"]]).isin(large)]
    if compared["account_id"].nunique() < 2:
        return {"axis": axis, "n": len(compared), "n_strata": len(large), "status": "not_available"}
    tallies = _tallies(compared)
    value = _differences(tallies, np.ones((1, tallies.shape[1])))[0]
    low, high = np.quantile(_drawn(tallies, seed), [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    status = "pays" if low > 0 else "costs" if high < 0 else "unsure"
    return {
        "axis": axis, "value": value, "low": low, "high": high, "n": len(compared), "n_strata": len(large),
        "status": status,
    }  # fmt: skip


def _tallies(compared: pd.DataFrame) -> np.ndarray:
    """Broad and narrow deals, and those of each that were won, by account and stratum."""
    accounts, names = pd.factorize(compared["account_id"], sort=True)
    strata = compared.groupby(["size", "effort"]).ngroup().to_numpy()
    broad, won = compared["broad"].to_numpy(), compared["won"].to_numpy()
    tallies = np.zeros((4, len(names), strata.max() + 1))
    for tally, counted in zip(tallies, (broad, ~broad, broad * won, ~broad * won), strict=True):
        np.add.at(tally, (accounts, strata), counted)
    return tallies


def _drawn(tallies: np.ndarray, seed: int) -> np.ndarray:
    """The difference over draws of whole accounts: the deals of one are not independent."""
    n = tallies.shape[1]
    found = _differences(tallies, np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), _DRAWS).astype(float))
    return found[~np.isnan(found)]


def _differences(tallies: np.ndarray, times: np.ndarray) -> np.ndarray:
    """The difference when each account counts so many times, one row a draw; NaN where nothing can be compared."""
    broad, narrow, won_broad, won_narrow = times @ tallies
    deals = np.maximum(broad + narrow, 1)
    pull = (broad * narrow / deals).sum(axis=1)
    gaps = ((won_broad * narrow - won_narrow * broad) / deals).sum(axis=1)
    return np.divide(gaps, pull, out=np.full(len(pull), np.nan), where=pull > 0)


def _thirds(values: pd.Series) -> pd.Series:
    return (3 * values.rank(pct=True)).round(9).apply(np.ceil).astype("int64")
