"""All verdicts on an account in one row: the table that others read."""

from __future__ import annotations

import pandas as pd

#: ``tables/accounts.csv``, in this order.
COLUMNS = (
    "account_id", "account_name", "group_id", "owner_id", "tier", "tier_probability", "tier_reason", "harvest",
    "crop_value", "soil_value", "soil_low", "soil_high", "p_alive", "fertility", "quadrant", "verdict", "reason",
    "n_orders", "last_order_date",
)  # fmt: skip


def account_table(
    accounts: pd.DataFrame, tiers: pd.DataFrame, soil: pd.DataFrame, crops: pd.DataFrame, balance: pd.DataFrame
) -> pd.DataFrame:
    """Put all that was found out about each customer into one row.

    Parameters
    ----------
    accounts, tiers, soil, crops, balance : DataFrame
        The frames of chapters 02 to 06, one row per account each; ``tiers["reason"]`` and ``balance["reason"]`` are
        sentences.

    Returns
    -------
    DataFrame
        One row per account, sorted by ``account_id``: ``account_id, account_name, group_id, owner_id, tier,
        tier_probability, tier_reason, harvest, crop_value, soil_value, soil_low, soil_high, p_alive, fertility,
        quadrant, verdict, reason, n_orders, last_order_date``.
    """
    told = tiers.assign(tier_reason=tiers["reason"])[["account_id", "tier", "tier_probability", "tier_reason"]]
    parts = [
        told,
        soil[["account_id", "soil_value", "soil_low", "soil_high", "p_alive"]],
        crops[["account_id", "crop_value"]],
        balance[["account_id", "fertility", "quadrant", "verdict", "reason"]],
    ]
    table = accounts
    for part in parts:
        table = table.merge(part, on="account_id", how="left", validate="one_to_one")
    return table[list(COLUMNS)].sort_values("account_id", ignore_index=True)


def harvest_at_risk(accounts: pd.DataFrame, soil: pd.DataFrame) -> pd.DataFrame:
    """Weigh each customer's harvest by the chance that it has stopped buying.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, harvest`` (money).
    soil : DataFrame
        ``account_id, p_alive`` (0-1; NaN where nothing, or by nobody twice, was ever ordered).

    Returns
    -------
    DataFrame
        ``account_id, account_name, p_alive, harvest, at_risk`` (money: harvest × (1 − p_alive)), the most first; only
        accounts that have both.
    """
    both = accounts[["account_id", "account_name", "harvest"]].merge(
        soil[["account_id", "p_alive"]], on="account_id", validate="one_to_one"
    )
    both = both[(both["harvest"] > 0) & both["p_alive"].notna()]
    both = both.assign(at_risk=both["harvest"] * (1 - both["p_alive"]))
    both = both.sort_values(["at_risk", "account_id"], ascending=[False, True], ignore_index=True)
    return both[["account_id", "account_name", "p_alive", "harvest", "at_risk"]]


def crops_over_soil(crops: pd.DataFrame, soil: pd.DataFrame, *, horizon_years: float) -> pd.DataFrame:
    """Find the accounts whose crops of one year are more than the soil value of all years.

    Parameters
    ----------
    crops : DataFrame
        ``account_id, crop_value, run_rate`` (money), as from ``CropModel.predict``.
    soil : DataFrame
        ``account_id, soil_value`` (money), as from ``SoilModel.predict``.
    horizon_years : float
        What the soil value looks ahead; less than a year need not hold the crops of one.

    Returns
    -------
    DataFrame
        ``account_id, crop_value, soil_value, without_deals`` (whether running business alone exceeds the soil value);
        no row where nobody's do. A loss is passed over: that of one year is always more than that of several.
    """
    both = crops.merge(soil[["account_id", "soil_value"]], on="account_id", validate="one_to_one")
    over = both[(both["crop_value"] > both["soil_value"]) & (both["crop_value"] > 0) & (horizon_years >= 1)]
    over = over.assign(without_deals=over["run_rate"] > over["soil_value"])
    return over[["account_id", "crop_value", "soil_value", "without_deals"]].reset_index(drop=True)
