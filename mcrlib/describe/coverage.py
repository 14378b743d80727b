"""How much of the dictionary the exports fill, how fresh they are, and why rows were set aside."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mcrlib import schema
from mcrlib.describe.engine import query
from mcrlib.read.snapshots import earlier_snapshots
from mcrlib.run import Run
from mcrlib.settings import Thresholds

#: What the later chapters read beyond accounts and orders.
WANTED: dict[str, list[str]] = {
    "accounts": ["owner_id", "industry", "region", "parent_account_id", "tier_crm", "city", "credit_code"],
    "owners": ["role", "region", "left_date"],
    "opportunities": ["stage", "amount", "created_date", "closed_date", "lost_reason", "competitor"],
    "orders": ["order_date", "amount", "cost", "list_amount", "owner_id", "product_line"],
    "contacts": ["level", "function", "decision_role", "is_key_person", "intimacy", "support"],
    "activities": ["activity_type", "owner_id", "contact_id", "direction", "content_len"],
    "cases": ["opened_date", "closed_date", "severity"],
    "surveys": ["score", "survey_date"],
    "contracts": ["kind", "end_date", "status"],
    "stage_history": ["new", "changed_date"],
    "owner_history": ["new", "changed_date"],
    "costs": ["amount", "cost_type"],
    "targets": ["target", "metric"],
    "plans": ["relation", "done_date"],
    "commitments": ["due_date", "kept_date"],
    "share_of_wallet": ["supplier", "share"],
}  # fmt: skip
#: The areas of information on an account.
AREAS = ("profile", "decision_chain", "plan", "contacts", "wallet", "rival", "notes")


def completeness(clean: Path) -> pd.DataFrame:
    """Tell for every field that was delivered how many rows fill it.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.

    Returns
    -------
    DataFrame
        ``table, field, rows, filled, share`` (0-1), one row per field that at least one row fills, keys left out;
        in the order of the dictionary.
    """
    rows = [
        (table.name, field, len(frame), len(frame) - frame[field].null_count)
        for table, frame in _delivered(clean)
        for field in table.columns
        if field != table.key and field in frame.column_names
    ]
    found = pd.DataFrame(rows, columns=["table", "field", "rows", "filled"])
    return found[found["filled"] > 0].assign(share=lambda f: f["filled"] / f["rows"]).reset_index(drop=True)


def known_tiers(run: Run) -> pd.DataFrame:
    """Tell the tier of each account as far as it is known before this run judges: from the CRM, else the last run's.

    Returns
    -------
    DataFrame
        ``account_id, tier`` of the accounts that have one; empty on a first run without tiers in the CRM.
    """
    accounts = pd.read_parquet(run.clean / "accounts.parquet", columns=["account_id", "tier_crm"])
    given = accounts.rename(columns={"tier_crm": "tier"}).dropna()
    snapshots = earlier_snapshots(Path(run.fact("history") or run.data / "history"), run.date)
    if len(given) or not snapshots:
        return given.reset_index(drop=True)
    last = pd.read_parquet(list(snapshots.values())[-1] / "accounts.parquet")
    return last.reindex(columns=["account_id", "tier"]).dropna().reset_index(drop=True)


def completeness_by_tier(clean: Path, tiers: pd.DataFrame) -> pd.DataFrame:
    """Tell for every delivered field of a table with accounts how well it is filled, tier by tier.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    tiers : DataFrame
        ``account_id, tier``; rows of other accounts are left out.

    Returns
    -------
    DataFrame
        ``table, field, tier, rows, filled, share`` (0-1), in the order of the dictionary.
    """
    of = pa.table(
        {"account_id": pa.array(tiers["account_id"], pa.string()), "tier": pa.array(tiers["tier"], pa.string())}
    )
    found = []
    for name, entries in completeness(clean).groupby("table", sort=False):
        fields = [field for field in entries["field"] if field != "account_id"]
        if "account_id" not in schema.tables()[str(name)].columns or not fields:
            continue
        rows = pq.read_table(clean / f"{name}.parquet", columns=["account_id", *fields])
        grouped = rows.join(of, "account_id", join_type="inner").group_by("tier")
        counted = grouped.aggregate([(field, "count") for field in ["account_id", *fields]]).to_pandas()
        counted = counted.sort_values("tier").set_axis(["tier", "rows", *fields], axis=1)
        found.append(counted.melt(["tier", "rows"], var_name="field", value_name="filled").assign(table=name))
    if not found:
        return pd.DataFrame(columns=["table", "field", "tier", "rows", "filled", "share"])
    stacked = pd.concat(found, ignore_index=True).assign(share=lambda f: f["filled"] / f["rows"])
    return stacked[["table", "field", "tier", "rows", "filled", "share"]]


def information(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell of every account what is on record, area by area (card N3 without its weights for age and validity).

    Returns
    -------
    DataFrame
        ``account_id``, the seven ``AREAS`` (0-1; NaN where nobody delivered the area) and ``share``, the mean of those
        that are there.
    """
    found = query(clean, "information", as_of=as_of)
    return found.assign(share=found[list(AREAS)].mean(axis=1))


def information_by_tier(known: pd.DataFrame, tiers: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Set what is on record against what each tier deserves.

    Parameters
    ----------
    known : DataFrame
        From ``information``.
    tiers : DataFrame
        ``account_id, tier``.
    thresholds : Thresholds
        ``known_top`` for S and A, ``known_middle`` for B; C has none.

    Returns
    -------
    DataFrame
        ``tier, n_accounts``, the mean of each of the ``AREAS``, ``share``, ``wanted`` (NaN for C).
    """
    wanted = {"S": thresholds.known_top, "A": thresholds.known_top, "B": thresholds.known_middle}
    grouped = known.merge(tiers, on="account_id", validate="one_to_one").groupby("tier", sort=False)
    found = grouped[[*AREAS, "share"]].mean().assign(n_accounts=grouped.size())
    found = found.reindex([tier for tier in "SABC" if tier in found.index]).reset_index()
    return found.assign(wanted=found["tier"].map(wanted))[["tier", "n_accounts", *AREAS, "share", "wanted"]]


def doubtful_pairs(clean: Path) -> pd.DataFrame:
    """Tell which pairs of accounts may be one customer, the likeliest first.

    Returns
    -------
    DataFrame
        ``account_id, account_name, other_id, other_name, city, other_city, likeness`` (0-1)``, reason``.
    """
    names = ("account_id", "account_name", "other_id", "other_name", "city", "other_city")
    found = pd.read_csv(clean / "possible_duplicates.csv", dtype=dict.fromkeys(names, "str"))
    return found.rename(columns={"score": "likeness"})[[*names, "likeness", "reason"]]


def freshness(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell for every table with dates what span it covers and how old its last row is.

    Returns
    -------
    DataFrame
        ``table, rows, first_date, last_date, days_old`` (days from the last row to the as-of date).
    """
    rows = []
    for table, frame in _delivered(clean):
        if table.event_date and frame[table.event_date].null_count < len(frame):
            span = pc.min_max(frame[table.event_date]).as_py()
            rows.append((table.name, len(frame), span["min"], span["max"], (as_of - span["max"]).days))
    found = pd.DataFrame(rows, columns=["table", "rows", "first_date", "last_date", "days_old"])
    return found.assign(**{name: pd.to_datetime(found[name]) for name in ("first_date", "last_date")})


def set_aside(clean: Path) -> pd.DataFrame:
    """Tell why rows were set aside, how many for each reason, and where the first one stands.

    Returns
    -------
    DataFrame
        ``table, code, n, file, row, column, raw``: the most frequent reason first, with its first row as example.
    """
    quarantine = pd.read_csv(clean / "quarantine.csv", dtype=str, keep_default_na=False)
    grouped = quarantine.groupby(["table", "code"], sort=True)
    first = grouped[["file", "row", "column", "raw"]].first()
    found = first.assign(n=grouped.size()).reset_index()
    ranked = found.sort_values(["n", "table", "code"], ascending=[False, True, True], kind="stable")
    return ranked[["table", "code", "n", "file", "row", "column", "raw"]].reset_index(drop=True)


def _delivered(clean: Path) -> list[tuple[schema.Table, pa.Table]]:
    paths = [(table, clean / f"{table.name}.parquet") for table in schema.tables().values()]
    frames = [(table, pq.read_table(path)) for table, path in paths if path.exists()]
    return [(table, frame) for table, frame in frames if len(frame)]
