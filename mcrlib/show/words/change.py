"""What changed since the last run, said in sentences."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import of

_RANK = {"S": 0, "A": 1, "B": 2, "C": 3}


def about_change(changed: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """What changed since the last run, in a breath.

    Parameters
    ----------
    changed : DataFrame
        tier_before, tier, soil_before, soil_value (money), step (``new``, ``gone`` …).
    since : date or None
        When the last run stood; None for the first one.
    run
        Language and currency.
    """
    say = of(run)
    if since is None:
        return say("This is the first run of this client: from the next one on, what changed stands here.")
    rank, before = changed["tier"].map(_RANK), changed["tier_before"].map(_RANK)
    kinds = changed["step"].value_counts()
    said = [
        say(
            "Since {date} the soil value went from {before} to {now}.",
            date=say.date(since),
            before=say.money(changed["soil_before"].sum()),
            now=say.money(changed["soil_value"].sum()),
        ),
        say(
            "Tiers up: {up}, down: {down}; accounts new: {new}, gone from the export: {gone}.",
            up=say.number((rank < before).sum()),
            down=say.number((rank > before).sum()),
            new=say.number(kinds.get("new", 0)),
            gone=say.number(kinds.get("gone", 0)),
        ),
    ]
    return say.together(*said)
