"""Deals in work: how often deals like them are won, and what the open ones should bring."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import betabinom

Array = NDArray[np.float64]

YEAR = 365.0
#: A pipeline without deals.
NO_DEALS = pd.DataFrame({
    "opportunity_id": pd.Series(dtype="str"), "account_id": pd.Series(dtype="str"),
    "stage": pd.Series(dtype="str"), "stage_std": pd.Series(dtype="str"), "status": pd.Series(dtype="str"),
    "amount": pd.Series(dtype="float64"), "created_date": pd.Series(dtype="datetime64[us]"),
    "expected_close_date": pd.Series(dtype="datetime64[us]"), "closed_date": pd.Series(dtype="datetime64[us]"),
    "age_days": pd.Series(dtype="float64"),
})  # fmt: skip
_LADDER = ("all", "lead", "qualify", "develop", "propose", "negotiate")


def step_of(deals: pd.DataFrame) -> pd.Series:
    """The step of the common ladder; the stage as delivered where it is not known. A history may use either word."""
    return deals["stage_std"].fillna(deals["stage"])


def learn_win_rates(pipeline: pd.DataFrame, stages: pd.DataFrame | None, min_deals: int) -> pd.DataFrame:
    """Count how often closed deals were won: all, and those that passed each stage in which deals are open now.

    Parameters
    ----------
    pipeline : DataFrame
        As from ``describe.accounts.pipeline``.
    stages : DataFrame, optional
        ``opportunity_id, stage, days`` of each stage that a deal passed, as from ``stages_passed``.
    min_deals : int
        Closed deals below which a rate is ``weak``.

    Returns
    -------
    DataFrame
        ``stage, won, n, rate, low, high, status, chance``: see ``CropModel``.
    """
    closed = pipeline[pipeline["status"].isin(["won", "lost"])]
    if stages is not None:
        steps = dict(zip(pipeline["stage"], step_of(pipeline), strict=True))
        stages = stages.assign(stage=stages["stage"].map(steps).fillna(stages["stage"]))
        stages = stages[stages["stage"].isin(step_of(pipeline[pipeline["status"] == "open"]))]
        stages = stages.groupby(["opportunity_id", "stage"])[["days"]].sum(min_count=1).reset_index()
    rates = _win_rates(closed, stages, min_deals)
    return rates.assign(chance=_chances(rates, pipeline, stages)).drop(columns="prior")


def learn_overlap(pipeline: pd.DataFrame, features: pd.DataFrame) -> float:
    """Share of last year's revenue that passed through won deals, 0 to 1."""
    deals = pipeline[pipeline["status"] == "won"]
    as_of = (pipeline["created_date"] + pd.to_timedelta(pipeline["age_days"], unit="D"))[pipeline["status"] == "open"]
    revenue = features["revenue_12m"].sum()
    if as_of.isna().all() or revenue <= 0:
        return 0.0
    recent = deals[deals["closed_date"] > as_of.max() - pd.Timedelta(days=int(YEAR))]
    return float(min(1.0, recent["amount"].sum() / revenue))


def open_deals(pipeline: pd.DataFrame, win_rates: pd.DataFrame, *, usual: float, margin: float) -> pd.DataFrame:
    """Expect of the open deals of each account what they bring within the year.

    Parameters
    ----------
    pipeline : DataFrame
        As from ``describe.accounts.pipeline``.
    win_rates : DataFrame
        As from ``learn_win_rates``.
    usual : float
        What a deal without an amount counts as.
    margin : float
        Gross profit per revenue.

    Returns
    -------
    DataFrame
        One row per account with deals due within the year: ``account_id, pipeline_value`` (gross profit),
        ``pipeline_spread`` (its variance), ``log_none`` (log of the chance that none is won), ``win_rate_n,
        n_deals_unpriced``.
    """
    deals = pipeline[pipeline["status"] == "open"]
    ahead = (deals["expected_close_date"] - deals["created_date"]).dt.days - deals["age_days"]
    deals = deals[~(ahead > YEAR)]
    rates = win_rates.set_index("stage")
    stage = step_of(deals).where(step_of(deals).isin(rates.index), "all")
    rate, n = stage.map(rates["chance"]).astype(float), stage.map(rates["n"]).astype(float)
    amount = deals["amount"].fillna(usual).fillna(0.0) * margin
    expected = rate.fillna(0.0) * amount
    found = pd.DataFrame(
        {
            "account_id": deals["account_id"],
            "pipeline_value": expected,
            "pipeline_spread": expected * (amount - expected),
            "log_none": np.log1p(-rate.fillna(0.0).clip(upper=0.999)),
            "win_rate_n": n,
            "n_deals_unpriced": deals["amount"].isna().astype("int64"),
        }
    )
    kinds = dict.fromkeys(found.columns[1:], "sum") | {"win_rate_n": "min"}
    return found.groupby("account_id", as_index=False).agg(kinds)


def _win_rates(closed: pd.DataFrame, stages: pd.DataFrame | None, min_deals: int) -> pd.DataFrame:
    everything = closed.assign(stage="all")[["opportunity_id", "stage", "status"]]
    passed = everything.iloc[:0]
    if stages is not None:
        known = closed[["opportunity_id", "status"]]
        passed = stages.merge(known, on="opportunity_id", validate="many_to_one")
    counts = (
        pd.concat([everything, passed])
        .assign(won=lambda t: t["status"].eq("won"))
        .groupby("stage", as_index=False)
        .agg(won=("won", "sum"), n=("won", "size"))
    )
    whole = counts[counts["stage"] == "all"]
    won, n = (int(whole["won"].iloc[0]), int(whole["n"].iloc[0])) if len(whole) else (0, 0)
    base = (won + 0.5) / (n + 1)
    single = counts[counts["stage"] != "all"]
    strength = _prior_strength(single["won"].to_numpy(), single["n"].to_numpy(), base)
    prior = pd.Series(np.where(counts["stage"] == "all", 1.0, strength), index=counts.index)
    level = pd.Series(np.where(counts["stage"] == "all", 0.5, base), index=counts.index)
    a, b = counts["won"] + prior * level, counts["n"] - counts["won"] + prior * (1 - level)
    width = 1.2816 * np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    rate = a / (a + b)
    return counts.assign(
        rate=rate,
        low=(rate - width).clip(lower=0),
        high=(rate + width).clip(upper=1),
        status=np.where(counts["n"] < min_deals, "weak", "ok"),
        prior=prior,
    ).sort_values("stage", key=_place, ignore_index=True)


def _chances(rates: pd.DataFrame, pipeline: pd.DataFrame, stages: pd.DataFrame | None) -> pd.Series:
    """Chance that a deal is won which is found in a stage on any day; the rate where no days are known.

    Open deals are found where deals stand long, and those that come to nothing may stand longer than those that go on:
    each closed deal weighs by the days that it stood there, and one that was withdrawn counts as not won.
    """
    closed = pipeline[pipeline["status"].ne("open") & pipeline["closed_date"].notna()]
    whole = closed.rename(columns={"age_days": "days"}).assign(stage="all")[["opportunity_id", "stage", "days"]]
    outcome = closed[["opportunity_id", "status"]]
    met = pd.concat([whole, stages]).merge(outcome, on="opportunity_id", validate="many_to_one")
    met = met[met["days"] > 0].assign(square=lambda t: t["days"] ** 2, won=lambda t: t["days"] * t["status"].eq("won"))
    sums = met.groupby("stage")[["days", "square", "won"]].sum().reindex(rates["stage"])
    n, share = (sums["days"] ** 2 / sums["square"]).to_numpy(), (sums["won"] / sums["days"]).to_numpy()
    is_all = rates["stage"] == "all"
    of_all = rates["rate"].where(np.isnan(n), (share * n + 0.5) / (n + 1))[is_all].sum()
    level = np.where(is_all, 0.5, of_all)
    return ((share * n + rates["prior"] * level) / (n + rates["prior"])).fillna(rates["rate"])


def _place(stage: pd.Series) -> pd.Series:
    """All deals first, then the steps of the ladder, then what is not on it."""
    return stage.map({step: place for place, step in enumerate(_LADDER)}).fillna(len(_LADDER))


def _prior_strength(won: Array, n: Array, base: float) -> float:
    """How many deals the rate of all counts for: the strength that makes the stages' results likeliest."""
    if len(n) < 2:
        return 10.0

    def unlikely(log_strength: float) -> float:
        strength = np.exp(log_strength)
        return -float(betabinom.logpmf(won, n, strength * base, strength * (1 - base)).sum())

    return float(np.exp(minimize_scalar(unlikely, bounds=(0.0, 7.0), method="bounded").x))
