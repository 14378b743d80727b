"""The tiers of earlier dates, and what came after them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd

from mcrlib.model.tiers import fit_tiers, tier_table, value_matrix
from mcrlib.settings import Settings

#: The shortest time that tells anything.
_SHORTEST_DAYS = 84
#: Tiers as numbers, the highest most.
RANK = {"S": 3.0, "A": 2.0, "B": 1.0, "C": 0.0}
THEN = (
    "cutoff", "horizon_days", "account_id", "tier", "tier_rule", "tier_cluster", "tier_crm", "score", "soil_value",
    "harvest", "revenue_12m", "gp", "gp_twice",
)  # fmt: skip


def look_back_dates(as_of: dt.date, span_days: int, n: int = 3) -> list[tuple[dt.date, int]]:
    """The cutoffs to judge tiers at, latest first, each with the days that are then watched.

    A year each, one after the other; shorter where the history does not hold ``n`` years and one to learn from. Empty
    where there is no history to speak of.
    """
    days = min(365, span_days // (n + 1))
    return [(as_of - dt.timedelta(days=days * k), days) for k in range(1, n + 1)] if days >= _SHORTEST_DAYS else []


def tiers_then(
    features_at: Callable[[dt.date], pd.DataFrame],
    soil_at: Callable[[dt.date], pd.DataFrame],
    outcomes_between: Callable[[dt.date, dt.date], pd.DataFrame],
    dates: list[tuple[dt.date, int]],
    settings: Settings,
    *,
    crm_at: Callable[[dt.date], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """Make the tiers of earlier dates with what was known then, and put the profit beside them that came.

    Human decisions and whatever has no history are left out. The soil value is that of the kit's base forecast, learned
    at each cutoff anew.

    Parameters
    ----------
    features_at, soil_at, outcomes_between : callable
        ``account_features`` (frozen), their ``base_soil``, and ``account_outcomes``.
    dates : list of (date, int)
        As from ``look_back_dates``.
    settings : Settings
        Who decides, quotas, thresholds, horizon, rate.
    crm_at : callable, optional
        ``account_id, tier_crm`` as the CRM had it at a date, where its history is known.

    Returns
    -------
    DataFrame
        One row per cutoff and account with an order up to it: ``cutoff, horizon_days, account_id, tier`` (of groups or
        rule, as client.yaml lets decide), ``tier_rule, tier_cluster, tier_crm`` (empty where not known), ``score``
        (what orders the accounts: the value score or, where the rule decides, the place of the tier), ``soil_value,
        harvest, revenue_12m`` (then), ``gp`` (gross profit that came within the horizon), ``gp_twice`` (within twice
        that time; empty where that is not over yet).
    """
    found, over = [], max((date + dt.timedelta(days=days) for date, days in dates), default=dt.date.min)
    for date, days in dates:
        one = _tiers_at(features_at(date), soil_at(date), settings)
        if crm_at:
            one = one.merge(crm_at(date)[["account_id", "tier_crm"]], on="account_id", how="left", validate="1:1")
        for name, end in (("gp", date + dt.timedelta(days=days)), ("gp_twice", date + dt.timedelta(days=2 * days))):
            if end <= over:
                came = outcomes_between(date, end).set_index("account_id")["gp"]
                one[name] = one["account_id"].map(came).fillna(0.0)
        found.append(one.assign(cutoff=pd.Timestamp(date), horizon_days=days).reindex(columns=list(THEN)))
    empty = pd.DataFrame(columns=list(THEN)).astype({"gp": float, "gp_twice": float})
    return pd.concat(found, ignore_index=True) if found else empty


def _tiers_at(features: pd.DataFrame, soil: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The tiers of one date and what orders the accounts, of those that had ordered."""
    ordered, values = features["n_order_days"] > 0, value_matrix(features, soil)
    model = fit_tiers(values, ordered, settings)
    table = tier_table(features, soil, settings, model=model)[["account_id", "tier", "tier_rule", "tier_cluster"]]
    by_rule = settings.tiers.decide == "rule"
    table["score"] = table["tier"].map(RANK) if by_rule else model.score_accounts(values)
    facts = features.loc[ordered, ["account_id", "harvest", "revenue_12m"]]
    for part in (soil[["account_id", "soil_value"]], table):
        facts = facts.merge(part, on="account_id", how="left", validate="one_to_one")
    return facts
