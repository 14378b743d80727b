"""Who moved, who came and who went, account by account."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mcrlib.judge.change.runs import YEAR


def changes(now: pd.DataFrame, before: pd.DataFrame, value: str = "soil_value") -> pd.DataFrame:
    """Put each account of this run and of the last one into one row.

    Parameters
    ----------
    now : DataFrame
        ``account_id, account_name`` and the columns of ``before``.
    before : DataFrame
        ``account_id``, the value, and what else to compare (``tier``, ``quadrant``), of the last run.
    value : str
        The money to compare: ``soil_value``, ``harvest`` …

    Returns
    -------
    DataFrame
        ``account_id, account_name``, each column of ``before`` then and now (``tier_before, tier``), the value then and
        now with its ``…_step`` (money; an unknown value counts as zero in the step): ``soil_before, soil_value,
        soil_step``; and ``step`` (``gone, less, more, new, same``), largest step first; the name of an account that is
        gone is its id.
    """
    stem = value.removesuffix("_value")
    kept = [name for name in before.columns if name not in ("account_id", value)]
    old = before.rename(columns={name: f"{name}_before" for name in kept} | {value: f"{stem}_before"})
    both = now[["account_id", "account_name", *kept, value]].merge(
        old, on="account_id", how="outer", validate="one_to_one", indicator=True
    )
    step = both[value].fillna(0.0) - both[f"{stem}_before"].fillna(0.0)
    gone, new = both["_merge"] == "right_only", both["_merge"] == "left_only"
    kind = np.select([gone, new, step < 0, step > 0], ["gone", "new", "less", "more"], "same")
    both["account_name"] = both["account_name"].fillna(both["account_id"])
    pairs = [name for one in kept for name in (f"{one}_before", one)]
    columns = ["account_id", "account_name", *pairs, f"{stem}_before", value, f"{stem}_step", "step"]
    order = step.abs().sort_values(ascending=False, kind="stable").index
    both[f"{stem}_step"], both["step"] = step, kind
    return both.loc[order, columns].reset_index(drop=True)


def customers(changed: pd.DataFrame, accounts: pd.DataFrame, since: dt.date) -> pd.DataFrame:
    """Tell among the changes of the harvest the customers that were won and those that were lost.

    Parameters
    ----------
    changed : DataFrame
        As from ``changes`` of ``harvest``.
    accounts : DataFrame
        ``account_id, first_order_date, last_order_date, days_since_last``, as now.
    since : date
        When the last run stood.

    Returns
    -------
    DataFrame
        As ``changed``; ``step`` is ``won`` for a first order since, ``lost`` where the last order was within 12 months
        then and no longer is, else ``fell, rose, same, new`` or ``gone``.
    """
    facts = accounts.set_index("account_id").reindex(changed["account_id"])
    won = (facts["first_order_date"] > pd.Timestamp(since)).to_numpy()
    lately = (pd.Timestamp(since) - facts["last_order_date"]).dt.days < YEAR
    lost = (lately & (facts["days_since_last"] >= YEAR)).to_numpy() & changed["harvest_before"].notna()
    step = changed["step"].replace({"less": "fell", "more": "rose"})
    return changed.assign(step=np.select([won, lost], ["won", "lost"], step))


def held_changes(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Tell what became of the profit that hangs on single people, account by account.

    Parameters
    ----------
    now : DataFrame
        ``account_id, account_name, gp_held`` (money; empty where nobody's touches are logged), ``is_single``.
    before : DataFrame
        ``account_id, gp_held, is_single`` of the last run.

    Returns
    -------
    DataFrame
        As from ``changes`` of ``gp_held``; ``step`` is ``freed`` where less hangs on one person, ``tied`` where more,
        ``known`` where it was not known then, ``unknown`` where it no longer is, else ``same, new`` or ``gone``.
    """
    changed = changes(now, before, "gp_held")
    stays = ~changed["step"].isin(["gone", "new"])
    was, known = (changed[name].notna() for name in ("gp_held_before", "gp_held"))
    step = changed["step"].replace({"less": "freed", "more": "tied"})
    return changed.assign(step=np.select([stays & known & ~was, stays & was & ~known], ["known", "unknown"], step))


def moved(changed: pd.DataFrame, place: str = "tier") -> pd.DataFrame:
    """The accounts whose tier (or ``quadrant``) is another one than in the last run, the largest change first."""
    now, before = changed[place], changed[f"{place}_before"]
    return changed[now.notna() & before.notna() & (now != before)].reset_index(drop=True)
