"""What is said of big companies, and of the accounts in C that may grow."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.so_what import part_of


def about_size(sized: pd.DataFrame, run: Any) -> str:
    """Whether big companies are big customers; ``sized``: as from ``size_and_value``."""
    say = of(run)
    known = sized.dropna(subset=["corner"])
    if known.empty:
        return say("How big the customers are is not in the export.")
    big = known[known["corner"].isin(["big_valuable", "big_only"])]
    small = known[known["corner"] == "small_valuable"]
    told = [
        say(
            "The biggest fifth of the companies brings {share} of the harvest; small ones that bring much, {small}.",
            share=part_of(big, known, "harvest", say),
            small=part_of(small, known, "harvest", say),
        ),
        say(
            "{n} of the {all} big companies ordered again within 24 months.",
            n=say.number(big["repeats"].sum()),
            all=say.number(len(big)),
        ),
    ]
    return say.together(*told, _key_status(known, say))


def _key_status(known: pd.DataFrame, say: Words) -> str:
    """What follows for key status."""
    n = {name: say.number((known["size_action"] == name).sum()) for name in ("strip", "grow", "name_key", "secure")}
    if known["is_key_account"].isna().all():
        return say(
            "Who is marked as key is not in the export (is_key_account): {strip} big ones that bring little deserve "
            "no key status, {grow} have a case for growth; {secure} that bring much do not go on: make them come "
            "again.",
            **n,
        )
    return say(
        "Of the big ones that bring little, {strip} should lose key status and {grow} have a case for growth; "
        "{name_key} customers that bring much and go on are not marked as key; {secure} that bring much do not go on: "
        "make them come again.",
        **n,
    )


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
    return (" " if say.language == "en" else "").join(told)
