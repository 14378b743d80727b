"""What is said of the rotation test: what happens when accounts change hands, and how far that can be trusted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.show.words.catalogue import UNKNOWN, Words, of
from mcrlib.show.words.terms import term


def about_effect(effect: pd.DataFrame, run: Any) -> str:
    """Whether accounts order less after they change hands: the method's own question."""
    say = of(run)
    one = effect.iloc[0]
    if one["status"] == "not_available" and one["n"] == 0:
        return say("Whether business suffers when sellers rotate cannot be tested: no change of hands has a year on "
                   "both sides.")  # fmt: skip
    if one["status"] == "not_available":
        return say(
            "Whether business suffers when sellers rotate cannot be tested: {n} changes of hands have a year on both "
            "sides.",
            n=say.number(one["n"]),
        )
    verdict = term(say, "held_by", one["verdict"])
    facts = {"range": _between(say, one), "n": say.number(one["n"]), "verdict": verdict}
    if round(one["value"], 2) == 0:
        return say("In the year after a change of hands accounts ordered as much as similar ones that kept their "
               "holder (in 9 of 10 cases {range}; {n} changes): {verdict}.", **facts)  # fmt: skip
    facts["share"] = say.percent(abs(one["value"]))
    less = say("In the year after a change of hands accounts ordered {share} less than similar ones that kept their "
               "holder (in 9 of 10 cases {range}; {n} changes): {verdict}.", **facts)  # fmt: skip
    more = say("In the year after a change of hands accounts ordered {share} more than similar ones that kept their "
               "holder (in 9 of 10 cases {range}; {n} changes): {verdict}.", **facts)  # fmt: skip
    return less if one["value"] < 0 else more


def about_holders(spells: pd.DataFrame, run: Any) -> str:
    """Who is taken for the holder of an account where the export names none; ``spells``: from ``account_owners``."""
    say = of(run)
    if not spells["source"].eq("orders").any():
        return ""
    return say("The export names no holder of an account: who sold to it last is taken for the holder.")


def about_trust(
    before: pd.DataFrame, placebo: pd.DataFrame, errors: pd.DataFrame, skipped: dict[str, int], run: Any
) -> str:
    """How far the rotation test and the loss forecast may be trusted.

    Parameters
    ----------
    before, placebo : DataFrame
        From ``rotation_before``, and from ``rotation_effect`` of pretended changes.
    errors : DataFrame
        From ``left_out_errors``.
    skipped : dict
        Changes that could not be judged, by reason.
    run
        Language.
    """
    say = of(run)
    said = []
    if skipped:
        said.append(
            say(
                "{n} more changes cannot be judged: too near an end of the records, changed again, or without orders.",
                n=say.number(sum(skipped.values())),
            )
        )
    measured, one = before.iloc[0]["n"] > 0, before.iloc[0]
    if np.isfinite(one["low"]):
        flat = say("In the half year before, they ordered as similar accounts did: the comparison is fair.")
        bent = say("They had drifted from similar accounts before the change: not all of the effect is due to it.")
        said.append(flat if one["low"] <= 0 <= one["high"] else bent)
    one = placebo.iloc[0]
    if measured and np.isfinite(one["low"]):
        none = say("Pretended changes show none ({effect}), as they should.", effect=_value(say, one))
        some = say("Pretended changes show {effect}: do not trust the test.", effect=_value(say, one))
        said.append(none if one["low"] <= 0 <= one["high"] else some)
    return say.together(*said, _about_errors(errors, say))


def _about_errors(errors: pd.DataFrame, say: Words) -> str:
    if errors.empty:
        return say(
            "No change of hands has a known holder and a year behind it: the loss rests on the literature alone."
        )
    error = errors.set_index("model")["error"]
    numbers = {
        "n": say.number(errors["n"].iloc[0]),
        "held": say.number(error["held_alone"], 2),
        "always": say.number(error["always_15"], 2),
        "nothing": say.number(error["nothing"], 2),
    }
    said = say(
        "Foretold from the others, the losses of {n} changes were missed by {held} (squares, over what was expected) "
        "going by what the holder has alone, {always} by 15% for all, {nothing} by no loss at all.",
        **numbers,
    )
    held, always = (round(float(error[name]), 2) for name in ("held_alone", "always_15"))
    endings = {
        "held_alone": say("The first wins: the losses on this page rest on it."),
        "always_15": say("15% for all wins: the losses on this page are 15% of the profit of every account."),
        "nothing": say("To foretell nothing wins: take the losses on this page as an upper bound."),
    }
    best = str(error.idxmin())
    if best == "held_alone" and held == always:
        return say.together(said, say("The first does no worse than 15% for all: the losses on this page rest on it."))
    return say.together(said, endings[best])


def effects(effect: pd.DataFrame, run: Any) -> pd.DataFrame:
    """What changes after a change of hands, as people read it.

    Returns
    -------
    DataFrame
        ``counted, measured, between, n, held_by``; measures without enough changes say so. Empty where none has.
    """
    say = of(run)
    effect = effect if effect["status"].ne("not_available").any() else effect.head(0)
    values = [signed(say, one) for one in effect["value"]]
    between = [UNKNOWN if not np.isfinite(one["low"]) else _between(say, one) for _, one in effect.iterrows()]
    told = effect["verdict"].mask(effect["status"] == "not_available")
    found = effect.assign(held_by=told).rename(columns={"measure": "counted"})
    return found.assign(measured=values, between=between)[["counted", "measured", "between", "n", "held_by"]]


def _value(say: Words, row: pd.Series) -> str:
    return say("{effect}, in 9 of 10 cases {range}", effect=signed(say, row["value"]), range=_between(say, row))


def _between(say: Words, row: pd.Series) -> str:
    return say("{low} to {high}", low=signed(say, row["low"]), high=signed(say, row["high"]))


def signed(say: Words, share: float) -> str:
    """A change in percent with its sign."""
    text = say.percent(round(float(share), 2) + 0.0) if np.isfinite(share) else UNKNOWN
    return f"+{text}" if np.isfinite(share) and round(float(share), 2) > 0 else str(text)
