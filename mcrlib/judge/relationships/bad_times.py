"""Whether we stand by customers when their business goes badly."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from mcrlib.judge.relationships.measures import measure

#: Quarters of each kind that a comparison needs. Proposed.
ENOUGH = 2


def standing_by(seasons: pd.DataFrame, *, level: float = 0.80) -> pd.DataFrame:
    """Compare how often we were there in quarters when a customer's business fell with those when it rose.

    Parameters
    ----------
    seasons : DataFrame
        From ``seasons``.
    level : float
        Probability of the interval.

    Returns
    -------
    DataFrame
        The measure *standing_by*, one row per account with purchases or outside facts: touches per falling quarter over
        touches per rising one, each quarter against the same of the year before; ``n`` quarters; basis *recorded* where
        the customer's own revenue is delivered, *proxy* where its orders from us stand in (a proxy made of outcomes:
        it explains, it never predicts orders). Empty where one kind has fewer than two quarters, or nothing was ever
        logged. The interval takes touches for a random count (method card R18).
    """
    wide = _by_quarter(seasons)
    rows = wide.groupby("account_id").agg(
        down=("down", "sum"), up=("up", "sum"), t_down=("t_down", "sum"), t_up=("t_up", "sum"), is_own=("is_own", "max")
    )
    rate_down, rate_up = (rows["t_down"] + 0.5) / rows["down"], (rows["t_up"] + 0.5) / rows["up"]
    enough = (rows["down"] >= ENOUGH) & (rows["up"] >= ENOUGH) & (rows["t_down"] + rows["t_up"] > 0)
    ratio = (rate_down / rate_up).where(enough)
    error = np.sqrt(1 / (rows["t_down"] + 0.5) + 1 / (rows["t_up"] + 0.5)) * stats.norm.ppf((1 + level) / 2)
    bounds = pd.DataFrame({"ci_low": ratio * np.exp(-error), "ci_high": ratio * np.exp(error)})
    quarters = rows["down"] + rows["up"]
    basis = pd.Series(np.where(rows["is_own"], "recorded", "proxy"), rows.index, dtype="str")
    return measure("standing_by", ratio, n=quarters, coverage=quarters / 12, basis=basis, interval=bounds)


def in_trouble(seasons: pd.DataFrame) -> pd.DataFrame:
    """List the customers whose business fell within a year while we came less often.

    Returns
    -------
    DataFrame
        ``account_id, own_change`` (last four quarters against the four before, -0.1 or less), ``touch_change`` (last
        two quarters against the same two of the year before, below 0), ``n_touches`` (last two quarters), worst first.
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
    sums = sums[(sums["before"] > 0) & (sums["touched"] > 0)]
    changed = sums.assign(
        own_change=sums["now"] / sums["before"] - 1, touch_change=sums["n_touches"] / sums["touched"] - 1
    )
    worst = changed[(changed["own_change"] <= -0.1) & (changed["touch_change"] < 0)].reset_index()
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
