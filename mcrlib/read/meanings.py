"""What a column means once it is read: stages, closing dates, titles, scales, returns."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pandas as pd

from mcrlib.read.companies import web_domain
from mcrlib.read.drafts import Draft
from mcrlib.read.headers import field_of
from mcrlib.read.kinds import allowed, own_words, word_list
from mcrlib.read.words import from_phrases, kind_of_user, lookup, map_unique, read_words, tidy, word_key
from mcrlib.settings import Settings

#: A column that says who is no longer there: its yes is a no.
_NO_LONGER = re.compile(r"disabled|inactive|deactivated|terminated|离职|離職|停用|禁用|冻结|凍結", re.IGNORECASE)
_FINAL = ("won", "lost", "void")
#: A log of changes of all fields: the table whose history is meant, and its fields.
_HISTORY_OF = {
    "stage_history": ("opportunities", ("stage",)),
    "owner_history": ("accounts", ("owner_id", "owner_name")),
    "tier_history": ("accounts", ("tier_crm",)),
}


def give_meaning(draft: Draft, settings: Settings) -> Draft:
    """The draft with everything that follows from its own columns."""
    steps: dict[str, Callable[[Draft, Settings], Draft]] = {
        "accounts": _accounts,
        "owners": _owners,
        "opportunities": _opportunities,
        "orders": _orders,
        "contacts": _contacts,
        "activities": _activities,
        "surveys": _surveys,
        **dict.fromkeys(_HISTORY_OF, _histories),
    }
    if draft.has("discount") and "discount_rate" in draft.spec.columns and not draft.has("discount_rate"):
        draft = draft.put(discount_rate=draft.rows["discount"])
    step = steps.get(draft.table)
    return step(draft, settings) if step and len(draft.rows) else draft


def _accounts(draft: Draft, settings: Settings) -> Draft:
    if draft.has("owner_name") and not draft.has("in_public_pool"):
        kind = kind_of_user(draft.rows["owner_name"])
        pool = (kind == "pool").where(kind.notna()).astype("boolean")
        draft = draft.put(in_public_pool=pool) if pool.any() else draft
    if draft.has("website"):
        site = map_unique(draft.rows["website"], web_domain).astype("str")
        given = draft.rows["domain"] if draft.has("domain") else site
        draft = draft.put(domain=given.fillna(site.mask(site == "")))
    return draft


def _owners(draft: Draft, settings: Settings) -> Draft:
    if draft.has("is_active") and _NO_LONGER.search(draft.header("is_active")):
        draft = draft.put(is_active=~draft.rows["is_active"].astype("boolean"))
    draft = _with_whole_name(draft, "owner_name")
    if not draft.has("owner_name"):
        return draft
    kind = kind_of_user(draft.rows["owner_name"]).fillna("human")
    given = draft.rows["user_kind"] if draft.has("user_kind") else pd.Series(pd.NA, index=kind.index, dtype="str")
    kind = given.mask((given == "human") & (kind != "human")).fillna(kind)
    return draft.put(user_kind=kind).note("owner_name", "system_user", int((kind != "human").sum()))


def _opportunities(draft: Draft, settings: Settings) -> Draft:
    if not draft.has("stage"):
        return draft
    own = own_words(settings, "stage_std", "opportunities") | own_words(settings, "stage", "opportunities")
    known = lookup("stage", allowed("opportunities", "stage"), own)
    stage, unknown = read_words(draft.rows["stage"], known)
    if draft.has("stage_std"):
        stage = draft.rows["stage_std"].fillna(stage)
    status = _status(draft, stage, settings)
    guessed = unknown & status.isna()
    if unknown.any():
        words = draft.rows.loc[unknown, "stage"]
        text = f"{int(unknown.sum())} deals have a stage that the kit does not know, such as '{words.iloc[0]}'"
        rest = (
            f"; {int(guessed.sum())} of them count as open"
            if guessed.any()
            else "; their status comes from other columns"
        )
        draft = draft.warn(
            "unknown_stage", f"{text}{rest}. Say what it means under values: stage in client.yaml", "stage"
        )
    status = status.fillna("open")
    stage = stage.where(~status.isin(_FINAL), status)
    return _closing_dates(draft.put(stage_std=stage, status=status))


def _status(draft: Draft, stage: pd.Series, settings: Settings) -> pd.Series:
    """open, won, lost or void; missing where nothing tells."""
    nothing = pd.Series(pd.NA, index=stage.index, dtype="str")
    given = draft.rows["status"] if draft.has("status") else nothing
    status = given.where(given.isin(_FINAL))
    if draft.has("status_reason"):
        known = word_list("opportunities", "status_reason", settings)
        reason, _ = read_words(draft.rows["status_reason"], known)
        status = status.mask((reason == "void").fillna(False).astype(bool), "void")
    if draft.has("is_won"):
        status = status.fillna(nothing.mask(draft.rows["is_won"].fillna(False).astype(bool), "won"))
    status = status.fillna(stage.where(stage.isin(_FINAL)))
    if draft.has("is_won", "is_closed"):
        lost = draft.rows["is_closed"].fillna(False) & ~draft.rows["is_won"].fillna(False)
        status = status.fillna(nothing.mask(lost.astype(bool), "lost"))
    status = status.fillna(given).fillna(nothing.mask(stage.notna(), "open"))
    if draft.has("probability"):
        status = status.fillna(nothing.mask(draft.rows["probability"] == 1, "won"))
    return status


def _closing_dates(draft: Draft) -> Draft:
    """One close date is the expected one while a deal is open and the real one once it is closed."""
    closed = draft.rows["status"].isin(_FINAL)
    if draft.has("expected_close_date") and not draft.has("closed_date"):
        one = draft.rows["expected_close_date"]
    elif draft.has("closed_date") and not draft.has("expected_close_date"):
        one = draft.rows["closed_date"]
    else:
        return draft
    return draft.put(expected_close_date=one.mask(closed), closed_date=one.where(closed))


def _orders(draft: Draft, settings: Settings) -> Draft:
    """Returns are negative, whatever sign the export gives them; the kind of document may tell them."""
    if draft.has("document"):
        status = draft.rows["status"] if draft.has("status") else pd.Series(pd.NA, index=draft.rows.index, dtype="str")
        back = (draft.rows["document"] == "return") & ~status.isin(["void", "draft"])
        draft = draft.put(status=status.mask(back, "return"))
    if not draft.has("status", "amount"):
        return draft
    back = (draft.rows["status"] == "return") & (draft.rows["amount"] > Decimal(0)).fillna(False)
    rows = draft.rows.copy()
    rows.loc[back, "amount"] = -rows.loc[back, "amount"]
    return draft.with_rows(rows).note("amount", "return_made_negative", int(back.sum()))


def _contacts(draft: Draft, settings: Settings) -> Draft:
    if draft.has("status") and _NO_LONGER.search(draft.header("status")):
        draft = draft.put(status=draft.rows["status"].replace({"active": "left", "left": "active"}))
    draft = _with_whole_name(draft, "contact_name")
    nothing = pd.Series(pd.NA, index=draft.rows.index, dtype="str")
    if draft.has("title"):
        given = draft.rows["level"] if draft.has("level") else nothing
        draft = draft.put(level=given.fillna(from_phrases(draft.rows["title"], "level")))
    given = draft.rows["function"] if draft.has("function") else nothing
    for column in ("department", "title"):
        if draft.has(column):
            given = given.fillna(from_phrases(draft.rows[column], "function"))
            draft = draft.put(function=given)
    return draft


def _with_whole_name(draft: Draft, column: str) -> Draft:
    """First and last name in one column, where the export has only the two."""
    if draft.has(column) or not draft.has("last_name"):
        return draft
    first = draft.rows["first_name"].fillna("") if draft.has("first_name") else ""
    name = (first + " " + draft.rows["last_name"].fillna("")).str.strip()
    return draft.put(**{column: name.mask(name == "")})


def _activities(draft: Draft, settings: Settings) -> Draft:
    if draft.has("content") and not draft.has("content_len"):
        draft = draft.put(content_len=draft.rows["content"].str.len().astype("Int64"))
    return draft


def _histories(draft: Draft, settings: Settings) -> Draft:
    """Of a log of changes of many fields, those of the field that the history is about."""
    if not draft.has("field"):
        return draft
    table, wanted = _HISTORY_OF[draft.table]

    def is_meant(header: str) -> bool:
        match = field_of(re.sub(r"(?i)full ?name$", "", header), table)
        return match is not None and match.field in wanted

    meant = draft.rows["field"].map(is_meant, na_action="ignore").astype("boolean").fillna(False)
    return draft.set_aside(~meant, "other_field", "field")


def _surveys(draft: Draft, settings: Settings) -> Draft:
    """The scale of the mark: as delivered, 0-10 for a promoter score; a mark outside it is set aside."""
    if not draft.has("score"):
        return draft
    if "nps" in word_key(draft.header("score")) or "推荐" in tidy(draft.header("score")):
        nothing = pd.Series(pd.NA, index=draft.rows.index, dtype="str")
        kind = draft.rows["kind"] if draft.has("kind") else nothing
        draft = draft.put(kind=kind.fillna("nps"))
    low = draft.rows["scale_min"] if draft.has("scale_min") else pd.Series(float("nan"), index=draft.rows.index)
    high = draft.rows["scale_max"] if draft.has("scale_max") else pd.Series(float("nan"), index=draft.rows.index)
    if draft.has("kind"):
        promoter = draft.rows["kind"] == "nps"
        low, high = low.mask(promoter & low.isna(), 0.0), high.mask(promoter & high.isna(), 10.0)
        draft = draft.put(scale_min=low, scale_max=high)
    score = draft.rows["score"]
    return draft.set_aside((score < low) | (score > high), "out_of_range", "score")
