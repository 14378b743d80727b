"""What of an executed notebook stands on its page: the so-what on top, the sections, the folded method notes."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import count, groupby
from typing import TYPE_CHECKING, Any

from mcrlib.errors import one_line
from mcrlib.show.publish.clean import clean_html, plain_text, render_markdown
from mcrlib.show.words.markdown import anchor

if TYPE_CHECKING:
    from nbformat import NotebookNode

Translate = Callable[[str], str]

_HIDDEN = {"parameters", "injected-parameters", "hide"}
_HEADING = re.compile(r"<h([1-6])(?: id=\"(?P<place>[^\"]*)\")?[^>]*>(?P<words>.*?)</h\1>", re.DOTALL)
#: What great-tables indents its cells with is a tenth of a page.
_AROUND_CELLS = re.compile(r"\s+(?=</?(?:t[dhr]|thead|tbody|tfoot)\b)")
#: What great-tables calls a cell of numbers, and up to which column the stylesheet knows a column of them.
_NUMBER, _LAST_COLUMN = "gt_right", 14
#: A picture that has nothing to draw, and a table that has nothing to list.
_EMPTY = re.compile(
    r'<p class="note empty">.*?</p>|<table\b(?:(?!</table>).)*?<tbody[^>]*>\s*</tbody>.*?</table>', re.DOTALL
)
#: The richest form of an output that a page can show comes first.
_FORMS = ("text/html", "text/markdown", "image/svg+xml", "image/png", "image/jpeg", "text/plain")


@dataclass(frozen=True)
class Page:
    """One chapter as it is published; every text is clean HTML except ``title`` and the words of ``contents``.

    Parameters
    ----------
    title : str
        The chapter's question.
    so_what : str
        What a busy person repeats.
    body : str
        The sections.
    contents : list
        (anchor, words) of each section.
    tables : list
        Names of the tables that the chapter publishes.
    """

    title: str
    so_what: str
    body: str
    contents: list[tuple[str, str]]
    tables: list[str]


def make_page(notebook: NotebookNode, title: str, t: Translate) -> Page:
    """Lay out the page of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed. Cells tagged ``so-what`` go to the top, ``method`` are folded, ``parameters`` and ``hide`` left out.
    title : str
        Used for pictures that say nothing about themselves.
    t : callable
        Says the page's own words, and the notebook's texts, in the reader's language.
    """
    parts: dict[str, list[str]] = {"so-what": [], "body": []}
    for kind, cells in groupby(notebook.cells, _kind):
        shown = "\n".join(piece for cell in cells for piece in _shown(cell, title, t))
        if kind == "method" and shown:
            parts["body"].append(_folded(shown, t))
        elif kind != "hidden" and shown:
            parts[kind].append(shown)
    body, contents = _outlined(_without_title("\n".join(parts["body"])))
    return Page(
        title=t(title),
        so_what=_headings_as_text("\n".join(parts["so-what"])),
        body=_boxed_tables(_without_empty(body), t),
        contents=contents,
        tables=_tables(notebook),
    )


def title_of(notebook: NotebookNode) -> str:
    """The first heading of the first order, in a text cell or in what a cell shows; else nothing."""
    for cell in notebook.cells:
        shown = [output.get("data", {}).get("text/markdown", "") for output in cell.get("outputs", ())]
        for text in shown if cell.cell_type == "code" else [cell.source]:
            if found := re.search(r"^# +(.+?)[ #]*$", text, re.MULTILINE):
                return plain_text(render_markdown(found[1]))
    return ""


def so_what_of(notebook: NotebookNode) -> list[str]:
    """The so-what of a notebook as plain sentences."""
    said: list[str] = []
    for cell in notebook.cells:
        if _kind(cell) == "so-what":
            outputs = cell.get("outputs", ())
            sentences = [one for output in outputs for one in _from_kit(output).get("so_what", ())]
            shown = "\n".join(_shown(cell, "", str))
            said += sentences or [plain_text(piece) for piece in re.split(r"</?(?:p|li|ul|ol|h\d)[^>]*>|\n\n", shown)]
    return [sentence for sentence in map(one_line, said) if sentence]


def missing_of(notebook: NotebookNode) -> list[Any]:
    """What the export lacks for this notebook, as its exhibits say, each once."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    said = [entry for output in outputs for entry in _from_kit(output).get("missing", ())]
    return [entry for number, entry in enumerate(said) if entry not in said[:number]]


def _from_kit(output: NotebookNode) -> dict[str, Any]:
    return output.get("metadata", {}).get("mcr", {})


def _kind(cell: NotebookNode) -> str:
    tags = set(cell.metadata.get("tags", ()))
    if tags & _HIDDEN:
        return "hidden"
    return "so-what" if "so-what" in tags else "method" if "method" in tags else "body"


def _shown(cell: NotebookNode, title: str, t: Translate) -> Iterator[str]:
    """The pieces of clean HTML that a cell puts on the page; code never is one."""
    if cell.cell_type == "markdown":
        yield _placed(render_markdown(t(cell.source)), cell.source)
    for output in cell.get("outputs", ()):
        if output.output_type == "stream" and output.name == "stdout":
            yield f"<pre>{escape(output.text)}</pre>"
        elif output.output_type in ("display_data", "execute_result"):
            yield _output(output, title)


def _placed(shown: str, source: str) -> str:
    """Headings with the anchors that their words in the notebook give, so that a link holds in every language."""
    said = re.findall(r"^#{1,6} +(.+?)[ #]*$", source, re.MULTILINE)
    if len(said) != len(_HEADING.findall(shown)):
        return shown
    words = iter(said)
    return _HEADING.sub(lambda h: f'<h{h[1]} id="{anchor(next(words))}">{h["words"]}</h{h[1]}>', shown)


def _output(output: NotebookNode, title: str) -> str:
    form = next((form for form in _FORMS if form in output.data), "")
    content = output.data.get(form, "")
    match form:
        case "text/html":
            return clean_html(content)
        case "text/markdown":
            return render_markdown(content)
        case "text/plain":
            return "" if re.fullmatch(r"\[?<.*>\]?", content, re.DOTALL) else f"<pre>{escape(content)}</pre>"
        case "":
            return ""
    return _picture(form, content, output.metadata, title)


def _picture(form: str, content: str, metadata: dict[str, Any], title: str) -> str:
    """A picture inside the page, with the words that stand for it; an SVG as a picture runs nothing."""
    data = base64.b64encode(content.encode()).decode() if form == "image/svg+xml" else "".join(content.split())
    own, kit = metadata.get(form, {}), metadata.get("mcr", {})
    caption = str(kit.get("caption") or own.get("caption") or "")
    alt = str(kit.get("alt") or own.get("alt") or metadata.get("alt") or caption or title)
    size = "".join(f' {name}="{int(own[name])}"' for name in ("width", "height") if name in own)
    below = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    image = f'<img src="data:{form};base64,{data}" alt="{escape(alt)}"{size}>'
    return clean_html(f"<figure>{image}{below}</figure>")


def _folded(shown: str, t: Translate) -> str:
    return f'<details class="method"><summary>{escape(t("Method"))}</summary>{_headings_as_text(shown)}</details>'


def _headings_as_text(shown: str) -> str:
    return _HEADING.sub(r"<p><strong>\g<words></strong></p>", shown)


def _without_title(body: str) -> str:
    return re.sub(r"<h1(?: [^>]*)?>.*?</h1>", "", body, count=1, flags=re.DOTALL)


def _outlined(body: str) -> tuple[str, list[tuple[str, str]]]:
    """The body with headings that go down one step at a time and anchors on its sections, and the list of sections."""
    contents: list[tuple[str, str]] = []
    taken, above = {"", "main"}, 1

    def heading(found: re.Match[str]) -> str:
        nonlocal above
        above = max(2, min(int(found[1]), above + 1))
        if above > 2:
            return f"<h{above}>{found['words']}</h{above}>"
        words = plain_text(found["words"])
        place = found["place"] or anchor(words)
        place = f"section-{len(contents) + 1}" if place in taken else place
        taken.add(place)
        contents.append((place, words))
        return f'<h2 id="{place}">{found["words"]}</h2>'

    return _HEADING.sub(heading, body), contents


def _without_empty(body: str) -> str:
    """The body without empty pictures and tables where a box says what is missing, or one of them said so already."""

    def once(section: str) -> str:
        said = re.search(r'class="missing"|<p class="note empty">.*?</p>', section, re.DOTALL)
        end = said.end() if said else len(section)
        return section[:end] + _EMPTY.sub("", section[end:])

    return "".join(map(once, re.split(r"(?=<h2 )", body)))


def _boxed_tables(body: str, t: Translate) -> str:
    """Tables in a box of their own, so that a wide one scrolls there and not the page; each box has its own name."""
    number = count(1)

    def boxed(found: re.Match[str]) -> str:
        title = re.search(r'class="[^"]*gt_title[^"]*"[^>]*>(.*?)</td>', found[0], re.DOTALL)
        name = " · ".join([f"{t('Table')} {next(number)}", *([plain_text(title[1])] if title else [])])
        lines = _numbers_said_once(_AROUND_CELLS.sub("", found[0])).replace("<tr", "\n<tr")
        return f'<div class="scroll" role="region" aria-label="{escape(name)}" tabindex="0">{lines}</div>'

    return re.sub(r"<table.*?</table>", boxed, body, flags=re.DOTALL)


def _numbers_said_once(table: str) -> str:
    """The table with the places of its columns of numbers in its class, instead of a class in each of their cells."""
    head, end, body = table.partition("</thead>")
    heads = re.findall(r"<th\b[^>]*>", head[head.rfind("<tr") :])
    places = " ".join(f"n{place}" for place, one in enumerate(heads, 1) if f'class="{_NUMBER}"' in one)
    if not places or len(heads) > _LAST_COLUMN:
        return table
    return head.replace("<table>", f'<table class="{places}">') + end + body.replace(f'<td class="{_NUMBER}">', "<td>")


def _tables(notebook: NotebookNode) -> list[str]:
    """Names given to ``run.table`` in the code."""
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    return list(dict.fromkeys(re.findall(r"""\.table\(\s*["']([\w-]+)["']""", code)))
