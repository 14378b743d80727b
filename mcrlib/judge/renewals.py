"""Whether the renewal model knew more at earlier dates than the plain share of contracts that were renewed."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from mcrlib.model.bootstrap import BOUNDS, bootstrap_counts
from mcrlib.thresholds import DEFAULTS

_WAYS = {"renewal_model": "model", "same_rate_renewed": "same_rate"}
#: A chance is never taken for certain.
_EDGE = 1e-6
RECORD = [
    "model", "n", "brier", "log_loss", "renewed_expected", "expected_low", "expected_high", "renewed_came",
    "better_low", "better_high",
]  # fmt: skip


def renewal_record(judged: pd.DataFrame, *, few: int = DEFAULTS.small_number, seed: int = 1) -> pd.DataFrame:
    """Measure both ways to foretell renewals against what came.

    Parameters
    ----------
    judged : DataFrame
        As from ``judge_renewals``: ``account_id, own_amount, renewed, model, same_rate``.
    few : int
        Renewals judged below which nothing is claimed.
    seed : int
        Seed of the resamples, over accounts.

    Returns
    -------
    DataFrame
        Two rows: ``model`` (``renewal_model``, ``same_rate_renewed``), ``n`` renewals judged, ``brier`` (mean squared
        error of the chance), ``log_loss``, ``renewed_expected`` (money) with its 80 % interval ``expected_low,
        expected_high``, ``renewed_came`` (money of the terms that were renewed), ``better_low, better_high`` (80 %
        interval of the Brier score of this way less that of the plain share; NaN for the share itself). Without rows
        where fewer than ``few`` renewals are judged.
    """
    if len(judged) < few:
        return pd.DataFrame(columns=RECORD)
    came, money = judged["renewed"].to_numpy(float), judged["own_amount"].to_numpy(float)
    rows = []
    for name, column in _WAYS.items():
        said = judged[column].to_numpy(float).clip(_EDGE, 1 - _EDGE)
        log_loss = -np.log(np.where(came > 0, said, 1 - said)).mean()
        expected, reach = (said * money).sum(), ndtri(BOUNDS[1]) * np.sqrt((said * (1 - said) * money**2).sum())
        better = _better(judged, seed) if column == "model" else (np.nan, np.nan)
        low, high = max(expected - reach, 0.0), min(expected + reach, money.sum())
        rows.append((name, len(judged), ((said - came) ** 2).mean(), log_loss, expected, low, high,
                     (came * money).sum(), *better))  # fmt: skip
    return pd.DataFrame(rows, columns=RECORD)


def share_does_better(record: pd.DataFrame) -> bool:
    """Whether the plain share had the smaller errors by both measures, so that a run takes it."""
    if record.empty:
        return False
    by = record.set_index("model")[["brier", "log_loss"]]
    return bool((by.loc["same_rate_renewed"] < by.loc["renewal_model"]).all())


def _better(judged: pd.DataFrame, seed: int) -> tuple[float, float]:
    errors = judged[["model", "same_rate"]].sub(judged["renewed"], axis=0) ** 2
    more = (errors["model"] - errors["same_rate"]).to_numpy(float)
    accounts, names = pd.factorize(judged["account_id"])
    weights = (counts[accounts] for counts in bootstrap_counts(len(names), seed=seed))
    low, high = np.quantile([(more * weight).sum() / weight.sum() for weight in weights], BOUNDS)
    return float(low), float(high)
