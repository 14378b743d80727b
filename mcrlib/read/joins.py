"""Joins where a row holds no id: by a name or an e-mail address that belongs to one record only."""

from __future__ import annotations

import re

import pandas as pd

from mcrlib.read.drafts import Draft
from mcrlib.read.words import is_among, is_missing, kind_of_user, map_unique, tidy

#: Fields of e-mail addresses: they join, and are dropped.
ADDRESSES = ("email", "contact_email", "owner_email")
#: What a row may deliver in place of an id, and the id that it stands for; an address says more than a name.
_IDS = {
    "owner_email": "owner_id",
    "contact_email": "contact_id",
    "account_name": "account_id",
    "parent_account_name": "parent_account_id",
    "referrer_name": "referrer_id",
    "owner_name": "owner_id",
    "manager": "manager_id",
    "opportunity_name": "opportunity_id",
    "contact_name": "contact_id",
    "reports_to": "reports_to_id",
}
#: Column to the table that it points to.
PARENTS = {
    "account_id": "accounts",
    "parent_account_id": "accounts",
    "referrer_id": "accounts",
    "owner_id": "owners",
    "manager_id": "owners",
    "opportunity_id": "opportunities",
    "order_id": "orders",
    "contact_id": "contacts",
    "reports_to_id": "contacts",
    "activity_id": "activities",
    "product_id": "products",
}
_NAMES = {
    "accounts": "account_name",
    "owners": "owner_name",
    "opportunities": "opportunity_name",
    "contacts": "contact_name",
}
#: What may be delivered in place of a required id.
INSTEAD_OF = {
    column: tuple(field for field, stands_for in _IDS.items() if stands_for == column)
    for column in ("account_id", "opportunity_id", "contact_id", "owner_id")
}
#: People known by name or address alone are counted all the same; whose they are not, is said.
_TOLD = ("account_id", "parent_account_id", "opportunity_id", "contact_id")
MAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def name_key(text: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(tidy(text).casefold().split())


def mail_keys(text: str) -> list[str]:
    """The e-mail addresses in a text, such as ``Ann <ann@acme.example>``, in small letters."""
    return list(dict.fromkeys(MAIL.findall(tidy(text).casefold())))


def join_people_and_names(draft: Draft, parents: dict[str, Draft]) -> Draft:
    """Fill the ids that are not there from names and addresses, and the account from the contact.

    A name or address that two records share fills nothing. What is not found is counted and said, with a row and an
    example, in which an address keeps its domain only.
    """
    draft = _names_as_ids(draft, parents)
    for field, column in _IDS.items():
        draft = _join(draft, field, column, parents)
    return _join_by_contact(draft, parents.get("contacts"))


def _names_as_ids(draft: Draft, parents: dict[str, Draft]) -> Draft:
    """Ids of accounts that are no key but the name of one: some systems write names where others write ids."""
    parent = parents.get("accounts")
    if not draft.has("account_id") or draft.key == "account_id" or parent is None or not parent.has(parent.key):
        return draft
    ids = draft.rows["account_id"]
    strange = ids[ids.notna() & ~is_among(ids, parent.rows[parent.key])]
    if strange.empty:
        return draft
    found = _find(strange, draft, parent).dropna()
    ids = ids.copy()
    ids[found.index] = found
    return draft.put(account_id=ids).note("account_id", "joined_by_name", len(found))


def _join(draft: Draft, field: str, column: str, parents: dict[str, Draft]) -> Draft:
    if not draft.has(field) or column not in draft.spec.columns or column == draft.key:
        return draft
    ids = _ids(draft, column)
    texts = draft.rows.loc[ids.isna() & draft.rows[field].notna(), field]
    if texts.empty:
        return draft.put(**{column: ids})
    found = _find(texts, draft, parents.get(PARENTS[column]))
    lost = texts[found.isna() & ~texts.map(is_missing).astype(bool)]
    if column == "owner_id" and not (field == "owner_email" and draft.has("owner_name")):
        found = _known_by_themselves(texts, found)
    ids = ids.copy()
    ids[texts.index] = found
    how = "joined_by_email" if field.endswith("_email") else "joined_by_name"
    draft = draft.put(**{column: ids}).note(field, how, int(found.notna().sum()))
    return _say_lost(draft, field, lost) if column in _TOLD or field == "owner_email" else draft


def _ids(draft: Draft, column: str) -> pd.Series:
    nothing = pd.Series(pd.NA, index=draft.rows.index, dtype="str")
    return draft.rows[column] if draft.has(column) else nothing


def _find(texts: pd.Series, draft: Draft, parent: Draft | None) -> pd.Series:
    """Ids of the records whose name or address this is alone; a contact's or deal's first within its account."""
    nothing = pd.Series(pd.NA, index=texts.index, dtype="str")
    if parent is None or not parent.has(parent.key):
        return nothing
    book = _book(parent, parent.key)
    wanted = map_unique(texts, _key).astype("str")
    found = wanted.map(_sole(book)).astype("str")
    found = found.fillna(texts.where(is_among(texts, parent.rows[parent.key])))
    if parent.table in ("contacts", "opportunities") and parent.has("account_id") and draft.has("account_id"):
        book["who"] = book["who"] + "\x1f" + parent.rows["account_id"].reindex(book.index).fillna("")
        within = wanted + "\x1f" + draft.rows.loc[texts.index, "account_id"].fillna("")
        found = within.map(_sole(book)).fillna(found)
    return found.astype("str")


def _key(text: str) -> str:
    """How a text is looked up: by the one address in it, else as a name."""
    mails = mail_keys(text)
    return mails[0] if len(mails) == 1 else name_key(text)


def _book(parent: Draft, column: str) -> pd.DataFrame:
    """Who stands for which value of a column: every name, every address, and the names of merged accounts."""
    names = parent.rows.get(_NAMES[parent.table])
    books = []
    if names is not None:
        books.append(pd.DataFrame({"who": map_unique(names, name_key), "id": parent.rows[column]}))
    if parent.has("email"):
        mails = parent.rows["email"].dropna().map(mail_keys).explode().dropna()
        books.append(pd.DataFrame({"who": mails.astype("str"), "id": parent.rows[column].reindex(mails.index)}))
    if len(parent.aliases):
        books.append(parent.aliases.rename(columns={"name": "who"}).assign(who=lambda a: a["who"].map(name_key)))
    empty = pd.DataFrame({"who": [], "id": []}, dtype="str")
    return pd.concat([empty, *books]).dropna().drop_duplicates()


def _sole(book: pd.DataFrame) -> pd.Series:
    return book.drop_duplicates(["who", "id"]).drop_duplicates("who", keep=False).set_index("who")["id"]


def _known_by_themselves(texts: pd.Series, found: pd.Series) -> pd.Series:
    """A seller who is in no list of owners is known by name or address; the public pool and machines are nobody."""
    spelt = map_unique(texts, lambda text: None if is_missing(tidy(text)) else tidy(text)).astype("str")
    return found.fillna(spelt.where(kind_of_user(texts) == "human"))


def _join_by_contact(draft: Draft, contacts: Draft | None) -> Draft:
    """The account of a row that only says who at the customer it is about, where all that is known of them agrees."""
    if contacts is None or draft.table == "contacts" or "account_id" not in draft.spec.columns:
        return draft
    ids = _ids(draft, "account_id")
    if not ids.isna().any() or not contacts.has("account_id", "contact_id"):
        return draft
    found = _ids(draft, "contact_id").map(contacts.rows.set_index("contact_id")["account_id"])
    field = "contact_email" if draft.has("contact_email") else "contact_id"
    if draft.has("contact_email"):
        mails = map_unique(draft.rows["contact_email"], _key).astype("str")
        found = found.fillna(mails.map(_sole(_book(contacts, "account_id"))))
    if not draft.has(field):
        return draft
    found = found.where(ids.isna()).astype("str")
    if not draft.has("contact_id"):
        draft = _say_lost(draft, field, draft.rows.loc[ids.isna() & found.isna(), field].dropna())
    draft = draft.put(account_id=ids.fillna(found))
    return draft.note(field, "account_of_contact", int(found.notna().sum()))


def _say_lost(draft: Draft, field: str, texts: pd.Series) -> Draft:
    if texts.empty:
        return draft
    row = int(draft.rows.loc[texts.index[0], "src_row"])
    example = MAIL.sub(lambda found: f"…@{found[0].split('@')[1]}", str(texts.iloc[0]))
    if field.endswith("_email"):
        said = f"{len(texts)} rows have an e-mail address that is not there or not unique, such as '{example}'"
        return draft.warn("email_without_id", said, field, row)
    said = f"{len(texts)} rows have a name that is not there or not unique, such as '{example}'"
    return draft.warn("name_without_id", said, field, row)
