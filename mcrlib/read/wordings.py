"""The words of an export's lists: how often each stands there, what it is taken for, and which are unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import yaml

from mcrlib import schema
from mcrlib.read.kinds import allowed, word_list
from mcrlib.read.words import is_missing, lookup, read_words, tidy
from mcrlib.settings import Settings

#: More words of one field are counted, not listed.
_LISTED = 15
#: A list of the CRM that is kept as delivered.
_AS_DELIVERED = ("lost_reason", "win_reason")


@dataclass(frozen=True)
class Wording:
    """The words of one column.

    Parameters
    ----------
    table, field : str
    meanings : tuple of str
        What a word may mean; none where words are kept as delivered.
    known : dict
        Word as delivered to (rows, meaning), the most frequent first.
    unknown : dict
        Word as delivered to rows.
    """

    table: str
    field: str
    meanings: tuple[str, ...]
    known: dict[str, tuple[int, str]]
    unknown: dict[str, int]


def find_words(table: str, columns: dict[str, pd.Series]) -> list[Wording]:
    """The words of every list in a table (``columns``: texts by field), but for lists that speak for themselves."""
    spec, found = schema.tables()[table].columns, []
    for field, texts in columns.items():
        kind = spec[field].kind if field in spec else ""
        if kind not in ("enum", "bool") and field not in ("stage", *_AS_DELIVERED):
            continue
        written = texts.dropna().map(tidy)
        counts = written[~written.map(is_missing).astype(bool)].value_counts()
        wording = _judge(table, field, kind, counts)
        if wording.unknown or any(
            tidy(word).casefold() != meant.casefold() for word, (_, meant) in wording.known.items()
        ):
            found.append(wording)
    return found


def _judge(table: str, field: str, kind: str, counts: pd.Series) -> Wording:
    words = pd.Series(counts.index, dtype="str")
    rows = dict(zip(words, counts.tolist(), strict=True))
    if field in _AS_DELIVERED:
        return Wording(table, field, (), {word: (n, "") for word, n in rows.items()}, {})
    if kind == "bool":
        meanings: tuple[str, ...] = ('"yes"', '"no"')
        meant, unknown = read_words(words, lookup("bool", (), {}) | lookup(f"{table}.{field}", (), {}))
        known = {} if not unknown.any() else dict(zip(words, meant, strict=True))
    else:
        meanings = allowed(table, field)
        meant, unknown = read_words(words, word_list(table, field, Settings()))
        known = dict(zip(words, meant, strict=True))
    return Wording(
        table,
        field,
        meanings,
        {word: (rows[word], value) for word, value in known.items() if isinstance(value, str)},
        {word: rows[word] for word in words[unknown]},
    )


def values_lines(wordings: Iterable[Wording]) -> list[str]:
    """The ``values`` of a proposed client.yaml: a line to finish for every unknown word, the known ones as comments."""
    wordings = list(wordings)
    lines = ["", "# What the words of lists are taken for, with how many rows have them."]
    lines += [line for one in wordings for line in _known_lines(one)]
    asked = dict.fromkeys(one.field for one in wordings if one.unknown)
    if not asked:
        return lines if len(lines) > 2 else []
    lines += [
        "# Words that the kit does not know: write what each means behind its colon, or leave it empty.",
        "values:",
    ]
    for field in asked:
        lines.append(f"  {field}:")
        for one in [one for one in wordings if one.field == field and one.unknown]:
            lines.append(f"    # in {one.table}, one of: {', '.join(one.meanings)}")
            words = list(one.unknown.items())
            lines += [f"    {scalar(word)}:  # {n} rows" for word, n in words[:_LISTED]]
            lines += [f"    # and {len(words) - _LISTED} more words"] if len(words) > _LISTED else []
    return lines


def _known_lines(one: Wording) -> list[str]:
    told = [
        f"{word} ({n})" if meant in ("", word) else f"{word} = {meant} ({n})" for word, (n, meant) in one.known.items()
    ]
    more = f" and {len(told) - _LISTED} more" if len(told) > _LISTED else ""
    plain = "".join(char for char in ", ".join(told[:_LISTED]) + more if char.isprintable())
    return [f"#   {one.table}, {one.field}: {plain}"] if told else []


def scalar(value: Any) -> str:
    """A text as YAML on one line."""
    text = yaml.safe_dump(value, allow_unicode=True, width=10_000, default_style='"' if _needs_quotes(value) else None)
    return text.removesuffix("\n...\n").strip()


def _needs_quotes(value: str) -> bool:
    return value != value.strip() or not re.fullmatch(r"[\w\u3400-\u9fff][\w .\-/()\u3400-\u9fff]*", value)
