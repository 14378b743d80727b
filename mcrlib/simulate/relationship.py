"""How each relationship moves from quarter to quarter, how long the customer stays, and how much it buys for it.

The rate of purchase of account a in quarter q is

    rate = base_rate · (breadth[q-1] / reference) ** effect_of_breadth
         · (1 - person_held · rotation_effect · handover[q]) · season · trend · shock

log breadth is autoregressive around the account's level, and deals won feed it or draw from it. The customer stays
until its cumulated hazard, dropout_rate · exp(-effect_of_satisfaction · satisfaction[q-1]), has used up its patience.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import SEASON, Quarters
from mcrlib.simulate.team import Team
from mcrlib.simulate.traits import GROWTH, MATURE

Array = np.ndarray


@dataclass(frozen=True)
class Loyalty:
    """Satisfaction by account and quarter (mean 0, variance 1), and when the customer drops out (quarters; inf)."""

    satisfaction: Array
    dropout: Array


@dataclass(frozen=True)
class Relationship:
    """Log breadth by account and quarter, the propensity to buy that follows from it, and which deals were won."""

    log_breadth: Array
    propensity: Array
    rate: Array
    won: Array


def live(traits: pd.DataFrame, quarters: Quarters, p: Parameters, seed: int) -> Loyalty:
    """Draw satisfaction and lifetime of each customer."""
    rng = stream(seed, "loyalty")
    count, last = len(traits), quarters.count
    satisfaction = np.empty((count, last), dtype=np.float32)
    before = rng.standard_normal(count)
    hazard = np.empty((count, last))
    base = traits["dropout_rate"].to_numpy() / 4
    for quarter in range(last):
        hazard[:, quarter] = base * np.exp(-p.effect_of_satisfaction * before)
        fresh = np.sqrt(1 - p.satisfaction_memory**2) * rng.standard_normal(count)
        before = p.satisfaction_memory * before + fresh
        satisfaction[:, quarter] = before
    since = np.clip(np.arange(1, last + 1) - traits["start"].to_numpy()[:, None], 0, 1)
    used = np.cumsum(hazard * since, axis=1)
    patience = rng.exponential(size=count)
    full = (used < patience[:, None]).sum(axis=1)
    stays = full >= last
    quarter = np.minimum(full, last - 1)
    rows = np.arange(count)
    over = (used[rows, quarter] - patience) / hazard[rows, quarter]
    return Loyalty(satisfaction, np.where(stays, np.inf, quarter + 1 - over))


def relate(
    traits: pd.DataFrame, team: Team, deals: pd.DataFrame, quarters: Quarters, p: Parameters, seed: int
) -> Relationship:
    """Walk through the quarters: breadth drives wins, wins change breadth, both drive the rate of purchase."""
    rng = stream(seed, "relationship")
    level, noise = traits["breadth_level"].to_numpy(), traits["breadth_noise"].to_numpy()
    held = traits["person_held"].to_numpy()
    log_breadth = np.empty((len(traits), quarters.count), dtype=np.float32)
    propensity = np.empty_like(log_breadth)
    won = deals["entry"].to_numpy().copy()
    closing = np.floor(deals["close"].to_numpy()).astype(int)
    by_quarter = np.argsort(closing, kind="stable")
    bounds = np.searchsorted(closing[by_quarter], np.arange(quarters.count + 1))
    account, luck, feed = (deals[name].to_numpy() for name in ("account", "luck", "feed"))
    winnable = deals["winnable"].to_numpy()
    before = level + noise / np.sqrt(1 - p.breadth_memory**2) * rng.standard_normal(len(traits))
    for quarter in range(quarters.count):
        lost_touch = 1 - held * p.rotation_effect * team.handover[:, quarter]
        now = np.exp(p.effect_of_breadth * (before - np.log(p.breadth_reference))) * lost_touch
        propensity[:, quarter] = now
        here = by_quarter[bounds[quarter] : bounds[quarter + 1]]
        won[here] |= winnable[here] & (luck[here] < np.minimum(0.95, p.win_rate * now[account[here]]))
        fed = np.bincount(account[here], weights=feed[here] * won[here], minlength=len(traits))
        before = level + p.breadth_memory * (before - level) + noise * rng.standard_normal(len(traits)) + fed
        log_breadth[:, quarter] = before
    shock = np.exp(p.shock * rng.standard_normal(quarters.count) - p.shock**2 / 2)
    season = climate(traits, quarters, np.arange(quarters.count), p) * shock
    rate = traits["base_rate"].to_numpy()[:, None] * propensity * season
    return Relationship(log_breadth, propensity, rate, won)


def climate(traits: pd.DataFrame, quarters: Quarters, which: Array, p: Parameters) -> Array:
    """Season and market trend of each account in each of these quarters, accounts × quarters."""
    trend = np.select([traits["market"] == GROWTH, traits["market"] == MATURE], [p.trend_growth, p.trend_mature], 0.0)
    years = (which + 0.5 - quarters.count) / 4
    return SEASON[quarters.season(which)] * np.exp(trend[:, None] * years)
