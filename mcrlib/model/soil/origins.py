"""The kit judged on the past it can already see: earlier cutoffs, what each forecast said there, what came."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.model.soil.forecasts import NAIVE, Forecast, has_ordered

KIT = "kit"
#: The kit's forecasts by their name in the table: the spend family that each has.
KITS = {KIT: "lognormal", "kit_credibility": "credibility"}
#: An origin needs this much time ahead of it, and after its earliest order, to say anything.
_SHORTEST_DAYS = 28
#: Prior spread of log(actual total / forecast total), and how many origins it counts as.
_PRIOR_SHOCK, _PRIOR_ORIGINS = 0.20, 2.0
#: How much of the drift between forecast and actual totals is taken to go on.
_LEVEL_TRUST = 0.5

COLUMNS = (
    "origin", "horizon_days", "account_id", "model", "orders_predicted", "revenue_predicted", "revenue_low",
    "revenue_high", "orders", "revenue",
)  # fmt: skip


def rolling_origins(
    features_at: Callable[[dt.date], pd.DataFrame],
    outcomes_between: Callable[[dt.date, dt.date], pd.DataFrame],
    as_of: dt.date,
    horizon_days: int,
    n: int = 3,
    *,
    seed: int = 1,
) -> pd.DataFrame:
    """What every forecast would have said at earlier dates, beside what then happened; nothing after as_of is seen.

    The horizon is the one asked, or a third of the history where that is shorter; origins lie half a horizon apart.

    Parameters
    ----------
    features_at : callable
        Account features as known at a date.
    outcomes_between : callable
        ``account_id, orders, revenue`` in (start, end].
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
        One row per origin, account with an order up to it, and model: ``origin, horizon_days, account_id, model,
        orders_predicted, revenue_predicted, revenue_low, revenue_high, orders, revenue``; empty without history.
    """
    history = features_at(as_of)["T"].max()
    days = int(min(horizon_days, history // 3)) if history >= 3 * _SHORTEST_DAYS else 0
    judged = []
    for i in range(n if days else 0):
        origin = as_of - dt.timedelta(days=days + i * days // 2)
        features = features_at(origin)
        outcomes = outcomes_between(origin, origin + dt.timedelta(days=days))
        judged.append(judge_at(features, outcomes, origin, days, seed=seed))
    return pd.concat(judged, ignore_index=True) if judged else pd.DataFrame(columns=list(COLUMNS))


def judge_at(
    features: pd.DataFrame,
    outcomes: pd.DataFrame,
    origin: dt.date,
    days: int,
    *,
    kits: dict[str, str] = KITS,
    seed: int = 1,
) -> pd.DataFrame:
    """All forecasts at one cutoff beside what happened; accounts without an order up to it are not judged.

    ``kits`` names the kit's forecasts and the spend family of each.

    Returns the columns of ``rolling_origins``; empty where no account has ordered or no time has passed since.
    """
    known = features[has_ordered(features)]
    if known.empty or known["T"].sum() <= 0:
        return pd.DataFrame(columns=list(COLUMNS))
    models = {name: plain(known, days) for name, plain in NAIVE.items()}
    learned = Forecast.learn(known)
    models |= {name: learned.with_spend(family, known).predict(known, days, seed=seed) for name, family in kits.items()}
    said = [frame.assign(account_id=known["account_id"], model=name) for name, frame in models.items()]
    came = outcomes[["account_id", "orders", "revenue"]]
    both = pd.concat(said, ignore_index=True).merge(came, on="account_id", how="left", validate="many_to_one")
    both[["orders", "revenue"]] = both[["orders", "revenue"]].fillna(0.0).astype(float)
    return both.assign(origin=pd.Timestamp(origin), horizon_days=days)[list(COLUMNS)]


@dataclass(frozen=True)
class Choice:
    """Which forecast the run uses, from earlier cutoffs alone.

    Parameters
    ----------
    model : str
        ``kit``, or the plain forecast that was better.
    spend : str
        Spend family of the kit's forecast.
    horizon_days : int
        Horizon it was judged over; 0 where it was not.
    errors : DataFrame
        ``model, mae, rmse, total_ratio`` over all origins, best first.
    level : float
        What the forecast is multiplied by: the actual total per forecast total, drawn half way to 1.
    shock : float
        Spread of log(actual total / forecast total) around the level, drawn to a prior where origins are few.
    origins : int
        Number of earlier cutoffs it rests on; 0 means the kit was taken unjudged.
    """

    model: str
    spend: str
    horizon_days: int
    errors: pd.DataFrame
    level: float
    shock: float
    origins: int


def choose(judged: pd.DataFrame | None) -> Choice:
    """Keep the kit unless a plain forecast had both the smaller MAE and the smaller RMSE of revenue.

    By the same rule the kit keeps its log-normal order values unless credibility means did better.
    """
    if judged is None or judged.empty:
        empty = pd.DataFrame(columns=["model", "mae", "rmse", "total_ratio"])
        return Choice(KIT, KITS[KIT], 0, empty, 1.0, _PRIOR_SHOCK, 0)
    wrong = judged["revenue_predicted"] - judged["revenue"]
    table = judged.assign(mae=wrong.abs(), rmse=wrong**2).groupby("model")[["mae", "rmse"]].mean()
    table["rmse"] **= 0.5
    totals = judged.groupby("model")[["revenue_predicted", "revenue"]].sum()
    table["total_ratio"] = totals["revenue_predicted"] / totals["revenue"].where(totals["revenue"] > 0)
    kit = _better_than(KIT, table[table.index.isin(list(KITS))])
    model = _better_than(kit, table.drop(index=[name for name in KITS if name in table.index and name != kit]))
    errors = table.sort_values("mae").reset_index()
    level, shock = _drift(judged[judged["model"] == model])
    days, origins = int(judged["horizon_days"].max()), judged["origin"].nunique()
    return Choice(KIT if model in KITS else model, KITS[kit], days, errors, level, shock, origins)


def as_used(judged: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The judged forecasts with the kit's one, ``kit``, and the plain ones; other families of the kit are left out."""
    kept = next(name for name, spend in KITS.items() if spend == choice.spend)
    shown = judged[~judged["model"].isin(set(KITS) - {kept})]
    return shown.assign(model=shown["model"].replace(kept, KIT))


def _better_than(name: str, table: pd.DataFrame) -> str:
    """Of the forecasts with both errors below this one's, the one with the least MAE; else this one."""
    better = table[(table["mae"] < table.loc[name, "mae"]) & (table["rmse"] < table.loc[name, "rmse"])]
    return str(better["mae"].idxmin()) if len(better) else name


def _drift(judged: pd.DataFrame) -> tuple[float, float]:
    """Level and spread of actual over forecast totals; origins overlap, so the mean is trusted half way only."""
    totals = judged.groupby("origin")[["revenue_predicted", "revenue"]].sum()
    totals = totals[(totals > 0).all(axis=1)]
    if totals.empty:
        return 1.0, _PRIOR_SHOCK
    missed = np.log(totals["revenue"] / totals["revenue_predicted"])
    level = _LEVEL_TRUST * missed.mean()
    squares = ((missed - level) ** 2).sum() + _PRIOR_ORIGINS * _PRIOR_SHOCK**2
    return float(np.exp(level)), float(np.sqrt(squares / (len(totals) + _PRIOR_ORIGINS)))
