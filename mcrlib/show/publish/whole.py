"""The whole report as one PDF, printed by Chromium."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from mcrlib.show.publish.chromium import print_page
from mcrlib.show.publish.execute import Chapter
from mcrlib.show.publish.page import Page, Translate, make_page
from mcrlib.show.publish.render import Facts, templates
from mcrlib.show.words.warnings import warning

#: On paper nothing is clicked, and a link would name a folder of this machine.
_LINK = re.compile(r'<a href="(?!tables/)[^"]*">(.*?)</a>', re.DOTALL)
_DATE = re.compile(rb"\(D:\d{14}[^)]{0,7}\)")


def print_report(
    chapters: Sequence[Chapter], facts: Facts, target: Path, *, aside: Path, as_of: str, t: Translate = str
) -> Path:
    """Print all chapters as one PDF, each on a new page.

    Parameters
    ----------
    chapters : sequence of Chapter
        Executed, in their order.
    facts : Facts
        What stands on the first page.
    target : Path
        The PDF.
    aside : Path
        An existing folder for the page that is printed.
    as_of : str
        ISO date that the PDF says it was made on, so that equal reports say the same.
    t : callable
        Says the page's own words in the reader's language.

    Raises
    ------
    EnvironmentFailed
        There is no Chromium, or it fails.
    """
    pages = [_for_paper(make_page(one.notebook, one.title, t)) for one in chapters if one.notebook is not None]
    page = aside / "report.html"
    say = partial(warning, language=facts.language)
    text = templates().get_template("whole.html.j2").render(pages=pages, facts=facts, say=say, t=t)
    page.write_text(text, encoding="utf-8", newline="\n")
    print_page(page, target)
    day = f"(D:{as_of.replace('-', '')}000000".encode()
    target.write_bytes(_DATE.sub(lambda found: day + found[0][len(day) :], target.read_bytes()))
    return target


def _for_paper(page: Page) -> Page:
    body = re.sub(r'<h2 id="[^"]*">', "<h2>", _LINK.sub(r"\1", page.body))
    return replace(page, body=body, so_what=_LINK.sub(r"\1", page.so_what))
