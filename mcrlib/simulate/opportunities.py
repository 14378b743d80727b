"""The deals in the CRM: their records, their way through the stages, and who of theirs took part."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.periods import make_ids, running_number, to_dates
from mcrlib.simulate.products import LINES
from mcrlib.simulate.world import World

Array = np.ndarray
STAGES = np.array(["lead", "qualify", "develop", "propose", "negotiate"], dtype=object)
_CHANCES = np.array([0.05, 0.15, 0.30, 0.50, 0.75])
_REASONS = np.array(
    ["Price", "Competitor relationship", "No budget", "Delivery time", "Not on the short list", "Project stopped"],
    dtype=object,
)
_REASON_SHARES = (0.34, 0.26, 0.12, 0.12, 0.06, 0.10)
_RIVALS = np.array(["Norvik", "Tessera", "华拓", "Brightwell", "德昌"], dtype=object)
_TYPES = np.array(["new", "pilot", "expansion", "renewal"], dtype=object)
_PARTS = np.array(["Decision Maker", "Evaluator", "User", "Influencer"], dtype=object)


def opportunity_table(w: World) -> pd.DataFrame:
    """The opportunity table of the CRM; for one lost deal in four nobody wrote down why."""
    rng, deals = w.stream("opportunities"), w.deals
    count, status = len(deals), deals["status"]
    lost, is_open = (status == "lost").to_numpy(), (status == "open").to_numpy()
    ids = w.deal_id(np.arange(count))
    stage = pd.Series(np.where(is_open, STAGES[deals["reached"]], status), dtype="str")
    line = pd.Series(LINES[deals["product_line"]], dtype="str")
    kind = pd.Series(_TYPES[deals["type"]], dtype="str")
    chance = np.clip(_CHANCES[deals["reached"]] + 0.08 * rng.standard_normal(count), 0.01, 0.95).round(2)
    slipped = deals["close"] + 0.35 * rng.standard_normal(count)
    earliest = np.where(is_open, w.quarters.count - 0.3, deals["created"])
    reason = pd.Series(rng.choice(_REASONS, size=count, p=_REASON_SHARES), dtype="str")
    rival = pd.Series(rng.choice(_RIVALS, size=count), dtype="str")
    return pd.DataFrame(
        {
            "opportunity_id": ids,
            "account_id": w.account_id(deals["account"]),
            "opportunity_name": line + " " + kind + " " + ids,
            "owner_id": w.owner_id(deals["owner"]),
            "amount": deals["amount"],
            "stage": stage,
            "stage_std": stage,
            "status": status,
            "probability": np.select([status == "won", is_open], [1.0, chance], 0.0),
            "created_date": to_dates(w.quarters.workday(deals["created"].to_numpy())),
            "expected_close_date": to_dates(w.quarters.workday(np.maximum(slipped, earliest))),
            "closed_date": to_dates(w.quarters.workday(np.where(is_open, np.nan, deals["close"]))),
            "lost_reason": reason.where(lost & (rng.random(count) > 0.25)),
            "competitor": rival.where(~is_open & (rng.random(count) < 0.6)),
            "opportunity_type": kind,
            "product_line": line,
            "list_amount": deals["list_amount"],
            "discount_rate": deals["discount"],
            "cost": deals["cost"],
            "lead_source": w.referrals.source,
            "referrer_id": w.account_id(w.referrals.referrer),
            "is_strategic": deals["amount"] > 400_000,
        }
    )


def stage_history(w: World) -> pd.DataFrame:
    """Each step of each deal up the stages, and its end; now and then a stage is skipped."""
    rng, deals = w.stream("stages"), w.deals
    count, steps = len(deals), len(STAGES) + 1
    pace = np.sort(rng.random((count, steps - 2)), axis=1)
    share = np.concatenate([np.zeros((count, 1)), pace, np.ones((count, 1))], axis=1)
    span = np.minimum(deals["close"], w.quarters.count - 0.01) - deals["created"]
    time = deals["created"].to_numpy()[:, None] + share * span.to_numpy()[:, None]
    happened = np.arange(steps) <= deals["reached"].to_numpy()[:, None]
    happened[:, 1:-1] &= rng.random((count, steps - 2)) > 0.06
    happened[:, -1] = deals["status"] != "open"
    deal, step = np.nonzero(happened)
    ends = deals["status"].to_numpy(dtype=object)
    new = pd.Series(np.where(step == steps - 1, ends[deal], np.append(STAGES, "")[step]), dtype="str")
    return pd.DataFrame(
        {
            "change_id": make_ids("G", len(deal)),
            "object_id": w.deal_id(deal),
            "old": new.shift(1).mask(step == 0),
            "new": new,
            "changed_date": to_dates(w.quarters.workday(time[deal, step])),
            "changed_by": w.owner_id(deals["owner"].to_numpy()[deal]),
        }
    )


def opportunity_contact_table(w: World) -> pd.DataFrame:
    """Who takes part in each deal: many where it was sown widely, one where a single seller kept it."""
    rng, circle = w.stream("deal contacts"), w.circle
    account = w.deals["account"].to_numpy()
    number = np.minimum(w.deals["people"].to_numpy(), circle.pool[account])
    deal, turn = np.repeat(np.arange(len(account)), number), running_number(number)
    begin = rng.integers(circle.pool[account])
    rank = (begin[deal] + turn) % circle.pool[account[deal]]
    return pd.DataFrame(
        {
            "opportunity_contact_id": make_ids("DK", len(deal), width=5),
            "opportunity_id": w.deal_id(deal),
            "contact_id": w.contact_id(circle.first[account[deal]] + rank),
            "role": rng.choice(_PARTS, size=len(deal)),
            "is_primary": turn == 0,
        }
    )
