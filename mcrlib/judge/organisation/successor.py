"""Who could take over: people of ours with similar accounts, some ties to the customer, and near by."""

from __future__ import annotations

import numpy as np
import pandas as pd

_FOUND = ["account_id", "owner_id", "successor_id", "same_industry", "touches", "same_region", "fit"]


def successors(depends: pd.DataFrame, bonds: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Name for every account who of those here would take over best.

    Parameters
    ----------
    depends : DataFrame
        ``account_id, owner_id, industry`` (may be empty), ``region``.
    bonds : DataFrame
        From ``bonds``: ``account_id, owner_id, n_touches``.
    people : DataFrame
        From ``sellers``: ``owner_id, region, is_here``.

    Returns
    -------
    DataFrame
        ``account_id, owner_id, successor_id, same_industry`` (share of the successor's accounts in the account's
        industry), ``touches`` (theirs at the account in a year), ``same_region, fit`` (mean of the three, 0 to 1).
        Accounts without a holder, or where nothing speaks for anybody else, have no row.

    Notes
    -----
    Existing sellers with a similar background lose less than new hires and stars (Shi et al. 2017); equal weights are
    proposed.
    """
    held = depends.dropna(subset=["owner_id"])
    here = people.loc[people["is_here"] & people["owner_id"].isin(held["owner_id"]), ["owner_id", "region"]]
    here = here.sort_values("owner_id", ignore_index=True)
    if len(here) < 2:
        return pd.DataFrame(columns=_FOUND)
    mix = pd.crosstab(held["owner_id"], held["industry"].fillna("")).reindex(here["owner_id"], fill_value=0)
    mix = mix.div(held.groupby("owner_id").size().reindex(here["owner_id"]), axis=0)
    touched = bonds[bonds["owner_id"].isin(here["owner_id"])]
    parts = [_best(group, mix, here, touched) for _, group in held.groupby("owner_id")]
    found = pd.concat(parts, ignore_index=True)
    return found.loc[found["fit"] > 0, _FOUND].sort_values("account_id", ignore_index=True)


def _best(group: pd.DataFrame, mix: pd.DataFrame, here: pd.DataFrame, touched: pd.DataFrame) -> pd.DataFrame:
    """The best successor for each account of one holder."""
    names = here["owner_id"].to_numpy(object)
    alike = mix.reindex(columns=group["industry"].fillna("")).to_numpy(float).T.copy()
    alike[group["industry"].isna().to_numpy()] = 0.0
    ours = touched[touched["account_id"].isin(group["account_id"])]
    table = ours.pivot_table(index="account_id", columns="owner_id", values="n_touches", aggfunc="sum")
    ties = table.reindex(index=group["account_id"], columns=names).fillna(0).to_numpy(float)
    most = ties.max(axis=1, keepdims=True)
    near = (group["region"].to_numpy(object)[:, None] == here["region"].to_numpy(object)[None, :]).astype(float)
    fit = (alike + ties / np.where(most > 0, most, 1.0) + near) / 3
    fit[:, names == group["owner_id"].iloc[0]] = -1.0
    best, row = fit.argmax(axis=1), np.arange(len(group))
    return pd.DataFrame(
        {
            "account_id": group["account_id"].to_numpy(),
            "owner_id": group["owner_id"].to_numpy(),
            "successor_id": names[best],
            "same_industry": alike[row, best],
            "touches": pd.array(ties[row, best], dtype="Int64"),
            "same_region": near[row, best] > 0,
            "fit": fit[row, best],
        }
    )
