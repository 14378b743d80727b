"""How good the forecasts were: predictions beside what happened, as metrics with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.model.bootstrap import BOUNDS, bootstrap_counts
from mcrlib.model.ranking import among_highest, gini, in_top_share
from mcrlib.thresholds import DEFAULTS

Array = NDArray[np.float64]

#: Accounts named at a time as the best: by value, and as hidden ones.
TOP, WIDER = 0.10, 0.20
COLUMNS = ["model", "target", "metric", "value", "n"]
#: What is judged, by the column that foretells it; ``gp`` is judged by pairs of forecasts only.
_TARGETS = {"orders": "orders_predicted", "revenue": "revenue_predicted", "gp": "gp_predicted"}
_MEASURED = ("orders", "revenue")


@dataclass(frozen=True)
class Verdict:
    """Whether the kit's forecast was better than a plain one, for the sentence on the page.

    Parameters
    ----------
    model, baseline : str
        Who is compared: the kit's forecast, and the best of the plain ones by this metric.
    metric : str
        ``mae`` or ``rmse`` of the target; lower is better.
    target : str
        ``revenue``, ``orders`` or ``gp``.
    model_error, baseline_error : float
        The errors, in money or orders per account.
    better_by : float
        Share of the baseline's error that the kit saves; negative where it loses.
    low, high : float
        80 % interval of the difference of errors, kit minus baseline, over accounts.
    outcome : {"wins", "loses", "undecided", "too_few"}
        Undecided where the interval holds 0; too few where fewer than ``few`` accounts were judged.
    n : int
        Accounts judged.
    """

    model: str
    baseline: str
    target: str
    metric: str
    model_error: float
    baseline_error: float
    better_by: float
    low: float
    high: float
    outcome: str
    n: int


def metrics(judged: pd.DataFrame, *, recent: pd.Series | None = None, tiers: pd.Series | None = None) -> pd.DataFrame:
    """Measure every forecast against what happened.

    Parameters
    ----------
    judged : DataFrame
        ``account_id, model, orders_predicted, revenue_predicted, revenue_low, revenue_high, orders, revenue``, one row
        per account and model, as ``rolling_origins`` and ``judge_at`` of the soil model give; the bounds may be empty.
    recent : Series, optional
        Revenue of the last period by account_id; needed for *gems*: future top accounts outside today's top fifth.
    tiers : Series, optional
        Tier by account_id; interval coverage is then also given per tier.

    Returns
    -------
    DataFrame
        ``model, target, metric, value, n``. Targets: ``orders`` and ``revenue`` per account, ``total`` of all.
        Metrics: ``mae``, ``rmse``, ``bias`` (share of the actual total), ``spearman``, ``gini`` (normalised),
        ``top_10`` and ``top_20`` (share of the actual total in the accounts predicted highest), ``gems_found``,
        ``coverage`` of the 80 % intervals (all, top fifth, lower half, per tier); of the total ``predicted`` and
        ``actual``. A metric that the data do not allow is left out.
    """
    rows: list[tuple[str, str, str, float, int]] = []
    for model, one in judged.groupby("model", sort=True):
        for target in _MEASURED:
            values = _errors(one, target)
            rows += [(str(model), target, metric, value, len(one)) for metric, value in values.items()]
        rows += [(str(model), "revenue", *fact) for fact in _gems(one, recent) + _coverage(one, tiers)]
        totals = {"predicted": one["revenue_predicted"].sum(), "actual": one["revenue"].sum()}
        rows += [(str(model), "total", metric, float(value), len(one)) for metric, value in totals.items()]
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float, "n": int})
    return table[np.isfinite(table["value"])].reset_index(drop=True)


def total_metrics(model: str, total: dict[str, float], actual: float, n: int) -> pd.DataFrame:
    """The portfolio's total with its interval, as rows of the same form as ``metrics``.

    ``total`` holds ``total, low, high``; ``covered`` is 1 where the actual total lies within.
    """
    values = {
        "low": total["low"],
        "high": total["high"],
        "covered": float(total["low"] <= actual <= total["high"]),
    }
    return pd.DataFrame([(model, "total", name, value, n) for name, value in values.items()], columns=COLUMNS)


def more_error(pair: Verdict) -> pd.DataFrame:
    """How much more the other forecast of a comparison erred per account, as rows of the same form as ``metrics``.

    Without its interval where the accounts are too few to tell of chance.
    """
    values = {"mae_more": pair.baseline_error - pair.model_error}
    if pair.outcome != "too_few":
        values |= {"mae_more_low": 0.0 - pair.high, "mae_more_high": 0.0 - pair.low}
    rows = [(pair.baseline, pair.target, name, value, pair.n) for name, value in values.items()]
    return pd.DataFrame(rows, columns=COLUMNS)


def compare(
    judged: pd.DataFrame,
    model: str,
    baseline: str,
    *,
    target: str = "revenue",
    metric: str = "mae",
    few: int = DEFAULTS.small_number,
    seed: int = 1,
) -> Verdict:
    """Say whether one forecast was better than another on the same accounts, and how surely.

    Accounts are drawn again 500 times, with all their origins and both forecasts together, so that what moves both
    forecasts does not count as uncertainty.
    """
    power = {"mae": 1, "rmse": 2}[metric]
    wrong = _paired_errors(judged, target)[[model, baseline]] ** power
    per_account = wrong.assign(judgements=1.0).groupby(level="account_id").sum().to_numpy()

    def errors(weights: Array) -> Array:
        sums = (weights[:, None] * per_account).sum(axis=0)
        return (sums[:2] / sums[2]) ** (1 / power)

    n = len(per_account)
    ours, theirs = (float(error) for error in errors(np.ones(n)))
    drawn = [errors(counts) for counts in bootstrap_counts(n, seed=seed)]
    low, high = (float(bound) for bound in np.quantile([one[0] - one[1] for one in drawn], BOUNDS))
    outcome = "too_few" if n < few else "wins" if high < 0 else "loses" if low > 0 else "undecided"
    saved = 1 - ours / theirs if theirs > 0 else 0.0
    return Verdict(model, baseline, target, metric, ours, theirs, saved, low, high, outcome, n)


def verdict(judged: pd.DataFrame, model: str, *, few: int = DEFAULTS.small_number, seed: int = 1) -> Verdict:
    """Compare a forecast with the best of all others by the mean error of revenue; see ``compare``."""
    errors = _paired_errors(judged, "revenue")
    others = errors.drop(columns=model)
    if others.empty:
        raise ValueError(f"nothing to compare {model!r} with: no other forecast was judged")
    return compare(judged, model, str(others.mean().idxmin()), few=few, seed=seed)


def _paired_errors(judged: pd.DataFrame, target: str) -> pd.DataFrame:
    """Absolute errors: one row per account (and origin), one column per model; only what every model predicted."""
    keys = ["account_id", *(["origin"] if "origin" in judged else [])]
    wrong = judged.assign(wrong=(judged[_TARGETS[target]] - judged[target]).abs())
    return wrong.set_index([*keys, "model"])["wrong"].unstack("model").dropna()  # noqa: PD010 - a key twice must fail


def _errors(one: pd.DataFrame, target: str) -> dict[str, float]:
    actual, predicted = one[target].to_numpy(float), one[_TARGETS[target]].to_numpy(float)
    wrong = predicted - actual
    total, n = actual.sum(), one["account_id"].nunique()
    return {
        "mae": float(np.abs(wrong).mean()),
        "rmse": float(np.sqrt((wrong**2).mean())),
        "bias": float(wrong.sum() / total) if total > 0 else np.nan,
        "spearman": _spearman(actual, predicted),
        "gini": gini(actual, predicted),
        # A part of so few accounts that it is not even one has nobody in it.
        "top_10": _captured(actual, predicted, TOP) if TOP * n >= 1 else np.nan,
        "top_20": _captured(actual, predicted, WIDER) if WIDER * n >= 1 else np.nan,
    }


def _spearman(actual: Array, predicted: Array) -> float:
    ranks = pd.DataFrame({"actual": actual, "predicted": predicted}).rank()
    if (ranks.nunique() < 2).any():
        return np.nan
    return float(np.corrcoef(ranks.to_numpy().T)[0, 1])


def _captured(actual: Array, predicted: Array, share: float) -> float:
    """Share of the actual total in the accounts predicted highest; ties at the edge count in part."""
    if actual.sum() <= 0:
        return np.nan
    return float((actual * among_highest(predicted, share * len(actual))).sum() / actual.sum())


def _gems(one: pd.DataFrame, recent: pd.Series | None) -> list[tuple[str, float, int]]:
    """Of the future top tenth outside today's top fifth, the share among as many hidden accounts predicted highest."""
    if recent is None:
        return []
    today = one["account_id"].map(recent).fillna(0.0)
    hidden, future = one[~in_top_share(today, WIDER)], in_top_share(one["revenue"], TOP)
    gems = hidden[future.reindex(hidden.index) & (hidden["revenue"] > 0)]
    listed = hidden.nlargest(int(future.sum()), "revenue_predicted")
    found = float(gems["account_id"].isin(listed["account_id"]).mean()) if len(gems) else np.nan
    return [("gems_found", found, len(gems))]


def _coverage(one: pd.DataFrame, tiers: pd.Series | None) -> list[tuple[str, float, int]]:
    """Share of accounts whose revenue fell into their interval: all, by predicted value, by tier."""
    bounded = one.dropna(subset=["revenue_low", "revenue_high"]) if "revenue_low" in one else one.iloc[:0]
    if bounded.empty:
        return []
    slack = 1e-9 * bounded["revenue"].abs()
    low, high = bounded["revenue_low"] - slack, bounded["revenue_high"] + slack
    inside = (bounded["revenue"] >= low) & (bounded["revenue"] <= high)
    rank = bounded["revenue_predicted"].rank(pct=True)
    groups: dict[str, pd.Series] = {
        "coverage": rank > 0,
        "coverage_top_20": rank > 1 - WIDER,
        "coverage_bottom_50": rank <= 0.5,
    }
    if tiers is not None:
        tier = bounded["account_id"].map(tiers)
        groups |= {f"coverage_{name}": tier == name for name in sorted(tier.dropna().unique())}
    return [(name, float(inside[who].mean()), int(who.sum())) for name, who in groups.items() if who.any()]
