"""What running business was best told by at earlier dates: the soil forecast, the run rate, or last year's harvest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pandas as pd

from mcrlib.model.crops import FIRST_YEAR, HARVEST_AGAIN, RUN_RATE, WAYS, CropModel
from mcrlib.model.soil.choice import surely_better
from mcrlib.thresholds import DEFAULTS

#: Share of what came inside the 80 % intervals below which the page warns of them.
_NARROW = 0.7
#: Crops are those of a year; each date lies half a year before the other, with a year of orders before it.
_DAYS, _STEP, _DATES = 365, 182, 3
_SAID = {"crop_value": "gp_predicted", "crop_low": "gp_low", "crop_high": "gp_high"}
JUDGED = ["origin", "account_id", "model", "gp_predicted", "gp_low", "gp_high", "gp"]
RECORD = ["model", "n", "mae", "rmse", "crops_expected", "crops_came", "inside"]


def judge_crops(
    buyers_at: Callable[[dt.date], pd.DataFrame],
    outcomes_between: Callable[[dt.date, dt.date], pd.DataFrame],
    as_of: dt.date,
) -> pd.DataFrame:
    """Say at earlier dates what running business would bring in twelve months, and lay what came beside it.

    Open deals are left out: neither their amounts nor their stages of those days are known any more.

    Parameters
    ----------
    buyers_at : callable
        Features, with ``p_alive`` and ``first_year``, of the accounts that had ordered by a date (``Past.buyers``).
    outcomes_between : callable
        ``account_id, gp`` in (start, end].
    as_of : date
        The latest date that may be looked at.

    Returns
    -------
    DataFrame
        One row per date (up to three, half a year apart, the last a year before ``as_of``), account that had ordered by
        then, and model, the ways of ``CropModel`` (``run_rate, harvest_again, first_year``): ``origin, account_id,
        model, gp_predicted, gp_low, gp_high, gp`` (gross profit of the year). Empty where no date has a year of orders
        before it.
    """
    told = []
    for ago in range(_DATES):
        date = as_of - dt.timedelta(days=_DAYS + ago * _STEP)
        buyers = buyers_at(date)
        if not buyers["T"].max() >= _DAYS:
            continue
        came = outcomes_between(date, date + dt.timedelta(days=_DAYS))[["account_id", "gp"]]
        for way in WAYS:
            said = CropModel(way=way).fit(buyers).predict(buyers).rename(columns=_SAID)
            judged = said.merge(came, on="account_id", validate="one_to_one")
            told.append(judged.assign(origin=pd.Timestamp(date), model=way)[JUDGED])
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=JUDGED)


def crop_record(judged: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> pd.DataFrame:
    """Measure each way to tell running business against the gross profit that came.

    Returns
    -------
    DataFrame
        One row per way: ``model`` (``run_rate, harvest_again, first_year``), ``n`` accounts judged at one date or more,
        ``mae, rmse`` (money per account and date), ``crops_expected, crops_came`` (money, mean of the dates),
        ``inside`` (share of what came inside the 80 % interval). Without rows where fewer than ``few`` were judged.
    """
    n, dates = judged["account_id"].nunique(), judged["origin"].nunique()
    rows = []
    for model in WAYS if n >= few else ():
        one = judged[judged["model"] == model]
        wrong, slack = one["gp_predicted"] - one["gp"], 1e-9 * one["gp"].abs()
        inside = (one["gp"] >= one["gp_low"] - slack) & (one["gp"] <= one["gp_high"] + slack)
        expected, came = one["gp_predicted"].sum() / dates, one["gp"].sum() / dates
        rows.append((model, n, wrong.abs().mean(), (wrong**2).mean() ** 0.5, expected, came, inside.mean()))
    return pd.DataFrame(rows, columns=RECORD)


def too_narrow(record: pd.DataFrame, way: str) -> bool:
    """Whether clearly less than eight in ten of what came lay in the intervals of a way; ``record`` as above."""
    return bool((record.set_index("model")["inside"].reindex([way]) < _NARROW).any())


def best_way(judged: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> str:
    """Tell by what a run takes running business: the soil's first year, unless a plainer way had the smaller errors.

    ``judged`` as above. The run rate instead where its absolute and its squared errors were smaller, or where fewer
    than ``few`` accounts were judged; last year's harvest where it was better than these beyond chance.
    """
    if judged["account_id"].nunique() < few:
        return RUN_RATE
    wrong = judged["gp_predicted"] - judged["gp"]
    errors = judged[["model"]].assign(mae=wrong.abs(), mse=wrong**2).groupby("model").mean()
    ours = RUN_RATE if (errors.loc[RUN_RATE] < errors.loc[FIRST_YEAR]).all() else FIRST_YEAR
    return HARVEST_AGAIN if surely_better(judged, HARVEST_AGAIN, ours, target="gp", few=few) else ours
