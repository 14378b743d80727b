"""Groups of accounts, and accounts that only orders know."""

from __future__ import annotations

import pandas as pd

from mcrlib.read.drafts import Draft
from mcrlib.read.joins import name_key
from mcrlib.read.words import map_unique


def give_groups(accounts: Draft) -> Draft:
    """``group_id``: the root of the parent chain; circles and unknown parents are said."""
    ids = accounts.rows["account_id"]
    if not accounts.has("parent_account_id"):
        return accounts.put(group_id=ids)
    parent = {
        i: p for i, p in zip(ids, accounts.rows["parent_account_id"], strict=True) if isinstance(p, str) and p != i
    }
    roots, circles = {}, set()
    for start in ids:
        chain = [start]
        while (up := parent.get(chain[-1])) is not None and up not in chain:
            chain.append(up)
        if up is not None:
            ring = chain[chain.index(up) :]
            circles.add(min(ring))
            roots[start] = min(ring)
        else:
            roots[start] = chain[-1]
    accounts = accounts.put(group_id=ids.map(roots).astype("str"))
    known = set(ids)
    lost = sorted({up for up in parent.values() if up not in known})
    if lost:
        text = (
            f"{len(lost)} parent accounts are not in accounts, such as '{lost[0]}'; their accounts still form a group"
        )
        accounts = accounts.warn("unknown_parent", text, "parent_account_id")
    if circles:
        text = f"{len(circles)} groups go in a circle, such as that of '{min(circles)}', which names the group"
        accounts = accounts.warn("parent_circle", text, "parent_account_id")
    return accounts


def accounts_from(draft: Draft) -> Draft:
    """The accounts that orders (or deals) name, one row each, where there is no accounts file.

    Without ids, names that differ only in case, width and blanks are one account, under the spelling met most often.
    """
    if not draft.has("account_id") and draft.has("account_name"):
        draft = draft.put(account_id=_usual_spelling(draft.rows["account_name"].str.strip()))
    columns = [c for c in ("account_id", "account_name", "src_file", "src_sheet", "src_row") if c in draft.rows]
    rows = draft.rows[columns].dropna(subset=["account_id"]).drop_duplicates("account_id")
    rows = rows.sort_values("account_id", kind="stable", ignore_index=True)
    return Draft("accounts", rows, len(rows), files=draft.files)


def _usual_spelling(names: pd.Series) -> pd.Series:
    """For each name the spelling that most rows give it; of equally frequent ones the first by alphabet."""
    keys = map_unique(names, name_key)
    met = pd.DataFrame({"key": keys, "name": names}).dropna().value_counts().reset_index()
    usual = met.sort_values(["count", "name"], ascending=[False, True], kind="stable").drop_duplicates("key")
    return keys.map(usual.set_index("key")["name"]).astype("str")
