"""How people are called on a page: by number or id, by name only where the client publishes names."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term


def persons(frame: pd.DataFrame, run: Any) -> pd.Series:
    """What each person at a customer is called: id, level and function; the name where kept and published.

    Parameters
    ----------
    frame : DataFrame
        ``contact_id, contact_name, level, function``.
    run
        Language, and ``publish.names``.

    Returns
    -------
    Series
        Such as ``K17 (executive, procurement)``; empty where there is no contact.
    """
    say = of(run)
    names = frame["contact_name"] if run.settings.publish.names else pd.Series(pd.NA, frame.index, dtype="str")
    called = names.fillna(frame["contact_id"])
    seats = [
        say.names(term(say, kind, code) for kind, code in zip(("level", "function"), seat, strict=True) if code == code)
        for seat in frame[["level", "function"]].itertuples(index=False, name=None)
    ]
    full = [
        say("{name} ({seat})", name=name, seat=seat) if seat else str(name)
        for name, seat in zip(called, seats, strict=True)
    ]
    return pd.Series(full, frame.index, dtype="str").where(called.notna())


def sellers(owner_ids: pd.Series, people: pd.DataFrame, run: Any) -> pd.Series:
    """What each of our people is called: by number, by name only where the client publishes names.

    Parameters
    ----------
    owner_ids : Series
        Ids.
    people : DataFrame
        ``owner_id, owner_name``, sorted by ``owner_id``.
    run
        Language, and ``publish.names``.

    Returns
    -------
    Series
        As ``owner_ids``; an id that is not among the people stays an id. The number is the place in the list of ids, so
        that who knows the ids knows who is meant.
    """
    say = of(run)
    masked = [say("Seller {n}", n=say.number(place)) for place in range(1, len(people) + 1)]
    called = pd.Series(masked, people["owner_id"].to_numpy(), dtype="str")
    if run.settings.publish.names:
        called = pd.Series(people["owner_name"].fillna(people["owner_id"]).to_numpy(), called.index, dtype="str")
    return owner_ids.map(called).astype("str").fillna(owner_ids)
