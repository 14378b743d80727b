"""How strong every tie is, who logs what, and what else the rows tell of fertility: key persons, service, risk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError

from mcrlib.describe.engine import query
from mcrlib.errors import UsageError
from mcrlib.thresholds import ActivityWeights

#: In the order of the method; breadth and organisations stand in ``relationships``.
PARTS = ("key", "service", "delivery", "satisfaction", "risk")


def engagement(
    clean: Path,
    as_of: dt.date,
    *,
    weights: Mapping[str, float] | None = None,
    half_life: float = 90.0,
) -> pd.DataFrame:
    """Tell how strongly each of their people is tied to each of ours at a date.

    Every touch counts by its kind, half if it went out only, and half as much after every half-life; planned and
    cancelled activities, notes and machines are no touch.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen.
    weights : mapping, optional
        Kind of activity: what one touch counts; kinds that are left out keep the proposed weight (``ActivityWeights``),
        ``out`` is the factor of what went out only. ``settings.activity_weights.model_dump()`` is the client's own.
    half_life : float
        Days.

    Returns
    -------
    DataFrame
        ``account_id, contact_id`` (empty where nobody of theirs was named: effort, not breadth), ``owner_id,
        engagement, n_touches, last_date, is_two_way`` (an answer within 180 days), sorted by the three ids. No row
        means that nothing was logged, which is not the same as no relationship: see ``logging_by_month``.

    Notes
    -----
    Feature cards section 0: E = sum of type weight x direction weight x 2^(-age/half-life).
    """
    return query(clean, "engagement", as_of=as_of, **tie_knobs(weights, half_life))


def tie_knobs(weights: Mapping[str, float] | None = None, half_life: float = 90.0) -> dict[str, Any]:
    """What the written questions about ties ask for: every weight, checked, and the half-life.

    Raises
    ------
    UsageError
        A kind of activity that is not known, or a weight outside its bounds.
    """
    try:
        whole = ActivityWeights(**(weights or {})).model_dump()
    except ValidationError as error:
        raise UsageError(f"weights of activities: {error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}") from error
    return {f"weight_{kind}": float(weight) for kind, weight in whole.items()} | {"half_life": float(half_life)}


def logging_by_month(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell of every holder and month at how many of the accounts held anything was logged.

    Returns
    -------
    DataFrame
        ``owner_id, month`` (first day; of 24 months, those in which anybody logged), ``n_accounts`` (held at the end
        of the month), ``n_logged`` (of them, with a touch by the holder in the month), ``share`` (0-1); sorted.
        A holder who logs nothing stands here with zeros: that is a gap of the log, not of the relationship.
    """
    return query(clean, "logging", as_of=as_of, frozen=False)


def fertility_parts(
    clean: Path,
    as_of: dt.date,
    *,
    coverage: float = 0.60,
    weights: Mapping[str, float] | None = None,
    half_life: float = 90.0,
) -> pd.DataFrame:
    """Tell for every customer what the data show of its relationship, part by part.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen. Support of contacts and status of contracts have no history: they are the export's.
    coverage : float
        Share of filled data below which a part is weak.
    weights, half_life
        As for ``engagement``.

    Returns
    -------
    DataFrame
        Five rows per account (``PARTS``), sorted by ``account_id`` and the order of the method: ``account_id, part,
        value`` (0 to 1, NaN where the data do not tell), ``n`` (persons, cases, orders or answers behind it),
        ``coverage`` (share of them with the data needed), ``basis`` (``recorded``, or ``proxy``: behaviour stands in),
        ``status`` (``ok``, ``weak``,
        ``not_available``). A missing value is never a zero.
    """
    names = query(clean, "names")["account_id"]
    grid = pd.MultiIndex.from_product([names, PARTS], names=["account_id", "part"])
    asked = query(clean, "fertility", as_of=as_of, frozen=False, **tie_knobs(weights, half_life))
    found = asked.set_index(["account_id", "part"]).reindex(grid).reset_index()
    found["n"] = found["n"].fillna(0).astype("int64")
    found["coverage"] = found["coverage"].fillna(0.0)
    known = found["value"].notna()
    found["status"] = np.select([~known, found["coverage"] < coverage], ["not_available", "weak"], default="ok")
    return found
