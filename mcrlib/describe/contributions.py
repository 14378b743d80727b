"""What each account brought and what it cost, quarter by quarter."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.describe.engine import query


def contributions(clean: Path, as_of: dt.date, *, margin: float = 1.0) -> pd.DataFrame:
    """Tell what every account brought and cost in each quarter.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen.
    margin : float
        Gross profit per revenue where neither profit nor cost of the goods is delivered.

    Returns
    -------
    DataFrame
        ``account_id, quarter`` (first day), ``gp, cost`` (beyond the goods), ``strategic`` (the part of the cost booked
        as strategic); quarters without any have no row. Empty where no costs are delivered: without them there is no
        contribution.
    """
    moves = query(clean, "contributions", as_of=as_of, margin=margin)
    return moves if moves["cost"].any() else moves.iloc[:0]
