"""Publish a report so that a reader never sees half of one: build aside, rename, then point ``latest`` to it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from mcrlib.show.publish.disk import flush, fresh, machine_failures, remove, replace_folder
from mcrlib.show.publish.holding import DRAFT, GONE, hold

__all__ = ["MANIFEST", "draft", "hold", "latest", "publish", "replace_folder", "run_id", "write_manifest"]

#: The keys of run.json, in order.
MANIFEST = ("client", "as_of", "version", "parameters", "inputs", "tables", "warnings", "chapters", "outputs")
_RUN_ID = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}")
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES}


def run_id(as_of: object, shaping: Mapping[str, Any]) -> str:
    """The name of a run: its as-of date and a hash of all that shapes what it publishes.

    Parameters
    ----------
    as_of : date or str
        ISO.
    shaping : mapping
        Inputs, settings, options, notebooks, earlier history, version; in any order.
    """
    text = json.dumps(shaping, sort_keys=True, ensure_ascii=False, default=str)
    return f"{as_of}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


@contextmanager
def draft(home: Path) -> Iterator[Path]:
    """An empty folder to build a report in, beside where it will stand; gone afterwards unless it was published.

    Parameters
    ----------
    home : Path
        ``reports/<client>``.
    """
    with machine_failures():
        folder = fresh(home / f"{DRAFT}{os.getpid()}")
        try:
            yield folder
        finally:
            remove(folder)


def write_manifest(folder: Path, facts: Mapping[str, Any]) -> Path:
    """Write ``run.json`` of a built report: the facts given, and the hash of every file in the folder.

    Parameters
    ----------
    folder : Path
        The built report.
    facts : mapping
        All keys of ``MANIFEST`` except ``outputs``.
    """
    outputs = [
        {"file": path.relative_to(folder).as_posix(), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "run.json"
    ]
    known = {**facts, "outputs": outputs}
    if set(known) != set(MANIFEST):
        raise ValueError(f"run.json has exactly the keys {', '.join(MANIFEST)}, not {', '.join(known)}")
    path = folder / "run.json"
    text = json.dumps({key: known[key] for key in MANIFEST}, ensure_ascii=False, indent=1, default=str)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")
    return path


def publish(folder: Path, home: Path, name: str, *, keep: int = 24) -> Path:
    """Publish a built report as ``home/name``, point ``latest`` to it, and let go of the oldest.

    A name that is already published is not written again: the built report is thrown away and ``latest`` points to
    the one that is there.

    Parameters
    ----------
    folder : Path
        The draft; on the same file system as ``home``.
    home : Path
        ``reports/<client>``.
    name : str
        The run id.
    keep : int
        Published runs to keep, the newest one among them.

    Returns
    -------
    Path
        The published folder.

    Raises
    ------
    EnvironmentFailed
        Disk or rights; the report that was there before is still the latest.
    """
    target = home / name
    with machine_failures():
        mine = not target.exists()
        if mine:
            flush(folder)
            os.rename(folder, target)
        try:
            _point(home, name)
        except OSError:
            if mine:
                os.rename(target, folder)
            raise
    with suppress(OSError):
        _let_go(home, target, keep)
    return target


def latest(home: Path) -> Path | None:
    """The newest good run of a client, or None where nothing is published yet."""
    link, page = home / "latest", home / "latest.html"
    if link.is_symlink() and link.exists():
        return home / os.readlink(link)
    found = re.search(r'url=([\w-]+)/index\.html"', page.read_text(encoding="utf-8")) if page.exists() else None
    return home / found[1] if found and (home / found[1]).is_dir() else None


def _point(home: Path, name: str) -> None:
    """Point ``latest`` to a run in one step: a link, or a page that leads there where links cannot be made."""
    new = home / f"{DRAFT}latest"
    remove(new)
    try:
        os.symlink(name, new, target_is_directory=True)
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise
        new.write_text(f'<meta http-equiv="refresh" content="0; url={name}/index.html">\n', encoding="utf-8")
        os.replace(new, home / "latest.html")
        return
    try:
        os.replace(new, home / "latest")
    except OSError:
        remove(new)
        raise


def _let_go(home: Path, current: Path, keep: int) -> None:
    """Remove the oldest published runs, never the one that ``latest`` points to."""
    runs = [path for path in home.iterdir() if _RUN_ID.fullmatch(path.name) and path != current]
    for path in sorted(runs, key=lambda run: (run.stat().st_mtime_ns, run.name))[: max(0, len(runs) - keep + 1)]:
        gone = path.with_name(f"{GONE}{path.name}")
        os.rename(path, gone)
        remove(gone)
