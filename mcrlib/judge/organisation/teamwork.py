"""A team or a gang: who helps whom, whether work crosses our own borders, and whether records are shared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import metric, share

_FEWEST = 3


def teamwork_metrics(won: pd.DataFrame, bonds: pd.DataFrame, people: pd.DataFrame) -> list[dict[str, Any]]:
    """Say how often our people help each other win, and how far work stays inside their own departments.

    Parameters
    ----------
    won : DataFrame
        From ``helped_deals``.
    bonds : DataFrame
        From ``bonds``: ``account_id, owner_id``.
    people : DataFrame
        From ``sellers``: ``owner_id, department``.

    Returns
    -------
    list
        ``helped, helped_before`` (share of won deals in which others took part, last year and the one before) and
        ``closed_departments`` (Newman's modularity of who works on the same accounts, by department: 0 is as mixed as
        by chance, near 1 is closed); as from ``metric``. For the trend only. Method card O14.
    """
    year = won.groupby("ago")[["n_helped", "n_won"]].sum().reindex([0, 1], fill_value=0).to_numpy(int)
    rows = [share(name, *year[ago]) for ago, name in enumerate(("helped", "helped_before"))]
    return [*rows, _modularity(bonds, people.set_index("owner_id")["department"])]


def _modularity(bonds: pd.DataFrame, department: pd.Series) -> dict[str, Any]:
    known = bonds.assign(department=bonds["owner_id"].map(department)).dropna(subset=["department"])
    owner, names = pd.factorize(known["owner_id"], sort=True)
    account = pd.factorize(known["account_id"], sort=True)[0]
    if len(names) < _FEWEST or known["department"].nunique() < 2:
        return metric("closed_departments", np.nan, 0)
    touched = np.zeros((account.max() + 1, len(names)))
    touched[account, owner] = 1
    together = touched.T @ touched
    np.fill_diagonal(together, 0)
    ties, whole = together.sum(axis=1), together.sum()
    if whole == 0:
        return metric("closed_departments", np.nan, 0)
    unit = department.reindex(names).to_numpy()
    same = unit[:, None] == unit[None, :]
    value = ((together - np.outer(ties, ties) / whole) * same).sum() / whole
    return metric("closed_departments", float(value), len(names))


def shared_records(same: pd.Series) -> list[dict[str, Any]]:
    """Say how many people of theirs are on record twice, so that they are asked twice.

    Parameters
    ----------
    same : Series
        From ``same_contacts``.

    Returns
    -------
    list
        ``asked_twice`` (share of records that repeat a person of the account) and ``asked_elsewhere`` (of them, the
        share that another department of ours made); as from ``share``. Method card O13.
    """
    return [
        share("asked_twice", int(same["n_again"]), int(same["n_named"])),
        share("asked_elsewhere", int(same["n_elsewhere"]), int(same["n_again"])),
    ]
