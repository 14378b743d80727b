"""The page of a workspace: every client with its latest report, the runs before, and how the headline numbers moved."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mcrlib.show.publish.disk import machine_failures, remove
from mcrlib.show.publish.release import latest
from mcrlib.show.publish.render import templates
from mcrlib.show.words.catalogue import Words, mark

HEADLINES = {
    "harvest": mark("Harvest, 12 months"),
    "soil": mark("Soil value"),
    "share": mark("S and A share of harvest"),
}


@dataclass(frozen=True)
class PastRun:
    """One published run: its folder, date, what is to be said of it, and its headline numbers."""

    folder: str
    as_of: str
    partial: bool
    warnings: int
    numbers: dict[str, float]


def write_index(reports: Path, language: str) -> Path | None:
    """Write ``reports/index.html`` anew, in one step; clients that were ever pseudonymised are left out.

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
    page, say = reports / "index.html", Words(language)
    clients = [_client(home, runs, say) for home in sorted(_homes(reports)) if (runs := runs_of(home))]
    with machine_failures():
        if not clients:
            remove(page)
            return None
        text = (
            templates()
            .get_template("workspace.html.j2")
            .render(clients=clients, heads=[say(head) for head in HEADLINES.values()], language=language, t=say.text)
        )
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
                folder.name, manifest["as_of"], partial, len(manifest["warnings"]), _numbers(folder)
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
    accounts = pd.read_csv(table, usecols=["tier", "harvest", "soil_value"])
    harvest, top = accounts["harvest"].sum(), accounts["tier"].isin(["S", "A"])
    return {
        "harvest": float(harvest),
        "soil": float(accounts["soil_value"].sum()),
        "share": float(accounts.loc[top, "harvest"].sum() / harvest) if harvest else float("nan"),
    }


def _client(home: Path, runs: Sequence[PastRun], say: Words) -> dict[str, Any]:
    """What the page says of a client; its first cell leads to the run that ``latest`` points to."""
    current = latest(home)
    last = next((run for run in runs if current is not None and run.folder == current.name), runs[-1])
    return {
        "name": home.name,
        "link": f"{home.name}/{last.folder}/index.html",
        "as_of": _date(last, say),
        "status": _status(last, say),
        "numbers": [_headline(name, [run for run in runs if name in run.numbers], say) for name in HEADLINES],
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


def _headline(name: str, runs: Sequence[PastRun], say: Words) -> dict[str, str]:
    """A number, its change since the run before, and its line over all runs."""
    values = [run.numbers[name] for run in runs]
    write = say.percent if name == "share" else say.money
    now = write(values[-1]) if values else write(None)
    if len(values) < 2 or not values[-2]:
        return {"now": now, "change": "", "line": "", "alt": ""}
    step = values[-1] - values[-2] if name == "share" else values[-1] / values[-2] - 1
    sign = "+" if step >= 0 else "−"
    alt = say("{name}: from {first} to {now}", name=say(HEADLINES[name]), first=write(values[0]), now=now)
    return {"now": now, "change": f"{sign}{say.percent(abs(step))}", "line": _line(values), "alt": alt}


def _line(values: Sequence[float]) -> str:
    """A small line as a picture inside the page."""
    known = pd.Series(values).ffill().bfill()
    low, high = known.min(), known.max()
    heights = 16 - 13 * (known - low) / (high - low) if high > low else known * 0 + 9
    points = " ".join(f"{2 + 76 * i / (len(known) - 1):.1f},{y:.1f}" for i, y in enumerate(heights))
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 18" width="80" height="18">'
        f'<polyline points="{points}" fill="none" stroke="#a8763e" stroke-width="2" stroke-linejoin="round"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
