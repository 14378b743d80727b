"""What nobody at the company knows, and what every model is judged by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.simulate.deals import KINDS
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.people import Team
from mcrlib.simulate.periods import Quarters, to_dates
from mcrlib.simulate.relationship import Loyalty, Relationship, climate

Array = np.ndarray
TIERS = np.array(list("SABC"), dtype=object)
_PATHS = 32


@dataclass(frozen=True)
class Truth:
    """The truth behind the tables.

    Attributes
    ----------
    accounts : DataFrame
        account_id, potential (latent yearly gross profit at the usual breadth), order_rate (repeat orders a year at
        the usual breadth), order_rate_now (the same with breadth and hand-over as they stand; 0 where dropped out or
        never started), base_rate (at the reference breadth, without a hand-over), regularity, spend_log_mean,
        spend_log_sigma, margin, deal_rate (won deals a year at the reference breadth), dropout_rate (a year, at mean
        satisfaction), start_date (first order; empty where never), dropout_date (empty where alive or never started),
        alive, value_5y (expected discounted gross profit of the horizon from ``end``), tier, person_held,
        single_threaded, breadth_usual.
    relationship : DataFrame
        account_id, quarter (first day), breadth, satisfaction, owner_id, changed (hands, at the start), handover
        (freshness of the last change), rate (repeat orders a year in force; of customers who were there).
    deals : DataFrame
        opportunity_id, kind (soybean, sorghum, neutral), fertility (change of log breadth once won), won and the
        numbers behind the kind: people, functions of ours (width), excess_discount, agreement, damage.
    parameters : dict
        Every constant of the process.
    """

    accounts: pd.DataFrame
    relationship: pd.DataFrame
    deals: pd.DataFrame
    parameters: dict[str, Any]


def mean_spend(traits: pd.DataFrame) -> pd.Series:
    """Mean value of a repeat order."""
    return np.exp(traits["log_spend"] + traits["sigma"] ** 2 / 2)


def profit_flow(traits: pd.DataFrame, p: Parameters) -> pd.Series:
    """Yearly gross profit at the reference breadth: repeat orders and won deals, less what comes back."""
    repeats = traits["base_rate"] * traits["margin"]
    discounted = traits["margin"] - p.margin_on_discount * p.mean_excess_discount
    won = traits["deal_rate"] * p.win_rate * p.deal_multiple * discounted
    return (repeats + won) * mean_spend(traits) * (1 - p.return_rate * p.return_share)


def usual_propensity(traits: pd.DataFrame, p: Parameters) -> pd.Series:
    """Mean effect of the account's breadth on its rate over the long run."""
    spread = _innovation(traits, p) / (1 - p.breadth_memory**2)
    gap = traits["breadth_level"] - np.log(p.breadth_reference)
    return np.exp(p.effect_of_breadth * gap + p.effect_of_breadth**2 * spread / 2)


def potential(traits: pd.DataFrame, p: Parameters) -> pd.Series:
    """Latent yearly gross profit of each account, whether or not it buys."""
    return profit_flow(traits, p) * usual_propensity(traits, p)


def true_tier(value: pd.Series, p: Parameters) -> Array:
    """Tier code 0 … 3 (S, A, B, C) by rank of potential."""
    share = value.rank(ascending=False, method="first").to_numpy() / max(1, len(value))
    return np.searchsorted(np.cumsum(p.tier_shares), share - 1e-12)


def _innovation(traits: pd.DataFrame, p: Parameters) -> pd.Series:
    """Variance that log breadth gains in a quarter: its own noise and the deals that feed or draw."""
    wins = traits["deal_rate"] / 4 * p.win_rate
    # Strength is uniform between half and one and a half of the mean feed: its mean square is 13/12 of the square.
    square = (p.soybean_share + p.sorghum_share) * p.feed**2 * 13 / 12
    return traits["breadth_noise"] ** 2 + wins * square


def expected_value(
    traits: pd.DataFrame,
    breadth: Array,
    handover: Array,
    satisfaction: Array,
    dropout: Array,
    at: int,
    *,
    quarters: Quarters,
    change_rate: float,
    p: Parameters,
    seed: int,
) -> Array:
    """Expected discounted gross profit of each account over the horizon from quarter ``at``.

    Breadth, hand-overs, season and trend are taken in closed form, the survival over simulated paths of satisfaction
    common to all accounts. Given is the state at that quarter (alive or not, log breadth, freshness of the last
    hand-over, satisfaction); averaged over is all that comes later, including the first order of accounts that have
    not started. Where in the rhythm of its orders a customer stands is taken as unknown.
    """
    rng = stream(seed, "value")
    started = traits["start"].to_numpy() < at
    mass = np.repeat((started & (dropout >= at))[:, None].astype(float), _PATHS, axis=1)
    waiting = (~started).astype(float)
    begins = 1 - np.exp(-traits["start_rate"].to_numpy())
    hazard = traits["dropout_rate"].to_numpy() / 4
    wander = np.zeros(_PATHS)
    level, gained = traits["breadth_level"].to_numpy(), _innovation(traits, p).to_numpy()
    mean, spread, fresh = breadth - level, np.zeros(len(traits)), handover.astype(float)
    flow, first = profit_flow(traits, p).to_numpy() / 4, _first_order(traits, p)
    value = np.zeros(len(traits))
    for step in range(round(4 * p.horizon_years)):
        fresh = change_rate + (1 - change_rate) * p.rotation_memory * fresh
        shift = p.effect_of_breadth * (level + mean - np.log(p.breadth_reference))
        propensity = np.exp(shift + p.effect_of_breadth**2 * spread / 2)
        propensity *= 1 - traits["person_held"].to_numpy() * p.rotation_effect * fresh
        mood = p.satisfaction_memory**step * satisfaction[:, None] + wander
        arrive = waiting * begins
        stay = np.exp(-hazard[:, None] * np.exp(-p.effect_of_satisfaction * mood))
        # Within the quarter the customer is there for about half of the loss and half of the arrival.
        present = (mass * (1 + stay) / 2).mean(axis=1) + arrive / 2
        season = climate(traits, quarters, np.array([at + step]), p)[:, 0]
        discount = (1 + p.discount_rate) ** (-(step + 0.5) / 4)
        value += discount * (flow * propensity * season * present + first * arrive)
        mass = mass * stay + (arrive * np.sqrt(stay.mean(axis=1)))[:, None]
        waiting = waiting - arrive
        mean, spread = p.breadth_memory * mean, p.breadth_memory**2 * spread + gained
        wander = p.satisfaction_memory * wander + np.sqrt(1 - p.satisfaction_memory**2) * rng.standard_normal(_PATHS)
    return value


def _first_order(traits: pd.DataFrame, p: Parameters) -> Array:
    """Worth of starting with an order: one order, less the half gap by which the rhythm then waits for the next."""
    ahead = (traits["regularity"] + 1) / (2 * traits["regularity"])
    return (ahead * mean_spend(traits) * traits["margin"]).to_numpy()


def account_truth(
    traits: pd.DataFrame,
    account_ids: pd.Series,
    loyalty: Loyalty,
    relationship: Relationship,
    value: Array,
    quarters: Quarters,
    p: Parameters,
) -> pd.DataFrame:
    """The truth of each account."""
    started = traits["start"].to_numpy() < quarters.count
    alive = started & (loyalty.dropout >= quarters.count)
    worth = potential(traits, p)
    usual = usual_propensity(traits, p)
    dropped = np.where(started & ~alive, loyalty.dropout, np.nan)
    return pd.DataFrame(
        {
            "account_id": account_ids,
            "potential": worth,
            "order_rate": traits["base_rate"] * usual,
            "order_rate_now": np.where(alive, traits["base_rate"] * relationship.propensity[:, -1], 0.0),
            "base_rate": traits["base_rate"],
            "regularity": traits["regularity"],
            "spend_log_mean": traits["log_spend"],
            "spend_log_sigma": traits["sigma"],
            "margin": traits["margin"],
            "deal_rate": traits["deal_rate"] * p.win_rate,
            "dropout_rate": traits["dropout_rate"],
            "start_date": to_dates(quarters.day(np.where(started, traits["start"], np.nan))),
            "dropout_date": to_dates(quarters.day(dropped)),
            "alive": alive,
            "value_5y": value,
            "tier": TIERS[true_tier(worth, p)],
            "person_held": traits["person_held"],
            "single_threaded": traits["single_threaded"],
            "breadth_usual": np.exp(traits["breadth_level"]),
        }
    )


def relationship_truth(
    account_ids: pd.Series, relationship: Relationship, loyalty: Loyalty, team: Team, quarters: Quarters
) -> pd.DataFrame:
    """The state of each relationship in each quarter, by account and quarter."""
    accounts, count = relationship.log_breadth.shape
    return pd.DataFrame(
        {
            "account_id": account_ids.repeat(count).reset_index(drop=True),
            "quarter": to_dates(np.tile(quarters.starts, accounts)),
            "breadth": np.exp(relationship.log_breadth).ravel(),
            "satisfaction": loyalty.satisfaction.ravel(),
            "owner_id": team.owners["owner_id"].take(team.holder.ravel()).reset_index(drop=True),
            "changed": team.changed.ravel(),
            "handover": team.handover.ravel(),
            "rate": relationship.rate.ravel().astype(np.float32),
        }
    )


def deal_truth(deals: pd.DataFrame, deal_ids: pd.Series) -> pd.DataFrame:
    """Which deals fed the relationship, which drew from it, and the numbers behind."""
    return pd.DataFrame(
        {
            "opportunity_id": deal_ids,
            "kind": np.array(KINDS, dtype=object)[deals["kind"]],
            "fertility": deals["feed"],
            "won": deals["won"],
            "people": deals["people"],
            "width": deals["width"],
            "excess_discount": deals["excess"],
            "agreement": deals["agreement"],
            "damage": deals["damage"],
        }
    )


def parameter_truth(p: Parameters, team: Team) -> dict[str, Any]:
    """Every constant, and what follows from the size of the team."""
    return asdict(p) | {"rotation_memory": p.rotation_memory, "owner_change_rate": team.change_rate}
