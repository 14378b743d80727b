from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from mcrlib.run import write_csv
from mcrlib.show.publish.workbook import write_workbook

FRAME = pd.DataFrame(
    {
        "account_id": ["007", "12"],
        "name": ["=1+1", "北京喆堃"],
        "harvest": [1.5, None],
        "n": [3, -4],
        "code": ["0012", "1"],
        "long": ["1234567890123456789", "2"],
        "day": ["2025-12-31", None],
    }
)


@pytest.fixture
def written(tmp_path):
    write_csv(FRAME, tmp_path / "accounts.csv")
    write_workbook([tmp_path / "accounts.csv"], tmp_path / "out" / "accounts.xlsx")
    return tmp_path / "out" / "accounts.xlsx"


def test_numbers_are_numbers_and_codes_stay_text(written):
    rows = list(openpyxl.load_workbook(written)["accounts"].iter_rows(values_only=True))
    assert rows[0] == tuple(FRAME.columns)
    assert rows[1] == ("007", "'=1+1", 1.5, 3, "0012", "1234567890123456789", "2025-12-31")
    assert rows[2] == ("12", "北京喆堃", None, -4, "1", "2", None)


def test_no_cell_is_a_formula_or_a_link(tmp_path):
    hostile = ["=1+1", "＝1", "+1", "-cmd|' /C calc'!A0", "@SUM(1)", "http://x.example", "{=A1}", "\t=1", "x\ny"]
    write_csv(pd.DataFrame({"=name": hostile}), tmp_path / "t.csv")
    write_workbook([tmp_path / "t.csv"], tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells) and len(cells) == 1 + len(hostile)
    assert not any(str(cell.value).startswith(("=", "+", "-", "@", "＝")) for cell in cells)


def test_the_sheet_can_be_sorted_and_filtered(written):
    sheet = openpyxl.load_workbook(written).active
    assert sheet.auto_filter.ref == "A1:G3" and sheet.freeze_panes == "A2"


def test_equal_tables_give_equal_bytes(written, tmp_path):
    again = tmp_path / "again.xlsx"
    write_workbook([tmp_path / "accounts.csv"], again)
    assert again.read_bytes() == written.read_bytes()


def test_a_table_without_rows_is_a_sheet_with_its_header(tmp_path):
    Path(tmp_path / "gems.csv").write_text("a,b\n", encoding="utf-8")
    assert write_workbook([tmp_path / "gems.csv"], tmp_path / "gems.xlsx") == ["gems"]
    assert list(openpyxl.load_workbook(tmp_path / "gems.xlsx").active.values) == [("a", "b")]


def test_the_tables_of_a_chapter_are_sheets_of_one_workbook(tmp_path):
    alike = "what_the_sheets_of_a_workbook_may_be_called"
    for name in (alike, f"{alike}_too", "small"):
        Path(tmp_path / f"{name}.csv").write_text(f"a\n{name}\n", encoding="utf-8")
    held = write_workbook(sorted(tmp_path.glob("*.csv")), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert {sheet.title: sheet["A2"].value for sheet in book} == {
        "small": "small",
        "what_the_sheets_of_a_workbook_m": alike,
        "what_the_sheets_of_a_workbook~2": f"{alike}_too",
    }
    assert held == ["small", alike, f"{alike}_too"]


def test_a_table_that_nobody_opens_in_a_workbook_stays_a_csv(tmp_path):
    Path(tmp_path / "big.csv").write_text("a\n" + "1\n" * 500_001, encoding="utf-8")
    Path(tmp_path / "small.csv").write_text("a\n1\n", encoding="utf-8")
    assert write_workbook([tmp_path / "big.csv"], tmp_path / "big.xlsx") == []
    assert not (tmp_path / "big.xlsx").exists()
    assert write_workbook([tmp_path / "big.csv", tmp_path / "small.csv"], tmp_path / "both.xlsx") == ["small"]
