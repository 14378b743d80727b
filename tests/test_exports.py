"""Any container, any encoding, any delimiter → sheets of text, or a refusal that names the file."""

import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib.errors import Refused
from mcrlib.read.charset import find_charset
from mcrlib.read.containers import kind_of
from mcrlib.read.exports import read_sheets
from mcrlib.read.footers import is_footer, is_total
from mcrlib.read.plain import gather_plain
from mcrlib.read.sheets import UnreadableError, gather
from mcrlib.read.text import Dialect, find_dialect, read_text

PLAIN = "id,name,amount\nA1,Müller,5.50\nA2,Søren,7\nA3,Café,0\n"
CHINESE = "客户编号,客户名称,行业\n" + "".join(f"C{i},上海远景贸易有限公司,制造业\n" for i in range(5))
TRADITIONAL = "客戶編號,客戶名稱,產業\n" + "".join(f"C{i},臺灣遠景貿易有限公司,製造業\n" for i in range(5))


def rows(sheet) -> list[list[str]]:
    return [[cell for cell in record if isinstance(cell, str)] for record in sheet.cells.to_numpy(object)]


def read(text: str | bytes, file: str = "orders.csv"):
    return read_text(text.encode() if isinstance(text, str) else text, file)


def folder(tmp_path: Path, **files: bytes | str) -> Path:
    for name, content in files.items():
        path = tmp_path / name.replace("__", "/").replace("_csv", ".csv").replace("_xlsx", ".xlsx")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return tmp_path


# --- text: the sheet


def test_sheet_is_text_with_spreadsheet_rows():
    sheet = read("id,name\n00012,NA\n\n1E5,\n")
    assert rows(sheet) == [["id", "name"], ["00012", "NA"], ["1E5", ""]]
    assert list(sheet.cells.index) == [1, 2, 4]
    assert set(sheet.cells.dtypes.astype(str)) == {"str"}
    assert not sheet.typed


def test_short_and_long_records_keep_their_width():
    sheet = read("a,b,c\n1,2,3\n1,2\n1,2,3,4\n")
    assert sheet.widths.tolist() == [3, 3, 2, 4]
    assert sheet.cells.loc[3].isna().tolist() == [False, False, True, True]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_newlines_may_mix_and_quotes_may_hold_anything(newline):
    sheet = read(f'a,b\r\n"x;y, ""z""\nw",2{newline}3,4{newline}')
    assert rows(sheet) == [["a", "b"], ['x;y, "z"\nw', "2"], ["3", "4"]]
    assert list(sheet.cells.index) == [1, 2, 3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found_by_evidence(delimiter):
    text = "\n".join(delimiter.join(row) for row in [["id", "name", "amount"]] + [["1", "Smith, Ann", "1,50"]] * 5)
    assert find_dialect(text.replace("Smith, Ann", '"Smith, Ann"').replace("1,50", '"1,50"')).delimiter == delimiter


def test_decimal_commas_do_not_make_a_delimiter():
    assert find_dialect("id;date;amount\n" + "1;2024-01-01;1,50\n" * 20).delimiter == ";"


def test_preamble_does_not_hide_the_delimiter():
    assert find_dialect("Orders, all\nMade today\n\nid;a;b\n" + "1;2;3\n" * 9).delimiter == ";"


def test_columns_separated_by_blanks():
    sheet = read(" customer_id  date number  value\r\n 00001 19970101  1   11.77\r\n 00002 19970112  5   77.00\r\n")
    assert rows(sheet)[1:] == [["00001", "19970101", "1", "11.77"], ["00002", "19970112", "5", "77.00"]]


def test_prose_is_not_split_at_blanks():
    assert read("please read me\nthis is text\nmore of it\n", "readme.txt").cells.shape[1] == 1


def test_quotes_in_prose_are_only_quotes():
    assert rows(read('He said:\n"well\nthat is it\n', "readme.txt")) == [["He said:"], ['"well'], ["that is it"]]


def test_declared_separator_line():
    sheet = read("sep=;\nid;name\n1;a,b\n")
    assert (rows(sheet), list(sheet.cells.index)) == ([["id", "name"], ["1", "a,b"]], [2, 3])


def test_backslash_escapes_and_apostrophe_quotes():
    assert rows(read('a,b\n"say \\"hi\\"",2\n'))[1] == ['say "hi"', "2"]
    assert rows(read("'a','b'\n'x, y','2'\n"))[1] == ["x, y", "2"]


def test_quotes_may_follow_blanks_and_apostrophes_may_stand_in_for_them():
    assert rows(read('a, b, c\n1, "x", 2\n3, "y, z", 4\n')) == [["a", "b", "c"], ["1", "x", "2"], ["3", "y, z", "4"]]
    assert rows(read("a,b\n1,'x, y'\n2,'it''s'\n3,z\n"))[1:3] == [
        ["1", "x, y"],
        ["2", "it's"],
    ]
    assert rows(read("a,b\n1,'t Hooft\n2,'00123\n"))[1:] == [["1", "'t Hooft"], ["2", "'00123"]]


def test_two_apostrophes_alone_are_no_empty_quotes():
    sheet = read("id,name,note\nA1,x,''\nA2,y,''\nA3,z,k\n")
    assert sheet.cells.loc[2:3, 2].tolist() == ["''", "''"]


def test_backslash_before_anything_but_quote_delimiter_and_itself_is_one():
    assert rows(read('a,b\n"C:\\new \\"x\\"",2\n'))[1] == ['C:\\new "x"', "2"]


def test_unterminated_quote_names_its_row():
    with pytest.raises(Exception, match="a quote opens and is not closed"):
        read('a,b\n1,2\n3,"4\n5,6\n7,8\n')


def test_quote_that_swallows_rows_is_refused():
    with pytest.raises(Exception, match=r"swallows 3 lines .* mend the quote in row 3"):
        read('a,b\n1,2\n"3,4\n5,6\n7",8,9\n1,2\n' + "1,2\n" * 9)


def test_control_characters_of_a_wrong_encoding_are_said():
    sheet = read("id,name\nA1,HR \u0096 Pensions\n")
    assert [one.code for one in sheet.complaints] == ["mojibake"]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_broken_bytes_name_their_line_and_a_cut_character_its_row(mark):
    whole = mark + "编号,名称\n1,上海\n2,北京\n3,深圳\n".encode()
    with pytest.raises(UnreadableError, match="mixes encodings: .* line 3|bytes that are none, the first in line 3"):
        read_text(whole.replace("北".encode(), "北".encode()[:2]), "orders.csv")
    assert read_text(whole[:-2], "orders.csv").bad["code"].tolist() == ["truncated"]
    cut = "编号,名称\n1,上海\n2,北京\n3,深圳".encode("gb18030")[:-1]
    assert read_text(cut, "orders.csv").bad["code"].tolist() == ["truncated"]


def test_damaged_member_of_a_zip_is_refused(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("orders.csv", PLAIN)
    (tmp_path / "export.zip").write_bytes(out.getvalue().replace(b"5.50", b"5.51"))
    with pytest.raises(Refused, match=r"export.zip: orders.csv in the zip is damaged"):
        read_sheets(tmp_path)


def test_nul_row_is_set_aside():
    sheet = read("a,b\n1,2\n3,x\0y\n")
    assert sheet.bad.to_dict("records") == [{"row": 3, "column": "", "code": "nul", "raw": "3,x\\0y"}]
    assert list(sheet.cells.index) == [1, 2]


@pytest.mark.parametrize("end", ["O3,2024-0", 'O3,"2024-0', "O3"])
def test_truncated_last_row_is_set_aside(end):
    sheet = read("id,date,amount\nO1,2024-01-01,5\nO2,2024-01-02,6\n" + end)
    assert sheet.bad[["row", "code"]].to_numpy().tolist() == [[4, "truncated"]]


def test_last_row_without_newline_is_whole_and_a_total_is_no_truncation():
    assert read("a,b\n1,2\n3,4").bad.empty
    assert rows(read("a,b\n1,2\n\x1a")) == [["a", "b"], ["1", "2"]]
    assert read("a,b,c\n1,2,3\n3,4,5\nGrand Total,7").bad.empty


def test_absurdly_wide_record_does_not_swell_the_others():
    sheet = read("a,b\n" + "1,2\n" * 50 + "x," * 20_000 + "\n1,2\n")
    assert sheet.cells.shape == (52, 2)
    assert sheet.bad[["row", "code"]].to_numpy().tolist() == [[52, "too_many_fields"]]


# --- text: the fast way gives what the careful one gives


@given(st.lists(st.lists(st.sampled_from(["x", "", " ", "1.5", "é"]), min_size=1, max_size=5), min_size=1, max_size=30))
def test_plain_reading_equals_careful_reading(records):
    records = [["a", "b", "c"], ["1", "2", "3"], *records]
    data = "".join(",".join(record) + "\n" for record in records).encode()
    cells, widths, bad = gather_plain(data, ",", 3)
    expected, expected_widths, _ = gather(record if record != [""] else [] for record in records)
    shape = [[cell for cell in row if isinstance(cell, str)] for row in cells.to_numpy(object)]
    assert shape == [[cell for cell in row if isinstance(cell, str)] for row in expected.to_numpy(object)]
    assert list(cells.index) == list(expected.index)
    assert widths.tolist() == expected_widths.tolist()
    assert bad == []


def test_large_file_takes_the_fast_way_with_the_same_result():
    line = "O1,2024-01-01,5\n"
    text = "id,date,amount\n" + line * 300_000 + "O2,short\n" + line
    sheet = read(text)
    assert (len(sheet.cells), sheet.widths.loc[300_002], sheet.cells.loc[300_003, 2]) == (300_003, 2, "5")


# --- encodings


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (PLAIN, "utf-8", "utf-8"),
        (PLAIN, "utf-8-sig", "utf-8-sig"),
        (PLAIN, "utf-16", "utf-16"),
        (PLAIN, "utf-16-le", "utf-16-le"),
        (PLAIN, "utf-16-be", "utf-16-be"),
        (PLAIN, "cp1252", "cp1252"),
        (PLAIN, "cp850", "cp850"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "gb18030", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (TRADITIONAL, "utf-16", "utf-16"),
    ],
)
def test_encoding_is_found_without_damage(text, encoding, name):
    data = text.encode(encoding)
    assert find_charset(data, "a.csv")[0] == name
    assert rows(read(data))[1:] == [line.split(",") for line in text.splitlines()[1:]]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Acme\xa0Tools", "cp1252"),
        ("L’Été – “Café”", "cp1252"),
        ("Cataluña", "cp850"),
        ("Müller à Köln", "cp850"),
        ("ÉTÉ", "cp1252"),
    ],
)
def test_western_code_pages_are_told_by_what_reads_like_words(name, encoding):
    data = f"id,name\n1,{name}\n".encode(encoding)
    assert rows(read(data))[1] == ["1", name]


def test_bytes_that_the_likeliest_code_page_does_not_know_are_refused_with_their_line():
    data = CHINESE.encode("gb18030").replace(
        "制造业".encode("gb18030"), "制造业".encode("gb18030")[:-1] + b"\x81\xff", 1
    )
    with pytest.raises(UnreadableError, match="has bytes that are none, the first in line"):
        find_charset(data, "a.csv")


def test_chinese_that_would_be_rare_korean_is_chinese():
    text = "客户编号,客户名称\nA0000,Firm 光大 光大\n"
    assert find_charset(text.encode("gb18030"), "a.csv")[0] == "gb18030"


@pytest.mark.parametrize(("text", "encoding"), [("Газпром,Лукойл", "cp1251"), ("Ελλάδα,Αθήνα,Κρήτη", "cp1253")])
def test_a_script_that_cannot_be_told_is_refused(text, encoding):
    with pytest.raises(UnreadableError, match="the encoding cannot be told .*export it again as UTF-8"):
        read(f"id,name\n1,{text}\n".encode(encoding))


def test_western_guess_is_said():
    assert "taken for cp1252" in str(find_charset(PLAIN.encode("cp1252"), "a.csv")[1][0])


@pytest.mark.parametrize("second", ["gb18030", "utf-8"])
def test_mixed_encodings_are_refused(second):
    first = "gb18030" if second == "utf-8" else "utf-8"
    data = CHINESE.encode(first) + CHINESE.encode(second)
    with pytest.raises(Exception, match="mixes encodings.*export it again in one piece as UTF-8"):
        read(data)


def test_mixed_western_encodings_are_refused():
    with pytest.raises(Exception, match="mixes encodings"):
        read(PLAIN.encode() + PLAIN.encode("cp1252"))


def test_mojibake_is_kept_and_said():
    sheet = read("id,name\n1,MÃ¼ller\n2,CafÃ©\n")
    assert sheet.cells.loc[2, 1] == "MÃ¼ller"
    assert "2 places were damaged by a wrong encoding" in sheet.complaints[0].message


def test_utf8_cut_in_mid_character_loses_only_the_last_row():
    sheet = read("id,name\n1,Müller\n2,Mü".encode()[:-1])
    assert (rows(sheet), sheet.bad["code"].tolist()) == ([["id", "name"], ["1", "Müller"]], ["truncated"])


# --- the folder


def test_folder_is_read_with_subfolders_and_hashes(tmp_path):
    path = folder(tmp_path, orders_csv="a,b\n1,2\n", **{"sub__accounts_csv": "a,b\n", ".hidden": "x"})
    (path / "orders.csv.gz").write_bytes(gzip.compress(b"a,b\n3,4\n"))
    sheets, inputs = read_sheets(path)
    assert [sheet.file for sheet in sheets] == ["orders.csv", "orders.csv.gz", "sub/accounts.csv"]
    assert [(one.file, one.rows, len(one.sha256)) for one in inputs][0] == ("orders.csv", 2, 64)
    assert rows(sheets[1]) == [["a", "b"], ["3", "4"]]


def test_wanted_leaves_files_unread(tmp_path):
    sheets, inputs = read_sheets(folder(tmp_path, a_csv="x,y\n", b_csv='x,"y\n1\n'), lambda file: file == "a.csv")
    assert [one.file for one in inputs] == ["a.csv"]


def test_missing_and_empty_folder_are_named(tmp_path):
    with pytest.raises(Refused, match="input folder .*nowhere does not exist"):
        read_sheets(tmp_path / "nowhere")
    with pytest.raises(Refused, match="is empty: put the exports there"):
        read_sheets(tmp_path)


def test_a_link_out_of_the_folder_is_refused_unopened_and_one_within_is_read(tmp_path):
    (tmp_path / "secret.csv").write_text("order_id,account_id\nthe secret,A1\n", encoding="utf-8")
    exports = folder(tmp_path / "in", accounts_csv="account_id,account_name\nA1,Acme\n")
    (exports / "owners.csv").symlink_to(exports / "accounts.csv")
    assert [one.file for one in read_sheets(exports)[1]] == ["accounts.csv", "owners.csv"]
    (exports / "orders.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Refused, match=r"^orders\.csv: it is a link to a file outside the input folder") as error:
        read_sheets(exports)
    assert "secret" not in str(error.value)


def test_all_unreadable_files_are_said_at_once(tmp_path):
    path = folder(tmp_path, a_csv='[{"id": 1}]', b_csv="<!DOCTYPE html><html><body>log in</body></html>", c_csv="x,y\n")
    with pytest.raises(
        Refused, match=r"a.csv: the content is JSON.*b.csv: the content is an HTML page without a table"
    ):
        read_sheets(path)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"\x80\x04\x95\x10\x00.", "pickle"),
        (b"cos\nsystem\n(S'touch x'\ntR.", "pickle"),
        (b'{"a": 1}', "JSON"),
        (b"[1, 2]", "JSON"),
        (b"[date];[amount]\n1;2\n", "text"),
        (b"<html><table>", "html"),
        (b'<?xml version="1.0"?>', "xml"),
        (b"%PDF-1.4", "PDF"),
        (b"\x00\x01\x02\x03" * 99, "binary"),
        ("a,b\n".encode("utf-16-le") * 9, "text"),
        ("客户".encode("utf-16"), "text"),
    ],
)
def test_kind_is_told_by_content(data, kind):
    assert kind_of(data) == kind


def test_empty_file_gives_an_empty_sheet_and_a_pdf_is_left_alone(tmp_path):
    (tmp_path / "guide.pdf").write_bytes(b"%PDF-1.4")
    sheets, _ = read_sheets(folder(tmp_path, orders_csv=""))
    assert [(sheet.file, sheet.cells.empty, sheet.complaints[0].code) for sheet in sheets] == [
        ("guide.pdf", True, "unused_file"),
        ("orders.csv", True, "empty"),
    ]


def test_gzip_bomb_and_broken_gzip_are_refused(tmp_path):
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(b"0" * (60 << 20)))
    (tmp_path / "b.csv.gz").write_bytes(gzip.compress(b"a,b\n1,2\n" * 1000)[:-20])
    with pytest.raises(Refused, match=r"a.csv.gz: .* would unpack to .*b.csv.gz: the .gz is damaged or incomplete"):
        read_sheets(tmp_path)


def test_zip_of_csv_files(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("Account.csv", "Id,Name\n1,a\n")
        archive.writestr("__MACOSX/Account.csv", "x")
    sheets, inputs = read_sheets(tmp_path)
    assert ([sheet.file for sheet in sheets], len(inputs)) == (["export.zip/Account.csv"], 1)


def test_html_table_under_xls(tmp_path):
    page = (
        "<html><meta charset=utf-8><table><tr><th>id<th>name</tr><tr><td>1</td><td>a &amp; b</td></tr></table></html>"
    )
    (tmp_path / "orders.xls").write_text(page)
    assert rows(read_sheets(tmp_path)[0][0]) == [["id", "name"], ["1", "a & b"]]


def test_xml_spreadsheet_2003(tmp_path):
    ns = "urn:schemas-microsoft-com:office:spreadsheet"
    text = '<Cell><Data ss:Type="String">id</Data></Cell>'
    date = '<Cell ss:Index="3"><Data ss:Type="DateTime">2024-01-05T00:00:00.000</Data></Cell>'
    (tmp_path / "orders.xls").write_text(
        f'<?xml version="1.0"?><Workbook xmlns="{ns}" xmlns:ss="{ns}"><Worksheet ss:Name="S">'
        f"<Table><Row>{text}{date}</Row></Table></Worksheet></Workbook>"
    )
    [sheet] = read_sheets(tmp_path)[0]
    assert (rows(sheet), sheet.sheet, sheet.typed) == ([["id", "", "2024-01-05"]], "S", True)


# --- workbooks


def workbook(path: Path, *sheets: tuple[str, list[list]], change=None) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in sheets:
        page = book.create_sheet(name)
        for record in content:
            page.append(record)
        if change:
            change(page)
    book.save(path)
    return path.parent


def edited(path: Path, old: bytes, new: bytes) -> None:
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(old, new) if name.endswith("sheet1.xml") else content)


def test_workbook_values_come_in_one_spelling(tmp_path):
    record = ["x", dt.date(2024, 1, 5), dt.datetime(2024, 1, 5, 8, 30), 4000.0, 0.1, True, 12345678901234567, None]
    [sheet] = read_sheets(workbook(tmp_path / "a.xlsx", ("S", [list("abcdefgh"), record])))[0]
    assert rows(sheet)[1] == [
        "x",
        "2024-01-05",
        "2024-01-05 08:30:00",
        "4000",
        "0.1",
        "TRUE",
        "1.234567890123457e+16",
    ]
    assert (sheet.typed, sheet.sheet, list(sheet.cells.index)) == (True, "S", [1, 2])


def test_workbook_keeps_rows_of_a_table_that_starts_lower(tmp_path):
    [sheet] = read_sheets(workbook(tmp_path / "a.xlsx", ("S", [[], [], ["id", "n"], ["1", 2]])))[0]
    assert (list(sheet.cells.index), rows(sheet)[0]) == ([3, 4], ["id", "n"])


def test_workbook_says_what_is_hidden_and_uncomputed(tmp_path):
    def change(page):
        page.row_dimensions[2].hidden = True
        page.column_dimensions["B"].hidden = True
        page["C2"] = "=1+1"

    [sheet] = read_sheets(workbook(tmp_path / "a.xlsx", ("S", [["a", "b", "c"], [1, 2, 3]]), change=change))[0]
    assert [complaint.code for complaint in sheet.complaints] == ["hidden", "formula"]
    assert "1 hidden (filtered) rows and 1 hidden columns" in sheet.complaints[0].message
    assert rows(sheet)[1][:2] == ["1", "2"]


def test_workbook_errors_are_shown_as_text(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, ("S", [["id", "amount"], ["x", 77], ["y", 5]]))
    edited(path, b'<c r="B2" t="n"><v>77</v></c>', b'<c r="B2" t="e"><v>#REF!</v></c>')
    assert rows(read_sheets(tmp_path)[0][0]) == [["id", "amount"], ["x", "#REF!"], ["y", "5"]]


def test_workbook_errors_stand_in_their_cells_where_the_table_does_not_start_at_a1(tmp_path):
    book = openpyxl.Workbook()
    for place, record in enumerate([["id", "amount", "note"], ["#N/A", 1, "x"], ["y", "#REF!", "z"]], start=4):
        for column, value in enumerate(record, start=3):
            book.active.cell(place, column, value)
    book.save(tmp_path / "orders.xlsx")
    sheet = read_sheets(tmp_path)[0][0]
    assert rows(sheet) == [["id", "amount", "note"], ["#N/A", "1", "x"], ["y", "#REF!", "z"]]
    assert sheet.cells.index.tolist() == [4, 5, 6]


def test_workbook_in_the_1904_system(tmp_path):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["date"])
    book.active.append([dt.date(2024, 3, 5)])
    book.save(tmp_path / "a.xlsx")
    assert rows(read_sheets(tmp_path)[0][0])[1] == ["2024-03-05"]


def test_a_workbook_without_a_cell_is_an_empty_file(tmp_path):
    workbook(tmp_path / "orders.xlsx", ("orders", []), ("Sheet2", []))
    [sheet], _ = read_sheets(tmp_path)
    assert sheet.cells.empty and str(sheet.complaints[0]) == "orders.xlsx: the file is empty: export it again"


def test_workbook_sheets_come_apart_and_empty_ones_not(tmp_path):
    sheets, _ = read_sheets(workbook(tmp_path / "a.xlsx", ("2024", [["a"]]), ("empty", []), ("2023", [["b"]])))
    assert [sheet.sheet for sheet in sheets] == ["2024", "2023"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            b"</sheetData>",
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
            "cell XFD1048576 lies far outside",
        ),
        (b"<worksheet", b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet', "holds XML entities"),
        (b"<sheetData>", b"<sheetData>" + b" " * (60 << 20), "would unpack to"),
    ],
)
def test_hostile_workbooks_are_refused_unopened(tmp_path, old, new, said):
    path = tmp_path / "a.xlsx"
    workbook(path, ("S", [["id", "amount"], ["x", 77]]))
    edited(path, old, new)
    with pytest.raises(Refused, match=f"a.xlsx.*{said}"):
        read_sheets(tmp_path)


def test_stray_cell_far_to_the_right_swells_only_its_row(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, ("S", [["id", "amount"], ["x", 77]]))
    edited(path, b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row></sheetData>')
    [sheet] = read_sheets(tmp_path)[0]
    assert (sheet.cells.shape, sheet.bad[["row", "code"]].to_numpy().tolist()) == ((2, 2), [[9, "too_many_fields"]])


def test_lying_dimension_does_no_harm(tmp_path):
    path = tmp_path / "a.xlsx"
    workbook(path, ("S", [["id", "amount"], ["x", 77]]))
    edited(path, b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert rows(read_sheets(tmp_path)[0][0]) == [["id", "amount"], ["x", "77"]]


def test_protected_and_damaged_workbooks_are_told_apart(tmp_path):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    (tmp_path / "a.xlsx").write_bytes(ole + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600)
    (tmp_path / "b.xlsx").write_bytes(ole + b"\0" * 1200)
    with pytest.raises(Refused, match=r"a.xlsx: .*protected by a password.*b.xlsx: .*damaged"):
        read_sheets(tmp_path)


# --- totals and footers


@pytest.mark.parametrize(
    ("record", "total", "footer"),
    [
        (["Grand Total", "", "250,389.50"], True, True),
        (["", "合计：", "1,234.00", "￥5"], True, True),
        (["North Subtotal", "12"], True, True),
        (["Total", "Energy", "5"], False, False),
        (["A1", "Total", "5"], False, False),
        (["Copyright (c) 2024 Acme. All rights reserved.", ""], False, True),
        (["共 120 条", ""], False, True),
        (["O1", "2024-01-01", "5"], False, False),
    ],
)
def test_totals_and_footers(record, total, footer):
    assert (is_total(record), is_footer(record)) == (total, footer)


def test_dialect_of_one_column():
    assert find_dialect("name\nAcme\nBeta\n") == Dialect(",")
    assert isinstance(read("name\nAcme\n").cells, pd.DataFrame)


def test_fields_parted_by_tildes_are_told_apart(tmp_path):
    (tmp_path / "kna1.txt").write_text("MANDT~KUNNR~NAME1\n100~0000010000~Acme, Inc.\n", encoding="utf-8")
    [sheet], _ = read_sheets(tmp_path)
    assert sheet.cells.iloc[1].tolist() == ["100", "0000010000", "Acme, Inc."]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("取引先コード,取引先名\nT1,東京電機株式会社\nT2,トヨタ自動車\n", "cp932"),
        ("取引先コード,取引先名\nT1,東京電機株式会社\nT2,トヨタ自動車\n", "euc_jp"),
        ("고객번호,고객명\n1,삼성전자 주식회사\n2,현대자동차\n", "cp949"),
        ("客户编号,客户名称\n1,北京华信科技有限公司\n2,上海申达机械有限公司\n", "gb18030"),
    ],
)
def test_japanese_and_korean_are_told_from_chinese(text, name):
    assert find_charset(text.encode(name), "a.csv")[0] == name
