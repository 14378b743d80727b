"""The order history of each account as four numbers, and what makes it impossible."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.describe.columns import taken

Array = NDArray[np.float64]

#: The columns of a history, in the order of an array without names.
COLUMNS = ("frequency", "recency", "T", "log_gaps")


@dataclass(frozen=True)
class Histories:
    """Order histories: one entry per account in each array.

    Parameters
    ----------
    frequency : array
        Orders after the first (order days less one).
    recency, T : array
        Time from the first order to the last one, and to the as-of date; same unit.
    log_gaps : array
        Sum of the logarithms of the times between successive orders; 0 without a repeat.
    """

    frequency: Array
    recency: Array
    T: Array
    log_gaps: Array

    def __len__(self) -> int:
        return len(self.frequency)

    def take(self, rows: Any) -> Histories:
        """The histories of these rows."""
        return Histories(*(getattr(self, field.name)[rows] for field in fields(self)))

    def compressed(self) -> tuple[Histories, Array, NDArray[np.intp]]:
        """The distinct (frequency, recency, T), their log_gaps averaged; how often each occurs; and each row's one.

        ``log_gaps`` enters every likelihood as a plain sum, so its mean over equal rows loses nothing.
        """
        group = np.zeros(len(self), dtype=np.intp)
        for values in (self.frequency, self.recency, self.T):
            distinct, rank = np.unique(values, return_inverse=True)
            _, group = np.unique(group * len(distinct) + rank, return_inverse=True)
        count = np.bincount(group).astype(float)
        first = np.empty(len(count), dtype=np.intp)
        first[group] = np.arange(len(self))
        mean = np.bincount(group, weights=self.log_gaps) / count
        return replace(self.take(first), log_gaps=mean), count, group


def shares(terms: Array) -> tuple[Array, Array]:
    """Logarithm of the sum of the exponentials of each column, and the share of each row in it."""
    top = terms.max(axis=0)
    weights = np.exp(terms - top)
    total = weights.sum(axis=0)
    weights /= total
    return top + np.log(total), weights


def complaints(seen: Histories) -> list[str]:
    """All that makes these rows impossible as order histories, each with how many and the first one."""
    repeats, recency, age = seen.frequency, seen.recency, seen.T
    with np.errstate(invalid="ignore"):
        most = np.where(repeats > 0, repeats * np.log(np.maximum(recency, 1e-300) / np.maximum(repeats, 1)), 0.0)
        rules = {
            "frequency must be a whole number of at least 0": (repeats < 0) | (repeats != np.round(repeats)),
            "recency must lie between 0 and T": (recency < 0) | (recency > age * (1 + 1e-9)),
            "recency must be 0 exactly where frequency is 0": (repeats == 0) != (recency == 0),
            "log_gaps exceeds what gaps that sum to recency can give": seen.log_gaps > most + 1e-6 * (1 + np.abs(most)),
        }
    return [
        f"{rule}: {int(broken.sum())} of {len(broken)} rows, first at position {int(np.argmax(broken))}"
        for rule, broken in rules.items()
        if broken.any()
    ]


def named(X: Any) -> Any:
    """The four columns of a frame that holds more; an array, which has no names, unchanged."""
    return taken(X, COLUMNS) if isinstance(X, pd.DataFrame) else X


def has_ordered(features: pd.DataFrame) -> pd.Series:
    """Which accounts have an order history."""
    return features[list(COLUMNS)].notna().all(axis=1) & (features["n_order_days"] > 0)
