"""What customers say of us to others: who recommended us, and who stands beside a customer that was hurt."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.describe.engine import query


def recommendations(clean: Path, as_of: dt.date, *, satisfied: float) -> pd.DataFrame:
    """Count the new deals that customers recommended us for in the year after they had been asked how content they are.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen; years are those of 365 days before it.
    satisfied : float
        Mean answer (0-1) of a year from which a customer is content.

    Returns
    -------
    DataFrame
        One row per account and year in which it answered: ``account_id, year`` (1: the year before the last),
        ``industry, is_satisfied`` (0 or 1), ``n_recommended`` (deals of others, opened in the year after, that name it
        as referrer). Empty where no deal names one. Card T12.
    """
    return query(clean, "recommendations", as_of=as_of, satisfied=satisfied)


def hurt_accounts(clean: Path, as_of: dt.date, *, hurt: float) -> pd.DataFrame:
    """List the customers that were hurt within the year, with the neighbours who may hear of it.

    Parameters
    ----------
    clean, as_of
        As for ``recommendations``.
    hurt : float
        Answer (0-1) up to which a customer is hurt; a complaint of severity 1 or 2 hurts as well.

    Returns
    -------
    DataFrame
        ``account_id, hurt_date`` (last), ``n_moments, n_neighbours`` (other accounts of the same industry and city),
        ``neighbour_deals, neighbour_amount`` (open with them; the money NaN where none of them says it), empty where
        industry or city is unknown. Card T12.
    """
    return query(clean, "hurt", as_of=as_of, hurt=hurt)


def deals_beside_hurt(clean: Path, as_of: dt.date, *, hurt: float) -> pd.DataFrame:
    """Count the deals that were lost where a neighbour had been hurt, and where none had.

    A neighbour is another account of the same industry and city, hurt (as for ``hurt_accounts``) in the 365 days before
    the deal closed.

    Returns
    -------
    DataFrame
        ``industry, is_beside_hurt`` (0 or 1), ``n_deals`` (won or lost), ``n_lost``, sorted; deals of accounts without
        industry or city are left out. Card T12.
    """
    return query(clean, "neighbours", as_of=as_of, hurt=hurt)


def settling_days(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how many days each customer's cases took until they were settled.

    Returns
    -------
    DataFrame
        ``account_id, part`` (``days``), ``value`` (mean), ``n`` (cases of two years that are settled). Card T12.
    """
    return query(clean, "settled", as_of=as_of)
