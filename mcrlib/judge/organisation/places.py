"""Who works in a place that the client itself wants avoided: counted only, and only from the client's own list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from mcrlib.judge.organisation.metrics import share


def avoided_places(people: pd.DataFrame, avoid: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Count who works in a place that the client's list gives as one to avoid.

    Parameters
    ----------
    people : DataFrame
        From ``sellers``: ``owner_id, is_here, work_city, region``.
    avoid : mapping
        ``avoid_places`` of client.yaml: places by person. Why a place is to be avoided is not asked and not stored.

    Returns
    -------
    dict
        ``avoided_places`` (share of the listed people whose city, else region, is known); as from ``share``. Not
        available without a list: nothing is derived from personal data. Method card O8.
    """
    ours = people[people["is_here"] & people["owner_id"].isin(list(avoid))]
    place = ours.set_index("owner_id")["work_city"].fillna(ours.set_index("owner_id")["region"]).dropna()
    hits = sum(where in avoid[str(who)] for who, where in place.items())
    return share("avoided_places", hits, len(place), coverage=len(place) / max(len(avoid), 1))
