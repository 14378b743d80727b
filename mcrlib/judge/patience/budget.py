"""What patience may cost in a year: the budget of all entries, how much of it they used, and what is left."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mcrlib.judge.patience.break_evens import YEAR

#: Gates at which an entry has a part in the budget: it goes on, and has not filled its hole.
_GOES_ON = ("reinforce", "review", "not_available")
_PARTS = ("budget", "budget_used", "budget_left", "next_loss")


def patience_budget(
    moves: pd.DataFrame, gated: pd.DataFrame, drawn: np.ndarray, as_of: dt.date, *, share: float
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Say what the entries may lose in a year, what they lost in the last one, and what the next one will ask for.

    All together they may lose a share of the year's gross profit, and never more than all other customers left over:
    what a company cannot earn elsewhere it cannot wait for.

    Parameters
    ----------
    moves : DataFrame
        As from ``contributions``, of all accounts.
    gated : DataFrame
        As from ``gates``, sorted by ``account_id``.
    drawn : array
        Contribution of entry (as sorted) × draw × quarter ahead.
    as_of : date
        The year is the last four quarters that are over by then.
    share : float
        Share of the year's gross profit that all entries may lose.

    Returns
    -------
    tuple
        By entry ``account_id, budget`` (equal parts of the whole for entries that go on; 0 at the stop gate, none for
        those that have paid back), ``budget_used`` (loss of the year), ``budget_left, next_loss`` (expected loss of the
        next year). Of all: ``gross_profit, others`` (contribution of all other customers, the cap), ``budget,
        budget_used, budget_left, next_loss``. Money; NaN throughout where no costs are on record for the year, or
        nothing was earned. Card S9; the floor of card D11, as far as costs are in the export.
    """
    table = gated[["account_id"]].copy()
    last = pd.Period(pd.Timestamp(as_of) + pd.Timedelta(days=1), "Q") - 1
    quarter = pd.PeriodIndex(pd.to_datetime(moves["quarter"]), freq="Q")
    year = moves[(quarter > last - YEAR) & (quarter <= last)]
    profit = float(year["gp"].sum())
    if not year["cost"].any() or profit <= 0:
        nothing = dict.fromkeys(
            ("gross_profit", "others", "budget", "budget_used", "budget_left", "next_loss"), float("nan")
        )
        return table.assign(budget=np.nan, budget_used=np.nan, budget_left=np.nan, next_loss=np.nan), nothing
    brought = (year["gp"] - year["cost"]).groupby(year["account_id"]).sum()
    others = float(brought[~brought.index.isin(table["account_id"])].sum())
    whole = max(min(share * profit, others), 0.0)
    table["budget_used"] = (-brought.reindex(table["account_id"]).fillna(0.0).to_numpy()).clip(min=0.0)
    table["next_loss"] = np.maximum(-drawn[:, :, :YEAR].sum(axis=2), 0.0).mean(axis=1)
    goes_on = gated["gate"].isin(_GOES_ON).to_numpy()
    parts = np.where(goes_on, whole / max(goes_on.sum(), 1), 0.0)
    table["budget"] = np.where(gated["gate"] == "paid_back", np.nan, parts)
    table["budget_left"] = table["budget"] - table["budget_used"]
    used, ahead = float(table["budget_used"].sum()), float(table["next_loss"].sum(skipna=False))
    told = {"gross_profit": profit, "others": others, "budget": whole, "budget_used": used, "budget_left": whole - used}
    return table[["account_id", *_PARTS]], told | {"next_loss": ahead}
