"""Exports broken at random: never a crash, a hang or a lost row without a word, judged by what the mutation knows."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from mutants import MUTATIONS, Export, Mutant

from mcrlib.errors import Refused
from mcrlib.read.dialects import Part, resolve
from mcrlib.read.exports import read_sheets
from mcrlib.read.sheets import Sheet
from mcrlib.settings import Settings
from mcrlib.simulate.company import simulate
from mcrlib.simulate.export import write_export

#: By hand: ``MCR_MUTATIONS=20000 pytest tests/test_mutations.py``.
MUTANTS = int(os.environ.get("MCR_MUTATIONS", "500"))
SEED = int(os.environ.get("MCR_MUTATIONS_SEED", "1"))
_SLOWEST = 5
_FILES = {"accounts": "accounts.csv", "orders": "sales_orders.csv", "opportunities": "opportunities.csv"}
_NOT_SURE_OF_LETTERS = {"encoding", "mojibake"}


@dataclass(frozen=True)
class World:
    """Good exports of one small company by table, the orders as a sheet, and the headers that are used."""

    exports: dict[str, Export]
    orders: list[Sheet]
    headers: dict[str, set[str]]


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> World:
    folder = tmp_path_factory.mktemp("raw")
    write_export(simulate(10, seed=3, years=2.5, end=dt.date(2025, 12, 31)), folder, seed=3)
    exports = {table: export_of(folder / file, f"{table}.csv") for table, file in _FILES.items()}
    sheets = {table: sheets_of(written(export), export.file, folder / table) for table, export in exports.items()}
    parts, _ = resolve([sheet for found in sheets.values() for sheet in found], Settings())
    return World(exports, sheets["orders"], {part.table: set(part.headers.values()) for part in parts})


def written(export: Export) -> bytes:
    return "".join(export.lines()[:3]).encode(export.encoding)


def export_of(path: Path, file: str) -> Export:
    """The first forty records of an export as the csv module reads them."""
    data = path.read_bytes()
    encoding = "utf-8" if decodes(data, "utf-8") else "gb18030"
    text = data.decode(encoding).removeprefix("\ufeff")
    delimiter = max(",;\t", key=text.splitlines()[0].count)
    header, *records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return Export(file, tuple(header), tuple(map(tuple, records[:40])), delimiter, encoding)


def decodes(data: bytes, name: str) -> bool:
    try:
        data.decode(name)
    except UnicodeDecodeError:
        return False
    return True


def sheets_of(data: bytes, file: str, folder: Path) -> list[Sheet]:
    folder.mkdir(exist_ok=True, parents=True)
    (folder / file).write_bytes(data)
    return read_sheets(folder)[0]


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Interrupt what hangs, by the time it keeps the processor, whatever else runs on the machine."""

    def stop(*_: object) -> None:
        raise TimeoutError(f"longer than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def outcome(world: World, table: str, mutant: Mutant, folder: Path) -> str:
    """What reading makes of a mutant: in one word where all is well, in a sentence where it is silently wrong."""
    export = world.exports[table]
    others, settings = (world.orders, Settings()) if table == "accounts" else ([], Settings(accounts="from_orders"))
    try:
        parts, said = resolve([*others, *sheets_of(mutant.data, export.file, folder / table)], settings)
    except Refused as refused:
        return "refused" if export.file in str(refused) else f"SILENT: refused as {refused}"
    mine = [part for part in parts if part.file.startswith(export.file)]
    if [part.table for part in mine] != [table]:
        return "not used, and said" if any(one.file.startswith(export.file) for one in said) else "SILENT: not used"
    return judge(export, mutant, mine[0], world.headers[table])


def judge(export: Export, mutant: Mutant, part: Part, usual: set[str]) -> str:
    """Whether every untouched record is there as it was, or set aside, and every row is one that was written."""
    codes = {one.code for one in part.complaints}
    letters = bool(codes & _NOT_SURE_OF_LETTERS)
    spots = {header: mutant.header.index(header) for header in part.headers.values() if header in mutant.header}
    unread = {header for header in mutant.header if header in usual} - set(spots)
    if unread and not letters and not any(str(header) in str(one) for header in unread for one in part.complaints):
        return f"SILENT: nothing is said of columns {unread}"
    fields = {header: field for field, header in part.headers.items()}
    kept = Counter(
        tuple(plain(value, letters) for value in row)
        for row in part.raw[[fields[header] for header in spots]].itertuples(index=False)
    )
    wanted = {record: tuple(plain(record[at], letters) for at in spots.values()) for record in mutant.untouched}
    raws = [squash(raw, letters) for raw in part.bad["raw"]]
    lost = [record for record in mutant.untouched if wanted[record] not in kept]
    gone = [record for record in lost if not any(squash(",".join(record), letters)[:150] in raw for raw in raws)]
    skipped = sum(int(one.message.split()[0]) for one in part.complaints if one.code == "preamble")
    if len(gone) > skipped:
        return f"SILENT: {len(gone)} records are gone, such as {gone[0]}"
    extra = kept - Counter(wanted[record] for record in mutant.untouched)
    if extra.total() > mutant.spoilt:
        return f"SILENT: {extra.total()} rows that nobody wrote ({mutant.spoilt} spoilt), such as {next(iter(extra))}"
    found = len(part.raw) + len(part.bad) + skipped
    if mutant.records is not None and found != mutant.records:
        return f"SILENT: {mutant.records} records, but {len(part.raw)} kept, {len(part.bad)} aside, {skipped} skipped"
    if len(part.bad):
        return "set aside"
    if codes - {"unknown_columns"}:
        return "loaded with a warning"
    return "a touched record as it stands" if extra else "the same"


def plain(value: object, letters: bool) -> str:
    """A cell as it is compared: outer blanks mean nothing; where the reader doubts the letters, only ASCII counts."""
    text = value.strip() if isinstance(value, str) else ""
    return "".join(char for char in text if char < "\x7f" and char != "?") if letters else text


def squash(text: str, letters: bool) -> str:
    return "".join(char for char in text if char.isalnum() and (char < "\x7f" or not letters))


def test_mutants_are_read_without_a_silent_loss(world, tmp_path, capsys):
    rng = random.Random(SEED)
    found: Counter[str] = Counter()
    wrong, slowest = [], 0.0
    for number in range(MUTANTS):
        mutation = MUTATIONS[number % len(MUTATIONS)]
        table = rng.choices(list(world.exports), weights=[1, 3, 1])[0]
        seed = rng.randrange(1 << 32)
        mutant = mutation(world.exports[table], random.Random(seed))
        start = time.process_time()
        with at_most(_SLOWEST):
            word = outcome(world, table, mutant, tmp_path / "one")
        slowest = max(slowest, time.process_time() - start)
        found[word.split(":")[0]] += 1
        wrong += [f"{number} {mutation.__name__} {table} {seed}: {word}"] if "SILENT" in word else []
    if "MCR_MUTATIONS" in os.environ:
        with capsys.disabled():
            sys.stdout.write(f"\n{dict(found.most_common())}, slowest {slowest:.2f} s\n")
    assert wrong == []
