"""Hand a published report over to its readers: a copy in one step, with nothing in it that is not meant for them."""

from __future__ import annotations

import os
import re
import shutil
from html import unescape
from pathlib import Path

from mcrlib.errors import UsageError
from mcrlib.show.publish.disk import fresh, machine_failures, remove, replace_folder
from mcrlib.show.publish.release import latest

#: What readers get: pages, tables and the PDF; ``run.json`` tells of inputs and machines and stays here.
_FOR_READERS = ("*.html", "*.pdf", "tables/*.csv", "tables/*.xlsx")
_WHOSE = re.compile(r'<meta name="mcr-client" content="([^"]*)">')


def hand_over(home: Path, target: Path) -> Path:
    """Copy the latest report to a folder of its own; readers see the old report or the new one, never a part.

    Parameters
    ----------
    home : Path
        ``reports/<client>``.
    target : Path
        Where the report shall stand: new, empty, or an earlier report of the same client.

    Raises
    ------
    UsageError
        Nothing is published yet, or the target holds something else.
    EnvironmentFailed
        Disk or rights.
    """
    report, target = latest(home), target.absolute()
    if report is None:
        raise UsageError(f"there is no published report of '{home.name}': run mcr run {home.name} first")
    if home.absolute() in (target, *target.parents):
        raise UsageError(f"--to {target}: that is the workspace's own place of reports: name another folder")
    _check_free(target, home.name)
    with machine_failures():
        made = fresh(target.with_name(f".{target.name}.{os.getpid()}.part"))
        try:
            for path in (path for pattern in _FOR_READERS for path in sorted(report.glob(pattern))):
                copy = made / path.relative_to(report)
                copy.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, copy)
            replace_folder(made, target)
        finally:
            remove(made)
    return target


def _check_free(target: Path, client: str) -> None:
    """Refuse to replace what is not an earlier report of this client."""
    if not target.exists() or (target.is_dir() and not any(target.iterdir())):
        return
    index = target / "index.html"
    found = _WHOSE.search(index.read_text(encoding="utf-8", errors="replace")) if index.is_file() else None
    if found is None:
        raise UsageError(f"--to {target}: there is something that is no report of mcr: name a new or empty folder")
    if unescape(found[1]) != client:
        raise UsageError(f"--to {target}: there is the report of '{unescape(found[1])}': name another folder")
