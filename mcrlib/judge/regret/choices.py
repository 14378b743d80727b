"""Who would have been chosen by each way, and what the first of each order held."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.judge.regret.past import RANK
from mcrlib.model.ranking import among_highest
from mcrlib.settings import Thresholds

Array = NDArray[np.float64]

#: Ways to choose who gets the effort, with the column that orders the accounts by it.
WAYS = {
    "kit": "score", "rule": "tier_rule", "clusters": "tier_cluster", "last_year": "revenue_12m", "crm": "tier_crm",
    "hindsight": "gp",
}  # fmt: skip
GAIN = {"way": "str", "accounts_share": "float64", "profit_share": "float64"}
#: Points of a gain curve.
_POINTS = 41


def gain_curves(then: pd.DataFrame, thresholds: Thresholds | None = None) -> pd.DataFrame:
    """Tell how much of the later profit one holds who looks after the first accounts in the order of each way.

    Parameters
    ----------
    then : DataFrame
        As from ``tiers_then``.
    thresholds : Thresholds, optional
        ``coverage``, as for ``tier_regret``.

    Returns
    -------
    DataFrame
        Of the longest watch: ``way`` (``kit, last_year, crm`` where it is known, ``hindsight``), ``accounts_share`` (0
        to 1), ``profit_share`` over all cutoffs; of accounts that tie, each counts as their mean. Card T2.
    """
    shares, found = np.linspace(0.0, 1.0, _POINTS), []
    for judged in watches(then)[-1:]:
        known = judged[crm_known(judged, (thresholds or Thresholds()).coverage)]
        orders = {"kit": judged, "last_year": judged, "crm": known, "hindsight": judged}
        for way, of in orders.items():
            dates = [_gained(one, way, shares) for _, one in of.groupby("cutoff")]
            if dates:
                gained = np.sum(dates, axis=0) / of["gp"].sum()
                found.append(pd.DataFrame({"way": way, "accounts_share": shares, "profit_share": gained}))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(GAIN)).astype(GAIN)


def watches(then: pd.DataFrame) -> list[pd.DataFrame]:
    """What can be judged: all cutoffs watched for one horizon, then those that were watched for two.

    Returns
    -------
    list of DataFrame
        Rows of ``then`` with ``days`` watched and the ``gp`` that came within them; without the cutoffs at which nobody
        was S or A or no profit came, and without a watch of which none is left.
    """
    longer = then[then["gp_twice"].notna()]
    both = [
        then.assign(days=then["horizon_days"]),
        longer.assign(days=2 * longer["horizon_days"], gp=longer["gp_twice"]),
    ]
    return [one for one in map(_judgeable, both) if len(one)]


def crm_known(judged: pd.DataFrame, coverage: float) -> pd.Series:
    """Which rows are of a cutoff at which the CRM's S, A, B or C is known of enough accounts."""
    return judged["tier_crm"].isin(list(RANK)).groupby(judged["cutoff"]).transform("mean") >= coverage


def choose(judged: pd.DataFrame, top: float) -> pd.DataFrame:
    """Tell how much of each account every way chooses: 1, 0, or a part where it ties at the edge.

    Returns
    -------
    DataFrame
        In the order of ``judged``: a column for each way, and ``fifth`` (the best in hindsight, as many as the share
        ``top`` of the accounts). Of groups and rule only the one that does not decide stands beside ``kit``.
    """
    beside = "clusters" if (judged["tier"] == judged["tier_rule"]).all() else "rule"
    chosen = [
        _choose_at(one, ["kit", beside, "last_year", "crm", "hindsight"], top) for _, one in judged.groupby("cutoff")
    ]
    return pd.concat(chosen).reindex(judged.index)


def as_number(column: pd.Series) -> Array:
    """Tiers as ranks, the highest most; what is not known comes last."""
    ranks = column.map(RANK) if not pd.api.types.is_numeric_dtype(column) else column
    return np.asarray(ranks.astype(float).fillna(-np.inf), dtype=np.float64)


def _judgeable(watched: pd.DataFrame) -> pd.DataFrame:
    some = watched["tier"].isin(["S", "A"]).groupby(watched["cutoff"]).transform("any")
    came = watched.groupby("cutoff")["gp"].transform("sum") > 0
    return watched[some & came].reset_index(drop=True)


def _choose_at(one: pd.DataFrame, ways: list[str], top: float) -> pd.DataFrame:
    room = float(one["tier"].isin(["S", "A"]).sum())
    taken = {way: among_highest(as_number(one[WAYS[way]]), room) for way in ways}
    taken["random"] = np.full(len(one), room / len(one))
    taken["fifth"] = among_highest(one["gp"].to_numpy(float), top * len(one))
    return pd.DataFrame(taken, index=one.index)


def _gained(one: pd.DataFrame, way: str, shares: Array) -> Array:
    """Gross profit of the first accounts of one date in the order of a way."""
    group, size = np.unique(-as_number(one[WAYS[way]]), return_inverse=True, return_counts=True)[1:]
    brought = np.bincount(group, one["gp"].to_numpy(float))
    sums: Array = np.interp(shares * len(one), np.append(0, np.cumsum(size)), np.append(0.0, np.cumsum(brought)))
    return sums
