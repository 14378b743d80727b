"""What service costs us in time, and what waits."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.describe.engine import query


def service_hours(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how often each customer was served in the last year, by whom, and how many minutes the log has for it.

    Returns
    -------
    DataFrame
        One row per account, person of ours and kind: ``account_id, owner_id`` (empty where nobody is named),
        ``activity_type, n_touches, n_timed`` (of them, with a length in the log), ``minutes`` (of those; NaN where none
        has one), ``cost_rate`` (what an hour of the person costs; NaN where not known), ``is_head`` (1, or 0 for
        managers, executives and others whose work is not selling or service), ``year_share`` (part of the year that the
        person was with us), sorted. Card T8.
    """
    return query(clean, "hours", as_of=as_of)


def overdue_cases(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List the customers whose cases wait longer than they should: 1, 3, 7 or 14 days by severity.

    Returns
    -------
    DataFrame
        ``account_id, n_overdue, oldest_days``, sorted by ``account_id``; only customers with such a case. Card T12.
    """
    return query(clean, "overdue", as_of=as_of)
