"""One row per term of a contract: what it brings beside the orders, and whether it was renewed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.describe.engine import query

#: Agreements to order, by their meaning: what is called off is an order.
AGREEMENTS = ("strategic", "framework")
#: What is known of the relationship at the end of a term.
COVARIATES = ("activities_12m", "cases_12m", "satisfaction")


def contract_terms(
    clean: Path, as_of: dt.date, *, grace_days: int = 90, call_offs: float = 0.10, frozen: bool = False
) -> pd.DataFrame:
    """Tell of every contract what it brings beside the orders, its place in the row of renewals, and how it ended.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Only contracts signed by then are known, and only what happened by then.
    grace_days : int
        A contract that starts within so many days of the end of another of its account and kind renews it; at most
        half its term, so that monthly contracts are told apart.
    call_offs : float
        Share of the money of a kind of contracts that may have been ordered against them; a kind with more is an
        agreement to order.
    frozen : bool
        The date lies before the export: whether a contract has ended early has no history and is not used.

    Returns
    -------
    DataFrame
        ``contract_id, account_id, kind, start_date, end_date, amount`` (of the whole term), ``booked`` (ordered against
        it), ``own_amount`` (money that no order holds: 0 for agreements to order, else amount less booked), ``period``
        (1 for the first term, 2 after one renewal …), ``renewed`` (empty while it is open), ``activities_12m,
        cases_12m, satisfaction`` at its end; sorted by ``contract_id``. Contracts without a first and a last day are no
        terms, and those without an amount bring nothing that is known. One that its status calls ended before its last
        day ends at ``as_of`` with what was due until then: it brings nothing more and was not renewed, unless another
        followed.
    """
    terms = query(clean, "terms", as_of=as_of, margin=1.0, frozen=frozen)
    terms["own_amount"] = _own_amounts(terms, pd.Timestamp(as_of), call_offs)
    renewals = _renewals(terms, grace_days)
    periods: dict[str, int] = {}
    for contract in terms.sort_values(["start_date", "contract_id"])["contract_id"]:
        periods[contract] = 1 + periods.get(renewals.get(contract, ""), 0)
    terms["period"] = terms["contract_id"].map(periods).astype("int64")
    went_on = terms["contract_id"].isin(list(renewals.values()))
    over = terms.pop("ended_early") | (terms["end_date"] + _grace(terms, grace_days) < pd.Timestamp(as_of))
    terms["renewed"] = went_on.astype("boolean").where(went_on | over)
    return terms


def contract_kinds(terms: pd.DataFrame) -> pd.DataFrame:
    """Tell of every kind of contracts how much of its money is in the orders, and how often it was renewed.

    Parameters
    ----------
    terms : DataFrame
        As from ``contract_terms``.

    Returns
    -------
    DataFrame
        ``kind, n_contracts, amount, booked`` (ordered against them), ``own_amount`` (beside the orders), ``decided``
        (terms that ended), ``renewed`` (of them), most money first.
    """
    columns = {
        "n_contracts": ("contract_id", "size"),
        "amount": ("amount", "sum"),
        "booked": ("booked", "sum"),
        "own_amount": ("own_amount", "sum"),
        "decided": ("renewed", "count"),
        "renewed": ("renewed", "sum"),
    }
    counted = terms.groupby("kind").agg(**columns).reset_index().astype({"renewed": "int64"})
    return counted.sort_values(["amount", "kind"], ascending=[False, True], ignore_index=True)


def _own_amounts(terms: pd.DataFrame, as_of: pd.Timestamp, call_offs: float) -> pd.Series:
    """What each contract brings that no order holds; a kind that is called off in orders brings nothing of its own."""
    amount = terms["amount"].clip(lower=0.0)
    elapsed = (as_of - terms["start_date"]) / (terms["end_date"] - terms["start_date"])
    due = (amount * elapsed.clip(0.0, 1.0)).groupby(terms["kind"]).transform("sum")
    booked = terms["booked"].clip(upper=amount).groupby(terms["kind"]).transform("sum")
    called_off = terms["kind"].isin(AGREEMENTS) | (booked > call_offs * due)
    return (amount - terms["booked"]).clip(lower=0.0).mask(called_off, 0.0).fillna(0.0)


def _grace(terms: pd.DataFrame, days: int) -> pd.Series:
    half = (terms["end_date"] - terms["start_date"]) / 2
    return half.where(half < pd.Timedelta(days=days), pd.Timedelta(days=days))


def _renewals(terms: pd.DataFrame, grace_days: int) -> dict[str, str]:
    """Contract → the one that it renews; of several that start on one day, the first renews the first."""
    if terms.empty:
        return {}
    same = ["account_id", "kind"]
    ordered = terms.sort_values(["amount", "contract_id"])
    copies = ordered.assign(copy=ordered.groupby([*same, "start_date"]).cumcount(), grace=_grace(ordered, grace_days))
    before = copies[["contract_id", *same, "copy", "start_date", "end_date"]]
    before = before.rename(columns={"contract_id": "renews", "start_date": "began"})
    pairs = pd.merge_asof(
        copies.drop(columns="end_date").sort_values("start_date"),
        before.assign(ended=before["end_date"]).sort_values("end_date"),
        left_on="start_date",
        right_on="end_date",
        by=[*same, "copy"],
        direction="nearest",
        tolerance=pd.Timedelta(days=grace_days),
    )
    in_time = (pairs["start_date"] - pairs["ended"]).abs() <= pairs["grace"]
    pairs = pairs[in_time & (pairs["began"] < pairs["start_date"])]
    return dict(zip(pairs["contract_id"], pairs["renews"], strict=True))
