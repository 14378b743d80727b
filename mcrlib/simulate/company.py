"""A B2B company made up from known causes: its CRM tables, and the truth behind them.

The process, in the order in which it is drawn: customers with a latent size (``accounts``); sellers who come, go and
rotate (``people``); satisfaction and lifetime, breadth, propensity to buy (``relationship``); deals that feed the
breadth or draw from it (``deals``); orders at the rate that follows (``orders``); and what the CRM shows of it all
(``contacts``, ``activities``, ``service``, ``plans``). Nothing flows back from orders to breadth: whoever finds that
orders lead the relationship here has found an artefact.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib import schema
from mcrlib.simulate import activities, contacts, plans, service
from mcrlib.simulate.accounts import account_table, draw_traits
from mcrlib.simulate.contacts import Circle, draw_circle
from mcrlib.simulate.deals import draw_deals, opportunity_table, price_deals, stage_history
from mcrlib.simulate.orders import draw_orders, order_line_table, order_table, repeat_times
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.people import Team, account_team, draw_team, owner_history
from mcrlib.simulate.periods import Quarters, make_ids
from mcrlib.simulate.products import product_table
from mcrlib.simulate.relationship import Loyalty, Relationship, live, relate
from mcrlib.simulate.truth import (
    Truth, account_truth, deal_truth, expected_value, parameter_truth, potential, relationship_truth, true_tier,
)  # fmt: skip

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Company:
    """A simulated company.

    ``tables`` holds the CRM's tables by canonical name, with the canonical columns that the CRM fills, in the order
    of the dictionary and sorted by key. ``truth`` holds what drives them.
    """

    tables: Frames
    truth: Truth


@dataclass(frozen=True)
class _World:
    """Everything that was drawn before the tables are written down."""

    quarters: Quarters
    traits: pd.DataFrame
    team: Team
    loyalty: Loyalty
    relationship: Relationship
    deals: pd.DataFrame
    circle: Circle
    tier: np.ndarray
    p: Parameters
    seed: int


def simulate(
    n_accounts: int = 300, *, seed: int = 1, years: float = 6.5, end: dt.date = dt.date(2025, 12, 31)
) -> Company:
    """Make up a company and write down its CRM.

    Parameters
    ----------
    n_accounts : int
        Accounts in the CRM, prospects included.
    seed : int
        The same seed gives the same frames.
    years : float
        Length of the window, in whole quarters; at least one year.
    end : date
        Last day of the window; nothing is known of later days but expected dates.

    Returns
    -------
    Company
        Tables and truth.
    """
    world = _draw_world(n_accounts, Quarters(end, max(4, round(4 * years))), Parameters(), seed)
    tables = _write_tables(world)
    return Company(
        {name: _conform(name, tables[name]) for name in schema.tables() if name in tables}, _tell(world, tables)
    )


def _draw_world(count: int, quarters: Quarters, p: Parameters, seed: int) -> _World:
    traits = draw_traits(count, quarters, p, seed)
    team = draw_team(traits, quarters, p, seed)
    loyalty = live(traits, quarters, p, seed)
    deals = draw_deals(traits, loyalty.dropout, team, quarters, p, seed)
    relationship = relate(traits, team, deals, quarters, p, seed)
    deals = price_deals(deals, traits, relationship.won, p, quarters, seed)
    circle = draw_circle(traits, relationship.log_breadth, seed)
    tier = true_tier(potential(traits, p), p)
    return _World(quarters, traits, team, loyalty, relationship, deals, circle, tier, p, seed)


def _write_tables(w: _World) -> Frames:
    ids = make_ids("A", len(w.traits))
    tables: Frames = {"products": product_table(), "owners": w.team.owners}
    tables["accounts"] = account_table(w.traits, w.tier, _owners_now(w), w.quarters, w.seed)
    tables["owner_history"] = owner_history(w.team, ids, w.quarters)
    tables["account_team"] = account_team(w.team, w.traits, ids, w.quarters)
    return tables | _sales_tables(w, ids, tables["products"]) | _people_tables(w, ids, tables["accounts"])


def _owners_now(w: _World) -> pd.Series:
    """Present owner of each account; some prospects lie in the public pool and have none."""
    now = w.team.owners["owner_id"].take(w.team.holder[:, -1]).reset_index(drop=True)
    pooled = stream(w.seed, "pool").random(len(now)) < 0.3
    return now.mask(pooled & (w.traits["start"] >= w.quarters.count).to_numpy())


def _sales_tables(w: _World, ids: pd.Series, products: pd.DataFrame) -> Frames:
    opportunities = opportunity_table(w.deals, ids, w.team, w.quarters, w.seed)
    times = repeat_times(w.traits, w.relationship.rate, w.loyalty.dropout, w.seed)
    drawn = draw_orders(w.traits, times, w.deals, w.team, w.quarters, w.p, w.seed)
    orders = order_table(drawn, ids, opportunities["opportunity_id"], w.team, w.quarters, w.p, w.seed)
    return {
        "opportunities": opportunities,
        "stage_history": stage_history(w.deals, opportunities, w.quarters, w.seed),
        "orders": orders,
        "order_lines": order_line_table(orders, products, w.seed),
        "payments": service.payment_table(orders, w.seed, w.quarters.last_day),
        "contracts": service.contract_table(w.traits, w.deals, ids, w.quarters, w.seed),
        "targets": plans.target_table(orders, w.team.owners, w.quarters, w.seed),
        "costs": plans.cost_table(w.traits, w.tier, w.circle.reached, ids, w.team, w.quarters, w.seed),
    }


def _people_tables(w: _World, ids: pd.Series, accounts: pd.DataFrame) -> Frames:
    mood, gone, deal_ids = w.loyalty.satisfaction, w.loyalty.dropout, make_ids("D", len(w.deals))
    english = accounts["account_name"].str.isascii().to_numpy()
    people = contacts.contact_table(w.traits, w.circle, ids, english, w.team, mood, w.quarters, w.seed)
    who = people["contact_id"]
    touches = activities.draw_touches(w.traits, w.circle, gone, w.deals, w.team, w.quarters, w.p, w.seed)
    done = activities.activity_table(touches, ids, who, deal_ids, w.team, w.quarters, w.seed)
    return {
        "contacts": people,
        "opportunity_contacts": contacts.opportunity_contact_table(w.deals, w.circle, who, deal_ids, w.seed),
        "activities": done,
        "activity_contacts": activities.activity_contact_table(touches, w.circle, done["activity_id"], who, w.seed),
        "cases": service.case_table(w.traits, mood, gone, w.deals, w.circle, ids, who, w.team, w.quarters, w.p, w.seed),
        "surveys": service.survey_table(w.traits, mood, gone, w.circle, ids, who, w.quarters, w.p, w.seed),
        "plans": plans.plan_table(w.traits, w.tier, ids, w.team, w.quarters, w.seed),
        "commitments": plans.commitment_table(w.traits, w.tier, mood, ids, w.team, w.quarters, w.seed),
    }


def _tell(w: _World, tables: Frames) -> Truth:
    ids = tables["accounts"]["account_id"]
    value = expected_value(
        w.traits, w.relationship.log_breadth[:, -1], w.team.handover[:, -1], w.loyalty.satisfaction[:, -1],
        w.loyalty.dropout, w.quarters.count, quarters=w.quarters, change_rate=w.team.change_rate, p=w.p, seed=w.seed,
    )  # fmt: skip
    return Truth(
        accounts=account_truth(w.traits, ids, w.loyalty, w.relationship, value, w.quarters, w.p),
        relationship=relationship_truth(ids, w.relationship, w.loyalty, w.team, w.quarters),
        deals=deal_truth(w.deals, tables["opportunities"]["opportunity_id"]),
        parameters=parameter_truth(w.p, w.team),
    )


def _conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the dictionary's columns in their order, sorted by its key; a column it does not know is a bug."""
    table = schema.tables()[name]
    unknown = set(frame.columns) - set(table.columns)
    if unknown:
        raise KeyError(f"{name} has columns that the dictionary lacks: {sorted(unknown)}")
    columns = [column for column in table.columns if column in frame.columns]
    text = [column for column in columns if frame[column].dtype == object]
    return frame[columns].astype(dict.fromkeys(text, "str")).sort_values(table.key, ignore_index=True)
