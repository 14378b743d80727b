"""Merging accounts that are one customer, so that it can be taken back: who went into whom, why, and who decided."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from mcrlib.read.companies import web_domain
from mcrlib.read.drafts import Draft
from mcrlib.read.identity import follow_merges
from mcrlib.read.matching import PAIRS, find_pairs
from mcrlib.settings import MergeSettings, Settings

#: Columns of merge_map.csv.
MERGES = ("old_id", "new_id", "reason", "score", "decided_by")


@dataclass(frozen=True)
class Merges:
    """Which accounts were merged, and which pairs a person should look at.

    Parameters
    ----------
    made : DataFrame
        old_id, new_id, reason, score, decided_by (crm, client.yaml or rule); sorted by old_id.
    review : DataFrame
        The columns of ``matching.PAIRS`` without ``certain``, the likeliest first.
    """

    made: pd.DataFrame
    review: pd.DataFrame


def merge_accounts(
    drafts: dict[str, Draft], settings: Settings, by_crm: dict[str, str]
) -> tuple[dict[str, Draft], Merges]:
    """Merge accounts that are certainly one, move what they hold, and list the doubtful pairs.

    Of accounts that are one the fullest row is kept (of ``same`` in client.yaml the first); the others go to the
    quarantine as ``merged``, and their names still find the one kept.

    Parameters
    ----------
    drafts : dict of str to Draft
        All tables before they are linked.
    settings : Settings
        ``merge`` holds what people decided.
    by_crm : dict of str to str
        What the CRM itself merged; it is listed too.
    """
    accounts = drafts.get("accounts")
    if accounts is None or not accounts.has("account_id"):
        return drafts, Merges(pd.DataFrame(columns=list(MERGES)), pd.DataFrame(columns=list(PAIRS[:-1])))
    known = _with_domains(accounts.rows, drafts.get("contacts"))
    pairs = _without(find_pairs(known), settings.merge.keep_apart)
    groups, decided = _groups(accounts, pairs, settings.merge)
    merged = {old: group[0] for group in groups for old in group[1:]}
    together = pd.Series([merged.get(i, i) for i in pairs["account_id"]], dtype="str") == pd.Series(
        [merged.get(i, i) for i in pairs["other_id"]], dtype="str"
    )
    review = pairs.loc[~together, list(PAIRS[:-1])].reset_index(drop=True)
    made = _made(pairs[together], decided, merged, by_crm)
    moved = {name: follow_merges(draft, merged) for name, draft in drafts.items()}
    moved["accounts"] = _warn(_set_merged_aside(moved["accounts"], merged), review, settings.merge)
    return moved, Merges(made, review)


def _with_domains(accounts: pd.DataFrame, contacts: Draft | None) -> pd.DataFrame:
    """Accounts whose domain is not given have the one of all the e-mail addresses of their contacts."""
    if contacts is None or not contacts.has("account_id", "email"):
        return accounts
    mails = contacts.rows[["account_id", "email"]].dropna()
    mails = mails.assign(domain=mails["email"].map(web_domain).astype("str"))
    mails = mails.loc[mails["domain"] != "", ["account_id", "domain"]].drop_duplicates()
    sole = mails.drop_duplicates("account_id", keep=False).set_index("account_id")["domain"]
    found = accounts["account_id"].map(sole).astype("str")
    return accounts.assign(domain=accounts.get("domain", found).fillna(found))


def _without(pairs: pd.DataFrame, apart: list[list[str]]) -> pd.DataFrame:
    """The pairs that nobody said to keep apart."""
    told = [set(group) for group in apart]
    both = zip(pairs["account_id"], pairs["other_id"], strict=True)
    listed = [not any({one, other} <= group for group in told) for one, other in both]
    return pairs[pd.Series(listed, dtype=bool)].reset_index(drop=True)


def _groups(accounts: Draft, pairs: pd.DataFrame, asked: MergeSettings) -> tuple[list[list[str]], set[str]]:
    """Accounts that are one, the one to keep first; and those of which a person decided it."""
    known = set(accounts.rows["account_id"])
    told = [[account for account in group if account in known] for group in asked.same]
    sure = pairs[pairs["certain"].astype(bool)] if asked.certain else pairs.iloc[:0]
    links = [*told, *zip(sure["account_id"], sure["other_id"], strict=True)]
    group_of: dict[str, list[str]] = {}
    for link in links:
        joined = list(dict.fromkeys(member for one in link for member in group_of.get(one, [one])))
        group_of |= dict.fromkeys(joined, joined)
    firsts = {group[0]: place for place, group in enumerate(told) if group}
    full = accounts.rows.set_index("account_id").notna().sum(axis=1)
    apart = [set(group) for group in asked.keep_apart]
    groups = []
    for group in {id(group): group for group in group_of.values()}.values():
        if not any(len(one & set(group)) > 1 for one in apart):
            groups.append(sorted(group, key=lambda one: (firsts.get(one, len(told)), -int(full[one]), one)))
    return sorted(groups), {account for group in told for account in group}


def _made(pairs: pd.DataFrame, decided: set[str], merged: dict[str, str], by_crm: dict[str, str]) -> pd.DataFrame:
    """The merge map: a row per account that is no longer one of its own, with the best pair as its reason."""
    best: dict[str, tuple[str, float]] = {}
    for one, other, reason, score in pairs[["account_id", "other_id", "reason", "score"]].to_numpy():
        best = {one: (reason, score), other: (reason, score)} | best
    rows = [(old, merged.get(new, new), "merged_in_crm", 1.0, "crm") for old, new in by_crm.items()]
    for old, new in merged.items():
        rows.append((old, new, *best.get(old, ("decided", 1.0)), "client.yaml" if old in decided else "rule"))
    return pd.DataFrame(rows, columns=list(MERGES)).sort_values("old_id", ignore_index=True)


def _set_merged_aside(accounts: Draft, merged: dict[str, str]) -> Draft:
    ids = accounts.rows["account_id"]
    gone = ids.isin(list(merged))
    if not gone.any():
        return accounts
    names = pd.DataFrame({"name": accounts.rows.get("account_name"), "id": ids.map(merged)})[gone].dropna()
    accounts = accounts.set_aside(gone, "merged", "account_id", "is " + ids.map(merged) + ": " + ids)
    return replace(accounts, aliases=names.astype("str"))


def _warn(accounts: Draft, review: pd.DataFrame, asked: MergeSettings) -> Draft:
    known = {*accounts.rows["account_id"], *accounts.gone["key"]}
    lost = sorted({account for group in (*asked.same, *asked.keep_apart) for account in group} - known)
    if lost:
        text = f"{len(lost)} accounts under merge in client.yaml are not in the export, such as '{lost[0]}'"
        accounts = accounts.warn("unknown_account", text, "account_id")
    if review.empty:
        return accounts
    first = review.iloc[0]
    names = [
        f"'{first[name]}' ({first[key]})" for name, key in (("account_name", "account_id"), ("other_name", "other_id"))
    ]
    text = (
        f"{len(review)} pairs of accounts may be one customer, such as {names[0]} and {names[1]}; they stay two until "
        "merge: same in client.yaml says so"
    )
    return accounts.warn("possible_duplicates", text, "account_name")
