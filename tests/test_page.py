"""A page shows what the notebook found, runs nothing, loads nothing, and reads in order."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mcrlib.errors import Complaint
from mcrlib.show.publish.clean import clean_html, plain_text, render_markdown
from mcrlib.show.publish.execute import Chapter
from mcrlib.show.publish.page import make_page, missing_of, so_what_of, title_of
from mcrlib.show.publish.render import Facts, render, templates

HOSTILE = [
    "<script>mcrxss()</script>",
    "<img src=x onerror=mcrxss()>",
    "<svg onload=mcrxss()><script>mcrxss()</script></svg>",
    "<a href='javascript:mcrxss()'>x</a>",
    "<a href='https://tracker.example/'>x</a>",
    "<img src='https://tracker.example/a.png'>",
    "<img alt='> <script>mcrxss()</script>' src='data:image/png;base64,AAAA'>",
    "<iframe srcdoc='<script>mcrxss()</script>'></iframe>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=mcrxss()></style></mglyph></math>",
    "<p style='background:url(https://tracker.example/)' onclick=mcrxss()>x</p>",
    "<td style='background-color:red;position:fixed'>x</td>",
    "<form action='https://tracker.example/'><button>x</button></form>",
    "<meta http-equiv=refresh content='0;url=https://tracker.example/'><base href='https://tracker.example/'>",
    "<link rel=stylesheet href='https://tracker.example/x.css'><style>@import 'https://tracker.example/'</style>",
    "<object data='https://tracker.example/'></object><embed src='https://tracker.example/'>",
    "<!--><script>mcrxss()</script>-->",
    "</main></body></html><script>mcrxss()</script>",
    "{{ ''.__class__ }}{% raw %}",
    "[x](javascript:mcrxss()) ![x](https://tracker.example/a.png) <javascript:mcrxss()>",
]
PNG = base64.b64encode(b"\x89PNG").decode()
FACTS = Facts("Acme", "31 Dec 2025", "0.1.0", "2025-12-31-aaaaaaaaaaaa")


def code(*outputs, tags=(), source="x"):
    return new_code_cell(source, outputs=list(outputs), metadata={"tags": list(tags)})


def text(source, *tags):
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def shows(data, **metadata):
    return new_output("display_data", data=data, metadata=metadata)


def html(source, **metadata):
    return shows({"text/html": source}, **metadata)


def notebook(*cells) -> nbformat.NotebookNode:
    return new_notebook(cells=list(cells))


def chapter(name, *cells, **facts) -> Chapter:
    executed = notebook(*cells)
    return Chapter(name, title_of(executed) or name, facts.pop("status", "ok"), 1.0, notebook=executed, **facts)


class Reader(HTMLParser):
    """What a browser would find in a page: elements with their attributes, headings in order, live things."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def found(self, *tags):
        return [attributes for tag, attributes in self.elements if tag in tags]

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch(r"h[1-6]", tag)]

    @property
    def live(self):
        """What could run or load, the kit's own script aside: the page lets nothing else run, by its hash."""
        handlers = [name for _, attributes in self.elements for name in attributes if name.startswith("on")]
        tags = [
            tag
            for tag, attributes in self.elements
            if tag in ("script", "iframe", "object", "embed", "form", "svg", "link") and "data-find" not in attributes
        ]
        addresses = [a.get("href", "") + a.get("src", "") for _, a in self.elements]
        outside = [
            a for a in addresses if a and not re.match(r"(data:image/|#|[\w-]+\.html|tables/[\w-]+\.(csv|xlsx))", a)
        ]
        styles = [a["style"] for _, a in self.elements if re.search(r"url|position|import", a.get("style", ""))]
        return handlers + tags + outside + styles


# --- cleaning


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_hostile_is_live(hostile):
    assert Reader(clean_html(hostile)).live == []
    assert Reader(render_markdown(f"# {hostile}\n\n{hostile}\n\n| {hostile} |\n|---|\n| {hostile} |")).live == []


def test_tables_keep_what_a_reader_needs():
    table = (
        '<table class="gt_table evil"><thead><tr><th scope="col" class="gt_right" id="x">€</th></tr></thead>'
        '<tbody><tr><td style="color:#fff;background-color:#000" class="gt_right gt_row">1</td></tr></tbody></table>'
    )
    assert clean_html(table) == (
        '<table><thead><tr><th scope="col" class="gt_right">€</th></tr></thead>'
        '<tbody><tr><td style="color:#fff;background-color:#000" class="gt_right">1</td></tr></tbody></table>'
    )


def test_links_lead_only_inside_the_report():
    inside = '<a href="03_rank_value_tiers.html">a</a><a href="tables/tiers.csv">b</a><a href="#x">c</a>'
    assert clean_html(inside) == inside
    assert clean_html('<a href="tables/../../x.csv">a</a><a href="//e.example">b</a>') == "<a>a</a><a>b</a>"


# --- one page


def test_the_page_has_the_findings_and_not_the_code():
    page = make_page(
        notebook(
            text("# Who feeds us?"),
            code(source="client = 'secret'", tags=["parameters"]),
            code(source="client = 'acme'", tags=["injected-parameters"]),
            code(html("<b>hidden</b>"), tags=["hide"]),
            code(html("<p>found</p>"), source="run.table('tiers', t)\nrun.table( \"x\", y)"),
            code(new_output("stream", name="stderr", text="/home/someone/lib.py: warning")),
            code(new_output("stream", name="stdout", text="1 < 2")),
            code(shows({"text/plain": "<Axes: title='x'>"}), shows({"text/plain": "42"})),
            code(
                shows({"application/javascript": "mcrxss()"}), shows({"application/vnd.jupyter.widget-view+json": {}})
            ),
        ),
        "Who feeds us?",
        str,
    )
    assert page.body.split() == ["<p>found</p>", "<pre>1", "&lt;", "2</pre>", "<pre>42</pre>"]
    assert page.tables == ["tiers", "x"]


def test_the_so_what_is_lifted_and_the_method_is_folded():
    executed = notebook(
        text("# Title"),
        text("## First\n\nwords"),
        code(html("<ul><li>One.</li><li>Two &amp; more.</li></ul>"), tags=["so-what"]),
        text("## How it is done", "method"),
        code(html("<p>formula</p>"), tags=["method"]),
        text("#### Deep"),
        text("## Second"),
    )
    page = make_page(executed, "Title", lambda words: words.replace("Method", "方法"))
    assert page.so_what == "<ul><li>One.</li><li>Two &amp; more.</li></ul>"
    assert so_what_of(executed) == ["One.", "Two & more."]
    assert page.contents == [("first", "First"), ("second", "Second")]
    assert Reader(f"<h1></h1>{page.body}").headings == [1, 2, 3, 2]
    assert '<details class="method"><summary>方法</summary><p><strong>How it is done</strong></p>' in page.body


def test_sentences_and_gaps_that_the_exhibits_name_are_taken_as_they_are():
    executed = notebook(
        code(html("<p>x</p>", mcr={"so_what": ["A.", "B."]}), tags=["so-what"]),
        code(html("", mcr={"missing": ["cases", "surveys.score"]}), html("", mcr={"missing": ["cases"]})),
    )
    assert so_what_of(executed) == ["A.", "B."]
    assert missing_of(executed) == ["cases", "surveys.score"]


@pytest.mark.parametrize(
    ("metadata", "alt", "caption"),
    [
        ({"image/png": {"alt": "dots & lines"}}, "dots &amp; lines", ""),
        ({"mcr": {"alt": "dots", "caption": "n = 3"}}, "dots", "<figcaption>n = 3</figcaption>"),
        ({}, "Who?", ""),
        ({"mcr": {"alt": '"><script>x</script>'}}, '"›‹script›x‹/script›'.replace('"', "&quot;"), ""),
    ],
)
def test_a_picture_stands_inside_the_page_with_words_for_it(metadata, alt, caption):
    page = make_page(notebook(code(shows({"image/png": PNG, "text/plain": "<Figure>"}, **metadata))), "Who?", str)
    assert page.body == f'<figure><img src="data:image/png;base64,{PNG}" alt="{alt}">{caption}</figure>'


def test_a_drawing_is_embedded_as_a_picture():
    drawing = "<svg xmlns='http://www.w3.org/2000/svg'><script>mcrxss()</script></svg>"
    page = make_page(notebook(code(shows({"image/svg+xml": drawing}))), "Who?", str)
    assert Reader(page.body).live == [] and 'src="data:image/svg+xml;base64,' in page.body


def test_texts_are_said_in_the_readers_language():
    page = make_page(notebook(text("# Who?\n"), text("## Where?")), "Who?", lambda words: words.replace("W", "Ⓦ"))
    assert (page.title, page.contents) == ("Ⓦho?", [("where", "Ⓦhere?")])


# --- the report


def report(folder: Path, *chapters: Chapter, facts: Facts = FACTS) -> dict[str, str]:
    tables = folder / "work"
    tables.mkdir()
    for name in ("accounts", "tiers"):
        (tables / f"{name}.csv").write_text("account_id\n")
    render(chapters, facts, folder / "out", tables=tables)
    return {path.stem: path.read_text(encoding="utf-8") for path in (folder / "out").glob("*.html")}


def test_every_page_is_whole_and_safe_whatever_the_data_say(tmp_path):
    everything = " ".join(HOSTILE)
    sink = [
        text(f"# {everything}"),
        code(html(everything), tags=["so-what"]),
        text(f"## {everything}\n\n{everything}"),
        code(html(f"<h2>{everything}</h2><table><tr><td>{everything}</td></tr></table>")),
        code(shows({"text/markdown": everything}), shows({"text/plain": everything})),
        code(shows({"image/png": PNG}, mcr={"alt": everything, "caption": everything})),
        text(everything, "method"),
    ]
    warnings = [Complaint("x", everything, everything, everything)]
    facts = Facts(everything, everything, everything, everything, everything, everything, "en", warnings, partial=True)
    pages = report(tmp_path, chapter("01_a", *sink), chapter("02_b", text("## only")), facts=facts)
    assert set(pages) == {"index", "01_a", "02_b"}
    for source in pages.values():
        page = Reader(source)
        assert page.live == []
        assert page.headings.count(1) == 1
        assert all(below - above <= 1 for above, below in zip(page.headings, page.headings[1:], strict=False))
        policy = page.elements[2][1]["content"]
        assert page.elements[2][0] == "meta" and policy.startswith("default-src 'none'; script-src 'sha256-")
        assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "") and len(page.found("script")) == 1
        assert all(attributes.get("alt") for attributes in page.found("img"))
        assert "No description" not in source


def test_the_start_page_of_a_whole_report_is_the_summary(tmp_path):
    pages = report(
        tmp_path,
        chapter("00_summary", text("# What now?"), code(html("<p>Act.</p>"))),
        chapter(
            "03_rank", text("# Who?"), code(source="run.table('tiers', t)"), status="missing", so_what=["Few feed us."]
        ),
    )
    assert "<p>Act.</p>" in pages["index"] and "<p>Act.</p>" in pages["00_summary"]
    assert "Few feed us." in pages["index"] and "data missing" in pages["index"]
    assert "Partial report" not in "".join(pages.values())
    assert {a["href"] for a in Reader(pages["index"]).found("a")} == {
        *("#main", "index.html", "00_summary.html", "03_rank.html"),
        *("tables/accounts.csv", "tables/tiers.csv"),
    }
    assert "tables/tiers.csv" in pages["03_rank"] and "tables/accounts.csv" not in pages["03_rank"]


def test_a_table_leads_to_the_workbook_of_its_chapter_or_says_why_not(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "tiers.csv").write_text("account_id\n")
    (tmp_path / "work" / "long.csv").write_text("account_id\n" + "A\n" * 500_000)
    shown = "".join(f'<p><a href="tables/{name}.csv">all</a></p>' for name in ("tiers", "long", "elsewhere"))
    cells = text("# Who?"), code(html(shown), source="run.table('tiers', t); run.table('long', u)")
    render([chapter("03_rank", *cells)], FACTS, tmp_path / "out", tables=tmp_path / "work")
    page = (tmp_path / "out" / "03_rank.html").read_text(encoding="utf-8")
    assert '<p><a href="tables/tiers.csv">all</a> · <a href="tables/03_rank.xlsx">03_rank.xlsx</a></p>' in page
    assert '<p><a href="tables/long.csv">all</a> · only as CSV, too long for a workbook</p>' in page
    assert '<p><a href="tables/elsewhere.csv">all</a></p>' in page
    assert '<li><a href="tables/03_rank.xlsx" download>03_rank.xlsx</a></li>' in page


def test_what_is_empty_is_not_said_again_where_a_box_says_what_is_missing():
    box = '<section class="missing"><table><tbody><tr><td>contacts</td></tr></tbody></table></section>'
    empty = (
        '<p class="note empty">nothing to draw</p><table><thead><tr><td>Whom</td></tr></thead><tbody></tbody></table>'
    )
    cells = [text("# A"), text("## Who?"), code(html(box + empty)), text("## What?"), code(html(empty))]
    who, what = make_page(notebook(*cells), "A", str).body.split("<h2 ")[1:]
    assert "contacts" in who and "nothing to draw" not in who and "Whom" not in who
    assert "nothing to draw" in what and "Whom" not in what
    alone = make_page(notebook(text("# A"), code(html(empty[empty.index("<table") :]))), "A", str)
    assert "Whom" in alone.body


def test_columns_of_numbers_are_said_once_a_table():
    heads = '<th scope="col">Who</th><th class="gt_right" scope="col">n</th>'
    rows = '<tr><td>A</td><td class="gt_right">1</td></tr>'
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    body = make_page(notebook(text("# A"), code(html(table))), "A", str).body
    assert '<table class="n2">' in body and "<td>A</td><td>1</td>" in body and heads in body
    wide = table.replace("<th scope", 13 * "<th></th>" + "<th scope")
    assert '<td class="gt_right">1</td>' in make_page(notebook(text("# A"), code(html(wide))), "A", str).body


def test_the_stylesheet_is_written_without_what_only_people_read():
    style = str(templates().globals["style"])
    assert "/*" not in style and "\n" not in style and "main > *{max-width:42rem}" in style


def test_every_page_of_a_partial_report_says_so(tmp_path):
    pages = report(
        tmp_path,
        chapter("00_summary", text("# What now?"), code(html("<p>Act.</p>"))),
        facts=Facts("Acme", "2025", "0.1", "id", partial=True),
    )
    assert all("Partial report" in page for page in pages.values())
    assert "<p>Act.</p>" not in pages["index"] and '<a href="00_summary.html">What now?</a>' in pages["index"]


def test_the_head_names_the_run_and_lists_the_warnings(tmp_path):
    warnings = [Complaint("x", "was left unused", "leads.csv")]
    facts = Facts(
        "Acme", "31 Dec 2025", "0.1.0", "2025-12-31-a", "2019 – 2025", "29 Dec 2025", "zh-TW", warnings, basis="orders"
    )
    pages = report(tmp_path, chapter("01_a", text("# A\n\n## B\n\n## C")), facts=facts)
    page = " ".join(plain_text(pages["01_a"]).split())
    for said in (
        "Warnings: 1",
        "leads.csv: was left unused",
        "Last order 29 Dec 2025",
        "Revenue from orders",
        "Period 2019 – 2025",
    ):
        assert said in page
    assert '<html lang="zh-TW">' in pages["01_a"]
    assert '<a href="#c">C</a>' in pages["01_a"] and '<h2 id="c">C</h2>' in pages["01_a"]


def test_the_head_tells_new_warnings_from_old_ones_and_names_those_that_went_away(tmp_path):
    old, new, gone = (Complaint(code, code, "a.csv") for code in ("old", "fresh", "past"))
    facts = Facts(
        "Acme", "2025", "1", "id", warnings=[old, new], warned="1 new and 1 resolved", new=[new], resolved=[gone]
    )
    page = " ".join(plain_text(report(tmp_path, chapter("01_a", text("# A")), facts=facts)["01_a"]).split())
    assert "Warnings: 2 · 1 new and 1 resolved a.csv: old New a.csv: fresh Resolved a.csv: past" in page


def test_equal_headings_have_places_of_their_own(tmp_path):
    page = make_page(notebook(text("# A\n\n## B?\n\n## b\n\n## Main"), code(html("<h2>C</h2>"))), "A", str)
    assert [place for place, _ in page.contents] == ["b", "section-2", "section-3", "c"]


def test_a_link_to_a_section_that_is_not_there_leads_to_its_page_else_nowhere(tmp_path):
    links = "[one](02_b.html#who) [two](02_b.html#gone) [three](03_c.html#who) [four](index.html)"
    pages = report(tmp_path, chapter("01_a", text(f"# A\n\n{links}")), chapter("02_b", text("# B\n\n## Who?")))
    assert (
        '<a href="02_b.html#who">one</a> <a href="02_b.html">two</a> three <a href="index.html">four</a>'
        in (pages["01_a"])
    )


def test_the_same_chapters_give_the_same_bytes(tmp_path):
    cells = [text("# A"), code(html("<p>x</p>"))]
    for name, seconds in (("one", 1.0), ("two", 2.0)):
        (tmp_path / name).mkdir()
        report(tmp_path / name, Chapter("01_a", "A", "ok", seconds, notebook=notebook(*cells)))
    for page in ("index", "01_a"):
        one, two = (tmp_path / name / "out" / f"{page}.html" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


# --- the look


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_colour_stands_out_from_every_ground(scheme):
    style = (Path(__file__).parents[1] / "mcrlib/show/templates/style.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", blocks[0] + (blocks[1] if scheme == "dark" else "")))
    for ink in ("ink", "quiet", "earth", "leaf", "grain", "alarm"):
        for ground in ("paper", "card", "shade"):
            light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground)


def test_the_style_loads_nothing():
    style = (Path(__file__).parents[1] / "mcrlib/show/templates/style.css").read_text(encoding="utf-8")
    assert not re.search(r"url\(|@import|@font-face|https?:", style)
