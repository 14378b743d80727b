"""Who opens saline land: first and second orders of customers who bought nothing from us, by who held them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from scipy.stats import gamma

#: Accounts to open that somebody must have held before a rate is told (card O15), and how many years of an average
#: opener each is drawn to. Proposed.
FEWEST, _BORROWED = 3, 2.0
_YEAR = 365.25
_LASTING = 730
_COLUMNS = [
    "owner_id", "n_to_open", "years_tried", "n_opened", "n_again", "opened_a_year", "low", "high", "n_old", "n_lasting",
]  # fmt: skip


def pioneers(held: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Tell of everyone of ours how many accounts of saline land they opened for each year of trying.

    Parameters
    ----------
    held : DataFrame
        From ``openings``.
    as_of : date
        The last day known.

    Returns
    -------
    DataFrame
        ``owner_id, n_to_open`` (accounts held that had never bought), ``years_tried`` (held before the first order),
        ``n_opened`` (first order while held), ``n_again`` (of them with a second one), ``opened_a_year`` (drawn to the
        mean of all), ``low, high`` (90 %), ``n_old`` (openings more than 24 months ago), ``n_lasting`` (of them, still
        ordering 24 months later), the best first. Who held fewer than three such accounts is left out, and so are
        accounts that had bought before.

    Notes
    -----
    Gamma-Poisson, prior at the rate of all with the weight of two years. A market is saline as it is marked today.
    Method card O15.
    """
    since, until = pd.to_datetime(held["valid_from"]), pd.to_datetime(held["valid_to"])
    first = pd.to_datetime(held["first_date"])
    tried = since.notna() & ~(first <= since) & (until > since)
    held, since, until, first = held[tried], since[tried], until[tried], first[tried]
    opened = first.notna() & (first <= until)
    old = opened & ((pd.Timestamp(as_of) - first).dt.days >= _LASTING)
    lasting = old & ((pd.to_datetime(held["last_date"]) - first).dt.days >= _LASTING)
    counted = pd.DataFrame(
        {
            "owner_id": held["owner_id"], "account_id": held["account_id"], "n_opened": opened,
            "years_tried": (first.where(opened, until) - since).dt.days / _YEAR, "n_old": old, "n_lasting": lasting,
            "n_again": opened & held["second_date"].notna(),
        }
    )  # fmt: skip
    found = counted.groupby("owner_id").agg(
        n_to_open=("account_id", "nunique"), years_tried=("years_tried", "sum"), n_opened=("n_opened", "sum"),
        n_again=("n_again", "sum"), n_old=("n_old", "sum"), n_lasting=("n_lasting", "sum"),
    )  # fmt: skip
    tried_for = found["years_tried"].sum()
    usual = found["n_opened"].sum() / tried_for if tried_for > 0 else np.nan
    shape, years = found["n_opened"] + _BORROWED * usual, found["years_tried"] + _BORROWED
    low, high = gamma.ppf(0.05, shape) / years, gamma.ppf(0.95, shape) / years
    found = found.assign(opened_a_year=shape / years, low=low, high=high)
    found = found[found["n_to_open"] >= FEWEST].reset_index()
    return found.sort_values(["opened_a_year", "owner_id"], ascending=[False, True], ignore_index=True)[_COLUMNS]
