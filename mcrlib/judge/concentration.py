"""How much hangs on how few: the share of the largest customers, and how unequal they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Accounts up to which the share of the ten largest says nothing. Proposed.
_FEW = 20


@dataclass(frozen=True)
class Concentration:
    """How unequal customers are; NaN where nobody bought.

    Parameters
    ----------
    n : int
        Customers with a positive value.
    top_five, top_ten : float
        Share of the total that the five and the ten largest bring.
    equal_ten : float
        Share that ten would bring if all were equal.
    top_fifth : float
        Share that the largest 20 % bring.
    share_for_80 : float
        Smallest share of customers that brings 80 %.
    gini : float
        0: all equal, 1: one has everything.
    effective : float
        How many equal customers would be as concentrated (one over the Herfindahl index).
    status : str
        ``ok``; ``weak`` up to 20 customers, where ten are half of all; ``not_available`` without any.
    """

    n: int
    top_five: float
    top_ten: float
    equal_ten: float
    top_fifth: float
    share_for_80: float
    gini: float
    effective: float
    status: str


def concentration(values: pd.Series) -> Concentration:
    """Say how much hangs on how few customers.

    Parameters
    ----------
    values : Series
        Revenue or gross profit, one per customer (sum sites of a group first); what is not above zero is left out.

    Notes
    -----
    Method cards C1 (the ten largest bring at least half), C2 (20/80, contested by the method itself), C3.
    """
    sizes = np.sort(values[values > 0].to_numpy(float))[::-1]
    n = len(sizes)
    if not n:
        none = float("nan")
        return Concentration(0, none, none, none, none, none, none, none, "not_available")
    shares = sizes / sizes.sum()
    running = shares.cumsum()
    ranks = np.arange(1, n + 1)
    return Concentration(
        n=n,
        top_five=float(running[min(5, n) - 1]),
        top_ten=float(running[min(10, n) - 1]),
        equal_ten=min(1.0, 10 / n),
        top_fifth=float(running[max(1, round(n / 5)) - 1]),
        share_for_80=float((np.searchsorted(running, 0.8 - 1e-12) + 1) / n),
        gini=float(1 - (2 * ranks - 1) @ shares / n),
        effective=float(1 / (shares @ shares)),
        status="weak" if n <= _FEW else "ok",
    )


def concentration_curve(values: pd.Series) -> pd.DataFrame:
    """Add customers up from the largest to the smallest.

    Returns
    -------
    DataFrame
        ``rank, share_of_customers, share_of_value``; first row 0, 0, 0. Empty but for it where nobody bought.
    """
    sizes = np.sort(values[values > 0].to_numpy(float))[::-1]
    ranks = np.arange(len(sizes) + 1)
    running = np.concatenate([[0.0], sizes.cumsum() / (sizes.sum() if len(sizes) else 1.0)])
    table = {"rank": ranks, "share_of_customers": ranks / max(len(sizes), 1), "share_of_value": running}
    return pd.DataFrame(table)
