"""Odd companies in chapters 07 and 08, cell by cell: every picture, table and sentence is made, or says what lacks."""

from __future__ import annotations

import ast
import datetime as dt
import re

import matplotlib.pyplot as plt
import pandas as pd
import pytest
from clean_tables import write_clean

from mcrlib.describe.accounts import account_features
from mcrlib.notebooks import find_notebooks
from mcrlib.run import Run
from mcrlib.show.exhibits import Block
from mcrlib.show.figures.shown import Picture

AS_OF = dt.date(2025, 8, 30)
DAYS = [day.date() for day in pd.date_range("2022-01-05", AS_OF, freq="75D")]


def accounts(n, **columns):
    names = [f"a{i}" for i in range(n)]
    return pd.DataFrame({"account_id": names, "account_name": [f"Account {one}" for one in names]}).assign(**columns)


def each(n, key, day, **columns):
    """A row per account and day; ``day`` names the date."""
    rows = [(f"{key}{i}-{j}", f"a{i}", one) for i in range(n) for j, one in enumerate(DAYS)]
    return pd.DataFrame(rows, columns=[key, "account_id", day]).assign(**columns)


def orders(n):
    return each(n, "order_id", "order_date", amount=100.0)


def people(n, **columns):
    rows = [(f"c{i}-{j}", f"a{i}") for i in range(n) for j in range(2)]
    return pd.DataFrame(rows, columns=["contact_id", "account_id"]).assign(**columns)


def touches(n, **columns):
    made = each(n, "activity_id", "activity_date", activity_type="visit", direction="two_way", **columns)
    return made if "contact_id" in columns else made.assign(contact_id="c" + made["account_id"].str[1:] + "-0")


def deals(n):
    return pd.DataFrame(
        {"opportunity_id": [f"d{i}" for i in range(n)], "account_id": [f"a{i}" for i in range(n)], "stage": "propose",
         "stage_std": "propose", "status": "open", "amount": 50.0, "created_date": dt.date(2025, 3, 1)}
    )  # fmt: skip


def changed(n, old="u1", new="u2", is_person=True):
    return pd.DataFrame(
        {"change_id": [f"h{i}" for i in range(n)], "object_id": [f"a{i}" for i in range(n)],
         "changed_date": dt.date(2024, 1, 9), "old": old, "new": new, "is_person": is_person}
    )  # fmt: skip


OWNERS = pd.DataFrame({"owner_id": ["u1", "u2"], "owner_name": ["One", "Two"]})
COMPANIES = {
    "one account, nothing else": {"accounts": accounts(1)},
    "twenty accounts with orders alone": {"accounts": accounts(20), "orders": orders(20)},
    "one account, one seller, one contact": {
        "accounts": accounts(1, owner_id="u1"), "orders": orders(1), "contacts": people(1), "owners": OWNERS.head(1),
        "activities": touches(1, owner_id="u1"),
    },
    "contacts without activities": {
        "accounts": accounts(20, owner_id="u1"), "orders": orders(20), "opportunities": deals(20),
        "contacts": people(20, level="exec", function="general_mgmt", is_key_person=True), "owners": OWNERS,
    },
    "activities without contacts and sellers": {
        "accounts": accounts(6), "orders": orders(6), "activities": touches(6, contact_id=None),
    },
    "sellers without a history": {
        "accounts": accounts(20, owner_id=["u1", "u2"] * 10), "orders": orders(20), "contacts": people(20),
        "activities": touches(20, owner_id="u1"),
    },
    "all changed hands on one day": {
        "accounts": accounts(20, owner_id="u2"), "orders": orders(20), "owners": OWNERS, "owner_history": changed(20),
    },
    "accounts went back to the pool": {
        "accounts": accounts(5), "orders": orders(5), "owner_history": changed(5, None, "pool", False),
    },
    "some changed hands, nobody ever ordered": {
        "accounts": accounts(8, owner_id=["u2"] * 4 + ["u1"] * 4), "owners": OWNERS, "owner_history": changed(4),
        "contacts": people(8, level="middle"), "activities": touches(8, owner_id="u1"),
    },
    "tables with nothing in them": {
        "accounts": accounts(3), "orders": orders(3), "contacts": people(0), "activities": touches(0),
        "opportunities": deals(0), "owner_history": changed(0), "owners": OWNERS.head(0),
    },
}  # fmt: skip


def prepared(folder, tables):
    """The company as chapters 01 to 03 leave it."""
    run = Run.open("odd", AS_OF.isoformat(), folder)
    for room in (run.clean, run.work):
        room.mkdir(parents=True)
    write_clean(run.clean, **tables)
    known = account_features(run.clean, AS_OF)
    run.save("accounts", known)
    run.save("tiers", known[["account_id"]].assign(tier=[*"SABC" * len(known)][: len(known)]))


def walk(folder, number):
    """Run a chapter's cells in this process; what each of them shows, as text."""
    (chapter,) = [one for name, one in find_notebooks().items() if name.startswith(number)]
    names, said = {}, {}
    for cell in chapter.content["cells"]:
        if cell["cell_type"] == "code":
            tree = ast.parse("".join(cell["source"]))
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, cell["id"], "exec"), names)
            shown = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names) if last else None
            said[cell["id"]] = as_text(shown)
        if "parameters" in cell["metadata"].get("tags", []):
            names |= {"client": "odd", "as_of": AS_OF.isoformat(), "workspace": str(folder)}
    plt.close("all")
    return said


def as_text(shown):
    if isinstance(shown, Block):
        return shown.text
    if isinstance(shown, Picture):
        return f"{shown.alt} {shown.caption}"
    return re.sub("<[^>]+>", " ", shown.as_raw_html().rpartition("</style>")[2]) if shown is not None else ""


@pytest.mark.parametrize("number", ["07", "08"])
@pytest.mark.parametrize("company", COMPANIES)
def test_every_cell_shows_something_sensible(tmp_path, company, number):
    prepared(tmp_path, COMPANIES[company])
    said = walk(tmp_path, number)
    odd = {cell: text for cell, text in said.items() if re.search(r"\b(nan|None|NaT|inf)\b|<NA>", text)}
    assert not odd
    assert "✗" not in " ".join(said.values())
