"""The four symptoms of elite selling: dependence, the boss, personal brands, an unsteady business and team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import COLUMNS, listed, metric, share

Array = np.ndarray
#: An account counts as held by a person from this share on; below it by the organisation. Proposed.
MOSTLY = 0.5
_QUARTERS, _FEWEST = 8, 5


def symptoms(
    known: Mapping[str, pd.DataFrame], ties: pd.DataFrame, unsteady: dict[str, Any], loss: dict[str, Any]
) -> pd.DataFrame:
    """Put the four symptoms beside each other.

    Parameters
    ----------
    known : mapping
        ``dependence`` (with ``held_alone``) and ``people`` (with ``boss_held``), as from ``metrics``.
    ties : DataFrame
        From ``personal_ties``.
    unsteady, loss : dict
        From ``unsteadiness`` and ``contagion``.

    Returns
    -------
    DataFrame
        ``held_alone, boss_held, personal_brand`` (share of key persons who know a single one of ours where nothing
        joined the organisations), ``unsteady``, ``contagion``; columns as in ``metrics``. Method card O6.
    """
    rows = [_row(known["dependence"], "held_alone"), _row(known["people"], "boss_held")]
    brand = share("personal_brand", int(ties["n_personal"].sum()), int(ties["n_key"].sum()))
    return listed([*rows, brand, unsteady, loss])


def _row(found: pd.DataFrame, name: str) -> dict[str, Any]:
    row = found.loc[found["metric"] == name, COLUMNS].iloc[0]
    return {str(column): row[column] for column in COLUMNS}


def unsteadiness(months: pd.DataFrame, depends: pd.DataFrame, as_of: dt.date, *, seed: int = 1) -> dict[str, Any]:
    """Tell how many times less steady accounts are that a person holds than those that the organisation holds.

    Parameters
    ----------
    months : DataFrame
        ``account_id, period`` (first day of the month), ``gp``.
    depends : DataFrame
        From ``dependence``: ``account_id, held``.
    as_of : date
        The last day known; the eight quarters before it are compared, of accounts that had bought in the first
        of them or before: a young account is not unsteady.

    Returns
    -------
    dict
        ``unsteady``: ratio of the median coefficients of variation of quarterly profit (1: alike), bootstrap over
        accounts; as from ``metric``. Not available with fewer than five accounts on a side, or where those of the
        organisation do not vary at all.
    """
    ago = (as_of.year - months["period"].dt.year) * 12 + as_of.month - months["period"].dt.month
    is_old = ago.groupby(months["account_id"]).transform("max") // 3 >= _QUARTERS - 1
    late = months[is_old & (ago < 3 * _QUARTERS)].assign(quarter=ago // 3)
    table = late.pivot_table(index="account_id", columns="quarter", values="gp", aggfunc="sum")
    table = table.reindex(columns=range(_QUARTERS)).fillna(0.0)
    mean = table.mean(axis=1)
    spread = (table.std(axis=1, ddof=0) / mean)[mean > 0]
    held = depends.set_index("account_id")["held"].reindex(spread.index)
    alone, shared = (spread[held >= MOSTLY].to_numpy(float), spread[held < MOSTLY].to_numpy(float))
    if min(len(alone), len(shared)) < _FEWEST or np.median(shared) == 0:
        return metric("unsteady", np.nan, 0)
    rng = np.random.default_rng(seed)
    drawn = [np.median(rng.choice(alone, len(alone))) / np.median(rng.choice(shared, len(shared))) for _ in range(500)]
    low, high = np.quantile(drawn, [0.05, 0.95])
    value = float(np.median(alone) / np.median(shared))
    return metric("unsteady", value, len(alone) + len(shared), bounds=(float(low), float(high)))
