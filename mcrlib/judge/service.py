"""Whether small customers are served as well as large ones, and what comes of hurting them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from mcrlib.settings import Thresholds

_HIGH, _LOW = ("S", "A"), ("B", "C")
_RESAMPLES, _BOUNDS = 500, (0.1, 0.9)
PARITY = ["measure", "high", "low", "n_high", "n_low", "gap", "gap_low", "gap_high", "served"]


def service_parity(
    tiers: pd.DataFrame, accounts: pd.DataFrame, parts: pd.DataFrame, thresholds: Thresholds, *, seed: int = 1
) -> pd.DataFrame:
    """Compare how small customers are served with how large ones are.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, tier, n_orders``; judged are customers that ever ordered.
    accounts : DataFrame
        ``account_id, n_activities_12m`` (NaN where nothing is logged).
    parts : DataFrame
        As from ``fertility_parts``: ``account_id, part, value, n``.
    thresholds : Thresholds
        ``parity_gap, small_number``.

    Returns
    -------
    DataFrame
        Three rows, ``measure``: ``service`` (cases settled in time), ``satisfaction`` (mean answer, 0-1), ``touched``
        (accounts with a touch within the year); ``high, low``: S and A, and B and C together; ``n_high, n_low`` (cases,
        answers, accounts); ``gap``: how much less the small ones get, as a share of what the large ones get, with its
        80 % interval ``gap_low, gap_high`` over accounts; ``served``: ``alike`` (the interval keeps the limit),
        ``worse`` (the gap passes it, and the interval keeps above 0), ``unsure``, ``few`` (a side has fewer than
        ``small_number``), ``not_available``. Card T12.
    """
    customers = tiers.loc[tiers["n_orders"] > 0, ["account_id", "tier"]]
    touches = accounts.loc[accounts["n_activities_12m"].notna(), ["account_id", "n_activities_12m"]]
    touched = touches.assign(part="touched", value=(touches["n_activities_12m"] > 0).astype(float), n=1)
    every = pd.concat([parts[["account_id", "part", "value", "n"]], touched], ignore_index=True)
    every = every.dropna(subset="value").merge(customers, on="account_id", validate="many_to_one")
    rows = [
        _compare(name, every[every["part"] == name], thresholds, seed)
        for name in ("service", "satisfaction", "touched")
    ]
    return pd.DataFrame(rows, columns=PARITY)


def neglected(tiers: pd.DataFrame, accounts: pd.DataFrame, overdue: pd.DataFrame) -> pd.DataFrame:
    """List the C customers that nobody has touched for a year, or whose case waits too long.

    Returns
    -------
    DataFrame
        Highest soil value first: ``account_id, account_name, soil_value, harvest, n_activities_12m`` (NaN where nothing
        is logged: then nobody is called untouched), ``n_overdue, oldest_days``. Card T12.
    """
    low = tiers.loc[(tiers["tier"] == "C") & (tiers["n_orders"] > 0)]
    low = low[["account_id", "account_name", "soil_value", "harvest"]]
    low = low.merge(accounts[["account_id", "n_activities_12m"]], on="account_id", validate="one_to_one")
    low = low.merge(overdue, on="account_id", how="left", validate="one_to_one")
    low["n_overdue"] = low["n_overdue"].fillna(0).astype(int)
    found = low[(low["n_activities_12m"] == 0) | (low["n_overdue"] > 0)]
    return found.sort_values(["soil_value", "account_id"], ascending=[False, True], ignore_index=True)


def hurt_effect(deals: pd.DataFrame) -> dict[str, float]:
    """Tell how many more deals were lost beside a hurt neighbour than elsewhere in the same industry.

    Parameters
    ----------
    deals : DataFrame
        As from ``deals_beside_hurt``.

    Returns
    -------
    dict
        ``n_beside, n_elsewhere`` (deals in industries that have both), ``difference`` in the share lost, weighted over
        industries (Mantel and Haenszel), with its 80 % interval ``low, high``; NaN where there is nothing to compare.
    """
    counts = deals.astype({"is_beside_hurt": int}).pivot_table(
        index="industry", columns="is_beside_hurt", values=["n_deals", "n_lost"], aggfunc="sum"
    )
    wanted = pd.MultiIndex.from_product([["n_deals", "n_lost"], [0, 1]])
    table = counts.reindex(columns=wanted).dropna().astype(float)
    (there, here), (lost_there, lost_here) = (
        (table[name, 0].to_numpy(), table[name, 1].to_numpy()) for name in ("n_deals", "n_lost")
    )
    weight = here * there / (here + there)
    nothing = dict.fromkeys(("difference", "low", "high"), float("nan"))
    facts = {"n_beside": float(here.sum()), "n_elsewhere": float(there.sum())}
    if not weight.sum():
        return facts | nothing
    difference = float((weight * (lost_here / here - lost_there / there)).sum() / weight.sum())
    variance = (weight**2 * (_variance(lost_here, here) + _variance(lost_there, there))).sum() / weight.sum() ** 2
    reach = float(ndtri(_BOUNDS[1]) * np.sqrt(variance))
    return facts | {"difference": difference, "low": difference - reach, "high": difference + reach}


def _variance(lost: NDArray[np.float64], n: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of a share, kept above 0 by half an observation on each side (Agresti and Caffo 2000)."""
    share = (lost + 0.5) / (n + 1)
    return share * (1 - share) / n


def _compare(measure: str, rows: pd.DataFrame, thresholds: Thresholds, seed: int) -> tuple[object, ...]:
    sides = [rows[rows["tier"].isin(tiers)] for tiers in (_HIGH, _LOW)]
    n_high, n_low = (int(side["n"].sum()) for side in sides)
    nothing = float("nan")
    if not n_high or not n_low:
        return (measure, nothing, nothing, n_high, n_low, nothing, nothing, nothing, "not_available")
    high, low = (float((side["value"] * side["n"]).sum() / side["n"].sum()) for side in sides)
    random = np.random.default_rng(seed)
    drawn_high, drawn_low = (_draw(side, random) for side in sides)
    gap = (high - low) / high if high > 0 else nothing
    drawn = (drawn_high - drawn_low)[drawn_high > 0] / drawn_high[drawn_high > 0]
    gap_low, gap_high = np.quantile(drawn, _BOUNDS) if len(drawn) else (nothing, nothing)
    few, limit = min(n_high, n_low) < thresholds.small_number, thresholds.parity_gap
    served = "few" if few else "alike" if gap_high <= limit else "worse" if gap > limit and gap_low > 0 else "unsure"
    return (measure, high, low, n_high, n_low, gap, gap_low, gap_high, served)


def _draw(side: pd.DataFrame, random: np.random.Generator) -> NDArray[np.float64]:
    """Means of a side with its accounts drawn again."""
    value, n = side["value"].to_numpy(float), side["n"].to_numpy(float)
    taken = random.integers(len(side), size=(_RESAMPLES, len(side)))
    return np.asarray((value * n)[taken].sum(axis=1) / n[taken].sum(axis=1))
