"""How much relationship capital the data show at each account: the parts of fertility."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from mcrlib.describe.engine import query

#: In the order of the method: relationships (point, area, organisation), service, satisfaction, risk.
PARTS = ("key", "general", "organisation", "service", "satisfaction", "risk")


def fertility_parts(clean: Path, as_of: dt.date, *, coverage: float = 0.60) -> pd.DataFrame:
    """Tell for every customer what the data show of its relationship, part by part.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen. Support of contacts has no history: it is that of the export.
    coverage : float
        Share of filled data below which a part is weak.

    Returns
    -------
    DataFrame
        Six rows per account, sorted by ``account_id`` and the order of the method: ``account_id, part, value`` (0 to 1,
        NaN where the data do not tell), ``n`` (persons, cases or answers behind it), ``coverage`` (share of them with
        the data needed), ``status`` (``ok``, ``weak``, ``not_available``). A missing value is never a zero.
    """
    names = query(clean, "names")["account_id"]
    grid = pd.MultiIndex.from_product([names, PARTS], names=["account_id", "part"])
    found = query(clean, "engagement", as_of=as_of).set_index(["account_id", "part"]).reindex(grid).reset_index()
    found["n"] = found["n"].fillna(0).astype("int64")
    found["coverage"] = found["coverage"].fillna(0.0)
    known = found["value"].notna()
    found["status"] = np.select([~known, found["coverage"] < coverage], ["not_available", "weak"], default="ok")
    return found
