"""Whether we stand by customers when their business goes badly."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from mcrlib.judge.relationships.measures import measure
from mcrlib.model.bootstrap import BOUNDS

#: Quarters of each kind that a comparison needs. Proposed.
ENOUGH = 2
#: Quarters of which it is told how often we came to help.
HELPED = 8


def standing_by(seasons: pd.DataFrame) -> pd.DataFrame:
    """Compare how often we were there in quarters when a customer's business fell with those when it rose.

    Parameters
    ----------
    seasons : DataFrame
        From ``seasons``.

    Returns
    -------
    DataFrame
        The measure *standing_by*, one row per account with purchases or outside facts: touches per falling quarter over
        touches per rising one, each quarter against the same of the year before; ``n`` quarters; basis *recorded* where
        the customer's own revenue is delivered, *proxy* where its orders from us stand in (a proxy made of outcomes:
        it explains, it never predicts orders). Empty where one kind has fewer than two quarters, or nothing was ever
        logged. The interval (80 %) takes touches for a random count (method card R18).
    """
    wide = _by_quarter(seasons)
    rows = wide.groupby("account_id").agg(
        down=("down", "sum"), up=("up", "sum"), t_down=("t_down", "sum"), t_up=("t_up", "sum"), is_own=("is_own", "max")
    )
    rate_down, rate_up = (rows["t_down"] + 0.5) / rows["down"], (rows["t_up"] + 0.5) / rows["up"]
    enough = (rows["down"] >= ENOUGH) & (rows["up"] >= ENOUGH) & (rows["t_down"] + rows["t_up"] > 0)
    ratio = (rate_down / rate_up).where(enough)
    error = np.sqrt(1 / (rows["t_down"] + 0.5) + 1 / (rows["t_up"] + 0.5)) * stats.norm.ppf(BOUNDS[1])
    bounds = pd.DataFrame({"ci_low": ratio * np.exp(-error), "ci_high": ratio * np.exp(error)})
    quarters = rows["down"] + rows["up"]
    basis = pd.Series(np.where(rows["is_own"], "recorded", "proxy"), rows.index, dtype="str")
    return measure("standing_by", ratio, n=quarters, coverage=quarters / 12, basis=basis, interval=bounds)


def stood_by(
    measures: pd.DataFrame, seasons: pd.DataFrame, accounts: pd.DataFrame, *, least: float = 1.0
) -> pd.DataFrame:
    """Tell of each customer whether we come in bad quarters as often as in good ones, and how often we come to help.

    Parameters
    ----------
    measures : DataFrame
        With the measure *standing_by*.
    seasons : DataFrame
        From ``seasons``.
    accounts : DataFrame
        ``account_id`` and what else is to stand beside it.
    least : float
        Touches in falling quarters over touches in rising ones that there should be.

    Returns
    -------
    DataFrame
        ``accounts`` whose ratio is known, with ``stand_by, stand_by_low, stand_by_high`` (80 %), ``n_quarters, basis,
        help_share`` (service visits and demonstrations of the touches of two years), ``stands`` (by: the interval lies
        at ``least`` or above; away: below; else unsure), those we leave alone first. Method card R18.
    """
    told = measures[(measures["metric"] == "standing_by") & measures["value"].notna()]
    names = {"value": "stand_by", "ci_low": "stand_by_low", "ci_high": "stand_by_high", "n": "n_quarters"}
    told = told.rename(columns=names)[["account_id", *names.values(), "basis"]]
    lately = seasons[seasons["ago"] < HELPED].groupby("account_id")[["n_help", "n_touches"]].sum()
    share = (lately["n_help"] / lately["n_touches"].where(lately["n_touches"] > 0)).rename("help_share")
    found = accounts.merge(told, on="account_id", validate="one_to_one")
    found = found.merge(share, left_on="account_id", right_index=True, how="left", validate="one_to_one")
    stands = np.select([found["stand_by_low"] >= least, found["stand_by_high"] < least], ["by", "away"], "unsure")
    found["stands"] = pd.Series(stands, found.index, dtype="str")
    return found.sort_values(["stand_by_high", "account_id"], ignore_index=True)


def in_trouble(seasons: pd.DataFrame, *, fallen: float = 0.10) -> pd.DataFrame:
    """List the customers whose business fell within a year while we came less often.

    Parameters
    ----------
    seasons : DataFrame
        From ``seasons``.
    fallen : float
        Part of its business that a customer must have lost.

    Returns
    -------
    DataFrame
        ``account_id, own_change`` (last four quarters against the four before, -``fallen`` or less), ``touch_change``
        (last two quarters against the same two of the year before, below 0; empty where nothing was logged at any
        customer: then all that fell are listed), ``n_touches`` (last two quarters), worst first.
    """
    own = np.where(seasons["own"].notna(), seasons["own"], seasons["bought"])
    frame = seasons.assign(size=pd.to_numeric(own))
    sums = pd.DataFrame(
        {
            "now": frame[frame["ago"] < 4].groupby("account_id")["size"].sum(),
            "before": frame[frame["ago"].between(4, 7)].groupby("account_id")["size"].sum(),
            "n_touches": frame[frame["ago"] < 2].groupby("account_id")["n_touches"].sum(),
            "touched": frame[frame["ago"].between(4, 5)].groupby("account_id")["n_touches"].sum(),
        }
    ).fillna(0.0)
    sums = sums[sums["before"] > 0]
    touched = sums["touched"].where(sums["touched"] > 0)
    changed = sums.assign(own_change=sums["now"] / sums["before"] - 1, touch_change=sums["n_touches"] / touched - 1)
    comes_less = changed["touch_change"] < 0 if seasons["n_touches"].any() else True
    worst = changed[(changed["own_change"] <= -fallen) & comes_less].reset_index()
    columns = ["account_id", "own_change", "touch_change", "n_touches"]
    return worst.sort_values(["own_change", "account_id"])[columns].astype({"n_touches": "int64"})


def _by_quarter(seasons: pd.DataFrame) -> pd.DataFrame:
    """Twelve quarters of each account, each down or up against the one a year before; those without rows are 0."""
    grid = pd.MultiIndex.from_product([seasons["account_id"].unique(), range(16)], names=["account_id", "ago"])
    filled = seasons.set_index(["account_id", "ago"]).reindex(grid)
    is_own = filled["own"].notna().groupby("account_id").transform("sum") >= 5
    size = filled["own"].where(is_own, filled["bought"].fillna(0.0)).astype(float)
    before = size.groupby("account_id").shift(-4)
    last = filled.index.get_level_values("ago") < 12
    touches = filled["n_touches"].fillna(0.0)
    down, up = last & (size < before), last & (size > before)
    return pd.DataFrame(
        {"down": down, "up": up, "t_down": touches.where(down, 0.0), "t_up": touches.where(up, 0.0), "is_own": is_own}
    )
