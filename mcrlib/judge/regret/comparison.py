"""Ways to choose S and A against each other: profit held, ranks, and whether a difference is more than chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import kendalltau

from mcrlib.judge.regret.choices import WAYS, Array, as_number, choose, crm_known, watches
from mcrlib.model.bootstrap import BOUNDS, bootstrap_counts
from mcrlib.model.ranking import among_highest
from mcrlib.settings import Thresholds

COLUMNS = [
    "days", "way", "accounts_share", "share", "low", "high", "regret", "regret_fifth", "hits", "tau",
    "better_by", "better_low", "better_high", "tau_by", "tau_low", "tau_high", "beats_lot", "outcome",
    "largest_account", "cutoffs", "n",
]  # fmt: skip
_RESAMPLES = 500
#: Either of two measures may tell that one way is better, so each may err but once in twenty on a side.
_SURELY = (0.05, 0.95)
#: Accounts whose pairs are drawn again; a difference of ranks that only more would show is too small to matter.
_PAIRED = 1_000
#: The accounts that then brought most, of which ``hits`` tells how many were chosen. Card T2.
_BEST = 0.1
#: Agreement of ranks that needs no counting.
_TAUS = {"random": 0.0, "hindsight": 1.0}


def tier_regret(then: pd.DataFrame, thresholds: Thresholds | None = None, *, seed: int = 1) -> pd.DataFrame:
    """Compare what would have been in S and A by each way of choosing: the same number of accounts for all.

    Parameters
    ----------
    then : DataFrame
        As from ``tiers_then``.
    thresholds : Thresholds, optional
        ``coverage``: share of accounts whose CRM tier must be known at a cutoff, as S, A, B or C (others are left out
        for the CRM); ``top_accounts_share``; ``small_number``: of fewer accounts it is not said which way is better.
    seed : int
        Seed of the intervals.

    Returns
    -------
    DataFrame
        The longer watch before the shorter, in each the best first: ``days`` watched after a cutoff, ``way`` (``kit``;
        ``rule`` or ``clusters``, whichever does not decide; ``last_year, crm, random, hindsight``), ``accounts_share``
        chosen, ``share`` of the later gross profit in them, over all cutoffs, with its 80 % interval ``low, high`` over
        accounts; ``regret`` (money per cutoff: what the best choice of as many in hindsight held more),
        ``regret_fifth`` (what the best fifth in hindsight held more), ``hits`` (share chosen of the tenth of accounts
        that then brought most), ``tau`` (Kendall's, of the whole order, mean over cutoffs); ``better_by, tau_by``:
        share and tau of the kit less those of this way on the same cutoffs, with 90 % intervals from the same draws of
        accounts, ``better_low, better_high, tau_low, tau_high``; ``beats_lot`` (whether the way held more than a choice
        by lot beyond chance, or ordered better); ``outcome`` of the kit against this way: ``better``
        (beyond chance on either measure), ``worse``, ``mixed`` (better on one, worse on the other), ``alike`` (neither
        beyond chance), ``too_few``; ``largest_account`` (share of the later gross profit that one account brought);
        ``cutoffs, n`` (accounts). Ties at the edge count in part; a cutoff at which nobody
        is S or A, or no profit came, is left out. Card T2.
    """
    limits, rows = thresholds or Thresholds(), list[dict[str, Any]]()
    for judged in watches(then):
        chosen = choose(judged, limits.top_accounts_share)
        plain = [str(way) for way in chosen if way not in ("crm", "fifth")]
        known = crm_known(judged, limits.coverage)
        rows += _compare(judged, chosen, plain, seed)
        rows += _compare(judged[known], chosen[known], ["kit", "crm", "random"], seed)[1:2] if known.any() else []
    for row in rows:
        row["outcome"] = _outcome(row) if row["n"] >= limits.small_number else "too_few"
    found = pd.DataFrame(rows, columns=COLUMNS)
    return found.sort_values(["days", "share"], ascending=[False, False], kind="stable", ignore_index=True)


def _compare(judged: pd.DataFrame, chosen: pd.DataFrame, ways: list[str], seed: int) -> list[dict[str, Any]]:
    """One row for each way; the kit is the first."""
    sums = chosen.mul(judged["gp"], axis=0).assign(total=judged["gp"]).groupby(judged["account_id"]).sum()
    held, cutoffs = sums.sum(), judged["cutoff"].nunique()
    shares, taus = _draw_shares(sums[[*ways, "total"]], seed), _draw_taus(judged, ways, seed)
    tau = {way: _tau(judged, way) for way in ways}
    lot, rows = ways.index("random"), []
    for place, way in enumerate(ways):
        beats = [_bounds(drawn[:, place] - drawn[:, lot], _SURELY)[0] > 0 for drawn in (shares, taus)]
        low, high = _bounds(shares[:, place], BOUNDS)
        better_low, better_high = _bounds(shares[:, 0] - shares[:, place], _SURELY)
        tau_low, tau_high = _bounds(taus[:, 0] - taus[:, place], _SURELY)
        rows.append({
            "days": judged["days"].iloc[0], "way": way, "accounts_share": chosen[way].mean(),
            "share": held[way] / held["total"], "low": low, "high": high,
            "regret": (held["hindsight"] - held[way]) / cutoffs,
            "regret_fifth": (held["fifth"] - held[way]) / cutoffs,
            "hits": _hits(judged, chosen[way]), "tau": tau[way],
            "better_by": (held["kit"] - held[way]) / held["total"], "better_low": better_low,
            "better_high": better_high, "tau_by": tau["kit"] - tau[way], "tau_low": tau_low, "tau_high": tau_high,
            "beats_lot": any(beats), "largest_account": sums["total"].max() / held["total"],
            "cutoffs": cutoffs, "n": len(sums),
        })  # fmt: skip
    return rows


def _outcome(row: dict[str, Any]) -> str | None:
    """What the intervals say of the kit against a way; nothing of the kit itself and of what only hindsight knows."""
    if row["way"] in ("kit", "hindsight"):
        return None
    better = row["better_low"] > 0 or row["tau_low"] > 0
    worse = row["better_high"] < 0 or row["tau_high"] < 0
    return "mixed" if better and worse else "better" if better else "worse" if worse else "alike"


def _draw_shares(sums: pd.DataFrame, seed: int) -> Array:
    """Shares of the total over accounts drawn again, a column per way; draws in which nothing came are left out."""
    columns = sums.to_numpy(float)
    drawn = np.array([counts @ columns for counts in bootstrap_counts(len(sums), draws=_RESAMPLES, seed=seed)])
    drawn = drawn[drawn[:, -1] > 0]
    return np.asarray(drawn[:, :-1] / drawn[:, -1:])


def _draw_taus(judged: pd.DataFrame, ways: list[str], seed: int) -> Array:
    """Kendall's tau-b over accounts drawn again, a column per way, mean over cutoffs; NaN where all tie."""
    random, ids = np.random.default_rng(seed), np.sort(judged["account_id"].unique())
    ids = ids if len(ids) <= _PAIRED else np.sort(random.choice(ids, _PAIRED, replace=False))
    drawn = random.multinomial(len(ids), np.full(len(ids), 1 / len(ids)), size=_RESAMPLES).astype(np.float32)
    dates = []
    for _, one in judged[judged["account_id"].isin(ids)].groupby("cutoff"):
        weights, came = drawn[:, np.searchsorted(ids, one["account_id"])], _signs(one["gp"])
        apart = _pairs(weights, np.abs(came))
        dates.append([_draw_tau(weights, one, way, came, apart) for way in ways])
    known = np.isfinite(dates).sum(axis=0)
    means = np.divide(np.nansum(dates, axis=0), known, out=np.full(known.shape, np.nan), where=known > 0)
    return np.asarray(means.T)


def _draw_tau(weights: Any, one: pd.DataFrame, way: str, came: Any, apart: Array) -> Array:
    if way in _TAUS:
        return np.full(len(apart), _TAUS[way])
    order = _signs(one[WAYS[way]])
    both = np.sqrt(_pairs(weights, np.abs(order)) * apart)
    return np.divide(_pairs(weights, order * came), both, out=np.full(len(both), np.nan), where=both > 0)


def _pairs(weights: Any, signs: Any) -> Array:
    """Sums over pairs in each draw; of whole numbers below 2 to the power of 24, so they are exact in any order."""
    return np.asarray(((weights @ signs) * weights).sum(axis=1), dtype=np.float64)


def _signs(column: pd.Series) -> Any:
    rank = np.unique(as_number(column), return_inverse=True)[1]
    return np.sign(rank[:, None] - rank).astype(np.float32)


def _bounds(drawn: Array, at: tuple[float, float]) -> tuple[float, float]:
    known = drawn[np.isfinite(drawn)]
    low, high = np.quantile(known, at) if len(known) else (np.nan, np.nan)
    return float(low), float(high)


def _hits(judged: pd.DataFrame, chosen: pd.Series) -> float:
    found = []
    for _, one in judged.groupby("cutoff"):
        best = among_highest(one["gp"].to_numpy(float), float(np.ceil(_BEST * len(one))))
        found.append((best * chosen.loc[one.index]).sum() / best.sum())
    return float(np.mean(found))


def _tau(judged: pd.DataFrame, way: str) -> float:
    if way in _TAUS:
        return _TAUS[way]
    taus = [kendalltau(as_number(one[WAYS[way]]), one["gp"]).statistic for _, one in judged.groupby("cutoff")]
    return float(np.nanmean(taus)) if np.isfinite(taus).any() else float("nan")
