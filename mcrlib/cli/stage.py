"""Prepare a staging workspace: the notebooks find there what the command was told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from mcrlib.errors import Refused
from mcrlib.run import Run


def prepare(staging: Path, client: str, **facts: Any) -> Run:
    """Write what the command was told (input, config, as_of, language) where ``Run.open`` finds it."""
    work = staging / "data" / client / "work"
    work.mkdir(parents=True, exist_ok=True)
    state = work / "run.json"
    known = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    known |= {name: str(fact) for name, fact in facts.items() if fact is not None}
    state.write_text(json.dumps(known), encoding="utf-8")
    return Run.open(client, workspace=staging)


def carry_over(home: Path, staging: Path, client: str) -> None:
    """Give a staging workspace the clean tables and frames of the client's last run."""
    for folder in ("clean", "work"):
        if not (home / folder).is_dir():
            raise Refused(f"client '{client}' has no last run whose frames --notebook could use: run it whole first")
        shutil.copytree(home / folder, staging / "data" / client / folder)


def exports_of(home: Path, given: Path | None) -> Path:
    """The folder of the exports; one that is missing or empty is refused by name."""
    named = given or home / "raw"
    folder = named.absolute()
    if not folder.is_dir():
        raise Refused(f"{named}: there is no such input folder: put the exports there or name another with --input")
    if not any(path.is_file() for path in folder.rglob("*")):
        raise Refused(f"{named}: the input folder is empty: put the exports there")
    return folder
