"""Who is who: ids that differ only in spelling, merged accounts, references and their orphans."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd

from mcrlib.read.cleaning import UNDERSTOOD
from mcrlib.read.drafts import Draft
from mcrlib.read.joins import PARENTS, join_people_and_names
from mcrlib.read.words import is_among, is_missing, map_unique, tidy

_OBJECTS = {"stage_history": "opportunities", "owner_history": "accounts", "tier_history": "accounts"}
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_GUID = re.compile(r"\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?", re.IGNORECASE)
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
    Digits match with and without leading zeros where all keys, or all ids, are of one length; a GUID in braces and
    capitals or without, and whatever dash stands in an id. Of several keys parted by semicolons the first counts.
    """
    strange = ids.notna() & ~is_among(ids, keys)
    if not strange.any():
        return ids
    known = frozenset(keys)
    padded = _zeros(ids[strange], known)
    plain = {form: key for key in known if (form := _plain(key)) != key}

    def find(text: str) -> str | None:
        if is_missing(text):
            return None
        forms: tuple[str, ...] = (text,)
        if len(text) == 15 and text.isalnum():
            forms = (salesforce18(text),)
        elif len(text) == 18 and text.isalnum():
            forms = (restore_case(text), restore_case(text)[:15])
        elif padded and text.isdigit():
            forms = (padded(text),)
        elif ";" in text:
            several = [part.strip() for part in text.split(";") if part.strip()]
            forms = tuple(several[:1]) if known.issuperset(several) else (text,)
        same = _plain(text)
        return next((form for form in (*forms, same) if form in known), plain.get(same, text))

    ids = ids.copy()
    ids[strange] = map_unique(ids[strange], find).astype("str")
    return ids


def _plain(text: str) -> str:
    """An id with plain dashes; a GUID in small letters and without braces."""
    text = text.translate(_DASHES)
    guid = _GUID.fullmatch(text)
    return guid[1].lower() if guid else text


def _zeros(ids: pd.Series, known: frozenset[str]) -> Callable[[str], str] | None:
    """How to write the digits of ids as the keys are written; None where that may lead to the wrong key."""
    numbers = [key for key in known if key.isdigit()]
    widths = {len(key) for key in numbers}
    if len(numbers) < len(known) or not numbers:
        return None
    if len(widths) == 1 and any(key[0] == "0" for key in numbers):
        width = widths.pop()
        return lambda text: text if text[0] == "0" else text.zfill(width)
    given = {len(text) for text in ids.dropna().unique() if text.isdigit()}
    if len(given) == 1 and not any(key[0] == "0" for key in numbers):
        return lambda text: text.lstrip("0")
    return None


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
    return ("account_id", "scope_id") if draft.has("scope_type") else ("account_id", "referrer_id")


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
        draft = _matched(draft, column, keys)
    return _set_orphans_aside(join_people_and_names(draft, parents), parents)


def _matched(draft: Draft, column: str, keys: pd.Series) -> Draft:
    """One reference in the spelling of its keys, with a word on ids that are spelt otherwise or name several."""
    before = draft.rows[column]
    after = match_ids(before, keys)
    draft = draft.put(**{column: after})
    changed = before.notna() & after.notna() & (before != after)
    several = changed & before.str.contains(";", regex=False, na=False)
    if several.any():
        row = int(draft.rows.loc[several, "src_row"].iloc[0])
        said = f"{int(several.sum())} rows name several at once, such as '{before[several].iloc[0][:60]}'"
        draft = draft.warn("several_ids", f"{said}; the first counts", column, row)
    zeros = changed & (before.str.lstrip("0") == after.str.lstrip("0"))
    if zeros.any():
        row = int(draft.rows.loc[zeros, "src_row"].iloc[0])
        said = f"{int(zeros.sum())} ids differ from their keys in leading zeros only, such as '{before[zeros].iloc[0]}'"
        draft = draft.warn("leading_zeros", f"{said} and '{after[zeros].iloc[0]}'; they count as the same", column, row)
    return draft


def _parent_of(table: str, column: str) -> str | None:
    return _OBJECTS.get(table) if column == "object_id" else PARENTS.get(column)


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
