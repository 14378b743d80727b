"""What ties two organisations: agreements, recognition, trust, meetings of executives and of strategies."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.relationships.measures import FLOOR, measure
from mcrlib.model.bootstrap import BOUNDS

PARTS = ("depth", "recognition", "trust", "fit")
_DRAWS = 200


def organisation_parts(
    firms: pd.DataFrame, agreed: pd.DataFrame, satisfaction: pd.Series, *, long: float = 5.0
) -> pd.DataFrame:
    """Tell of each customer how deep the agreement goes, how it recognises and trusts us, and whether strategies meet.

    Parameters
    ----------
    firms, agreed : DataFrame
        From ``organisations`` and ``agreements``.
    satisfaction : Series
        Mean answer of all people by account_id, 0-1: stands in where no leader answered.
    long : float
        Years together after which more years add no trust.

    Returns
    -------
    DataFrame
        ``account_id``, the four ``PARTS`` (0-1; empty where the data do not tell) and ``basis`` (proxy where
        satisfaction of others stands in for that of leaders). Nothing here is made of purchases. Depth: a live
        strategic or exclusive agreement 1, a framework 0.5, none 0; empty where nobody knows whether the only ones
        live. Trust: mean of years together (full at ``long``), promises kept and payments in time. Fit: a visit of
        executives, a meeting of strategies within a year.
    """
    firms = firms.set_index("account_id")
    live = agreed[agreed["is_live"]]
    degree = pd.Series(
        np.where((live["kind"] == "strategic") | live["is_exclusive"].fillna(False), 1.0, 0.5), live.index
    )
    depth = degree.groupby(live["account_id"]).max().reindex(firms.index)
    untold = firms.index.isin(agreed.loc[agreed["is_live"].isna(), "account_id"])
    others = satisfaction.reindex(firms.index)
    years = (firms["years"] / long).clip(upper=1.0)
    parts = {
        "depth": depth.where(depth.notna() | untold, 0.0) if len(agreed) else pd.Series(np.nan, firms.index),
        "recognition": firms["recognition"].fillna(others),
        "trust": pd.concat([years, firms["promises_kept"], firms["paid_in_time"]], axis=1).mean(axis=1),
        "fit": firms[["n_exec_visits", "n_strategy"]].clip(upper=1.0).mean(axis=1),
    }
    stands_in = firms["recognition"].isna() & others.notna()
    return pd.DataFrame({**parts, "basis": np.where(stands_in, "proxy", "recorded")}).reset_index()


def organisation_score(parts: pd.DataFrame, *, enough: float = 0.60, seed: int = 1) -> pd.DataFrame:
    """Weigh the parts into the score of the organisational relationship, of which no rotten part can be bought off.

    Parameters
    ----------
    parts : DataFrame
        From ``organisation_parts``.
    enough : float
        Coverage below which it is weak.
    seed : int
        Of the other weights behind the interval.

    Returns
    -------
    DataFrame
        The measure *organisation*, one row per account: geometric mean of the parts that are known, ``n`` of them,
        ``ci_low, ci_high``: 80 % of what other weights give (method card R6). Trust alone is age, not a relationship of
        organisations: without any other part there is no score.
    """
    parts = parts.set_index("account_id")
    logs = parts[list(PARTS)].clip(lower=FLOOR).apply(np.log)
    there = logs.notna().to_numpy(float)
    weights = np.random.default_rng(seed).dirichlet(np.ones(len(PARTS)), _DRAWS).T
    total = there @ weights
    drawn = np.exp(logs.fillna(0.0).to_numpy() @ weights / np.where(total > 0, total, 1.0))
    low, high = np.quantile(drawn, BOUNDS, axis=1)
    is_known = logs.drop(columns="trust").notna().any(axis=1)
    return measure(
        "organisation",
        np.exp(logs.mean(axis=1)).where(is_known),
        n=logs.notna().sum(axis=1),
        coverage=logs.notna().mean(axis=1),
        basis=parts["basis"],
        interval=pd.DataFrame({"ci_low": low, "ci_high": high}, index=parts.index),
        enough=enough,
    )


def meeting_measures(firms: pd.DataFrame, agreed: pd.DataFrame) -> pd.DataFrame:
    """Count what ties the organisations within a year: visits of executives, alignment of strategies, months locked.

    Returns
    -------
    DataFrame
        The measures *exec_visits, strategy_meetings* (12 months) and *locked_months* (longest live agreement that names
        projects; 0 without one, empty where its end is not known), one row each per account. Counts as recorded have no
        interval; coverage of visits is the share in which executives of both sides are recorded (cards R7 to R9).
    """
    firms = firms.set_index("account_id")
    visits, both = firms["n_exec_visits"], firms["n_exec_both"]
    locked = agreed[agreed["is_live"].fillna(True) & (agreed["locked_projects"] > 0)]
    told = 1.0 if agreed["locked_projects"].notna().any() else np.nan
    months = told * locked.groupby("account_id")["months_left"].max().reindex(firms.index, fill_value=0.0)
    months = months.mask(months.index.isin(locked.loc[locked["months_left"].isna(), "account_id"]))
    live = agreed[agreed["is_live"]].groupby("account_id").size().reindex(firms.index)
    return pd.concat(
        [
            measure("exec_visits", visits, n=visits, coverage=(both / visits).where(visits > 0, 1.0)),
            measure("strategy_meetings", firms["n_strategy"], n=firms["n_strategy"]),
            measure("locked_months", months, n=live),
        ],
        ignore_index=True,
    )
