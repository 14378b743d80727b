"""Exact bridges from the money of the last run to that of this one, and how its forecast came in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.change.runs import YEAR

#: The steps of the bridges, in order; the first and the last are the totals.
STEPS = ("before", "gone", "less", "more", "new", "now")
HARVEST_STEPS = ("before", "gone", "lost", "fell", "rose", "won", "new", "now")
SOIL_STEPS = ("before", "gone", "revalued", "quiet", "ordered", "new", "now")
HELD_STEPS = ("before", "gone", "unknown", "freed", "tied", "known", "new", "now")


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
    sums = changed.groupby("step").agg(**{"n_accounts": ("account_id", "size"), by: (by, "sum")})
    sums = sums.reindex([one for one in steps if one in sums.index or one in (steps[0], steps[-1])])
    seen = changed.groupby("account_id")[[before, value]].first()
    new = changed["step"].isin(["new", "won"]) & changed[before].isna()  # who was won may have been on record
    sums.loc[steps[0]] = [len(seen) - new.sum(), seen[before].sum()]
    sums.loc[steps[-1]] = [len(seen) - (changed["step"] == "gone").sum(), seen[value].sum()]
    return sums.astype({"n_accounts": "int64", by: "float64"}).rename_axis("step").reset_index()


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
    due, over = both["crop_before"] * min(days / YEAR, 1.0), days >= YEAR
    result = np.select(
        [both["came"] > both["crop_high"], ~pd.Series(over, index=both.index), both["came"] < both["crop_low"]],
        ["above", "open", "below"], "hit",
    )  # fmt: skip
    both = both.assign(due=due, crop_result=result)
    order = (both["came"] - due).abs().sort_values(ascending=False, kind="stable").index
    return both.loc[order].reset_index(drop=True)
