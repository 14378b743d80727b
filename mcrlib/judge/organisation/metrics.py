"""One number of a page with what it rests on: how many, how much of it is known, how sure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.model.proportions import share_bounds
from mcrlib.thresholds import DEFAULTS, Thresholds

Array = np.ndarray
#: The columns of every list of metrics.
COLUMNS = ["metric", "value", "low", "high", "n", "coverage", "status"]
_DRAWS = 500
#: Measures with a bound in client.yaml: its name, and whether the measure should reach it at most or at least.
BOUNDS = {
    "uncoordinated": ("uncoordinated", "most"),
    "boss_time": ("boss_time", "most"),
    "star_gap": ("star_share", "least"),
    "contagion": ("contagion", "most"),
    "asked_twice": ("asked_twice", "most"),
}


def metric(
    name: str, value: float, n: int, *, coverage: float = 1.0, bounds: tuple[float, float] = (np.nan, np.nan)
) -> dict[str, Any]:
    """A number with its basis: not available without any observation, weak with few or where much is missing.

    Returns
    -------
    dict
        ``metric, value, low, high`` (90 %), ``n, coverage`` (0 to 1), ``status``. A missing value is never a zero.
    """
    known = n > 0 and not np.isnan(value)
    found = (value, *bounds) if known else (np.nan, np.nan, np.nan)
    status = _status(known, n, coverage, DEFAULTS)
    return dict(zip(COLUMNS, (name, *found, int(n), float(coverage if n else 0.0), status), strict=True))


def _status(known: bool, n: int, coverage: float, limits: Thresholds) -> str:
    is_weak = n < limits.small_number or coverage < limits.coverage
    return "not_available" if not known else "weak" if is_weak else "ok"


def graded(metrics: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """The metrics with their status by ``small_number`` and ``coverage`` of client.yaml."""
    known = metrics["value"].notna()
    facts = zip(known, metrics["n"], metrics["coverage"], strict=True)
    return metrics.assign(status=pd.Series([_status(*one, limits) for one in facts], metrics.index, dtype="str"))


def share(name: str, hits: int, n: int, *, coverage: float = 1.0) -> dict[str, Any]:
    """A share of a count, with its 90 % interval after Jeffreys."""
    if n == 0:
        return metric(name, np.nan, 0)
    low, high = share_bounds(hits / n, n, level=0.90)
    return metric(name, hits / n, n, coverage=coverage, bounds=(float(low), float(high)))


def weighted_share(name: str, value: Array, weight: Array, *, coverage: float = 1.0, seed: int = 1) -> dict[str, Any]:
    """A mean by weight, with its 90 % interval from a bootstrap over the rows."""
    total = weight.sum()
    if len(value) == 0 or total <= 0:
        return metric(name, np.nan, 0)
    rng = np.random.default_rng(seed)
    found = np.empty(_DRAWS)
    for draw in range(_DRAWS):
        chosen = rng.integers(len(value), size=len(value))
        down = weight[chosen].sum()
        found[draw] = (value * weight)[chosen].sum() / down if down > 0 else np.nan
    low, high = np.nanquantile(found, [0.05, 0.95])
    return metric(name, float((value * weight).sum() / total), len(value), coverage=coverage, bounds=(low, high))


def listed(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The metrics as a table: ``metric, value, low, high, n, coverage, status``."""
    return pd.DataFrame(rows, columns=COLUMNS)


def against(metrics: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Hold the measures against their bounds of client.yaml.

    Returns
    -------
    DataFrame
        ``metrics`` with ``bound`` (NaN where there is none), ``side`` (``most``, ``least``) and ``met``: ``yes`` or
        ``no`` where the whole interval says so (without one: the value) and the number is not weak, else ``open``;
        empty where nothing is known. The status is that of ``graded``.
    """
    metrics = graded(metrics, limits)
    named = [BOUNDS.get(str(name), ("", "")) for name in metrics["metric"]]
    bound = np.array([getattr(limits, name) if name else np.nan for name, _ in named], dtype=float)
    sign = np.array([-1.0 if side == "least" else 1.0 for _, side in named])
    ends = [metrics[name].fillna(metrics["value"]).to_numpy(float) * sign for name in ("low", "high")]
    sides = [np.fmax(*ends) <= bound * sign, np.fmin(*ends) > bound * sign]
    weak = metrics["status"].eq("weak").to_numpy()
    met = pd.Series(np.select([weak, *sides], ["open", "yes", "no"], default="open"), metrics.index, dtype="object")
    unknown = np.isnan(bound) | metrics["value"].isna().to_numpy()
    return metrics.assign(bound=bound, side=[side for _, side in named], met=met.mask(unknown))
