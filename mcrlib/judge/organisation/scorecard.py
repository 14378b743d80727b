"""One excess, two lacks, three nones: six lights between selling by the elite and selling by the process."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import listed, metric, share

#: In the order of the method.
LIGHTS = ("excess", "lack_support", "lack_management", "none_routine", "none_records", "none_solution")


def scorecard(
    depends: pd.DataFrame, corners: pd.DataFrame, people: pd.DataFrame, signs: pd.Series, known: pd.DataFrame
) -> pd.DataFrame:
    """Light six lamps from 0 (sold by the process) to 1 (sold by the elite, sick).

    Parameters
    ----------
    depends, corners : DataFrame
        From ``dependence_metrics`` and ``triangle_metrics``.
    people : DataFrame
        From ``sellers``; those here who hold accounts or answer for them (AR).
    signs : Series
        From ``discipline``.
    known : DataFrame
        From ``information``: ``share``.

    Returns
    -------
    DataFrame
        A row for each of ``LIGHTS`` and ``overall`` (mean of those that are lit); columns as in ``metrics``.

    Notes
    -----
    Method card O5: profit held by one person alone; corners of the triangle that are dead; sellers without a target and
    a plan in the system; won deals that skipped a stage; information that is not on record; deals lost for the price
    and orders of a single product line.
    """
    ours = people[people["is_here"] & (people["role"] == "AR")]
    led = ours["has_target"] & ours["has_plan"]
    managed = len(ours) if people[["has_target", "has_plan"]].any(axis=None) else 0
    told = known["share"].dropna()
    rows = [
        _renamed(depends, "held_alone", "excess", turned=False),
        _renamed(corners, "corners_alive", "lack_support", turned=True),
        share("lack_management", int((~led).sum()), managed),
        share("none_routine", int(signs["n_followed"] - signs["n_orderly"]), int(signs["n_followed"])),
        metric("none_records", 1 - told.mean() if len(told) else np.nan, len(told), bounds=_around(1 - told)),
        _mean([share("", int(signs["n_price"]), int(signs["n_told"])),
               share("", int(signs["n_single"]), int(signs["n_lined"]))], "none_solution"),
    ]  # fmt: skip
    return listed([*rows, _mean(rows, "overall")])


def _renamed(found: pd.DataFrame, old: str, new: str, *, turned: bool) -> dict[str, Any]:
    row = found[found["metric"] == old].iloc[0].to_dict()
    value, low, high = (1 - row[name] if turned else row[name] for name in ("value", "low", "high"))
    bounds = (high, low) if turned else (low, high)
    return metric(new, value, int(row["n"]), coverage=row["coverage"], bounds=bounds)


def _around(values: pd.Series) -> tuple[float, float]:
    if len(values) < 2:
        return np.nan, np.nan
    spread = 1.645 * values.std() / np.sqrt(len(values))
    return values.mean() - spread, values.mean() + spread


def _mean(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The mean of what is known; its coverage is the share of the parts that are."""
    lit = pd.DataFrame([row for row in rows if row["status"] != "not_available"], columns=list(rows[0]))
    if lit.empty:
        return metric(name, np.nan, 0)
    spread = np.sqrt((((lit["high"] - lit["low"]) / 2) ** 2).sum()) / len(lit)
    value, n = float(lit["value"].mean()), int(lit["n"].sum())
    return metric(name, value, n, coverage=len(lit) / len(rows), bounds=(value - spread, value + spread))
