"""One account, one voice: touches that nobody agreed on, prices and dates that contradict each other."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import listed, share


def one_voice(voices: pd.DataFrame, sales: pd.DataFrame, dates: pd.DataFrame, *, spread: float) -> pd.DataFrame:
    """Tell of every account how often it heard several voices of ours, the worst first.

    Parameters
    ----------
    voices, sales, dates : DataFrame
        From ``voices``, ``like_sales`` and ``date_conflicts``.
    spread : float
        Difference in price, as a share, from which two like sales contradict each other.

    Returns
    -------
    DataFrame
        ``account_id, n_weeks, n_uncoordinated, n_sales`` (pairs of like sales), ``n_price_conflicts, n_promises``
        (pairs of promises by two people), ``n_date_conflicts``; empty where there is nothing to count among.
    """
    apart = (sales["price"] / sales["before_price"] - 1).abs() > spread
    sold = sales.assign(apart=apart).groupby("account_id")["apart"].agg(n_sales="size", n_price_conflicts="sum")
    said = dates.set_index("account_id").rename(columns={"n_pairs": "n_promises", "n_conflicts": "n_date_conflicts"})
    found = voices.set_index("account_id").join([sold, said], how="outer").astype("Int64")
    worst = found[["n_uncoordinated", "n_price_conflicts", "n_date_conflicts"]].sum(axis=1)
    order = np.lexsort([found.index.to_numpy(str), -worst.to_numpy(int)])
    return found.rename_axis("account_id").iloc[order].reset_index()


def voice_metrics(found: pd.DataFrame) -> pd.DataFrame:
    """Say how often customers hear several voices of ours.

    Returns
    -------
    DataFrame
        ``uncoordinated`` (share of the weeks in which a person of theirs was in touch), ``price_conflicts`` (share of
        like sales), ``date_conflicts`` (share of promises by two people; weak, what a promise is for is in no export);
        columns as in ``metrics``.
    """
    total = found.sum(numeric_only=True)
    rows = [
        share("uncoordinated", int(total["n_uncoordinated"]), int(total["n_weeks"])),
        share("price_conflicts", int(total["n_price_conflicts"]), int(total["n_sales"])),
        share("date_conflicts", int(total["n_date_conflicts"]), int(total["n_promises"]), coverage=0.5),
    ]
    return listed(rows)
