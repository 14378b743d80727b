"""What the tiers hold, and what should make a reader doubt them."""

from __future__ import annotations

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.settings import Settings

TIERS = ("S", "A", "B", "C")
#: Fewer accounts that ordered cannot show four groups.
_FEWEST = 8


def tier_summary(tiers: pd.DataFrame) -> pd.DataFrame:
    """Tell for each tier how many accounts it has, and what they bring and promise.

    Parameters
    ----------
    tiers : DataFrame
        ``tier, harvest, soil_value``, one row per account.

    Returns
    -------
    DataFrame
        Four rows, S to C: ``tier, n_accounts, accounts_share, harvest, harvest_share, soil_value, soil_share``; a share
        of nothing, or beside a loss, is NaN.
    """
    named = {"n_accounts": ("tier", "size"), "harvest": ("harvest", "sum"), "soil_value": ("soil_value", "sum")}
    summary = tiers.groupby("tier").agg(**named).reindex(TIERS, fill_value=0).rename_axis("tier").reset_index()
    for share, of in (("accounts_share", "n_accounts"), ("harvest_share", "harvest"), ("soil_share", "soil_value")):
        total = summary[of].sum() if (summary[of] >= 0).all() else 0
        summary[share] = summary[of] / total if total > 0 else float("nan")
    order = ["tier", "n_accounts", "accounts_share", "harvest", "harvest_share", "soil_value", "soil_share"]
    return summary[order]


def doubts(tiers: pd.DataFrame, settings: Settings) -> list[Complaint]:
    """List what should make a reader doubt the tiers.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, account_name, n_orders, tier_reason`` (codes).
    settings : Settings
        For the overrides.
    """
    said = []
    buyers = int((tiers["n_orders"] > 0).sum())
    if buyers < _FEWEST:
        few = f"accounts that have ordered: only {buyers}: four tiers need more accounts; read a list, not groups"
        said.append(Complaint("few_accounts", few))
    if buyers and tiers["tier_reason"].str.contains("no_variation").any():
        said.append(
            Complaint("no_variation", "all accounts are alike, there is no variation to part them: all get tier C")
        )
    known = set(tiers["account_id"]) | set(tiers["account_name"])
    for one in settings.overrides:
        if one.account not in known:
            text = f"the override of '{one.account}' fits no account: write its account_id or its exact name"
            said.append(Complaint("unknown_override", text, file="client.yaml", column="overrides"))
    return said
