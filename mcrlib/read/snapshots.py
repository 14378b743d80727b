"""What earlier runs saw: a small snapshot of each, and the histories that their differences tell."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from mcrlib import schema
from mcrlib.errors import Complaint, Refused
from mcrlib.run import Run, hash_files

#: Histories: the table and the column whose changes they are.
_HISTORIES = {
    "stage_history": ("opportunities", "stage"),
    "owner_history": ("accounts", "owner_id"),
    "tier_history": ("accounts", "tier_crm"),
}
_KEPT = {
    "accounts": ["account_id", "owner_id", "tier_crm"],
    "opportunities": ["opportunity_id", "stage", "status", "amount", "expected_close_date"],
}
#: Frames of a run that stand in its snapshot beside the accounts, with their columns.
_VALUES = {
    "accounts": ["harvest"],
    "tiers": ["tier"],
    "soil": ["soil_value", "soil_low", "soil_high", "p_alive"],
    "crops": ["crop_value", "crop_low", "crop_high"],
    "balance": ["quadrant", "verdict"],
    "axes": ["pattern"],
    "organisation": ["gp_held", "is_single"],
}
#: Frames of a run that stand in its snapshot as they are, with what later runs need of them.
_WHOLE = {"tier_state": ["account_id", "tier_held", "tier_seen"]}
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def write_snapshot(run: Run, folder: Path) -> Path:
    """Write what a later run may compare with.

    Parameters
    ----------
    run : Run
        A run whose notebooks are done.
    folder : Path
        Made where it is not there. ``accounts.parquet`` gets account_id, owner_id, tier_crm, harvest, tier, soil_value,
        soil_low, soil_high, p_alive, crop_value, crop_low, crop_high (money in the base currency), quadrant, verdict,
        pattern (axes of the relationship that are built), gp_held (profit that hangs on one person), is_single;
        ``opportunities.parquet`` gets opportunity_id, stage, status, amount, expected_close_date; beside them stand
        ``tier_state.parquet`` (where each account stood among the tiers, and why), ``warned.json`` (the warnings of all
        chapters) and what notebooks kept as JSON: models, and counts of the delivery. What the run has no frame of is
        left out.
    """
    run.keep("warned", {"as_of": run.date.isoformat(), "warnings": [one.as_dict() for one in run.warnings()]})
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in _KEPT.items():
        clean = run.clean / f"{table}.parquet"
        if clean.exists():
            pq.write_table(pq.read_table(clean, columns=columns), folder / clean.name)
    path = folder / "accounts.parquet"
    accounts = pd.read_parquet(path)
    for name, columns in _VALUES.items():
        if (run.work / f"{name}.parquet").exists():
            values = run.load(name).reindex(columns=["account_id", *columns]).dropna(axis=1, how="all")
            accounts = accounts.merge(values, on="account_id", how="left", validate="one_to_one")
    accounts.to_parquet(path, index=False)
    for name in _WHOLE:
        if (run.work / f"{name}.parquet").exists():
            run.load(name).to_parquet(folder / f"{name}.parquet", index=False)
    for model in sorted((run.work / "kept").glob("*.json")):
        shutil.copyfile(model, folder / model.name)
    return folder


def last_model(run: Run, name: str) -> dict[str, Any] | None:
    """The model that the last run of an earlier date kept under this name; None where there is none."""
    path = _last(run, f"{name}.json")
    return json.loads(path.read_text(encoding="utf-8")) if path else None


def last_frame(run: Run, name: str) -> pd.DataFrame | None:
    """The frame of this name in the snapshot of the last run of an earlier date; None where there is none to read."""
    path = _last(run, f"{name}.parquet")
    return pd.read_parquet(path) if path and not _lacking(path) else None


def _last(run: Run, file: str) -> Path | None:
    history = Path(run.fact("history") or run.data / "history")
    folders = list(earlier_snapshots(history, run.date).values())
    return folders[-1] / file if folders and (folders[-1] / file).exists() else None


def earlier_snapshots(history: Path | None, as_of: dt.date) -> dict[dt.date, Path]:
    """The snapshots of runs that stood at an earlier date, oldest first."""
    if history is None or not history.is_dir():
        return {}
    dated = {day: path for path in history.iterdir() if (day := _day(path.name)) and day < as_of}
    return {date: dated[date] for date in sorted(dated)}


def _day(name: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(name) if _DATE.fullmatch(name) else None
    except ValueError:
        return None


def check_snapshots(snapshots: dict[dt.date, Path]) -> list[Complaint]:
    """Say which files of earlier runs were written by another version, and are passed over.

    Raises
    ------
    Refused
        Files that cannot be read at all, each named: tiers, moves and histories would silently be others without them.
    """
    broken = [path for folder in snapshots.values() for path in _files(folder) if not _is_whole(path)]
    if broken:
        said = "this file of an earlier run is damaged: put it back from a copy, or move its folder out of history"
        raise Refused([Complaint("damaged_history", said, file=_place(path)) for path in broken])
    older = [path for folder in list(snapshots.values())[-1:] for path in _files(folder) if _lacking(path)]
    return [
        Complaint(
            "older_history",
            "the last run was made by another version of the kit: its tiers are not held, they move at once",
            file=_place(path),
        )
        for path in older
    ]


def _files(folder: Path) -> list[Path]:
    accounts = folder / "accounts.parquet"
    return [accounts, *(path for path in sorted(folder.iterdir()) if path != accounts)]


def _is_whole(path: Path) -> bool:
    """Whether a file can be read, names each account or deal once, and each tier as one."""
    try:
        if path.suffix == ".json":
            return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
        if path.suffix != ".parquet":
            return True
        frame, key = pd.read_parquet(path), "opportunity_id" if path.stem == "opportunities" else "account_id"
        tiers = frame.filter(regex="^tier_(held|seen)$")  # an account that had not ordered was held in none
        return bool(frame[key].is_unique and (tiers.isin([*"SABC"]) | tiers.isna()).all(axis=None))
    except (OSError, ValueError, KeyError):
        return False


def _lacking(path: Path) -> set[str]:
    """Columns that a later run needs of a frame and that are not in it."""
    return set(_WHOLE.get(path.stem, ())) - set(pq.read_schema(path).names) if path.suffix == ".parquet" else set()


def _place(path: Path) -> str:
    return f"history/{path.parent.name}/{path.name}"


def hash_snapshots(snapshots: dict[dt.date, Path]) -> list[list[str]]:
    """Date and hash of each snapshot: the part of a run id that earlier history has."""
    return [[date.isoformat(), hash_files(folder.iterdir())] for date, folder in snapshots.items()]


def with_histories(
    tables: dict[str, pd.DataFrame], snapshots: dict[dt.date, Path], as_of: dt.date
) -> dict[str, pd.DataFrame]:
    """Clean tables with histories of stage, owner and tier: from the export, else from what earlier runs saw.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Clean tables.
    snapshots : dict of date to Path
        Earlier ones only.
    as_of : date
        The date of the tables.

    Returns
    -------
    dict of str to DataFrame
        A change between two runs is dated with the later one, when it became known; ``source`` tells which is which.
    """
    found = dict(tables)
    for table, (of, column) in _HISTORIES.items():
        if table in tables:
            found[table] = tables[table].assign(source="crm")
        elif of in tables and snapshots:
            changes = _changes(of, tables[of], column, snapshots | {as_of: Path()})
            if len(changes):
                found[table] = changes.reindex(columns=[*schema.tables()[table].columns, *schema.ORIGIN])
    return {name: found[name] for name in schema.tables() if name in found}


def _changes(of: str, now: pd.DataFrame, column: str, snapshots: dict[dt.date, Path]) -> pd.DataFrame:
    """All changes of a column from run to run; the last of the dates is that of the tables themselves.

    An account whose owner is empty is in nobody's hands: to hand it back is a change. A stage or a tier that is empty
    is not known.
    """
    key = schema.tables()[of].key
    *dates, as_of = snapshots
    seen = {date: _seen(snapshots[date] / f"{of}.parquet", key, column) for date in dates}
    seen[as_of] = now.set_index(key)[column]
    told = [(date, values) for date, values in seen.items() if values.notna().any()]
    told = told if column == "owner_id" else [(date, values.dropna()) for date, values in told]
    steps = [_step(before, after, date) for (_, before), (date, after) in pairwise(told)]
    changes = pd.concat([pd.DataFrame({"object_id": []}, dtype="str"), *steps], ignore_index=True)
    changes = changes[changes["object_id"].isin(now[key])].reset_index(drop=True)
    if changes.empty:
        return changes
    return changes.assign(
        change_id=changes["src_file"].str.slice(len("history/")) + " " + changes["object_id"],
        source="snapshot_diff",
        is_person=changes["new"].notna(),
        src_sheet="",
        src_row=changes.index + 1,
    )


def _seen(path: Path, key: str, column: str) -> pd.Series:
    """What a snapshot says of a column, by key; nothing where it does not hold the table or the column."""
    if not path.exists() or column not in pq.read_schema(path).names:
        return pd.Series(dtype="str")
    return pd.read_parquet(path, columns=[key, column]).set_index(key)[column]


def _step(before: pd.Series, after: pd.Series, date: dt.date) -> pd.DataFrame:
    """What changed from one run to the next, of what both saw."""
    both = pd.concat({"old": before, "new": after}, axis=1, join="inner").rename_axis("object_id").reset_index()
    changed = both[both["old"].fillna("") != both["new"].fillna("")].sort_values("object_id", kind="stable")
    return changed.assign(changed_date=pd.Timestamp(date), src_file=f"history/{date}")
