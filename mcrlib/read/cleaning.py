"""Which rows count: required values, states, duplicates, the as-of date, and how many may be missing."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa

from mcrlib.errors import Complaint, Refused
from mcrlib.read.drafts import Draft
from mcrlib.read.duplicates import hash_rows
from mcrlib.read.footers import MAY_NAME_TOTAL, names_total
from mcrlib.read.people import PERSONAL
from mcrlib.read.words import map_unique, tidy

#: Rows that were understood and do not count; they are no defect of the export.
UNDERSTOOD = (
    "after_as_of", "void", "draft", "deleted", "merged", "total", "footer", "second_header", "repeated_header",
    "order_line", "no_order", "other_field",
)  # fmt: skip
#: Documents in a list of orders that are no revenue.
_NO_ORDER = {"quote": "draft", "payment": "no_order", "other": "no_order"}
_SHARE = 0.20
#: More reasons than these are counted, not listed.
_LISTED = 4
#: Why a row cannot be used, where the code alone would not tell.
_BECAUSE = {
    "orphan": "their account is not in accounts",
    "missing": "a required field is empty",
    "duplicate_conflict": "rows with the same key differ",
    "not_a_date": "no date can be read",
    "impossible_date": "there is no such day",
    "placeholder_date": "the date only stands for none",
    "date_without_year": "the date has no year",
    "date_without_day": "the date has no day",
    "not_a_number": "no number can be read",
    "currency_conflict": "the sign at the amount is not that of its currency",
    "too_few_fields": "they have fewer fields than the header",
    "too_many_fields": "they have more fields than the header",
    "duplicate": "they are there twice",
    "after_as_of": "they lie after the as-of date",
}
#: Where the default as-of date comes from.
_DATED = (("orders", "order_date"), ("opportunities", "closed_date"))
_GAP = dt.timedelta(days=90)
#: It is no slip where dates come in bursts that are no more than so many times closer, and so many were seen.
_RHYTHM, _BURSTS = 1.5, 3
#: What names a person has no part in a key: it could be guessed from one.
_OF_PEOPLE = (*PERSONAL, "subject")


def set_totals_aside(draft: Draft) -> Draft:
    """Rows whose key is the label of a sum, such as Total; a customer may be called so, under that name."""
    if not draft.has(draft.key):
        return draft
    keys = draft.rows[draft.key]
    total = keys.str.contains(MAY_NAME_TOTAL, case=False).fillna(False).astype(bool)
    total[total] = map_unique(keys[total], lambda text: names_total(tidy(text))).astype(bool)
    if draft.spec.event_date is None:
        name = draft.rows.get(f"{draft.table.removesuffix('s')}_name", keys)
        total &= (name != keys) & ~keys.isin(name)
    if not total.any():
        return draft
    example, row, n = keys[total].iloc[0], int(draft.rows.loc[total, "src_row"].iloc[0]), int(total.sum())
    lines = "1 line" if n == 1 else f"{n} lines"
    text = f"{lines} of totals ('{example}' in row {row}) set aside, so that nothing is counted twice"
    return draft.set_aside(total, "total", draft.key).warn("total", text, draft.key, row)


def set_states_aside(draft: Draft) -> Draft:
    """Rows that the CRM itself calls deleted, merged, void or unapproved."""
    if draft.has("is_deleted"):
        draft = draft.set_aside(draft.rows["is_deleted"], "deleted", "is_deleted")
    if draft.has("life_status"):
        for state in ("void", "draft"):
            draft = draft.set_aside(draft.rows["life_status"] == state, state, "life_status")
    if draft.table == "accounts" and draft.has("master_account_id"):
        other = draft.rows["master_account_id"].notna()
        if draft.has("account_id"):
            other &= draft.rows["master_account_id"] != draft.rows["account_id"]
        draft = draft.set_aside(other, "merged", "master_account_id")
    if draft.table in ("orders", "accounts", "contracts") and draft.has("status"):
        for state in ("void", "draft"):
            draft = draft.set_aside(draft.rows["status"] == state, state, "status")
    if draft.table == "orders" and draft.has("document"):
        for kind, code in _NO_ORDER.items():
            draft = draft.set_aside(draft.rows["document"] == kind, code, "document")
    return draft


def set_missing_aside(draft: Draft, columns: tuple[str, ...]) -> Draft:
    """Rows that lack one of these columns; a won deal also needs an amount and its closing date."""
    for column in columns:
        if draft.has(column):
            draft = draft.set_aside(draft.rows[column].isna(), "missing", column)
    if draft.table == "opportunities" and draft.has("status"):
        for column in ("amount", "closed_date"):
            if draft.has(column):
                lacking = draft.rows[column].isna() & (draft.rows["status"] == "won")
                if column == "amount" and draft.has("amount_actual"):
                    lacking &= draft.rows["amount_actual"].isna()
                draft = draft.set_aside(lacking, "missing", column)
    return draft


def give_keys(draft: Draft) -> Draft:
    """A key for rows that came without: from what the row says of no person, numbered where that is the same."""
    key = draft.key
    if draft.has(key) or draft.rows.empty:
        return draft if draft.has(key) else draft.put(**{key: pd.Series([], dtype="str")})
    fields = sorted(str(c) for c in draft.rows if not str(c).startswith(("src_", "_")))
    if draft.has("order_id", "line_no") and draft.table == "order_lines":
        made = draft.rows["order_id"] + "-" + draft.rows["line_no"].fillna("")
    else:
        said = [field for field in fields if field not in _OF_PEOPLE]
        made = hash_rows(draft.rows[said]).map("{:016x}".format).astype("str")
    shared = made[made.duplicated(keep=False)]
    whole = hash_rows(draft.rows.loc[shared.index, fields]).sort_values(kind="stable")
    place = shared[whole.index].groupby(shared[whole.index]).cumcount()
    made = made.mask(made.index.isin(place.index[place > 0]), made + "-" + (place + 1).astype("str"))
    equal = int(whole.duplicated().sum())
    draft = draft.put(**{key: made}).note(key, "key_made", len(made), made.iloc[0])
    if not equal:
        return draft
    text = f"{equal} rows are equal to another one; without a key in the export they are kept"
    return draft.warn("equal_rows", text)


def set_future_aside(draft: Draft, as_of: dt.date) -> Draft:
    """Rows that happened after the as-of date."""
    date = draft.spec.event_date
    if not date or not draft.has(date):
        return draft
    return draft.set_aside(draft.rows[date] > pd.Timestamp(as_of), "after_as_of", date)


def default_as_of(drafts: dict[str, Draft]) -> dt.date:
    """The last order date, without orders the last closing date.

    Raises
    ------
    Refused
        No date at all, or a last one more than 90 days after all others, which is more likely a slip of the pen; not
        where the dates are that far apart anyway, as those of a company that bills at the end of a quarter.
    """
    dated = [(name, column) for name, column in _DATED if name in drafts and drafts[name].rows.get(column) is not None]
    dated = [(name, column) for name, column in dated if drafts[name].rows[column].notna().any()]
    if not dated:
        table, column = next(((n, c) for n, c in _DATED if n in drafts), _DATED[0])
        raise Refused(
            Complaint("no_date", "no date to take the as-of date from; give --as-of DATE", f"{table}.csv", column)
        )
    draft, column = drafts[dated[0][0]], dated[0][1]
    dates = draft.rows[column].dropna().drop_duplicates().sort_values()
    last, before = dates.iloc[-1].date(), dates.iloc[max(len(dates) - 2, 0)].date()
    if last - before > _GAP and not _in_bursts(dates.iloc[:-1], last - before):
        row = int(draft.rows.loc[draft.rows[column] == dates.iloc[-1], "src_row"].iloc[0])
        text = f"the last date {last} is more than {_GAP.days} days after all others, of which the last is {before}"
        said = f"{text}; correct it or give --as-of DATE"
        raise Refused(Complaint("last_date", said, draft.file, draft.header(column), row))
    return last


def _in_bursts(dates: pd.Series, pause: dt.timedelta) -> bool:
    """Whether dates come in short bursts about this far apart, as those of who bills at the end of a quarter."""
    bursts = dates.groupby((dates.diff() > pause / _RHYTHM).cumsum())
    seen = 1 < len(bursts) >= min(_BURSTS, len(dates))
    return seen and bool((bursts.max() - bursts.min()).max() < pause)


def too_many_aside(drafts: dict[str, Draft]) -> list[Complaint]:
    """Required tables of which more than 20 % could not be used, or no row counts, with the reasons."""
    accounts = drafts.get("accounts")
    wrong = [one for one in [accounts and _wrong(accounts, accounts, UNDERSTOOD)] if one]
    basis = drafts.get("orders", drafts.get("opportunities"))
    # Where accounts are missing, orders without one are no second problem.
    if basis and (more := _wrong(basis, accounts, (*UNDERSTOOD, "orphan") if wrong else UNDERSTOOD)):
        wrong.append(more)
    return wrong


def _wrong(draft: Draft, accounts: Draft | None, understood: tuple[str, ...]) -> Complaint | None:
    return _too_many(draft, accounts, understood) or _none_left(draft)


def _too_many(draft: Draft, accounts: Draft | None, understood: tuple[str, ...]) -> Complaint | None:
    bad = draft.aside[~draft.aside["code"].isin(understood)]
    total = draft.rows_in - int((draft.aside["code"] == "after_as_of").sum())
    if not len(bad) or len(bad) <= _SHARE * total:
        return None
    reasons = bad.groupby(["file", "column", "code"], sort=True).agg(
        rows=("row", "size"), row=("row", "first"), raw=("raw", "first")
    )
    reasons = reasons.sort_values("rows", ascending=False, kind="stable").reset_index()
    file, column, code = (str(reasons.loc[0, name]) for name in ("file", "column", "code"))
    why = [_reason(one, file, column) for one in reasons.head(_LISTED).itertuples()]
    rest = int(reasons["rows"].iloc[_LISTED:].sum())
    text = (
        f"{len(bad)} of {total} rows cannot be used ({len(bad) / total:.0%}, allowed are {_SHARE:.0%}): "
        f"{', '.join([*why, *([f'{rest} for other reasons'] if rest else [])])}; "
        f"{_what_to_do(draft, code, column, accounts)}"
    )
    return Complaint("too_many_bad_rows", text, file, column)


def _reason(one: Any, file: str, column: str) -> str:
    """How many rows cannot be used for one reason, with an example; where it stands, unless in this file and column."""
    where = f"{one.file}, " if one.file != file else ""
    where += f"column {one.column}, " if one.column not in ("", column) or where else ""
    example = f": '{one.raw}'" if one.raw else ""
    return f"{one.rows} because {_because(one.code)} ({where}row {one.row}{example})"


def _because(code: str) -> str:
    """Why rows are set aside, in words."""
    return _BECAUSE.get(code) or f"of '{code.replace('_', ' ')}'"


def _what_to_do(draft: Draft, code: str, column: str, accounts: Draft | None) -> str:
    """The way out; what orders repeat may be their lines, and orphans often come from another system."""
    if code == "duplicate_conflict" and draft.table == "orders":
        return (
            "where each row is a line of an order, set sum_lines: true in client.yaml; where one number stands for "
            "several orders, name another column as order_id under files; else correct the export"
        )
    if code == "duplicate" and len(draft.files) > 1:
        return "where several files hold the same records, keep one of them under files in client.yaml"
    if code == "missing" and column == draft.header("account_id") and draft.table != "accounts":
        return "leave out of the export what was sold to nobody known, or correct it"
    if code != "orphan" or accounts is None or accounts.rows.empty or not accounts.has("account_id"):
        return "correct the export"
    such = accounts.rows["account_id"].dropna()
    known = f"accounts have ids such as '{such.iloc[0]}'" if len(such) else "no account has an id"
    return f"{known}: export both files from one system"


def _none_left(draft: Draft) -> Complaint | None:
    if len(draft.rows) or draft.aside.empty:
        return None
    code = draft.aside["code"].value_counts().sort_index().idxmax()
    worst = draft.aside[draft.aside["code"] == code].iloc[0]
    do = "give a later --as-of DATE" if code == "after_as_of" else "correct the export"
    text = (
        f"none of the {draft.rows_in} rows of {draft.table} counts; for most, because {_because(str(code))}, "
        f"such as '{worst['raw']}' in row {worst['row']}; {do}"
    )
    return Complaint("no_rows", text, str(worst["file"]), str(worst["column"]))


def warn_outliers(draft: Draft) -> Draft:
    """A warning about an amount that is a thousand times beyond all usual ones."""
    if not draft.has("amount") or draft.table not in ("orders", "opportunities") or len(draft.rows) < 10:
        return draft
    size = pa.array(draft.rows["amount"]).cast(pa.float64()).to_pandas().set_axis(draft.rows.index).abs()
    limit = 1000 * float(size[size > 0].quantile(0.95))
    far = size[size > limit]
    if far.empty:
        return draft
    row = int(draft.rows.loc[far.index[0], "src_row"])
    text = (
        f"{len(far)} extreme amounts (outliers), such as {far.iloc[0]:,.2f}, are over 1000 times the usual; kept, check"
    )
    return draft.warn("outlier", text, "amount", row)
