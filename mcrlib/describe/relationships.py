"""Who held which relationship, and how much of it alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.describe.engine import query


def person_held(clean: Path, as_of: dt.date, *, frozen: bool = False) -> pd.DataFrame:
    """Tell how much of each relationship its holder held alone, at every hand-over and now.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen.
    frozen : bool
        The date lies before the export: the present holder counts only where its history says so.

    Returns
    -------
    DataFrame
        ``account_id, owner_id`` (who held it until the moment), ``moment`` (day of the hand-over, or the date),
        ``is_now, n_contacts`` (people of theirs in touch in the three years before), ``n_touches, n_exclusive`` (met by
        nobody of ours but who held the account at the time), ``held`` (their share, by number of touches up to three,
        0 to 1), ``power_held`` (the same by weight in decisions). Accounts without logged touches have no row.
    """
    return query(clean, "person_held", as_of=as_of, frozen=frozen)
