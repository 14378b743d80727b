"""Why an account has its tier and its verdict: reason codes and the account's own numbers, said in a sentence."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.terms import term

TIER_REASONS = {
    "never_ordered": mark("never ordered"),
    "no_variation": mark("all accounts are alike"),
    "borderline": mark("not sure"),
    "high": mark("high: {what}"),
    "low": mark("low: {what}"),
    "middle": mark("as the middle account"),
    "held": mark("stays until a second run says so"),
    "rule": mark("the rule says {tier}"),
    "clusters": mark("the groups say {tier}"),
    "override": mark("decided by {by} until {until}: {why}"),
    "override_expired": mark("an earlier decision has expired"),
}

REASONS = {
    "high_soil_high_harvest": mark("fertile, large harvest"),
    "harvest_without_soil": mark("large harvest on poor soil (fertility {fertility} of 100)"),
    "soil_without_harvest": mark("better soil than most (fertility {fertility} of 100), small harvest"),
    "low_both": mark("harvest and fertility both low"),
    "never_ordered": mark("never ordered"),
    "saline": mark("high value, buys nothing from us yet"),
    "quiet": mark("no order for {days} days; chance of still buying {chance}"),
    "falling": mark("harvest fell by {change} in a year"),
    "rising": mark("harvest rose by {change} in a year"),
    "single_thread": mark("only one of ours in touch with it"),
    "few_contacts": mark("contacts known: {contacts}"),
    "no_activity": mark("no visit or meeting in 12 months"),
    "no_relationship_data": mark("no contacts or activities in the export"),
    "short_history": mark("short history, orders: {orders}"),
}

_NO_DATA = "no_relationship_data"

#: Where the exports show no fertility, the soil value stands for it.
BY_VALUE = {
    "high_soil_high_harvest": mark("high soil value, large harvest"),
    "harvest_without_soil": mark("large harvest, but low soil value"),
    "soil_without_harvest": mark("high soil value, small harvest"),
    "low_both": mark("harvest and soil value both low"),
}

#: Where the year brought nothing.
BY_NOTHING = {
    "soil_without_harvest": mark("better soil than most (fertility {fertility} of 100), but no harvest for a year"),
    "falling": mark("harvest fell from {before} to {harvest} in a year"),
}
_VALUE_BY_NOTHING = {"soil_without_harvest": mark("high soil value, but no harvest for a year")}

#: Where the year was a loss.
BY_LOSS = {
    "soil_without_harvest": mark("better soil than most (fertility {fertility} of 100), but a loss in the year"),
    "falling": mark("harvest fell from {before} to {harvest} in a year"),
}
_VALUE_BY_LOSS = {"soil_without_harvest": mark("high soil value, but a loss in the year")}
_SOARED = mark("harvest rose from {before} to {harvest} in a year")
#: A growth above this is told by its two ends: nobody pictures 5,169%.
_STEEP = 2.0


def tier_reasons(tiers: pd.DataFrame, run: Any, *, without: Collection[str] = ()) -> pd.Series:
    """Why each account has its tier, as a sentence.

    Parameters
    ----------
    tiers : DataFrame
        tier_reason (codes separated by ``;``, as the tier model gives them); override_by, override_until and
        override_reason where people decided.
    run
        Language.
    without
        Reasons to leave out, as a column beside tells them: keys of ``TIER_REASONS``.

    Returns
    -------
    Series
        One text per row; a code that is not known stays as it is.
    """
    codes = [
        ";".join(code for code in str(codes).split(";") if code.partition(":")[0] not in without)
        for codes in tiers["tier_reason"].fillna("")
    ]
    return _said(tiers.assign(tier_reason=codes), "tier_reason", _tier_reason, of(run))


def reasons(frame: pd.DataFrame, run: Any) -> pd.Series:
    """Why each account has its verdict, as a sentence with the numbers that do not stand beside it.

    Parameters
    ----------
    frame : DataFrame
        reason (codes separated by ``;``) and the columns the codes speak of: harvest, harvest_previous,
        fertility, days_since_last, p_alive, n_contacts, n_orders; an absent one is said as unknown.
    run
        Language and currency.

    Returns
    -------
    Series
        One text per row; a code that is not known stays as it is.
    """
    return _said(frame.assign(reason=_of_its_own(frame)), "reason", _reason, of(run))


def _of_its_own(frame: pd.DataFrame) -> pd.Series:
    """The codes without what the export lacks for every account: that tells nothing of a single one."""
    codes = frame["reason"]
    # An account with enough other reasons does not carry the code, so the index itself is asked too.
    none_known = "fertility" in frame and frame["fertility"].isna().all()
    everywhere = len(codes) > 1 and (none_known or codes.fillna("").str.contains(_NO_DATA, regex=False).all())
    others = codes.str.replace(_NO_DATA, "", regex=False).str.strip(";")
    return others.where(others != "", codes) if everywhere else codes


def _said(frame: pd.DataFrame, column: str, one: Callable[[str, Any, Words], str], say: Words) -> pd.Series:
    texts = [
        say.apart(one(code, row, say) for code in str(row[column]).split(";") if code and not pd.isna(row[column]))
        for row in frame.to_dict("records")
    ]
    return pd.Series(texts, index=frame.index, name=column, dtype="str")


def _tier_reason(code: str, row: dict[str, Any], say: Words) -> str:
    name, _, detail = code.partition(":")
    if name in ("rule", "clusters"):
        return say(TIER_REASONS[name], tier=detail)
    if name == "override":
        by, why = row.get("override_by"), row.get("override_reason")
        return say(TIER_REASONS[name], by=by, until=say.date(row.get("override_until")), why=why)
    if detail in ("high", "low"):
        return say(TIER_REASONS[detail], what=_lower(term(say, "column", name), say))
    return say(TIER_REASONS[name]) if name in TIER_REASONS else code


def _reason(code: str, row: dict[str, Any], say: Words) -> str:
    if code not in REASONS:
        return code
    now, before = row.get("harvest"), row.get("harvest_previous")
    return say(
        _message(code, row),
        harvest=say.money(now),
        before=say.money(before),
        change=say.percent(abs(_growth(row))),
        fertility=say.number(row.get("fertility")),
        days=say.number(row.get("days_since_last")),
        chance=say.percent(row.get("p_alive")),
        contacts=say.number(row.get("n_contacts")),
        orders=say.number(row.get("n_orders")),
    )


def _message(code: str, row: dict[str, Any]) -> str:
    """The sentence of a code: by fertility or, where that is unknown, by value; other ones for a loss."""
    plain, by_nothing, by_loss = REASONS, BY_NOTHING, BY_LOSS
    if not _known(row.get("fertility")):
        plain, by_nothing, by_loss = REASONS | BY_VALUE, BY_NOTHING | _VALUE_BY_NOTHING, BY_LOSS | _VALUE_BY_LOSS
    if code == "rising" and _growth(row) > _STEEP:
        return _SOARED
    harvest = float(row["harvest"]) if _known(row.get("harvest")) else math.inf
    return (plain | (by_loss if harvest < 0 else by_nothing if harvest == 0 else {}))[code]


def _growth(row: dict[str, Any]) -> float:
    """Growth of the harvest in a year; NaN without both years."""
    now, before = row.get("harvest"), row.get("harvest_previous")
    return float(now) / float(before) - 1 if _known(now) and _known(before) and before else math.nan  # type: ignore[arg-type]


def _known(value: Any) -> bool:
    return value is not None and bool(pd.notna(value))


def _lower(text: str, say: Words) -> str:
    return text[:1].lower() + text[1:] if say.language == "en" else text
