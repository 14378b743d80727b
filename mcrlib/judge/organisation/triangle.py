"""The iron triangle: who answers for the account (AR), for the solution (SR) and for fulfilment (FR)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.metrics import listed, metric, share
from mcrlib.thresholds import DEFAULTS, Thresholds

#: The corners in the order of the method; the first leads.
CORNERS = ("AR", "SR", "FR")


def triangle(roles: pd.DataFrame, tiers: pd.DataFrame, *, limits: Thresholds = DEFAULTS) -> pd.DataFrame:
    """Tell of every S and A account, and of those with large open deals, which corners are alive and which are missing.

    Parameters
    ----------
    roles : DataFrame
        From ``roles``.
    tiers : DataFrame
        ``account_id, tier, open_amount`` (NaN where unknown) and what else is to be carried along.
    limits : Thresholds
        ``corners_s, corners_a``: how many corners must be alive; ``large_deals``: others want as many as an A customer
        while their open deals are among so large a share of the largest. Card O9.

    Returns
    -------
    DataFrame
        What ``tiers`` holds of these accounts, with ``AR, SR, FR`` (alive: named or at work in that part, and a touch
        in 90 days), ``n_live, wanted, missing`` (the first corner to staff; empty where enough are alive), ``balance``
        (0 all by one corner, 1 even), in the order of ``tiers``. Empty where no part is on record.
    """
    open_amount = tiers["open_amount"].where(tiers["open_amount"] > 0)
    is_large = open_amount.ge(open_amount.quantile(1 - limits.large_deals))
    top = tiers[tiers["tier"].isin(["S", "A"]) | is_large]
    if not (roles.loc[roles["role"] != "AR", ["n_named", "n_touches"]] > 0).any(axis=None):
        top = top.iloc[:0]
    by_role = {role: part.set_index("account_id").reindex(top["account_id"]) for role, part in roles.groupby("role")}
    live = pd.DataFrame({corner: by_role[corner]["n_live"].to_numpy() > 0 for corner in CORNERS})
    effort = np.column_stack([by_role[corner]["n_touches"].to_numpy(float) for corner in CORNERS])
    found = pd.concat([top.reset_index(drop=True), live], axis=1)
    found["n_live"] = live.sum(axis=1)
    found["wanted"] = np.where(found["tier"] == "S", limits.corners_s, limits.corners_a)
    first = np.array(CORNERS, dtype=object)[live.to_numpy().argmin(axis=1)]
    found["missing"] = pd.Series(first, dtype="object").where(found["n_live"] < found["wanted"])
    return found.assign(balance=_evenness(effort))


def _evenness(effort: np.ndarray) -> np.ndarray:
    whole = effort.sum(axis=1, keepdims=True)
    part = effort / np.where(whole > 0, whole, 1)
    entropy = -(part * np.log(np.where(part > 0, part, 1))).sum(axis=1) / np.log(len(CORNERS))
    return np.where(whole[:, 0] > 0, entropy, np.nan)


def triangle_metrics(found: pd.DataFrame, signs: pd.Series) -> pd.DataFrame:
    """Say how many S and A accounts have the corners they need, and whether the corners work together.

    Parameters
    ----------
    found : DataFrame
        From ``triangle``.
    signs : Series
        From ``together``.

    Returns
    -------
    DataFrame
        ``corners_alive`` (share of all corners of S and A accounts), ``triangle_enough`` (share of accounts with as
        many as wanted), ``effort_balance`` (median evenness), ``fulfilment_first`` (share of proposals before which
        fulfilment had touched the account), ``joint_meetings`` (share of meetings with two corners or more); columns as
        in ``metrics``.
    """
    known = signs.fillna(0).astype(int)
    even = found["balance"].dropna()
    rows = [
        share("corners_alive", int(found["n_live"].sum()), len(CORNERS) * len(found)),
        share("triangle_enough", int((found["n_live"] >= found["wanted"]).sum()), len(found)),
        metric(
            "effort_balance",
            float(even.median()) if len(even) else np.nan,
            len(even),
            coverage=len(even) / max(len(found), 1),
        ),
        share("fulfilment_first", known["n_early"], known["n_deals"]),
        share("joint_meetings", known["n_joint"], known["n_meetings"]),
    ]
    return listed(rows)
