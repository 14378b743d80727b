"""Whether customers carry the hours that they take, and whether hours go where value is."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

_LEVEL = 0.8
#: Customers below which no correlation is said.
_FEWEST = 10
#: Spread of Fisher's z of ranks over that of normal values (Fieller, Hartley and Pearson 1957).
_WIDER = 1.03
HOURS = [
    "account_id", "account_name", "tier", "hours", "timed", "harvest", "per_hour", "hour_ratio",
    "hour_ratio_ahead", "carries",
]  # fmt: skip
EFFORT = [
    "tier", "n_accounts", "hours", "hours_share", "harvest_share", "soil_share", "effort_ratio", "soil_unknown",
]  # fmt: skip


def profit_per_hour(tiers: pd.DataFrame, accounts: pd.DataFrame, hours: pd.DataFrame, need: float) -> pd.DataFrame:
    """Tell which customers bring as much profit for an hour of service as the company does.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, account_name, tier, harvest, soil_value``.
    accounts : DataFrame
        ``account_id, market_type``.
    hours : DataFrame
        As from ``service_hours``. A touch without a length counts as long as its kind usually is.
    need : float
        Share of the company's profit per hour that an account must bring.

    Returns
    -------
    DataFrame
        One row per account served within the year, most hours first: ``account_id, account_name, tier, hours, timed``
        (share of touches with a length), ``harvest, per_hour`` (money), ``hour_ratio`` (to the company's, which is all
        harvest over all hours), ``hour_ratio_ahead`` (the same of soil values), ``carries``: ``now``, ``ahead`` (not
        yet), ``entry`` (saline land: patience decides, not this), ``no``. Empty where no length is logged. Card T8.
    """
    if hours.empty or not hours["n_timed"].sum():
        return pd.DataFrame(columns=HOURS)
    kinds = hours.groupby("activity_type")[["minutes", "n_timed"]].sum()
    usual = (kinds["minutes"] / kinds["n_timed"].where(kinds["n_timed"] > 0)).fillna(
        kinds["minutes"].sum() / kinds["n_timed"].sum()
    )
    untimed = (hours["n_touches"] - hours["n_timed"]) * hours["activity_type"].map(usual)
    spent = hours.assign(hours=(hours["minutes"].fillna(0.0) + untimed) / 60)
    spent = spent.groupby("account_id")[["hours", "n_touches", "n_timed"]].sum().reset_index()
    found = tiers.merge(accounts[["account_id", "market_type"]], on="account_id", validate="one_to_one")
    found = found.merge(spent[spent["hours"] > 0], on="account_id", validate="one_to_one")
    found["timed"] = found["n_timed"] / found["n_touches"]
    found["per_hour"] = found["harvest"] / found["hours"]
    for ratio, worth in (("hour_ratio", "harvest"), ("hour_ratio_ahead", "soil_value")):
        company = tiers[worth].sum() / found["hours"].sum()
        found[ratio] = found[worth] / found["hours"] / (company if company > 0 else np.nan)
    judged = [found["hour_ratio"] >= need, found["hour_ratio_ahead"] >= need, found["market_type"] == "saline"]
    found["carries"] = np.select(judged, ["now", "ahead", "entry"], "no")
    return found.sort_values(["hours", "account_id"], ascending=[False, True], ignore_index=True)[HOURS]


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


def effort_follows(tiers: pd.DataFrame, hours: pd.DataFrame) -> dict[str, float]:
    """Tell whether hours go where value is expected: Spearman's rank correlation over customers, with its interval.

    Returns
    -------
    dict
        ``n`` (customers that ever ordered), ``rho``, ``low, high`` (80 %, Fisher's z); NaN below ten customers or
        where one of the two does not vary. Card T4.
    """
    bought = tiers[tiers["n_orders"] > 0].merge(
        hours[["account_id", "hours"]], on="account_id", how="left", validate="one_to_one"
    )
    ranks = bought.assign(hours=bought["hours"].astype(float).fillna(0.0))[["hours", "soil_value"]].dropna().rank()
    n, varied = len(ranks), (ranks.std() > 0).all()
    if n < _FEWEST or not varied:
        return {"n": float(n)} | dict.fromkeys(("rho", "low", "high"), float("nan"))
    rho = float(np.corrcoef(ranks.to_numpy().T)[0, 1])
    reach = float(ndtri((1 + _LEVEL) / 2)) * _WIDER / np.sqrt(n - 3)
    z = np.arctanh(np.clip(rho, -0.999, 0.999))
    return {"n": float(n), "rho": rho, "low": float(np.tanh(z - reach)), "high": float(np.tanh(z + reach))}
