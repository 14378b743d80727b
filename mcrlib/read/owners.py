"""Our people: who is a person and who a pool or a machine, when somebody left, and who held which account when."""

from __future__ import annotations

import pandas as pd

from mcrlib.read.drafts import Draft
from mcrlib.read.identity import match_ids
from mcrlib.read.joins import name_key
from mcrlib.read.words import kind_of_user, map_unique

#: A Salesforce id that begins so is a queue or a group, never a user.
_GROUP_ID = r"00G[0-9A-Za-z]{12}(?:[0-9A-Za-z]{3})?"
#: Who logged an activity and who worked in a team is kept as it stands; the mark in owners tells a machine.
_AS_LOGGED = ("owners", "activities", "activity_owners", "account_team")
#: What a person does leaves a date: table, person, date.
_TRACES = (
    ("activities", "owner_id", "activity_date"),
    ("orders", "owner_id", "order_date"),
    ("opportunities", "owner_id", "created_date"),
    ("opportunities", "owner_id", "closed_date"),
    ("owner_history", "old", "changed_date"),
    ("owner_history", "new", "changed_date"),
)


def settle_owners(drafts: dict[str, Draft]) -> dict[str, Draft]:
    """Settle who of ours did what, once every table is linked.

    Pools, queues and machines hold nothing: ``owner_id`` is empty where one stands (an account is then marked
    ``in_public_pool`` if it is a pool). ``owners.left_date`` of an inactive person without one is the last trace of
    the person. ``owner_history`` names people by their ids, and has one holder at a time.
    """
    drafts = dict(drafts)
    if "owner_history" in drafts:
        drafts["owner_history"] = _settle_history(drafts["owner_history"], drafts.get("owners"))
    nobody = _nobody(drafts.get("owners"))
    settled = {name: _without_nobody(draft, nobody) for name, draft in drafts.items()}
    if "owners" in settled:
        settled["owners"] = _say_unknown(_with_departures(settled["owners"], drafts), settled)
    return settled


def _nobody(owners: Draft | None) -> pd.Series:
    """Kind of every pool and machine, by owner_id."""
    if owners is None or not owners.has("user_kind", "owner_id"):
        return pd.Series(dtype="str")
    rows = owners.rows[owners.rows["user_kind"].isin(("pool", "system"))]
    return rows.set_index("owner_id")["user_kind"]


def _without_nobody(draft: Draft, nobody: pd.Series) -> Draft:
    if draft.table in _AS_LOGGED or not draft.has("owner_id"):
        return draft
    ids = draft.rows["owner_id"]
    kind = ids.map(nobody).astype("str").mask(ids.str.fullmatch(_GROUP_ID).fillna(False).astype(bool), "pool")
    draft = draft.put(owner_id=ids.mask(kind.notna())).note("owner_id", "system_user", int(kind.notna().sum()))
    if draft.table != "accounts" or not (kind == "pool").any():
        return draft
    given = draft.rows["in_public_pool"] if draft.has("in_public_pool") else pd.Series(pd.NA, index=ids.index)
    told = given.astype("boolean").fillna((kind == "pool").where(ids.notna()).astype("boolean"))
    return draft.put(in_public_pool=told.mask(kind == "pool", True))


def _with_departures(owners: Draft, drafts: dict[str, Draft]) -> Draft:
    """The last day of everybody who is no longer active: as delivered, else the last trace."""
    empty = pd.Series(pd.NaT, index=owners.rows.index, dtype="datetime64[s]")
    left = owners.rows["left_date"] if owners.has("left_date") else empty
    source = pd.Series(pd.NA, index=left.index, dtype="str").mask(left.notna(), "crm")
    if owners.has("is_active"):
        gone = left.isna() & ~owners.rows["is_active"].astype("boolean").fillna(True).astype(bool)
        last = _last_traces(drafts).reindex(owners.rows["owner_id"]).set_axis(left.index)
        left = left.where(~gone, last)
        source = source.mask(gone & last.notna(), "last_trace")
    owners = owners.put(left_date=left, left_source=source)
    return owners.note("left_date", "last_trace", int((source == "last_trace").sum()))


def _last_traces(drafts: dict[str, Draft]) -> pd.Series:
    """The last date on which each person did something, by owner_id."""
    found = [
        drafts[table].rows.set_index(person)[date]
        for table, person, date in _TRACES
        if table in drafts and drafts[table].has(person, date)
    ]
    dates = pd.concat(found) if found else pd.Series(dtype="datetime64[s]")
    return dates[dates.index.notna()].dropna().groupby(level=0).max()


def _say_unknown(owners: Draft, drafts: dict[str, Draft]) -> Draft:
    """Who holds accounts and is not among the owners: an export of active users only hides who left."""
    holders = drafts["accounts"].rows.get("owner_id") if "accounts" in drafts else None
    if holders is None or owners.rows.empty:
        return owners
    lost = sorted(set(holders.dropna()) - set(owners.rows["owner_id"]) - set(owners.gone["key"]))
    if not lost:
        return owners
    text = (
        f"holders of accounts who are not among the owners: {len(lost)}, such as '{lost[0]}'; export those who left too"
    )
    return owners.warn("unknown_owner", text, "owner_id")


def _settle_history(history: Draft, owners: Draft | None) -> Draft:
    """One holder at a time: of several that took over one account on one day none is kept, unless they form a chain."""
    if not history.has("object_id", "new", "changed_date"):
        return history
    history = _people_by_id(history, owners)
    rows, links = history.rows, set[tuple[object, ...]]()
    if history.has("old"):
        links = set(rows[["object_id", "changed_date", "old"]].itertuples(index=False, name=None))
    after = rows[["object_id", "changed_date", "new"]].itertuples(index=False, name=None)
    last = rows[[change not in links for change in after]]
    several = last.groupby(["object_id", "changed_date"])["new"].transform("nunique") > 1
    history = history.set_aside(several.reindex(rows.index, fill_value=False), "duplicate_conflict", "new")
    return _say_gaps(history)


def _people_by_id(history: Draft, owners: Draft | None) -> Draft:
    """Holders before and after by their ids, also where the log gives names; ``is_person`` tells pools and machines."""
    kinds = pd.Series(dtype="str")
    for column in [c for c in ("old", "new") if history.has(c)]:
        ids = history.rows[column]
        if owners is not None and owners.has("owner_id", "owner_name"):
            book = owners.rows.dropna(subset=["owner_id", "owner_name"])
            names = map_unique(book["owner_name"], name_key)
            by_name = pd.Series(book["owner_id"].to_numpy(), index=names).loc[lambda s: ~s.index.duplicated(keep=False)]
            ids = match_ids(ids, book["owner_id"])
            known = ids.isin(book["owner_id"])
            ids = ids.where(known, map_unique(ids, name_key).map(by_name).astype("str").fillna(ids))
            kinds = owners.rows.set_index("owner_id")["user_kind"] if owners.has("user_kind") else kinds
        history = history.put(**{column: ids})
    new = history.rows["new"]
    kind = new.map(kinds).astype("str").fillna(kind_of_user(new))
    kind = kind.mask(new.str.fullmatch(_GROUP_ID).fillna(False).astype(bool), "pool")
    return history.put(is_person=(kind == "human").where(new.notna()).astype("boolean"))


def _say_gaps(history: Draft) -> Draft:
    """Changes that name another holder before than the change before them."""
    if not history.has("old"):
        return history
    rows = history.rows.sort_values(["object_id", "changed_date", "src_row"], kind="stable")
    before = rows.groupby("object_id")["new"].shift()
    same_day = rows.groupby("object_id")["changed_date"].shift() == rows["changed_date"]
    torn = rows[before.notna() & rows["old"].notna() & (before != rows["old"]) & ~same_day]
    if torn.empty:
        return history
    text = (
        f"{len(torn)} changes of owner name another holder before than the change before them, such as that of "
        f"'{torn['object_id'].iloc[0]}'; the log may be incomplete"
    )
    return history.warn("owner_gap", text, "old", int(torn["src_row"].iloc[0]))
