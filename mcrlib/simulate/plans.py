"""What was planned, promised and spent: targets, relationship plans, commitments and costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.periods import make_ids, to_dates
from mcrlib.simulate.traits import SALINE
from mcrlib.simulate.world import World

_ACTIONS = np.array(
    ["Write the account strategy", "Draw the decision chain", "Complete the account facts", "Visit the key person",
     "Executive meeting", "Reach a new department", "Hold the agreed contacts", "Record every visit",
     "Close the complaint"],
    dtype=object,
)  # fmt: skip
_RELATIONS = np.array(["info", "key", "info", "key", "org", "general", "general", "info", "satisfaction"], dtype=object)


def target_table(w: World, orders: pd.DataFrame) -> pd.DataFrame:
    """Yearly revenue targets of the company, each region and each seller, set from what was sold the year before."""
    rng = w.stream("targets")
    sold = orders.loc[orders["status"] == "valid", ["owner_id", "order_date", "amount"]].copy()
    sold["year"] = sold["order_date"].dt.year
    sold["region"] = sold["owner_id"].map(w.team.owners.set_index("owner_id")["region"])
    scopes = {"company": ["year"], "region": ["year", "region"], "user": ["year", "owner_id"]}
    parts = []
    for scope, keys in scopes.items():
        part = sold.groupby(keys, as_index=False)["amount"].sum()
        part["scope_type"] = scope
        part["scope_id"] = "all" if scope == "company" else part[keys[-1]]
        parts.append(part[["scope_type", "scope_id", "year", "amount"]])
    goals = pd.concat(parts, ignore_index=True)
    goals = goals[goals["year"] < w.quarters.end.year].reset_index(drop=True)
    stretch = rng.normal(1.08, 0.10, len(goals))
    return pd.DataFrame(
        {
            "target_id": make_ids("T", len(goals)),
            "scope_type": goals["scope_type"],
            "scope_id": goals["scope_id"],
            "period": to_dates(pd.to_datetime((goals["year"] + 1).astype("str") + "-01-01").to_numpy()),
            "metric": "revenue",
            "target": (goals["amount"] * stretch).round(-3),
        }
    )


def plan_table(w: World) -> pd.DataFrame:
    """Actions planned for S and A accounts in the last six quarters; most are done, some late, some never."""
    rng = w.stream("plans")
    chosen = np.flatnonzero(w.tier <= 1)
    number = rng.integers(3, 8, len(chosen))
    account = np.repeat(chosen, number)
    action = rng.integers(9, size=len(account))
    due = w.quarters.count - rng.uniform(-1.0, min(6, w.quarters.count), len(account))
    done = due + rng.normal(0.0, 0.3, len(account))
    happened = (done < w.quarters.count) & (rng.random(len(account)) < 0.75)
    return pd.DataFrame(
        {
            "plan_id": make_ids("N", len(account)),
            "account_id": w.account_id(account),
            "relation": _RELATIONS[action],
            "action_no": action + 1,
            "text": _ACTIONS[action],
            "owner_id": w.owner_id(w.team.holder[account, -1]),
            "due_date": to_dates(w.quarters.workday(due)),
            "done_date": to_dates(w.quarters.workday(np.where(happened, done, np.nan))),
            "quality": pd.Series(np.clip(np.round(rng.normal(3.5, 0.8, len(account))), 1, 5)).where(happened),
        }
    )


def commitment_table(w: World) -> pd.DataFrame:
    """Promises to S, A and B accounts; where the customer is content, more of them were kept."""
    rng = w.stream("commitments")
    account = np.flatnonzero((w.tier <= 2) & (w.traits["start"] < w.quarters.count))
    account = np.repeat(account, rng.poisson(3.0, len(account)))
    promised = w.quarters.count - rng.uniform(0.0, min(12, w.quarters.count), len(account))
    holder = w.team.holder[account, promised.astype(int)]
    due = promised + rng.uniform(0.1, 0.7, len(account))
    mood = w.loyalty.satisfaction[account, promised.astype(int)]
    late = rng.random(len(account)) > 1 / (1 + np.exp(-1.2 - 0.8 * mood))
    kept = due + np.where(late, rng.exponential(0.6, len(account)), -0.08 * rng.random(len(account)))
    never = late & (rng.random(len(account)) < 0.3)
    return pd.DataFrame(
        {
            "commitment_id": make_ids("W", len(account)),
            "account_id": w.account_id(account),
            "promised_by": w.owner_id(holder),
            "promised_date": to_dates(w.quarters.workday(promised)),
            "due_date": to_dates(w.quarters.workday(due)),
            "kept_date": to_dates(w.quarters.workday(np.where(never | (kept >= w.quarters.count), np.nan, kept))),
        }
    )


def cost_table(w: World) -> pd.DataFrame:
    """Costs of the last twelve quarters beyond the goods: selling, travel and service, and what saline land costs."""
    rng = w.stream("costs")
    first = max(0, w.quarters.count - 12)
    saline = (w.traits["market"] == SALINE).to_numpy()
    account, quarter = np.nonzero((w.circle.reached[:, first:] > 0) & ((w.tier <= 1) | saline)[:, None])
    quarter = quarter + first
    people = w.circle.reached[account, quarter]
    kind = np.where(
        saline[account], "strategic", rng.choice(["sales", "travel", "service"], len(account), p=[0.5, 0.3, 0.2])
    )
    amount = np.round(
        900 * people * np.exp(0.5 * rng.standard_normal(len(account))) * np.where(saline[account], 4, 1), 2
    )
    return pd.DataFrame(
        {
            "cost_id": make_ids("X", len(account)),
            "account_id": w.account_id(account),
            "period": to_dates(w.quarters.starts[quarter].astype("datetime64[M]").astype("datetime64[D]")),
            "cost_type": kind,
            "amount": amount,
            "owner_id": w.owner_id(w.team.holder[account, quarter]),
        }
    )
