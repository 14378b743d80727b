"""What is said of the crops: whether running business was foretold at earlier dates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


def about_crop_record(record: pd.DataFrame, compared: Any, way: str, run: Any, *, is_narrow: bool = False) -> str:
    """How running business was foretold.

    ``record`` as from ``crop_record``, ``way`` the one that the run takes, ``compared`` the ``Verdict`` of it against
    last year's harvest (of the first year of soil, where the run takes that harvest), ``is_narrow``: whether its
    intervals held too little, as from ``too_narrow``.
    """
    say = of(run)
    if record.empty:
        return say(
            "Whether running business is foretold well cannot be judged yet: that takes two years of orders, and {few} "
            "accounts that had ordered in the first.",
            few=say.number(run.settings.thresholds.small_number),
        )
    known = record.set_index("model")
    ours = known.loc[compared.model]
    said = [
        say(
            "At earlier dates {expected} was expected of the running business of {n} accounts in twelve months, and "
            "{came} came.",
            expected=say.money(ours["crops_expected"]), n=say.number(ours["n"]), came=say.money(ours["crops_came"]),
        )
    ]  # fmt: skip
    if way == "harvest_again":
        said.append(say("Last year's harvest was the better guess by both measures: this run takes it."))
    elif compared.outcome == "wins":
        said.append(say("That is better than last year's harvest, beyond chance."))
    elif compared.outcome == "loses":
        said.append(say("By this measure last year's harvest was the better guess, not where large misses count more."))
    else:
        said.append(say("The difference to last year's harvest is within chance."))
    if way != "harvest_again":
        said.append(_taken(way, say))
    if is_narrow:
        said.append(
            say("Only {share} of what came lay inside the interval of 8 in 10: take the bounds as too narrow.",
                share=say.percent(known["inside"][way]))
        )  # fmt: skip
    return say.together(*said)


def _taken(way: str, say: Words) -> str:
    """Whether the run takes the soil's own forecast of the year, and why."""
    if way == "first_year":
        return say("This run takes the first year of the soil forecast.")
    return say(
        "Last year, as far as each account repeats, was better by both measures than the first year of the soil "
        "forecast: this run takes it."
    )


def about_crops_over_soil(over: pd.DataFrame, run: Any) -> str:
    """Whose crops of one year are more than the soil value of all years, and why; empty where nobody's are.

    ``over`` as from ``crops_over_soil``.
    """
    say = of(run)
    if over.empty:
        return ""
    said = say.count(
        "For {n} account the crops of one year ({crops}) exceed the {years}-year soil value ({soil}).",
        "For {n} accounts the crops of one year ({crops} in all) exceed the {years}-year soil value ({soil}).",
        len(over), crops=say.money(over["crop_value"].sum()), years=say.years(run.settings.horizon_years),
        soil=say.money(over["soil_value"].sum()),
    )  # fmt: skip
    alone = int(over["without_deals"].sum())
    if not alone:
        return say.together(said, say("Open deals make it so: crops count them, soil value does not."))
    why = say.count(
        "For {n} of them it is so without open deals: crops may lean on its own last year, soil value on what all "
        "accounts teach, and there the two do not agree.",
        "For {n} of them it is so without open deals: crops may lean on each one's own last year, soil value on what "
        "all accounts teach, and there the two do not agree.",
        alone,
    )
    return say.together(said, why)
