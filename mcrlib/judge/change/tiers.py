"""Which tiers moved from run to run, and what the movers are worth."""

from __future__ import annotations

import pandas as pd

from mcrlib.judge.change.runs import YEAR, earlier
from mcrlib.model.proportions import share_bounds
from mcrlib.run import Run

#: Days within which a tier that goes back has only flickered.
_SOON = 92


def tier_steadiness(run: Run, tiers: pd.DataFrame) -> dict[str, int]:
    """Tell how many tiers moved from run to run within the last year, and how many of them soon went back.

    ``tiers``: ``account_id, tier`` of this run.

    Returns
    -------
    dict
        ``runs`` (this one too), ``n`` (tiers of an account at two runs in a row), ``moved`` (of them, not the same),
        ``back`` (of those, in the old tier again at a run within three months). Decisions of people count too. Card T3.
    """
    runs = [one for one in earlier(run) if (run.date - one[0]).days <= YEAR]
    then = {date: pd.read_parquet(folder / "accounts.parquet") for date, folder in runs} | {run.date: tiers}
    table = pd.DataFrame({date: one.set_index("account_id")["tier"] for date, one in then.items() if "tier" in one})
    dates = [date for date in then if date in table]
    told = {"runs": len(dates), "n": 0, "moved": 0, "back": 0}
    for place in range(1, len(dates)):
        was, now = table[dates[place - 1]], table[dates[place]]
        both = was.notna() & now.notna()
        moved = both & (was != now)
        soon = [day for day in dates[place + 1 :] if (day - dates[place]).days <= _SOON]
        told["n"] += int(both.sum())
        told["moved"] += int(moved.sum())
        told["back"] += int((moved & table[soon].eq(was, axis=0).any(axis=1)).sum())
    return told


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
    share = sums["n_accounts"] / were.where(were > 0)
    low, high = share_bounds(share, were)
    return sums.assign(share=share, low=low, high=high)
