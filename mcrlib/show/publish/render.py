"""Write the pages of a report: one file each, nothing loaded from outside, the same bytes for the same content."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from mcrlib.errors import Complaint
from mcrlib.show.publish.execute import Chapter
from mcrlib.show.publish.page import Page, Translate, make_page
from mcrlib.show.publish.workbook import write_workbook
from mcrlib.show.words.warnings import warning

SUMMARY = "00_summary"


@dataclass(frozen=True)
class Facts:
    """What the head of every page says about the run, as the reader reads it.

    Parameters
    ----------
    client, as_of, version, run_id : str
        Whose report, the date it stands at, version of the kit, name of the run.
    period, data_date : str
        What the data span; the last order date.
    language : str
        ``en``, ``zh-CN`` or ``zh-TW``.
    warnings : sequence of Complaint
        Listed, folded, on every page.
    warned : str
        How many are new and how many went away since the last run; empty where there is none to compare with.
    new, resolved : sequence of Complaint
        Those of ``warnings`` that the last run did not have; those of the last run that went away.
    partial : bool
        Whether only some chapters were run.
    pdf : bool
        Whether ``report.pdf`` will stand beside the pages.
    basis : str
        What the revenue is counted from.
    """

    client: str
    as_of: str
    version: str
    run_id: str
    period: str = ""
    data_date: str = ""
    language: str = "en"
    warnings: Sequence[Complaint] = ()
    warned: str = ""
    new: Sequence[Complaint] = ()
    resolved: Sequence[Complaint] = ()
    partial: bool = False
    pdf: bool = False
    basis: str = ""


def render(
    chapters: Sequence[Chapter], facts: Facts, folder: Path, *, tables: Path | None = None, t: Translate = str
) -> list[Path]:
    """Write one page per chapter, ``index.html`` and the tables into a folder.

    Parameters
    ----------
    chapters : sequence of Chapter
        Executed, in the order of the navigation.
    facts : Facts
        The head of the pages.
    folder : Path
        Where the report is written.
    tables : Path, optional
        Folder of the CSV tables to publish beside the pages, those of a chapter as one workbook too.
    t : callable
        Says the pages' own words and the notebooks' texts in the reader's language.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    made = {c.name: make_page(c.notebook, c.title, t) for c in chapters if c.notebook is not None}
    written = _tables(tables, folder / "tables")
    names = [path.stem for path in written]
    books = _workbooks(made, folder / "tables")
    written += [folder / "tables" / f"{name}.xlsx" for name, sheets in books.items() if sheets]
    template = templates().get_template("page.html.j2")
    shown = {name: replace(one, body=_with_workbook(one, name, books, t)) for name, one in _linked(made).items()}
    start = None if facts.partial else shown.get(SUMMARY)
    for name, page in [("index", start or _cover(t)), *shown.items()]:
        text = template.render(
            page=page,
            name=name,
            chapters=chapters,
            facts=facts,
            say=partial(warning, language=facts.language),
            t=t,
            cover=name == "index",
            books=[book for book, sheets in books.items() if sheets and name in ("index", book)],
            downloads=names if name == "index" else [table for table in names if table in page.tables],
        )
        path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _cover(t: Translate) -> Page:
    return Page(title=t("Chapters of this report"), so_what="", body="", contents=[], tables=[])


def _tables(source: Path | None, target: Path) -> list[Path]:
    """Copy the CSV tables."""
    tables = sorted(source.glob("*.csv")) if source is not None and source.is_dir() else []
    if tables:
        target.mkdir(exist_ok=True)
    return [Path(shutil.copyfile(table, target / table.name)) for table in tables]


def _workbooks(pages: dict[str, Page], folder: Path) -> dict[str, list[str]]:
    """Write the tables that each chapter shows as a workbook of its name; which tables each holds."""
    shown = {
        name: [folder / f"{table}.csv" for table in page.tables if f'"tables/{table}.csv"' in page.body]
        for name, page in pages.items()
    }
    return {
        name: write_workbook([path for path in paths if path.exists()], folder / f"{name}.xlsx")
        for name, paths in shown.items()
    }


def _linked(pages: dict[str, Page]) -> dict[str, Page]:
    """The pages with links that lead somewhere: one to a section that is not there leads to its page, else nowhere."""
    places = {name: {f"#{place}" for place, _ in page.contents} | {""} for name, page in pages.items()}

    def link(found: re.Match[str]) -> str:
        name, place, words = found.groups("")
        if name not in places:
            return found[0] if name == "index" else words
        return f'<a href="{name}.html{place if place in places[name] else ""}">{words}</a>'

    def mended(shown: str) -> str:
        return re.sub(r'<a href="([\w-]+)\.html(#[\w-]*)?">(.*?)</a>', link, shown, flags=re.DOTALL)

    return {name: replace(one, body=mended(one.body), so_what=mended(one.so_what)) for name, one in pages.items()}


def _with_workbook(page: Page, name: str, books: dict[str, list[str]], t: Translate) -> str:
    """The body with a link to the chapter's workbook after each link to a table; where it is not in there, why."""

    def link(found: re.Match[str]) -> str:
        if found[1] not in page.tables:
            return found[0]
        if found[1] not in books[name]:
            return f"{found[0]} · {escape(t('only as CSV, too long for a workbook'))}"
        return f'{found[0]} · <a href="tables/{name}.xlsx">{name}.xlsx</a>'

    return re.sub(r'<a href="tables/([\w-]+)\.csv">[^<]*</a>', link, page.body)


@cache
def templates() -> Environment:
    """The kit's templates; everything that they are given is escaped."""
    folder = files("mcrlib.show") / "templates"
    environment = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup(_shorter((folder / "style.css").read_text(encoding="utf-8")))
    script = re.sub(
        r"/\*.*?\*/|^\s+", "", (folder / "tables.js").read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
    )
    environment.globals["script"] = Markup(script)
    environment.globals["script_hash"] = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment


def _shorter(style: str) -> str:
    """A stylesheet without its comments and the room around its marks; every page carries it."""
    style = re.sub(r"/\*.*?\*/|\n\s*", "", style, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|(:)\s", r"\1\2", style).replace(";}", "}")
