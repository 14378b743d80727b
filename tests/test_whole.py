import shutil

import nbformat.v4 as v4
import pytest

from mcrlib.errors import Complaint, EnvironmentFailed
from mcrlib.show.publish import chromium
from mcrlib.show.publish.execute import Chapter
from mcrlib.show.publish.render import Facts
from mcrlib.show.publish.whole import print_report

FACTS = Facts("Acme", "31 Dec 2025", "0.1.0", "2025-12-31-a", warnings=[Complaint("x", "odd", "leads.csv")])


def chapters():
    cells = [v4.new_markdown_cell("# Who feeds us?"), v4.new_markdown_cell("## One\n\nSee [there](01_clean.html).")]
    return [Chapter("01_a", "Who feeds us?", "ok", 1.0, notebook=v4.new_notebook(cells=cells))]


def test_without_chromium_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(EnvironmentFailed, match="install Chromium, Chrome or Edge"):
        chromium.find_chromium()


def test_the_page_that_is_printed_names_no_folder_of_this_machine(tmp_path, monkeypatch):
    monkeypatch.setattr("mcrlib.show.publish.whole.print_page", lambda page, target: target.write_bytes(b""))
    print_report(chapters(), FACTS, tmp_path / "report.pdf", aside=tmp_path, as_of="2025-12-31")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Who feeds us?" in page and "leads.csv: odd" in page
    assert "href" not in page.split("</style>")[1] and "id=" not in page.split("</style>")[1]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium on this machine")
def test_equal_reports_are_printed_alike(tmp_path):
    made = [
        print_report(chapters(), FACTS, tmp_path / name, aside=tmp_path, as_of="2025-12-31").read_bytes()
        for name in ("one.pdf", "two.pdf")
    ]
    assert made[0].startswith(b"%PDF") and made[0] == made[1]
    assert b"D:20251231000000" in made[0] and str(tmp_path).encode() not in made[0]
