"""Accounts that their orders hide: what they should be worth by everything else, and whether that ever held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtri

from mcrlib.model.proportions import share_bounds

Array = NDArray[np.float64]

_RESAMPLES, _BOUNDS = 200, (0.1, 0.9)
#: Chance that any fact is called sure which is not.
_BY_LUCK = 0.1
#: Forecasts judged below which nothing is claimed.
_LEAST = 30
_NAN = float("nan")
RECORD = [
    "quiet_state", "is_named", "n", "n_accounts", "n_ordered", "days", "soil_masked", "foretold", "revenue",
]  # fmt: skip


@dataclass(frozen=True)
class Skill:
    """Whether soil with the crops masked told anything at earlier dates; intervals hold 80 %, over accounts.

    Parameters
    ----------
    n, origins : int
        Forecasts judged (accounts at all earlier dates), and earlier dates.
    quiet : int
        Of them, with no more revenue in the year before than the middle account: there alone sleepers are sought.
    explained, explained_low, explained_high : float
        Share of the deviance around the mean that it explained; negative where the mean was better.
    quiet_order, quiet_low, quiet_high : float
        How well it put the quiet ones in order of what they then brought (normalised Gini: 0 chance, 1 perfect).
    quiet_last_year : float
        The same of last year's revenue.
    order, order_last_year : float
        The same of both over all accounts.
    """

    n: int
    origins: int
    quiet: int = 0
    explained: float = _NAN
    explained_low: float = _NAN
    explained_high: float = _NAN
    quiet_order: float = _NAN
    quiet_low: float = _NAN
    quiet_high: float = _NAN
    quiet_last_year: float = _NAN
    order: float = _NAN
    order_last_year: float = _NAN

    @property
    def beats_mean(self) -> bool:
        """Whether it surely told more than the mean."""
        return self.explained_low > 0

    @property
    def has_signal(self) -> bool:
        """Whether it surely beat the mean, and among the quiet ones chance and, in the middle, last year's revenue."""
        return bool(self.beats_mean and self.quiet_low > 0 and not self.quiet_order < self.quiet_last_year)


def masked_skill(judged: pd.DataFrame, *, seed: int = 1) -> Skill:
    """Judge soil with the crops masked on earlier dates, beside the mean and last year's revenue.

    Parameters
    ----------
    judged : DataFrame
        As from ``judge_masked``: ``origin, account_id, masked, mean, last_year, revenue``.
    seed : int
        Seed of the resamples; accounts are drawn again with all their dates.

    Returns
    -------
    Skill
        NaN where too little was judged; then there is no signal.
    """
    counted = (len(judged), judged["origin"].nunique())
    quiet = is_quiet(judged).to_numpy()
    came = judged["revenue"].clip(lower=0.0).to_numpy(float)
    if len(judged) < _LEAST or came[quiet].sum() <= 0:
        return Skill(*counted)
    said, last_year = judged["masked"].to_numpy(float), judged["last_year"].to_numpy(float)
    ours, means = _deviance(came, said), _deviance(came, judged["mean"].to_numpy(float))

    def measures(weight: Array) -> tuple[float, float]:
        explained = 1 - (weight * ours).sum() / (weight * means).sum()
        return float(explained), _order(came[quiet], said[quiet], weight[quiet])

    account, names = pd.factorize(judged["account_id"])
    random, n, once = np.random.default_rng(seed), len(names), np.ones(len(judged))
    drawn = [np.bincount(random.integers(n, size=n), minlength=n).astype(float) for _ in range(_RESAMPLES)]
    low, high = np.nanquantile([measures(weight[account]) for weight in drawn], _BOUNDS, axis=0).tolist()
    explained, order = measures(once)
    return Skill(
        *counted, int(quiet.sum()), explained, low[0], high[0], order, low[1], high[1],
        _order(came[quiet], last_year[quiet], once[quiet]), _order(came, said, once), _order(came, last_year, once),
    )  # fmt: skip


def soil_gap(masked: pd.DataFrame, soil: pd.DataFrame, accounts: pd.DataFrame) -> pd.DataFrame:
    """Lay soil by what is known of each account beside the soil that its orders foretell.

    What is known tells how accounts differ; how much a year is worth over the horizon, in gross profit and discounted,
    is taken from the orders: over all customers together both soils are equal.

    Parameters
    ----------
    masked : DataFrame
        ``account_id, masked, masked_low, masked_high`` (revenue of a window), ``speaks_for``.
    soil : DataFrame
        As from ``SoilModel.predict``.
    accounts : DataFrame
        ``account_id, revenue_12m``.

    Returns
    -------
    DataFrame
        One row per account of ``soil``: ``account_id, soil_masked, masked_low, masked_high`` (gross profit over the
        horizon, discounted; the bounds are of the mean of accounts like this one), ``foretold`` (by its orders,
        contracts aside; 0 where there are none), ``soil_gap`` (soil_masked less foretold), ``last_year`` (revenue),
        ``quiet_state`` (never_ordered, silent for 12 months, or buying), ``speaks_for``.
    """
    bought, by_orders = soil["soil_basis"].eq("orders"), soil["soil_value"] - soil.get("contract_value", 0.0)
    own = soil[["account_id"]].assign(foretold=by_orders.where(bought, 0.0), bought=bought)
    table = own.merge(masked, on="account_id", how="left", validate="one_to_one")
    last_year = accounts[["account_id", "revenue_12m"]].rename(columns={"revenue_12m": "last_year"})
    return _gap(table.merge(last_year, on="account_id", how="left", validate="one_to_one"))


def sleepers(gap: pd.DataFrame, skill: Skill, *, margin: float, share: float) -> pd.DataFrame:
    """Choose the quiet accounts that should be among the richest, and of which their orders foretell little.

    Parameters
    ----------
    gap : DataFrame
        As from ``soil_gap``.
    skill : Skill
        Without a signal nobody is named.
    margin : float
        How many times what its orders foretell the lower bound of the masked soil must be.
    share : float
        Share of the accounts, by masked soil, among which sleepers are sought.

    Returns
    -------
    DataFrame
        Rows of ``gap``, the largest gap first.
    """
    named = gap[_is_asleep(gap, margin, share) & skill.has_signal]
    return named.sort_values(["soil_gap", "account_id"], ascending=[False, True], ignore_index=True)


def lifts(effects: pd.DataFrame | None) -> pd.DataFrame:
    """Tell by what share the revenue of accounts is higher that have more of something, all else equal.

    Parameters
    ----------
    effects : DataFrame or None
        As from ``Masked.effects``; None where nothing was learned.

    Returns
    -------
    DataFrame
        ``covariate, kind``, ``lift`` (share more for one usual spread more; 0.2 is a fifth) with its 80 % interval
        ``lift_low, lift_high``, ``is_sure``; the largest in either direction first. Of many facts some look sure by
        chance: with all that are sure, there is one chance in ten that any is not (Bonferroni).
    """
    if effects is None:
        return pd.DataFrame(columns=["covariate", "kind", "lift", "lift_low", "lift_high", "is_sure"])
    ends = {name: np.expm1(effects[name.replace("lift", "effect")]) for name in ("lift", "lift_low", "lift_high")}
    spread = (effects["effect_high"] - effects["effect_low"]) / (2 * ndtri(_BOUNDS[1]))
    is_sure = effects["effect"].abs() > spread * ndtri(1 - _BY_LUCK / (2 * max(len(effects), 1)))
    return effects[["covariate", "kind"]].assign(**ends, is_sure=is_sure)


def earlier_sleepers(judged: pd.DataFrame, *, margin: float, share: float) -> pd.DataFrame:
    """Tell what came of the accounts that would have been named at earlier dates, beside the other quiet ones.

    Parameters
    ----------
    judged : DataFrame
        As from ``judge_masked``.
    margin, share : float
        As for ``sleepers``.

    Returns
    -------
    DataFrame
        One row per ``quiet_state`` (never_ordered, silent, buying) and ``is_named``: ``n`` (counted once a date),
        ``n_accounts`` (counted once), ``n_ordered`` (of ``n``, that then brought revenue), ``days`` (of the horizon),
        and per account ``soil_masked`` (promised for the horizon, revenue), ``foretold`` (by orders), ``revenue`` (what
        came).
    """
    dates = [_gap(one) for _, one in judged.groupby("origin")]
    rows = [one.assign(is_named=_is_asleep(one, margin, share))[is_quiet(one)] for one in dates]
    if not rows:
        return pd.DataFrame(columns=RECORD)
    seen = pd.concat(rows, ignore_index=True)
    seen["ordered"] = seen["revenue"] > 0
    groups = seen.groupby(["quiet_state", "is_named"])
    means = groups[["soil_masked", "foretold", "revenue"]].mean()
    sizes = {"n": ("ordered", "size"), "n_accounts": ("account_id", "nunique"), "n_ordered": ("ordered", "sum")}
    counts = groups.agg(**sizes, days=("horizon_days", "max"))
    table = counts.join(means, validate="one_to_one").reset_index()
    return table.sort_values(["quiet_state", "is_named"], ascending=[True, False], ignore_index=True)


def like_for_like(before: pd.DataFrame) -> dict[str, float]:
    """Lay what came of those named at earlier dates beside what came of others that stood where they stood.

    Who never ordered is compared with others that never had, who was silent with others that were, who bought a little
    with others that did.

    Parameters
    ----------
    before : DataFrame
        As from ``earlier_sleepers``.

    Returns
    -------
    dict
        ``n, accounts, ordered, days``, ``revenue`` (an account) of those named; ``share_low, share_high``: share that
        orders, 80 % (Jeffreys' prior; over accounts, as one account at several dates says little more than once);
        ``share_others, revenue_others``: of the others, weighted by state as the named are. Empty where nobody was
        named or nobody is like them.
    """
    by_state = before.set_index("quiet_state")
    named, others = (by_state[by_state["is_named"].eq(one)] for one in (True, False))
    named, others = (one.loc[named.index.intersection(others.index)] for one in (named, others))
    if named.empty:
        return {}
    n, accounts, ordered = (float(named[name].sum()) for name in ("n", "n_accounts", "n_ordered"))
    low, high = share_bounds(ordered / n, accounts)
    weight = named["n"] / n
    return {
        "n": n,
        "accounts": accounts,
        "ordered": ordered,
        "days": float(named["days"].max()),
        "revenue": float((weight * named["revenue"]).sum()),
        "share_low": float(low),
        "share_high": float(high),
        "share_others": float((weight * others["n_ordered"] / others["n"]).sum()),
        "revenue_others": float((weight * others["revenue"]).sum()),
    }


def is_quiet(table: pd.DataFrame) -> pd.Series:
    """Which accounts brought no more revenue in the year before than the middle one of their date (``last_year``)."""
    if "origin" not in table:
        return table["last_year"] <= table["last_year"].median()
    return table["last_year"] <= table.groupby("origin")["last_year"].transform("median")


def _gap(table: pd.DataFrame) -> pd.DataFrame:
    """The masked soil on the level of what orders foretell, and what lies between."""
    customers = table[table["bought"] & table["masked"].notna()]
    total = customers["masked"].sum()
    worth = customers["foretold"].sum() / total if total > 0 else _NAN
    bounds = [name for name in ("masked_low", "masked_high") if name in table]
    laid = table.assign(soil_masked=worth * table["masked"], **{name: worth * table[name] for name in bounds})
    state = np.select([~laid["bought"], laid["last_year"] <= 0], ["never_ordered", "silent"], "buying")
    laid = laid.assign(soil_gap=laid["soil_masked"] - laid["foretold"], quiet_state=state)
    return laid.drop(columns=["masked", "bought"])


def _is_asleep(gap: pd.DataFrame, margin: float, share: float) -> pd.Series:
    rank = gap["soil_masked"].rank(ascending=False, method="min")
    is_rich = rank <= share * gap["soil_masked"].notna().sum()
    return is_quiet(gap) & is_rich & (gap["masked_low"] > margin * gap["foretold"])


def _deviance(came: Array, said: Array) -> Array:
    """Tweedie deviance of power 1.5 of each forecast."""
    return 4 * (np.sqrt(came) - np.sqrt(said)) ** 2 / np.sqrt(said)


def _order(came: Array, by: Array, weight: Array) -> float:
    """Normalised Gini of what came in the order of ``by``; equal ones share their place."""
    best = _concentration(came, came, weight)
    return _concentration(came, by, weight) / best if best > 0 else _NAN


def _concentration(came: Array, by: Array, weight: Array) -> float:
    total = (weight * came).sum()
    if total <= 0:
        return 0.0
    _, group = np.unique(by, return_inverse=True)
    width = np.bincount(group, weight)
    place = (np.cumsum(width) - width / 2) / weight.sum()
    return float(2 * (weight * came * (place[group] - 0.5)).sum() / total)
