"""What is said of who holds the relationships: an organisation or single people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.show.words.catalogue import UNKNOWN, Words, of
from mcrlib.show.words.measures import COUNTED, MET
from mcrlib.show.words.people import persons, sellers
from mcrlib.show.words.terms import term


def seller_names(people: pd.DataFrame, run: Any) -> pd.Series:
    """What our people are called on the pages, by ``owner_id``; as in chapter 07 by id, by name only where published.

    Parameters
    ----------
    people : DataFrame
        ``owner_id, owner_name``.
    run
        Language and ``publish.names``.
    """
    return sellers(people["owner_id"], people, run).set_axis(people["owner_id"].to_numpy())


def scenario_names(scenarios: pd.Series, names: pd.Series) -> pd.Series:
    """The people of a scenario (``U1 + U2``) by their names on the page."""
    return scenarios.map(lambda ids: " + ".join(str(names.get(one, one)) for one in str(ids).split(" + ")))


def contact_names(contacts: pd.DataFrame, run: Any) -> pd.Series:
    """What people of theirs are called on the pages, by ``contact_id``; ``contacts``: as for ``persons``."""
    return persons(contacts, run).set_axis(contacts["contact_id"].to_numpy())


def measures(metrics: pd.DataFrame, run: Any) -> pd.DataFrame:
    """The measures as people read them.

    Parameters
    ----------
    metrics : DataFrame
        ``metric, value, low, high, n, coverage, status``; also ``bound, side, met`` where they are held ``against``
        client.yaml.
    run
        Language.

    Returns
    -------
    DataFrame
        ``measure, measured`` (value in words), ``between`` (its 90 % interval), ``n, coverage, rests_on``; with bounds
        also ``bound, met`` in words. Empty where not one is known: what is missing then stands above.
    """
    say = of(run)
    metrics = metrics if metrics["status"].ne("not_available").any() else metrics.head(0)
    rows = []
    for one in metrics.itertuples(index=False):
        number = _number(say, str(one.metric))
        low, high = number(one.low), number(one.high)
        between = UNKNOWN if UNKNOWN in (low, high) else f"{low} – {high}"
        rows.append(
            (term(say, "metric", str(one.metric)), number(one.value), between, one.n, one.coverage,
             term(say, "fertility_status", str(one.status)))
        )  # fmt: skip
    found = pd.DataFrame(rows, columns=["measure", "measured", "between", "n", "coverage", "rests_on"])
    if "bound" not in metrics:
        return found
    told = zip(metrics["metric"], metrics["bound"], metrics["side"], strict=True)
    bounds = [_bound(say, str(name), bound, side) for name, bound, side in told]
    met = [UNKNOWN if pd.isna(one) else say(MET[one]) for one in metrics["met"]]
    found.insert(3, "bound", bounds)
    found.insert(4, "met", met)
    return found


def _bound(say: Words, name: str, bound: float, side: str) -> str:
    if np.isnan(bound):
        return UNKNOWN
    number = _number(say, name)(bound)
    return say("at most {number}", number=number) if side == "most" else say("at least {number}", number=number)


def _number(say: Words, name: str) -> Any:
    def write(value: Any) -> str:
        if name not in COUNTED:
            return str(say.percent(value))
        if isinstance(value, float) and np.isposinf(value):
            return say("not reached")
        return str(say.number(value, COUNTED[name]))

    return write


def about_organisation(metrics: pd.DataFrame, effect: pd.DataFrame, shock: pd.DataFrame, run: Any) -> list[str]:
    """Who holds the relationships, in three sentences.

    Parameters
    ----------
    metrics : DataFrame
        ``metric, value, n, status`` with ``held_alone`` and ``bus_factor``.
    effect : DataFrame
        From ``rotation_effect``, all orders first.
    shock : DataFrame
        From ``loss_shock``, with ``scenario`` in words.
    run
        Language and currency.
    """
    say = of(run)
    return [_about_dependence(metrics, say), about_effect(effect, run), _about_loss(shock, say)]


def _about_dependence(metrics: pd.DataFrame, say: Words) -> str:
    held, factor = (metrics[metrics["metric"] == name].iloc[0] for name in ("held_alone", "bus_factor"))
    if held["status"] == "not_available":
        return say("Who holds the relationships cannot be said: no contacts are logged with the people who met them.")
    share = say.percent(held["value"])
    if np.isinf(factor["value"]):
        return say(
            "{share} of the profit hangs on one person alone; all sellers together hold less than half of all profit "
            "alone.",
            share=share,
        )
    return say.count(
        "{share} of the profit hangs on one person alone; {n} person holds half of all profit.",
        "{share} of the profit hangs on one person alone; {n} people hold half of all profit.",
        int(factor["value"]),
        share=share,
    )


def about_effect(effect: pd.DataFrame, run: Any) -> str:
    """Whether accounts order less after they change hands: the method's own question."""
    say = of(run)
    one = effect.iloc[0]
    if one["status"] == "not_available":
        return say(
            "Whether business suffers when sellers rotate cannot be tested: {n} changes of hands have a year on both "
            "sides.",
            n=say.number(one["n"]),
        )
    verdict = term(say, "held_by", one["verdict"])
    return say(
        "In the year after a change of hands accounts ordered {effect} against their like that kept theirs (90%: {low} "
        "to {high}, {n} changes): {verdict}.",
        effect=signed(say, one["value"]), low=signed(say, one["low"]), high=signed(say, one["high"]),
        n=say.number(one["n"]), verdict=verdict,
    )  # fmt: skip


def _about_loss(shock: pd.DataFrame, say: Words) -> str:
    alone = shock[(shock["kind"] == "seller") & shock["expected"].notna()]
    if alone.empty:
        return say("What would leave with a seller cannot be said.")
    worst = alone.iloc[0]
    return say(
        "The dearest departure would be {name}: {loss} of a year's profit expected, one in twenty above {high}.",
        name=worst["scenario"],
        loss=say.money(worst["expected"]),
        high=say.money(worst["high"]),
    )


def about_trust(
    before: pd.DataFrame, placebo: pd.DataFrame, errors: pd.DataFrame, skipped: dict[str, int], run: Any
) -> list[str]:
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
                "{n} more changes cannot be judged: too near the ends of the records, changed again, or no orders.",
                n=say.number(sum(skipped.values())),
            )
        )
    measured, one = before.iloc[0]["n"] > 0, before.iloc[0]
    if np.isfinite(one["low"]):
        flat = say("In the half year before the change the accounts went with their like: the comparison is fair.")
        bent = say("They had left the path of their like before the change: not all of the effect is due to it.")
        said.append(flat if one["low"] <= 0 <= one["high"] else bent)
    one = placebo.iloc[0]
    if measured and np.isfinite(one["low"]):
        none = say("Changes that we only pretended show none ({effect}), as they should.", effect=_value(say, one))
        some = say("Changes that we only pretended show {effect}: do not trust the test.", effect=_value(say, one))
        said.append(none if one["low"] <= 0 <= one["high"] else some)
    return [*said, _about_errors(errors, say)]


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
        "Foretold for {n} changes that were left out, the loss by what the holder has alone misses by {held}, always "
        "15% by {always}, nothing by {nothing}.",
        **numbers,
    )
    best = str(error.idxmin())
    endings = {
        "held_alone": say("It wins, and the losses on this page rest on it."),
        "always_15": say("It does not win: the losses on this page are 15% of the profit of every account."),
        "nothing": say("To foretell nothing wins: take the losses on this page as an upper bound."),
    }
    return f"{said} {endings[best]}"


def about_small_signs(metrics: Sequence[pd.DataFrame], run: Any) -> str:
    """Why smaller signs are not counted: what to switch on in client.yaml, where that is all that is missing.

    Parameters
    ----------
    metrics : list of DataFrame
        ``metric, status`` with ``asked_twice, avoided_places`` and ``contagion``.
    run
        Language.
    """
    say = of(run)
    found = pd.concat(metrics).set_index("metric")["status"]
    reasons = {
        "asked_twice": say(
            "Whether people of theirs are on record twice is not counted: their names are not kept (contacts: names in "
            "client.yaml)."
        ),
        "avoided_places": say(
            "No place is checked: client.yaml names none to avoid (avoid_places), and nothing is derived from personal "
            "data."
        ),
        "contagion": say("Whether one departure leads to the next is not told: fewer than six are on record."),
    }
    return " ".join(text for name, text in reasons.items() if found[name] == "not_available")


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
    between = [
        UNKNOWN if not np.isfinite(low) else f"{signed(say, low)} – {signed(say, high)}"
        for low, high in effect[["low", "high"]].itertuples(index=False)
    ]
    told = effect["verdict"].mask(effect["status"] == "not_available")
    found = effect.assign(held_by=told).rename(columns={"measure": "counted"})
    return found.assign(measured=values, between=between)[["counted", "measured", "between", "n", "held_by"]]


def details(steps: pd.DataFrame, run: Any) -> pd.Series:
    """What a next step means in detail; ``steps``: action, detail."""
    say = of(run)
    said: dict[str, Callable[[str], str]] = {
        "repair_handover": lambda detail: say("{n} people known before still to be met", n=detail),
        "plan_rotation": lambda detail: say("{n} years in the same hands", n=detail),
        "staff_corner": str,
    }
    rows = zip(steps["action"], steps["detail"], strict=True)
    return pd.Series([said[one](detail) if one in said else "" for one, detail in rows], index=steps.index, dtype="str")


def _value(say: Words, row: pd.Series) -> str:
    return f"{signed(say, row['value'])}, {signed(say, row['low'])} – {signed(say, row['high'])}"


def signed(say: Words, share: float) -> str:
    """A change in percent with its sign."""
    text = say.percent(round(float(share), 2) + 0.0) if np.isfinite(share) else UNKNOWN
    return f"+{text}" if np.isfinite(share) and round(float(share), 2) > 0 else str(text)
