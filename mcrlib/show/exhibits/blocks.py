"""Text blocks of a page: the so-what, a note, a visible check, what is missing in the export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.markdown import anchor
from mcrlib.show.words.screens import screen
from mcrlib.show.words.summary import Answer, Statement
from mcrlib.show.words.terms import term


@dataclass(frozen=True)
class Block:
    """A piece of HTML that is safe to show, its plain text, and what the driver reads from its metadata."""

    html: str
    text: str
    metadata: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.html)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, str], dict[str, Any]]:
        return {"text/html": self.html, "text/plain": self.text}, self.metadata


def so_what(*sentences: str) -> Block:
    """The sentences a busy person repeats; the publisher lifts them to the top of the page.

    Takes the sentences themselves or a list of them (``exhibits.so_what(*words.about_tiers(tiers, run))``).
    """
    items = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return Block(f'<ul class="so-what">{items}</ul>', "\n".join(sentences), {"mcr": {"so_what": list(sentences)}})


def answers(run: Any, said: Sequence[Answer]) -> Block:
    """Questions with their numbers and sentences, each with a link to the section that proves it.

    Parameters
    ----------
    run
        Language of the page.
    said : sequence of Answer
        As from ``words.five_answers``; the publisher lifts them to the top of the page.
    """
    items = "".join(_answer(one, of(run)) for one in said)
    sentences = [f"{one.question} {one.number} {' '.join(part.sentence for part in _parts(one))}" for one in said]
    return Block(f'<ol class="answers">{items}</ol>', "\n".join(sentences), {"mcr": {"so_what": sentences}})


def _answer(one: Answer, say: Words) -> str:
    proven = "".join(f"<p>{escape(part.sentence)}</p>{_proof(part, say)}" for part in _parts(one))
    return f'<li><p class="question">{escape(one.question)}</p><p class="number">{escape(one.number)}</p>{proven}</li>'


def _parts(one: Answer) -> list[Statement]:
    return [Statement(one.sentence, one.chapter, one.section), *([one.more] if one.more else [])]


def _proof(part: Statement, say: Words) -> str:
    """The link from a statement to the section that proves it."""
    if not part.chapter:
        return ""
    link = f'<a href="{part.chapter}.html#{anchor(part.section)}">{escape(say.text(part.section))}</a>'
    return f'<p class="proof">{link}</p>'


def note(run: Any, text: str) -> Block:
    """One sentence of meaning under a picture or a table; a sentence of the kit is said in the reader's language."""
    said = of(run).text(text)
    return Block(f'<p class="note">{escape(said)}</p>', said)


def check(run: Any, claim: str, holds: bool, detail: str = "") -> Block:
    """A visible check of the numbers on the page: the claim, and whether it holds.

    Parameters
    ----------
    run
        Language of the page.
    claim : str
        Such as ``Revenue in the tables equals revenue in the exports``.
    holds : bool
        Whether it does.
    detail : str
        The numbers behind it.
    """
    say = of(run)
    answer = say("yes") if holds else say("no, look into it")
    mark, kind = ("✓", "check") if holds else ("✗", "check failed")
    claim = say.text(claim)
    said = say("{claim}: {answer} ({detail})", claim=claim, answer=answer, detail=detail) if detail else ""
    said = f"{mark} {said or say('{claim}: {answer}', claim=claim, answer=answer)}"
    return Block(f'<p class="{kind}">{escape(said)}</p>', said, {"mcr": {"check": bool(holds)}})


def missing(run: Any, needs: dict[str, list[str]], *, quiet: bool = False) -> Block:
    """What a chapter needs and the export does not have: the columns, their table, and where to ask for them.

    Parameters
    ----------
    run
        Its ``clean`` folder holds the clean tables; also language.
    needs : dict
        Table → columns that the chapter reads.
    quiet
        Show nothing where nothing is missing: for a section whose own pictures then tell.

    Returns
    -------
    Block
        One sentence, or nothing, where nothing is missing. ``metadata["mcr"]["missing"]`` lists ``table`` or
        ``table.column``.
    """
    gaps = {table: _gaps(run.clean / f"{table}.parquet", columns) for table, columns in needs.items()}
    gaps = {table: absent for table, absent in gaps.items() if absent is None or absent}
    named = [name for table, absent in gaps.items() for name in _named(table, absent)]
    metadata = {"mcr": {"missing": named}}
    say = of(run)
    if not gaps and quiet:
        return Block("", "", metadata)
    if not gaps:
        said = say("Nothing is missing: the export has all that this page asks for.")
        return Block(f'<p class="note">{escape(said)}</p>', said, metadata)
    intro = say("This part of the page needs data that is not in the export.")
    heads = [say("Table"), say("What is missing"), say("Where to ask for it")]
    rows = [
        [term(say, "table", table), _asked(needs[table] if absent is None else absent, say), screen(say, table)]
        for table, absent in gaps.items()
    ]
    return Block(_missing_html(intro, heads, rows), "\n".join([intro, *map(" | ".join, rows)]), metadata)


def _named(table: str, absent: list[str] | None) -> list[str]:
    return [table] if absent is None else [f"{table}.{column}" for column in absent]


def _asked(columns: list[str], say: Words) -> str:
    """The columns in words, with the codes by which settings and tables call them."""
    return say.names(say("{word} ({code})", word=term(say, "asked", column), code=column) for column in columns)


def _missing_html(intro: str, heads: list[str], rows: list[list[str]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<section class="missing"><p>{escape(intro)}</p>{table}</section>'


def _gaps(path: Path, columns: list[str]) -> list[str] | None:
    """Columns of a clean table in which no row is filled; None where the table itself is not there or empty."""
    if not path.exists():
        return None
    parquet = pq.ParquetFile(path)
    if parquet.metadata.num_rows == 0:
        return None
    filled = {column for column in columns if column in parquet.schema_arrow.names and _filled(parquet, column)}
    return [column for column in columns if column not in filled]


def _filled(parquet: pq.ParquetFile, column: str) -> bool:
    return any(len(batch.column(0)) > batch.column(0).null_count for batch in parquet.iter_batches(columns=[column]))
