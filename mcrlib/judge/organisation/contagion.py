"""Does one departure lead to the next: how much likelier people leave in the months after a colleague left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import metric

#: Months in which a departure may draw others after it (card O11).
AFTER = 6
_FEWEST, _MONTH = 5, 30.4375


def contagion(people: pd.DataFrame, as_of: dt.date) -> dict[str, Any]:
    """Tell how many times likelier people leave within half a year of a departure under the same superior.

    Parameters
    ----------
    people : DataFrame
        From ``sellers``: ``manager_id, hired_date, left_date``. The superior is the one on record now.
    as_of : date
        The last day known.

    Returns
    -------
    dict
        ``contagion`` (ratio of the two rates, 90 % interval; 1 is no contagion), n: departures after the first one on
        record; as from ``metric``. Not available with fewer than five, or where one of the two has no months at all.

    Notes
    -----
    Months at risk are counted from the first departure on record: who left before left no trace. Rates with half a
    departure added to each. Method card O11.
    """
    led = people[people["manager_id"].notna()]
    left = pd.to_datetime(led["left_date"])
    if left.notna().sum() <= _FEWEST:
        return metric("contagion", np.nan, 0)
    hired = pd.to_datetime(led["hired_date"])
    start = hired.where(hired > left.min(), left.min())
    end = left.fillna(pd.Timestamp(as_of))
    groups = [group.index for _, group in led.groupby("manager_id")]
    after, at_risk = np.sum([_exposure(start[one], end[one], left[one]) for one in groups], axis=0)
    months = ((end - start).dt.days.clip(lower=0) / _MONTH).sum()
    n = int((left > left.min()).sum())
    if n < _FEWEST or at_risk <= 0 or months - at_risk <= 0:
        return metric("contagion", np.nan, 0)
    near, far = after + 0.5, n - after + 0.5
    ratio = (near / at_risk) / (far / (months - at_risk))
    spread = 1.645 * np.sqrt(1 / near + 1 / far)
    return metric("contagion", float(ratio), n, bounds=(ratio * np.exp(-spread), ratio * np.exp(spread)))


def _exposure(start: pd.Series, end: pd.Series, left: pd.Series) -> tuple[float, float]:
    """Departures soon after a colleague's, and the months of all in which one could have been."""
    window = pd.DateOffset(months=AFTER)
    departures, months = 0.0, 0.0
    for one in left.index:
        others = left.drop(one).dropna().sort_values()
        others = others[(others < end[one]) & (others + window > start[one])]
        until = start[one]
        for day in others:
            ends = min(day + window, end[one])
            months += max(0.0, (ends - max(day, until)).days / _MONTH)
            until = max(until, ends)
        departures += float((others + window >= left[one]).any())
    return departures, months
