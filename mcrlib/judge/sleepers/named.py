"""Who is named as a sleeper, and what came of those who would have been named before."""

from __future__ import annotations

import pandas as pd

from mcrlib.judge.sleepers.gap import is_quiet, with_gap
from mcrlib.judge.sleepers.skill import Skill
from mcrlib.model.proportions import share_bounds

RECORD = [
    "quiet_state", "is_named", "n", "n_accounts", "n_ordered", "days", "soil_masked", "foretold", "revenue",
]  # fmt: skip


def sleepers(gap: pd.DataFrame, skill: Skill, *, margin: float, share: float) -> pd.DataFrame:
    """Choose the quiet accounts that should be among the richest, and of which their orders foretell little.

    Parameters
    ----------
    gap : DataFrame
        As from ``soil_gap``.
    skill : Skill
        Without a signal nobody is named.
    margin : float
        How many times what its orders foretell the lower bound of the masked soil must be.
    share : float
        Share of the accounts, by masked soil, among which sleepers are sought.

    Returns
    -------
    DataFrame
        Rows of ``gap``, the largest gap first.
    """
    named = gap[_is_asleep(gap, margin, share) & skill.has_signal]
    return named.sort_values(["soil_gap", "account_id"], ascending=[False, True], ignore_index=True)


def earlier_sleepers(judged: pd.DataFrame, *, margin: float, share: float) -> pd.DataFrame:
    """Tell what came of the accounts that would have been named at earlier dates, beside the other quiet ones.

    Parameters
    ----------
    judged : DataFrame
        As from ``judge_masked``.
    margin, share : float
        As for ``sleepers``.

    Returns
    -------
    DataFrame
        One row per ``quiet_state`` (never_ordered, silent, buying) and ``is_named``: ``n`` (counted once a date),
        ``n_accounts`` (counted once), ``n_ordered`` (of ``n``, that then brought revenue), ``days`` (of the horizon),
        and per account ``soil_masked`` (promised for the horizon, revenue), ``foretold`` (by orders), ``revenue`` (what
        came).
    """
    dates = [with_gap(one) for _, one in judged.groupby("origin")]
    rows = [one.assign(is_named=_is_asleep(one, margin, share))[is_quiet(one)] for one in dates]
    if not rows:
        return pd.DataFrame(columns=RECORD)
    seen = pd.concat(rows, ignore_index=True)
    seen["ordered"] = seen["revenue"] > 0
    groups = seen.groupby(["quiet_state", "is_named"])
    means = groups[["soil_masked", "foretold", "revenue"]].mean()
    sizes = {"n": ("ordered", "size"), "n_accounts": ("account_id", "nunique"), "n_ordered": ("ordered", "sum")}
    counts = groups.agg(**sizes, days=("horizon_days", "max"))
    table = counts.join(means, validate="one_to_one").reset_index()
    return table.sort_values(["quiet_state", "is_named"], ascending=[True, False], ignore_index=True)


def like_for_like(before: pd.DataFrame) -> dict[str, float]:
    """Lay what came of those named at earlier dates beside what came of others that stood where they stood.

    Who never ordered is compared with others that never had, who was silent with others that were, who bought a little
    with others that did.

    Parameters
    ----------
    before : DataFrame
        As from ``earlier_sleepers``.

    Returns
    -------
    dict
        ``n, accounts, ordered, days``, ``revenue`` (an account) of those named; ``share_low, share_high``: share that
        orders, 80 % (Jeffreys' prior; over accounts, as one account at several dates says little more than once);
        ``share_others, revenue_others``: of the others, weighted by state as the named are. Empty where nobody was
        named or nobody is like them.
    """
    by_state = before.set_index("quiet_state")
    named, others = (by_state[by_state["is_named"].eq(one)] for one in (True, False))
    named, others = (one.loc[named.index.intersection(others.index)] for one in (named, others))
    if named.empty:
        return {}
    n, accounts, ordered = (float(named[name].sum()) for name in ("n", "n_accounts", "n_ordered"))
    low, high = share_bounds(ordered / n, accounts)
    weight = named["n"] / n
    return {
        "n": n,
        "accounts": accounts,
        "ordered": ordered,
        "days": float(named["days"].max()),
        "revenue": float((weight * named["revenue"]).sum()),
        "share_low": float(low),
        "share_high": float(high),
        "share_others": float((weight * others["n_ordered"] / others["n"]).sum()),
        "revenue_others": float((weight * others["revenue"]).sum()),
    }


def _is_asleep(gap: pd.DataFrame, margin: float, share: float) -> pd.Series:
    rank = gap["soil_masked"].rank(ascending=False, method="min")
    is_rich = rank <= share * gap["soil_masked"].notna().sum()
    return is_quiet(gap) & is_rich & (gap["masked_low"] > margin * gap["foretold"])
