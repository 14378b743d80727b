"""Deals: worked on, won, lost, still open; what each gave to the relationship and what it took."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters
from mcrlib.simulate.products import LINES
from mcrlib.simulate.team import Team

Array = np.ndarray
KINDS = np.array(["neutral", "soybean", "sorghum"], dtype=object)
NEUTRAL, SOYBEAN, SORGHUM = 0, 1, 2


def draw_deals(
    traits: pd.DataFrame, dropout: Array, team: Team, quarters: Quarters, p: Parameters, seed: int
) -> pd.DataFrame:
    """Draw all deals that were opened in the window, one row per deal, in the order of their opening.

    Returns
    -------
    DataFrame
        account (place), created and close (quarters; a close after the window means still open), entry (the deal that
        made the customer), winnable (the customer was there at the close), luck (uniform; won if below the chance),
        kind, feed (change of log breadth if won), owner (place), and the numbers behind the kind: people (of theirs),
        width (roles of ours), excess (discount), agreement (signed with it), damage (a failed delivery after it);
        product_line and type (places).
    """
    rng = stream(seed, "deals")
    created, start = traits["created"].to_numpy(), traits["start"].to_numpy()
    opened, until = np.maximum(created, 0.0) + 0.3, quarters.count + 3.0
    number = rng.poisson(traits["deal_rate"] / 4 * np.maximum(0, until - opened) * np.where(start > until, 0.5, 1.0))
    account = np.repeat(np.arange(len(traits)), number)
    close = rng.uniform(opened[account], until)
    enters = (start > np.maximum(0, created)) & (start < quarters.count) & (rng.random(len(traits)) < 0.6)
    entries = np.flatnonzero(enters)
    account, close = np.concatenate([account, entries]), np.concatenate([close, start[entries]])
    entry = np.arange(len(account)) >= number.sum()
    began = np.maximum(close - rng.lognormal(np.log(1.2), 0.5, len(account)), created[account])
    kept = (began < quarters.count) & (began < dropout[account]) & (began >= -2)
    account, close, entry, began = (values[kept] for values in (account, close, entry, began))
    order = np.lexsort((account, began))
    account, close, entry, began = (values[order] for values in (account, close, entry, began))
    quarter = np.clip(np.floor(np.minimum(close, quarters.count - 1e-6)), 0, None).astype(int)
    owner = team.holder[account, quarter]
    there = (close >= start[account]) & (close < dropout[account]) & (close < quarters.count)
    deals = pd.DataFrame(
        {"account": account, "created": began, "close": close, "entry": entry, "winnable": there, "owner": owner}
    )
    deals["luck"] = rng.random(len(deals))
    deals["product_line"] = rng.integers(len(LINES), size=len(deals))
    after = close > start[account]
    deals["type"] = np.where(entry | ~after, 0, rng.choice([0, 1, 2, 3], size=len(deals), p=[0.15, 0.1, 0.5, 0.25]))
    return deals.assign(**_draw_kind(team.leans[owner], p, rng))


def _draw_kind(leans: Array, p: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    count = len(leans)
    draw = rng.random(count)
    kind = np.select([draw < leans[:, 0], draw < leans.sum(axis=1)], [SORGHUM, SOYBEAN], NEUTRAL)
    strength = p.feed * rng.uniform(0.5, 1.5, count)
    people = np.choose(kind, [1 + rng.poisson(0.8, count), 2 + rng.poisson(2.0, count), np.ones(count, dtype=int)])
    return {
        "kind": kind,
        "feed": np.choose(kind, [0.02 * rng.standard_normal(count), strength, -strength]),
        "people": people,
        "width": np.choose(
            kind, [1 + rng.binomial(1, 0.5, count), 2 + rng.binomial(1, 0.7, count), np.ones(count, int)]
        ),
        "excess": np.array(p.excess_discount)[kind] + 0.025 * rng.standard_normal(count),
        "agreement": rng.random(count) < np.array([0.05, 0.50, 0.02])[kind],
        "damage": rng.random(count) < np.array([0.10, 0.04, 0.40])[kind],
    }


def price_deals(
    deals: pd.DataFrame, traits: pd.DataFrame, won: Array, quarters: Quarters, p: Parameters, seed: int
) -> pd.DataFrame:
    """Add outcome, amount, discount, list amount and cost to each deal."""
    rng = stream(seed, "deal prices")
    own = traits.loc[deals["account"]].reset_index(drop=True)
    multiple = np.where(deals["entry"], 0.0, np.log(p.deal_multiple))
    amount = np.round(np.exp(own["log_spend"] + multiple + own["sigma"] * rng.standard_normal(len(deals))), 2)
    discount = np.clip(own["discount"] + deals["excess"], 0.0, 0.6).round(4)
    margin = own["margin"] - p.margin_on_discount * deals["excess"] + 0.02 * rng.standard_normal(len(deals))
    closed = deals["close"] < quarters.count
    status = np.select([~closed, won], ["open", "won"], np.where(rng.random(len(deals)) < 0.06, "void", "lost"))
    progress = np.clip((quarters.count - deals["created"]) / (deals["close"] - deals["created"] + 1e-9), 0, 0.999)
    reached = np.where(status == "lost", rng.integers(1, 5, len(deals)), np.where(status == "open", progress * 5, 4))
    return deals.assign(
        won=won,
        status=status,
        reached=reached.astype(int),
        amount=amount,
        discount=discount,
        list_amount=(amount / (1 - discount)).round(2),
        cost=(amount * (1 - margin)).round(2),
    )
