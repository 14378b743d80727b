"""Text files as sheets: delimiter and quotes by evidence, nothing repaired silently."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import pandas as pd

from mcrlib.read.charset import find_charset, is_cut
from mcrlib.read.footers import is_footer
from mcrlib.read.plain import Gathered, gather_plain, is_regular
from mcrlib.read.sheets import Sheet, UnreadableError, bad_rows, gather, is_blank, raw_text, records_of

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

DELIMITERS = ",;\t|~"
_SAMPLE_CHARS = 1 << 17
_SAMPLE_RECORDS = 400
_NEARLY_ALL = 0.8
#: Longest cell that is read; a longer one is a broken quote or an attack.
_LONGEST_CELL = 1 << 24
#: From this size on, plain files are read by Arrow.
_LARGE = 1 << 22
_SEPARATOR_RECORD = re.compile("sep=.?", re.IGNORECASE)
_SEPARATOR_LINE = re.compile(r'^\ufeff?"?sep=(.)"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How the fields of a text file are told apart; an empty delimiter means blanks.

    Where blanks follow the delimiter (``1, "Smith, Ann"``), they are no part of the field.
    """

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    blanks: bool = False


def read_text(data: bytes, file: str) -> Sheet:
    """Read a text file of any encoding and delimiter as one sheet.

    Raises
    ------
    UnreadableError
        Mixed encodings, a quote that never closes, a cell or record of absurd size.
    """
    data = data.rstrip(b"\x1a") if data.endswith(b"\x1a") else data
    charset, complaints = find_charset(data, file)
    cut = is_cut(data, charset)
    with io.TextIOWrapper(io.BytesIO(data), charset, errors="ignore" if cut else "strict", newline="") as stream:
        sample = stream.read(_SAMPLE_CHARS)
        dialect = find_dialect(sample)
        usual = _usual_width(_sample_records(sample, dialect))
        gathered = None
        if len(data) >= _LARGE and not cut and _is_plain(data, charset, dialect, usual):
            gathered = gather_plain(data, dialect.delimiter, usual, dialect.quote if _has_quotes(data, dialect) else "")
        if gathered is None:
            stream.seek(0)
            gathered = _gather_carefully(stream, dialect, file, usual)
    cells, widths, bad = gathered
    sheet = Sheet(file, "", cells, widths, bad=bad_rows(bad), complaints=complaints, delimiter=dialect.delimiter)
    sheet = _without_nul(sheet, data)
    ended = data.rstrip(b"\0")[-1:] in (b"\n", b"\r")
    return sheet if ended else _without_truncated(sheet, cut=cut)


def _gather_carefully(stream: io.TextIOBase, dialect: Dialect, file: str, usual: int) -> Gathered:
    reader = _Records(stream, dialect, file, usual)
    try:
        cells, widths, bad = gather(reader)
    except UnreadableError:
        if usual > 1:
            raise
        stream.seek(0)  # prose, in which a quote is nothing but a quote
        return gather([line.rstrip("\r\n")] for line in stream)
    return cells, widths, bad + reader.bad


def _is_plain(data: bytes, charset: str, dialect: Dialect, usual: int) -> bool:
    """True where no quote, escape or encoding can lead a fast parser astray."""
    simple = charset.startswith("utf-8") and dialect.escape is None and not dialect.blanks and usual > 1
    if not simple or not dialect.delimiter or _SEPARATOR_LINE.match(data[:8].decode("latin-1")):
        return False
    return not _has_quotes(data, dialect) or is_regular(data, dialect.delimiter, dialect.quote)


def _has_quotes(data: bytes, dialect: Dialect) -> bool:
    return dialect.quote.encode() in data


def find_dialect(sample: str) -> Dialect:
    """Choose delimiter and quotes by which reading of the sample is the most regular table."""
    if named := _SEPARATOR_LINE.match(sample):
        return Dialect(named[1])
    escape = (
        "\\" if re.search(r'(?<!\\)\\"', sample) and not re.search(r'[^,;|\t\r\n\\]""[^,;|\t\r\n]', sample) else None
    )
    choices = [Dialect(sign, quote, escape, blanks) for sign in DELIMITERS for quote, blanks in _quotings(sample, sign)]
    best = max(choices, key=lambda dialect: _regularity(_sample_records(sample, dialect)))
    if _usual_width(_sample_records(sample, best)) > 1:
        return best
    return Dialect("") if _columns_by_blanks(sample) else replace(best, delimiter=",")


def _quotings(sample: str, delimiter: str) -> list[tuple[str, bool]]:
    """Quote and whether blanks stand before it: those for which there is evidence, then the usual one.

    A mark is a quote where (nearly) every field that begins with it ends with it, and two at least hold something.
    """
    sign, found = re.escape(delimiter), []
    for quote, blanks in (('"', True), ("'", True), ("'", False)):
        begin = rf"{sign} +{quote}" if blanks else rf"(?:^|{sign}){quote}"
        begun = len(re.findall(begin, sample, re.MULTILINE))
        inside = rf"(?:[^{quote}\r\n]|{quote}{quote})*"
        whole = re.findall(rf"{begin}({inside}){quote} *(?={sign}|[\r\n]|\Z)", sample, re.MULTILINE)
        if sum(map(bool, whole)) >= 2 and len(whole) >= _NEARLY_ALL * begun:
            found.append((quote, blanks))
    return [*found, ('"', False)]


def _sample_records(sample: str, dialect: Dialect) -> list[list[str]]:
    lines = sample.splitlines(keepends=True)
    lines = lines[:-1] if len(sample) >= _SAMPLE_CHARS and len(lines) > 1 else lines
    found: list[list[str]] = []
    try:
        for record in _reader(lines, dialect, strict=False) if dialect.delimiter else map(str.split, lines):
            found += [] if is_blank(record) else [record]
            if len(found) == _SAMPLE_RECORDS:
                break
    except csv.Error:
        pass
    return found


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    return Counter(len(record) for record in records).most_common(1)[0][0] if records else 1


def _regularity(records: list[list[str]]) -> tuple[bool, int, float, int]:
    """Sort key: mostly one width; then the header shares it; then how mostly; then more columns."""
    usual = _usual_width(records)
    if usual < 2:
        wide = [len(record) for record in records if len(record) > 1]
        return False, -len(records), len(wide) / max(len(records), 1), max(wide, default=1)
    share = sum(len(record) == usual for record in records) / len(records)
    first = next(i for i, record in enumerate(records) if len(record) == usual)
    return share >= 0.7, -first, share, usual


def _columns_by_blanks(sample: str) -> bool:
    """True where blanks split the lines into a regular table of which most columns are numbers."""
    records = [line.split() for line in sample.splitlines()[1:-1] if line.strip()]
    usual = _usual_width(records)
    regular = [record for record in records if len(record) == usual]
    if usual < 2 or len(regular) < 0.95 * len(records):
        return False
    numeric = [all(re.fullmatch(r"[-+]?[\d.,/:-]+", cell) for cell in column) for column in zip(*regular, strict=True)]
    return sum(numeric) >= max(2, usual / 2)


def _reader(lines: Iterable[str], dialect: Dialect, *, strict: bool) -> CsvReader:
    csv.field_size_limit(_LONGEST_CELL)
    if dialect.escape:
        lines = _with_plain_backslashes(lines, dialect)
    return csv.reader(
        lines, delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar=dialect.escape,
        doublequote=dialect.escape is None, skipinitialspace=dialect.blanks, strict=strict,
    )  # fmt: skip


def _with_plain_backslashes(lines: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """A backslash escapes a quote, a delimiter and itself; before anything else, as in a path, it is one."""
    backslash = re.compile(rf"\\([{re.escape(dialect.quote + dialect.delimiter)}\\])|\\")
    return (backslash.sub(lambda found: found[0] if found[1] else "\\\\", line) for line in lines)


class _Records:
    """The records of a text file, watched for quotes that swallow rows."""

    def __init__(self, stream: io.TextIOBase, dialect: Dialect, file: str, usual: int) -> None:
        self.stream, self.dialect, self.file, self.usual = stream, dialect, file, usual
        self.bad: list[tuple[int, str, str, str]] = []

    def __iter__(self) -> Iterator[list[str]]:
        if not self.dialect.delimiter:
            yield from (line.split() for line in self.stream)
            return
        reader = _reader(self.stream, self.dialect, strict=True)
        row, line = 0, 0
        try:
            for record in reader:
                row += 1
                if reader.line_num != line + 1 and row > 1 and len(record) != self.usual and not is_blank(record):
                    raise self._broken_quote(row, f"and swallows {reader.line_num - line} lines into one record")
                line = reader.line_num
                yield [] if row == 1 and _SEPARATOR_RECORD.fullmatch("".join(record)) else record
        except csv.Error as error:
            if "end of data" not in str(error) or reader.line_num > line + 1:
                raise self._broken_quote(row + 1, "and is not closed where the field ends") from error
            self.bad.append((row + 1, "", "truncated", self._last_line(line)))

    def _last_line(self, lines_before: int) -> str:
        self.stream.seek(0)
        return raw_text([line.strip() for line in islice(self.stream, lines_before, None)])

    def _broken_quote(self, row: int, how: str) -> UnreadableError:
        return UnreadableError(
            "quote",
            f"a quote opens {how}, so the rows after it cannot be told apart; "
            f"mend the quote in row {row} or export the file again",
            self.file,
            row,
        )


def _without_nul(sheet: Sheet, data: bytes) -> Sheet:
    if b"\0" not in data or sheet.cells.empty:
        return sheet
    hit = pd.Series(False, index=sheet.cells.index)
    for column in sheet.cells:
        hit |= sheet.cells[column].str.contains("\0", regex=False, na=False)
    return _set_aside(sheet, hit[hit].index.tolist(), "nul")


def _without_truncated(sheet: Sheet, *, cut: bool) -> Sheet:
    """Set the last record aside where the file ends in the middle of it."""
    if sheet.widths.empty:
        return sheet
    last, usual = sheet.widths.index[-1], int(sheet.widths.mode().iloc[0])
    [(_, record)] = records_of(sheet.cells, [last])
    if not cut and (sheet.widths.iloc[-1] >= usual or usual < 2 or is_footer(record)):
        return sheet
    return _set_aside(sheet, [last], "truncated")


def _set_aside(sheet: Sheet, rows: list[int], code: str) -> Sheet:
    moved = [(row, "", code, raw_text(record)) for row, record in records_of(sheet.cells, rows)]
    bad = bad_rows([*sheet.bad.itertuples(index=False, name=None), *moved])
    return replace(sheet, cells=sheet.cells.drop(rows), widths=sheet.widths.drop(rows), bad=bad)
