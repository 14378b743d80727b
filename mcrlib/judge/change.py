"""What changed since the last published run: who moved, who came and went, and exact bridges of the money."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd

from mcrlib.model.proportions import share_bounds
from mcrlib.read.snapshots import earlier_snapshots
from mcrlib.run import Run

#: The steps of the bridges, in order; the first and the last are the totals.
STEPS = ("before", "gone", "less", "more", "new", "now")
HARVEST_STEPS = ("before", "gone", "lost", "fell", "rose", "won", "new", "now")
SOIL_STEPS = ("before", "gone", "revalued", "quiet", "ordered", "new", "now")
HELD_STEPS = ("before", "gone", "unknown", "freed", "tied", "known", "new", "now")
#: Days that a forecast of the next 12 months looks ahead, and those after which an account without order is lost.
_YEAR = 365
#: Days within which a tier that goes back has only flickered.
_SOON = 92


def last_time(run: Run, *columns: str) -> tuple[dt.date | None, pd.DataFrame]:
    """The date of the last run of an earlier date, and what it said of the accounts.

    Parameters
    ----------
    run : Run
        Its history and its date.
    columns : str
        What to read beside ``account_id``, such as ``harvest``; without any ``tier`` and ``soil_value``. Runs that did
        not keep them are passed over.

    Returns
    -------
    tuple
        The date, and one row per account; None and a frame without rows where there is no such run.
    """
    return _seen(run, columns, _earlier(run)[::-1])


def a_year_ago(run: Run, *columns: str) -> tuple[dt.date | None, pd.DataFrame]:
    """As ``last_time``, of the oldest run within the last year: the forecast that had the longest time to come true."""
    return _seen(run, columns, [one for one in _earlier(run) if (run.date - one[0]).days <= _YEAR])


def _earlier(run: Run) -> list[tuple[dt.date, Path]]:
    history = run.fact("history")
    return list(earlier_snapshots(Path(history) if history else None, run.date).items())


def _seen(run: Run, columns: tuple[str, ...], runs: list[tuple[dt.date, Path]]) -> tuple[dt.date | None, pd.DataFrame]:
    wanted = ["account_id", *(columns or ("tier", "soil_value"))]
    for date, folder in runs:
        frame = pd.read_parquet(folder / "accounts.parquet")
        if set(wanted) <= set(frame.columns):
            return date, frame[wanted]
    return None, pd.DataFrame({name: [] for name in wanted}).astype({"account_id": "str"})


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


def money_bridge(changed: pd.DataFrame, value: str = "soil_value", steps: tuple[str, ...] = STEPS) -> pd.DataFrame:
    """Add the changes up to steps from the value of the last run to that of this one; exact.

    Parameters
    ----------
    changed : DataFrame
        As from ``changes``, ``customers`` or ``soil_causes``; a row per account and step.
    value : str
        The money, as given to ``changes``.
    steps : tuple
        The steps in order; those between the first and the last without any account are left out.

    Returns
    -------
    DataFrame
        ``step, n_accounts`` and the money of each step (``soil_step``): the steps between the first and the last add
        up to their difference.
    """
    stem = value.removesuffix("_value")
    by, before = f"{stem}_step", f"{stem}_before"
    sums = changed.groupby("step").agg(**{"n_accounts": ("account_id", "nunique"), by: (by, "sum")})
    sums = sums.reindex([one for one in steps if one in sums.index or one in (steps[0], steps[-1])])
    seen = changed.groupby("account_id")[[before, value]].first()
    new = changed["step"].isin(["new", "won"]) & changed[before].isna()  # who was won may have been on record
    sums.loc[steps[0]] = [len(seen) - new.sum(), seen[before].sum()]
    sums.loc[steps[-1]] = [len(seen) - (changed["step"] == "gone").sum(), seen[value].sum()]
    return sums.astype({"n_accounts": "int64", by: "float64"}).rename_axis("step").reset_index()


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
    lately = (pd.Timestamp(since) - facts["last_order_date"]).dt.days < _YEAR
    lost = (lately & (facts["days_since_last"] >= _YEAR)).to_numpy() & changed["harvest_before"].notna()
    step = changed["step"].replace({"less": "fell", "more": "rose"})
    return changed.assign(step=np.select([won, lost], ["won", "lost"], step))


def soil_causes(changed: pd.DataFrame, revalued: pd.DataFrame, bought: pd.DataFrame) -> pd.DataFrame:
    """Part each change of a soil value by its cause; exact.

    Parameters
    ----------
    changed : DataFrame
        As from ``changes`` of ``soil_value``.
    revalued : DataFrame
        ``account_id, soil_value``: what the model of this run says of the date of the last run.
    bought : DataFrame
        ``account_id, orders`` since that date.

    Returns
    -------
    DataFrame
        As ``changed``, up to two rows per account: ``revalued`` (the model and late corrections of the data: from what
        was said then to what is said of then now), and from there to now ``ordered`` or, without an order since,
        ``quiet`` (time passed, and all else that is known). Accounts that are new or gone keep their step.
    """
    facts = revalued.set_index("account_id").join(bought.set_index("account_id")["orders"])
    facts = facts.reindex(changed["account_id"]).reset_index(drop=True)
    stays = ~changed["step"].isin(["gone", "new"])
    then = facts["soil_value"].fillna(0.0) - changed["soil_before"].fillna(0.0)
    cause = np.where(facts["orders"] > 0, "ordered", "quiet")
    parts = [
        changed[~stays],
        changed.assign(soil_step=then, step="revalued")[stays],
        changed.assign(soil_step=changed["soil_step"] - then, step=cause)[stays],
    ]
    return pd.concat(parts, ignore_index=True)


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


def crops_came(accounts: pd.DataFrame, before: pd.DataFrame, came: pd.DataFrame, days: int) -> pd.DataFrame:
    """Put the crops that an earlier run expected beside what came since.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name``.
    before : DataFrame
        ``account_id, crop_value, crop_low, crop_high`` of that run, for its next 12 months.
    came : DataFrame
        ``account_id, gp`` since.
    days : int
        Days since.

    Returns
    -------
    DataFrame
        ``account_id, account_name, crop_before, crop_low, crop_high, came, due`` (the share of the forecast that these
        days are of the year; money) and ``crop_result``: ``above`` or ``below`` the interval, ``hit`` inside it;
        ``open`` until the year is over or more came than expected at most. The largest gap between came and due first.
    """
    both = accounts[["account_id", "account_name"]].merge(before, on="account_id", validate="one_to_one")
    both = both.merge(came[["account_id", "gp"]], on="account_id", validate="one_to_one")
    both = both.rename(columns={"crop_value": "crop_before", "gp": "came"})
    due, over = both["crop_before"] * min(days / _YEAR, 1.0), days >= _YEAR
    result = np.select(
        [both["came"] > both["crop_high"], ~pd.Series(over, index=both.index), both["came"] < both["crop_low"]],
        ["above", "open", "below"], "hit",
    )  # fmt: skip
    both = both.assign(due=due, crop_result=result)
    order = (both["came"] - due).abs().sort_values(ascending=False, kind="stable").index
    return both.loc[order].reset_index(drop=True)


def tier_steadiness(run: Run, tiers: pd.DataFrame) -> dict[str, int]:
    """Tell how many tiers moved from run to run within the last year, and how many of them soon went back.

    ``tiers``: ``account_id, tier`` of this run.

    Returns
    -------
    dict
        ``runs`` (this one too), ``n`` (tiers of an account at two runs in a row), ``moved`` (of them, not the same),
        ``back`` (of those, in the old tier again at a run within three months). Decisions of people count too. Card T3.
    """
    runs = [one for one in _earlier(run) if (run.date - one[0]).days <= _YEAR]
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


def moved(changed: pd.DataFrame, place: str = "tier") -> pd.DataFrame:
    """The accounts whose tier (or ``quadrant``) is another one than in the last run, the largest change first."""
    now, before = changed[place], changed[f"{place}_before"]
    return changed[now.notna() & before.notna() & (now != before)].reset_index(drop=True)
