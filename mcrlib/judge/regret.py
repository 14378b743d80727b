"""What tiers made with the knowledge of earlier dates held of the profit that then came, and what misses cost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import kendalltau

from mcrlib.model.tiers.table import tier_table
from mcrlib.settings import Settings

Array = NDArray[np.float64]

#: The shortest time that tells anything.
_SHORTEST_DAYS = 84
_RESAMPLES, _BOUNDS = 500, (0.1, 0.9)
#: Ways to choose who gets the effort, with the column that they rank by.
_WAYS = {"kit": "tier", "rule": "tier_rule", "last_year": "revenue_12m", "crm": "tier_crm"}
_RANK = {"S": 3.0, "A": 2.0, "B": 1.0, "C": 0.0}
THEN = (
    "cutoff", "horizon_days", "account_id", "tier", "tier_rule", "tier_crm", "soil_value", "harvest", "revenue_12m",
    "gp",
)  # fmt: skip
COLUMNS = [
    "way", "share", "low", "high", "regret", "hits", "tau", "better_by", "better_low", "better_high", "cutoffs", "n",
]  # fmt: skip
#: The accounts that then brought most, of which ``hits`` tells how many were chosen. Card T2.
_BEST = 0.1


def look_back_dates(as_of: dt.date, span_days: int, n: int = 3) -> list[tuple[dt.date, int]]:
    """The cutoffs to judge tiers at, latest first, each with the days that are then watched.

    A year each, one after the other; shorter where the history does not hold ``n`` years and one to learn from. Empty
    where there is no history to speak of.
    """
    days = min(365, span_days // (n + 1))
    return [(as_of - dt.timedelta(days=days * k), days) for k in range(1, n + 1)] if days >= _SHORTEST_DAYS else []


def tiers_then(
    features_at: Callable[[dt.date], pd.DataFrame],
    soil_at: Callable[[dt.date], pd.DataFrame],
    outcomes_between: Callable[[dt.date, dt.date], pd.DataFrame],
    dates: list[tuple[dt.date, int]],
    settings: Settings,
    *,
    crm_at: Callable[[dt.date], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Make the tiers of earlier dates with what was known then, and put the profit beside them that came.

    Human decisions and whatever has no history are left out. The soil value is that of the kit's base forecast, learned
    at each cutoff anew.

    Parameters
    ----------
    features_at, soil_at, outcomes_between : callable
        ``account_features`` (frozen), their ``base_soil``, and ``account_outcomes``.
    dates : list of (date, int)
        As from ``look_back_dates``.
    settings : Settings
        Quotas, thresholds, horizon, rate.
    crm_at : callable, optional
        ``account_id, tier_crm`` as the CRM had it at a date, where its history is known.

    Returns
    -------
    DataFrame
        One row per cutoff and account with an order up to it: ``cutoff, horizon_days, account_id, tier`` (of the
        groups), ``tier_rule, tier_crm`` (empty where not known), ``soil_value, harvest, revenue_12m`` (then), ``gp``
        (gross profit that came within the horizon).
    """
    found = [
        _then(features_at(date), soil_at(date), outcomes_between, date, days, settings, crm_at) for date, days in dates
    ]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(THEN)).astype({"gp": float})


def tier_regret(then: pd.DataFrame, *, coverage: float = 0.6, seed: int = 1) -> pd.DataFrame:
    """Compare what would have been in S and A by each way of choosing: the same number of accounts for all.

    Parameters
    ----------
    then : DataFrame
        As from ``tiers_then``.
    coverage : float
        Share of accounts whose CRM tier must be known at a cutoff, as S, A, B or C; others are left out for the CRM.
    seed : int
        Seed of the intervals.

    Returns
    -------
    DataFrame
        Best first: ``way`` (``kit, rule, last_year, crm, random, hindsight``), ``share`` of the later gross profit in
        the accounts chosen, over all cutoffs, with its 80 % interval ``low, high`` over accounts; ``regret`` (money per
        cutoff: what the best choice in hindsight held more), ``hits`` (share chosen of the tenth of accounts that then
        brought most), ``tau`` (Kendall, mean over cutoffs), ``better_by``: share of the kit less that of this way on
        the same cutoffs, with ``better_low, better_high``; ``cutoffs, n``. Ties at the edge count in part; a cutoff at
        which nobody is S or A, or no profit came, is left out. Card T2.
    """
    some = then["tier"].isin(["S", "A"]).groupby(then["cutoff"]).transform("any")
    judged = then[some & (then.groupby("cutoff")["gp"].transform("sum") > 0)]
    if judged.empty:
        return pd.DataFrame(columns=COLUMNS)
    chosen = pd.concat([_choose(one) for _, one in judged.groupby("cutoff")]).reindex(judged.index)
    known = judged["tier_crm"].isin(list(_RANK)).groupby(judged["cutoff"]).transform("mean") >= coverage
    rows = [_judge(judged, chosen, str(way), seed) for way in chosen if way != "crm"]
    if known.any():
        rows.append(_judge(judged[known], chosen[known], "crm", seed))
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("share", ascending=False, kind="stable", ignore_index=True)


def _then(
    features: pd.DataFrame,
    soil: pd.DataFrame,
    outcomes_between: Callable[[dt.date, dt.date], pd.DataFrame],
    date: dt.date,
    days: int,
    settings: Settings,
    crm_at: Callable[[dt.date], pd.DataFrame] | None,
) -> pd.DataFrame:
    table = tier_table(features, soil, settings)[["account_id", "tier_cluster", "tier_rule"]]
    came = outcomes_between(date, date + dt.timedelta(days=days))[["account_id", "gp"]]
    crm = crm_at(date)[["account_id", "tier_crm"]] if crm_at else table[["account_id"]].assign(tier_crm=None)
    facts = features.loc[features["n_order_days"] > 0, ["account_id", "harvest", "revenue_12m"]]
    for part in (soil[["account_id", "soil_value"]], table.rename(columns={"tier_cluster": "tier"}), came, crm):
        facts = facts.merge(part, on="account_id", how="left", validate="one_to_one")
    return facts.assign(cutoff=pd.Timestamp(date), horizon_days=days, gp=facts["gp"].fillna(0.0))[list(THEN)]


def _choose(one: pd.DataFrame) -> pd.DataFrame:
    """How much of each account every way chooses: 1, 0, or a part where it ties at the edge."""
    room = float(one["tier"].isin(["S", "A"]).sum())
    values = {way: _number(one[column]) for way, column in _WAYS.items()} | {"hindsight": one["gp"].to_numpy(float)}
    taken = {way: _take(value, room) for way, value in values.items()}
    taken["random"] = np.full(len(one), room / len(one))
    return pd.DataFrame(taken, index=one.index)


def _number(column: pd.Series) -> Array:
    """Tiers as ranks, the highest most; what is not known comes last."""
    ranks = column.map(_RANK) if not pd.api.types.is_numeric_dtype(column) else column
    return np.asarray(ranks.astype(float).fillna(-np.inf), dtype=np.float64)


def _take(value: Array, room: float) -> Array:
    group, size = np.unique(-value, return_inverse=True, return_counts=True)[1:]
    before = np.cumsum(size) - size
    part: Array = np.clip(room - before, 0, size) / size
    return part[group]


def _judge(judged: pd.DataFrame, chosen: pd.DataFrame, way: str, seed: int) -> tuple[object, ...]:
    sums = chosen.mul(judged["gp"], axis=0).assign(total=judged["gp"]).groupby(judged["account_id"]).sum()
    held, kit, best, total = (sums[name].to_numpy(float) for name in (way, "kit", "hindsight", "total"))
    share, better = held.sum() / total.sum(), (kit.sum() - held.sum()) / total.sum()
    drawn = _draw(np.column_stack([held, kit - held, total]), seed)
    low, high = np.quantile(drawn[:, 0] / drawn[:, 2], _BOUNDS)
    better_low, better_high = np.quantile(drawn[:, 1] / drawn[:, 2], _BOUNDS)
    cutoffs = judged["cutoff"].nunique()
    regret = (best.sum() - held.sum()) / cutoffs
    hits, tau = _hits(judged, chosen[way]), _tau(judged, way)
    return (way, share, low, high, regret, hits, tau, better, better_low, better_high, cutoffs, len(sums))


def _draw(columns: Array, seed: int) -> Array:
    """Sums over accounts drawn again; draws in which nothing came are left out."""
    random, n = np.random.default_rng(seed), len(columns)
    sums = np.array([np.bincount(random.integers(n, size=n), minlength=n) @ columns for _ in range(_RESAMPLES)])
    return sums[sums[:, 2] > 0]


def _hits(judged: pd.DataFrame, chosen: pd.Series) -> float:
    found = []
    for _, one in judged.groupby("cutoff"):
        best = _take(one["gp"].to_numpy(float), float(np.ceil(_BEST * len(one))))
        found.append((best * chosen.loc[one.index]).sum() / best.sum())
    return float(np.mean(found))


def _tau(one: pd.DataFrame, way: str) -> float:
    if way in ("random", "hindsight"):
        return 0.0 if way == "random" else 1.0
    taus = [kendalltau(_number(each[_WAYS[way]]), each["gp"]).statistic for _, each in one.groupby("cutoff")]
    return float(np.nanmean(taus)) if np.isfinite(taus).any() else float("nan")
