"""What follows the sale: agreements, payments, cases and the marks that customers give."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.periods import make_ids, to_dates
from mcrlib.simulate.world import World

_CAUSES = np.array(["Late delivery", "Defect", "Wrong item", "Documentation", "Slow answer"], dtype=object)


def contract_table(w: World) -> pd.DataFrame:
    """Agreements: those signed with a deal that was sown well, and framework agreements of the big customers."""
    rng, traits, last = w.stream("contracts"), w.traits, w.quarters.count
    signed = w.deals[w.deals["won"] & w.deals["agreement"]]
    framed = (traits["size"] > 0.7) & (traits["start"] < last - 1) & (rng.random(len(traits)) < 0.6)
    big = traits[framed]
    begin = np.maximum(big["start"], 0) + rng.uniform(0, 6, len(big))
    drawn = pd.DataFrame(
        {
            "account": np.concatenate([signed["account"], big.index]),
            "time": np.concatenate([signed["close"], begin]),
            "strategic": np.concatenate([rng.random(len(signed)) < 0.15, big["size"] > 1.4]),
            "value": np.concatenate([signed["amount"], 4 * np.exp(big["log_spend"])]),
        }
    )
    drawn = drawn[drawn["time"] < last].sort_values(["time", "account"], ignore_index=True)
    count, strategic = len(drawn), drawn["strategic"].to_numpy()
    years = rng.choice([1, 2, 3], size=count, p=[0.4, 0.3, 0.3])
    start = w.quarters.workday(drawn["time"].to_numpy())
    end = start + (365 * years).astype("timedelta64[D]")
    ids, kind = make_ids("F", count), pd.Series(np.where(strategic, "strategic", "framework"), dtype="str")
    return pd.DataFrame(
        {
            "contract_id": ids,
            "account_id": w.account_id(drawn["account"]),
            "contract_name": kind.str.capitalize() + " agreement " + ids,
            "kind": kind,
            "signed_date": to_dates(start),
            "start_date": to_dates(start),
            "end_date": to_dates(end),
            "amount": np.round(drawn["value"] * years, -2),
            "is_exclusive": strategic & (rng.random(count) < 0.3),
            "locked_projects": np.where(strategic, rng.poisson(2.0, count), 0),
            "status": np.where(end > np.datetime64(w.quarters.end), "active", "ended"),
        }
    )


def payment_table(w: World, orders: pd.DataFrame) -> pd.DataFrame:
    """What came in for the valid orders of the last two years; each customer pays in its own time."""
    rng, end = w.stream("payments"), pd.Timestamp(w.quarters.end)
    recent = orders["order_date"] > end - pd.Timedelta(days=730)
    due = orders[recent & (orders["status"] == "valid")].reset_index(drop=True)
    temper = rng.normal(10.0, 12.0, len(w.traits))
    account = pd.Index(w.account_id(np.arange(len(w.traits)))).get_indexer(due["account_id"])
    wait = np.maximum(-30, np.round(temper[account] + rng.exponential(8.0, len(due))))
    due_date = due["order_date"] + pd.Timedelta(days=45)
    paid = due_date + pd.Series(wait.astype("timedelta64[D]"))
    return pd.DataFrame(
        {
            "payment_id": make_ids("R", len(due), width=5),
            "account_id": due["account_id"],
            "order_id": due["order_id"],
            "due_date": due_date,
            "due_amount": due["amount"],
            "paid_date": paid.where(paid <= end),
            "amount": due["amount"].where(paid <= end),
        }
    )


def _draw_cases(w: World, rng: np.random.Generator) -> pd.DataFrame:
    """Account, time and damage of each case: the less satisfied the more, and those that a badly made deal leaves."""
    mood, effect = w.loyalty.satisfaction, w.p.case_on_satisfaction
    load = w.p.case_rate / 4 * np.exp(-effect * mood - effect**2 / 2) * w.present
    account, quarter = np.nonzero(rng.poisson(load))
    harm = w.deals[w.deals["won"] & w.deals["damage"]]
    drawn = pd.DataFrame(
        {
            "account": np.concatenate([account, harm["account"]]),
            "time": np.concatenate(
                [quarter + rng.random(len(quarter)), harm["close"] + rng.uniform(0.1, 1.8, len(harm))]
            ),
            "damage": np.repeat([False, True], [len(account), len(harm)]),
        }
    )
    return drawn[drawn["time"] < w.quarters.count].sort_values(["time", "account"], ignore_index=True)


def case_table(w: World) -> pd.DataFrame:
    """Cases; where the customer is not content they are worse and stay open longer."""
    rng, end = w.stream("cases"), np.datetime64(w.quarters.end)
    drawn = _draw_cases(w, rng)
    count, account, damage = len(drawn), drawn["account"].to_numpy(), drawn["damage"].to_numpy()
    mood = w.loyalty.satisfaction[account, drawn["time"].astype(int)]
    kind = rng.choice(["complaint", "issue", "question", "delivery"], count, p=[0.25, 0.35, 0.3, 0.1])
    severity = np.clip(np.round(2.8 + 0.5 * mood - 0.8 * damage + 0.7 * rng.standard_normal(count)), 1, 4)
    open_days = np.round(np.exp(2.2 - 0.4 * mood + 0.8 * rng.standard_normal(count)) + 1)
    opened = w.quarters.workday(drawn["time"].to_numpy())
    closed = opened + open_days.astype("timedelta64[D]")
    done = closed <= end
    mark = np.clip(np.round(3.6 + 0.7 * mood + 0.7 * rng.standard_normal(count)), 1, 5)
    return pd.DataFrame(
        {
            "case_id": make_ids("C", count),
            "account_id": w.account_id(account),
            "contact_id": w.contact_id(w.circle.first[account] + rng.integers(w.circle.pool[account])),
            "kind": np.where(damage, "delivery", kind),
            "severity": severity.astype(int),
            "opened_date": to_dates(opened),
            "closed_date": to_dates(np.where(done, closed, np.datetime64("NaT", "D"))),
            "status": np.where(done, "Closed", "Open"),
            "reopened": rng.binomial(2, 0.06, count),
            "root_cause": pd.Series(rng.choice(_CAUSES, size=count), dtype="str").mask(rng.random(count) < 0.2),
            "owner_id": w.owner_id(w.team.fulfilment[account]),
            "satisfaction": pd.Series(mark).where(done & (rng.random(count) < 0.5)),
        }
    )


def survey_table(w: World) -> pd.DataFrame:
    """Marks that show satisfaction with noise: recommendation (0-10) and marks after a visit (1-5)."""
    rng = w.stream("surveys")
    asked = (rng.random(w.present.shape) < w.p.survey_rate / 4) & w.present
    quarter, account = np.nonzero(asked.T)
    count = len(account)
    mood = w.loyalty.satisfaction[account, quarter] + 0.6 * rng.standard_normal(count)
    nps = rng.random(count) < 0.6
    words = np.select([mood > 0.8, mood < -0.8], ["Quick and reliable", "Promises were not kept"], "")
    return pd.DataFrame(
        {
            "survey_id": make_ids("Q", count),
            "account_id": w.account_id(account),
            "contact_id": w.contact_id(w.circle.first[account] + rng.integers(w.circle.pool[account])),
            "kind": np.where(nps, "nps", "csat"),
            "score": np.where(
                nps, np.clip(np.round(7.4 + 1.6 * mood), 0, 10), np.clip(np.round(3.7 + 0.8 * mood), 1, 5)
            ),
            "scale_min": np.where(nps, 0.0, 1.0),
            "scale_max": np.where(nps, 10.0, 5.0),
            "survey_date": to_dates(w.quarters.workday(quarter + rng.random(count))),
            "verbatim": pd.Series(words, dtype="str").where((words != "") & (rng.random(count) < 0.6)),
        }
    )
