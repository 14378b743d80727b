"""How people at a customer are called on a page: by id and seat, by name only where the client publishes names."""

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
    full = [f"{name} ({seat})" if seat else str(name) for name, seat in zip(called, seats, strict=True)]
    return pd.Series(full, frame.index, dtype="str").where(called.notna())
