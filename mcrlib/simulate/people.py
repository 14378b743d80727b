"""Our own people: sellers on their seats, who leave and rotate, and the team behind them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.accounts import REGIONS
from mcrlib.simulate.names import ENGLISH, SIMPLIFIED, name_people
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters, make_ids, to_dates

Array = np.ndarray
ACCOUNTS_PER_SELLER = 25


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
    managers: Array
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
    owners, solution, fulfilment, managers = _owner_table(occupants, hired, left, len(traits), quarters, rng)
    lean = rng.beta([2.0, 2.0], [2 / p.sorghum_share - 2, 2 / p.soybean_share - 2], size=(len(owners), 2))
    return Team(
        owners=owners,
        holder=holder,
        changed=changed,
        handover=_freshness(changed, p.rotation_memory),
        solution=solution[region, rng.integers(solution.shape[1], size=len(traits))],
        fulfilment=fulfilment[region, rng.integers(fulfilment.shape[1], size=len(traits))],
        managers=managers,
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
    occupants: Array, hired: Array, left: Array, accounts: int, quarters: Quarters, rng: np.random.Generator
) -> tuple[pd.DataFrame, Array, Array, Array]:
    """Sellers first (their places are those of ``occupants``), then SR, FR, managers, the head and a system user."""
    sellers, regions = len(hired), len(REGIONS)
    region = np.empty(sellers, dtype=np.int64)
    for quarter in range(quarters.count):
        region[occupants[:, quarter]] = np.arange(len(occupants)) % regions
    each = max(1, accounts // (60 * regions))
    support = np.arange(regions * each).reshape(regions, each)
    roles = ["AR"] * sellers + ["SR"] * support.size + ["FR"] * support.size + ["manager"] * regions + ["exec", "other"]
    count = len(roles)
    solution, fulfilment = sellers + support, sellers + support.size + support
    managers = sellers + 2 * support.size + np.arange(regions)
    where = np.concatenate([region, np.repeat(np.arange(regions), each).tolist() * 2, np.arange(regions), [0, 0]])
    where = where.astype(int)
    start = np.where(np.arange(count) < sellers, np.resize(hired, count), -1)
    start = np.where(start < 0, -rng.uniform(0.5, 40, count), start)
    end = np.full(count, np.nan)
    end[:sellers] = np.where(left < 0, np.nan, left)
    language = np.where(where == regions - 1, ENGLISH, SIMPLIFIED)
    ids = make_ids("U", count)
    boss = np.where(np.arange(count) < managers[0], managers[where], count - 2)
    left_day = quarters.day(end) - np.timedelta64(1, "D")
    owners = pd.DataFrame(
        {
            "owner_id": ids,
            "owner_name": name_people(language, rng),
            "department": np.array([f"Sales {name}" for name in REGIONS], dtype=object)[where],
            "region": np.array(REGIONS, dtype=object)[where],
            "role": roles,
            "manager_id": ids.iloc[boss].set_axis(ids.index).mask(np.arange(count) >= count - 2),
            "user_kind": np.where(np.arange(count) == count - 1, "system", "human"),
            "hired_date": to_dates(quarters.day(start)),
            "left_date": to_dates(left_day),
            "is_active": np.isnan(end),
            "cost_rate": np.select([np.array(roles) == "exec", np.array(roles) == "manager"], [900.0, 500.0], 260.0),
        }
    )
    owners.loc[count - 1, ["owner_name", "department"]] = ["公海", "System"]
    return owners, solution, fulfilment, managers


def owner_history(team: Team, account_ids: pd.Series, quarters: Quarters) -> pd.DataFrame:
    """Each change of hands: account, holder before and after, the first day of its quarter."""
    account, quarter = np.nonzero(team.changed)
    names = team.owners["owner_id"]
    new = team.holder[account, quarter]
    return pd.DataFrame(
        {
            "change_id": make_ids("H", len(account)),
            "object_id": account_ids.take(account).to_numpy(),
            "old": names.take(team.holder[account, quarter - 1]).to_numpy(),
            "new": names.take(new).to_numpy(),
            "changed_date": to_dates(quarters.starts[quarter]),
            "changed_by": names.iloc[-2],
        }
    )


def account_team(team: Team, traits: pd.DataFrame, account_ids: pd.Series, quarters: Quarters) -> pd.DataFrame:
    """The iron triangle of each account: AR as of today, SR and FR where the account has them, a sponsor for the big."""
    count = len(traits)
    every = np.arange(count)
    big = np.flatnonzero(traits["size"] > 1.2)
    threaded = ~traits["single_threaded"].to_numpy()
    with_sr, with_fr = every[threaded & (traits["size"] > -0.5)], every[threaded & (traits["size"] > 0.0)]
    accounts = np.concatenate([every, with_sr, with_fr, big])
    people = np.concatenate(
        [team.holder[:, -1], team.solution[with_sr], team.fulfilment[with_fr], np.full(len(big), len(team.owners) - 2)]
    )
    sizes = [count, len(with_sr), len(with_fr), len(big)]
    return pd.DataFrame(
        {
            "member_id": make_ids("M", len(accounts)),
            "account_id": account_ids.take(accounts).to_numpy(),
            "owner_id": team.owners["owner_id"].take(people).to_numpy(),
            "role": np.repeat(["AR", "SR", "FR", "sponsor"], sizes),
            "valid_from": to_dates(quarters.workday(traits["created"].to_numpy()[accounts])),
        }
    )
