"""The past frozen at a cutoff: what a run of that day would have forecast, beside what then happened."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from mcrlib.model.soil.choice import as_used
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.histories import has_ordered
from mcrlib.model.soil.origins import COLUMNS, judge_at, rolling_origins
from mcrlib.model.soil.past import FeaturesAt, OutcomesBetween, Past


@dataclass(frozen=True)
class Frozen:
    """A backtest at one cutoff.

    Parameters
    ----------
    model : SoilModel
        Fitted on what was known at the cutoff; ``model.choice_`` says which forecast it uses and why.
    features : DataFrame
        Account features as known at the cutoff.
    predictions : DataFrame
        ``SoilModel.predict_horizon`` for every account known at the cutoff.
    judged : DataFrame
        Every forecast beside what happened, as ``rolling_origins`` gives it; the rows of the chosen forecast are those
        of ``predictions``. Accounts without an order up to the cutoff are not judged.
    total : dict
        ``total, low, high`` of all revenue within the horizon.
    """

    model: SoilModel
    features: pd.DataFrame
    predictions: pd.DataFrame
    judged: pd.DataFrame
    total: dict[str, float]


def freeze(
    features_at: FeaturesAt,
    outcomes_between: OutcomesBetween,
    cutoff: dt.date,
    horizon_days: int,
    *,
    seed: int = 1,
) -> Frozen:
    """Forecast from a cutoff as a run of that day would, and put what happened beside it.

    The choice of forecast and its level come from origins before the cutoff; outcomes after it are only judged with.
    """
    past = Past(features_at, outcomes_between)
    features = past.features_at(cutoff)
    origins = rolling_origins(past, cutoff, horizon_days, seed=seed)
    model = SoilModel(seed=seed).fit(features, origins=origins, direct=Direct.learn(past, cutoff, horizon_days))
    predictions = model.predict_horizon(features, horizon_days)
    judged = as_used(judge_at(past, cutoff, horizon_days, seed=seed), model.choice_)
    judged = _as_predicted(judged, predictions[has_ordered(features).to_numpy()])
    return Frozen(model, features, predictions, judged, model.predict_total(features, horizon_days))


def _as_predicted(judged: pd.DataFrame, predictions: pd.DataFrame) -> pd.DataFrame:
    """The judged rows with those of the chosen forecast as the run uses them, level and intervals included."""
    if judged.empty:
        return judged
    chosen = predictions["model"].iloc[0]
    known = ["origin", "horizon_days", "account_id", "orders", "revenue"]
    used = judged.loc[judged["model"] == chosen, known].merge(predictions, on="account_id", validate="one_to_one")
    others = judged[judged["model"] != chosen]
    return pd.concat([others, used[list(COLUMNS)]], ignore_index=True)
