"""Who is who: ids that differ only in spelling, joins by name, merged accounts, groups, orphans."""

from __future__ import annotations

import pandas as pd

from mcrlib.read.cleaning import UNDERSTOOD
from mcrlib.read.drafts import Draft
from mcrlib.read.words import is_among, is_missing, kind_of_user, map_unique, tidy

#: Column to the table that it points to.
_PARENTS = {
    "account_id": "accounts",
    "parent_account_id": "accounts",
    "owner_id": "owners",
    "manager_id": "owners",
    "opportunity_id": "opportunities",
    "order_id": "orders",
    "contact_id": "contacts",
    "reports_to_id": "contacts",
    "activity_id": "activities",
    "product_id": "products",
}
_OBJECTS = {"stage_history": "opportunities", "owner_history": "accounts", "tier_history": "accounts"}
#: Reading-only or canonical name columns to the id column that they stand for.
_IDS = {
    "account_name": "account_id",
    "parent_account_name": "parent_account_id",
    "owner_name": "owner_id",
    "manager": "manager_id",
    "opportunity_name": "opportunity_id",
    "contact_name": "contact_id",
    "reports_to": "reports_to_id",
}
#: The name that may be delivered in place of a required id.
NAMES_OF = {
    column: name
    for name, column in _IDS.items()
    if column in ("account_id", "opportunity_id", "contact_id", "owner_id")
}
_PARENT_NAME = {
    "accounts": "account_name",
    "owners": "owner_name",
    "opportunities": "opportunity_name",
    "contacts": "contact_name",
}
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce18(short: str) -> str:
    """The 18-character form of a 15-character Salesforce id: three characters say which letters are capitals."""
    return short + "".join(
        _ALPHABET[sum(letter.isupper() << place for place, letter in enumerate(short[start : start + 5]))]
        for start in (0, 5, 10)
    )


def restore_case(long: str) -> str:
    """An 18-character Salesforce id whose letters a spreadsheet made all small or all capital, as it was."""
    bits = [_ALPHABET.find(mark) for mark in long[15:].upper()]
    if min(bits, default=-1) < 0:
        return long
    core = [
        letter.upper() if bits[place // 5] >> place % 5 & 1 else letter.lower()
        for place, letter in enumerate(long[:15])
    ]
    return "".join(core) + long[15:].upper()


def match_ids(ids: pd.Series, keys: pd.Series) -> pd.Series:
    """Ids in the spelling of the keys that they mean; an id that means none stays as it is.

    A missing word such as NULL is missing unless it is a key; a Salesforce id matches in both its lengths, 15 and 18.
    """
    strange = ids.notna() & ~is_among(ids, keys)
    if not strange.any():
        return ids
    known = frozenset(keys)

    def find(text: str) -> str | None:
        if is_missing(text):
            return None
        forms: tuple[str, ...] = (text,)
        if len(text) == 15 and text.isalnum():
            forms = (salesforce18(text),)
        elif len(text) == 18 and text.isalnum():
            forms = (restore_case(text), restore_case(text)[:15])
        return next((form for form in forms if form in known), text)

    ids = ids.copy()
    ids[strange] = map_unique(ids[strange], find).astype("str")
    return ids


def name_key(text: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(tidy(text).casefold().split())


def keys_from_names(draft: Draft) -> Draft:
    """Accounts and owners without ids are known by their names."""
    name = {"accounts": "account_name", "owners": "owner_name", "products": "product_name"}.get(draft.table)
    if not name or draft.has(draft.key) or not draft.has(name):
        return draft
    ids = map_unique(draft.rows[name], tidy).astype("str")
    return draft.put(**{draft.key: ids.mask(ids == "")}).note(name, "key_from_name", len(draft.rows))


def merge_map(accounts: Draft | None) -> dict[str, str]:
    """Account to the account it was merged into, over all steps."""
    if accounts is None or not accounts.has("account_id", "master_account_id"):
        return {}
    rows = accounts.rows.dropna(subset=["account_id", "master_account_id"])
    step = dict(zip(rows["account_id"], match_ids(rows["master_account_id"], accounts.rows["account_id"]), strict=True))
    merged = {}
    for start in step:
        seen, at = {start}, step[start]
        while at in step and at not in seen:
            seen.add(at)
            at = step[at]
        merged[start] = at
    return {old: new for old, new in merged.items() if old != new}


def follow_merges(draft: Draft, merged: dict[str, str]) -> Draft:
    """References to a merged account point to the account that it became."""
    for column in [c for c in _account_columns(draft) if merged and draft.has(c)]:
        ids = match_ids(draft.rows[column], pd.Series(list(merged), dtype="str"))
        moved = ids.isin(list(merged))
        if column == "scope_id":
            moved &= draft.rows["scope_type"] == "account"
        if moved.any():
            draft = draft.put(**{column: ids.mask(moved, ids.map(merged))}).note(
                column, "moved_to_master", int(moved.sum())
            )
    return draft


def _account_columns(draft: Draft) -> tuple[str, ...]:
    """The columns that name an account, the key of accounts aside."""
    if draft.table == "accounts":
        return ("parent_account_id",)
    if _OBJECTS.get(draft.table) == "accounts":
        return ("object_id",)
    return ("account_id", "scope_id") if draft.has("scope_type") else ("account_id",)


def link(draft: Draft, parents: dict[str, Draft]) -> Draft:
    """The draft with every reference in the spelling of its parent's key; orphans set aside.

    Parameters
    ----------
    draft : Draft
        The table.
    parents : dict of str to Draft
        Tables linked before; the table itself counts among them for references within it.
    """
    parents = parents | {draft.table: draft}
    references = [name for name, spec in draft.spec.columns.items() if spec.kind == "id" and name != draft.key]
    for column in [name for name in references if draft.has(name)]:
        parent = parents.get(_parent_of(draft.table, column) or "")
        keys = parent.rows[parent.key] if parent is not None and parent.has(parent.key) else pd.Series([], dtype="str")
        keys = pd.concat([keys, parent.gone["key"]]) if parent is not None else keys
        draft = draft.put(**{column: match_ids(draft.rows[column], keys)})
    for name, column in _IDS.items():
        draft = _join_by_name(draft, name, column, parents)
    return _set_orphans_aside(draft, parents)


def _parent_of(table: str, column: str) -> str | None:
    return _OBJECTS.get(table) if column == "object_id" else _PARENTS.get(column)


def _join_by_name(draft: Draft, name: str, column: str, parents: dict[str, Draft]) -> Draft:
    """Fill an id from a name where the name belongs to one record only."""
    if not draft.has(name) or column not in draft.spec.columns or column == draft.key:
        return draft
    nothing = pd.Series(pd.NA, index=draft.rows.index, dtype="str")
    ids = draft.rows[column] if draft.has(column) else nothing
    open_ = ids.isna() & draft.rows[name].notna()
    if not open_.any():
        return draft.put(**{column: ids})
    parent = parents.get(_PARENTS[column])
    names = draft.rows.loc[open_, name]
    found = (
        _ids_of_names(names, draft, parent) if parent is not None else pd.Series(pd.NA, index=names.index, dtype="str")
    )
    if column == "owner_id":
        found = _people_by_name(names, found)
    ids = ids.copy()
    ids[open_] = found
    draft = draft.put(**{column: ids}).note(name, "joined_by_name", int(found.notna().sum()))
    lost = found.isna() & ~names.map(is_missing, na_action="ignore").astype(bool)
    told = column in ("account_id", "parent_account_id", "opportunity_id", "contact_id")
    return _say_unmatched(draft, name, names[lost]) if lost.any() and told else draft


def _say_unmatched(draft: Draft, name: str, names: pd.Series) -> Draft:
    row = int(draft.rows.loc[names.index[0], "src_row"])
    text = f"{len(names)} rows have a name that is not there or not unique, such as '{names.iloc[0]}'"
    return draft.warn("name_without_id", text, name, row)


def _ids_of_names(names: pd.Series, draft: Draft, parent: Draft) -> pd.Series:
    """Ids of unique names; a contact's or deal's name first within its account."""
    title = _PARENT_NAME[parent.table]
    if not parent.has(title, parent.key):
        return pd.Series(pd.NA, index=names.index, dtype="str")
    book = pd.DataFrame({"name": parent.rows[title], "id": parent.rows[parent.key]}).dropna()
    book = pd.concat([book, parent.aliases]) if len(parent.aliases) else book
    book = book.assign(name=map_unique(book["name"], name_key)).drop_duplicates()
    wanted = map_unique(names, name_key)
    found = wanted.map(book.drop_duplicates("name", keep=False).set_index("name")["id"])
    if parent.table in ("contacts", "opportunities") and parent.has("account_id") and draft.has("account_id"):
        book["name"] = book["name"] + "\0" + parent.rows["account_id"].reindex(book.index).fillna("")
        within = wanted + "\0" + draft.rows.loc[names.index, "account_id"].fillna("")
        found = within.map(book.drop_duplicates("name", keep=False).set_index("name")["id"]).fillna(found)
    return found.astype("str")


def _people_by_name(names: pd.Series, found: pd.Series) -> pd.Series:
    """A seller who is in no list of owners is known by name; the public pool and machines are nobody."""
    spelt = map_unique(names, lambda text: None if is_missing(tidy(text)) else tidy(text)).astype("str")
    return found.fillna(spelt.where(kind_of_user(names) == "human"))


def _set_orphans_aside(draft: Draft, parents: dict[str, Draft]) -> Draft:
    """Rows whose parent is not there; where the parent was understood and does not count, they share its reason."""
    for column, spec in draft.spec.columns.items():
        table = _parent_of(draft.table, column)
        parent = parents.get(table or "")
        must = spec.required or column == "account_id"
        if not must or parent is None or parent is draft or column == draft.key or not draft.has(column):
            continue
        if table == draft.table or not parent.has(parent.key):
            continue
        values = draft.rows[column]
        orphan = values.notna() & ~is_among(values, parent.rows[parent.key])
        reasons = parent.gone[parent.gone["code"].isin(UNDERSTOOD)].drop_duplicates("key").set_index("key")["code"]
        codes = values[orphan].map(reasons).astype("str").fillna("orphan")
        for code in sorted(codes.unique()):
            draft = draft.set_aside((codes == code).reindex(draft.rows.index, fill_value=False), code, column)
    return draft
