"""The contact table: who the customers' people are, and how close they are to us."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.names import ENGLISH, name_people
from mcrlib.simulate.periods import to_dates
from mcrlib.simulate.world import World

Array = np.ndarray
_LEVELS = np.array(["exec", "senior", "middle", "base"], dtype=object)
_TITLES = np.array(
    [("General Manager", "总经理"), ("Director", "总监"), ("Manager", "经理"), ("Specialist", "专员")], dtype=object
)
_FUNCTIONS = np.array(["general_mgmt", "procurement", "technical", "user", "finance", "other"], dtype=object)
_FINANCE = 4
_DEPARTMENTS = np.array(
    [("Board office", "总裁办"), ("Procurement", "采购部"), ("Engineering", "技术部"), ("Operations", "生产部"),
     ("Finance", "财务部"), ("Administration", "行政部")], dtype=object,
)  # fmt: skip
_ROLES = np.array(
    ["decision_maker", "approver", "evaluator", "user", "influencer", "gatekeeper", "coach", "unknown"], dtype=object
)
_ROLE_CHANCES = np.array(
    [
        [0.50, 0.25, 0.05, 0.0, 0.10, 0.0, 0.05, 0.05],
        [0.20, 0.20, 0.25, 0.05, 0.15, 0.0, 0.05, 0.10],
        [0.03, 0.07, 0.30, 0.20, 0.15, 0.05, 0.05, 0.15],
        [0.0, 0.0, 0.10, 0.45, 0.05, 0.15, 0.05, 0.20],
    ]
)


def contact_table(w: World) -> pd.DataFrame:
    """One row per person ever reached, from the first quarter in which we reached them."""
    rng, circle = w.stream("contacts"), w.circle
    count = len(circle.account)
    level = rng.choice(4, size=count, p=[0.10, 0.22, 0.38, 0.30])
    function = rng.choice(6, size=count, p=[0.10, 0.26, 0.28, 0.20, 0.08, 0.08])
    role = _decision_role(level, function, rng)
    came, gone = _stay(w, rng)
    language = w.traits["language"].to_numpy()[circle.account]
    chinese = (language != ENGLISH).astype(int)
    holder = np.where(circle.exclusive, w.team.holder[circle.account, -1], w.team.solution[circle.account])
    often = (circle.reached[:, -8:][circle.account] > circle.rank[:, None]).mean(axis=1)
    mood = w.loyalty.satisfaction[circle.account, -1]
    return pd.DataFrame(
        {
            "contact_id": w.contact_id(np.arange(count)),
            "account_id": w.account_id(circle.account),
            "contact_name": name_people(language, rng),
            "title": _TITLES[level, chinese],
            "level": _LEVELS[level],
            "department": _DEPARTMENTS[function, chinese],
            "function": _FUNCTIONS[function],
            "decision_role": _ROLES[role],
            "is_key_person": role < 2,
            "owner_id": w.owner_id(holder),
            "intimacy": _marks(1 + 3 * often + 0.7 * rng.standard_normal(count), 0, 5, rng),
            "support": _marks(0.2 + 0.6 * mood + 0.8 * rng.standard_normal(count), -2, 2, rng),
            "status": np.where(np.isnan(gone), "active", "left"),
            "created_date": to_dates(w.quarters.workday(came)),
            "left_date": to_dates(w.quarters.workday(gone)),
        }
    )


def _stay(w: World, rng: np.random.Generator) -> tuple[Array, Array]:
    """When each person was first reached, and when those left whom we reach no more (quarters; not-a-number: never)."""
    account, last = w.circle.account, w.quarters.count
    inside = w.circle.reached[account] > w.circle.rank[:, None]
    created = w.traits["created"].to_numpy()[account]
    came = np.maximum(inside.argmax(axis=1), created)
    known_before = inside[:, 0] & (created < 0)
    came = np.where(known_before, created * rng.random(len(account)), came)
    after = last - inside[:, ::-1].argmax(axis=1)
    leaves = inside.any(axis=1) & (after < last) & (rng.random(len(account)) < 0.3)
    return came, np.where(leaves, after + rng.random(len(account)) * (last - after), np.nan)


def _decision_role(level: Array, function: Array, rng: np.random.Generator) -> Array:
    role = (rng.random(len(level))[:, None] > _ROLE_CHANCES.cumsum(axis=1)[level]).sum(axis=1)
    approves = (function == _FINANCE) & (rng.random(len(level)) < 0.4)
    return np.where(approves, 1, np.minimum(role, len(_ROLES) - 1))


def _marks(value: Array, low: int, high: int, rng: np.random.Generator) -> pd.Series:
    """Marks that people recorded for about half of the contacts."""
    return pd.Series(np.clip(np.round(value), low, high)).mask(rng.random(len(value)) < 0.45)
