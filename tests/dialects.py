"""One small company written as many systems would export it; every writer takes the same content."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from pathlib import Path

import openpyxl

Cell = str | dt.date | Decimal | None
Rows = list[list[Cell]]

ENGLISH = (("account_id", "account_name"), ("order_id", "account_id", "order_date", "amount", "product_line"))
SALESFORCE = (
    ("Account ID", "Account Name"),
    ("Order Number", "Account ID", "Order Start Date", "Order Amount", "Product Line"),
)
SIMPLIFIED = (("客户编号", "客户名称"), ("订单编号", "客户编号", "订单日期", "订单金额", "产品线"))
TRADITIONAL = (("客戶編號", "客戶名稱"), ("訂單編號", "客戶編號", "訂單日期", "訂單金額", "產品線"))
WAN = (SIMPLIFIED[0], ("订单编号", "客户编号", "订单日期", "订单金额（万元）", "产品线"))

Headers = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Content:
    """Rows of accounts and of orders, in the columns of ``ENGLISH``; None where nothing is written."""

    accounts: Rows
    orders: Rows

    def tables(self, headers: Headers = ENGLISH) -> list[tuple[str, Rows]]:
        """Both tables with a header row."""
        both = (("accounts", self.accounts), ("orders", self.orders))
        return [(name, [list(header), *rows]) for (name, rows), header in zip(both, headers, strict=True)]


def _texts(rows: Rows, date: Callable[[dt.date], str], amount: Callable[[Decimal], str]) -> list[list[str]]:
    def text(cell: Cell) -> str:
        if isinstance(cell, dt.date):
            return date(cell)
        return amount(cell) if isinstance(cell, Decimal) else cell or ""

    return [[text(cell) for cell in row] for row in rows]


def _plain(rows: Rows) -> list[list[str]]:
    return _texts(rows, dt.date.isoformat, str)


def _csv(records: list[list[str]], delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n") -> str:
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(records)  # type: ignore[arg-type]
    return target.getvalue()


def plain_csv(folder: Path, content: Content) -> None:
    """UTF-8, comma, ISO dates: what all others are compared with."""
    for name, rows in content.tables():
        (folder / f"{name}.csv").write_text(_csv(_plain(rows), end="\n"), encoding="utf-8", newline="")


def reversed_csv(folder: Path, content: Content) -> None:
    """The last row first."""
    plain_csv(folder, Content(content.accounts[::-1], content.orders[::-1]))


def german_csv(folder: Path, content: Content) -> None:
    """Byte-order mark, semicolons, 1.234,56 and 25.03.2024."""
    for name, rows in content.tables():
        records = _texts(rows, lambda day: day.strftime("%d.%m.%Y"), lambda x: f"{x:,}".translate({44: ".", 46: ","}))
        (folder / f"{name}.csv").write_text(_csv(records, ";"), encoding="utf-8-sig", newline="")


def chinese_csv(folder: Path, content: Content) -> None:
    """GB18030, Chinese headers, 2024年3月5日."""
    for name, rows in content.tables(SIMPLIFIED):
        records = _texts(rows, lambda day: f"{day.year}年{day.month}月{day.day}日", "￥{:,}".format)
        records = [[cell.replace("￥", "") for cell in record] for record in records]
        (folder / f"{name}.csv").write_text(_csv(records), encoding="gb18030", newline="")


def traditional_csv(folder: Path, content: Content) -> None:
    """Big5, traditional headers, 2024/3/5."""
    for name, rows in content.tables(TRADITIONAL):
        records = _texts(rows, lambda day: f"{day.year}/{day.month}/{day.day}", "{:,}".format)
        (folder / f"{name}.csv").write_text(_csv(records), encoding="big5", newline="")


def unicode_text(folder: Path, content: Content) -> None:
    """What Excel calls Unicode text: UTF-16, tabs."""
    for name, rows in content.tables():
        (folder / f"{name}.txt").write_text(_csv(_plain(rows), "\t"), encoding="utf-16", newline="")


def excel(folder: Path, content: Content) -> None:
    """One workbook, a sheet for each table; dates are dates and amounts are numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in content.tables():
        page = book.create_sheet(name)
        for record in rows:
            page.append(record)
    book.save(folder / "export.xlsx")


def open_document(folder: Path, content: Content) -> None:
    """A spreadsheet of LibreOffice, written by hand."""
    spaces = "".join(
        f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )

    def cell(value: Cell) -> str:
        if value is None:
            return "<table:table-cell/>"
        shown = f"<text:p>{escape(str(value))}</text:p></table:table-cell>"
        if isinstance(value, dt.date):
            return f'<table:table-cell office:value-type="date" office:date-value="{value}">{shown}'
        if isinstance(value, Decimal):
            return f'<table:table-cell office:value-type="float" office:value="{value}">{shown}'
        return f'<table:table-cell office:value-type="string">{shown}'

    sheets = "".join(
        f'<table:table table:name="{name}">' + _rows(rows, "table:table-row", cell) + "</table:table>"
        for name, rows in content.tables()
    )
    body = f"<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body>"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(folder / "export.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", f'{head}<manifest:manifest xmlns:manifest="{manifest}"/>')
        package.writestr(
            "content.xml",
            f'{head}<office:document-content{spaces} office:version="1.2">{body}</office:document-content>',
        )


def xml_spreadsheet(folder: Path, content: Content) -> None:
    """Excel 2003 XML under .xls, one file for each table."""
    space = "urn:schemas-microsoft-com:office:spreadsheet"

    def cell(value: Cell) -> str:
        if isinstance(value, dt.date):
            return f'<Cell><Data ss:Type="DateTime">{value}T00:00:00.000</Data></Cell>'
        kind = "Number" if isinstance(value, Decimal) else "String"
        return "<Cell/>" if value is None else f'<Cell><Data ss:Type="{kind}">{escape(str(value))}</Data></Cell>'

    for name, rows in content.tables():
        table = f'<Worksheet ss:Name="{name}"><Table>{_rows(rows, "Row", cell)}</Table></Worksheet>'
        text = f'<?xml version="1.0"?>\n<Workbook xmlns="{space}" xmlns:ss="{space}">{table}</Workbook>'
        (folder / f"{name}.xls").write_text(text, encoding="utf-8")


def html(folder: Path, content: Content) -> None:
    """A web page under .xls, one file for each table."""
    for name, rows in content.tables():
        table = _rows(_plain(rows), "tr", lambda text: f"<td>{escape(str(text))}</td>")
        page = f"<html><head><meta charset='utf-8'></head><body><table>{table}</table></body></html>"
        (folder / f"{name}.xls").write_text(page, encoding="utf-8")


def zipped(folder: Path, content: Content) -> None:
    """One zip of two CSV files."""
    with zipfile.ZipFile(folder / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in content.tables():
            archive.writestr(f"{name}.csv", _csv(_plain(rows)))


def report(folder: Path, content: Content) -> None:
    """Every cell quoted, a title above, a total and a remark below."""
    total = sum((Decimal(str(row[3])) for row in content.orders), Decimal(0))
    below = {"accounts": [], "orders": [["Grand Total", "", "", str(total), ""]]}
    for name, rows in content.tables():
        title = _csv([[f"Report: {name}"], ["As of", "2024-12-31"]], quoting=csv.QUOTE_ALL) + "\r\n"
        text = title + _csv([*_plain(rows), *below[name]], quoting=csv.QUOTE_ALL)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")


def salesforce(folder: Path, content: Content) -> None:
    """A report of Salesforce: its headers, month first, its lines at the end."""
    end = '\n\n\n"Confidential Information - Do Not Distribute"\n"Copyright (c) 2000-2024 salesforce.com, inc."\n'
    for name, rows in content.tables(SALESFORCE):
        records = _texts(rows, lambda day: f"{day.month}/{day.day}/{day.year}", "{:,}".format)
        text = _csv(records, quoting=csv.QUOTE_ALL, end="\n") + end
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", newline="")


def ten_thousands(folder: Path, content: Content) -> None:
    """Amounts in 万元, as the header says."""
    for name, rows in content.tables(WAN):
        records = _texts(rows, dt.date.isoformat, lambda amount: f"{amount / 10_000:.6f}")
        (folder / f"{name}.csv").write_text(_csv(records), encoding="utf-8", newline="")


def _rows(rows: Rows | list[list[str]], tag: str, cell: Callable[[Cell], str]) -> str:
    return "".join(f"<{tag}>{''.join(map(cell, row))}</{tag}>" for row in rows)


#: Every writer but the plain one.
WRITERS = (
    reversed_csv, german_csv, chinese_csv, traditional_csv, unicode_text, excel, open_document, xml_spreadsheet, html,
    zipped, report, salesforce, ten_thousands,
)  # fmt: skip
