"""A B2B company made up from known causes: its CRM tables, and the truth behind them.

The process, in the order in which it is drawn: customers with a latent size (``traits``); sellers who come, go and
rotate (``team``); satisfaction and lifetime, breadth, propensity to buy (``relationship``); deals that feed the
breadth or draw from it (``deals``); orders at the rate that follows (``orders``); and what the CRM shows of it all
(all other modules). Nothing flows back from orders to breadth: whoever finds that
orders lead the relationship here has found an artefact.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from mcrlib import schema
from mcrlib.simulate import accounts, activities, contacts, opportunities, orders, plans, service
from mcrlib.simulate.parameters import Parameters
from mcrlib.simulate.periods import Quarters
from mcrlib.simulate.products import product_table
from mcrlib.simulate.truth import Truth, tell_truth
from mcrlib.simulate.world import World, draw_world

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Company:
    """A simulated company.

    ``tables`` holds the CRM's tables by canonical name, with the canonical columns that the CRM fills, in the order
    of the dictionary and sorted by key. ``truth`` holds what drives them.
    """

    tables: Frames
    truth: Truth


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
    world = draw_world(n_accounts, Quarters(end, max(4, round(4 * years))), Parameters(), seed)
    tables = _write_tables(world)
    ordered = {name: _conform(name, tables[name]) for name in schema.tables() if name in tables}
    return Company(ordered, tell_truth(world))


def _write_tables(w: World) -> Frames:
    products, sold, touches = product_table(), orders.order_table(w), activities.draw_touches(w)
    done = activities.activity_table(w, touches)
    return {
        "accounts": accounts.account_table(w),
        "owners": w.team.owners,
        "owner_history": accounts.owner_history(w),
        "account_team": accounts.account_team(w),
        "products": products,
        "opportunities": opportunities.opportunity_table(w),
        "stage_history": opportunities.stage_history(w),
        "opportunity_contacts": opportunities.opportunity_contact_table(w),
        "orders": sold,
        "order_lines": orders.order_line_table(w, sold, products),
        "contacts": contacts.contact_table(w),
        "activities": done,
        "activity_contacts": activities.activity_contact_table(w, touches, done["activity_id"]),
        "contracts": service.contract_table(w),
        "payments": service.payment_table(w, sold),
        "cases": service.case_table(w),
        "surveys": service.survey_table(w),
        "targets": plans.target_table(w, sold),
        "plans": plans.plan_table(w),
        "commitments": plans.commitment_table(w),
        "costs": plans.cost_table(w),
    }


def _conform(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the dictionary's columns in their order, sorted by its key; a column it does not know is a bug."""
    table = schema.tables()[name]
    unknown = set(frame.columns) - set(table.columns)
    if unknown:
        raise KeyError(f"{name} has columns that the dictionary lacks: {sorted(unknown)}")
    columns = [column for column in table.columns if column in frame.columns]
    text = [column for column in columns if frame[column].dtype == object]
    return frame[columns].astype(dict.fromkeys(text, "str")).sort_values(table.key, ignore_index=True)
