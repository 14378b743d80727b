"""Which forecast a run uses, from earlier cutoffs alone: the kit's, put together from its parts, or a plain one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from mcrlib.model.soil.forecasts import PRIOR_SHOCK
from mcrlib.model.soil.parts import BASE, EVERYONE, FAMILIES, LEARNED, NAMES
from mcrlib.thresholds import DEFAULTS

KIT = "kit"
#: How many origins the prior shock counts as.
_PRIOR_ORIGINS = 2.0
#: How much of the drift that all origins show is taken to go on.
_LEVEL_TRUST = 0.5
#: A part may err by so much more, in logs, than the base at one origin, and than the best part at all of them.
_SLACK = 0.05
#: A plain forecast displaces the kit's where it was better by so many standard errors: in 9 of 10 draws of accounts.
_SURE = 1.28
_TINY = np.finfo(float).tiny


@dataclass(frozen=True)
class Choice:
    """Which forecast the run uses, from earlier cutoffs alone.

    Parameters
    ----------
    model : str
        ``kit``, or the plain forecast that was better.
    weights : dict
        Parts of the kit's forecast and their weights, which sum to 1.
    horizon_days : int
        Horizon it was judged over; 0 where it was not.
    errors : DataFrame
        ``model, mae, rmse, total_ratio`` over all origins, best first.
    level : float
        What the kit's forecast is multiplied by: half of the drift of totals that every origin showed.
    shock : float
        Spread of log(actual total / forecast total) around the level, drawn to a prior where origins are few.
    origins : int
        Number of earlier cutoffs it rests on; 0 means the kit was taken unjudged.
    """

    model: str
    weights: dict[str, float]
    horizon_days: int
    errors: pd.DataFrame
    level: float
    shock: float
    origins: int

    def over(self, days: float) -> Choice:
        """The choice for a horizon longer than the one it was judged over, of which that tells only a part.

        The shocks of one judged horizon after the other add up like a random walk, so their spread grows with the root
        of the ratio of the horizons, and the level that was learned loses its say by the same measure.
        """
        if not self.horizon_days or days <= self.horizon_days:
            return self
        trust = (self.horizon_days / days) ** 0.5
        return replace(self, level=self.level**trust, shock=self.shock / trust)

    @property
    def freedom(self) -> float:
        """Degrees of freedom of the shock: origins overlap by half, and the prior counts as two."""
        return (self.origins + 1) / 2 + _PRIOR_ORIGINS


def choose(judged: pd.DataFrame | None) -> Choice:
    """Put the kit's forecast together, and keep it unless a plain one surely had the smaller MAE and RMSE of revenue.

    Surely: beyond what chance among the accounts gives. Without that a few accounts decide: in random tens to forties
    of accounts of the development logs a plain forecast then erred 10 to 18 % more than the kit on what came.
    """
    if judged is None or judged.empty:
        empty = pd.DataFrame(columns=["model", "mae", "rmse", "total_ratio"])
        return Choice(KIT, {BASE: 1.0}, 0, empty, 1.0, PRIOR_SHOCK, 0)
    weights = _blend(judged)
    seen = pd.concat([judged, combined(judged, weights)], ignore_index=True)
    wrong = seen["revenue_predicted"] - seen["revenue"]
    table = seen.assign(mae=wrong.abs(), rmse=wrong**2).groupby("model")[["mae", "rmse"]].mean()
    table["rmse"] **= 0.5
    totals = seen.groupby("model")[["revenue_predicted", "revenue"]].sum()
    table["total_ratio"] = totals["revenue_predicted"] / totals["revenue"].where(totals["revenue"] > 0)
    plain = table.drop(index=[name for name in NAMES if name in table.index])
    better = plain[[surely_better(seen, name, KIT) for name in plain.index]]
    model = str(better["mae"].idxmin()) if len(better) else KIT
    level, shock = _drift(seen[seen["model"] == model], trust=_LEVEL_TRUST if model == KIT else 0.0)
    days, origins = int(judged["horizon_days"].max()), judged["origin"].nunique()
    return Choice(model, weights, days, table.sort_values("mae").reset_index(), level, shock, origins)


def surely_better(
    judged: pd.DataFrame, model: str, than: str, *, target: str = "revenue", few: int = DEFAULTS.small_number
) -> bool:
    """Whether one forecast had smaller absolute and squared errors than another, account by account, beyond chance.

    Of fewer than ``few`` accounts that cannot be told.

    ``judged``: ``account_id, model``, the target and what was predicted of it (``revenue, revenue_predicted``).
    """
    wrong = judged[f"{target}_predicted"] - judged[target]
    errors = judged[["model", "account_id"]].assign(mae=wrong.abs(), mse=wrong**2)
    sums = errors.groupby(["model", "account_id"])[["mae", "mse"]].sum()
    saved = (sums.loc[than] - sums.loc[model]).to_numpy()
    if len(saved) < few:
        return False
    chance = _SURE * saved.std(axis=0, ddof=1) / len(saved) ** 0.5
    return bool((saved.mean(axis=0) > chance + _TINY).all())


def as_used(judged: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """The judged forecasts with the kit's as it was put together, ``kit``, and the plain ones; its parts left out."""
    if judged.empty:
        return judged
    mean = combined(judged, choice.weights)
    return pd.concat([mean, judged[~judged["model"].isin(NAMES)]], ignore_index=True)


def combined(judged: pd.DataFrame, weights: dict[str, float]) -> pd.DataFrame:
    """The weighted mean of judged parts as rows of the model ``kit``; the base's bounds move with it."""
    keys = ["origin", "account_id"]
    base = judged[judged["model"] == BASE].reset_index(drop=True)
    mean = base[["orders_predicted", "revenue_predicted"]] * 0.0
    for name, weight in weights.items():
        part = judged[judged["model"] == name]
        mean += weight * base[keys].merge(part, on=keys, how="left", validate="one_to_one")[list(mean)]
    scale = (mean["revenue_predicted"] / base["revenue_predicted"]).where(base["revenue_predicted"] > 0, 0.0)
    bounds = base[["revenue_low", "revenue_high"]].mul(scale, axis=0)
    base[[*mean, *bounds]] = pd.concat([mean, bounds], axis=1)
    return base.assign(model=KIT)


def _blend(judged: pd.DataFrame) -> dict[str, float]:
    """Equal votes of the parts that kept up: of the laws of orders together, of every other part by itself.

    A part is left out that erred more than the base at any origin, or more than the best part at every origin, by more
    than the slack; errors are the mean of the logs of mean absolute and root mean square error. Among what is left
    equal weights are hard to beat where origins are few: Clemen (1989), Int. J. Forecasting 5; Smith and Wallis (2009),
    "A simple explanation of the forecast combination puzzle", Oxford Bulletin of Economics and Statistics 71.
    """
    parts = judged[judged["model"].isin(NAMES)]
    wrong = parts["revenue_predicted"] - parts["revenue"]
    errors = parts.assign(mae=wrong.abs(), mse=wrong**2).groupby(["origin", "model"])[["mae", "mse"]].mean()
    logs = np.log(errors["mae"].clip(lower=_TINY)) / 2 + np.log(errors["mse"].clip(lower=_TINY)) / 4
    table = logs.unstack("model").dropna(axis=1)  # noqa: PD010 - a row twice must fail
    best = table[table.mean().idxmin()]
    kept = (table.sub(table[BASE], axis=0).max() <= _SLACK) & (table.sub(best, axis=0).min() <= _SLACK)
    laws = [[name for name in FAMILIES if kept.get(name)]]
    votes = [vote for vote in laws + [[name] for name in (*LEARNED, EVERYONE) if kept.get(name)] if vote]
    return {name: 1 / len(votes) / len(vote) for vote in votes for name in vote}


def _drift(judged: pd.DataFrame, *, trust: float) -> tuple[float, float]:
    """Level and spread of actual over forecast totals; a drift that not all origins show is none."""
    totals = judged.groupby("origin")[["revenue_predicted", "revenue"]].sum()
    totals = totals[(totals > 0).all(axis=1)]
    if totals.empty:
        return 1.0, PRIOR_SHOCK
    missed = np.log(totals["revenue"] / totals["revenue_predicted"])
    level = trust * (max(missed.min(), 0.0) + min(missed.max(), 0.0))
    squares = ((missed - level) ** 2).sum() + _PRIOR_ORIGINS * PRIOR_SHOCK**2
    return float(np.exp(level)), float(np.sqrt(squares / (len(totals) + _PRIOR_ORIGINS)))
