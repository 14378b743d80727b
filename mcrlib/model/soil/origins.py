"""The forecasts judged on the past that a run can already see: what each said at earlier cutoffs, what then came."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mcrlib.model.soil.baselines import BASELINES
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.forecasts import PRIOR_SHOCK
from mcrlib.model.soil.parts import BASE, Parts
from mcrlib.model.soil.past import Past

#: An origin needs this much time ahead of it, and after its earliest order, to say anything.
_SHORTEST_DAYS = 28

COLUMNS = (
    "origin", "horizon_days", "account_id", "model", "orders_predicted", "revenue_predicted", "revenue_low",
    "revenue_high", "orders", "revenue",
)  # fmt: skip


def rolling_origins(past: Past, as_of: dt.date, horizon_days: int, n: int = 3, *, seed: int = 1) -> pd.DataFrame:
    """What every forecast would have said at earlier dates, beside what then happened; nothing after as_of is seen.

    The horizon is the one asked, or a third of the history where that is shorter, in even days; origins lie half a
    horizon apart, so that the windows that the direct forecast learns from fall on each other's dates.

    Parameters
    ----------
    past : Past
        What was known at each date and what then came.
    as_of : date
        The latest date that may be looked at.
    horizon_days : int
        Horizon of the forecast to be judged.
    n : int
        Origins wanted; fewer where the history is short.
    seed : int
        Seed of the intervals.

    Returns
    -------
    DataFrame
        One row per origin, account with an order up to it, and model (parts of the kit's forecast, and plain ones):
        ``origin, horizon_days, account_id, model, orders_predicted, revenue_predicted, revenue_low, revenue_high,
        orders, revenue``; bounds stand with the base part only and hold the prior shock, as no date before tells its
        own. Empty without history.
    """
    history = past.span(as_of)
    days = min(horizon_days, history // 3) // 2 * 2 if history >= 3 * _SHORTEST_DAYS else 0
    origins = [as_of - dt.timedelta(days=days + i * days // 2) for i in range(n if days else 0)]
    judged = [judge_at(past, origin, days, seed=seed) for origin in origins]
    return pd.concat(judged, ignore_index=True) if judged else pd.DataFrame(columns=list(COLUMNS))


def judge_at(past: Past, origin: dt.date, days: int, *, seed: int = 1) -> pd.DataFrame:
    """All forecasts at one cutoff beside what happened; accounts without an order up to it are not judged.

    Returns the columns of ``rolling_origins``; empty where no account has ordered or no time has passed since.
    """
    known, base = past.known(origin), past.forecast(origin)
    if base is None:
        return pd.DataFrame(columns=list(COLUMNS))
    parts = Parts.learn(known, base, Direct.learn(past, origin, days))
    said = parts.predict(known, days)
    low, high = base.interval(known, days, seed=seed, shock=PRIOR_SHOCK)
    said[BASE] = said[BASE].assign(revenue_low=low, revenue_high=high)
    said |= {name: plain(known, days) for name, plain in BASELINES.items()}
    facts = past.came(origin, days).assign(
        account_id=known["account_id"], origin=pd.Timestamp(origin), horizon_days=days
    )
    return pd.concat([pd.concat([facts, one], axis=1).assign(model=name) for name, one in said.items()])[list(COLUMNS)]
