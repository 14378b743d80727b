"""The five answers of the summary: what we live on, mine, sow, what is at risk, and what changed since last time."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import pandas as pd

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.change import about_change
from mcrlib.show.words.soil import about_reach, left_out

#: By so much a sum over all may exceed the sum over all by another way.
_LAST_BITS = 1e-9


class Statement(NamedTuple):
    """A sentence, and the section that proves it: a chapter and its heading; empty where nothing is known."""

    sentence: str
    chapter: str = ""
    section: str = ""


class Answer(NamedTuple):
    """A question with its number and its sentence, the section that proves them, and what else is to be said."""

    question: str
    number: str
    sentence: str
    chapter: str
    section: str
    more: Statement | None = None


def five_answers(
    accounts: pd.DataFrame,
    at_risk: pd.DataFrame,
    changed: pd.DataFrame,
    since: dt.date | None,
    run: Any,
    *,
    soil: pd.DataFrame | None = None,
    held: pd.DataFrame | None = None,
) -> list[Answer]:
    """What a busy person asks of the whole report, each answered in a number and a sentence.

    Parameters
    ----------
    accounts : DataFrame
        One row per account: account_name, tier, harvest, soil_value, quadrant.
    at_risk : DataFrame
        As from ``harvest_at_risk``: account_name, at_risk (money), the most first.
    changed : DataFrame
        As from ``changes`` of the soil value.
    since : date or None
        When the last run stood.
    run
        Language and currency.
    soil : DataFrame, optional
        As from ``SoilModel.predict``: how far it reaches beyond what was judged.
    held : DataFrame, optional
        The frame of chapter 08: account_name, harvest, gp_held (money), is_single; None where it was left out.
    """
    say = of(run)
    return [
        _lived_on(accounts, say),
        _mined(accounts, say),
        _sown(accounts, about_reach(soil, run) if soil is not None else [], say),
        _at_risk(accounts, at_risk, held, say),
        Answer(
            say("What changed since last time?"),
            _growth(changed, since, say),
            about_change(changed, since, run),
            "03_rank_value_tiers",
            "Who moved since last time, and what became of the value?",
        ),
    ]


def _lived_on(accounts: pd.DataFrame, say: Words) -> Answer:
    top = accounts[accounts["tier"].isin(["S", "A"])]
    harvest, facts = accounts["harvest"].sum(), {"all": say.number(len(accounts)), "brings": top_part(accounts, say)}
    gain = say.count(
        "Gross profit of the last twelve months. {n} account of {all} is S or A. {brings}",
        "Gross profit of the last twelve months. {n} of {all} accounts are S or A. {brings}",
        len(top),
        **facts,
    )
    loss = say.count(
        "Gross loss of the last twelve months. {n} account of {all} is S or A. {brings}",
        "Gross loss of the last twelve months. {n} of {all} accounts are S or A. {brings}",
        len(top),
        **facts,
    )
    largest = top[top["harvest"] > 0]
    if len(largest):
        gain = say.together(gain, say("The largest: {names}.", names=_names(largest, "harvest", say)))
    sentence = loss if harvest < 0 else gain
    if top.empty:
        whole = (
            say("Gross loss of the last twelve months.")
            if harvest < 0
            else say("Gross profit of the last twelve months.")
        )
        sentence = say.together(whole, say("No account is in tier S or A."))
    number = say.money(accounts["harvest"].sum(min_count=1))
    return Answer(say("What do we live on?"), number, sentence, "03_rank_value_tiers", "Who carries the harvest?")


def _mined(accounts: pd.DataFrame, say: Words) -> Answer:
    mined = accounts[accounts["quadrant"] == "mined"]
    known = is_placed(accounts)
    sentence = say("No account is mined.") if known.any() else nobody_placed(say)
    if len(mined):
        sentence = say.count(
            "of the harvest comes from {n} account on poor soil ({names}).",
            "of the harvest comes from {n} accounts on poor soil (most from {names}).",
            len(mined),
            names=_names(mined, "harvest", say),
        )
    number = mined_part(accounts, say) if known.any() else say.percent(None)
    chapter, section = "06_weigh_soil_and_crops", "Who feeds us, and who is fed?"
    return Answer(say("What do we mine?"), number, sentence, chapter, section)


def _sown(accounts: pd.DataFrame, doubt: list[str], say: Words) -> Answer:
    sown = accounts[accounts["quadrant"] == "sown"]
    known = is_placed(accounts)
    sentence = say("No account is sown.") if known.any() else nobody_placed(say)
    if len(sown):
        harvest, names = sown["harvest"].sum(), _names(sown, "soil_value", say)
        facts = {"harvest": say.money(abs(harvest)), "names": names}
        yields = say.count(
            "of soil value lies in {n} account that yields only {harvest} a year so far ({names}).",
            "of soil value lies in {n} accounts that yield only {harvest} a year so far (most in {names}).",
            len(sown),
            **facts,
        )
        costs = say.count(
            "of soil value lies in {n} account that cost us {harvest} in the last year ({names}).",
            "of soil value lies in {n} accounts that cost us {harvest} in the last year (most in {names}).",
            len(sown),
            **facts,
        )
        sentence = say.together(yields if harvest >= 0 else costs, *left_out(sown["soil_value"], say), *doubt)
    number = say.money(sown["soil_value"].sum(min_count=min(len(sown), 1)) if known.any() else None)
    chapter, section = "06_weigh_soil_and_crops", "Who is a granary, who is mined, who is sown?"
    return Answer(say("What do we sow?"), number, sentence, chapter, section)


def _at_risk(accounts: pd.DataFrame, at_risk: pd.DataFrame, held: pd.DataFrame | None, say: Words) -> Answer:
    money = at_risk["at_risk"].sum()
    sentence = say("Nobody who ordered in the last twelve months is likely to have stopped.")
    # Of the customers that brought profit, as chapter 04 counts; of a loss as a whole there is no share.
    number = part_of(money, (at_risk if accounts["harvest"].sum() > 0 else accounts)["harvest"].sum(), say)
    names = _names(at_risk, "at_risk", say)
    if at_risk.empty and (accounts["harvest"] > 0).any():
        number = say.percent(None)
        sentence = say("How likely customers are to buy again is not known: too little is known of the past.")
    if money > 0 and number == say.money(money):
        sentence = say("of gross profit may not come again, by each customer's chance of still buying "
                       "(most at {names}).", names=names)  # fmt: skip
    elif money > 0 and (accounts["harvest"] < 0).any():
        sentence = say(
            "of what the customers with profit brought, {money}, may not come again, by each customer's chance of "
            "still buying (most at {names}).",
            money=say.money(money),
            names=names,
        )
    elif money > 0:
        sentence = say(
            "of the harvest, {money}, may not come again, by each customer's chance of still buying (most at {names}).",
            money=say.money(money),
            names=names,
        )
    chapter, section = "04_measure_the_soil", "How much of the harvest may not come again?"
    return Answer(say("What is at risk?"), number, sentence, chapter, section, _held(accounts, held, say))


def _held(accounts: pd.DataFrame, held: pd.DataFrame | None, say: Words) -> Statement:
    """What would leave with single people of ours."""
    if held is None:
        return Statement(say("What hangs on single people of ours is not known: chapter 08 was left out of this run."))
    if held["gp_held"].isna().all():
        return Statement(say("What hangs on single people of ours is not in the export."), *_HOLDERS)
    single = held[held["is_single"].eq(True)]
    said = say("{part} of the harvest hangs on people of ours who hold it alone.",
               part=part_of(held["gp_held"].sum(), accounts["harvest"].sum(), say))  # fmt: skip
    if single.empty:
        return Statement(say.together(said, say("No account is on a single thread.")), *_HOLDERS)
    threads = say.count(
        "{n} account is on a single thread ({names}).",
        "{n} accounts are on a single thread (the largest: {names}).",
        len(single),
        names=_names(single, "harvest", say),
    )
    return Statement(say.together(said, threads), *_HOLDERS)


_HOLDERS = ("08_test_the_organisation", "Who holds our customers alone?")


def _growth(changed: pd.DataFrame, since: dt.date | None, say: Words) -> str:
    before = changed["soil_before"].sum()
    now = changed["soil_value"].sum(min_count=1)
    if since is None or not before > 0 or now != now:
        return say("First run") if since is None else say.percent(None)
    growth = now / before - 1
    return f"{'+' if growth >= 0 else '−'}{say.percent(abs(growth))}"


def is_placed(accounts: pd.DataFrame) -> pd.Series:
    """Which accounts stand somewhere between soil and harvest; one that never ordered and has no soil does not."""
    return accounts["quadrant"].notna() & accounts["quadrant"].ne("empty")


def nobody_placed(say: Words) -> str:
    """Where neither fertility nor soil value is known of anybody."""
    return say("Where customers stand between soil and harvest is not known: too little is known of the past.")


def _names(frame: pd.DataFrame, by: str, say: Words) -> str:
    return say.names(frame.sort_values(by, ascending=False, kind="stable")["account_name"].head(2))


def top_part(accounts: pd.DataFrame, say: Words) -> str:
    """What S and A bring, as a sentence; a share only where chapter 03 gives shares: where no tier brings a loss."""
    tiers = accounts.groupby("tier")["harvest"].sum()
    top, whole = tiers.reindex(["S", "A"]).sum(), tiers.sum()
    if (tiers < 0).any() or whole <= 0:
        return say("S and A bring {top}, all others {rest}.", top=say.money(top), rest=say.money(whole - top))
    return say("S and A bring {share} of the harvest.", share=say.percent(top / whole))


def mined_part(accounts: pd.DataFrame, say: Words) -> str:
    """What mined accounts bring of the harvest: a share, or the money itself where a field brings a loss."""
    fields = accounts.groupby("quadrant")["harvest"].sum()
    return part_of(fields.get("mined", 0.0), 0.0 if (fields < 0).any() else accounts["harvest"].sum(), say)


def part_of(part: float, whole: float, say: Words) -> str:
    """A part of the whole: its share, or the money itself where the rest or the whole is a loss."""
    is_share = whole > 0 and 0 <= part / whole <= 1 + _LAST_BITS
    return say.percent(part / whole) if is_share else say.money(part)
