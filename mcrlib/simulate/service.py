"""What follows the sale: agreements, payments, cases and the marks that customers give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.contacts import Circle
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.people import Team
from mcrlib.simulate.periods import Quarters, make_ids, to_dates

Array = np.ndarray
_CAUSES = np.array(["Late delivery", "Defect", "Wrong item", "Documentation", "Slow answer"], dtype=object)


def contract_table(
    traits: pd.DataFrame, deals: pd.DataFrame, account_ids: pd.Series, quarters: Quarters, seed: int
) -> pd.DataFrame:
    """Agreements: those signed with a deal that was sown well, and yearly framework agreements of the big customers."""
    rng = stream(seed, "contracts")
    signed = deals[deals["won"] & deals["agreement"]]
    big = np.flatnonzero(
        (traits["size"] > 0.7) & (traits["start"] < quarters.count - 1) & (rng.random(len(traits)) < 0.6)
    )
    begin = np.maximum(traits["start"].to_numpy()[big], 0) + rng.uniform(0, 6, len(big))
    account = np.concatenate([signed["account"], big]).astype(int)
    time = np.concatenate([signed["close"], begin])
    strategic = np.concatenate([rng.random(len(signed)) < 0.15, traits["size"].to_numpy()[big] > 1.4])
    value = np.concatenate([signed["amount"], 4 * np.exp(traits["log_spend"].to_numpy()[big])])
    kept = time < quarters.count
    account, time, strategic, value = (values[kept] for values in (account, time, strategic, value))
    years = rng.choice([1, 2, 3], size=len(account), p=[0.4, 0.3, 0.3])
    start = quarters.workday(time)
    end = start + (365 * years).astype("timedelta64[D]")
    exclusive = strategic & (rng.random(len(account)) < 0.3)
    kind = np.where(strategic, "strategic", "framework")
    ids = make_ids("F", len(account))
    return pd.DataFrame(
        {
            "contract_id": ids,
            "account_id": account_ids.take(account).to_numpy(),
            "contract_name": pd.Series(kind, dtype="str").str.capitalize() + " agreement " + ids,
            "kind": kind,
            "signed_date": to_dates(start),
            "start_date": to_dates(start),
            "end_date": to_dates(end),
            "amount": np.round(value * years, -2),
            "is_exclusive": exclusive,
            "locked_projects": np.where(strategic, rng.poisson(2.0, len(account)), 0),
            "status": np.where(end > quarters.last_day, "active", "expired"),
        }
    )


def payment_table(orders: pd.DataFrame, seed: int, last_day: np.datetime64) -> pd.DataFrame:
    """What came in for the valid orders of the last two years; each customer pays in its own time."""
    rng = stream(seed, "payments")
    recent = orders["order_date"] > pd.Timestamp(last_day) - pd.Timedelta(days=730)
    due = orders[recent & (orders["status"] == "valid")]
    temper = due["account_id"].map(lambda key: (int(key[1:]) * 7919) % 40 - 5)
    wait = pd.to_timedelta(np.round(temper + rng.exponential(8.0, len(due))), unit="D")
    due_date = due["order_date"] + pd.Timedelta(days=45)
    paid = due_date + wait.to_numpy()
    came = paid <= pd.Timestamp(last_day)
    return pd.DataFrame(
        {
            "payment_id": make_ids("R", len(due), width=5).to_numpy(),
            "account_id": due["account_id"].to_numpy(),
            "order_id": due["order_id"].to_numpy(),
            "due_date": due_date.to_numpy(),
            "due_amount": due["amount"].to_numpy(),
            "paid_date": paid.where(came).to_numpy(),
            "amount": due["amount"].where(came).to_numpy(),
        }
    )


def case_table(
    traits: pd.DataFrame,
    satisfaction: Array,
    dropout: Array,
    deals: pd.DataFrame,
    circle: Circle,
    account_ids: pd.Series,
    contact_ids: pd.Series,
    team: Team,
    quarters: Quarters,
    p: Parameters,
    seed: int,
) -> pd.DataFrame:
    """Cases: the less satisfied, the more and the worse; and the damage that badly made deals leave behind."""
    rng = stream(seed, "cases")
    present = (np.arange(quarters.count) > traits["start"].to_numpy()[:, None]) & (
        np.arange(quarters.count) < dropout[:, None]
    )
    load = p.case_rate / 4 * np.exp(-p.case_on_satisfaction * satisfaction - p.case_on_satisfaction**2 / 2)
    account, quarter = np.nonzero(rng.poisson(load * present))
    harm = deals[deals["won"] & deals["damage"]]
    account = np.concatenate([account, harm["account"]]).astype(int)
    time = np.concatenate([quarter + rng.random(len(quarter)), harm["close"] + rng.uniform(0.1, 1.8, len(harm))])
    damage = np.arange(len(account)) >= len(quarter)
    kept = time < quarters.count
    account, time, damage = account[kept], time[kept], damage[kept]
    order = np.lexsort((account, time))
    account, time, damage = account[order], time[order], damage[order]
    count = len(account)
    mood = satisfaction[account, time.astype(int)]
    kind = np.where(
        damage, "delivery", rng.choice(["complaint", "issue", "question", "delivery"], count, p=[0.25, 0.35, 0.3, 0.1])
    )
    open_days = np.round(np.exp(2.2 - 0.4 * mood + 0.8 * rng.standard_normal(count)) + 1)
    opened = quarters.workday(time)
    closed = opened + open_days.astype("timedelta64[D]")
    done = closed <= quarters.last_day
    place = circle.first[account] + rng.integers(circle.pool[account])
    mark = np.clip(np.round(3.6 + 0.7 * mood + 0.7 * rng.standard_normal(count)), 1, 5)
    return pd.DataFrame(
        {
            "case_id": make_ids("C", count),
            "account_id": account_ids.take(account).to_numpy(),
            "contact_id": contact_ids.take(place).to_numpy(),
            "kind": kind,
            "severity": np.clip(
                np.round(2.8 + 0.5 * mood - 0.8 * damage + 0.7 * rng.standard_normal(count)), 1, 4
            ).astype(int),
            "opened_date": to_dates(opened),
            "closed_date": to_dates(np.where(done, closed, np.datetime64("NaT", "D"))),
            "status": np.where(done, "Closed", "Open"),
            "reopened": rng.binomial(2, 0.06, count),
            "root_cause": pd.Series(_CAUSES[rng.integers(5, size=count)], dtype="str").mask(rng.random(count) < 0.2),
            "owner_id": team.owners["owner_id"].take(team.fulfilment[account]).to_numpy(),
            "satisfaction": pd.Series(mark).where(done & (rng.random(count) < 0.5)),
        }
    )


def survey_table(
    traits: pd.DataFrame,
    satisfaction: Array,
    dropout: Array,
    circle: Circle,
    account_ids: pd.Series,
    contact_ids: pd.Series,
    quarters: Quarters,
    p: Parameters,
    seed: int,
) -> pd.DataFrame:
    """Marks that show satisfaction with noise: the yearly recommendation (0-10) and marks after a visit (1-5)."""
    rng = stream(seed, "surveys")
    asked = rng.random(satisfaction.shape) < p.survey_rate / 4
    asked &= (np.arange(quarters.count) > traits["start"].to_numpy()[:, None]) & (
        np.arange(quarters.count) < dropout[:, None]
    )
    quarter, account = np.nonzero(asked.T)
    count = len(account)
    mood = satisfaction[account, quarter] + 0.6 * rng.standard_normal(count)
    promoter = rng.random(count) < 0.6
    score = np.where(promoter, np.clip(np.round(7.4 + 1.6 * mood), 0, 10), np.clip(np.round(3.7 + 0.8 * mood), 1, 5))
    words = np.select([mood > 0.8, mood < -0.8], ["Quick and reliable", "Promises were not kept"], "")
    place = circle.first[account] + rng.integers(circle.pool[account])
    return pd.DataFrame(
        {
            "survey_id": make_ids("Q", count),
            "account_id": account_ids.take(account).to_numpy(),
            "contact_id": contact_ids.take(place).to_numpy(),
            "kind": np.where(promoter, "nps", "csat"),
            "score": score,
            "scale_min": np.where(promoter, 0.0, 1.0),
            "scale_max": np.where(promoter, 10.0, 5.0),
            "survey_date": to_dates(quarters.workday(quarter + rng.random(count))),
            "verbatim": pd.Series(words, dtype="str").where((words != "") & (rng.random(count) < 0.6)),
        }
    )
