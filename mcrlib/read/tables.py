"""The exports of a client as clean tables: the last room of reading."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint, Refused
from mcrlib.read.cleaning import (
    default_as_of,
    give_keys,
    set_future_aside,
    set_missing_aside,
    set_states_aside,
    set_totals_aside,
    too_many_aside,
    warn_outliers,
)
from mcrlib.read.currency import convert
from mcrlib.read.dialects import Part, Unresolved, resolve
from mcrlib.read.drafts import LOG, QUARANTINE, Draft, merge_drafts
from mcrlib.read.duplicates import drop_duplicates, is_ascending, sum_money, sum_order_lines
from mcrlib.read.exports import InputFile, read_sheets
from mcrlib.read.groups import accounts_from, give_groups
from mcrlib.read.identity import follow_merges, keys_from_names, link, merge_map
from mcrlib.read.kinds import check_own_words
from mcrlib.read.meanings import give_meaning
from mcrlib.read.merging import Merges, merge_accounts
from mcrlib.read.missing import lacking_columns
from mcrlib.read.owners import settle_owners
from mcrlib.read.parquet import write_clean
from mcrlib.read.people import forget_people, number_people
from mcrlib.read.pseudonyms import hide_complaint, hide_pairs, hide_quotes, hide_table, read_key
from mcrlib.read.sheets import Sheet
from mcrlib.read.snapshots import check_snapshots, earlier_snapshots, hash_snapshots, with_histories
from mcrlib.read.twice import ask_twice, counts_once
from mcrlib.read.values import read_part
from mcrlib.run import Run, write_csv
from mcrlib.settings import Settings

#: Parents before children.
_PARENTS_FIRST = ("owners", "products", "accounts", "contacts", "opportunities", "contracts", "orders", "activities")


@dataclass(frozen=True)
class Delivery:
    """What reading the exports gives.

    Parameters
    ----------
    tables : dict of str to DataFrame
        Clean tables: canonical columns, then ``src_file, src_sheet, src_row``, sorted by the key.
    quarantine : DataFrame
        table, file, row (spreadsheet row), column, code, raw.
    log : DataFrame
        table, file, column, code, rows, example: what was changed, counted.
    warnings : list of Complaint
        What should not be silent.
    counts : dict
        Table to rows_in, rows_kept, rows_quarantined; the first is always the sum of the others.
    inputs : list of InputFile
        Files read.
    as_of : date
        The date the run stands at.
    merges : Merges
        Accounts that were merged, and pairs that may be one customer.
    """

    tables: dict[str, pd.DataFrame]
    quarantine: pd.DataFrame
    log: pd.DataFrame
    warnings: list[Complaint]
    counts: dict[str, dict[str, int]]
    inputs: list[InputFile]
    as_of: dt.date
    merges: Merges


def deliver(run: Run) -> Run:
    """Read the exports of a run, write its clean tables, and return the run that stands at its as-of date.

    Writes ``clean/<table>.parquet``, ``clean/quarantine.csv``, ``clean/cleaning_log.csv``, ``clean/merge_map.csv``
    (accounts that went into another) and ``clean/possible_duplicates.csv`` (pairs that a person should look at).
    Histories that were not delivered come from the snapshots of earlier runs. Where the run was told a key file, who is
    who stands there, and in the warnings, only by pseudonyms.

    Raises
    ------
    Refused
        The exports cannot be read for certain, or files of earlier runs are damaged; all that is wrong is said at once.
    """
    if key_file := run.fact("key_file"):
        delivery = _read_hidden(run, read_key(Path(key_file)))
    else:
        delivery = read_exports(run.input, run.settings, run.as_of)
    snapshots = earlier_snapshots(Path(run.fact("history") or run.data / "history"), delivery.as_of)
    for complaint in check_snapshots(snapshots):
        run.warn(complaint)
    run.clean.mkdir(parents=True, exist_ok=True)
    for old in run.clean.glob("*.parquet"):
        old.unlink()
    for name, frame in with_histories(delivery.tables, snapshots, delivery.as_of).items():
        write_clean(name, frame, run.clean / f"{name}.parquet")
    write_csv(delivery.quarantine, run.clean / "quarantine.csv")
    write_csv(delivery.log, run.clean / "cleaning_log.csv")
    write_csv(delivery.merges.made, run.clean / "merge_map.csv")
    write_csv(delivery.merges.review, run.clean / "possible_duplicates.csv")
    for complaint in delivery.warnings:
        run.warn(complaint)
    inputs = [{"file": one.file, "sha256": one.sha256, "rows": one.rows} for one in delivery.inputs]
    return run.settle(delivery.as_of, inputs=inputs, tables=delivery.counts, snapshots=hash_snapshots(snapshots))


def _read_hidden(run: Run, key: bytes) -> Delivery:
    """What the exports give, without a name, an id or a quoted word of them."""
    try:
        plain = read_exports(run.input, run.settings, run.as_of)
    except Refused as error:
        raise Refused(f"{hide_quotes(str(error))}; mcr check shows the examples") from None
    return replace(
        plain,
        tables={name: hide_table(name, frame, key) for name, frame in plain.tables.items()},
        quarantine=plain.quarantine.assign(raw=""),
        log=plain.log.assign(example=""),
        warnings=[hide_complaint(one) for one in plain.warnings],
        merges=replace(
            plain.merges, made=hide_pairs(plain.merges.made, key), review=hide_pairs(plain.merges.review, key)
        ),
    )


def read_exports(folder: Path, settings: Settings, as_of: dt.date | None = None) -> Delivery:
    """The clean tables of a folder of exports.

    Parameters
    ----------
    folder : Path
        The exports, sub-folders included; never written to.
    settings : Settings
        The client's settings.
    as_of : date, optional
        Nothing later is seen; by default the last order date.

    Raises
    ------
    Refused
        The exports cannot be read for certain.
    UsageError
        ``values`` of the settings name something that is not there.
    """
    check_own_words(settings)
    sheets, inputs = read_sheets(folder)
    parts, said = _resolved(sheets, settings, folder)
    drafts, unused = _read_parts(parts, settings)
    once = counts_once(drafts.get("orders"), settings)
    del sheets, parts  # the texts as delivered, as large as all that is made of them
    drafts = {name: keys_from_names(draft) for name, draft in drafts.items()}
    by_crm = merge_map(drafts.get("accounts"))
    drafts = _without_duplicates(drafts, settings, by_crm)
    date = as_of or default_as_of(drafts)
    drafts = _with_accounts({name: set_future_aside(draft, date) for name, draft in drafts.items()}, settings)
    drafts, merges = merge_accounts(drafts, settings, by_crm)
    drafts = forget_people(number_people(settle_owners(_link(drafts))), settings)
    if problems := too_many_aside(drafts):
        raise Refused(problems)
    counts = {
        name: {"rows_in": draft.rows_in, "rows_kept": len(draft.rows), "rows_quarantined": draft.rows_aside}
        for name, draft in drafts.items()
    }
    drafts = {name: warn_outliers(sum_order_lines(draft, once=once)) for name, draft in drafts.items()}
    return Delivery(
        tables={name: finish(draft) for name, draft in drafts.items()},
        quarantine=_quarantine(drafts),
        log=pd.DataFrame([entry for draft in drafts.values() for entry in draft.log], columns=list(LOG)),
        warnings=[*said, *unused, *(warning for draft in drafts.values() for warning in draft.warnings)],
        counts=counts,
        inputs=inputs,
        as_of=date,
        merges=merges,
    )


def _resolved(sheets: list[Sheet], settings: Settings, folder: Path) -> tuple[list[Part], list[Complaint]]:
    """The sheets as parts of tables; where one is missing, what must be settled in the others is asked as well."""
    try:
        return resolve(sheets, settings, folder=folder)
    except Unresolved as error:
        asked = [question for part in error.parts for question in read_part(part, settings)[1]]
        raise Refused([*error.complaints, *asked]) from None


def _read_parts(parts: list[Part], settings: Settings) -> tuple[dict[str, Draft], list[Complaint]]:
    """Drafts by table with money in the base currency; questions are raised all at once."""
    questions: list[Complaint] = []
    by_table: dict[str, list[Draft]] = {}
    for part in parts:
        draft, asked = read_part(part, settings)
        questions += asked
        by_table.setdefault(part.table, []).append(draft)
    for name, found in by_table.items():
        questions += [] if name in settings.files or len(found) < 2 else _shared_keys(found)
    drafts = {name: merge_drafts(found) for name, found in by_table.items()}
    questions += ask_twice(drafts.get("orders"), settings)
    drafts, unconverted = convert(drafts, settings)
    if questions or unconverted:
        raise Refused([*questions, *unconverted])
    missing = {name: lacking for name, draft in drafts.items() if (lacking := lacking_columns(draft, drafts))}
    unused = [
        Complaint("unused_table", f"{name} is not used: there is no column {', '.join(columns)}", drafts[name].file)
        for name, columns in missing.items()
    ]
    return {name: give_meaning(draft, settings) for name, draft in drafts.items() if name not in missing}, unused


def _shared_keys(drafts: list[Draft]) -> list[Complaint]:
    """A question where two files that nobody named for one table hold the same keys."""
    seen: dict[str, str] = {}
    for draft in drafts:
        if not draft.has(draft.key):
            continue
        keys = draft.rows[draft.key].dropna().unique()
        twice = [key for key in keys if key in seen]
        if twice:
            other = seen[twice[0]]
            text = (
                f"{len(twice)} of its {len(keys)} keys of {draft.table}, such as '{twice[0]}', are in {other} too; "
                f"take one of the two, such as {draft.table}: [{{file: {other}}}] under files in client.yaml"
            )
            return [Complaint("two_files", text, draft.file, draft.header(draft.key))]
        seen |= dict.fromkeys(keys, draft.file)
    return []


def _without_duplicates(drafts: dict[str, Draft], settings: Settings, merged: dict[str, str]) -> dict[str, Draft]:
    """Every table without rows that the CRM calls void and without second copies; every row has a key."""
    known = dict(drafts)
    for name, draft in drafts.items():
        draft = set_missing_aside(set_states_aside(set_totals_aside(draft)), (draft.key,))
        known[name] = follow_merges(give_keys(drop_duplicates(draft, sum_lines=bool(settings.sum_lines))), merged)
    if "orders" in known and not known["orders"].has("amount"):
        known["orders"] = _amount_from_lines(known["orders"], known["order_lines"])
    return known


def _with_accounts(drafts: dict[str, Draft], settings: Settings) -> dict[str, Draft]:
    """The tables with accounts from the orders (or deals), where the client says so."""
    if settings.accounts != "from_orders":
        return drafts
    basis = "orders" if "orders" in drafts else "opportunities"
    draft = set_missing_aside(drafts[basis], tuple(c for c in drafts[basis].spec.required if c != "account_id"))
    return drafts | {basis: draft, "accounts": accounts_from(draft)}


def _link(drafts: dict[str, Draft]) -> dict[str, Draft]:
    """Every table linked to its parents, parents first; rows without a required value set aside."""
    linked: dict[str, Draft] = {}
    for name in [*(n for n in _PARENTS_FIRST if n in drafts), *(n for n in drafts if n not in _PARENTS_FIRST)]:
        draft = link(drafts[name], linked)
        draft = give_groups(draft) if name == "accounts" else draft
        linked[name] = set_missing_aside(draft, draft.spec.required)
    return {name: linked[name] for name in schema.tables() if name in linked}


def _amount_from_lines(orders: Draft, lines: Draft) -> Draft:
    """The value of an order as the sum of its lines."""
    valid = lines.rows.dropna(subset=["order_id", "amount"])
    sums = sum_money(valid["amount"], valid["order_id"])
    amount = sums.reindex(orders.rows["order_id"]).set_axis(orders.rows.index)
    return orders.put(amount=amount).note("amount", "summed_from_lines", int(amount.notna().sum()))


def _quarantine(drafts: dict[str, Draft]) -> pd.DataFrame:
    frames = [draft.aside for draft in drafts.values() if len(draft.aside)]
    if not frames:
        return pd.DataFrame(columns=list(QUARANTINE))
    stacked = pd.concat(frames, ignore_index=True).astype({"row": "int64"})
    order = {name: place for place, name in enumerate(schema.tables())}
    return stacked.sort_values(
        ["table", "file", "row"],
        key=lambda c: c.map(order) if c.name == "table" else c,
        kind="stable",
        ignore_index=True,
    )


def finish(draft: Draft) -> pd.DataFrame:
    """The canonical columns of a draft in order, with its origin, sorted by the key."""
    columns = [*draft.spec.columns, *schema.ORIGIN]
    rows = draft.rows[[column for column in columns if draft.has(column)]].reset_index(drop=True)
    if not is_ascending(rows[draft.key]):
        rows = rows.sort_values(draft.key, kind="stable", ignore_index=True)
    nothing = pd.Series(float("nan"), index=rows.index)
    return pd.DataFrame({column: rows.get(column, nothing) for column in columns}, copy=False)
