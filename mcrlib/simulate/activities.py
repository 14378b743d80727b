"""Visits, meetings, calls and messages: the trace that a relationship leaves in the CRM."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.periods import make_ids, running_number, to_dates
from mcrlib.simulate.world import World

Array = np.ndarray
TYPES = np.array(
    ["visit", "meeting", "call", "email", "wechat", "demo", "showroom", "exec_visit", "strategy_meeting",
     "service_visit", "note"], dtype=object,
)  # fmt: skip
_SHARES = np.array([0.20, 0.14, 0.26, 0.13, 0.15, 0.03, 0.01, 0.01, 0.01, 0.04, 0.02])
_MINUTES = np.array([90, 60, 12, 0, 0, 75, 180, 120, 240, 150, 0])
_TOGETHER = np.array([0.35, 0.50, 0.0, 0.05, 0.0, 0.5, 0.6, 0.4, 0.9, 0.2, 0.0])
_TWO_WAY = np.array([1.0, 1.0, 0.75, 0.35, 0.6, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0])
_MEETING, _EXEC_VISIT, _STRATEGY, _SERVICE = 1, 7, 8, 9


def draw_touches(w: World) -> pd.DataFrame:
    """Every person of the circle is touched each quarter, fewer where nobody buys, by time.

    Returns
    -------
    DataFrame
        account, time, rank, contact, deal (or -1), person (places), type.
    """
    rng, first = w.stream("touches"), max(0, w.quarters.count - w.p.activity_quarters)
    account, quarter = np.nonzero(w.circle.reached[:, first:])
    quarter += first
    number = w.circle.reached[account, quarter].astype(int)
    account, quarter, rank = np.repeat(account, number), np.repeat(quarter, number), running_number(number)
    early, late = quarter < w.traits["start"].to_numpy()[account] - 1, quarter > w.loyalty.dropout[account]
    times = 1 + rng.poisson(w.p.more_touches, len(account))
    times[rng.random(len(account)) > np.select([early, late], [0.4, 0.15], 1.0)] = 0
    account, quarter, rank = (np.repeat(values, times) for values in (account, quarter, rank))
    contact = w.circle.first[account] + rank
    touches = pd.DataFrame(
        {"account": account, "time": quarter + rng.random(len(account)), "rank": rank, "contact": contact}
    )
    touches["deal"] = _deal_at_work(w, touches, rng)
    touches["person"] = _who(w, touches, rng)
    touches["type"] = _which(w, touches, rng)
    return touches.sort_values(["time", "account"], ignore_index=True)


def _deal_at_work(w: World, touches: pd.DataFrame, rng: np.random.Generator) -> Array:
    """The deal that a touch served: the latest of the account in work at that time, for half of the touches."""
    deals, last = w.deals, w.quarters.count
    latest = np.full((len(w.traits), last), -1)
    account = deals["account"].to_numpy()
    begin = np.maximum(np.floor(deals["created"].to_numpy()), 0).astype(int)
    end = np.minimum(np.floor(deals["close"].to_numpy()), last - 1).astype(int)
    for step in range(int((end - begin).max(initial=-1)) + 1):
        at_work = np.flatnonzero(begin + step <= end)
        latest[account[at_work], begin[at_work] + step] = at_work
    deal = latest[touches["account"], touches["time"].astype(int)]
    span = deals[["created", "close"]].reindex(deal).to_numpy()
    inside = (touches["time"] >= span[:, 0]) & (touches["time"] <= span[:, 1])
    return np.where(inside & (rng.random(len(touches)) < 0.5), deal, -1)


def _who(w: World, touches: pd.DataFrame, rng: np.random.Generator) -> Array:
    """Our person: the owner alone with exclusive contacts, the team with the others; a deal brings its own width."""
    account, quarter = touches["account"].to_numpy(), touches["time"].to_numpy().astype(int)
    other = np.where(rng.random(len(account)) < 0.5, w.team.solution[account], w.team.fulfilment[account])
    width = w.deals["width"].reindex(touches["deal"]).to_numpy()
    by_team = np.select([width == 1, width == 2, width == 3], [0.0, 0.4, 0.65], w.p.team_touches)
    alone = w.circle.exclusive[touches["contact"]] | (rng.random(len(account)) >= by_team)
    return np.where(alone, w.team.holder[account, quarter], other)


def _which(w: World, touches: pd.DataFrame, rng: np.random.Generator) -> Array:
    kind = rng.choice(len(TYPES), size=len(touches), p=_SHARES)
    big = w.traits["size"].to_numpy()[touches["account"]] > 0.8
    kind = np.where(~big & np.isin(kind, [_EXEC_VISIT, _STRATEGY]), _MEETING, kind)
    promoted = big & (kind <= _MEETING) & (rng.random(len(touches)) < 0.08)
    kind = np.where(promoted, rng.choice([_EXEC_VISIT, _STRATEGY], size=len(touches)), kind)
    by_service = touches["person"].to_numpy() == w.team.fulfilment[touches["account"]]
    return np.where(by_service & (rng.random(len(touches)) < 0.4), _SERVICE, kind)


def activity_table(w: World, touches: pd.DataFrame) -> pd.DataFrame:
    """The activity table of the CRM; now and then people forget to say whom they met."""
    rng, kind = w.stream("activities"), touches["type"].to_numpy()
    count = len(touches)
    two_way = rng.random(count) < _TWO_WAY[kind]
    minutes = pd.Series(np.round(_MINUTES[kind] * np.exp(0.4 * rng.standard_normal(count))))
    return pd.DataFrame(
        {
            "activity_id": make_ids("V", count, width=5),
            "account_id": w.account_id(touches["account"]),
            "opportunity_id": w.deal_id(touches["deal"]),
            "owner_id": w.owner_id(touches["person"]),
            "contact_id": w.contact_id(touches["contact"]).mask(rng.random(count) < 0.06),
            "activity_type": TYPES[kind],
            "direction": np.select([two_way, rng.random(count) < 0.25], ["two_way", "in"], "out"),
            "activity_date": to_dates(w.quarters.workday(touches["time"].to_numpy())),
            "duration_min": minutes.where(minutes > 0),
            "status": "done",
            "content_len": rng.negative_binomial(1, 1 / 120, count),
        }
    )


def activity_contact_table(w: World, touches: pd.DataFrame, activity_ids: pd.Series) -> pd.DataFrame:
    """Everyone of theirs who took part in a visit or meeting with two people or more.

    Who speaks with the owner alone does not come along to meet the team.
    """
    rng, account = w.stream("participants"), touches["account"].to_numpy()
    others = w.circle.reached[account, touches["time"].astype(int)].astype(int) - 1
    group = np.flatnonzero((others > 0) & (rng.random(len(touches)) < _TOGETHER[touches["type"]]))
    number = 2 + (rng.random(len(group)) < 0.3) * (others[group] > 1)
    row, turn = np.repeat(group, number), running_number(number)
    rank = (touches["rank"].to_numpy()[row] + turn) % (others[row] + 1)
    contact, holder = w.circle.first[account[row]] + rank, w.team.holder[account, touches["time"].astype(int)]
    comes = ~w.circle.exclusive[contact] | (touches["person"].to_numpy() == holder)[row]
    row, contact = row[comes], contact[comes]
    return pd.DataFrame(
        {
            "activity_contact_id": make_ids("VK", len(row), width=5),
            "activity_id": activity_ids.take(row).to_numpy(),
            "contact_id": w.contact_id(contact),
        }
    )
