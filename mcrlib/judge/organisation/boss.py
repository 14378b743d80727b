"""Does the boss hold the customers: time in the field, and accounts that know nobody else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import metric, weighted_share

#: Hours of a working year, against which logged hours are held. Proposed.
WORKING_YEAR = 1800.0


def boss_metrics(people: pd.DataFrame, depends: pd.DataFrame) -> list[dict[str, Any]]:
    """Say how much of the boss's time goes into customers, and how much profit the boss holds alone.

    Parameters
    ----------
    people : DataFrame
        From ``sellers``; bosses are those in the part ``exec``.
    depends : DataFrame
        From ``dependence``.

    Returns
    -------
    list
        ``boss_time`` (logged hours with customers in a working year, the busiest boss), ``boss_held`` (share of the
        profit that bosses hold alone); as from ``metric``. Without a boss on record neither is available.
    """
    bosses = people[(people["role"] == "exec") & people["is_here"]]
    hours = bosses["hours"].dropna()
    time = metric("boss_time", hours.max() / WORKING_YEAR if len(hours) else np.nan, len(hours))
    time |= {"status": "weak"} if time["status"] == "ok" else {}
    if bosses.empty:
        return [time, metric("boss_held", np.nan, 0)]
    gp = depends["harvest"].clip(lower=0)
    known = depends["held"].notna()
    theirs = depends["held"].where(depends["owner_id"].isin(bosses["owner_id"]), 0.0)
    covered = gp[known].sum() / gp.sum() if gp.sum() > 0 else 0.0
    held = weighted_share("boss_held", theirs[known].to_numpy(float), gp[known].to_numpy(float), coverage=covered)
    return [time, held]
