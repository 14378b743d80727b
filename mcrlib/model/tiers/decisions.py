"""What people decided on the tier of an account, and whether it counts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mcrlib.settings import Override

COLUMNS = ["account", "account_id", "decided", "reason", "by", "until", "state"]


def human_decisions(accounts: pd.DataFrame, overrides: Sequence[Override], as_of: dt.date) -> pd.DataFrame:
    """Tell of each decision in client.yaml which account it means, and whether it counts today.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name``.
    overrides : sequence of Override
        As in client.yaml.
    as_of : date
        A decision counts up to and with its last day.

    Returns
    -------
    DataFrame
        In the order of client.yaml: ``account`` (as written), ``account_id`` (None where no account, or several, are
        meant), ``decided`` (tier), ``reason, by, until``, ``state``: ``counts``, ``expired``, ``replaced`` (a later
        entry on the same account counts), ``unknown`` (no account), ``ambiguous`` (the name of several accounts).
    """
    meant = [_meant(accounts, one.account) for one in overrides]
    rows = [
        (one.account, ids[0] if len(ids) == 1 else None, one.tier, one.reason, one.by, one.until)
        for one, ids in zip(overrides, meant, strict=True)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS[:-1]).astype({"account_id": "str"})
    matches = pd.Series([len(ids) for ids in meant], index=table.index, dtype=int)
    expired = pd.Series([one.until < as_of for one in overrides], index=table.index, dtype=bool)
    stands = matches.eq(1) & ~expired
    replaced = stands & table["account_id"].where(stands).duplicated(keep="last")
    states = [matches == 0, matches > 1, expired, replaced]
    return table.assign(state=np.select(states, ["unknown", "ambiguous", "expired", "replaced"], "counts"))


def _meant(accounts: pd.DataFrame, wanted: str) -> list[str]:
    """The account of this id, else all accounts of this name."""
    for column in ("account_id", "account_name"):
        found = accounts.loc[accounts[column] == wanted, "account_id"]
        if len(found):
            return [str(one) for one in found]
    return []
