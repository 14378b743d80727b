"""What changed since the last published run: who moved between tiers, and an exact bridge of the soil value."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import beta

from mcrlib.read.snapshots import earlier_snapshots
from mcrlib.run import Run

#: The steps of the bridge, in order; the first and the last are the totals.
STEPS = ("before", "gone", "less", "more", "new", "now")
COLUMNS = ("account_id", "account_name", "tier_before", "tier", "soil_before", "soil_value", "soil_step", "step")


def last_time(run: Run) -> tuple[dt.date | None, pd.DataFrame]:
    """The date of the last run of an earlier date, and what it said: account_id, tier, soil_value (money).

    Without an earlier run the date is None and the frame has no rows.
    """
    history = run.fact("history")
    seen = earlier_snapshots(Path(history) if history else None, run.date)
    wanted = ["account_id", "tier", "soil_value"]
    for date, folder in reversed(seen.items()):
        frame = pd.read_parquet(folder / "accounts.parquet")
        if set(wanted) <= set(frame.columns):
            return date, frame[wanted]
    return None, pd.DataFrame({"account_id": [], "tier": [], "soil_value": []}).astype({"account_id": "str"})


def changes(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Put each account of this run and of the last one into one row.

    Parameters
    ----------
    now : DataFrame
        ``account_id, account_name, tier, soil_value`` (money).
    before : DataFrame
        ``account_id, tier, soil_value`` of the last run.

    Returns
    -------
    DataFrame
        ``account_id, account_name, tier_before, tier, soil_before, soil_value, soil_step`` (money; an unknown value
        counts as zero in the step) and ``step`` (``gone, less, more, new, same``), largest step first; the name of an
        account that is gone is its id.
    """
    old = before.rename(columns={"tier": "tier_before", "soil_value": "soil_before"})
    both = now[["account_id", "account_name", "tier", "soil_value"]].merge(
        old, on="account_id", how="outer", validate="one_to_one", indicator=True
    )
    step = both["soil_value"].fillna(0.0) - both["soil_before"].fillna(0.0)
    gone, new = both["_merge"] == "right_only", both["_merge"] == "left_only"
    kind = np.select([gone, new, step < 0, step > 0], ["gone", "new", "less", "more"], "same")
    both = both.assign(step=kind, soil_step=step, account_name=both["account_name"].fillna(both["account_id"]))
    order = both["soil_step"].abs().sort_values(ascending=False, kind="stable").index
    return both.loc[order, list(COLUMNS)].reset_index(drop=True)


def soil_bridge(changed: pd.DataFrame) -> pd.DataFrame:
    """Add the changes up to steps from the soil value of the last run to that of this one; exact.

    Parameters
    ----------
    changed : DataFrame
        As from ``changes``.

    Returns
    -------
    DataFrame
        ``step, n_accounts, soil_step`` (money): the steps between the first and the last add up to their difference.
    """
    sums = changed.groupby("step").agg(n_accounts=("account_id", "size"), soil_step=("soil_step", "sum"))
    sums = sums.reindex(STEPS, fill_value=0).astype({"soil_step": "float64"})
    sums.loc["before"] = [int((changed["step"] != "new").sum()), changed["soil_before"].sum()]
    sums.loc["now"] = [int((changed["step"] != "gone").sum()), changed["soil_value"].sum()]
    return sums.astype({"n_accounts": "int64"}).rename_axis("step").reset_index()


def migration(pairs: pd.DataFrame) -> pd.DataFrame:
    """Count who went from which tier to which, and what they are worth.

    Parameters
    ----------
    pairs : DataFrame
        ``tier_before, tier, soil_value`` (money), one row per account; one that lacks either tier is left out.

    Returns
    -------
    DataFrame
        All 16 pairs, from the highest: ``tier_before, tier, n_accounts, soil_value, share`` (of those who were in
        ``tier_before``) with its 80 % interval ``low, high``; empty shares where nobody was there. Card T3.
    """
    every = pd.MultiIndex.from_product([list("SABC")] * 2, names=["tier_before", "tier"])
    named = {"n_accounts": ("tier", "size"), "soil_value": ("soil_value", "sum")}
    sums = pairs.dropna(subset=["tier_before", "tier"]).groupby(["tier_before", "tier"]).agg(**named)
    sums = sums.reindex(every, fill_value=0).reset_index().astype({"n_accounts": "int64", "soil_value": "float64"})
    were = sums.groupby("tier_before")["n_accounts"].transform("sum")
    # Jeffreys' prior, as for every proportion of the kit.
    hits, misses = sums["n_accounts"] + 0.5, were - sums["n_accounts"] + 0.5
    bounds = {name: beta.ppf(level, hits, misses) for name, level in (("low", 0.1), ("high", 0.9))}
    shares = pd.DataFrame({"share": sums["n_accounts"] / were.where(were > 0), **bounds})
    return sums.join(shares.where(were > 0))


def moved(changed: pd.DataFrame) -> pd.DataFrame:
    """The accounts whose tier is another one than in the last run, the largest change of value first."""
    both = changed["tier"].notna() & changed["tier_before"].notna()
    return changed[both & (changed["tier"] != changed["tier_before"])].reset_index(drop=True)
