"""Write the company's tables as a CRM would export them: readable for certain, and as dirty as the real ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

from mcrlib import schema
from mcrlib.simulate.company import Company
from mcrlib.simulate.layouts import ISO, ISO_TIME, MONTH_NAME, SLASHES, Layout, layout
from mcrlib.simulate.parameters import stream

Planted = dict[str, dict[str, int]]

#: Rows added to each table, by the reason for which a good reader sets them aside.
DIRT: Planted = {
    "orders": {"duplicate": 4, "orphan": 3, "missing": 2, "placeholder_date": 2},
    "opportunities": {"duplicate": 1, "orphan": 2},
    "contacts": {"duplicate": 2, "orphan": 2},
    "activities": {"duplicate": 3, "orphan": 2, "missing": 3},
    "cases": {"orphan": 1, "missing": 1},
}
_PLACEHOLDER = pd.Timestamp("1900-01-01")
_MONTHS = np.array(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], dtype=object)
_WAN = 10_000


def write_export(company: Company, folder: Path, *, seed: int = 1) -> Planted:
    """Write every table of the company as an export file.

    The company's own rows all stay readable; the dirt is added to them. Ids of some orders carry blanks and
    zero-width spaces, the orders end with a grand total, their amount is written as ￥1,234.50, revenue of the
    customers stands in 万元, absent values are empty, ``NULL`` or ``-``.

    Parameters
    ----------
    company : Company
        From ``simulate``.
    folder : Path
        Where to; it is made, files of the same names are replaced.
    seed : int
        Seed of the dirt and of the order of the rows.

    Returns
    -------
    dict
        Table → reason → rows that a good reader sets aside: duplicate, orphan (account unknown), missing (event
        date), placeholder_date, void (orders of the company that were voided, and their lines) and total (the grand
        total, which is no row). All other rows of ``company.tables`` it keeps.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    planted = _void(company)
    for name, frame in company.tables.items():
        rng = stream(seed, f"export {name}")
        rows, counts = _add_dirt(name, frame, rng)
        if counts:
            planted[name] = planted.get(name, {}) | counts
        rows = rows.take(rng.permutation(len(rows))).reset_index(drop=True)
        text = _as_text(name, rows, layout(name))
        if name == "orders":
            text = _dirty_orders(text, rows, rng)
        _write(text.rename(columns=layout(name).headers), folder, layout(name))
    return planted


def _void(company: Company) -> Planted:
    """Voided orders, their lines, and the grand total that stands below the orders."""
    orders, lines = company.tables["orders"], company.tables["order_lines"]
    void = orders.loc[orders["status"] == "void", "order_id"]
    below = int(lines["order_id"].isin(void).sum())
    return {"orders": {"void": len(void), "total": 1}, "order_lines": {"void": below}}


def _add_dirt(name: str, frame: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, dict[str, int]]:
    """The frame with bad rows below: copies of good rows, each broken in one way, all but duplicates with a new key."""
    table = schema.tables()[name]
    parts, counts = [frame], {}
    good = frame[frame["status"] != "void"] if "status" in frame.columns else frame
    for reason, number in DIRT.get(name, {}).items():
        if len(good) < number:
            continue
        bad = good.take(rng.choice(len(good), size=number, replace=False)).reset_index(drop=True)
        if reason != "duplicate":
            bad[table.key] = bad[table.key] + f"-{reason[0]}"
        if reason == "orphan":
            bad["account_id"] = "GONE" + bad["account_id"].str[1:]
        elif reason == "missing":
            bad[table.event_date] = pd.NaT
        elif reason == "placeholder_date":
            bad[table.event_date] = _PLACEHOLDER
        parts.append(bad)
        counts[reason] = number
    return pd.concat(parts, ignore_index=True), counts


def _as_text(name: str, frame: pd.DataFrame, style: Layout) -> pd.DataFrame:
    """Every value as the text that stands in the file."""
    columns = schema.tables()[name].columns
    text = {}
    for column in frame.columns.drop(list(style.drop)):
        values = frame[column]
        if column == "annual_revenue":
            values = values / _WAN
        words = _written(values, columns[column].kind, style)
        words = words.replace(style.words[column]) if column in style.words else words
        text[column] = words.where(values.notna(), style.null)
    return pd.DataFrame(text)


def _written(values: pd.Series, kind: str, style: Layout) -> pd.Series:
    if kind == "date":
        return _date_text(values, style.dates)
    if kind == "bool":
        return values.map({True: style.truths[0], False: style.truths[1]})
    if kind in ("money", "number", "ratio"):
        return values.map(lambda value: f"{value:.4f}".rstrip("0").rstrip("."), na_action="ignore").astype("str")
    return values.astype("str")


def _date_text(dates: pd.Series, style: str) -> pd.Series:
    at = dates.dt
    if style == ISO:
        return at.strftime("%Y-%m-%d")
    if style == ISO_TIME:
        return at.strftime("%Y-%m-%d") + " 09:30:00"
    known = dates.fillna(_PLACEHOLDER).dt
    day, year = known.day.astype("str"), known.year.astype("str")
    if style == SLASHES:
        return year + "/" + known.month.astype("str") + "/" + day
    if style == MONTH_NAME:
        return day + "-" + pd.Series(_MONTHS[known.month - 1], dtype="str") + "-" + year
    raise ValueError(f"unknown date style {style!r}")


def _dirty_orders(text: pd.DataFrame, rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Money signs and thousands in the amounts, strange blanks around some ids, a grand total at the end."""
    amount = rows["amount"].map(_yuan)
    # A copy stays a copy to the letter: only orders that stand once in the file are spoilt.
    single = np.flatnonzero(~rows["order_id"].duplicated(keep=False))
    spoilt = rng.choice(single, size=min(12, len(single)), replace=False)
    account = text["account_id"].copy()
    for place, (before, after) in zip(spoilt, [("\u200b", ""), ("", "  "), (" ", "\u00a0")] * 4, strict=False):
        account.iloc[place] = before + account.iloc[place] + after
    total = pd.DataFrame([{"order_id": "合计", "amount": _yuan(rows["amount"].sum())}])
    return pd.concat([text.assign(amount=amount, account_id=account), total], ignore_index=True).fillna("")


def _yuan(value: float) -> str:
    return f"{'-' if value < 0 else ''}￥{abs(value):,.2f}"


def _write(text: pd.DataFrame, folder: Path, style: Layout) -> None:
    content = text.to_csv(index=False, sep=style.separator, lineterminator="\r\n").encode(style.encoding)
    # Without a time stamp inside, the packed file is the same each time.
    packed = gzip.compress(content, mtime=0) if style.file.endswith(".gz") else content
    (folder / style.file).write_bytes(packed)
