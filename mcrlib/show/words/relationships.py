"""What is said of relationships: the so-what of chapter 07, and what each next step is about and why."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.people import persons
from mcrlib.show.words.terms import term

_STAGES = {
    0: mark("The firm stands before the first stage: key persons of the S and A customers do not support us yet."),
    1: mark("The firm stands at the first stage of the method: key persons, but neither breadth nor organisation."),
    2: mark("The firm stands at the second stage of the method: key persons and breadth, not yet the organisations."),
    3: mark("The firm stands at the third stage of the method: key persons, breadth and organisations."),
}


def about_relationships(stage: pd.Series, firms: pd.DataFrame, steps: pd.DataFrame, run: Any) -> list[str]:
    """The sentences of chapter 07.

    Parameters
    ----------
    stage : Series
        From ``firm_stage``.
    firms : DataFrame
        S and A accounts: n_exec_visits (empty where none was ever logged).
    steps : DataFrame
        From ``next_steps``.
    run
        Language and date.
    """
    say = of(run)
    told = [_stage(stage, say), _visits(firms["n_exec_visits"].dropna(), say)]
    if steps.empty:
        return [*told, say("No next step follows from what is in the export.")]
    first = steps.iloc[0]
    told.append(
        say.count(
            "{n} step follows: {step} at {account}.",
            "{n} steps follow; the first: {step} at {account}.",
            len(steps),
            step=term(say, "next_step", first["step"]),
            account=first["account_name"],
        )
    )
    return told


def _stage(stage: pd.Series, say: Words) -> str:
    if stage["stage"] != stage["stage"]:
        return say(
            "At which stage of the method the firm stands is not in the export: contacts or activities are missing."
        )
    basis = say(
        "Medians: key persons {key}, breadth {general}, organisations {organisation}, of {n} customers.",
        n=say.number(stage["n"]), key=say.percent(stage["key"]), general=say.percent(stage["general"]),
        organisation=say.percent(stage["organisation"]),
    )  # fmt: skip
    return say.together(say(_STAGES[int(stage["stage"])]), basis)


def _visits(visits: pd.Series, say: Words) -> str:
    if visits.empty:
        return say("No visit of executives is logged anywhere, so nothing is known of them.")
    return say(
        "Executives met at {n} of {all} S and A customers within a year; the method asks for one or two visits a year.",
        n=say.number((visits > 0).sum()),
        all=say.number(len(visits)),
    )


def about_recommendations(shares: pd.DataFrame, run: Any) -> str:
    """One sentence on who turned to whom, and on deals that came by recommendation.

    Parameters
    ----------
    shares : DataFrame
        From ``recommendations``.
    run
        Language.
    """
    say, of_what = of(run), shares.set_index("measure")
    known = of_what["n"].to_dict()
    said = []
    if "inbound" in of_what.index:
        one = of_what.loc["inbound"]
        said.append(say.count("Of {n} person first met, {share} turned to us.",
                              "Of {n} people first met, {share} turned to us.", int(known["inbound"]),
                              share=say.percent(one["value"])))  # fmt: skip
    if "referred" in of_what.index:
        one = of_what.loc["referred"]
        said.append(say.count("Of {n} deal whose source is known, {share} was recommended to us.",
                              "Of {n} deals whose source is known, {share} were recommended to us.",
                              int(known["referred"]), share=say.percent(one["value"])))  # fmt: skip
    if {"referred_won", "other_won"} <= set(of_what.index):
        mine, others = of_what.loc["referred_won"], of_what.loc["other_won"]
        said.append(say("Of the recommended ones {share} were won ({n} closed), of all others {other}.",
                        share=say.percent(mine["value"]), n=say.number(mine["n"]),
                        other=say.percent(others["value"])))  # fmt: skip
    return say.together(*said) if said else say("Who turned to whom first, and what was recommended, is not recorded.")


def step_words(steps: pd.DataFrame, run: Any) -> pd.DataFrame:
    """Say of every next step what it is about and why.

    Parameters
    ----------
    steps : DataFrame
        From ``next_steps``.
    run
        Language and date.

    Returns
    -------
    DataFrame
        ``steps`` with ``next_step`` (code), ``about`` (person, cell, contract or deal) and ``why``, in words.
    """
    say = of(run)
    who = persons(steps, run)
    seats = [
        say.names(term(say, kind, code) for kind, code in zip(("level", "function"), seat, strict=True) if code == code)
        for seat in steps[["level", "function"]].itertuples(index=False, name=None)
    ]
    about = who.fillna(steps["object_id"]).fillna(pd.Series(seats, steps.index, dtype="str"))
    why = [_why(one, say) for one in steps.itertuples(index=False)]
    worded = steps.rename(columns={"step": "next_step"}).assign(
        about=about, why=pd.Series(why, steps.index, dtype="str")
    )
    return worded.assign(about=worded["about"].where(worded["about"] != ""))


def _why(one: Any, say: Words) -> str:
    """The fact behind one step."""
    number, day = one.number, say.date(one.day)
    told = {
        "win_over": say("has a say in the decision and is recorded as against us"),
        "meet": say("key person without a touch since {day}", day=day)
        if number == number
        else say("key person whom nobody of ours ever met"),
        "wake": say("asleep since {day}, with a complaint or a new deal", day=day)
        if number == number
        else say("never met, with a complaint or a new deal"),
        "cell": say("known there, but nobody in touch")
        if number == number and number > 0
        else say("nobody known there"),
        "exec_visit": say("no visit of executives within a year, the last on {day}", day=day)
        if one.day == one.day
        else say("no visit of executives on record"),
        "renew": say("agreement ends on {day}", day=day),
        "agree": say("no live agreement"),
        "chain": say("an offer is out, and we are in touch with {share} of the decision", share=_percent(number, say)),
        "stand_by": say("business fell by {share} and we come less often", share=_percent(-number, say)),
        "ask": say("business fell by {share} in a year, and no visit is logged", share=_percent(-number, say)),
        "promise": say.count("{n} promise is overdue", "{n} promises are overdue", _count(number)),
        "name": say("a large open deal on which nobody of theirs is named"),
        "second": say("we know one person there") if number == 1 else say("we know nobody there"),
        "listen": say(
            "others like us less than the key persons do, by {points} of 100 points", points=say.number(number)
        ),
        "innovate": say.count(
            "bought most there, nothing joint lives, {n} technical person in touch",
            "bought most there, nothing joint lives, {n} technical persons in touch",
            _count(number),
        ),
    }
    return told[one.step]


def _count(number: float) -> int:
    return int(number) if number == number else 0


def _percent(number: float, say: Words) -> str:
    return say.percent(number / 100)
