"""Whether customers carry the hours and the pay that they take, and whether hours go where value is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from mcrlib.model.bootstrap import BOUNDS
from mcrlib.settings import Thresholds
from mcrlib.thresholds import DEFAULTS

#: Years ahead that a customer has to grow into its hours. Card T8.
_AHEAD = 3
#: What those years bring, from which column of the outlook, else of the soil.
_THREE = {
    "three_years": ("gp_expected", "soil_value"), "three_low": ("gp_low", "soil_low"),
    "three_high": ("gp_high", "soil_high"),
}  # fmt: skip
#: Spread of Fisher's z of ranks over that of normal values (Fieller, Hartley and Pearson 1957).
_WIDER = 1.03
HOURS = [
    "account_id", "account_name", "tier", "hours", "timed", "harvest", "per_hour", "hour_ratio", "three_years",
    "hour_ratio_ahead", "hour_ahead_low", "hour_ahead_high", "pay", "paid", "pay_capacity", "carries",
]  # fmt: skip
#: Profit per hour, and the company's that it is laid beside.
_RATIOS = {
    "hour_ratio": ("harvest", "harvest"), "hour_ratio_ahead": ("three_years", "three_years"),
    "hour_ahead_low": ("three_low", "three_years"), "hour_ahead_high": ("three_high", "three_years"),
}  # fmt: skip
EFFORT = [
    "tier", "n_accounts", "hours", "hours_share", "harvest_share", "soil_share", "effort_ratio", "soil_unknown",
]  # fmt: skip


def worth_of_three_years(soil: pd.DataFrame, outlook: pd.DataFrame) -> pd.DataFrame:
    """Tell what gross profit each customer is expected to bring within three years.

    Parameters
    ----------
    soil : DataFrame
        ``account_id, soil_value, soil_low, soil_high, contract_value``.
    outlook : DataFrame
        As from ``yearly_outlook``; a horizon below three years is taken as it is.

    Returns
    -------
    DataFrame
        ``account_id, three_years`` with its 80 % interval ``three_low, three_high``: from the outlook; where it has
        none (an account that never ordered), and for what contracts add (taken as sure), three of the horizon's years
        of the soil value. Card T8.
    """
    horizon = outlook["years"].max()
    years = min(_AHEAD, horizon)
    ordered = outlook.loc[outlook["years"] == years].set_index("account_id")
    contracts = soil["contract_value"].fillna(0.0)
    found = soil[["account_id"]].copy()
    for name, (foretold, worth) in _THREE.items():
        expected = soil["account_id"].map(ordered[foretold]).fillna((soil[worth] - contracts) * years / horizon)
        found[name] = expected + contracts * years / horizon
    return found


def profit_per_hour(
    tiers: pd.DataFrame, hours: pd.DataFrame, ahead: pd.DataFrame, entries: pd.DataFrame, thresholds: Thresholds
) -> pd.DataFrame:
    """Tell which customers bring as much profit for an hour of ours as the company does, and whether they pay for it.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, account_name, tier, harvest``.
    hours : DataFrame
        As from ``service_hours``. A touch without a length counts as long as its kind usually is; one of a kind that
        is never timed, as messages often are, as long as the shortest kind.
    ahead : DataFrame
        As from ``worth_of_three_years``.
    entries : DataFrame
        Strategic entries: ``account_id, gate, budget_left``; patience decides on them as long as they have neither paid
        back nor come to the gate ``stop``, and have not used more than their part of its budget (NaN: not known).
    thresholds : Thresholds
        ``hour_worth``: share of the company's profit per hour that an account must bring; ``paid_hours``: hours a year
        that one of ours is paid for.

    Returns
    -------
    DataFrame
        One row per account served within the year, most hours first: ``account_id, account_name, tier, hours, timed``
        (share of touches with a length), ``harvest, per_hour`` (money), ``hour_ratio`` (to the company's, which is all
        harvest over all hours), ``three_years, hour_ratio_ahead`` (the same of the profit of three years to come, with
        its 80 % interval ``hour_ahead_low, hour_ahead_high``),
        ``pay`` (loaded cost of the people who served it: their hours with it, each with the hours that they are paid
        for beside), ``paid`` (share of the hours whose cost is known), ``pay_capacity`` (harvest over pay; both empty
        where no cost is known), ``carries``: ``now``, ``ahead`` (not yet), ``entry`` (a strategic entry within its
        patience), ``no``. Empty where no length is logged. Card T8.
    """
    if hours.empty or not hours["n_timed"].sum():
        return pd.DataFrame(columns=HOURS)
    spent = _spent(hours, thresholds.paid_hours)
    found = tiers.merge(ahead, on="account_id", validate="one_to_one")
    company = found[["harvest", "three_years"]].sum() / spent["hours"].sum()
    found = found.merge(spent[spent["hours"] > 0], on="account_id", validate="one_to_one")
    found["per_hour"] = found["harvest"] / found["hours"]
    for ratio, (worth, whole) in _RATIOS.items():
        found[ratio] = found[worth] / found["hours"] / (company[whole] if company[whole] > 0 else np.nan)
    found["pay_capacity"] = found["harvest"] / found["pay"].where(found["pay"] > 0)
    patient = ~entries["gate"].isin(["stop", "paid_back"]) & ~(entries["budget_left"] < 0)
    waits = found["account_id"].isin(entries.loc[patient, "account_id"])
    need = thresholds.hour_worth
    judged = [found["hour_ratio"] >= need, found["hour_ratio_ahead"] >= need, waits]
    found["carries"] = np.select(judged, ["now", "ahead", "entry"], "no")
    return found.sort_values(["hours", "account_id"], ascending=[False, True], ignore_index=True)[HOURS]


def _spent(hours: pd.DataFrame, paid_hours: float) -> pd.DataFrame:
    """One row per account: hours, and the pay of those who spent them."""
    kinds = hours.groupby("activity_type")[["minutes", "n_timed"]].sum()
    usual = kinds["minutes"] / kinds["n_timed"].where(kinds["n_timed"] > 0)
    usual = usual.fillna(usual.min())  # what nobody times is short: a message is no visit
    untimed = (hours["n_touches"] - hours["n_timed"]) * hours["activity_type"].map(usual)
    spent = hours.assign(hours=(hours["minutes"].fillna(0.0) + untimed) / 60)
    spent["costed"] = spent["hours"].where(spent["cost_rate"].notna(), 0.0)
    spent["pay"] = spent["costed"] * spent["cost_rate"].fillna(0.0)
    sums = spent.groupby("account_id")[["hours", "n_touches", "n_timed", "costed", "pay"]].sum()
    # Who serves customers is paid all year: an hour with them carries the hours that the log does not hold.
    heads = spent[(spent["is_head"] == 1) & (spent["costed"] > 0)]
    paid = heads.drop_duplicates("owner_id")["year_share"].sum() * paid_hours
    carried = max(1.0, paid / heads["hours"].sum()) if len(heads) else 1.0
    return sums.assign(
        timed=sums["n_timed"] / sums["n_touches"],
        paid=sums["costed"] / sums["hours"].where(sums["hours"] > 0),
        pay=carried * sums["pay"] / sums["costed"].where(sums["costed"] > 0) * sums["hours"],
    )[["hours", "timed", "pay", "paid"]].reset_index()


def effort_by_tier(tiers: pd.DataFrame, hours: pd.DataFrame) -> pd.DataFrame:
    """Lay the hours that each tier takes beside what it brings and promises.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, tier, harvest, soil_value``.
    hours : DataFrame
        As from ``profit_per_hour``; an account without a row took none.

    Returns
    -------
    DataFrame
        Four rows, S to C: ``tier, n_accounts, hours, hours_share, harvest_share, soil_share`` (of the whole; NaN of
        nothing, of what is not known of anybody or beside a loss), ``effort_ratio`` (share of hours over share of soil
        value), ``soil_unknown`` (accounts that the soil leaves out). Without rows where no hours are known. Card T4.
    """
    if hours.empty:
        return pd.DataFrame(columns=EFFORT)
    spent = tiers.merge(hours[["account_id", "hours"]], on="account_id", how="left", validate="one_to_one")
    spent = spent.assign(hours=spent["hours"].astype(float).fillna(0.0), unknown=spent["soil_value"].isna())
    by_tier = spent.groupby("tier")
    sums = by_tier[["hours", "harvest", "soil_value"]].sum(min_count=1).reindex([*"SABC"], fill_value=0.0)
    shares = sums / sums.sum().where(~(sums < 0).any() & (sums.sum() > 0))
    counts = {"n_accounts": by_tier.size(), "soil_unknown": by_tier["unknown"].sum()}
    found = pd.DataFrame(counts).reindex(sums.index, fill_value=0).assign(hours=sums["hours"])
    found[["hours_share", "harvest_share", "soil_share"]] = shares
    found["effort_ratio"] = shares["hours"] / shares["soil_value"].where(shares["soil_value"] > 0)
    return found.rename_axis("tier").reset_index()[EFFORT]


def effort_follows(tiers: pd.DataFrame, hours: pd.DataFrame, *, few: int = DEFAULTS.small_number) -> dict[str, float]:
    """Tell whether hours go where value is expected: Spearman's rank correlation over customers, with its interval.

    Returns
    -------
    dict
        ``n`` (customers that ever ordered), ``rho``, ``low, high`` (80 %, Fisher's z); NaN below ``few`` customers or
        where one of the two does not vary. Card T4.
    """
    bought = tiers[tiers["n_orders"] > 0].merge(
        hours[["account_id", "hours"]], on="account_id", how="left", validate="one_to_one"
    )
    ranks = bought.assign(hours=bought["hours"].astype(float).fillna(0.0))[["hours", "soil_value"]].dropna().rank()
    n, varied = len(ranks), (ranks.std() > 0).all()
    if n < few or not varied:
        return {"n": float(n)} | dict.fromkeys(("rho", "low", "high"), float("nan"))
    rho = float(np.corrcoef(ranks.to_numpy().T)[0, 1])
    reach = float(ndtri(BOUNDS[1])) * _WIDER / np.sqrt(n - 3)
    z = np.arctanh(np.clip(rho, -0.999, 0.999))
    return {"n": float(n), "rho": rho, "low": float(np.tanh(z - reach)), "high": float(np.tanh(z + reach))}
