"""Whether small customers are served as well as large ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.model.bootstrap import BOUNDS
from mcrlib.settings import Thresholds

_HIGH, _LOW = ("S", "A"), ("B", "C")
_RESAMPLES = 500
#: What is compared; of days less is better, of all else more.
_MEASURES, _LESS_IS_BETTER = ("service", "days", "satisfaction", "touched"), "days"
PARITY = ["measure", "high", "low", "n_high", "n_low", "gap", "gap_low", "gap_high", "served"]


def service_parity(
    tiers: pd.DataFrame, accounts: pd.DataFrame, parts: list[pd.DataFrame], thresholds: Thresholds, *, seed: int = 1
) -> pd.DataFrame:
    """Compare how small customers are served with how large ones are.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, tier, n_orders``; judged are customers that ever ordered.
    accounts : DataFrame
        ``account_id, n_activities_12m`` (NaN where nothing is logged).
    parts : list of DataFrame
        From ``fertility_parts`` and ``settling_days``: ``account_id, part, value, n``.
    thresholds : Thresholds
        ``parity_gap, small_number``.

    Returns
    -------
    DataFrame
        Four rows, ``measure``: ``service`` (cases settled in time), ``days`` (until a case is settled),
        ``satisfaction`` (mean answer, 0-1), ``touched`` (accounts with a touch within the year); ``high, low``: S and
        A, and B and C together; ``n_high, n_low`` (cases, answers, accounts); ``gap``: how much less the small ones get
        (how much longer they wait), as a share of what the large ones get, with its 80 % interval ``gap_low, gap_high``
        over accounts; ``served``: ``alike`` (the interval keeps the limit),
        ``worse`` (the gap passes it, and the interval keeps above 0), ``less`` (the interval keeps above 0 and passes
        the limit, the gap does not), ``unsure``, ``few`` (a side has fewer than ``small_number``), ``not_available``.
        Card T12.
    """
    customers = tiers.loc[tiers["n_orders"] > 0, ["account_id", "tier"]]
    touches = accounts.loc[accounts["n_activities_12m"].notna(), ["account_id", "n_activities_12m"]]
    touched = touches.assign(part="touched", value=(touches["n_activities_12m"] > 0).astype(float), n=1)
    columns = ["account_id", "part", "value", "n"]
    every = pd.concat([*(part[columns] for part in parts), touched[columns]], ignore_index=True)
    every = every.dropna(subset="value").merge(customers, on="account_id", validate="many_to_one")
    rows = [_compare(name, every[every["part"] == name], thresholds, seed) for name in _MEASURES]
    return pd.DataFrame(rows, columns=PARITY)


def neglected(tiers: pd.DataFrame, accounts: pd.DataFrame, overdue: pd.DataFrame) -> pd.DataFrame:
    """List the C customers that nobody has touched for a year, or whose case waits too long.

    Returns
    -------
    DataFrame
        Highest soil value first: ``account_id, account_name, soil_value, harvest, n_activities_12m`` (NaN where nothing
        is logged: then nobody is called untouched), ``n_overdue`` (NA where no cases are delivered), ``oldest_days``.
        Card T12.
    """
    low = tiers.loc[(tiers["tier"] == "C") & (tiers["n_orders"] > 0)]
    low = low[["account_id", "account_name", "soil_value", "harvest"]]
    seen = accounts[["account_id", "n_activities_12m", "n_cases_24m"]]
    low = low.merge(seen, on="account_id", validate="one_to_one").merge(
        overdue, on="account_id", how="left", validate="one_to_one"
    )
    counted = low["n_overdue"].where(low.pop("n_cases_24m").isna(), low["n_overdue"].fillna(0))
    low["n_overdue"] = counted.astype("Int64")
    found = low[(low["n_activities_12m"] == 0) | low["n_overdue"].gt(0).fillna(False)]
    return found.sort_values(["soil_value", "account_id"], ascending=[False, True], ignore_index=True)


def _compare(measure: str, rows: pd.DataFrame, thresholds: Thresholds, seed: int) -> tuple[object, ...]:
    sides = [rows[rows["tier"].isin(tiers)] for tiers in (_HIGH, _LOW)]
    n_high, n_low = (int(side["n"].sum()) for side in sides)
    nothing = float("nan")
    if not n_high or not n_low:
        return (measure, nothing, nothing, n_high, n_low, nothing, nothing, nothing, "not_available")
    high, low = (float((side["value"] * side["n"]).sum() / side["n"].sum()) for side in sides)
    random = np.random.default_rng(seed)
    drawn_high, drawn_low = (_draw(side, random) for side in sides)
    sign = -1 if measure == _LESS_IS_BETTER else 1
    gap = sign * (high - low) / high if high > 0 else nothing
    drawn = sign * (drawn_high - drawn_low)[drawn_high > 0] / drawn_high[drawn_high > 0]
    gap_low, gap_high = np.quantile(drawn, BOUNDS) if len(drawn) else (nothing, nothing)
    few, limit = min(n_high, n_low) < thresholds.small_number, thresholds.parity_gap
    surely = ("worse" if gap > limit else "less") if gap_low > 0 else "unsure"
    served = "few" if few else "alike" if gap_high <= limit else surely
    return (measure, high, low, n_high, n_low, gap, gap_low, gap_high, served)


def _draw(side: pd.DataFrame, random: np.random.Generator) -> NDArray[np.float64]:
    """Means of a side with its accounts drawn again."""
    value, n = side["value"].to_numpy(float), side["n"].to_numpy(float)
    taken = random.integers(len(side), size=(_RESAMPLES, len(side)))
    return np.asarray((value * n)[taken].sum(axis=1) / n[taken].sum(axis=1))
