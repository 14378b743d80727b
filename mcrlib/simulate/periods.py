"""The quarters of the simulated window, and the way from the time in quarters to calendar days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

Array = np.ndarray
_BEFORE, _AFTER = 60, 12


@dataclass(frozen=True)
class Quarters:
    """Quarters 0 … count-1 end with ``end``; time is counted in quarters from the start of quarter 0."""

    end: dt.date
    count: int

    @cached_property
    def _edges(self) -> Array:
        close = pd.Timestamp(self.end) + pd.Timedelta(days=1)
        steps = range(-self.count - _BEFORE, _AFTER + 1)
        return np.array([close + pd.DateOffset(months=3 * step) for step in steps], dtype="datetime64[D]")

    @property
    def starts(self) -> Array:
        """First day of each quarter."""
        return self._edges[_BEFORE : _BEFORE + self.count]

    def day(self, time: Array) -> Array:
        """Calendar day of a time in quarters; not-a-number gives no date."""
        known = np.isfinite(time)
        place = np.where(known, time, 0.0) + _BEFORE
        number = np.interp(place, np.arange(len(self._edges)), self._edges.astype("int64"))
        # A hair is added so that a time that is an edge falls on the edge's day and not the day before.
        days = np.floor(number + 1e-7).astype("int64").astype("datetime64[D]")
        return np.where(known, days, np.datetime64("NaT", "D"))

    def workday(self, time: Array) -> Array:
        """The day, weekends moved to the Friday before, never before the window."""
        day = self.day(time)
        weekday = (day.astype("int64") + 3) % 7
        back = np.where(np.isnat(day), 0, np.clip(weekday - 4, 0, 2))
        return np.where(day < self.starts[0], day, np.maximum(day - back.astype("timedelta64[D]"), self.starts[0]))

    def season(self, quarters: Array) -> Array:
        """Calendar quarter 0 … 3 in which the middle of each quarter lies."""
        months = self.day(np.asarray(quarters) + 0.5).astype("datetime64[M]").astype("int64") % 12
        return months // 3


SEASON = np.array([0.85, 1.0, 1.0, 1.15])


def to_dates(days: Array) -> pd.Series:
    """A date column for a table."""
    return pd.Series(days.astype("datetime64[us]"))


def running_number(counts: Array) -> Array:
    """0, 1, 2 … within each group, for groups of these sizes laid end to end."""
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return np.arange(int(counts.sum())) - starts


def make_ids(prefix: str, count: int, width: int = 4) -> pd.Series:
    """Keys such as ``A0001``, wide enough that their order is the order of the rows."""
    width = max(width, len(str(count)))
    return prefix + pd.Series(np.arange(1, count + 1)).astype("str").str.zfill(width)
