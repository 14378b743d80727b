"""What the tiers hold, and what should make a reader doubt them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.model.tiers.decisions import human_decisions
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
        of nothing, or beside a loss, is NaN, and so is the soil of accounts of which none is known.
    """
    by_tier = tiers.groupby("tier")
    summary = by_tier[["harvest", "soil_value"]].sum(min_count=1).assign(n_accounts=by_tier.size())
    summary = summary.reindex(TIERS, fill_value=0).rename_axis("tier").reset_index()
    for share, of in (("accounts_share", "n_accounts"), ("harvest_share", "harvest"), ("soil_share", "soil_value")):
        total = 0 if (summary[of] < 0).any() else summary[of].sum()
        summary[share] = summary[of] / total if total > 0 else float("nan")
    order = ["tier", "n_accounts", "accounts_share", "harvest", "harvest_share", "soil_value", "soil_share"]
    return summary[order]


def doubts(
    tiers: pd.DataFrame, settings: Settings, *, as_of: dt.date, stability: float = float("nan")
) -> list[Complaint]:
    """List what should make a reader doubt the tiers.

    Parameters
    ----------
    tiers : DataFrame
        ``account_id, account_name, n_orders, tier, soil_value, tier_cluster, tier_reason`` (codes).
    settings : Settings
        For the overrides, the quotas and who decides, and the threshold ``stable_tiers``.
    as_of : date
        Decisions of people count up to and with their last day.
    stability : float
        How far the groups agree when the customers are drawn again; NaN where that is not known. Card T1.
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
    least = settings.thresholds.stable_tiers
    if settings.tiers.decide == "clusters" and stability < least:
        unstable = (
            f"the tiers are not stable: drawn again they agree to {stability:.2f}, not to {least:.2f}: let people "
            "judge the accounts at the borders, or the rule decide"
        )
        said.append(Complaint("unstable_tiers", unstable))
    losing = tiers[tiers["tier"].isin(["S", "A"]) & (tiers["soil_value"] < 0)]
    if len(losing):
        example = losing.sort_values(["soil_value", "account_id"])["account_name"].iloc[0]
        loss = (
            f"accounts in S and A expected to bring a loss: {len(losing)}, such as '{example}': they only lose less "
            "than others; look at their prices and costs first"
        )
        said.append(Complaint("tier_of_losses", loss))
    return said + _empty_quotas(tiers, settings, buyers) + _decision_doubts(tiers, settings, as_of)


def _empty_quotas(tiers: pd.DataFrame, settings: Settings, buyers: int) -> list[Complaint]:
    """Quotas that come to no account."""
    if not buyers or settings.tiers.decide == "rule":
        return []
    wanted = [tier for tier, share in (settings.tiers.quotas or {}).items() if tier != "C" and share > 0]
    text = "the quota of {tier} holds nobody: it is less than one of {n} accounts, or accounts tie at its border"
    return [
        Complaint("empty_quota", text.format(tier=tier, n=buyers), file="client.yaml", column="tiers")
        for tier in wanted
        if not (tiers["tier_cluster"] == tier).any()
    ]


_DECISIONS = {
    "unknown": (
        "unknown_override",
        "the override of '{account}' fits no account: write its account_id or its exact name",
    ),
    "ambiguous": (
        "ambiguous_override",
        "the override of '{account}' does not count, several accounts have that name: write the account_id",
    ),
    "replaced": (
        "replaced_override",
        "'{account}' has more than one override: the last one in the file counts, take this one out",
    ),
    "expired": (
        "expired_override",
        "the override of '{account}' has expired on {until}: decide again, or take it out",
    ),
}


def _decision_doubts(tiers: pd.DataFrame, settings: Settings, as_of: dt.date) -> list[Complaint]:
    made = human_decisions(tiers, settings.overrides, as_of)
    return [
        Complaint(code, text.format(account=one.account, until=one.until), file="client.yaml", column="overrides")
        for one in made[made["state"] != "counts"].itertuples()
        for code, text in [_DECISIONS[str(one.state)]]
    ]
