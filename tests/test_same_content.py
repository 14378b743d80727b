"""The same content, as many systems would export it, gives identical tables, and so do both ways of reading."""

import datetime as dt
from decimal import Decimal
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from dialects import WRITERS, Content, plain_csv
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mcrlib import schema
from mcrlib.read import text
from mcrlib.read.kinds import read_ids
from mcrlib.read.numbers import read_numbers
from mcrlib.read.parquet import as_arrow
from mcrlib.read.sheets import Sheet, UnreadableError
from mcrlib.read.tables import read_exports
from mcrlib.settings import Settings

#: Parts of names that stand in Big5 and in GB18030: delimiters, quotes and markup of every container among them.
_WORDS = st.sampled_from(
    ["Acme", "R&D", "光大", "中山", "Smith's", "<b>", '"One"', "a;b", "b, c", "No. 5", "#7", "A|B"]
)
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join).map("Firm {}".format)
_IDS = st.sampled_from(["A{:04}", "{:06}", "0015g00000Ab{:03}AAC", "C-{}/x", "{:09}"])
_AMOUNTS = st.decimals(min_value=-50_000, max_value=9_000_000, places=2, allow_nan=False)
_DAYS = st.dates(dt.date(2015, 1, 1), dt.date(2024, 12, 31))
#: Which part of a date is the day, and which sign is the decimal one, a column must show once.
_TELLING = [(dt.date(2024, 3, 25), Decimal("1234.56")), (dt.date(2023, 11, 30), Decimal("98765.43"))]
FIXED = Content(
    [["A0001", "Acme, Inc."], ["A0002", 'Firm "One" <b> R&D'], ["A0003", "光大 Smith's"]],
    [
        ["O-1", "A0001", dt.date(2024, 3, 25), Decimal("1234.5600"), "Pumps"],
        ["O-2", "A0003", dt.date(2023, 11, 30), Decimal("98765.4300"), None],
        ["O-3", "A0002", dt.date(2024, 12, 1), Decimal("-50.0000"), 'Pipes, 3"'],
        ["O-4", "A0003", dt.date(2015, 1, 2), Decimal("0.1000"), "大泵"],
    ],
)


@st.composite
def contents(draw) -> Content:
    """A few accounts, and at least two orders."""
    ids, orders_of = draw(_IDS), draw(_IDS)
    names = draw(st.lists(_NAMES, min_size=1, max_size=5))
    sold = [*_TELLING, *draw(st.lists(st.tuples(_DAYS, _AMOUNTS), max_size=6))]
    of = draw(st.lists(st.integers(0, len(names) - 1), min_size=len(sold), max_size=len(sold)))
    line = draw(st.lists(st.sampled_from([None, "Pumps", "大泵", 'Pipes, 3"']), min_size=len(sold), max_size=len(sold)))
    orders = [
        [orders_of.format(900 + n), ids.format(of[n]), day, amount, line[n]] for n, (day, amount) in enumerate(sold)
    ]
    return Content([[ids.format(n), name] for n, name in enumerate(names)], orders)


def canonical(write, content: Content) -> dict:
    """Clean accounts and orders of an export, without where each row came from."""
    with TemporaryDirectory() as folder:
        write(Path(folder), content)
        delivery = read_exports(Path(folder), Settings(), dt.date(2024, 12, 31))
    tables = {name: as_arrow(name, delivery.tables[name]) for name in ("accounts", "orders")}
    return {name: table.drop(list(schema.ORIGIN)).to_pylist() for name, table in tables.items()}


def written(content: Content) -> dict:
    """What clean tables of this content must hold in the columns that are filled; an account is a group of its own."""
    accounts = [{"account_id": key, "account_name": name, "group_id": key} for key, name in content.accounts]
    columns = ("order_id", "account_id", "order_date", "amount", "product_line")
    return {"accounts": accounts, "orders": [dict(zip(columns, row, strict=True)) for row in content.orders]}


@pytest.mark.parametrize("write", [plain_csv, *WRITERS], ids=lambda write: write.__name__)
def test_what_was_written_is_read(write):
    found, wanted = canonical(write, FIXED), written(FIXED)
    for name, rows in wanted.items():
        assert [{column: row[column] for column in rows[0]} for row in found[name]] == rows


@given(content=contents(), write=st.sampled_from(WRITERS))
@hypothesis_settings(max_examples=30)
def test_any_content_gives_the_same_tables_and_nothing_else(write, content):
    found = canonical(write, content)
    for name, rows in written(content).items():
        empty = dict.fromkeys(found[name][0])
        assert found[name] == [empty | row for row in sorted(rows, key=itemgetter(schema.tables()[name].key))]


# --- what is plain is read fast, and in no other way than the rest


_REGULAR = [
    "O1,A1,5",
    '"O5","A, 1",5',
    '"O6","say ""hi""","1"',
    '"","",""',
    "",
    " , ,",
    "O3,A3",
    "O4,A4,1,2",
    '"O7","A1"',
]
_ODD = ['O8,5" pipe,1', 'O9,"A1, 5', '"O9"x,A,1', 'O9, "A, 1",5', '"two\nlines",A1,5', "合计,,12", "O5,é,1\r"]
_LINES = st.lists(st.sampled_from(_REGULAR)) | st.lists(st.sampled_from(_REGULAR + _ODD))


@given(lines=_LINES, head=st.sampled_from(["\ufeffid,account,amount\n", '"id",account,amount\n']), end=st.booleans())
def test_a_large_file_is_read_as_a_small_one(lines, head, end):
    data = (head + "\n".join(["O1,A1,5"] * 5 + lines) + "\n" * end).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "_LARGE", 0)
        fast = _sheet(data)
    careful = _sheet(data)
    assert (fast.complaints, fast.bad.to_numpy().tolist()) == (careful.complaints, careful.bad.to_numpy().tolist())
    pd.testing.assert_frame_equal(fast.cells, careful.cells)
    pd.testing.assert_series_equal(fast.widths, careful.widths)


def _sheet(data: bytes) -> Sheet:
    """The sheet, empty and with its complaint where the text is refused."""
    try:
        return text.read_text(data, "orders.csv")
    except UnreadableError as error:
        return Sheet("orders.csv", "", pd.DataFrame(), pd.Series([], dtype="int64"), complaints=[error.complaint])


_EASY = st.from_regex(r"\A-?[0-9]{1,9}(\.([0-9]{1,2}|[0-9]{4,9}))?\Z") | st.sampled_from(["", None, "007", "1" * 40])


@given(st.lists(_EASY))
def test_plain_numbers_are_read_as_among_others(texts):
    alone = read_numbers(pd.Series(texts, dtype="str"))
    among = read_numbers(pd.Series([*texts, "￥1"], dtype="str"))
    assert alone.found.astype(object).where(alone.found.notna(), None).tolist() == [
        None if pd.isna(one) else one for one in among.found[:-1]
    ]
    assert (alone.faults.notna().any(), alone.question) == (False, among.question)


@given(st.lists(st.from_regex(r"\A([A-Za-z][!-~]{0,19}|[0-9]{1,15})\Z") | st.none(), min_size=1))
def test_plain_ids_are_read_as_among_others(texts):
    alone = read_ids(pd.Series(texts, dtype="str"))
    among = read_ids(pd.Series([*texts, "\u200b客"], dtype="str"))
    pd.testing.assert_series_equal(alone.found, among.found[:-1])
    assert (alone.question, among.question) == ("", "")
