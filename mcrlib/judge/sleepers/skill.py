"""Whether what is known beside orders ever told what accounts would bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.judge.sleepers.gap import is_quiet
from mcrlib.model.bootstrap import BOUNDS, bootstrap_counts
from mcrlib.model.ranking import gini
from mcrlib.thresholds import DEFAULTS

Array = NDArray[np.float64]

_DRAWS = 200
#: Forecasts judged below which nothing is claimed.
_LEAST = 30
_NAN = float("nan")


@dataclass(frozen=True)
class Skill:
    """Whether soil with the crops masked told anything at earlier dates; intervals hold 80 %, over accounts.

    Parameters
    ----------
    n, origins : int
        Forecasts judged (accounts at all earlier dates), and earlier dates.
    explained, explained_low, explained_high : float
        Share of the deviance around the mean that it explained; negative where the mean was better.
    quiet_order, quiet_low, quiet_high : float
        How well it put the quiet ones, where alone sleepers are sought, in order of what they then brought (``gini``).
    quiet_last_year : float
        The same of last year's revenue.
    """

    n: int
    origins: int
    explained: float = _NAN
    explained_low: float = _NAN
    explained_high: float = _NAN
    quiet_order: float = _NAN
    quiet_low: float = _NAN
    quiet_high: float = _NAN
    quiet_last_year: float = _NAN

    @property
    def beats_mean(self) -> bool:
        """Whether it surely told more than the mean."""
        return self.explained_low > 0

    @property
    def has_signal(self) -> bool:
        """Whether it surely beat the mean, and among the quiet ones chance and, in the middle, last year's revenue."""
        return bool(self.beats_mean and self.quiet_low > 0 and not self.quiet_order < self.quiet_last_year)


def masked_skill(judged: pd.DataFrame, *, few: int = DEFAULTS.small_number, seed: int = 1) -> Skill:
    """Judge soil with the crops masked on earlier dates, beside the mean and last year's revenue.

    Parameters
    ----------
    judged : DataFrame
        As from ``judge_masked``: ``origin, account_id, masked, mean, last_year, revenue``.
    few : int
        Quiet accounts that must have brought something.
    seed : int
        Seed of the resamples; accounts are drawn again with all their dates.

    Returns
    -------
    Skill
        NaN where too little was judged, or too few quiet accounts brought anything; then there is no signal.
    """
    counted = (len(judged), judged["origin"].nunique())
    quiet = is_quiet(judged).to_numpy()
    came = judged["revenue"].clip(lower=0.0).to_numpy(float)
    if len(judged) < _LEAST or judged.loc[quiet & (came > 0), "account_id"].nunique() < few:
        return Skill(*counted)
    said, last_year = judged["masked"].to_numpy(float), judged["last_year"].to_numpy(float)
    ours, means = _deviance(came, said), _deviance(came, judged["mean"].to_numpy(float))

    def measures(weight: Array) -> tuple[float, float]:
        explained = 1 - (weight * ours).sum() / (weight * means).sum()
        return float(explained), gini(came[quiet], said[quiet], weight[quiet])

    account, names = pd.factorize(judged["account_id"])
    drawn = [measures(counts[account]) for counts in bootstrap_counts(len(names), draws=_DRAWS, seed=seed)]
    low, high = np.nanquantile(drawn, BOUNDS, axis=0).tolist()
    explained, order = measures(np.ones(len(judged)))
    by_last_year = gini(came[quiet], last_year[quiet])
    return Skill(*counted, explained, low[0], high[0], order, low[1], high[1], by_last_year)


def _deviance(came: Array, said: Array) -> Array:
    """Tweedie deviance of power 1.5 of each forecast."""
    return 4 * (np.sqrt(came) - np.sqrt(said)) ** 2 / np.sqrt(said)
