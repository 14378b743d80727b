"""What is said of accounts that their orders hide: how far it is to be trusted, and what speaks for each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.terms import term

#: What an account did in the last 12 months.
STATES = {
    "never_ordered": mark("never ordered"),
    "silent": mark("nothing for 12 months"),
    "buying": mark("buys a little"),
}

MARKETS = {
    "mature": mark("mature"),
    "growth": mark("growing"),
    "saline": mark("saline land"),
}


def about_sleepers(named: pd.DataFrame, skill: Any, record: dict[str, float], run: Any) -> str:
    """How many accounts sleep, and what became of those named in the same way before.

    Parameters
    ----------
    named : DataFrame
        As from ``sleepers``: soil_gap, quiet_state.
    skill : Skill
        Whether what is known beside orders told anything at earlier dates.
    record : dict
        As from ``like_for_like``.
    run
        Language and currency.
    """
    say = of(run)
    if pd.isna(skill.quiet_order):
        return say(
            "No signal: beside orders too little is known of the accounts, or for too short a time, or too few quiet "
            "ones have bought since, to learn what they should be worth. Nobody is named."
        )
    told = [
        say(
            "At {origins} earlier dates what is known beside orders explained {explained} ({low} to {high}) of the "
            "differences between accounts, and put the quiet ones in order by what they then brought to {ours} of 100 "
            "(0 is chance; last year's revenue: {theirs}).",
            origins=say.number(skill.origins), explained=say.percent(skill.explained),
            low=say.percent(skill.explained_low), high=say.percent(skill.explained_high),
            ours=say.number(100 * skill.quiet_order), theirs=say.number(100 * skill.quiet_last_year),
        )
    ]  # fmt: skip
    if not skill.has_signal:
        return say.together(*told, say("That is no signal: it describes and foretells nothing, and nobody is named."))
    if named.empty:
        told.append(say("No quiet account should bring far more than its orders foretell."))
        return say.together(*told, *_what_came(record, say))
    told.append(
        say.count(
            "{n} quiet account sleeps: it should bring {gap} more than its orders foretell; never ordered: {never}.",
            "{n} quiet accounts sleep: they should bring {gap} beyond what orders foretell; never ordered: {never}.",
            len(named),
            gap=say.money(named["soil_gap"].sum()),
            never=say.number(named["quiet_state"].eq("never_ordered").sum()),
        )
    )
    return say.together(*told, *_what_came(record, say))


def sleeper_reasons(named: pd.DataFrame, run: Any) -> pd.Series:
    """What speaks for each account, with its own numbers.

    Parameters
    ----------
    named : DataFrame
        ``speaks_for`` (columns separated by ``;``), and those columns.
    run
        Language and currency.
    """
    say = of(run)
    texts = [
        say.apart(_fact(code, row.get(code), say) for code in str(row["speaks_for"] or "").split(";") if code)
        for row in named.to_dict("records")
    ]
    return pd.Series(texts, index=named.index, dtype="str")


def state_words(named: pd.DataFrame, run: Any) -> pd.Series:
    """What each account did in the last 12 months; ``quiet_state`` in words."""
    say = of(run)
    return named["quiet_state"].map({code: say(message) for code, message in STATES.items()}).astype("str")


def _fact(code: str, value: Any, say: Words) -> str:
    name = term(say, "column", code)
    if isinstance(value, str):
        text = say(MARKETS[value]) if value in MARKETS else value
    elif code == "annual_revenue":
        text = say.money(value)
    else:
        text = say.percent(value) if code == "satisfaction" else say.number(value)
    return say("{what}: {value}", what=name, value=text)


def _what_came(record: dict[str, float], say: Words) -> list[str]:
    """What the named ones of earlier dates brought, beside others that stood where they stood."""
    if not record:
        return []
    told = [
        say(
            "Of {n} that would have been named at earlier dates ({accounts} different ones) {ours} ordered in the "
            "{days} days after, {money} on average; of others as quiet {theirs}, {other} on average.",
            accounts=say.number(record["accounts"]), ours=say.number(record["ordered"]), n=say.number(record["n"]),
            days=say.number(record["days"]), money=say.money(record["revenue"]),
            theirs=say.percent(record["share_others"]), other=say.money(record["revenue_others"]),
        )
    ]  # fmt: skip
    if record["revenue"] >= record["revenue_others"]:
        return told
    if record["share_high"] < record["share_others"]:
        return [*told, say("So far this record speaks against the list: it says where to look, not what will come.")]
    return [*told, say("They are so few that this may be chance: the list says where to look, not what will come.")]
