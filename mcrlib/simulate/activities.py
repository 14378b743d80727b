"""Visits, meetings, calls and messages: the trace that a relationship leaves in the CRM."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.contacts import Circle, exclusive_contacts
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.people import Team
from mcrlib.simulate.periods import Quarters, make_ids, running_number, to_dates

Array = np.ndarray
TYPES = np.array(
    ["visit", "meeting", "call", "email", "wechat", "demo", "showroom", "exec_visit", "strategy_meeting",
     "service_visit", "note"], dtype=object,
)  # fmt: skip
_SHARES = np.array([0.20, 0.14, 0.26, 0.13, 0.15, 0.03, 0.01, 0.01, 0.01, 0.04, 0.02])
_MINUTES = np.array([90, 60, 12, 0, 0, 75, 180, 120, 240, 150, 0])
_TOGETHER = np.array([0.35, 0.50, 0.0, 0.05, 0.0, 0.5, 0.6, 0.4, 0.9, 0.2, 0.0])
_TWO_WAY = np.array([1.0, 1.0, 0.75, 0.35, 0.6, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0])
_EXEC_VISIT, _STRATEGY, _SERVICE = 7, 8, 9


def draw_touches(
    traits: pd.DataFrame,
    circle: Circle,
    dropout: Array,
    deals: pd.DataFrame,
    team: Team,
    quarters: Quarters,
    p: Parameters,
    seed: int,
) -> pd.DataFrame:
    """Every contact of the circle is touched each quarter: account, quarter, contact (place), deal, person, type."""
    rng = stream(seed, "touches")
    first = max(0, quarters.count - p.activity_quarters)
    reached = circle.reached[:, first:]
    account, quarter = np.nonzero(reached)
    number = reached[account, quarter].astype(int)
    account, quarter, rank = np.repeat(account, number), np.repeat(quarter + first, number), running_number(number)
    there = np.select([quarter < traits["start"].to_numpy()[account] - 1, quarter > dropout[account]], [0.4, 0.15], 1.0)
    times = rng.poisson(0.25, len(account)) + 1
    times[rng.random(len(account)) > there] = 0
    account, quarter, rank = (np.repeat(values, times) for values in (account, quarter, rank))
    time = quarter + rng.random(len(account))
    touches = pd.DataFrame({"account": account, "time": time, "rank": rank, "contact": circle.first[account] + rank})
    touches["deal"] = _deal_at_work(touches, deals, len(traits), quarters, rng)
    exclusive = exclusive_contacts(traits, circle, seed)[touches["contact"]]
    touches["person"] = _who(touches, exclusive, deals, team, quarter, rng)
    touches["type"] = _which(touches, traits, team, rng)
    return touches.sort_values(["time", "account"], ignore_index=True)


def _deal_at_work(
    touches: pd.DataFrame, deals: pd.DataFrame, accounts: int, quarters: Quarters, rng: np.random.Generator
) -> Array:
    """The deal that a touch served: the latest one of the account in work in that quarter, for half of the touches."""
    latest = np.full((accounts, quarters.count), -1)
    begin = np.clip(np.floor(deals["created"]).astype(int), 0, None).to_numpy()
    end = np.minimum(np.floor(deals["close"]).astype(int), quarters.count - 1).to_numpy()
    for step in range(int((end - begin).max(initial=0)) + 1):
        open_then = np.flatnonzero(begin + step <= end)
        latest[deals["account"].to_numpy()[open_then], begin[open_then] + step] = open_then
    deal = latest[touches["account"], np.floor(touches["time"]).astype(int)]
    if not len(deals):
        return deal
    known = np.maximum(deal, 0)
    inside = (touches["time"] >= deals["created"].to_numpy()[known]) & (
        touches["time"] <= deals["close"].to_numpy()[known]
    )
    return np.where((deal >= 0) & inside & (rng.random(len(touches)) < 0.5), deal, -1)


def _who(
    touches: pd.DataFrame, exclusive: Array, deals: pd.DataFrame, team: Team, quarter: Array, rng: np.random.Generator
) -> Array:
    """Our person: the owner alone with exclusive contacts, the team with the others; a deal brings its own width."""
    account, deal = touches["account"].to_numpy(), touches["deal"].to_numpy()
    owner = team.holder[account, quarter]
    other = np.where(rng.random(len(account)) < 0.5, team.solution[account], team.fulfilment[account])
    width = deals["width"].to_numpy()[np.maximum(deal, 0)] if len(deals) else np.ones(len(account))
    by_team = np.where(deal < 0, 0.6, np.choose(np.clip(width - 1, 0, 2).astype(int), [0.0, 0.4, 0.65]))
    return np.where(exclusive | (rng.random(len(account)) >= by_team), owner, other)


def _which(touches: pd.DataFrame, traits: pd.DataFrame, team: Team, rng: np.random.Generator) -> Array:
    kind = rng.choice(len(TYPES), size=len(touches), p=_SHARES)
    big = traits["size"].to_numpy()[touches["account"]] > 0.8
    kind = np.where(~big & np.isin(kind, [_EXEC_VISIT, _STRATEGY]), 1, kind)
    promoted = big & (kind < 2) & (rng.random(len(touches)) < 0.08)
    kind = np.where(promoted, rng.choice([_EXEC_VISIT, _STRATEGY], size=len(touches)), kind)
    by_service = touches["person"].to_numpy() == team.fulfilment[touches["account"]]
    return np.where(by_service & (rng.random(len(touches)) < 0.4), _SERVICE, kind)


def activity_table(
    touches: pd.DataFrame,
    account_ids: pd.Series,
    contact_ids: pd.Series,
    deal_ids: pd.Series,
    team: Team,
    quarters: Quarters,
    seed: int,
) -> pd.DataFrame:
    """The activity table of the CRM; some people forget to say whom they met."""
    rng = stream(seed, "activities")
    count, kind = len(touches), touches["type"].to_numpy()
    two_way = rng.random(count) < _TWO_WAY[kind]
    minutes = np.round(_MINUTES[kind] * np.exp(0.4 * rng.standard_normal(count)))
    deal = touches["deal"].to_numpy()
    deals = (
        deal_ids.take(np.maximum(deal, 0)).reset_index(drop=True) if len(deal_ids) else pd.Series(pd.NA, range(count))
    )
    return pd.DataFrame(
        {
            "activity_id": make_ids("V", count, width=5),
            "account_id": account_ids.take(touches["account"]).to_numpy(),
            "opportunity_id": deals.where(deal >= 0).astype("str"),
            "owner_id": team.owners["owner_id"].take(touches["person"]).to_numpy(),
            "contact_id": contact_ids.take(touches["contact"]).reset_index(drop=True).mask(rng.random(count) < 0.06),
            "activity_type": TYPES[kind],
            "direction": np.select([two_way, rng.random(count) < 0.25], ["two_way", "in"], "out"),
            "activity_date": to_dates(quarters.workday(touches["time"].to_numpy())),
            "duration_min": pd.Series(minutes).where(minutes > 0),
            "status": "done",
            "content_len": rng.negative_binomial(1, 1 / 120, count),
        }
    )


def activity_contact_table(
    touches: pd.DataFrame, circle: Circle, activity_ids: pd.Series, contact_ids: pd.Series, seed: int
) -> pd.DataFrame:
    """Everyone of theirs who took part in a visit or meeting with two people or more."""
    rng = stream(seed, "participants")
    quarter = np.floor(touches["time"]).astype(int)
    others = circle.reached[touches["account"], quarter].astype(int) - 1
    group = np.flatnonzero((others > 0) & (rng.random(len(touches)) < _TOGETHER[touches["type"]]))
    number = 2 + (rng.random(len(group)) < 0.3) * (others[group] > 1)
    row = np.repeat(group, number)
    turn = running_number(number)
    rank = (touches["rank"].to_numpy()[row] + turn) % (others[row] + 1)
    place = circle.first[touches["account"].to_numpy()[row]] + rank
    return pd.DataFrame(
        {
            "activity_contact_id": make_ids("VK", len(row), width=5),
            "activity_id": activity_ids.take(row).to_numpy(),
            "contact_id": contact_ids.take(place).to_numpy(),
        }
    )
