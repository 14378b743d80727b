"""What nobody at the company knows, and what every model is judged by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.simulate.accounts import TIERS
from mcrlib.simulate.deals import KINDS
from mcrlib.simulate.periods import to_dates
from mcrlib.simulate.value import State, expected_value, potential, usual_propensity
from mcrlib.simulate.world import World


@dataclass(frozen=True)
class Truth:
    """The truth behind the tables.

    Attributes
    ----------
    accounts : DataFrame
        account_id, potential (latent yearly gross profit at the usual breadth), order_rate (repeat orders a year at
        the usual breadth), order_rate_now (with breadth and hand-over as they stand; 0 where it dropped out or never
        started), base_rate (at the reference breadth, without a hand-over), regularity (1 random … 12 clockwork),
        spend_log_mean, spend_log_sigma, margin, deal_rate (won deals a year at the reference breadth), dropout_rate
        (a year, at mean satisfaction), start_date (first order; empty where never; before the window for customers
        from before), dropout_date (empty where alive or never started), alive, value_5y (expected discounted gross
        profit of the five years after the window), tier, person_held, single_threaded, breadth_usual.
    relationship : DataFrame
        By account and quarter: account_id, quarter (first day), breadth (expected number of people in touch),
        satisfaction (mean 0, variance 1), owner_id, changed (hands, at its start), handover (1 at a change, halving
        with the half-life), rate (repeat orders a year of an account that buys, season and shock included),
        recommendations (new deals of others that it was to bring).
    deals : DataFrame
        By deal: opportunity_id, kind (soybean, sorghum, neutral), fertility (what winning adds to log breadth), won,
        people (of theirs), width (roles of ours), excess_discount, agreement, damage.
    parameters : dict
        Every constant of the process (see ``Parameters``), ``rotation_memory`` and ``owner_change_rate``.
    """

    accounts: pd.DataFrame
    relationship: pd.DataFrame
    deals: pd.DataFrame
    parameters: dict[str, Any]


def tell_truth(w: World) -> Truth:
    """Write down the truth of a company."""
    return Truth(
        accounts=_accounts(w),
        relationship=_relationship(w),
        deals=_deals(w),
        parameters=asdict(w.p) | {"rotation_memory": w.p.rotation_memory, "owner_change_rate": w.team.change_rate},
    )


def state_at(w: World, quarter: int) -> State:
    """Where each account stands at the start of a quarter."""
    before = quarter - 1
    return State(
        at=quarter,
        log_breadth=w.relationship.log_breadth[:, before],
        handover=w.team.handover[:, before],
        satisfaction=w.loyalty.satisfaction[:, before],
        dropout=w.loyalty.dropout,
        change_rate=w.team.change_rate,
    )


def _accounts(w: World) -> pd.DataFrame:
    traits, last = w.traits, w.quarters.count
    started = traits["start"].to_numpy() < last
    alive = started & (w.loyalty.dropout >= last)
    return pd.DataFrame(
        {
            "account_id": w.account_id(np.arange(len(traits))),
            "potential": potential(traits, w.p),
            "order_rate": traits["base_rate"] * usual_propensity(traits, w.p),
            "order_rate_now": np.where(alive, traits["base_rate"] * w.relationship.propensity[:, -1], 0.0),
            "base_rate": traits["base_rate"],
            "regularity": traits["regularity"],
            "spend_log_mean": traits["log_spend"],
            "spend_log_sigma": traits["sigma"],
            "margin": traits["margin"],
            "deal_rate": traits["deal_rate"] * w.p.win_rate,
            "dropout_rate": traits["dropout_rate"],
            "start_date": to_dates(w.quarters.day(np.where(started, traits["start"], np.nan))),
            "dropout_date": to_dates(w.quarters.day(np.where(started & ~alive, w.loyalty.dropout, np.nan))),
            "alive": alive,
            "value_5y": expected_value(traits, state_at(w, last), w.quarters, w.p, w.seed),
            "tier": pd.Series(TIERS[w.tier], dtype="str"),
            "person_held": traits["person_held"],
            "single_threaded": traits["single_threaded"],
            "breadth_usual": np.exp(traits["breadth_level"]),
        }
    )


def _relationship(w: World) -> pd.DataFrame:
    accounts, count = w.relationship.log_breadth.shape
    return pd.DataFrame(
        {
            "account_id": w.account_id(np.repeat(np.arange(accounts), count)),
            "quarter": to_dates(np.tile(w.quarters.starts, accounts)),
            "breadth": np.exp(w.relationship.log_breadth).ravel(),
            "satisfaction": w.loyalty.satisfaction.ravel(),
            "owner_id": w.owner_id(w.team.holder.ravel()),
            "changed": w.team.changed.ravel(),
            "handover": w.team.handover.ravel(),
            "rate": w.relationship.rate.ravel().astype(np.float32),
            "recommendations": w.referrals.expected.ravel(),
        }
    )


def _deals(w: World) -> pd.DataFrame:
    deals = w.deals
    return pd.DataFrame(
        {
            "opportunity_id": w.deal_id(np.arange(len(deals))),
            "kind": pd.Series(KINDS[deals["kind"]], dtype="str"),
            "fertility": deals["feed"],
            "won": deals["won"],
            "people": deals["people"],
            "width": deals["width"],
            "excess_discount": deals["excess"],
            "agreement": deals["agreement"],
            "damage": deals["damage"],
        }
    )
