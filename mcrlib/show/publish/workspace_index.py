"""The page of a workspace: every client with its latest report, the runs before, and how the headline numbers moved."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mcrlib.show.publish.disk import remove
from mcrlib.show.publish.holding import alone
from mcrlib.show.publish.release import latest
from mcrlib.show.publish.render import templates
from mcrlib.show.words.catalogue import UNKNOWN, Words, mark

#: The headline numbers: columns of ``tables/accounts.csv``, each summed over the accounts.
HEADLINES = {
    "harvest": mark("Harvest, 12 months"),
    "crop_value": mark("Crops, next 12 months"),
    "soil_value": mark("Soil value"),
}
#: Width and height of a line, and the room around it.
_WIDTH, _HEIGHT, _EDGE = 96, 24, 4


@dataclass(frozen=True)
class PastRun:
    """One published run: its folder, date, what is to be said of it, and its headline numbers in its currency."""

    folder: str
    as_of: str
    partial: bool
    warnings: int
    currency: str | None
    numbers: dict[str, float]


def write_index(reports: Path, language: str) -> Path | None:
    """Write ``reports/index.html`` anew, in one step; clients that were ever pseudonymised are left out.

    Runs of other clients that end at the same time wait for each other, so that the last one sees them all.

    Parameters
    ----------
    reports : Path
        Holds a folder per client.
    language : str
        Language of the page.

    Returns
    -------
    Path or None
        None where no client may be listed; an old page is then removed.
    """
    if not reports.is_dir():
        return None
    with alone(reports / ".index.lock"):
        return _write(reports, Words(language))


def _write(reports: Path, say: Words) -> Path | None:
    page = reports / "index.html"
    clients = [_client(home, runs, say) for home in sorted(_homes(reports)) if (runs := runs_of(home))]
    if not clients:
        remove(page)
        return None
    heads = [say(head) for head in HEADLINES.values()]
    template = templates().get_template("workspace.html.j2")
    text = template.render(clients=clients, heads=heads, language=say.language, t=say.text)
    part = page.with_name(f".index.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, page)
    return page


def runs_of(home: Path) -> list[PastRun]:
    """The published runs of a client, the newest date last and the newest run of a date only.

    Nothing where one of them was pseudonymised; a run that cannot be read is left out.
    """
    found: dict[str, PastRun] = {}
    for folder in sorted(home.glob("[0-9]*"), key=lambda path: path.stat().st_mtime_ns):
        try:
            manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            given = manifest["parameters"]
            if given.get("pseudonymise"):
                return []
            partial = bool(given.get("only") or given.get("notebook"))
            found[manifest["as_of"]] = PastRun(
                folder.name,
                manifest["as_of"],
                partial,
                len(manifest["warnings"]),
                given.get("currency"),
                _numbers(folder),
            )
        except (OSError, ValueError, KeyError):
            continue
    return [found[date] for date in sorted(found)]


def _homes(reports: Path) -> list[Path]:
    return [path for path in reports.glob("[!.]*") if path.is_dir()]


def _numbers(folder: Path) -> dict[str, float]:
    """The headline numbers of a run; none where it has no table of accounts."""
    table = folder / "tables" / "accounts.csv"
    if not table.exists():
        return {}
    accounts = pd.read_csv(table, usecols=list(HEADLINES))
    return {name: float(accounts[name].sum()) for name in HEADLINES}


def _client(home: Path, runs: Sequence[PastRun], say: Words) -> dict[str, Any]:
    """What the page says of a client; its first cell leads to the run that ``latest`` points to."""
    current = latest(home)
    last = next((run for run in runs if current is not None and run.folder == current.name), runs[-1])
    said = replace(say, currency=last.currency)
    alike = [run for run in runs if run.currency == last.currency and run.numbers]
    return {
        "name": home.name,
        "link": f"{home.name}/{last.folder}/index.html",
        "as_of": _date(last, say),
        "status": _status(last, say),
        "currency": last.currency or UNKNOWN,
        "numbers": [_headline(name, alike, said) for name in HEADLINES],
        "earlier": [
            {"link": f"{home.name}/{run.folder}/index.html", "as_of": _date(run, say), "status": _status(run, say)}
            for run in reversed(runs)
            if run is not last
        ],
    }


def _date(run: PastRun, say: Words) -> str:
    return say.date(pd.Timestamp(run.as_of))


def _status(run: PastRun, say: Words) -> str:
    kind = say("partial") if run.partial else say("whole")
    return say.names([kind, *([say.count("{n} warning", "{n} warnings", run.warnings)] if run.warnings else [])])


def _headline(name: str, runs: Sequence[PastRun], say: Words) -> dict[str, Any]:
    """A number, its change since the run before, and its line over all runs of the same currency."""
    values = [run.numbers[name] for run in runs]
    now = say.money(values[-1]) if values else say.money(None)
    if len(values) < 2:
        return {"now": now, "change": "", "line": ""}
    step = values[-1] / values[-2] - 1 if values[-2] > 0 else None
    change = "" if step is None else f"{'+' if step >= 0 else '−'}{say.percent(abs(step))}"
    span = {"first": say.money(values[0]), "then": _date(runs[0], say), "now": now}
    alt = say("{name}: from {first} on {then} to {now}", name=say(HEADLINES[name]), **span)
    points = _points(values)
    return {"now": now, "change": change, "line": " ".join(points), "last": points[-1].split(","), "alt": alt}


def _points(values: Sequence[float]) -> list[str]:
    """Where the values stand in the small picture."""
    low, high = min(values), max(values)
    across, up = (_WIDTH - 2 * _EDGE) / (len(values) - 1), (_HEIGHT - 2 * _EDGE) / ((high - low) or 1)
    level = (_HEIGHT / 2 - _EDGE) if high == low else 0
    heights = [_HEIGHT - _EDGE - level - (value - low) * up for value in values]
    return [f"{_EDGE + number * across:.1f},{y:.1f}" for number, y in enumerate(heights)]
