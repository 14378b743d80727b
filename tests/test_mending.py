"""Texts whose commas lack their quotes are joined where the file shows which commas are text, and only there."""

import csv
from pathlib import Path

import pytest
from deliveries import ACCOUNTS, codes, read
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.read.mending import mend
from mcrlib.read.sheets import gather

NORTHWIND = Path(__file__).resolve().parents[2] / "shared" / "data" / "northwind"
REGULAR = [f"A{n},Street {n},Town,{n}" for n in range(20)]


def mended(*lines, regular=REGULAR, delimiter=","):
    """Records after mending, by their place from 0, and which of them were mended."""
    records = [line.split(delimiter) for line in [*regular, *lines]]
    cells, widths, _ = gather(records)
    out, rows = mend(cells, widths, 4, delimiter)
    kept = {row - 1 - len(regular): [cell for cell in out.loc[row] if isinstance(cell, str)] for row in out.index}
    return {row: fields for row, fields in kept.items() if row >= 0}, [row - 1 - len(regular) for row in rows]


def test_a_comma_before_a_blank_is_text():
    found, rows = mended("A,24, place Kléber,Strasbourg,5", "B,a, b, c,Town,6")
    assert found == {0: ["A", "24, place Kléber", "Strasbourg", "5"], 1: ["B", "a, b, c", "Town", "6"]}
    assert rows == [0, 1]


@pytest.mark.parametrize(
    "line",
    ["A,24,place Kléber,Strasbourg,5", "A,24, place, Kléber,Strasbourg", "A,Street,Town, 5,x", "A,Street,Town,5,x"],
)
def test_what_can_be_read_in_two_ways_stays(line):
    assert mended(line) == ({0: line.split(",")}, [])


def test_nothing_is_mended_where_delimiters_are_followed_by_blanks():
    spaced = [line.replace(",Town", ", Town") for line in REGULAR]
    assert mended("A,24, place,Strasbourg,5", regular=spaced)[1] == []


def test_a_few_records_show_nothing():
    assert mended("A,24, place,Strasbourg,5", regular=REGULAR[:19])[1] == []


def test_other_delimiters_are_joined_with_their_own_sign():
    regular = [line.replace(",", ";") for line in REGULAR]
    assert mended("A;24; place;Strasbourg;5", regular=regular, delimiter=";")[0][0][1] == "24; place"


@given(st.lists(st.sampled_from(["a", "1", " b", " 2", ""]), min_size=1, max_size=9))
def test_no_character_is_lost_or_added(fields):
    found, _ = mended(",".join(["Z", *fields]))
    assert ",".join(found[0]) == ",".join(["Z", *fields])


def test_rows_are_kept_and_the_mending_is_said(tmp_path):
    orders = "order_id,account_id,order_date,amount,note\n" + "".join(
        f"O{n},A1,2024-01-{n:02},{n},{'a, b' if n == 9 else 'c'}\n" for n in range(1, 29)
    )
    found = read(tmp_path, orders=orders, accounts=ACCOUNTS)
    assert (codes(found), found.counts["orders"]["rows_kept"]) == ([], 28)
    [said] = [warning for warning in found.warnings if warning.code == "mended"]
    assert (said.row, "1 rows have a text" in said.message, "'a, b' in row 10" in said.message) == (10, True, True)


@pytest.mark.parametrize(("name", "kept"), [("customers", 91), ("orders", 830), ("suppliers", 29)])
def test_every_address_of_the_food_wholesaler_is_put_together(name, kept):
    path = NORTHWIND / f"{name}.csv"
    if not path.exists():
        pytest.skip("the public data sets are not here")
    with path.open(encoding="utf-8", newline="") as stream:
        records = list(csv.reader(stream))
    cells, widths, _ = gather(records)
    width = len(records[0])
    out, rows = mend(cells.iloc[1:], widths.iloc[1:], width, ",")
    assert len(out) == kept
    assert len(rows) == sum(len(record) > width for record in records)
    assert out.iloc[:, width:].isna().all(axis=None)
