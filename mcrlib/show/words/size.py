"""What is said of big companies, and of the accounts in C that may grow."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.summary import part_of

#: Days that coming again looks over. Card T6.
_LOOKS_OVER = 730


def about_size(sized: pd.DataFrame, run: Any) -> str:
    """Whether big companies are big customers; ``sized``: as from ``size_and_value``."""
    say = of(run)
    known = sized.dropna(subset=["corner"])
    if known.empty:
        return say("How big the customers are is not in the export.")
    big = known[known["corner"].isin(["big_valuable", "big_only"])]
    small = known[known["corner"] == "small_valuable"]
    whole = known["harvest"].sum()
    told = [
        say(
            "Of the harvest of companies whose size is known the biggest fifth brings {share}; small ones that bring "
            "much, {small}.",
            share=part_of(big["harvest"].sum(), whole, say),
            small=part_of(small["harvest"].sum(), whole, say),
        ),
    ]
    if big["repeats"].notna().any():
        told.append(
            say.count(
                "Of the {n} big company {again} ordered again within 24 months.",
                "Of the {n} big companies {again} ordered again within 24 months.",
                len(big),
                again=say.number(big["repeats"].sum()),
            )
        )
    return say.together(*told, *_key_status(known, say))


def about_coming_again(sized: pd.DataFrame, run: Any) -> str:
    """Where the orders go back too little to tell who comes again; ``sized``: as from ``size_and_value``."""
    say, days = of(run), int(sized["days_on_record"].max()) if len(sized) else 0
    if sized["repeats"].isna().all():
        return say.count(
            "Whether customers come again, how regularly and how steadily is not available: that looks over 24 months, "
            "and orders are on record for {n} day only.",
            "Whether customers come again, how regularly and how steadily is not available: that looks over 24 months, "
            "and orders are on record for {n} days only.",
            days,
        )
    if days + 1 < _LOOKS_OVER:
        return say(
            "Whether customers come again looks over 24 months, and orders are on record for {days} days only: take it "
            "as weak.",
            days=say.number(days),
        )
    return ""


def _key_status(known: pd.DataFrame, say: Words) -> list[str]:
    """What follows for key status."""
    n = known["size_action"].value_counts()
    unmarked = known["is_key_account"].isna().all()
    said = {
        "strip": say.count(
            "{n} big company that brings little should have no key status.",
            "{n} big companies that bring little should have no key status.",
            n.get("strip", 0),
        ),
        "grow": say.count(
            "{n} big company that brings little has a case for growth.",
            "{n} big companies that bring little have a case for growth.",
            n.get("grow", 0),
        ),
        "name_key": say.count(
            "{n} customer that brings much and goes on is not marked as key.",
            "{n} customers that bring much and go on are not marked as key.",
            n.get("name_key", 0),
        ),
        "secure": say.count(
            "{n} customer that brings much has yet to show that it goes on: make it come again.",
            "{n} customers that bring much have yet to show that they go on: make them come again.",
            n.get("secure", 0),
        ),
    }
    marks = [say("Who is marked as key is not in the export (is_key_account).")] if unmarked else []
    due = [sentence for action, sentence in said.items() if n.get(action, 0)]
    return [*marks, *(due or [say("No key status is to be decided.")])]


def about_pool(pool: pd.DataFrame, climb: pd.DataFrame, run: Any) -> str:
    """Who in C may grow; ``pool``: soil_value; ``climb``: cutoff, pool, n, climbed, earliest first."""
    say = of(run)
    if pool.empty:
        return say("No account in C is known to be worth growing.")
    told = [
        say.count(
            "{n} account in C is worth growing: soil value {soil}.",
            "{n} accounts in C are worth growing: soil value {soil} together.",
            len(pool),
            soil=say.money(pool["soil_value"].sum()),
        )
    ]
    first = climb[climb["cutoff"] == climb["cutoff"].min()]
    if first["pool"].nunique() == 2:
        inside, others = first[first["pool"]], first[~first["pool"]]
        told.append(
            say(
                "Of those chosen in the same way on {date}, {up} of {n} are above C today; of the other C accounts of "
                "that day {others} of {all}.",
                date=say.date(first["cutoff"].iloc[0]),
                up=say.number(inside["climbed"].sum()),
                n=say.number(inside["n"].sum()),
                others=say.number(others["climbed"].sum()),
                all=say.number(others["n"].sum()),
            )
        )
    return say.together(*told)
