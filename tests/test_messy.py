"""Messy public files beside their truth: read the same, said to be doubtful, or refused; never silently different.

What counts as the same: blanks around a cell mean nothing (every reader of values strips them), a line break within a
text is a line break however it is written, empty fields at the end of a record are none, blank records are none.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from mcrlib.errors import Refused
from mcrlib.read.columns import resolve_columns, said_of_columns
from mcrlib.read.dialects import resolve
from mcrlib.read.exports import read_sheets
from mcrlib.read.layout import find_header, rows_below
from mcrlib.read.sheets import Sheet
from mcrlib.settings import FileSpec, Settings

DATA = Path(__file__).parents[2] / "shared" / "data"
SPECTRUM = sorted((DATA / "messy_csv_spectrum" / "csvs").glob("*.csv"))
#: S30out and W44out have no clean twin.
POLLOCK = [
    path
    for path in sorted((DATA / "messy_pollock").glob("*/csv/*"))
    if (path.parents[1] / "clean" / path.name).exists()
]
OTHERS = sorted(
    path for name in ("messy_frictionless", "messy_csvkit") for path in (DATA / name).rglob("*") if path.is_file()
)

pytestmark = pytest.mark.skipif(not POLLOCK, reason="the shared data is not here")

Rows = list[list[str]]


@pytest.fixture
def alone(tmp_path):
    """Put one file into a folder of its own, as it was delivered."""

    def put(path: Path) -> Path:
        (tmp_path / path.name).write_bytes(path.read_bytes())
        return tmp_path

    return put


def cleaned(records: list) -> Rows:
    """Records as they are compared."""
    rows = []
    for record in records:
        cells = [re.sub(r"\r\n?", "\n", cell).strip() if isinstance(cell, str) else "" for cell in record]
        while cells and not cells[-1]:
            cells.pop()
        rows += [cells] if cells else []
    return rows


def truth_of(path: Path) -> Rows:
    """The clean twin as the csv module reads it: header first."""
    text = (path.parents[1] / "clean" / path.name).read_bytes().decode("utf-8", errors="replace")
    return cleaned(list(csv.reader(io.StringIO(text, newline=""))))


def squash(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def ascii_only(row: list[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"[^!-~]", "", cell) for cell in row)


def outcome(sheet: Sheet, truth: Rows) -> str:
    """What came of a file whose header was told by name, as in client.yaml; a sentence where it is silently wrong."""
    header = find_header(sheet, [], truth[0]) if truth and not sheet.cells.empty else None
    if header is None:
        return "refused"
    rows, bad, said = rows_below(sheet, header)
    ragged = bad["code"].isin(["too_many_fields", "too_few_fields"]).sum()
    if 2 * ragged > len(rows) + len(bad):
        return "refused"
    columns = resolve_columns(header.names, rows, "orders", FileSpec(file=sheet.file))
    codes = Counter(one.code for one in [*sheet.complaints, *said, *said_of_columns(columns, sheet.file)])
    wrong = _wrong_rows(cleaned(rows.to_numpy(object).tolist()), truth[1:], bad, codes)
    wrong = wrong or _wrong_header(header.names, truth[0], codes)
    if wrong:
        return f"silently different: {wrong}"
    return "set aside or warned" if len(bad) or set(codes) - {"unknown_columns", "twice"} else "same"


def _wrong_rows(found: Rows, truth: Rows, bad: pd.DataFrame, codes: Counter[str]) -> str:
    """The first row that is neither as it should be nor spoken of.

    Where letters are said to be damaged (mojibake), rows are compared by their ASCII. A header that is repeated over
    two lines is one record in the truth and is set aside as two.
    """
    rows_of = [tuple(ascii_only(row) if codes["mojibake"] else row) for row in found]
    true_of = {tuple(ascii_only(row) if codes["mojibake"] else row): row for row in truth}
    expected = Counter(tuple(ascii_only(row) if codes["mojibake"] else row) for row in truth)
    if extra := Counter(rows_of) - expected:
        return f"a row that is not in the truth: {next(iter(extra))}"
    raws = [squash(raw) for raw in bad["raw"]]
    headers = int((bad["code"] == "repeated_header").sum())
    for key in (expected - Counter(rows_of)).elements():
        if any(squash("".join(true_of[key])) in raw for raw in raws):
            continue
        if headers and not re.search(r"\d", "".join(key)):
            headers -= 1
            continue
        return f"a lost row: {key}"
    return ""


def _wrong_header(found: Sequence[str], truth: list[str], codes: Counter[str]) -> str:
    """The first header that is not as it should be, in letters and digits, as headers are matched.

    The truth joins header lines; here the lines above or below the header are named in a warning.
    """
    if codes["trailing_delimiters"]:
        return ""
    lines = codes["preamble"] or codes["second_header"]
    for mine, theirs in zip_longest(found, truth, fillvalue=""):
        one, other = squash(mine), squash(theirs)
        if one != other and not (lines and one in other):
            return f"header '{mine}' for '{theirs}'"
    return ""


@cache
def outcome_of(path: Path) -> str:
    """What came of a file that is delivered alone; each is read once for all tests."""
    with TemporaryDirectory() as folder:
        shutil.copy(path, folder)
        try:
            [sheet] = read_sheets(Path(folder))[0]
        except Refused as refused:
            return "refused" if path.name in str(refused) else f"silently refused: {refused}"
    return outcome(sheet, truth_of(path))


@pytest.mark.parametrize("path", POLLOCK, ids=lambda path: path.name)
def test_polluted_files_are_never_silently_different(path):
    assert "silently" not in outcome_of(path)


def test_most_polluted_files_are_read_as_they_should_be():
    found = Counter(map(outcome_of, POLLOCK))
    assert found["same"] + found["set aside or warned"] >= 0.6 * len(POLLOCK), found


@pytest.mark.parametrize("path", SPECTRUM, ids=lambda path: path.stem)
def test_the_spectrum_is_read_as_its_json_says(path, alone):
    truth = json.loads((path.parents[1] / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
    [sheet] = read_sheets(alone(path))[0]
    expected = [list(truth[0]), *(list(row.values()) for row in truth)]
    assert cleaned(sheet.cells.to_numpy(object).tolist()) == cleaned(expected)


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: "/".join(path.parts[-2:]))
def test_files_without_truth_lose_no_record(path, alone):
    """Every line of a plain text is a record that is kept or set aside, or the file is refused by name."""
    try:
        sheets, inputs = read_sheets(alone(path))
    except Refused as refused:
        assert path.name in str(refused)
        return
    assert sum(len(sheet.cells) + len(sheet.bad) for sheet in sheets) == inputs[0].rows
    data = path.read_bytes()
    if path.suffix == ".csv" and b'"' not in data and data.isascii():
        lines = [line for line in re.split("\r\n|\r|\n", data.decode()) if line.strip(" ,;\t|")]
        assert inputs[0].rows == len(lines)
    with pytest.raises(Refused, match="missing in the input folder"):
        resolve(sheets, Settings())
