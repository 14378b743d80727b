"""How long people hold accounts, and how well they hand them over."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import listed, metric, share

_YEAR = 365.25


def handover_quality(met: pd.DataFrame, as_of: dt.date, *, wanted: float) -> pd.DataFrame:
    """Tell of every hand-over whether the new holder reached the people whom the old one knew.

    Parameters
    ----------
    met : DataFrame
        From ``handover_contacts``.
    as_of : date
        The last day known.
    wanted : float
        Share of the people to be reached within 90 days.

    Returns
    -------
    DataFrame
        ``met`` with ``reached`` (share) and ``state``: ``good``, ``repair`` (too few reached), ``running`` (the 90 days
        are not over), latest first.
    """
    days = (pd.Timestamp(as_of) - pd.to_datetime(met["changed_date"])).dt.days
    reached = met["n_reached"] / met["n_before"]
    state = np.select([reached >= wanted, days < 90], ["good", "running"], default="repair")
    return met.assign(reached=reached, state=state).sort_values(
        ["changed_date", "account_id"], ascending=[False, True], ignore_index=True
    )


def tenures(spells: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Tell how long each spell of holding an account lasted, or has lasted so far.

    Returns
    -------
    DataFrame
        ``account_id, owner_id, valid_from, valid_to, years`` (NaN where nobody knows since when), ``is_now``; spells in
        the pool are left out.
    """
    held = spells[spells["owner_id"].notna()]
    end = pd.to_datetime(held["valid_to"]).fillna(pd.Timestamp(as_of))
    years = (end - pd.to_datetime(held["valid_from"])).dt.days / _YEAR
    columns = ["account_id", "owner_id", "valid_from", "valid_to", "years", "is_now"]
    return held.assign(years=years, is_now=held["valid_to"].isna())[columns].reset_index(drop=True)


def handover_metrics(quality: pd.DataFrame, held: pd.DataFrame, *, longest: float) -> pd.DataFrame:
    """Say in a few numbers how long accounts are held and how they are handed over.

    Parameters
    ----------
    quality : DataFrame
        From ``handover_quality``.
    held : DataFrame
        From ``tenures``.
    longest : float
        Years after which the method rotates.

    Returns
    -------
    DataFrame
        ``tenure`` (years after which half of the spells have ended, Kaplan-Meier; infinite where fewer than half end),
        ``held_too_long`` and ``held_too_short`` (share of accounts in the same hands for longer than ``longest``, and
        of completed spells shorter than a year), ``handed_over_well`` (share of hand-overs whose 90 days are over),
        ``met_together`` (share of hand-overs with a joint meeting); columns as in ``metrics``.
    """
    known = held[held["years"].notna()]
    covered = len(known) / max(len(held), 1)
    now, ended = known[known["is_now"]], known[~known["is_now"]]
    over = quality[quality["state"] != "running"]
    joint = over["n_joint"].dropna()
    rows = [
        metric("tenure", _median(known), len(known), coverage=covered),
        share("held_too_long", int((now["years"] > longest).sum()), len(now), coverage=covered),
        share("held_too_short", int((ended["years"] < 1).sum()), len(ended), coverage=covered),
        share("handed_over_well", int((over["state"] == "good").sum()), len(over)),
        share("met_together", int((joint > 0).sum()), len(joint)),
    ]
    return listed(rows)


def _median(known: pd.DataFrame) -> float:
    """The time by which half have ended; those still running count as long as they have been seen (Kaplan-Meier)."""
    if known.empty:
        return np.nan
    steps = known.groupby("years")["is_now"].agg(["size", "sum"]).sort_index()
    at_risk = len(known) - steps["size"].cumsum().shift(fill_value=0)
    alive = (1 - (steps["size"] - steps["sum"]) / at_risk).cumprod()
    below = alive[alive <= 0.5]
    return float(below.index[0]) if len(below) else np.inf
