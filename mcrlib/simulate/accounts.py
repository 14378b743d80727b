"""The customers in the CRM: their master records, who held them, and who works on them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.names import CITIES, TRADES
from mcrlib.simulate.periods import make_ids, to_dates
from mcrlib.simulate.traits import MARKETS
from mcrlib.simulate.world import World

Array = np.ndarray
TIERS = np.array(list("SABC"), dtype=object)


def account_table(w: World) -> pd.DataFrame:
    """The account table: facts with gaps, and a tier that people set and got wrong now and then."""
    rng, traits = w.stream("accounts"), w.traits
    count = len(traits)
    city = np.array(CITIES, dtype=object)[traits["city"]]
    trade = np.array(TRADES, dtype=object)[traits["trade"]]
    employees = np.round(np.exp(4.6 + 0.9 * traits["size"] + 0.6 * rng.standard_normal(count))) + 1
    revenue = np.round(employees * 900_000 * np.exp(0.4 * rng.standard_normal(count)), -4)
    never = (traits["start"] >= w.quarters.count).to_numpy()
    pooled = never & (rng.random(count) < 0.3)
    return pd.DataFrame(
        {
            "account_id": w.account_id(np.arange(count)),
            "account_name": traits["account_name"],
            "parent_account_id": w.account_id(_parents(count, w.p.member_share, rng)),
            "account_type": np.where(never, "prospect", "customer"),
            "industry": trade[:, 0],
            "segment": trade[:, 1],
            "region": city[:, 2],
            "country": city[:, 1],
            "city": city[:, 0],
            "tier_crm": _tier_by_people(w.tier, rng),
            "is_key_account": w.tier == 0,
            "market_type": np.array(MARKETS, dtype=object)[traits["market"]],
            "annual_revenue": revenue.mask(rng.random(count) < 0.12),
            "employees": employees.astype("Int64").mask(rng.random(count) < 0.08),
            "owner_id": w.owner_id(w.team.holder[:, -1]).mask(pooled),
            "in_public_pool": pooled,
            "status": "active",
            "created_date": to_dates(w.quarters.workday(traits["created"].to_numpy())),
            "currency": "CNY",
        }
    )


def _parents(count: int, share: float, rng: np.random.Generator) -> Array:
    """Place of the account above each, or -1; a head of a group has none above it."""
    member = rng.random(count) < share
    heads = np.flatnonzero(~member & (rng.random(count) < share / 2))
    if not len(heads):
        return np.full(count, -1)
    return np.where(member, heads[rng.integers(len(heads), size=count)], -1)


def _tier_by_people(tier: Array, rng: np.random.Generator) -> pd.Series:
    draw = rng.random(len(tier))
    told = np.clip(tier + np.select([draw < 0.12, draw < 0.24], [-1, 1], 0), 0, 3)
    return pd.Series(TIERS[told], dtype="str").mask(rng.random(len(tier)) < 0.06)


def owner_history(w: World) -> pd.DataFrame:
    """Each change of hands: account, holder before and after, the first day of its quarter."""
    quarter, account = np.nonzero(w.team.changed.T)
    chief = len(w.team.owners) - 2
    return pd.DataFrame(
        {
            "change_id": make_ids("H", len(account)),
            "object_id": w.account_id(account),
            "old": w.owner_id(w.team.holder[account, quarter - 1]),
            "new": w.owner_id(w.team.holder[account, quarter]),
            "changed_date": to_dates(w.quarters.starts[quarter]),
            "changed_by": w.owner_id(np.full(len(account), chief)),
        }
    )


def account_team(w: World) -> pd.DataFrame:
    """The iron triangle as of today: AR, SR and FR where the account has them, a sponsor for the big ones."""
    size, single = w.traits["size"].to_numpy(), w.traits["single_threaded"].to_numpy()
    every, chief = np.arange(len(size)), len(w.team.owners) - 2
    parts = {
        "AR": (every, w.team.holder[:, -1]),
        "SR": (every[~single & (size > -0.5)], w.team.solution),
        "FR": (every[~single & (size > 0.0)], w.team.fulfilment),
        "sponsor": (every[size > 1.2], np.full(len(size), chief)),
    }
    account = np.concatenate([place for place, _ in parts.values()])
    person = np.concatenate([people[place] for place, people in parts.values()])
    return pd.DataFrame(
        {
            "member_id": make_ids("M", len(account)),
            "account_id": w.account_id(account),
            "owner_id": w.owner_id(person),
            "role": np.repeat(list(parts), [len(place) for place, _ in parts.values()]),
            "valid_from": to_dates(w.quarters.workday(w.traits["created"].to_numpy()[account])),
        }
    )
