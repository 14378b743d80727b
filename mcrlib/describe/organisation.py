"""What the exports show of who holds the relationships: threads, hand-overs, corners, voices, and our own people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mcrlib.describe.engagement import tie_knobs
from mcrlib.describe.engine import query


def threads(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell on how many people of ours and of theirs each relationship hangs.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen.
    weights, half_life
        As for ``engagement``.

    Returns
    -------
    DataFrame
        ``account_id, n_sellers, effective_sellers`` (inverse Simpson of engagement: 1 is one alone), ``n_contacts,
        effective_contacts`` (NaN where nobody of theirs is named), ``named`` (share of the engagement with somebody of
        theirs named). Accounts without logged touches have no row.
    """
    return query(clean, "threads", as_of=as_of, **tie_knobs(weights, half_life))


def handover_contacts(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell of every hand-over how many of the people known before the new holder reached.

    Returns
    -------
    DataFrame
        ``account_id, changed_date, old_owner, new_owner, n_before`` (people of theirs in touch with the old holder in
        the year before), ``n_reached`` (of them by the new one within 90 days), ``n_known`` (by the new one at any time
        since), ``n_joint`` (met both in one activity within 60 days of it; empty where no activity names two of ours),
        by date. Hand-overs where the old holder named nobody have no row.
    """
    return query(clean, "handover_contacts", as_of=as_of, frozen=False)


def new_business(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell month by month on how many days an account bought a product line for the first time, or only known ones.

    Returns
    -------
    DataFrame
        ``account_id, period`` (first day of the month), ``orders_new, orders_repeat`` (order days). Empty where no
        product line is delivered.
    """
    return query(clean, "new_business", as_of=as_of)


def roles(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell of every account which corners of the iron triangle are named, and which are alive.

    Returns
    -------
    DataFrame
        Three rows per account (AR, FR, SR): ``account_id, role, n_named, n_live`` (people of ours in that part who
        touched it in the last 90 days), ``n_touches`` (365 days).
    """
    return query(clean, "roles", as_of=as_of)


def together(clean: Path, as_of: dt.date) -> pd.Series:
    """Count how the corners of the triangle work together in the last year.

    Returns
    -------
    Series
        ``n_deals, n_early`` (deals that reached a proposal; of them, those that fulfilment had touched before), NaN
        where nobody is known to be fulfilment; ``n_meetings, n_joint`` (meetings; of them, with two corners or more),
        NaN where no meeting names several of ours.
    """
    return query(clean, "together", as_of=as_of).iloc[0].astype("float64")


def voices(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how often people of theirs hear several of us in one week who did not come together.

    Returns
    -------
    DataFrame
        ``account_id, n_weeks`` (weeks of a person of theirs in touch, last 365 days), ``n_uncoordinated``.
    """
    return query(clean, "voices", as_of=as_of, frozen=False)


def like_sales(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List pairs of sales of one product to one customer, close in time and alike in quantity, with both prices.

    Returns
    -------
    DataFrame
        ``account_id, product_id, before_date, order_date, before_price, price``.
    """
    return query(clean, "like_sales", as_of=as_of)


def date_conflicts(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Count promises of different people of ours to one customer that name different days.

    Returns
    -------
    DataFrame
        ``account_id, n_pairs, n_conflicts``. What a promise is for is in no export, so that this is a hint.
    """
    return query(clean, "date_conflicts", as_of=as_of)


def lone_contacts(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List the people of theirs whom nobody but the present holder of the account has met in three years.

    Returns
    -------
    DataFrame
        ``account_id, contact_id, owner_id, contact_name, title, level, function, power`` (3 decides, 2 is asked, 1),
        ``n_touches, last_date``, the weightiest of each account first.
    """
    return query(clean, "lone_contacts", as_of=as_of)


def sellers(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List our people with their part and what they logged in the last year.

    Returns
    -------
    DataFrame
        ``owner_id, owner_name, department, region, role, manager_id, hired_date, left_date`` (up to the as-of date),
        ``work_city, is_here, n_touches, hours`` (NaN where no duration is logged), ``has_target, has_plan`` (within a
        year).
    """
    return query(clean, "sellers", as_of=as_of, frozen=False)


def bonds(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell which of ours touched which account in the last year: ``account_id, owner_id, n_touches``."""
    return query(clean, "bonds", as_of=as_of)


def discipline(clean: Path, as_of: dt.date) -> pd.Series:
    """Count the signs of a shared way of working in the last year.

    Returns
    -------
    Series
        ``n_followed, n_orderly`` (won deals with known stages; of them without a skipped one), ``n_told, n_price``
        (lost deals with a reason; of them for the price), ``n_lined, n_single`` (orders with known product lines; of
        them with one).
    """
    return query(clean, "discipline", as_of=as_of).iloc[0]


def personal_ties(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell how many key persons of theirs know a single one of ours, where nothing joined the two organisations.

    Returns
    -------
    DataFrame
        ``account_id, n_key`` (key persons in touch in three years), ``n_personal``.
    """
    return query(clean, "personal_ties", as_of=as_of)


def helped_deals(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Count won deals, and those in which others than the leader took part, of the last year and the one before.

    Returns
    -------
    DataFrame
        ``ago`` (0 is the last year, 1 the one before), ``n_won, n_helped``. Deals of accounts without any logged touch
        while they ran are left out: nobody knows.
    """
    return query(clean, "helped_deals", as_of=as_of)


def same_contacts(clean: Path, as_of: dt.date) -> pd.Series:
    """Count people of theirs who are on record more than once.

    Returns
    -------
    Series
        ``n_named`` (records with a name), ``n_again`` (a second record of a name in its account), ``n_elsewhere`` (of
        them, those of another department of ours). Names are kept only where client.yaml asks for them.
    """
    return query(clean, "same_contacts", as_of=as_of).iloc[0]


def openings(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List who held which account of saline land when, and when it first bought.

    Returns
    -------
    DataFrame
        ``account_id, owner_id, valid_from`` (empty where nobody knows), ``valid_to, first_date, second_date,
        last_date`` (order days of the account).
    """
    return query(clean, "openings", as_of=as_of, frozen=False)
