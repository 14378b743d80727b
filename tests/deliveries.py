"""Small deliveries for the tests of reading: CSV texts in a folder, and what came of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from mcrlib.read.tables import Delivery, read_exports
from mcrlib.settings import Settings

ACCOUNTS = "account_id,account_name\nA1,Acme\nA2,Borealis\nA3,Cobalt\n"
ORDERS = "order_id,account_id,order_date,amount\n" + "".join(
    f"O{n},A{n % 3 + 1},2024-0{n}-15,{n * 100}.50\n" for n in range(1, 10)
)


def read(folder: Path, as_of: str | None = "2024-12-31", settings: Settings | None = None, **files: str) -> Delivery:
    """Read CSV texts, with good accounts and orders where none are given; an empty text leaves the file out."""
    for name, text in ({"accounts": ACCOUNTS, "orders": ORDERS} | files).items():
        if text:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return read_exports(folder, settings or Settings(), dt.date.fromisoformat(as_of) if as_of else None)


def orders(*rows: str, header: str = "order_id,account_id,order_date,amount") -> str:
    """The nine good orders of ``ORDERS`` under this header, and more rows."""
    spare = "," * (header.count(",") - 3)
    good = [line + spare for line in ORDERS.splitlines()[1:]]
    return "\n".join([header, *good, *rows]) + "\n"


def codes(delivery: Delivery) -> list[str]:
    """Table, spreadsheet row, column and code of every row set aside."""
    found = delivery.quarantine
    return [
        f"{t} {r} {c} {k}" for t, r, c, k in zip(*(found[n] for n in ("table", "row", "column", "code")), strict=True)
    ]


def content(frame: pd.DataFrame) -> pd.DataFrame:
    """A clean table without where it came from."""
    return frame.drop(columns=["src_file", "src_sheet", "src_row"])
