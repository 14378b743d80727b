"""Tables that come as HTML or as XML Spreadsheet 2003 under the name of a workbook."""

from __future__ import annotations

import io
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from mcrlib.read.charset import find_charset
from mcrlib.read.sheets import Sheet, UnreadableError, bad_rows, gather

_NAMESPACE = "{urn:schemas-microsoft-com:office:spreadsheet}"


class _Tables(HTMLParser):
    """Collects the rows of the tables of a page; nested tables are text of their cell."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.depth = 0
        self.in_cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            self.tables += [[]] if self.depth == 1 else []
        elif self.depth == 1 and tag == "tr":
            self.tables[-1].append([])
            self.in_cell = False
        elif self.depth == 1 and tag in ("td", "th") and self.tables[-1]:
            self.tables[-1][-1].append("")
            self.in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.depth = max(self.depth - 1, 0)
        if self.depth <= 1 and tag in ("td", "th", "tr", "table"):
            self.in_cell = False

    def handle_data(self, data: str) -> None:
        if self.in_cell and self.depth:
            self.tables[-1][-1][-1] += data


def read_html(data: bytes, file: str) -> list[Sheet]:
    """Read the tables of an HTML page, as many systems export under .xls; a page without a table is refused."""
    charset, complaints = find_charset(data, file)
    page = _Tables()
    page.feed(data.decode(charset, errors="replace"))
    page.close()
    tables = [[[cell.strip() for cell in row] for row in table] for table in page.tables]
    tables = [table for table in tables if sum(len(row) > 1 for row in table) > 1]
    if not tables:
        said = "the content is an HTML page without a table, often a log-in or error page: export it again"
        raise UnreadableError("content", said, file)
    sheets = []
    for number, table in enumerate(tables, start=1):
        cells, widths, bad = gather(table)
        sheets.append(
            Sheet(
                file,
                f"table {number}" if len(tables) > 1 else "",
                cells,
                widths,
                bad=bad_rows(bad),
                complaints=complaints,
            )
        )
    return sheets


def read_xml(data: bytes, file: str) -> list[Sheet]:
    """Read an XML Spreadsheet 2003; other XML is refused."""
    sheets = []
    try:
        for _, element in iterparse(io.BytesIO(data), events=("end",), forbid_dtd=True):
            if element.tag == f"{_NAMESPACE}Worksheet":
                cells, widths, bad = gather(_rows(element))
                name = element.get(f"{_NAMESPACE}Name", "")
                sheets.append(Sheet(file, name, cells, widths, typed=True, bad=bad_rows(bad)))
                element.clear()
    except DefusedXmlException as error:
        said = "the file holds XML entities or a document type, as an attack does; it is not opened: save it again"
        raise UnreadableError("entities", said, file) from error
    except ParseError as error:
        raise UnreadableError("content", "the XML is damaged or incomplete: export it again", file) from error
    if not sheets:
        raise UnreadableError("content", "the content is XML, not a table: export it as CSV or as a workbook", file)
    return [sheet for sheet in sheets if not sheet.cells.empty]


def _rows(worksheet: Element) -> list[list[str]]:
    rows: list[list[str]] = []
    for row in worksheet.iter(f"{_NAMESPACE}Row"):
        rows += [[]] * min(max(int(row.get(f"{_NAMESPACE}Index", 0)) - 1 - len(rows), 0), 1000)
        cells: list[str] = []
        for cell in row.iter(f"{_NAMESPACE}Cell"):
            cells += [""] * min(max(int(cell.get(f"{_NAMESPACE}Index", 0)) - 1 - len(cells), 0), 1000)
            cells.append(_value(cell.find(f"{_NAMESPACE}Data")))
        rows.append(cells)
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) if row else row for row in rows]


def _value(data: Element | None) -> str:
    if data is None:
        return ""
    text = "".join(data.itertext())
    if data.get(f"{_NAMESPACE}Type") == "DateTime":
        return text.removesuffix(".000").removesuffix("T00:00:00").replace("T", " ")
    return text
