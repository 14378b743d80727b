"""Whether customers climb: tiers year by year, the climb index, the mix to come, and how such a mix came out before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.model.bootstrap import BOUNDS, bootstrap_counts
from mcrlib.model.proportions import share_bounds
from mcrlib.model.soil.masked import known_accounts
from mcrlib.model.tiers.kept import settle_tiers
from mcrlib.model.tiers.migration import Migration
from mcrlib.model.tiers.table import tier_table
from mcrlib.model.tiers.values import value_matrix
from mcrlib.settings import Settings
from mcrlib.thresholds import DEFAULTS

#: The mix is foretold from so many moves on, and for so many periods.
_LEAST, AHEAD = 30, 3
_RANKS = {"S": 3, "A": 2, "B": 1, "C": 0}
SEEN = ("date", "account_id", "account_name", "tier", "harvest")
STEPS = ("date_before", "date", "account_id", "account_name", "tier_before", "tier", "harvest_before", "harvest")
CHANCES = ("tier_before", "n", "n_accounts", "tier", "n_moved", "share", "low", "high")
_MIX = ["tier", "n_now", "n_expected", "n_low", "n_high", "n_later", "n_later_low", "n_later_high"]


def tiers_year_by_year(
    features_at: Callable[[dt.date], pd.DataFrame],
    soil_at: Callable[[dt.date], pd.DataFrame],
    dates: list[dt.date],
    settings: Settings,
) -> pd.DataFrame:
    """Make the tiers as runs of the kit at earlier dates would have published them, each knowing only its own past.

    The groups of the first date score the later ones until the accounts have drifted, and a tier moves as it does from
    run to run. The soil value is that of the base forecast, and human decisions are left out.

    Parameters
    ----------
    features_at, soil_at : callable
        ``account_features`` (frozen) and their ``base_soil``.
    dates : list of date
        Any order.
    settings : Settings
        Quotas, thresholds, horizon, rate.

    Returns
    -------
    DataFrame
        One row per date and account known by then, earliest first: ``date, account_id, account_name, tier`` (``none``
        before its first order), ``harvest``.
    """
    seen, model, state = [], None, None
    for date in sorted(dates):
        features = known_accounts(features_at(date), date)
        ordered = features["n_order_days"] > 0
        if not ordered.any():
            continue
        soil = soil_at(date)
        soil = soil[soil["account_id"].isin(features["account_id"])].reset_index(drop=True)
        basis = settle_tiers(value_matrix(features, soil), ordered, settings, date, model)
        state = tier_table(features, soil, settings, model=basis.model, before=state)
        model = basis.as_dict()
        tier = state["tier"].where(ordered, "none")
        seen.append(features[["account_id", "account_name", "harvest"]].assign(date=pd.Timestamp(date), tier=tier))
    return pd.concat(seen, ignore_index=True)[list(SEEN)] if seen else pd.DataFrame(columns=list(SEEN))


def tier_steps(seen: pd.DataFrame) -> pd.DataFrame:
    """Put each account's tiers of two dates in a row beside each other.

    Returns
    -------
    DataFrame
        ``date_before, date, account_id, account_name, tier_before, tier, harvest_before, harvest``; accounts known at
        both dates, the highest harvest over both first within a step.
    """
    dates = [one for _, one in seen.groupby("date")]
    pairs = [
        before.merge(
            now.drop(columns="account_name"), on="account_id", validate="one_to_one", suffixes=("_before", "")
        ).assign(_worth=lambda pair: pair["harvest"] + pair["harvest_before"])
        for before, now in pairwise(dates)
    ]
    if not pairs:
        return pd.DataFrame(columns=list(STEPS))
    order = ["date", "_worth", "account_id"]
    steps = pd.concat(pairs, ignore_index=True).sort_values(order, ascending=[True, False, True], ignore_index=True)
    return steps[list(STEPS)]


def climb_index(steps: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """Tell by how many tiers the profit climbed between two dates: the mean step of accounts, weighted by profit.

    The weight is the mean of the harvest at both dates: by the earlier one alone every account could but fall.

    Parameters
    ----------
    steps : DataFrame
        As from ``tier_steps``.
    seed : int
        Seed of the interval, over accounts.

    Returns
    -------
    DataFrame
        One row per step, latest last: ``date_before, date, climb`` (tiers; 1: all profit rose by one) with its 80 %
        interval ``low, high``, ``n_up, n_down, n`` (accounts that had ordered at both dates). Card T3.
    """
    bought = steps[(steps["tier_before"] != "none") & (steps["tier"] != "none")]
    rows = [(*dates, *_climb(one, seed)) for dates, one in bought.groupby(["date_before", "date"])]
    return pd.DataFrame(rows, columns=["date_before", "date", "climb", "low", "high", "n_up", "n_down", "n"])


def _climb(one: pd.DataFrame, seed: int) -> tuple[float, ...]:
    step = (one["tier"].map(_RANKS) - one["tier_before"].map(_RANKS)).to_numpy(float)
    weight = ((one["harvest_before"] + one["harvest"]) / 2).clip(lower=0.0).to_numpy(float)
    counts = (float((step > 0).sum()), float((step < 0).sum()), float(len(one)))
    if weight.sum() <= 0:
        return (float("nan"),) * 3 + counts
    drawn = bootstrap_counts(len(one), seed=seed)
    totals, climbed = np.array([(counts @ weight, counts @ (weight * step)) for counts in drawn]).T
    low, high = np.quantile(climbed[totals > 0] / totals[totals > 0], BOUNDS)
    return ((weight * step).sum() / weight.sum(), low, high, *counts)


def tier_chances(steps: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> pd.DataFrame:
    """Tell where the accounts of each tier stood a step later: the matrix of moves, with how far it may be off.

    Parameters
    ----------
    steps : DataFrame
        As from ``tier_steps``.

    Returns
    -------
    DataFrame
        One row per tier then and tier later, from S down: ``tier_before, n`` (its accounts over all steps),
        ``n_accounts`` (different ones), ``tier, n_moved`` (of ``n``), ``share`` with its 80 % interval ``low, high``
        (Jeffreys' prior on each move against all others; over accounts, as one account at several dates says little
        more than once). Without tiers of fewer than ``few`` steps, and without rows below thirty steps in all.
        Card T3.
    """
    bought = steps[(steps["tier_before"] != "none") & (steps["tier"] != "none")]
    if len(bought) < _LEAST:
        return pd.DataFrame(columns=list(CHANCES))
    tiers = pd.Index(list(_RANKS))
    counts = pd.crosstab(bought["tier_before"], bought["tier"]).reindex(index=tiers, columns=tiers, fill_value=0)
    told = counts.rename_axis("tier_before").rename_axis("tier", axis=1).melt(ignore_index=False, value_name="n_moved")
    told = told.reset_index().sort_values("tier_before", key=lambda tier: -tier.map(_RANKS), kind="stable")
    told["n"] = told.groupby("tier_before")["n_moved"].transform("sum")
    told["n_accounts"] = told["tier_before"].map(bought.groupby("tier_before")["account_id"].nunique())
    told = told[told["n"] >= few].reset_index(drop=True)
    told["share"] = told["n_moved"] / told["n"]
    told["low"], told["high"] = share_bounds(told["share"], told["n_accounts"])
    return told[list(CHANCES)]


def tier_mix(steps: pd.DataFrame, counts: pd.Series, *, seed: int = 1) -> pd.DataFrame:
    """Expect how many of today's accounts will be in each tier one period ahead, and three.

    Parameters
    ----------
    steps : DataFrame
        As from ``tier_steps``, of dates up to today.
    counts : Series
        Accounts by tier today (``S, A, B, C``; ``none``: never ordered).
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        Five rows, S to none: ``tier, n_now, n_expected, n_low, n_high`` (one period ahead, 80 %), ``n_later,
        n_later_low, n_later_high`` (three). Without rows where fewer than thirty moves over two periods are on record:
        that is not enough to say. Card T3.
    """
    if len(steps) < _LEAST or steps["date"].nunique() < 2:
        return pd.DataFrame(columns=_MIX)
    return _mix(steps, counts, seed)


def _mix(steps: pd.DataFrame, counts: pd.Series, seed: int) -> pd.DataFrame:
    model = Migration.learn(steps)
    assert model is not None
    said = model.expect(counts, AHEAD, seed=seed)
    near = said[said["ahead"] == 1].drop(columns="ahead")
    late = said[said["ahead"] == AHEAD].drop(columns="ahead")
    late.columns = pd.Index(["tier", "n_later", "n_later_low", "n_later_high"])
    both = near.merge(late, on="tier", validate="one_to_one")
    return both.assign(n_now=both["tier"].map(counts).fillna(0).astype(int))[_MIX]


def mix_record(steps: pd.DataFrame, *, seed: int = 1) -> dict[str, Any]:
    """Judge such mixes at earlier dates, each learned from the steps before it, beside a mix that stays as it is.

    Returns
    -------
    dict
        ``n`` (tiers foretold, over all dates), ``inside`` (of them, in their 80 % interval), ``ours, same`` (accounts
        in another tier than foretold, summed over dates: by us, and had the mix stayed), ``dates``. Zeros where no
        earlier date has a step before it.
    """
    dates = sorted(steps["date"].unique())
    record = {"n": 0, "inside": 0, "ours": 0.0, "same": 0.0, "dates": 0}
    for earlier, date in pairwise(dates):
        known, came = steps[steps["date"] <= earlier], steps[steps["date"] == date]
        if len(known) < _LEAST:
            continue
        said = _mix(known, came["tier_before"].value_counts(), seed).set_index("tier").drop(index="none")
        found = came["tier"].value_counts().reindex(said.index, fill_value=0)
        record["n"] += len(said)
        record["inside"] += int(found.between(said["n_low"], said["n_high"]).sum())
        record["ours"] += float((found - said["n_expected"]).abs().sum() / 2)
        record["same"] += float((found - said["n_now"]).abs().sum() / 2)
        record["dates"] += 1
    return record
