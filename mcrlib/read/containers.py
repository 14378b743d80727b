"""What a file is by its content, and what it holds when it is a package of files."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
import zlib

from mcrlib.read.sheets import UnreadableError

#: More than this, unpacked, is no export of a CRM; and nothing honest is packed this tightly.
_LARGEST_WORKBOOK = 600 << 20
_LARGEST_TEXT = 6 << 30
_SUSPICIOUS = 48 << 20
_TIGHTEST = 150

_MAGIC = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"%PDF", "PDF"),
    (b"PAR1", "Parquet"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "program"),
    (b"BZh", "bzip2"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"\xfd7zXZ", "XZ"),
)
_UNICODE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_PICKLE = re.compile(rb"\x80[\x02-\x05].*\.\Z|c[\w.]+\n\w+\n.*\.\s*\Z|[(\]}][lpdq]?[p0-9]*\n.*\.\Z", re.DOTALL)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|div|style)\b", re.IGNORECASE | re.DOTALL
)
_JSON = re.compile(rb'\s*(?:\[\s*(?:[\[{\]]|"[^"]*"\s*[,\]]|-?\d)|\{\s*(?:"[^"]*"\s*:|\}))')


def kind_of(data: bytes) -> str:
    """Name the kind of a file by its content: empty, text, zip, gzip, ole, html, xml, JSON, pickle, PDF and so on."""
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe\x1a"):
        return "empty"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if _PICKLE.match(data if len(data) < 1 << 20 else head + data[-2:]):
        return "pickle"
    if _HTML.match(head):
        return "html"
    if head.lstrip().startswith(b"<?xml") or head.lstrip()[:10].lower().startswith(b"<workbook"):
        return "xml"
    if _JSON.match(head):
        return "JSON"
    return "text" if data.startswith(_UNICODE_MARKS) or _is_text(head) else "binary"


def _is_text(head: bytes) -> bool:
    control = sum(byte < 9 or 13 < byte < 32 for byte in head if byte)
    zeros = head.count(0)
    utf16 = zeros > 0.3 * len(head) and min(head[0::2].count(0), head[1::2].count(0)) < 0.05 * len(head)
    return control <= 0.02 * len(head) and (utf16 or zeros <= 0.1 * len(head))


def unpack_gzip(data: bytes, file: str) -> bytes:
    """What a .gz holds; a bomb, a damaged and an incomplete one are refused."""
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            while part := packed.read(1 << 22):
                parts.append(part)
                size += len(part)
                _check_size(size, len(data), _LARGEST_TEXT, file)
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableError("truncated", "the .gz is damaged or incomplete: fetch it again", file) from error
    return b"".join(parts)


def open_zip(data: bytes, file: str) -> zipfile.ZipFile:
    """Open a zip (also .xlsx and .ods) after looking at how much it would unpack to."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UnreadableError("truncated", "the file is damaged or incomplete: fetch or save it again", file) from error
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableError("password", "the file is encrypted with a password: save it without one", file)
    for member in members:
        _check_size(member.file_size, member.compress_size, _LARGEST_WORKBOOK, file)
    _check_size(sum(member.file_size for member in members), len(data), _LARGEST_WORKBOOK, file)
    return archive


def read_member(archive: zipfile.ZipFile, name: str, file: str) -> bytes:
    """One file of a zip; a damaged one is refused."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableError("truncated", f"{name} in the zip is damaged: fetch or save it again", file) from error


def kind_of_zip(archive: zipfile.ZipFile, file: str) -> str:
    """Tell a workbook from a package of files: xlsx, ods, document, files."""
    names = set(archive.namelist())
    if any(re.fullmatch(r"xl/workbook\.(xml|bin)", name) for name in names):
        return "xlsx"
    if "mimetype" in names:
        return "ods" if b"spreadsheet" in read_member(archive, "mimetype", file) else "document"
    return "document" if "[Content_Types].xml" in names else "files"


def _check_size(size: int, packed: int, largest: int, file: str) -> None:
    if size > largest or (size > _SUSPICIOUS and size > _TIGHTEST * max(packed, 1)):
        raise UnreadableError(
            "too_large",
            f"{packed / 1e6:.1f} MB would unpack to {size / 1e6:.0f} MB or more, which no honest export does; "
            "it is not opened: export it again, large tables as CSV",
            file,
        )
