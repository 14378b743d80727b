"""Write the pages of a report: one file each, nothing loaded from outside, the same bytes for the same content."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from mcrlib.errors import Complaint
from mcrlib.show.publish.execute import Chapter
from mcrlib.show.publish.page import Page, Translate, make_page
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
    partial : bool
        Whether only some chapters were run.
    """

    client: str
    as_of: str
    version: str
    run_id: str
    period: str = ""
    data_date: str = ""
    language: str = "en"
    warnings: Sequence[Complaint] = ()
    partial: bool = False


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
        Folder of the CSV tables to publish beside the pages.
    t : callable
        Says the pages' own words and the notebooks' texts in the reader's language.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    csv = sorted(tables.glob("*.csv")) if tables is not None and tables.is_dir() else []
    written = [_copied(table, folder / "tables" / table.name) for table in csv]
    names = [table.stem for table in csv]
    template = _templates().get_template("page.html.j2")
    shown = {c.name: make_page(c.notebook, c.title, t) for c in chapters if c.notebook is not None}
    start = None if facts.partial else shown.get(SUMMARY)
    for name, page in [("index", start or _cover(facts, t)), *shown.items()]:
        text = template.render(
            page=page,
            name=name,
            chapters=chapters,
            facts=facts,
            warnings=[warning(one, facts.language) for one in facts.warnings],
            t=t,
            cover=name == "index",
            downloads=names if name == "index" else [table for table in names if table in page.tables],
        )
        path = folder / f"{name}.html"
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _cover(facts: Facts, t: Translate) -> Page:
    return Page(title=t("Chapters of this report"), so_what="", body="", contents=[], tables=[])


def _copied(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target


@cache
def _templates() -> Environment:
    folder = files("mcrlib.show") / "templates"
    environment = Environment(
        loader=FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = Markup((folder / "style.css").read_text(encoding="utf-8"))
    return environment
