"""What each account is worth, from the process itself: potential, tier, and the discounted profit to come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters
from mcrlib.simulate.relationship import climate

Array = np.ndarray
_PATHS = 32


@dataclass(frozen=True)
class State:
    """Each account at the start of quarter ``at``: as the quarter before left it.

    ``dropout`` is when it leaves (only whether that lies before ``at`` is used), ``change_rate`` the chance that it
    changes hands in a quarter.
    """

    at: int
    log_breadth: Array
    handover: Array
    satisfaction: Array
    dropout: Array
    change_rate: float


def mean_spend(traits: pd.DataFrame) -> Array:
    """Mean value of a repeat order."""
    return np.exp((traits["log_spend"] + traits["sigma"] ** 2 / 2).to_numpy())


def profit_flow(traits: pd.DataFrame, p: Parameters) -> Array:
    """Yearly gross profit at the reference breadth: repeat orders and won deals, less what comes back."""
    repeats = traits["base_rate"] * traits["margin"]
    discounted = traits["margin"] - p.margin_on_discount * p.mean_excess_discount
    won = traits["deal_rate"] * p.win_rate * p.deal_multiple * discounted
    return (repeats + won).to_numpy() * mean_spend(traits) * (1 - p.return_rate * p.return_share)


def usual_propensity(traits: pd.DataFrame, p: Parameters) -> Array:
    """Mean effect of the account's breadth on its rate over the long run."""
    spread = _gain(traits, p) / (1 - p.breadth_memory**2)
    gap = traits["breadth_level"].to_numpy() - np.log(p.breadth_reference)
    return np.exp(p.effect_of_breadth * gap + p.effect_of_breadth**2 * spread / 2)


def potential(traits: pd.DataFrame, p: Parameters) -> Array:
    """Latent yearly gross profit of each account, whether or not it buys."""
    return profit_flow(traits, p) * usual_propensity(traits, p)


def true_tier(worth: Array, p: Parameters) -> Array:
    """Tier 0 … 3 (S, A, B, C) of each account by rank of its potential."""
    rank = np.empty(len(worth))
    rank[np.argsort(-worth, kind="stable")] = np.arange(len(worth))
    return np.searchsorted(np.cumsum(p.tier_shares), (rank + 0.5) / len(worth))


def _gain(traits: pd.DataFrame, p: Parameters) -> Array:
    """Variance that log breadth gains in a quarter: its own noise and the deals that feed or draw."""
    wins = traits["deal_rate"] / 4 * p.win_rate
    # The strength is uniform from half to one and a half of the mean feed: its mean square is 13/12 of the square.
    square = (p.soybean_share + p.sorghum_share) * p.feed**2 * 13 / 12
    return (traits["breadth_noise"] ** 2 + wins * square).to_numpy()


def expected_value(traits: pd.DataFrame, state: State, quarters: Quarters, p: Parameters, seed: int) -> Array:
    """Expected discounted gross profit of each account over the horizon from the start of quarter ``state.at``.

    Breadth, hand-overs, season and trend are taken in closed form, the survival over simulated paths of satisfaction
    common to all accounts. Given is the state; averaged over is all that comes later, including the first order of
    accounts that have not started. Where in the rhythm of its orders a customer stands is taken as unknown, and the
    mean effect of deals on breadth as nil.
    """
    propensity = _propensities(traits, state, p)
    present, arriving = _presence(traits, state, p, seed)
    steps = np.arange(propensity.shape[1])
    discount = (1 + p.discount_rate) ** (-(steps + 0.5) / 4)
    season = climate(traits, quarters, state.at + steps, p)
    flow = profit_flow(traits, p)[:, None] / 4 * propensity * season * present
    return (flow + _first_order(traits)[:, None] * arriving) @ discount


def _propensities(traits: pd.DataFrame, state: State, p: Parameters) -> Array:
    """Expected propensity to buy, accounts × quarters of the horizon."""
    level, gain = traits["breadth_level"].to_numpy(), _gain(traits, p)
    held = traits["person_held"].to_numpy() * p.rotation_effect
    gap, spread, fresh = state.log_breadth - level, np.zeros(len(traits)), state.handover.astype(float)
    steps = round(4 * p.horizon_years)
    expected = np.empty((len(traits), steps))
    for step in range(steps):
        fresh = state.change_rate + (1 - state.change_rate) * p.rotation_memory * fresh
        shift = p.effect_of_breadth * (level + gap - np.log(p.breadth_reference))
        expected[:, step] = np.exp(shift + p.effect_of_breadth**2 * spread / 2) * (1 - held * fresh)
        gap, spread = p.breadth_memory * gap, p.breadth_memory**2 * spread + gain
    return expected


def _presence(traits: pd.DataFrame, state: State, p: Parameters, seed: int) -> tuple[Array, Array]:
    """Chance to be a customer in, and to become one during, each quarter of the horizon (accounts × quarters)."""
    rng = stream(seed, "value")
    started = traits["start"].to_numpy() < state.at
    staying = np.repeat((started & (state.dropout >= state.at))[:, None].astype(float), _PATHS, axis=1)
    waiting = (~started).astype(float)
    begins = 1 - np.exp(-traits["start_rate"].to_numpy())
    hazard = traits["dropout_rate"].to_numpy()[:, None] / 4
    steps = round(4 * p.horizon_years)
    present, arriving = np.empty((len(traits), steps)), np.empty((len(traits), steps))
    wander = np.zeros(_PATHS)
    for step in range(steps):
        mood = p.satisfaction_memory**step * state.satisfaction[:, None] + wander
        stay = np.exp(-hazard * np.exp(-p.effect_of_satisfaction * mood))
        arriving[:, step] = waiting * begins
        # Who leaves or arrives within the quarter is there for half of it.
        present[:, step] = (staying * (1 + stay) / 2).mean(axis=1) + arriving[:, step] / 2
        staying = staying * stay + (arriving[:, step] * np.sqrt(stay.mean(axis=1)))[:, None]
        waiting = waiting - arriving[:, step]
        wander = p.satisfaction_memory * wander + np.sqrt(1 - p.satisfaction_memory**2) * rng.standard_normal(_PATHS)
    return present, arriving


def _first_order(traits: pd.DataFrame) -> Array:
    """Worth of starting with an order: one order, less the half gap by which the rhythm then waits for the next."""
    ahead = (traits["regularity"] + 1) / (2 * traits["regularity"])
    return (ahead * traits["margin"]).to_numpy() * mean_spend(traits)
