"""How long strategic entries dig before they fill the hole, and whether to go on: curves, break-evens, gates."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

Array = np.ndarray
#: A year of four quarters must bring nothing less than it costs, and so must the next one: current break-even.
_YEAR = 4
#: Quarters on record below which nothing is said of an entry: the year that breaks even, and one that confirms it.
SHORTEST = 2 * _YEAR
_TAILS = (0.1, 0.5, 0.9)


def strategic_entries(accounts: pd.DataFrame, moves: pd.DataFrame) -> pd.DataFrame:
    """Name the entries that patience is asked for: saline land, and accounts with costs booked as strategic.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, market_type``.
    moves : DataFrame
        As from ``contributions``.

    Returns
    -------
    DataFrame
        ``account_id, account_name``, only accounts that have cost or brought anything.
    """
    spent = moves.loc[moves["strategic"] > 0, "account_id"]
    chosen = accounts["market_type"].eq("saline").fillna(False) | accounts["account_id"].isin(spent)
    moved = accounts["account_id"].isin(moves["account_id"])
    return accounts.loc[chosen & moved, ["account_id", "account_name"]].reset_index(drop=True)


def contribution_curves(
    moves: pd.DataFrame, entries: pd.DataFrame, as_of: dt.date, *, rate: float = 0.08
) -> pd.DataFrame:
    """Add up what each entry brought less what it cost, quarter by quarter, from its beginning on.

    Costs before the first quarter of the cost table are not known: an entry that is older begins there and is marked.

    Parameters
    ----------
    moves : DataFrame
        As from ``contributions``.
    entries : DataFrame
        As from ``strategic_entries``.
    as_of : date
        Only quarters that are over by then count.
    rate : float
        Yearly rate of the discounted curve.

    Returns
    -------
    DataFrame
        One row per entry and quarter without gaps: ``account_id, quarter, age`` (quarters since the first one with
        gross profit, negative before; empty where there is none), ``gp, cost, contribution, cumulative, discounted``
        (cumulative, at the worth of its beginning),
        ``is_cut`` (it began before the costs are on record).
    """
    columns = ["account_id", "quarter", "age", "gp", "cost", "contribution", "cumulative", "discounted", "is_cut"]
    mine = moves[moves["account_id"].isin(entries["account_id"])]
    last = pd.Period(pd.Timestamp(as_of) + pd.Timedelta(days=1), "Q") - 1
    if mine.empty:
        return pd.DataFrame(columns=columns)
    at = mine["quarter"].dt.to_period("Q")
    recorded = moves.loc[moves["cost"] > 0, "quarter"].min().to_period("Q")
    began = at.groupby(mine["account_id"]).min()
    grid = [(account, quarter) for account in began.index for quarter in _quarters(began[account], recorded, last)]
    curves = pd.DataFrame(grid, columns=["account_id", "at"])
    flows = mine.assign(at=at)[["account_id", "at", "gp", "cost"]]
    curves = curves.merge(flows, on=["account_id", "at"], how="left", validate="one_to_one")
    curves[["gp", "cost"]] = curves[["gp", "cost"]].fillna(0.0)
    bought = at.where(mine["gp"] > 0).groupby(mine["account_id"]).min()
    first = curves["account_id"].map(bought)
    years, quarters = curves["at"].dt.year - first.dt.year, curves["at"].dt.quarter - first.dt.quarter
    curves["age"] = (4.0 * years + quarters).where(first.notna())
    curves["contribution"] = curves["gp"] - curves["cost"]
    step = curves.groupby("account_id").cumcount()
    today = curves.assign(worth=curves["contribution"] * (1 + rate) ** (-(step + 0.5) / 4)).groupby("account_id")
    curves["cumulative"], curves["discounted"] = today["contribution"].cumsum(), today["worth"].cumsum()
    curves["is_cut"] = curves["account_id"].map(began < recorded)
    return curves.assign(quarter=curves["at"].dt.start_time.astype("datetime64[us]"))[columns]


def _quarters(began: pd.Period, recorded: pd.Period, last: pd.Period) -> pd.PeriodIndex:
    return pd.period_range(max(began, recorded), last, freq="Q")


def break_evens(curves: pd.DataFrame) -> pd.DataFrame:
    """Tell for each entry how deep it dug, and when it paid for itself.

    Parameters
    ----------
    curves : DataFrame
        As from ``contribution_curves``.

    Returns
    -------
    DataFrame
        ``account_id, began, quarters, cumulative, depth`` (lowest cumulative contribution), ``trough`` (its quarter),
        ``current_break_even`` (first quarter whose year up to it costs no more than it brings, and so the year after),
        ``cumulative_break_even`` (first quarter after the hole that has it filled), ``discounted_break_even``,
        ``payback_ratio`` (years to refill over years of digging), ``status``: ``ok``, ``weak`` (older than the costs
        on record), ``not_available`` (fewer than eight quarters on record).
    """
    rows = [_break_even(str(account), one) for account, one in curves.groupby("account_id")]
    return pd.DataFrame(rows, columns=[*_FACTS]).astype(_FACTS)


_FACTS = {
    "account_id": "str", "began": "datetime64[us]", "quarters": "int64", "cumulative": "float64", "depth": "float64",
    "trough": "datetime64[us]", "current_break_even": "datetime64[us]", "cumulative_break_even": "datetime64[us]",
    "discounted_break_even": "datetime64[us]", "payback_ratio": "float64", "status": "str",
}  # fmt: skip


def _break_even(account: str, one: pd.DataFrame) -> tuple[object, ...]:
    quarters = one["quarter"].to_numpy()
    total = one["cumulative"].to_numpy()
    current = _when(_current(one["contribution"].to_numpy()[None])[0])
    filled, worth = (_when(_filled(one[name].to_numpy()[None])[0]) for name in ("cumulative", "discounted"))
    ratio = np.nan
    if filled is not None and current is not None and filled >= current:
        ratio = (filled - current) / (current + 1)
    status = "not_available" if len(one) < SHORTEST else "weak" if one["is_cut"].any() else "ok"
    days = [pd.NaT if i is None else quarters[i] for i in (current, filled, worth)]
    lowest = int(total.argmin())
    return (account, quarters[0], len(one), total[-1], min(total[lowest], 0.0), quarters[lowest], *days, ratio, status)


def _when(reached: Array) -> int | None:
    return int(reached.argmax()) if reached.any() else None


def _current(flows: Array) -> Array:
    """Where (rows: paths, columns: quarters) the year up to the quarter and those up to the next four lose nothing."""
    summed = np.cumsum(np.concatenate([np.zeros((len(flows), 1)), flows], axis=1), axis=1)
    well = np.zeros(flows.shape, dtype=bool)
    well[:, _YEAR - 1 :] = summed[:, _YEAR:] >= summed[:, :-_YEAR]
    stays = np.zeros_like(well)
    for start in range(flows.shape[1] - _YEAR):
        stays[:, start] = well[:, start : start + _YEAR + 1].all(axis=1)
    return stays


def _filled(total: Array) -> Array:
    """Where the cumulative contribution is not negative any more."""
    return (total >= 0) & (np.minimum.accumulate(total, axis=1) < 0)


def fans(curves: pd.DataFrame, drawn: Array, *, go: float = 0.60, stop: float = 0.30) -> pd.DataFrame:
    """Spread the cumulative contribution of each entry over the quarters to come, with its gate.

    Parameters
    ----------
    curves : DataFrame
        As from ``contribution_curves``.
    drawn : array
        Contribution of entry (as sorted) × draw × quarter ahead.
    go, stop : float
        As for ``gates``.

    Returns
    -------
    DataFrame
        ``account_id, quarter, low, middle, high`` (80 % of the draws), from the last quarter on record on; ``gate_low,
        gate_high``: what is reached by then with the chances ``go`` and ``stop``. Where the lower one is not negative
        the hole is filled with a chance of at least ``go``, where the higher one is negative with less than ``stop``
        (``chances`` also counts courses that filled it earlier and dug again).
    """
    columns = ["account_id", "quarter", "low", "middle", "high", "gate_low", "gate_high"]
    lasts = curves.groupby("account_id").tail(1).reset_index(drop=True)
    made = []
    for (_, last), paths in zip(lasts.iterrows(), drawn, strict=True):
        total = last.cumulative + np.concatenate([np.zeros((len(paths), 1)), paths.cumsum(axis=1)], axis=1)
        days = pd.period_range(pd.Timestamp(last.quarter), periods=total.shape[1], freq="Q").start_time
        values = (last.account_id, days, *np.quantile(total, (*_TAILS, 1 - go, 1 - stop), axis=0))
        made.append(pd.DataFrame(dict(zip(columns, values, strict=True))))
    return pd.concat(made, ignore_index=True) if made else pd.DataFrame(columns=columns)


def chances(curves: pd.DataFrame, drawn: Array, *, rate: float = 0.08) -> pd.DataFrame:
    """Say how likely each entry is to pay for itself within the quarters drawn, and when.

    Parameters
    ----------
    curves, drawn
        As for ``fans``.
    rate : float
        Yearly rate of the discounted curve.

    Returns
    -------
    DataFrame
        ``account_id, is_paid_back`` (nothing is left to fill), ``p_current`` (chance of the current break-even by
        then), ``current_early, current_middle, current_late`` (first quarters by which 10, 50 and 90 % of the draws
        have reached it; empty where fewer do), ``p_payback`` (chance that the hole is filled), ``payback_early,
        payback_middle, payback_late`` (likewise), ``worth_expected`` (mean discounted cumulative contribution at the
        end, at the worth of the beginning). Empty for an entry with fewer than eight quarters on record.
    """
    rows = []
    for (account, one), paths in zip(curves.groupby("account_id"), drawn, strict=True):
        past, now = one["contribution"].to_numpy(), float(one["cumulative"].iloc[-1])
        if len(one) < SHORTEST or np.isnan(paths).any():
            rows.append((account, now >= 0, np.nan, *[pd.NaT] * 3, np.nan, *[pd.NaT] * 3, np.nan))
            continue
        first, last = (pd.Period(one["quarter"].iloc[at], "Q") for at in (0, -1))
        whole = np.concatenate([np.tile(past, (len(paths), 1)), paths], axis=1)
        pays = np.maximum.accumulate(_current(whole), axis=1).mean(axis=0)
        filled = (np.maximum.accumulate(now + paths.cumsum(axis=1) >= 0, axis=1) | (now >= 0)).mean(axis=0)
        today = (1 + rate) ** (-(len(one) + np.arange(paths.shape[1]) + 0.5) / 4)
        worth = float(one["discounted"].iloc[-1] + paths.mean(axis=0) @ today)
        rows.append((account, now >= 0, pays[-1], *_days(pays, first), filled[-1], *_days(filled, last + 1), worth))
    return pd.DataFrame(rows, columns=[*_CHANCES]).astype(_CHANCES)


def _days(share: Array, first: pd.Period) -> list[Any]:
    """Quarters by which the share of draws, from the first quarter on, has passed each tail."""
    return [pd.NaT if (at := _when(share >= tail)) is None else (first + at).start_time for tail in _TAILS]


_DAY = "datetime64[us]"
_CHANCES = {
    "account_id": "str", "is_paid_back": "bool", "p_current": "float64", "current_early": _DAY, "current_middle": _DAY,
    "current_late": _DAY, "p_payback": "float64", "payback_early": _DAY, "payback_middle": _DAY, "payback_late": _DAY,
    "worth_expected": "float64",
}  # fmt: skip


def gates(
    now: pd.DataFrame,
    before: pd.DataFrame,
    is_rising: pd.Series,
    *,
    go: float = 0.60,
    stop: float = 0.30,
) -> pd.DataFrame:
    """Say at which gate each entry stands: reinforce, review, stop; never stop on one reading, nor on money alone.

    Parameters
    ----------
    now, before : DataFrame
        As from ``chances``, today and a year ago.
    is_rising : Series
        Whether the signs that come before money (people in touch, activities) grew, by ``account_id``; empty where
        unknown.
    go, stop : float
        Chance of filling the hole from which to reinforce, and below which, twice running and with flat signs, to stop.

    Returns
    -------
    DataFrame
        ``now`` with ``p_before, is_rising, gate`` (``paid_back``, ``reinforce``, ``review``, ``stop``,
        ``not_available``).
    """
    earlier = before[["account_id", "p_payback"]].rename(columns={"p_payback": "p_before"})
    table = now.merge(earlier, on="account_id", how="left", validate="one_to_one")
    table["is_rising"] = table["account_id"].map(is_rising).astype("boolean")
    chance, flat = table["p_payback"], table["is_rising"].eq(False).fillna(False).astype(bool)
    rules = {
        "not_available": chance.isna(),
        "paid_back": table["is_paid_back"],
        "reinforce": chance >= go,
        "stop": (chance < stop) & (table["p_before"] < stop) & flat,
    }
    return table.assign(gate=np.select(list(rules.values()), list(rules), default="review"))


def are_rising(now: pd.DataFrame, before: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """Whether any of the signs that come before money grew since a year ago; empty where none is known at both dates.

    ``now`` and ``before`` are account features, the second as known a year earlier.
    """
    both = now.set_index("account_id")[list(columns)].astype(float)
    grew = both - before.set_index("account_id")[list(columns)].astype(float).reindex(both.index)
    return (grew > 0).any(axis=1).astype("boolean").where(grew.notna().any(axis=1))


def hindcast(curves: pd.DataFrame, told: pd.DataFrame) -> dict[str, float]:
    """Judge the fans of an earlier date by what came: how many entries ended inside.

    ``curves`` as from ``contribution_curves``, today; ``told`` as from ``fans``, of curves that ended earlier: their
    last quarter that is on record now is judged.

    Returns
    -------
    dict
        ``n`` entries judged, ``inside`` (share between ``low`` and ``high``; NaN where n is 0).
    """
    known = curves[["account_id", "quarter", "cumulative"]]
    came = told.merge(known, on=["account_id", "quarter"], validate="one_to_one")
    last = came.sort_values("quarter").groupby("account_id").tail(1)
    inside = last["cumulative"].between(last["low"], last["high"])
    return {"n": float(len(last)), "inside": float(inside.mean()) if len(last) else float("nan")}
