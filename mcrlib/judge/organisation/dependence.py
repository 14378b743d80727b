"""Dependence: what single people of ours hold alone, account by account and for the whole company."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import listed, metric, share, weighted_share
from mcrlib.thresholds import Thresholds

Array = np.ndarray
#: The bus factor asks who alone holds this share of the profit. Proposed (card O2).
HALF = 0.5


def with_holders(accounts: pd.DataFrame, spells: pd.DataFrame) -> pd.DataFrame:
    """Name the holder of every account: as delivered, else who holds it now by its history or its orders.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, owner_id`` and what else is to be carried along.
    spells : DataFrame
        From ``account_owners``.
    """
    now = spells[spells["valid_to"].isna()].set_index("account_id")["owner_id"]
    return accounts.assign(owner_id=accounts["owner_id"].fillna(accounts["account_id"].map(now)))


def dependence(accounts: pd.DataFrame, held: pd.DataFrame, threads: pd.DataFrame, limits: Thresholds) -> pd.DataFrame:
    """Tell of every account how much of it its holder has alone, and on how many people it hangs.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, tier, harvest`` and what else is to be carried along.
    held : DataFrame
        From ``person_held``: the rows of now are used.
    threads : DataFrame
        From ``threads``.
    limits : Thresholds
        ``few_sellers`` and ``few_contacts``: effective people of ours and of theirs below which an account hangs on a
        thin thread; ``held_alone``: what its holder has alone from which that thread is a single one. Engagement fades
        within months and alone would call every quiet account single-threaded.

    Returns
    -------
    DataFrame
        The accounts with ``owner_id`` (its holder), ``held`` (0 to 1; NaN where nobody of theirs is logged),
        ``n_contacts, n_exclusive, effective_sellers, effective_contacts, is_single`` (empty where nothing is logged),
        ``gp_held`` (profit of 12 months × what the holder has alone; NaN where unknown).
    """
    now = held.loc[held["is_now"], ["account_id", "owner_id", "held", "n_contacts", "n_exclusive"]]
    ours = accounts.drop(columns=["owner_id", "n_contacts"], errors="ignore")
    if "owner_id" in accounts:
        ours = ours.assign(holder=accounts["owner_id"])
    found = ours.merge(now, on="account_id", how="left", validate="one_to_one")
    if "holder" in found:
        found = found.assign(owner_id=found["owner_id"].fillna(found["holder"])).drop(columns="holder")
    hang = threads[["account_id", "effective_sellers", "effective_contacts"]]
    found = found.merge(hang, on="account_id", how="left", validate="one_to_one")
    thin = found["effective_sellers"].lt(limits.few_sellers) | found["effective_contacts"].lt(limits.few_contacts)
    single = (thin & found["held"].ge(limits.held_alone)).astype("boolean")
    found["is_single"] = single.mask(found["effective_sellers"].isna() | found["held"].isna())
    found["gp_held"] = found["held"] * found["harvest"].clip(lower=0)
    return found


def held_by_seller(depends: pd.DataFrame) -> pd.DataFrame:
    """Tell what each of ours holds, and what of it alone; who holds most alone comes first.

    Returns
    -------
    DataFrame
        ``owner_id, n_accounts, gp`` (profit of 12 months of the accounts held), ``gp_held`` (alone; NaN where nothing
        is known of any of them), ``coverage`` (share of that profit where it is known), ``share`` (``gp_held`` in the
        profit of all accounts), ``running`` (shares so far).
    """
    gp = depends["harvest"].clip(lower=0)
    known = depends.assign(gp=gp, gp_known=gp.where(depends["held"].notna(), 0.0))
    found = known.groupby("owner_id", as_index=False).agg(
        n_accounts=("account_id", "size"),
        gp=("gp", "sum"),
        gp_held=("gp_held", _known_sum),
        gp_known=("gp_known", "sum"),
    )
    found["coverage"] = found["gp_known"] / found["gp"].where(found["gp"] > 0)
    found["share"] = found["gp_held"] / gp.sum() if gp.sum() > 0 else np.nan
    found = found.sort_values(["gp_held", "owner_id"], ascending=[False, True], ignore_index=True)
    return found.assign(running=found["share"].cumsum()).drop(columns="gp_known")


def _known_sum(values: pd.Series) -> float:
    return float(values.sum(min_count=1))


def dependence_metrics(depends: pd.DataFrame, *, seed: int = 1) -> pd.DataFrame:
    """Say in a few numbers how far the company depends on single people.

    Returns
    -------
    DataFrame
        ``held_alone`` (share of the profit that hangs on one person alone), ``bus_factor`` (least number of people who
        alone hold half of the profit; infinite where all together do not, NaN where there is none), ``single_threaded``
        (share of accounts on a single thread), ``single_threaded_top`` (the same of S and A accounts); columns as in
        ``metrics``.
    """
    gp = depends["harvest"].clip(lower=0).to_numpy(float)
    known = depends["held"].notna().to_numpy()
    covered = gp[known].sum() / gp.sum() if gp.sum() > 0 else 0.0
    held = depends["held"].to_numpy(float)[known]
    rows = [weighted_share("held_alone", held, gp[known], coverage=covered, seed=seed), _bus_factor(depends, covered)]
    for name, among in (("single_threaded", slice(None)), ("single_threaded_top", depends["tier"].isin(["S", "A"]))):
        told = depends.loc[among, "is_single"]
        seen = int(told.notna().sum())
        rows.append(share(name, int(told.sum()), seen, coverage=seen / max(len(told), 1)))
    return listed(rows)


def _bus_factor(depends: pd.DataFrame, covered: float) -> dict[str, Any]:
    """The least number of people; its bounds where what is not known is held by nobody, or by its holders alone."""
    alone = held_by_seller(depends)
    most = held_by_seller(depends.assign(gp_held=depends["gp_held"].fillna(depends["harvest"].clip(lower=0))))
    value, least = _fewest(alone["running"].to_numpy()), _fewest(most["running"].to_numpy())
    n = int(depends["held"].notna().sum()) if most["gp"].sum() > 0 else 0  # of no profit nobody holds half
    return metric("bus_factor", value, n, coverage=covered, bounds=(least, value))


def _fewest(running: Array) -> float:
    reached = np.flatnonzero(running >= HALF)
    return float(reached[0] + 1) if len(reached) else np.inf
