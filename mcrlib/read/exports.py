"""Take in a folder of exports: any container, any encoding, any delimiter, as sheets of text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mcrlib.errors import Complaint, Refused
from mcrlib.read.containers import kind_of, kind_of_zip, open_zip, read_member, unpack_gzip
from mcrlib.read.markup import read_html, read_xml
from mcrlib.read.records import read_json, read_parquet
from mcrlib.read.sheets import Sheet, UnreadableError
from mcrlib.read.text import read_text
from mcrlib.read.workbooks import read_workbook

__all__ = ["InputFile", "Sheet", "read_sheets"]

#: Endings under which exports come; a file of another kind under one of these is refused, elsewhere it is left alone.
_EXPORTS = {".csv", ".tsv", ".txt", ".tab", ".dat", ".gz", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".zip", ""}
#: Records of programs are read where the name says so; under another name they are a failed download.
_RECORDS = {"JSON": (read_json, {".json", ".ndjson", ".jsonl"}), "Parquet": (read_parquet, {".parquet", ".pq"})}
_SYSTEM_FILES = {"thumbs.db", "desktop.ini", "__macosx"}


@dataclass(frozen=True)
class InputFile:
    """One file of the input folder: its name there, the hash of its bytes, and its records (blank lines are none)."""

    file: str
    sha256: str
    rows: int


def read_sheets(folder: Path, wanted: Callable[[str], bool] = lambda file: True) -> tuple[list[Sheet], list[InputFile]]:
    """Read every export in a folder and its sub-folders.

    Parameters
    ----------
    folder : Path
    wanted : callable
        Which files to read, by their name relative to the folder.

    Returns
    -------
    sheets : list of Sheet
        In the order of file names; an empty file gives a sheet without cells.
    inputs : list of InputFile

    Raises
    ------
    Refused
        The folder is missing or holds no export; a file is a link to elsewhere, or cannot be read for certain (all such
        files at once).
    """
    files = _find(folder)
    sheets: list[Sheet] = []
    inputs: list[InputFile] = []
    refused: list[Complaint] = []
    for name, path in files.items():
        if not wanted(name):
            continue
        data = path.read_bytes()
        try:
            found = _read(data, name)
        except UnreadableError as error:
            refused.append(error.complaint)
            continue
        sheets += found
        rows = sum(len(sheet.cells) + len(sheet.bad) for sheet in found)
        inputs.append(InputFile(name, hashlib.sha256(data).hexdigest(), rows))
    if refused:
        raise Refused(refused)
    return sheets, inputs


def _find(folder: Path) -> dict[str, Path]:
    if not folder.is_dir():
        raise Refused(
            f"the input folder {folder} does not exist: put the exports there or name another folder with --input"
        )
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {path.relative_to(folder).as_posix(): path for path in paths}
    found = {name: path for name, path in found.items() if not _is_system_file(name)}
    if not found:
        raise Refused(f"the input folder {folder} is empty: put the exports there or name another folder with --input")
    # What lies elsewhere may be no export at all, and an error would quote it.
    said = "it is a link to a file outside the input folder, which is not opened: copy the file itself there"
    if outside := [name for name, path in found.items() if not path.resolve().is_relative_to(folder.resolve())]:
        raise Refused([Complaint("link", said, name) for name in outside])
    return found


def _is_system_file(name: str) -> bool:
    parts = name.lower().split("/")
    return any(part.startswith((".", "~$")) or part in _SYSTEM_FILES for part in parts)


def _ending(file: str) -> str:
    """The ending under which a file comes, that of packing aside."""
    return Path(file.lower().removesuffix(".gz")).suffix


def _read(data: bytes, file: str) -> list[Sheet]:
    kind = kind_of(data)
    ending = _ending(file)
    if kind == "gzip":
        return _read(unpack_gzip(data, file), file)
    if kind == "zip":
        return _read_zip(data, file)
    if kind == "empty":
        return [_empty(file)]
    if kind in _RECORDS and ending in _RECORDS[kind][1]:
        return [_RECORDS[kind][0](data, file)]
    if kind == "text" and ending in _EXPORTS:
        return [read_text(data, file)]
    if kind == "ole" and ending != ".doc":
        return read_workbook(data, file) or [_empty(file)]
    if kind in ("html", "xml") and ending in _EXPORTS:
        return read_html(data, file) if kind == "html" else read_xml(data, file)
    return _not_an_export(kind, file, ending)


def _read_zip(data: bytes, file: str) -> list[Sheet]:
    with open_zip(data, file) as archive:
        kind = kind_of_zip(archive, file)
        if kind == "files":
            members = [
                name for name in sorted(archive.namelist()) if not name.endswith("/") and not _is_system_file(name)
            ]
            return [sheet for name in members for sheet in _read(read_member(archive, name, file), f"{file}/{name}")]
    if kind in ("xlsx", "ods"):
        return read_workbook(data, file) or [_empty(file)]
    return _not_an_export(kind, file, _ending(file))


def _not_an_export(kind: str, file: str, ending: str) -> list[Sheet]:
    if ending in _EXPORTS:
        said = f"the content is {kind}, not a table, whatever the name says: export it as CSV or as a workbook"
        raise UnreadableError("content", said, file)
    return [
        _nothing(file, "unused_file", f"the file is not read ({kind} is no export); exports are CSV, text or workbooks")
    ]


def _empty(file: str) -> Sheet:
    return _nothing(file, "empty", "the file is empty: export it again")


def _nothing(file: str, code: str, said: str) -> Sheet:
    none = pd.Index([], dtype="int64")
    return Sheet(
        file,
        "",
        pd.DataFrame(index=none),
        pd.Series([], index=none, dtype="int64"),
        complaints=[Complaint(code, said, file)],
    )
