"""What is said of how small customers are served."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import UNKNOWN, Words, of


def about_parity(parity: pd.DataFrame, run: Any) -> str:
    """Whether small customers are served like large ones; ``parity``: as from ``service_parity``."""
    say = of(run)
    names = _parity_names(say)
    of_kind = {
        str(kind): say.names([names[str(one)] for one in rows["measure"]]) for kind, rows in parity.groupby("served")
    }
    told = []
    if "worse" in of_kind:
        told.append(say("Small customers get less than large ones: {what}.", what=of_kind["worse"]))
    if "less" in of_kind:
        limit = say.percent(run.settings.thresholds.parity_gap)
        told.append(
            say(
                "Small customers get less, but whether by more than {limit} is not sure: {what}.",
                limit=limit,
                what=of_kind["less"],
            )
        )
    if "alike" in of_kind:
        told.append(say("They are served alike: {what}.", what=of_kind["alike"]))
    if "unsure" in of_kind:
        told.append(say("The data do not tell: {what}.", what=of_kind["unsure"]))
    if "few" in of_kind:
        told.append(say("Too few to tell: {what}.", what=of_kind["few"]))
    if "not_available" in of_kind:
        told.append(say("Not available: {what}.", what=of_kind["not_available"]))
    return say.together(*told)


def parity_words(parity: pd.DataFrame, run: Any) -> pd.DataFrame:
    """The comparison of small and large customers as it is read, one row for what was compared.

    Parameters
    ----------
    parity : DataFrame
        As from ``service_parity``.
    run
        Language.

    Returns
    -------
    DataFrame
        ``parity_measure, parity_high, parity_low, parity_gap`` (texts), without what is not available.
    """
    say = of(run)
    names = _parity_names(say)
    rows = [
        (
            names[str(one["measure"])].capitalize(),
            _counted(one["high"], one["n_high"], one["measure"] == "days", say),
            _counted(one["low"], one["n_low"], one["measure"] == "days", say),
            _spanned(one, say),
        )
        for one in parity[parity["served"] != "not_available"].to_dict("records")
    ]
    return pd.DataFrame(rows, columns=["parity_measure", "parity_high", "parity_low", "parity_gap"])


def _parity_names(say: Words) -> dict[str, str]:
    return {
        "service": say("cases settled in time"),
        "days": say("days until a case is settled"),
        "satisfaction": say("satisfaction"),
        "touched": say("customers touched within a year"),
    }


def _counted(value: float, n: int, is_days: bool, say: Words) -> str:
    shown = say.number(value, 1) if is_days else say.percent(value)
    return say("{value} of {n}", value=shown, n=say.number(n))


def _spanned(one: dict[Hashable, Any], say: Words) -> str:
    if pd.isna(one["gap"]):
        return UNKNOWN
    gap, low, high = (say.percent(one[name]) for name in ("gap", "gap_low", "gap_high"))
    return say("{middle} ({early} to {late})", middle=gap, early=low, late=high)


def about_neglected(unserved: pd.DataFrame, accounts: pd.DataFrame, run: Any) -> str:
    """How many C customers nobody looks after; ``unserved``: as from ``neglected``; ``accounts``: n_activities_12m."""
    say = of(run)
    if accounts["n_activities_12m"].isna().all():
        return say("Whom nobody touched is not available: the export has no activities.")
    return str(
        say.count(
            "{n} customer in C was not touched for a year, or has a case that waits too long.",
            "{n} customers in C were not touched for a year, or have a case that waits too long.",
            len(unserved),
        )
    )


def about_references(recommended: dict[str, Any], effect: dict[str, Any], run: Any) -> str:
    """What a content and a hurt customer do to others, beside the method's story of 250.

    Parameters
    ----------
    recommended : dict
        As from ``reference_effect``.
    effect : dict
        As from ``hurt_effect``.
    run
        Language and the threshold ``satisfied``.
    """
    say = of(run)
    seed = say(
        "The method's law of 250 (serve one customer well and win 250, hurt one and lose 250) is a story, not a "
        "measurement."
    )
    known = [
        *(_about_recommended(recommended, run, say) if recommended["outcome"] != "not_available" else []),
        *(_about_hurt(effect, say) if effect["outcome"] != "not_available" else []),
    ]
    if not known:
        return say(
            "What good and bad service does to other customers is not available: too few deals name who recommended "
            "us, or were beside a hurt customer."
        )
    return say.together(seed, *known)


def _about_recommended(effect: dict[str, Any], run: Any, say: Words) -> list[str]:
    own = say(
        "Measured: 100 content customers (answers of {limit} and more) brought {satisfied} recommended deals in the "
        "year after, 100 others of their industry and year {others}: a difference of {difference} ({low} to {high} in "
        "8 of 10 cases; {n} deals).",
        limit=say.percent(run.settings.thresholds.satisfied),
        n=say.number(effect["n_recommended"]),
        **{name: say.number(100 * effect[name]) for name in ("satisfied", "others", "difference", "low", "high")},
    )
    return [own] if effect["outcome"] == "sure" else [own, say("That may be chance.")]


def _about_hurt(effect: dict[str, Any], say: Words) -> list[str]:
    own = say(
        "Of {n} deals closed within a year beside a hurt customer (same industry and city) {difference} percentage "
        "points more were lost than of {all} others of these industries ({low} to {high} in 8 of 10 cases).",
        n=say.number(effect["n_beside"]),
        all=say.number(effect["n_elsewhere"]),
        difference=say.number(100 * effect["difference"], 1),
        low=say.number(100 * effect["low"], 1),
        high=say.number(100 * effect["high"], 1),
    )
    return [own] if effect["outcome"] == "sure" else [own, say("That may be chance.")]
