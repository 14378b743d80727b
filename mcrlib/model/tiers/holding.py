"""Tiers that do not flicker: an account moves when it is clearly past the border, or when two runs say so."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.model.tiers.mixture import TIERS, Floats, ValueTiers
from mcrlib.settings import Thresholds

Places = NDArray[np.intp]
_PLACE = {tier: place for place, tier in enumerate(TIERS)}


def hold_tiers(
    said: pd.DataFrame, before: pd.DataFrame | None, model: ValueTiers | None, thresholds: Thresholds
) -> pd.DataFrame:
    """Keep each account in the tier of the last run unless the move away from it is sure.

    An account moves as far as both the last run and this one saw it, each with the probability ``tier_moves``, the luck
    of its orders counted: one order of a rare buyer moves the score far and tells little. As far as its value score is
    past a border by ``tier_jump`` too, it moves at once. Where the rule decides there is no score: what it says counts
    from the second run on.

    Parameters
    ----------
    said : DataFrame
        ``account_id, tier`` (as this run's data say), ``ordered`` (bool), ``score`` (value score; NaN where the rule
        decides) and the chances that it truly lies in ``C, B, A, S``: around the score as it is, as the same doubt must
        keep an account from rising and from falling. With scores drawn to the middle nobody would rise again.
    before : DataFrame, optional
        ``account_id, tier_held, tier_seen`` of the last run of an earlier date; accounts that had not ordered by then
        have none.
    model : ValueTiers, optional
        With the borders; None where the rule decides.
    thresholds : Thresholds
        ``tier_moves, tier_jump``.

    Returns
    -------
    DataFrame
        In the order of ``said``: ``tier_held`` (the tier before human decisions), ``tier_seen`` (the tier that this run
        saw firmly enough to move there, for the next one).

    Notes
    -----
    Card T3. On ten simulated companies of five kinds over two years this moves as many accounts that did not change as
    scores drawn to the middle did (3.1 % a month); it follows 73 % of stops and falls within a year (67), and 42 % of
    rises (50, of 43 accounts). And the tiers keep their sizes: drawn to the middle, S and A of 790 rare buyers went
    from 145 to 15 in two years.
    """
    tier = said["tier"].map(_PLACE).to_numpy(int)
    held, seen = tier.copy(), tier.copy()
    if before is not None:
        last = said[["account_id"]].merge(before, on="account_id", how="left", validate="one_to_one")
        known = (last["tier_held"].notna() & said["ordered"].to_numpy(bool)).to_numpy()
        was = np.where(known, last["tier_held"].map(_PLACE).fillna(0), tier).astype(int)
        saw = np.where(known, last["tier_seen"].map(_PLACE).fillna(0), tier).astype(int)
        seen = np.where(_beyond(said, tier, was) >= thresholds.tier_moves, tier, was)
        low, high = _clearly(said, was, model, thresholds)
        up = np.maximum(np.maximum(was, low), np.minimum(seen, saw))
        down = np.minimum(np.minimum(was, high), np.maximum(seen, saw))
        held = np.where(known, np.where(up > was, up, down), tier)
    return pd.DataFrame({"tier_held": TIERS[held], "tier_seen": TIERS[seen]}, index=said.index)


def _beyond(said: pd.DataFrame, tier: Places, was: Places) -> Floats:
    """Chance of each account to be on that side of its earlier tier on which it is now; 1 where none is known."""
    shares = said[list(TIERS)].to_numpy(float)
    places = np.arange(len(TIERS))
    side = np.where((tier > was)[:, None], places > was[:, None], places < was[:, None])
    return np.where(np.isnan(shares).any(axis=1), 1.0, (shares * side).sum(axis=1))


def _clearly(
    said: pd.DataFrame, was: Places, model: ValueTiers | None, thresholds: Thresholds
) -> tuple[Places, Places]:
    """The lowest and the highest tier that each account may have: within ``tier_jump``, or not unlikely."""
    if model is None:
        return was, was
    score, shares = said["score"].to_numpy(float), said[list(TIERS)].to_numpy(float)
    sure, top = np.isnan(shares).any(axis=1), len(TIERS) - 1
    # The highest tier that it surely reaches, and the lowest that it surely does not pass.
    likely, jump = thresholds.tier_moves, thresholds.tier_jump
    reached = np.where(sure, top, (shares[:, ::-1].cumsum(axis=1) >= likely).sum(axis=1) - 1)
    kept_to = np.where(sure, 0, len(TIERS) - (shares.cumsum(axis=1) >= likely).sum(axis=1))
    low = np.searchsorted(model.cuts_, score - jump, side="right")
    high = np.searchsorted(model.cuts_, score + jump, side="right")
    return np.minimum(low, reached), np.maximum(high, kept_to)
