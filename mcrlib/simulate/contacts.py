"""The customers' people: how many of them we reach, who they are, and who takes part in a deal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.names import ENGLISH, SIMPLIFIED, name_people
from mcrlib.simulate.parameters import stream
from mcrlib.simulate.people import Team
from mcrlib.simulate.periods import Quarters, make_ids, running_number, to_dates

Array = np.ndarray
LEVELS = ("exec", "senior", "middle", "base")
FUNCTIONS = ("general_mgmt", "procurement", "technical", "user", "finance", "other")
_ROLES = ("decision_maker", "approver", "evaluator", "user", "influencer", "gatekeeper", "coach", "unknown")
_TITLES = {
    "exec": ("总经理", "General Manager"),
    "senior": ("总监", "Director"),
    "middle": ("经理", "Manager"),
    "base": ("专员", "Specialist"),
}
_DEPARTMENTS = {
    "general_mgmt": ("总裁办", "Board office"),
    "procurement": ("采购部", "Procurement"),
    "technical": ("技术部", "Engineering"),
    "user": ("生产部", "Operations"),
    "finance": ("财务部", "Finance"),
    "other": ("行政部", "Administration"),
}
MOST_CONTACTS = 40


@dataclass(frozen=True)
class Circle:
    """People at the customers: ``reached`` (accounts × quarters) are in touch, the first ranks of each account.

    ``first`` is the place of each account's first contact in the contact table, ``pool`` how many it has there.
    """

    reached: Array
    pool: Array
    first: Array


def draw_circle(traits: pd.DataFrame, log_breadth: Array, seed: int) -> Circle:
    """How many people of each account are in touch with us each quarter; on average the breadth."""
    rng = stream(seed, "circle")
    reached = np.floor(np.exp(log_breadth) + rng.random(log_breadth.shape)).astype(np.int16)
    known = np.arange(1, log_breadth.shape[1] + 1) > traits["created"].to_numpy()[:, None]
    reached = np.where(known, np.minimum(reached, MOST_CONTACTS), 0)
    pool = np.maximum(1, reached.max(axis=1)).astype(int)
    return Circle(reached, pool, np.cumsum(pool) - pool)


def contact_table(
    traits: pd.DataFrame,
    circle: Circle,
    account_ids: pd.Series,
    english: Array,
    team: Team,
    satisfaction: Array,
    quarters: Quarters,
    seed: int,
) -> pd.DataFrame:
    """The contact table: one row per person ever reached, from the first quarter in which we reached them."""
    rng = stream(seed, "contacts")
    account = np.repeat(np.arange(len(traits)), circle.pool)
    rank = running_number(circle.pool)
    count = len(account)
    level = rng.choice(4, size=count, p=[0.10, 0.22, 0.38, 0.30])
    function = rng.choice(6, size=count, p=[0.10, 0.26, 0.28, 0.20, 0.08, 0.08])
    role = _decision_role(level, function, rng)
    came, gone = _stay(traits, circle, account, rank, quarters, rng)
    language = np.where(english[account], ENGLISH, SIMPLIFIED)
    holder = np.where(_exclusive(traits, account, seed), team.holder[account, -1], team.solution[account])
    often = (circle.reached[:, -8:][account] > rank[:, None]).mean(axis=1)
    mood = satisfaction[account, -1]
    return pd.DataFrame(
        {
            "contact_id": make_ids("K", count, width=5),
            "account_id": account_ids.take(account).to_numpy(),
            "contact_name": name_people(language, rng),
            "title": _worded(_TITLES, LEVELS, level, english[account]),
            "level": np.array(LEVELS, dtype=object)[level],
            "department": _worded(_DEPARTMENTS, FUNCTIONS, function, english[account]),
            "function": np.array(FUNCTIONS, dtype=object)[function],
            "decision_role": np.array(_ROLES, dtype=object)[role],
            "is_key_person": role < 2,
            "owner_id": team.owners["owner_id"].take(holder).to_numpy(),
            "intimacy": _marks(1 + 3 * often + 0.7 * rng.standard_normal(count), 0, 5, rng),
            "support": _marks(0.2 + 0.6 * mood + 0.8 * rng.standard_normal(count), -2, 2, rng),
            "status": np.where(np.isnan(gone), "active", "left"),
            "created_date": to_dates(quarters.workday(came)),
            "left_date": to_dates(quarters.workday(gone)),
        }
    )


def _stay(
    traits: pd.DataFrame, circle: Circle, account: Array, rank: Array, quarters: Quarters, rng: np.random.Generator
) -> tuple[Array, Array]:
    """When each person was first reached, and when those whom we reach no more left (quarters; not-a-number: never)."""
    inside = circle.reached[account] > rank[:, None]
    ever = inside.any(axis=1)
    created = traits["created"].to_numpy()[account]
    first = np.where(ever, np.maximum(inside.argmax(axis=1), created), np.maximum(created, 0))
    came = np.where(inside[:, 0] & (created < 0), np.maximum(created, -24) * rng.random(len(account)), first)
    after = inside.shape[1] - inside[:, ::-1].argmax(axis=1)
    leaves = ever & (after < quarters.count) & (rng.random(len(account)) < 0.3)
    return came, np.where(leaves, after + rng.random(len(account)) * (quarters.count - after), np.nan)


def _exclusive(traits: pd.DataFrame, account: Array, seed: int) -> Array:
    """Contacts that only the owner of the account speaks with: the share of them is the person-held share."""
    return stream(seed, "exclusive").random(len(account)) < traits["person_held"].to_numpy()[account]


def exclusive_contacts(traits: pd.DataFrame, circle: Circle, seed: int) -> Array:
    """For each row of the contact table: whether only the owner of the account speaks with this person."""
    return _exclusive(traits, np.repeat(np.arange(len(traits)), circle.pool), seed)


def _decision_role(level: Array, function: Array, rng: np.random.Generator) -> Array:
    chances = np.array(
        [
            [0.50, 0.25, 0.05, 0.0, 0.10, 0.0, 0.05, 0.05],
            [0.20, 0.20, 0.25, 0.05, 0.15, 0.0, 0.05, 0.10],
            [0.03, 0.07, 0.30, 0.20, 0.15, 0.05, 0.05, 0.15],
            [0.0, 0.0, 0.10, 0.45, 0.05, 0.15, 0.05, 0.20],
        ]
    ).cumsum(axis=1)
    role = (rng.random(len(level))[:, None] > chances[level]).sum(axis=1)
    return np.where((function == 4) & (rng.random(len(level)) < 0.4), 1, np.minimum(role, len(_ROLES) - 1))


def _worded(words: dict[str, tuple[str, str]], codes: tuple[str, ...], code: Array, english: Array) -> Array:
    table = np.array([words[name] for name in codes], dtype=object)
    return table[code, english.astype(int)]


def _marks(value: Array, low: int, high: int, rng: np.random.Generator) -> pd.Series:
    """Marks that people recorded for about half of the contacts."""
    return pd.Series(np.clip(np.round(value), low, high)).mask(rng.random(len(value)) < 0.45)


def opportunity_contact_table(
    deals: pd.DataFrame, circle: Circle, contact_ids: pd.Series, deal_ids: pd.Series, seed: int
) -> pd.DataFrame:
    """Who takes part in each deal: many where it was sown widely, one where a single seller kept it."""
    rng = stream(seed, "deal contacts")
    account = deals["account"].to_numpy()
    number = np.minimum(deals["people"].to_numpy(), circle.pool[account])
    deal = np.repeat(np.arange(len(deals)), number)
    turn = running_number(number)
    begin = rng.integers(circle.pool[account])
    place = circle.first[account[deal]] + (begin[deal] + turn) % circle.pool[account[deal]]
    return pd.DataFrame(
        {
            "opportunity_contact_id": make_ids("DK", len(deal), width=5),
            "opportunity_id": deal_ids.take(deal).to_numpy(),
            "contact_id": contact_ids.take(place).to_numpy(),
            "role": rng.choice(
                np.array(["Decision Maker", "Evaluator", "User", "Influencer"], dtype=object), len(deal)
            ),
            "is_primary": turn == 0,
        }
    )
