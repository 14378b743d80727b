"""Hostile text in every field of every table: nothing runs, nothing is asked for, and the pages still read well."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from clients import mcr

from mcrlib import schema
from mcrlib.run import Run

NAUGHTY = Path(__file__).parents[3] / "shared" / "data" / "naughty_strings" / "blns.json"
OWN = (
    "<script>mcrhit()</script>",
    "<img src=x onerror=mcrhit()>",
    "'\"><svg/onload=mcrhit()>",
    "</style></title></textarea><script>mcrhit()</script>",
    '<a href="javascript:mcrhit()">click</a>',
    "[click](javascript:mcrhit())",
    "![seen](http://evil.example/pixel.png)",
    '<img src="http://evil.example/pixel.png">',
    "<style>@import url(http://evil.example/x.css); body { display: none }</style>",
    "# A heading of their own",
    "`code` **bold** | cell | $x_{2}$ $\\frac{1}{$",
    "{{ 7 * 7 }} {0.__class__} {name} %s %(x)s ${HOME} {",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "<!-- <h1>",
    "]]></main></body>",
    "‮lasrever‬ ​zero​width",
    "W" * 400,
    "北京喆堃有限公司",
    "O'Neil & Söhne <GmbH>",
)
N, END = 24, dt.date(2024, 12, 31)
KEYS = {table.key: table.name for table in schema.tables().values()}
_FORMULA = re.compile(r"[=+\-@＝＋－＠\t\r\n]")
LANGUAGES = ("en", "zh-CN", "zh-TW")


def strings() -> list[str]:
    known = json.loads(NAUGHTY.read_text(encoding="utf-8")) if NAUGHTY.exists() else []
    return [*OWN, *(text for text in known if text and "\0" not in text and text.isprintable())]


def write_hostile_client(workspace: Path) -> None:
    """Every table of the dictionary with a few rows, every text a hostile one, every other field what it should be."""
    raw = workspace / "data" / "hostile" / "raw"
    raw.mkdir(parents=True)
    texts, turn = strings(), count()
    for table in schema.tables().values():
        rows = 6 * N if table.name == "orders" else N
        with (raw / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(table.columns)
            for row in range(rows):
                writer.writerow([cell(table, column, row, texts, turn) for column in table.columns.values()])
    overrides = [{"account": "accounts1", "tier": "S", "reason": OWN[0], "by": OWN[1], "until": "2030-01-01"}]
    settings = workspace / "data" / "hostile" / "client.yaml"
    settings.write_text(json.dumps({"overrides": overrides, "currency": "EUR"}), encoding="utf-8")


def cell(table: schema.Table, column: schema.Column, row: int, texts: list[str], turn: Iterator[int]) -> object:
    if column.name == table.key:
        return f"{table.name}{row}"
    if column.name in KEYS:
        return f"{KEYS[column.name]}{row % N}"
    plain: dict[str, object] = {
        "id": "" if "merged" in column.name else f"accounts{row % N}",
        "date": END - dt.timedelta(days=row * 9 % 1000),
        "money": 1000 + 37 * (row % 11) ** 2,
        "number": row % 11,
        "ratio": 0.5,
        "int": row % 5 + 1,
        "bool": "false",
    }
    if column.kind == "enum" and (column.required or row % 3):
        return column.values[0 if table.name in ("accounts", "orders") else row % len(column.values)]
    if "currency" in column.name:
        return "EUR"
    return plain[column.kind] if column.kind in plain else texts[next(turn) % len(texts)]


@pytest.fixture(scope="module", params=LANGUAGES)
def report(request, tmp_path_factory) -> Path:
    workspace = tmp_path_factory.mktemp("hostile")
    write_hostile_client(workspace)
    done = mcr("run", "hostile", "--workspace", workspace, "--language", request.param)
    assert (done.returncode, done.stderr[-400:]) == (0, "")
    return workspace / "reports" / "hostile" / "latest"


def test_nothing_runs_and_nothing_is_asked_for(browser: Any, report: Path) -> None:
    fired: list[str] = []
    for width in (1280, 390):
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_init_script("window.mcrhit = () => console.error('hit')")
        tab = context.new_page()
        tab.on("console", lambda message: fired.append(message.text))
        tab.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
        tab.on("request", lambda asked: fired.append(asked.url) if not re.match("file:|data:", asked.url) else None)
        for page in sorted(report.glob("*.html")):
            tab.goto(page.as_uri())
            tab.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), (page.name, width)
            assert tab.locator("h1").count() == 1 and tab.locator("footer").count() == 1, page.name
            assert tab.locator("script:not([data-find]), iframe, object, svg, form").count() == 0, page.name
            assert all(tab.locator("img").evaluate_all("found => found.map(one => one.naturalWidth)")), page.name
        context.close()
    assert fired == []


def test_the_names_stand_there_letter_by_letter(browser: Any, report: Path) -> None:
    tab = browser.new_page()
    tab.goto((report / "index.html").as_uri())
    names = [" ".join(name.split()) for name in tab.locator("tbody td:first-child").all_inner_texts()]
    with (report / "tables" / "accounts.csv").open(encoding="utf-8", newline="") as file:
        known = {" ".join(row["account_name"].removeprefix("'").split()) for row in csv.DictReader(file)}
    assert len(names) >= 15 and len(set(names) & known) >= 0.8 * len(set(names))
    tab.close()


def test_no_cell_of_a_table_is_a_formula(report: Path) -> None:
    for path in (report / "tables").glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        risky = [one for one in cells if _FORMULA.match(one) and not re.fullmatch(r"-[\d.e+-]+", one)]
        assert risky == [], path.name


def test_every_table_was_read(report: Path) -> None:
    tables = json.loads((report / "run.json").read_text(encoding="utf-8"))["tables"]
    assert set(tables) == set(schema.tables())
    assert Run.open("hostile", workspace=report.parents[2]).clean.is_dir()
