"""The sample report opens in a browser from a folder: nothing is loaded, broken, cut off or unreadable."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

WIDTHS = {"desk": 1280, "phone": 390}


def pages_of(report: Path) -> list[str]:
    return sorted(path.name for path in report.glob("*.html"))


@pytest.fixture(params=WIDTHS)
def visited(request: pytest.FixtureRequest, browser: Any, sample_report: Path) -> Iterator[tuple[Any, list[str]]]:
    """A tab of one width, and the list of what went wrong in it."""
    context = browser.new_context(viewport={"width": WIDTHS[request.param], "height": 900})
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("console", lambda message: wrong.append(f"console: {message.text}") if message.type != "log" else None)
    tab.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    tab.on("requestfailed", lambda asked: wrong.append(f"failed: {asked.url[:80]}"))
    tab.on("request", lambda asked: wrong.append(asked.url[:80]) if not re.match("file:|data:", asked.url) else None)
    yield tab, wrong
    context.close()


def test_every_chapter_is_reached_by_a_click_and_fits_the_screen(visited, sample_report):
    tab, wrong = visited
    tab.goto((sample_report / "index.html").as_uri())
    reached = set()
    for name in tab.locator("nav.side a").evaluate_all("found => found.map(a => a.getAttribute('href'))"):
        if tab.locator("details.chapters").is_visible():
            tab.locator("details.chapters summary").click()
        tab.locator(f'nav:not(.contents) a[href="{name}"]:visible').click()
        reached.add(Path(tab.url).name)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
        assert tab.locator("h1").count() == 1, name
    assert sorted(reached) == pages_of(sample_report)
    assert wrong == []


def test_every_link_leads_somewhere(browser, sample_report):
    tab = browser.new_page()
    for name in pages_of(sample_report):
        tab.goto((sample_report / name).as_uri())
        for link in tab.locator("a").evaluate_all("found => found.map(a => a.getAttribute('href'))"):
            assert link, f"{name} has a link that leads nowhere"
            file, _, anchor = link.partition("#")
            assert (sample_report / (file or name)).is_file(), f"{name} links to {link}"
            told = (sample_report / (file or name)).read_text(encoding="utf-8") if anchor else ""
            assert not anchor or told.count(f'id="{anchor}"') == 1, f"{name} links to {link}"
    tab.close()


def test_five_answers_stand_in_the_first_screen_and_each_leads_to_its_proof(browser, sample_report):
    tab = browser.new_page(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    tab.goto((sample_report / "index.html").as_uri())
    answers = tab.locator(".answers > li")
    assert answers.count() == 5
    boxes = [answers.nth(number).bounding_box() for number in range(5)]
    assert max(box["y"] + box["height"] for box in boxes) < 700, "the accounts to act on follow in the same screen"
    links = tab.locator(".answers a")
    assert links.count() == 6, "what is at risk stands on two proofs"
    for number in range(6):
        link = links.nth(number)
        section = link.inner_text()
        link.click()
        heading = tab.locator("h2:target")
        assert heading.inner_text() == section and heading.bounding_box()["y"] < 900, tab.url
        tab.go_back()
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures_are_shown_and_described_and_no_character_is_lost(browser, sample_report, scheme):
    tab = browser.new_page(color_scheme=scheme)
    for name in pages_of(sample_report):
        tab.goto((sample_report / name).as_uri())
        assert "\ufffd" not in tab.content(), name
        pictures = tab.locator("img").evaluate_all("found => found.map(i => [i.naturalWidth, i.getAttribute('alt')])")
        assert all(width > 0 and words for width, words in pictures), name
    tab.close()


def test_a_keyboard_user_skips_to_the_content(browser, sample_report):
    tab = browser.new_page()
    tab.goto((sample_report / "index.html").as_uri())
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#main")
    tab.close()


@pytest.fixture
def accounts(browser: Any, sample_report: Path) -> Iterator[tuple[Any, Any]]:
    """The summary in a tab, and its table of all accounts."""
    tab = browser.new_page()
    tab.goto((sample_report / "00_summary.html").as_uri())
    yield tab, tab.locator(".scroll", has=tab.locator('a[href="tables/accounts.csv"]'))
    tab.close()


def first_column(table: Any, place: int = 1) -> list[str]:
    return table.locator(f"tbody tr:visible td:nth-child({place})").all_inner_texts()


def test_a_heading_sorts_its_table_by_keyboard_and_says_so(accounts):
    tab, table = accounts
    names = first_column(table)
    tiers = table.locator("thead tr").last.locator("th").nth(1)
    tiers.locator("button").focus()
    carried = set(table.locator("tbody td:nth-child(2)").all_text_contents())
    best, *_, worst = [tier for tier in "SABC" if tier in carried]
    for order, first in (("descending", best), ("ascending", worst)):
        tab.keyboard.press("Enter")
        assert (tiers.get_attribute("aria-sort"), first_column(table, 2)[0]) == (order, first)
    assert table.locator("th[aria-sort]").count() == 1 and len(first_column(table)) == len(names)
    harvest = table.locator("thead tr").last.locator("th").nth(2)
    harvest.locator("button").press("Enter")
    assert tiers.get_attribute("aria-sort") is None and first_column(table)[0] == names[0]


def test_a_word_finds_rows_below_the_first_and_a_button_shows_them_all(accounts):
    tab, table = accounts
    tools = tab.locator(".tools", has=tab.locator("button")).last
    shown = first_column(table)
    tools.locator("button").press("Enter")
    everybody = first_column(table)
    assert len(shown) == 20 < len(everybody) <= 60 and everybody[:20] == shown
    tools.locator("button").press("Enter")
    assert first_column(table) == shown
    tools.locator("input").fill(everybody[40].upper())
    assert everybody[40] in first_column(table) and tools.locator("[role=status]").inner_text().endswith("60")
    tools.locator("input").fill("")
    assert first_column(table) == shown


def test_on_a_phone_a_row_is_a_card_whose_cells_carry_their_headings(browser, sample_report):
    tab = browser.new_page(viewport={"width": WIDTHS["phone"], "height": 900})
    tab.goto((sample_report / "00_summary.html").as_uri())
    table = tab.locator(".scroll", has=tab.locator('a[href="tables/next_hour.csv"]'))
    heads = table.locator("thead tr").last.locator("th").all_inner_texts()
    said = table.locator("tbody tr").first.locator("td").evaluate_all("found => found.map(td => td.dataset.heading)")
    assert said == heads and len(heads) > 3
    wide = ".scroll *, .missing *"
    beyond = "found => found.filter(one => one.getBoundingClientRect().right > innerWidth).map(one => one.textContent)"
    for name in pages_of(sample_report):
        tab.goto((sample_report / name).as_uri())
        assert tab.locator(wide).evaluate_all(beyond) == [], name
    tab.close()


def test_without_script_the_first_rows_stand_there(browser, sample_report):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((sample_report / "00_summary.html").as_uri())
    table = tab.locator(".scroll", has=tab.locator('a[href="tables/accounts.csv"]'))
    assert len(first_column(table)) == 20 and tab.locator(".tools, th button").count() == 0
    context.close()


@pytest.mark.parametrize(
    ("scheme", "width"), [("light", "desk"), ("light", "phone"), ("dark", "desk"), ("dark", "phone")]
)
def test_nothing_keeps_a_reader_out(browser, sample_report, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    tab = browser.new_page(color_scheme=scheme, viewport={"width": WIDTHS[width], "height": 900})
    for name in pages_of(sample_report):
        tab.goto((sample_report / name).as_uri())
        tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        steps = tab.locator("h1, h2, h3, h4, h5, h6").evaluate_all("found => found.map(h => Number(h.tagName[1]))")
        assert steps[0] == 1 and all(below - above <= 1 for above, below in pairwise(steps)), name
        assert tab.locator("svg:not(:has(> title))").count() == 0, name
        found = Axe().run(tab).response["violations"]
        assert [(one["id"], one["impact"], one["nodes"][0]["html"][:120]) for one in found] == [], name
    tab.close()


def test_the_report_is_light_enough_to_be_sent(sample_report):
    sizes = {path: path.stat().st_size for path in sample_report.rglob("*") if path.is_file()}
    assert sum(sizes.values()) <= 3_000_000, sorted(sizes.items(), key=lambda one: -one[1])[:10]


def test_no_picture_lacked_a_glyph(sample_workspace, sample_report):
    log = sample_workspace / "data" / "sample" / "run.log"
    assert not log.exists() or "missing from" not in log.read_text(encoding="utf-8")
