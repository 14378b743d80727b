"""What changed in the delivery since the last run: rows, filled fields, freshness, warnings."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.errors import Complaint

#: Smallest difference of a share that is told.
_SHARE = 0.005
_COUNTS = ("rows_in", "rows_quarantined", "filled_share")


def delivery_facts(
    tables: pd.DataFrame, fields: pd.DataFrame, dates: pd.DataFrame, warnings: Iterable[Any], as_of: dt.date
) -> dict[str, Any]:
    """What a later run compares its delivery with: counts, shares, dates and codes, nothing about anybody.

    Parameters
    ----------
    tables : DataFrame
        ``table, rows_in, rows_quarantined``.
    fields : DataFrame
        ``table, share`` (0-1), a row per delivered field, as from ``completeness``.
    dates : DataFrame
        ``table, last_date``, as from ``freshness``.
    warnings : iterable of Complaint
        Of reading and cleaning.
    as_of : date
        Of this run.

    Returns
    -------
    dict
        ``as_of``; ``tables``: rows_in, rows_quarantined, filled_share (mean share of its fields) and last_date of each;
        ``warnings``: how many of each code.
    """
    filled = fields.groupby("table")["share"].mean().rename("filled_share")
    facts = tables.set_index("table")[["rows_in", "rows_quarantined"]].join(filled)
    facts = facts.join(dates.set_index("table")["last_date"].dt.strftime("%Y-%m-%d")).sort_index()
    known = {table: row.dropna().to_dict() for table, row in facts.astype(object).iterrows()}
    codes = Counter(one.code for one in warnings)
    return {"as_of": as_of.isoformat(), "tables": known, "warnings": dict(sorted(codes.items()))}


def delivery_changes(now: dict[str, Any], before: dict[str, Any] | None) -> pd.DataFrame:
    """Put what each table delivered this time beside last time.

    Parameters
    ----------
    now, before : dict
        As from ``delivery_facts``.

    Returns
    -------
    DataFrame
        ``table, rows_in_before, rows_in, rows_quarantined_before, rows_quarantined, filled_share_before,
        filled_share`` (0-1), ``last_date_before, last_date``, a row per table of either run that is not as it
        was (a share from half a percent on); without rows where there is no last run.
    """
    columns = [f"{one}{at}" for one in (*_COUNTS, "last_date") for at in ("_before", "")]
    seen = [pd.DataFrame.from_dict((run or {}).get("tables", {}), orient="index") for run in (now, before)]
    this, last = (frame.reindex(columns=[*_COUNTS, "last_date"]) for frame in seen)
    both = this.join(last.add_suffix("_before"), how="outer").sort_index()[columns] if before else this[:0]
    both = both.reindex(columns=columns).rename_axis("table").reset_index()
    for column in columns:
        values = pd.to_datetime(both[column]) if column.startswith("last") else both[column].astype("float64")
        both[column] = values.astype("Int64") if column.startswith("rows") else values
    return both[np.logical_or.reduce([_differs(both, one) for one in (*_COUNTS, "last_date")])].reset_index(drop=True)


def _differs(both: pd.DataFrame, column: str) -> Any:
    """Where a column is another one than before; a share from half a percent on."""
    now, before = both[column], both[f"{column}_before"]
    one_only = now.isna() != before.isna()
    other = (now - before).abs() >= _SHARE if column == "filled_share" else now != before
    return (one_only | (other.fillna(False) & now.notna())).to_numpy(bool)


def warning_changes(now: dict[str, Any], before: dict[str, Any] | None) -> pd.DataFrame:
    """Tell which kinds of warnings are new, went away or stayed since the last run.

    Returns
    -------
    DataFrame
        ``warning`` (code), ``n_before, n`` (0 where there is none) and ``warning_step``: ``new``, ``resolved``,
        ``same``; without rows where there is no last run.
    """
    codes = sorted({*now["warnings"], *before["warnings"]}) if before else []
    rows = [(code, (before or {})["warnings"].get(code, 0), now["warnings"].get(code, 0)) for code in codes]
    step = ["new" if not was else "resolved" if not n else "same" for _, was, n in rows]
    return pd.DataFrame(rows, columns=["warning", "n_before", "n"]).assign(warning_step=step)


def warnings_since(now: Sequence[Complaint], before: Sequence[Complaint]) -> tuple[list[Complaint], list[Complaint]]:
    """Tell which warnings of all chapters are new since the last run, and which of that run went away.

    Parameters
    ----------
    now, before : sequence of Complaint
        Of this run and of the last one. Warnings of one code on one column are the same warning, whatever they count.

    Returns
    -------
    tuple
        The new ones of ``now``; the resolved ones of ``before``.
    """
    kinds = [{(one.code, one.column) for one in told} for told in (now, before)]
    new = [one for one in now if (one.code, one.column) not in kinds[1]]
    return new, [one for one in before if (one.code, one.column) not in kinds[0]]
