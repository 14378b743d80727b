"""The shared bad-input cases, judged where the exports are read: never silently wrong, and the refusal says why."""

import datetime as dt
import json
import re
from functools import cache
from pathlib import Path

import pytest

from mcrlib.errors import Refused
from mcrlib.read.parquet import as_arrow
from mcrlib.read.tables import read_exports
from mcrlib.settings import Settings

INPUTS = Path(__file__).parents[3] / "shared" / "cases" / "inputs"
#: Judged elsewhere: client names by the command line, companies without variation by the tiers.
ELSEWHERE = {"client_name": (), "content": ("says",)}
CASES = sorted(path.parent for path in INPUTS.glob("*/expect.json"))

pytestmark = pytest.mark.skipif(not CASES, reason="the shared cases are not here")


def expected(case):
    return json.loads((case / "expect.json").read_text(encoding="utf-8"))


@cache
def read(case):
    """What reading gives: a delivery, or the refusal."""
    try:
        return read_exports(case / "input", Settings(), dt.date.fromisoformat(expected(case)["params"]["as_of"]))
    except Refused as refusal:
        return refusal


def rows(delivery, table):
    frame = as_arrow(table, delivery.tables[table]).to_pandas()
    frame = frame.drop(columns=[column for column in frame if column.startswith("src_")])
    return frame.astype(object).where(frame.notna(), "").astype(str).to_dict("records")


def verdict(found):
    if isinstance(found, Refused):
        return "refuse"
    return "quarantine" if len(found.quarantine) else "load"


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_verdict_is_the_expected_one_and_says_why(case):
    expect, found = expected(case), read(case)
    if ELSEWHERE.get(expect["kind"], "here") == ():
        pytest.skip("judged by the command line")
    assert verdict(found) in expect["accept"], str(found)[:300]
    refused = isinstance(found, Refused)
    said = str(found) if refused else " ".join(map(str, found.warnings)) + json.dumps([w.code for w in found.warnings])
    if refused:
        assert [name for name in expect.get("error", {}).get("names", []) if name not in said] == []
    if "says" not in ELSEWHERE.get(expect["kind"], ()) and not (verdict(found) == "load" != expect["expect"]):
        assert [word for word in expect["says"] if not re.search(word, said, re.IGNORECASE)] == []


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_counts_and_values_are_the_expected_ones(case):
    expect, found = expected(case), read(case)
    if isinstance(found, Refused) or verdict(found) != expect["expect"]:
        pytest.skip("nothing was read, or only what the case also accepts")
    for table, counts in found.counts.items():
        assert counts["rows_in"] == counts["rows_kept"] + counts["rows_quarantined"], table
    for table, wanted in {} if expect.get("free_counts") else expect.get("tables", {}).items():
        counts = found.counts.get(table, {"rows_in": 0, "rows_kept": 0})
        for name in ("rows_in", "rows_kept"):
            assert counts[name] in [wanted[name], *wanted.get(f"{name}_alt", [])], (table, name)
    for value in expect.get("values") or []:
        row = next(r for r in rows(found, value["table"]) if next(iter(r.values())) == value["id"])
        number = isinstance(value["value"], int | float)
        got = float(row[value["column"]]) if number else row[value["column"]]
        assert got == (pytest.approx(value["value"], abs=0.005) if number else value["value"])


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_same_content_in_other_clothes_gives_the_same_tables(case):
    if not expected(case)["same_as_base"] or isinstance(read(case), Refused):
        pytest.skip("not the content of the base case")
    base = read(INPUTS / "b00_base")
    for table in ("accounts", "orders"):
        assert rows(read(case), table) == rows(base, table), table
