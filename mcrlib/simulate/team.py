"""Our own people: sellers on their seats, who leave and rotate, and the team behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.names import ENGLISH, SIMPLIFIED, name_people
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters, make_ids, to_dates
from mcrlib.simulate.traits import REGIONS

Array = np.ndarray
ACCOUNTS_PER_SELLER = 25
ACCOUNTS_PER_SUPPORTER = 60


@dataclass(frozen=True)
class Team:
    """Who holds which account in each quarter.

    ``holder``, ``changed`` and ``handover`` are accounts × quarters: place of the seller in ``owners``; whether the
    account changed hands at the start of the quarter; and how fresh the last change is (1 at the change, then halving).
    ``solution`` and ``fulfilment`` are the places of the SR and FR of each account. ``change_rate`` is the chance of
    a change in a quarter. ``leans`` are each person's chances that a deal is sorghum and that it is soybean.
    """

    owners: pd.DataFrame
    holder: Array
    changed: Array
    handover: Array
    solution: Array
    fulfilment: Array
    change_rate: float
    leans: Array


def draw_team(traits: pd.DataFrame, quarters: Quarters, p: Parameters, seed: int) -> Team:
    """Let sellers come, go and rotate over the seats, and see who held each account when."""
    rng = stream(seed, "people")
    regions = len(REGIONS)
    seats = max(2 * regions, len(traits) // ACCOUNTS_PER_SELLER // regions * regions)
    occupants, hired, left = _fill_seats(seats, quarters.count, p, rng)
    per_region = seats // regions
    region = traits["region"].to_numpy()
    holder = np.empty((len(traits), quarters.count), dtype=np.int32)
    seat = region + regions * rng.integers(per_region, size=len(traits))
    for quarter in range(quarters.count):
        moved = np.flatnonzero(rng.random(len(traits)) < p.move_rate)
        seat[moved] = region[moved] + regions * rng.integers(per_region, size=len(moved))
        holder[:, quarter] = occupants[seat, quarter]
    changed = _changes(holder, traits["created"].to_numpy())
    seat_region = np.empty(len(hired), dtype=np.int64)
    for quarter in range(quarters.count):
        seat_region[occupants[:, quarter]] = np.arange(seats) % regions
    support = max(1, len(traits) // (ACCOUNTS_PER_SUPPORTER * regions))
    owners = _owner_table(seat_region, hired, left, support, quarters, rng)
    solution = len(hired) + region * support + rng.integers(support, size=len(traits))
    fulfilment = len(hired) + (regions + region) * support + rng.integers(support, size=len(traits))
    lean = rng.beta([2.0, 2.0], [2 / p.sorghum_share - 2, 2 / p.soybean_share - 2], size=(len(owners), 2))
    return Team(
        owners=owners,
        holder=holder,
        changed=changed,
        handover=_freshness(changed, p.rotation_memory),
        solution=solution,
        fulfilment=fulfilment,
        change_rate=_change_rate(seats, per_region, p),
        leans=lean / np.maximum(1.0, lean.sum(axis=1, keepdims=True) / 0.95),
    )


def _fill_seats(seats: int, quarters: int, p: Parameters, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Occupant of each seat in each quarter; quarter in which each person came and went (-1: at no time)."""
    present = np.arange(seats)
    occupants = np.empty((seats, quarters), dtype=np.int64)
    occupants[:, 0] = present
    hired, leavers, total = [np.full(seats, -1)], [], seats
    for quarter in range(1, quarters):
        leaves = rng.random(seats) < p.leave_rate
        rotates = np.flatnonzero(~leaves & (rng.random(seats) < p.rotate_rate))
        gone = present[leaves]
        leavers.append(gone)
        hired.append(np.full(len(gone), quarter))
        present = present.copy()
        present[rotates] = np.roll(present[rotates], 1)
        present[leaves] = np.arange(total, total + len(gone))
        total += len(gone)
        occupants[:, quarter] = present
    left = np.full(total, -1)
    for quarter, gone in enumerate(leavers, start=1):
        left[gone] = quarter
    return occupants, np.concatenate(hired), left


def _changes(holder: Array, created: Array) -> Array:
    changed = np.zeros(holder.shape, dtype=bool)
    changed[:, 1:] = holder[:, 1:] != holder[:, :-1]
    return changed & (np.arange(holder.shape[1]) > created[:, None])


def _freshness(changed: Array, memory: float) -> Array:
    fresh = np.zeros(changed.shape, dtype=np.float32)
    for quarter in range(1, changed.shape[1]):
        fresh[:, quarter] = np.where(changed[:, quarter], 1.0, memory * fresh[:, quarter - 1])
    return fresh


def _change_rate(seats: int, per_region: int, p: Parameters) -> float:
    """Chance that an account changes hands in a quarter, all causes; one seller alone cannot rotate."""
    rotating = (1 - p.leave_rate) * p.rotate_rate
    seat_changes = p.leave_rate + rotating * (1 - (1 - rotating) ** (seats - 1))
    return 1 - (1 - seat_changes) * (1 - p.move_rate * (1 - 1 / per_region))


def _owner_table(
    seat_region: Array, hired: Array, left: Array, support: int, quarters: Quarters, rng: np.random.Generator
) -> pd.DataFrame:
    """Sellers first, then SR and FR by region, a manager per region, the head of sales and a system user."""
    sellers, regions = len(hired), len(REGIONS)
    roles = np.repeat(
        np.array(["AR", "SR", "FR", "manager", "exec", "other"], dtype=object),
        [sellers, support * regions, support * regions, regions, 1, 1],
    )
    count, chief = len(roles), len(roles) - 2
    by_region = np.repeat(np.arange(regions), support)
    where = np.concatenate([seat_region, by_region, by_region, np.arange(regions), [0, 0]])
    managers = chief - regions
    start, end = np.full(count, -1.0), np.full(count, np.nan)
    start[:sellers], end[:sellers] = hired, np.where(left < 0, np.nan, left)
    start = np.where(start < 0, -rng.uniform(0.5, 40, count), start)
    ids, place = make_ids("U", count), np.arange(count)
    boss = np.where(place < managers, managers + where, chief)
    names = name_people(np.where(where == regions - 1, ENGLISH, SIMPLIFIED), rng)
    return pd.DataFrame(
        {
            "owner_id": ids,
            "owner_name": names.where(place < count - 1, "公海"),
            "department": np.array([f"Sales {name}" for name in REGIONS], dtype=object)[where],
            "region": np.array(REGIONS, dtype=object)[where],
            "role": roles,
            "manager_id": ids.take(boss).reset_index(drop=True).mask(place >= chief),
            "user_kind": np.where(place < count - 1, "human", "system"),
            "hired_date": to_dates(quarters.day(start)),
            "left_date": to_dates(quarters.day(end) - np.timedelta64(1, "D")),
            "is_active": np.isnan(end),
            "cost_rate": np.select([roles == "exec", roles == "manager"], [900.0, 500.0], 260.0),
        }
    )
