"""Exports broken in one way at a time, with what a reader may not lose: known from the mutation, not from the kit."""

from __future__ import annotations

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Record = tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """A good export: its header, its records, and how it is written."""

    file: str
    header: Record
    records: tuple[Record, ...]
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL

    def lines(self) -> list[str]:
        """One text for the header and for each record, with its newline."""
        return [self.line(record) for record in (self.header, *self.records)]

    def line(self, record: Sequence[str]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=self.delimiter, quoting=self.quoting, lineterminator=self.newline).writerow(record)
        return out.getvalue()


@dataclass(frozen=True)
class Mutant:
    """A broken export.

    ``untouched`` are the records that the mutation left as they were; ``spoilt`` is how many others it left at most;
    ``records`` counts the records below the header that are not blank, where quotes leave no doubt of it.
    """

    data: bytes
    untouched: tuple[Record, ...]
    header: tuple[str | None, ...]
    spoilt: int = 0
    records: int | None = None
    recoded: bool = False


def count_records(text: str, delimiter: str) -> int | None:
    """Records that are not blank, by a state machine of RFC 4180; None where a quote stands where none may stand."""
    count, blank, state = 0, True, "start"  # start of a field, plain, quoted, closed
    for char in text.removeprefix("\ufeff"):
        if state == "quoted":
            state, blank = ("closed", blank) if char == '"' else ("quoted", blank and char.isspace())
        elif char in "\r\n":
            count, blank, state = count + (not blank), True, "start"
        elif char == delimiter:
            state = "start"
        elif char == '"':
            if state == "plain":
                return None
            state = "quoted"
        elif state == "closed":
            return None
        else:
            state, blank = "plain", blank and char.isspace()
    return None if state == "quoted" else count + (not blank)


def _built(export: Export, lines: Sequence[str], touched: set[int], **known: object) -> Mutant:
    """The mutant of these lines; ``touched`` are the places of records that are no longer as they were."""
    text = "".join(lines)
    records = count_records(text, export.delimiter)
    fresh = Mutant(
        data=text.encode(export.encoding, errors="replace"),
        untouched=tuple(record for place, record in enumerate(export.records) if place not in touched),
        header=export.header,
        spoilt=len(touched),
        records=None if records is None else records - 1,
    )
    return replace(fresh, **known)  # type: ignore[arg-type]


def _place(export: Export, rng: random.Random) -> int:
    return rng.randrange(len(export.records))


def _edit(export: Export, rng: random.Random, change: Callable[[str], str], **known: object) -> Mutant:
    """One record rewritten."""
    lines, place = export.lines(), _place(export, rng)
    lines[place + 1] = change(lines[place + 1])
    return _built(export, lines, {place}, **known)


# --- bytes


def bytes_replaced(export: Export, rng: random.Random) -> Mutant:
    return _bytes(export, rng, lambda byte: bytes([rng.randrange(256)]))


def bytes_deleted(export: Export, rng: random.Random) -> Mutant:
    return _bytes(export, rng, lambda byte: b"")


def bytes_inserted(export: Export, rng: random.Random) -> Mutant:
    return _bytes(export, rng, lambda byte: byte + bytes([rng.randrange(256)]))


def bits_flipped(export: Export, rng: random.Random) -> Mutant:
    return _bytes(export, rng, lambda byte: bytes([byte[0] ^ 1 << rng.randrange(8)]))


def _bytes(export: Export, rng: random.Random, change: Callable[[bytes], bytes]) -> Mutant:
    """Up to three bytes changed, in the records; what lies between two new quotes is touched as well."""
    lines = [line.encode(export.encoding) for line in export.lines()]
    hit = sorted(rng.randrange(len(export.records)) for _ in range(rng.choice([1, 1, 2, 3])))
    for place in hit:
        line = lines[place + 1]
        spot = rng.randrange(len(line))
        lines[place + 1] = line[:spot] + change(line[spot : spot + 1]) + line[spot + 1 :]
    data = b"".join(lines)
    quotes = data.count(b'"') != "".join(export.lines()).count('"')
    # a newline may have gone, so the record after a hit one is touched too
    touched = set(range(hit[0], hit[-1] + 2)) if quotes else {near for place in hit for near in (place, place + 1)}
    touched &= set(range(len(export.records)))
    mutant = _built(export, [], touched, data=data, spoilt=2 * len(touched), recoded=not data.isascii())
    try:
        records = count_records(data.decode(export.encoding), export.delimiter)
    except UnicodeDecodeError:
        return replace(mutant, records=None)
    return replace(mutant, records=None if records is None else records - 1)


# --- lines


def line_deleted(export: Export, rng: random.Random) -> Mutant:
    return _edit(export, rng, lambda line: "")


def line_doubled(export: Export, rng: random.Random) -> Mutant:
    return _edit(export, rng, lambda line: line * 2, spoilt=2)


def lines_swapped(export: Export, rng: random.Random) -> Mutant:
    lines = export.lines()
    one, other = (_place(export, rng) + 1 for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return _built(export, lines, set())


def blank_lines(export: Export, rng: random.Random) -> Mutant:
    lines = export.lines()
    blank = rng.choice(["", " ", export.delimiter * (len(export.header) - 1), "\t "]) + export.newline
    lines[_place(export, rng) + 1] += blank * rng.randrange(1, 4)
    return _built(export, lines, set())


def remark_inside(export: Export, rng: random.Random) -> Mutant:
    lines = export.lines()
    lines[_place(export, rng) + 1] += (
        rng.choice(["# checked by hand", "---", "see below", "Total", "小计"]) + export.newline
    )
    return _built(export, lines, set(), spoilt=1)


def lines_joined(export: Export, rng: random.Random) -> Mutant:
    lines = export.lines()
    place = rng.randrange(len(export.records) - 1)
    lines[place + 1] = lines[place + 1].removesuffix(export.newline) + rng.choice(["", " ", export.delimiter])
    return _built(export, lines, {place, place + 1})


def line_split(export: Export, rng: random.Random) -> Mutant:
    return _edit(export, rng, lambda line: _put(line, export.newline, rng), spoilt=2)


def lines_shuffled(export: Export, rng: random.Random) -> Mutant:
    first, *rest = export.lines()
    rng.shuffle(rest)
    return _built(export, [first, *rest], set())


def _put(line: str, text: str, rng: random.Random) -> str:
    spot = rng.randrange(max(len(line) - 2, 1))
    return line[:spot] + text + line[spot:]


# --- fields


def _refield(export: Export, rng: random.Random, change: Callable[[list[str], int], list[str]]) -> Mutant:
    lines, place = export.lines(), _place(export, rng)
    fields = list(export.records[place])
    lines[place + 1] = export.line(change(fields, rng.randrange(len(fields))))
    return _built(export, lines, {place})


def field_emptied(export: Export, rng: random.Random) -> Mutant:
    return _refield(export, rng, lambda fields, at: [*fields[:at], "", *fields[at + 1 :]])


def field_dropped(export: Export, rng: random.Random) -> Mutant:
    return _refield(export, rng, lambda fields, at: [*fields[:at], *fields[at + 1 :]])


def field_added(export: Export, rng: random.Random) -> Mutant:
    return _refield(export, rng, lambda fields, at: [*fields[:at], rng.choice(["", "x"]), *fields[at:]])


def field_huge(export: Export, rng: random.Random) -> Mutant:
    return _refield(export, rng, lambda fields, at: [*fields[:at], "x" * 200_000, *fields[at + 1 :]])


def field_odd(export: Export, rng: random.Random) -> Mutant:
    odd = ["\0", "\u200b", "\u202e", "\U0001f600", "\x1a", "\x0b", "\x1c", "\x85", "\u2028", "\ufeff", "=1+1", "\ufffd"]
    return _refield(
        replace(export, encoding="utf-8"),
        rng,
        lambda fields, at: [*fields[:at], fields[at] + rng.choice(odd), *fields[at + 1 :]],
    )


def fields_of_many_lines(export: Export, rng: random.Random) -> Mutant:
    """Line breaks, quotes and delimiters inside fields, written as they should be: nothing is spoilt."""
    odd = ["a\nb", "a\r\nb", 'say "hi"', "a;b,c\td|e", '"', "\n", "''", "\\"]
    places = {_place(export, rng) for _ in range(3)}
    at = rng.randrange(1, len(export.header))
    records = [
        (*record[:at], rng.choice(odd), *record[at + 1 :]) if place in places else record
        for place, record in enumerate(export.records)
    ]
    changed = replace(export, records=tuple(records))
    return _built(changed, changed.lines(), set())


# --- delimiters and quotes


def delimiter_inside(export: Export, rng: random.Random) -> Mutant:
    return _edit(export, rng, lambda line: _put(line, export.delimiter, rng))


def other_delimiter(export: Export, rng: random.Random) -> Mutant:
    other = replace(export, delimiter=rng.choice(",;\t|"))
    return _built(other, other.lines(), set())


def other_delimiter_in_a_line(export: Export, rng: random.Random) -> Mutant:
    other = replace(export, delimiter=rng.choice(",;\t| "))
    lines, place = export.lines(), _place(export, rng)
    lines[place + 1] = other.line(export.records[place])
    return _built(export, lines, {place})


def blank_after_delimiter(export: Export, rng: random.Random) -> Mutant:
    quoted = replace(export, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    rows = [[replace(quoted, newline="").line([field]) for field in row] for row in (export.header, *export.records)]
    rows = [[field if field != '""' else "" for field in row] for row in rows]
    return _built(
        export, [f"{export.delimiter} ".join(row) + export.newline for row in rows], set(), records=len(export.records)
    )


def quote_inside(export: Export, rng: random.Random) -> Mutant:
    return _edit(export, rng, lambda line: _put(line, '"', rng), records=None)


def quotes_inside(export: Export, rng: random.Random) -> Mutant:
    lines = export.lines()
    one, other = sorted(_place(export, rng) for _ in range(2))
    for place in (one, other):
        lines[place + 1] = _put(lines[place + 1], '"', rng)
    return _built(export, lines, set(range(one, other + 1)), records=None)


def quote_lost(export: Export, rng: random.Random) -> Mutant:
    quoted = replace(export, quoting=csv.QUOTE_ALL)
    lines, place = quoted.lines(), _place(export, rng)
    spots = [spot for spot, char in enumerate(lines[place + 1]) if char == '"']
    spot = rng.choice(spots)
    lines[place + 1] = lines[place + 1][:spot] + lines[place + 1][spot + 1 :]
    return _built(quoted, lines, {place}, records=None)


def all_quoted(export: Export, rng: random.Random) -> Mutant:
    quoted = replace(export, quoting=csv.QUOTE_ALL)
    return _built(quoted, quoted.lines(), set())


def apostrophes_for_quotes(export: Export, rng: random.Random) -> Mutant:
    lines = []
    for record in (export.header, *export.records):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=export.delimiter, quotechar="'", lineterminator=export.newline,
                            quoting=rng.choice([csv.QUOTE_ALL]))  # fmt: skip
        writer.writerow(record)
        lines.append(out.getvalue())
    return _built(export, lines, set(), records=len(export.records))


def backslashes_for_quotes(export: Export, rng: random.Random) -> Mutant:
    spot = _place(export, rng)
    at = rng.randrange(1, len(export.header))
    records = tuple(
        (*record[:at], rng.choice(['say "hi"', '5" pipe', 'C:\\new "one"']), *record[at + 1 :])
        if place == spot
        else record
        for place, record in enumerate(export.records)
    )
    lines = [
        export.delimiter.join('"' + field.replace("\\", "\\\\").replace('"', '\\"') + '"' for field in row)
        + export.newline
        for row in (export.header, *records)
    ]
    return _built(replace(export, records=records), lines, set(), records=len(records))


# --- headers


def header_renamed(export: Export, rng: random.Random) -> Mutant:
    return _reheader(export, rng, rng.choice(["", "x", "Unnamed", "\u5907\u6ce8", "12"]))


def header_doubled(export: Export, rng: random.Random) -> Mutant:
    return _reheader(export, rng, rng.choice(export.header))


def _reheader(export: Export, rng: random.Random, name: str) -> Mutant:
    at = rng.randrange(len(export.header))
    known = tuple(None if place == at or old == name else old for place, old in enumerate(export.header))
    header = (*export.header[:at], name, *export.header[at + 1 :])
    return _built(export, replace(export, header=header).lines(), set(), header=known)


def header_gone(export: Export, rng: random.Random) -> Mutant:
    return _built(export, export.lines()[1:], set(), records=None)


# --- the whole file


def recoded(export: Export, rng: random.Random) -> Mutant:
    """Another encoding; characters that it lacks become question marks, in records that are then touched."""
    name = rng.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "cp1252", "cp850"])
    marked = [tuple(f.encode(name, "replace").decode(name).removeprefix("\ufeff") for f in r) for r in export.records]
    touched = {place for place, record in enumerate(export.records) if marked[place] != record}
    same = tuple(marked)
    header = tuple(
        old if old.encode(name, "replace").decode(name).removeprefix("\ufeff") == old else None for old in export.header
    )
    mutant = _built(replace(export, encoding=name), export.lines(), touched)
    return replace(mutant, untouched=same, spoilt=0, header=header, recoded=True)


def recoded_lines(export: Export, rng: random.Random) -> Mutant:
    name = rng.choice(["utf-8", "gb18030", "cp1252", "big5", "utf-16-le"])
    parts = [line.encode(export.encoding) for line in export.lines()]
    touched = {_place(export, rng) for _ in range(rng.choice([1, 3, 10]))}
    for place in touched:
        parts[place + 1] = export.lines()[place + 1].encode(name, errors="replace")
    return _built(export, [], touched, data=b"".join(parts), spoilt=3 * len(touched), records=None, recoded=True)


def mojibake(export: Export, rng: random.Random) -> Mutant:
    text = "".join(export.lines()).encode("utf-8").decode("latin-1")
    return _built(export, [], set(), data=text.encode("utf-8"), records=len(export.records), recoded=True)


def newlines_changed(export: Export, rng: random.Random) -> Mutant:
    ends = rng.choice([["\r"], ["\r\n"], ["\n"], ["\r", "\n", "\r\n"]])
    return _built(export, [line.removesuffix(export.newline) + rng.choice(ends) for line in export.lines()], set())


def cut_short(export: Export, rng: random.Random) -> Mutant:
    """The end of the file is gone; what is left of the last record is touched."""
    data = "".join(export.lines()).encode(export.encoding)
    parts = [line.encode(export.encoding) for line in export.lines()]
    end = rng.randrange(len(parts[0]), len(data))
    whole, size = 0, len(parts[0])
    while whole < len(export.records) and size + len(parts[whole + 1]) <= end:
        size += len(parts[whole + 1])
        whole += 1
    return _built(export, [], set(range(whole, len(export.records))), data=data[:end], spoilt=1, records=None)


def glued(export: Export, rng: random.Random) -> Mutant:
    """A second export of other records below, with its header or without."""
    half = len(export.records) // 2
    first, second = replace(export, records=export.records[:half]), replace(export, records=export.records[half:])
    between = rng.choice(["", export.newline, export.newline * 3])
    again = second.lines()[rng.randrange(2) :]
    return _built(export, [*first.lines(), between, *again], set(), spoilt=0)


def glued_to_another(export: Export, rng: random.Random) -> Mutant:
    width = rng.choice([2, len(export.header) - 1, len(export.header), len(export.header) + 2])
    other = [export.line([f"{word}{n}" for n in range(width)]) for word in ("Head ", "x", "y", "z")]
    return _built(export, [*export.lines(), export.newline, *other], set(), spoilt=4)


def titles_above(export: Export, rng: random.Random) -> Mutant:
    titles = [
        rng.choice(["Report", "Created 2025-12-31", "All rows", '"x, y"', "A;B"]) + export.newline
        for _ in range(rng.randrange(1, 6))
    ]
    return _built(export, [*titles, rng.choice(["", export.newline]), *export.lines()], set(), spoilt=len(titles))


def footers_below(export: Export, rng: random.Random) -> Mutant:
    feet = [
        rng.choice(["Total", "Copyright 2025", "40 rows exported", "制表: 李"]) + export.newline
        for _ in range(rng.randrange(1, 4))
    ]
    return _built(export, [*export.lines(), *feet], set(), spoilt=len(feet))


def packed(export: Export, rng: random.Random) -> Mutant:
    mutant = _built(export, export.lines(), set())
    if rng.random() < 0.5:
        data = gzip.compress(mutant.data)
    else:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(export.file, mutant.data)
        data = out.getvalue()
    if rng.random() < 0.5:
        return replace(mutant, data=data)
    spot = rng.randrange(len(data))
    return replace(mutant, data=data[:spot] + bytes([data[spot] ^ 1 << rng.randrange(8)]) + data[spot + 1 :])


MUTATIONS: tuple[Callable[[Export, random.Random], Mutant], ...] = (
    bytes_replaced, bytes_deleted, bytes_inserted, bits_flipped,
    line_deleted, line_doubled, lines_swapped, blank_lines, remark_inside, lines_joined, line_split, lines_shuffled,
    field_emptied, field_dropped, field_added, field_huge, field_odd, fields_of_many_lines,
    delimiter_inside, other_delimiter, other_delimiter_in_a_line, blank_after_delimiter,
    quote_inside, quotes_inside, quote_lost, all_quoted, apostrophes_for_quotes, backslashes_for_quotes,
    header_renamed, header_doubled, header_gone,
    recoded, recoded_lines, mojibake, newlines_changed, cut_short, glued, glued_to_another, titles_above, footers_below,
    packed,
)  # fmt: skip
