"""The people who matter at a customer: how close and how supportive they are, who moved, who is overlooked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd


def rate_persons(people: pd.DataFrame, before: pd.DataFrame, *, high: float = 0.5) -> pd.DataFrame:
    """Tell of each person how intimate we are, how much support we have, and whether the tie grew warmer or cooler.

    Parameters
    ----------
    people, before : DataFrame
        From ``known_people``, now and about a quarter ago.
    high : float
        Intimacy from which we are close; support must lie above it, because in the middle nobody is with us.

    Returns
    -------
    DataFrame
        ``people`` with ``support_value, support_basis`` (recorded, else the share of strategic deals with the person
        that were won, drawn to that of the customer: a proxy made of outcomes, which predicts none), ``intimacy_value,
        intimacy_basis`` (recorded, else how often we met in person, how lately and for how long, by rank), ``stance``
        (ally, friend, believer, stranger; empty where one of the two is not known), ``moved`` (warmer: engagement at
        least doubled; cooler: at least halved, so that nothing replaced what faded; same).

    Notes
    -----
    Method card R2, with its proxies. A person who was never logged at a customer where others were counts as distant;
    where nothing was logged at all, nothing is known.
    """
    rated = people.assign(
        support_value=people["support"].fillna(_won_share(people)),
        intimacy_value=people["intimacy"].fillna(_closeness(people)),
    )
    for what in ("support", "intimacy"):
        basis = np.where(rated[what].notna(), "recorded", "proxy")
        rated[f"{what}_basis"] = pd.Series(basis, rated.index, dtype="str").where(rated[f"{what}_value"].notna())
    close, supports = rated["intimacy_value"] >= high, rated["support_value"] > high
    stance = pd.Series(np.select([close & supports, close, supports], ["ally", "friend", "believer"], "stranger"),
                       rated.index, dtype="str")  # fmt: skip
    rated["stance"] = stance.where(rated["intimacy_value"].notna() & rated["support_value"].notna())
    return rated.assign(moved=_moved(rated, before))


def believers(rated: pd.DataFrame) -> pd.DataFrame:
    """List who supports us without being close: no private invitations, but a steady professional rhythm.

    Returns
    -------
    DataFrame
        Rows of ``rated`` of the stance *believer* with three touches or more, the most powerful first (method card R3).
    """
    found = rated[(rated["stance"] == "believer") & (rated["n_touches"] >= 3)]
    return found.sort_values(["power", "support_value", "contact_id"], ascending=[False, False, True])


def overlooked(rated: pd.DataFrame, as_of: dt.date, *, asleep: int = 180) -> pd.DataFrame:
    """List the people nobody looks after who may soon matter, or who have something against us.

    Parameters
    ----------
    rated : DataFrame
        From ``rate_persons``.
    as_of : date
        Days without a touch are counted up to it.
    asleep : int
        Days without a touch from which a person sleeps.

    Returns
    -------
    DataFrame
        People without a touch for so many days or ever, at customers where we log, who are on a deal opened within 180
        days, report to an executive, or complained within three years: ``rated`` with ``days_silent`` (empty: never)
        and ``signs`` (their number; an unsettled complaint counts twice), most signs and power first. Descriptive:
        exports rarely tell who rose, so nothing here is a forecast (method card R16).
    """
    silent = (pd.Timestamp(as_of) - rated["last_date"]).dt.days
    signs = (
        (rated["n_new_deals"] > 0).astype(int)
        + rated["is_under_exec"].astype(int)
        + (rated["n_grievances"] > 0).astype(int)
        + (rated["n_unsettled"] > 0).astype(int)
    )
    sleeps = rated["is_logged"] & (silent.isna() | (silent >= asleep))
    found = rated.assign(days_silent=silent, signs=signs)[sleeps & (signs > 0)]
    return found.sort_values(["signs", "power", "account_id", "contact_id"], ascending=[False, False, True, True])


def _won_share(people: pd.DataFrame) -> pd.Series:
    """Won strategic deals of each person's, as if two more deals had gone as all of the customer's did."""
    counts = people.groupby("account_id")[["n_strategic", "n_strategic_won"]].transform("sum")
    usual = (counts["n_strategic_won"] + 1) / (counts["n_strategic"] + 2)
    share = (people["n_strategic_won"] + 2 * usual) / (people["n_strategic"] + 2)
    return share.where(people["n_strategic"] > 0)


def _closeness(people: pd.DataFrame) -> pd.Series:
    """Mean of three ranks among all people who were ever met: personal touches, recency, length."""
    met = people["last_date"].notna()
    known = people[met]
    ranks = [
        known["n_personal"].rank(pct=True),
        known["last_date"].rank(pct=True),
        (known["last_date"] - known["first_date"]).rank(pct=True),
    ]
    mean = (sum(ranks, pd.Series(0.0, known.index)) / len(ranks)).reindex(people.index)
    return mean.where(met, np.where(people["is_logged"], 0.0, np.nan))


def _moved(people: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    then = people["contact_id"].map(before.set_index("contact_id")["engagement"]).astype(float).fillna(0.0)
    now = people["engagement"].fillna(0.0)
    warmer, cooler = (now >= 1) & (now >= 2 * then), (then >= 1) & (now <= then / 2)
    moved = pd.Series(np.select([warmer, cooler], ["warmer", "cooler"], "same"), people.index, dtype="str")
    return moved.where(people["is_logged"])
