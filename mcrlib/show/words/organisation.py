"""What is said of who holds the relationships: an organisation or single people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.show.words.catalogue import UNKNOWN, Words, of
from mcrlib.show.words.measures import COUNTED, MET
from mcrlib.show.words.people import persons, sellers
from mcrlib.show.words.rotation import about_effect
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
        ``measure, measured`` (value in words), ``between`` (its 90 % interval), ``n, coverage, rests_on``; where a
        known measure has a bound also ``bound, met`` in words. Empty where none is known: what is missing stands above.
    """
    say = of(run)
    metrics = metrics if metrics["status"].ne("not_available").any() else metrics.head(0)
    rows = []
    for one in metrics.itertuples(index=False):
        number = _number(say, str(one.metric))
        low, high = number(one.low), number(one.high)
        between = UNKNOWN if UNKNOWN in (low, high) else low if low == high else f"{low} – {high}"
        rows.append(
            (term(say, "metric", str(one.metric)), number(one.value), between, one.n, one.coverage,
             term(say, "fertility_status", str(one.status)))
        )  # fmt: skip
    found = pd.DataFrame(rows, columns=["measure", "measured", "between", "n", "coverage", "rests_on"])
    if "bound" not in metrics or metrics.loc[metrics["value"].notna(), "bound"].isna().all():
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
            "{share} of the profit hangs on people of ours who hold it alone; all of them together hold less than "
            "half.",
            share=share,
        )
    return say.count(
        "{share} of the profit hangs on people of ours who hold it alone; {n} of them has half of all profit.",
        "{share} of the profit hangs on people of ours who hold it alone; {n} of them have half of all profit.",
        int(factor["value"]),
        share=share,
    )


def _about_loss(shock: pd.DataFrame, say: Words) -> str:
    alone = shock[(shock["kind"] == "seller") & shock["expected"].notna()]
    if alone.empty:
        return say("What would leave with a seller cannot be said.")
    worst = alone.iloc[0]
    return say(
        "The costliest departure would be that of {name}: {loss} of a year's profit would go, in one case in twenty "
        "more than {high}.",
        name=worst["scenario"],
        loss=say.money(worst["expected"]),
        high=say.money(worst["high"]),
    )


def about_small_signs(metrics: Sequence[pd.DataFrame], run: Any) -> str:
    """Why smaller signs are not counted: what to switch on in client.yaml, where that is all that is missing.

    Parameters
    ----------
    metrics : list of DataFrame
        ``metric, status`` with ``asked_twice, avoided_places`` and ``contagion``.
    run
        Language and ``avoid_places``.
    """
    say = of(run)
    found = pd.concat(metrics).set_index("metric")["status"]
    reasons = {
        "asked_twice": say(
            "Whether people of theirs are on record twice is not counted: that takes their names, which are kept only "
            "where client.yaml asks for it (contacts: names)."
        ),
        "avoided_places": _about_places(say, run),
        "contagion": say(
            "Whether one departure leads to the next is not told: that takes six departures of people whose superior "
            "is on record."
        ),
    }
    return say.together(*[text for name, text in reasons.items() if found[name] == "not_available"])


def _about_places(say: Words, run: Any) -> str:
    if run.settings.avoid_places:
        return say("Nobody in avoid_places of client.yaml is here with a known place of work: no place is checked.")
    return say(
        "No place is checked: client.yaml names none to avoid (avoid_places), and nothing is derived from personal "
        "data."
    )


def details(steps: pd.DataFrame, run: Any) -> pd.Series:
    """What a next step means in detail; ``steps``: action, detail."""
    say = of(run)
    said: dict[str, Callable[[str], str]] = {
        "repair_handover": lambda detail: say.count(
            "{n} person known before still to be met", "{n} people known before still to be met", int(detail)
        ),
        "plan_rotation": lambda detail: say("{n} years in the same hands", n=detail),
        "staff_corner": str,
    }
    rows = zip(steps["action"], steps["detail"], strict=True)
    return pd.Series([said[one](detail) if one in said else "" for one, detail in rows], index=steps.index, dtype="str")
