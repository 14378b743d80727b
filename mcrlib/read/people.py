"""People at the customer stay nameless unless the client asks for their names: only ids, levels and functions go on."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.read.drafts import Draft
from mcrlib.read.headers import field_of
from mcrlib.read.joins import MAIL, name_key
from mcrlib.read.words import map_unique, tidy
from mcrlib.settings import Settings

#: Fields that tell who a person at the customer is.
PERSONAL = ("contact_name", "first_name", "last_name", "email", "contact_email", "mobile", "reports_to")
#: Headers of such fields in files that are about something else.
_PERSONAL_HEADER = re.compile(
    r"contact(?!.*\b(id|type|role)\b)|phone|mobile|e-?mail|wechat|first.?name|last.?name"
    r"|微信|[手座]机|[手座]機|电话|電話|邮箱|郵箱|邮件|信箱|(联系|聯[絡繫]|連絡)人(?!id)",
    re.IGNORECASE,
)
#: Tables about our own people.
_OURS = ("owners", "account_team", "activity_owners", "targets")
#: What somebody typed freely; a subject is read by no chapter.
_TYPED = ("verbatim", "root_cause", "text", "strategic_note", "lost_reason", "win_reason", "opportunity_name")
_PHONE = re.compile(r"(?<![\w.,-])(?:\+|00)?\d(?:[ ()/-]{0,2}\d){8,14}(?![\w.,-])")
#: Warnings that quote a line of the file.
_OF_LINES = ("footer", "mojibake", "nul", "preamble", "too_few_fields", "too_many_fields", "total", "truncated")
#: A shorter name is found inside other words.
_SHORTEST_NAME = 2
HIDDEN = "…"


def is_personal(table: str, header: str) -> bool:
    """Whether a column of an export tells who a person at the customer is."""
    if table in _OURS:
        return False
    match = field_of(header, table)
    return bool(match and match.field in PERSONAL) or bool(_PERSONAL_HEADER.search(tidy(header)))


def hide_lines(bad: pd.DataFrame, complaints: list[Complaint]) -> tuple[pd.DataFrame, list[Complaint]]:
    """Lines of a file about people that could not be read, and what is said of them, without their words."""
    said = [_without_words(one) if one.code in _OF_LINES else one for one in complaints]
    return bad.assign(raw=HIDDEN) if len(bad) else bad, said


def number_people(drafts: dict[str, Draft]) -> dict[str, Draft]:
    """Give people known by name or address only an id, such as ``A17 person 2``: the second of the account."""
    named = {
        name: draft
        for name, draft in drafts.items()
        if name != "contacts" and "contact_id" in draft.spec.columns and draft.has("account_id")
        if draft.has("contact_name") or draft.has("contact_email")
    }
    unknown = {name: _unknown(draft) for name, draft in named.items()}
    people = pd.concat([pd.DataFrame({"account": [], "who": []}, dtype="str"), *unknown.values()])
    people = people.drop_duplicates().sort_values(["account", "who"]).set_index(["account", "who"])
    places = (people.groupby(level="account").cumcount() + 1).to_dict()
    made = dict(drafts)
    for name, rows in unknown.items():
        ids = [f"{who[0]} person {places[who]}" for who in rows.itertuples(index=False, name=None)]
        new = pd.Series(ids, index=rows.index, dtype="str").reindex(named[name].rows.index)
        given = named[name].rows["contact_id"] if named[name].has("contact_id") else new
        made[name] = named[name].put(contact_id=given.fillna(new)).note("contact_id", "key_made", len(ids))
    return made


def _unknown(draft: Draft) -> pd.DataFrame:
    """Account and name, else address, of the rows whose person has one and no id."""
    rows = draft.rows
    called = [rows[field] for field in ("contact_name", "contact_email") if draft.has(field)]
    person = called[0].fillna(called[-1])
    lacking = person.notna() & rows["account_id"].notna()
    lacking &= rows["contact_id"].isna() if draft.has("contact_id") else True
    names = map_unique(person[lacking], name_key)
    found = pd.DataFrame({"account": rows.loc[lacking, "account_id"], "who": names.astype("str")})
    return found[found["who"] != ""]


def forget_people(drafts: dict[str, Draft], settings: Settings) -> dict[str, Draft]:
    """Drop the names, phones and e-mails of people at the customer, once everything that joins by them is joined.

    ``contact_name`` and subjects become empty; in what somebody typed freely, addresses, numbers and the names of the
    account's contacts become ``…``; an id that is an e-mail address becomes a number. The rows set aside, the warnings
    and the log lose the same words. With ``contacts: {names: true}`` in client.yaml all stays as it is.

    Parameters
    ----------
    drafts : dict of str to Draft
        All tables, linked.
    settings : Settings
        ``contacts`` says whether names are kept.
    """
    if settings.contacts.names:
        return drafts
    names = _names_by_account(drafts.get("contacts"))
    drafts = _without_addresses_as_ids(drafts)
    return {name: _forget(draft, names) for name, draft in drafts.items()}


def _names_by_account(contacts: Draft | None) -> dict[str, re.Pattern[str]]:
    if contacts is None or not contacts.has("contact_name", "account_id"):
        return {}
    known = contacts.rows[["account_id", "contact_name"]].dropna().drop_duplicates()
    known = known[known["contact_name"].str.len() >= _SHORTEST_NAME]
    return {
        str(account): re.compile("|".join(re.escape(one) for one in sorted(names, key=lambda one: (-len(one), one))))
        for account, names in known.groupby("account_id")["contact_name"]
    }


def _without_addresses_as_ids(drafts: dict[str, Draft]) -> dict[str, Draft]:
    columns = [(name, c) for name, draft in drafts.items() for c in ("contact_id", "reports_to_id") if draft.has(c)]
    used = {text for name, c in columns for text in drafts[name].rows[c].dropna().unique() if MAIL.search(text)}
    if not used:
        return drafts
    number = {text: f"person {place}" for place, text in enumerate(sorted(used), 1)}
    hidden = dict(drafts)
    for name, column in columns:
        ids = hidden[name].rows[column]
        hidden[name] = hidden[name].put(**{column: ids.map(number).astype("str").fillna(ids)})
    return hidden


def _forget(draft: Draft, names: dict[str, re.Pattern[str]]) -> Draft:
    rows = draft.rows
    empty = pd.Series(pd.NA, index=rows.index, dtype="str")
    hidden = {column: empty for column in ("contact_name", "subject") if column in rows}
    accounts = rows["account_id"] if draft.has("account_id") else empty
    kinds = {column.name: column.kind for column in draft.spec.columns.values()}
    for column in [name for name in _TYPED if name in rows and kinds.get(name) == "text"]:
        hidden[column] = _without_people(rows[column], accounts, names)
    told_by = {field: header for field, header in draft.headers.items() if draft.table not in _OURS}
    file_of_people = any(field in PERSONAL for field in told_by)
    headers = {header for field, header in told_by.items() if field in (*PERSONAL, "subject", *_TYPED)}
    told = draft.aside["column"].isin(headers)
    if file_of_people:
        told |= (draft.aside["column"] == "") | draft.aside["raw"].str.contains(MAIL)
    return replace(
        draft.put(**hidden),
        aside=draft.aside.assign(raw=draft.aside["raw"].mask(told, HIDDEN)),
        warnings=tuple(_without_words(one) if one.column in headers else one for one in draft.warnings),
        log=tuple(entry | {"example": HIDDEN} if entry["column"] in headers else entry for entry in draft.log),
    )


def _without_people(texts: pd.Series, accounts: pd.Series, names: dict[str, re.Pattern[str]]) -> pd.Series:
    """Free texts without addresses, numbers, and the names of people known at the account."""
    filled = texts.dropna()
    plain = map_unique(filled, lambda text: _PHONE.sub(HIDDEN, MAIL.sub(HIDDEN, text))).astype("str")
    account = accounts.reindex(filled.index).fillna("")
    pairs = zip(plain, account, strict=True)
    named = [names[one].sub(HIDDEN, text) if one in names else text for text, one in pairs]
    return pd.Series(named, index=filled.index, dtype="str").reindex(texts.index)


def _without_words(complaint: Complaint) -> Complaint:
    """The complaint without what it quotes; the sentence stays as it is."""
    return replace(complaint, message=re.sub(r"'.*'", f"'{HIDDEN}'", complaint.message, flags=re.DOTALL))
