"""What a content customer brings us through others, and what a hurt one costs us: the law of 250, measured."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from mcrlib.model.bootstrap import BOUNDS
from mcrlib.thresholds import DEFAULTS

Array = NDArray[np.float64]
_REACH = float(ndtri(BOUNDS[1]))
#: What an account without an industry is compared within.
_UNKNOWN = "?"


def reference_effect(asked: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> dict[str, Any]:
    """Tell how many more new deals content customers bring by recommendation than others that were asked as well.

    Compared are accounts of the same industry, asked in the same year; the deals are those of the year after.

    Parameters
    ----------
    asked : DataFrame
        As from ``recommendations``.
    few : int
        Account-years of either side, and deals, below which nothing is told.

    Returns
    -------
    dict
        ``n_satisfied, n_others`` (account-years that have both sides), ``n_recommended`` (their deals), ``satisfied,
        others`` (deals for each account-year, weighted alike), ``difference`` with its 80 % interval ``low, high``
        over accounts (Mantel-Haenszel weights); NaN where there is nothing to compare; ``outcome``: ``sure`` where the
        interval leaves out 0, else ``chance``; ``not_available`` below ``few``. Card T12.
    """
    names = ["satisfied", "others", "difference", "low", "high"]
    every = asked.assign(industry=asked["industry"].fillna(_UNKNOWN))
    mixed = every.groupby(["industry", "year"])["is_satisfied"].transform("nunique") == 2
    every = every[mixed]
    y, content = every["n_recommended"].to_numpy(float), every["is_satisfied"].to_numpy() == 1
    facts = {"n_satisfied": float(content.sum()), "n_others": float((~content).sum()), "n_recommended": float(y.sum())}
    if every.empty:
        return facts | dict.fromkeys(names, float("nan")) | {"outcome": "not_available"}
    cell = every.groupby(["industry", "year"]).ngroup().to_numpy()
    (n1, y1), (n0, y0) = (_count(cell, y, side) for side in (content, ~content))
    weight = n1 * n0 / (n1 + n0)
    weight /= weight.sum()
    satisfied, others = float((weight * y1 / n1).sum()), float((weight * y0 / n0).sum())
    chance = (weight**2 * (_cleared(y1, n1) / n1**2 + _cleared(y0, n0) / n0**2)).sum()
    usual = ((y1 + y0) / (n1 + n0))[cell]
    ratio = [y[side].sum() / max(usual[side].sum(), 1e-9) for side in (~content, content)]
    expected = usual * np.where(content, ratio[1], ratio[0])
    reach = _REACH * float(np.sqrt(chance * _lumps(every["account_id"], y, expected)))
    difference = satisfied - others
    values = [satisfied, others, difference, difference - reach, difference + reach]
    outcome = "not_available" if min(facts.values()) < few else _outcome(*values[3:])
    return facts | dict(zip(names, values, strict=True)) | {"outcome": outcome}


def _outcome(low: float, high: float) -> str:
    return "sure" if low > 0 or high < 0 else "chance"


def _count(cell: NDArray[Any], y: Array, side: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Account-years and deals of one side, by cell."""
    size = int(cell.max()) + 1
    n, deals = np.bincount(cell[side], minlength=size), np.bincount(cell[side], weights=y[side], minlength=size)
    return n.astype(float), deals.astype(float)


def _cleared(y: Array, n: Array) -> Array:
    """Deals by cell, with half a deal more spread over the side, so that none seen is no certainty."""
    return y + 0.5 * n / n.sum()


def _lumps(account: pd.Series, y: Array, expected: Array) -> float:
    """How much more the deals of an account vary than chance alone would have it; at least 1."""
    held = pd.DataFrame({"y": y, "expected": expected}).groupby(account.to_numpy()).sum()
    if len(held) < 2 or not held["expected"].sum():
        return 1.0
    return max(1.0, float(((held["y"] - held["expected"]) ** 2).sum() / held["expected"].sum()))


def hurt_effect(deals: pd.DataFrame) -> dict[str, Any]:
    """Tell how many more deals were lost beside a hurt neighbour than elsewhere in the same industry.

    Parameters
    ----------
    deals : DataFrame
        As from ``deals_beside_hurt``.

    Returns
    -------
    dict
        ``n_beside, n_elsewhere`` (deals in industries that have both), ``difference`` in the share lost, weighted over
        industries (Mantel and Haenszel), with its 80 % interval ``low, high``; NaN where there is nothing to compare;
        ``outcome``: ``sure`` where the interval leaves out 0, else ``chance``, or ``not_available``.
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
        return facts | nothing | {"outcome": "not_available"}
    difference = float((weight * (lost_here / here - lost_there / there)).sum() / weight.sum())
    variance = (weight**2 * (_variance(lost_here, here) + _variance(lost_there, there))).sum() / weight.sum() ** 2
    reach = float(_REACH * np.sqrt(variance))
    low, high = difference - reach, difference + reach
    return facts | {"difference": difference, "low": low, "high": high, "outcome": _outcome(low, high)}


def _variance(lost: Array, n: Array) -> Array:
    """Of a share, kept above 0 by half an observation on each side (Agresti and Caffo 2000)."""
    share = (lost + 0.5) / (n + 1)
    return share * (1 - share) / n


def hurt_list(tiers: pd.DataFrame, hurt: pd.DataFrame) -> pd.DataFrame:
    """List the hurt customers, those first beside whom most is open.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, account_name, tier, harvest``.
    hurt : DataFrame
        As from ``hurt_accounts``.

    Returns
    -------
    DataFrame
        ``account_id, account_name, tier, harvest``, and the columns of ``hurt``. Card T12.
    """
    named = tiers[["account_id", "account_name", "tier", "harvest"]]
    found = named.merge(hurt, on="account_id", validate="one_to_one")
    order = ["neighbour_amount", "n_moments", "harvest", "account_id"]
    return found.sort_values(order, ascending=[False, False, False, True], ignore_index=True)
