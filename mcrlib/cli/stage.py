"""Prepare a staging workspace: the notebooks find there what the command was told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import yaml

from mcrlib.errors import Refused, UsageError
from mcrlib.read.pseudonyms import hide_settings, read_key, token
from mcrlib.run import Run
from mcrlib.settings import read_settings


def prepare(staging: Path, client: str, **facts: Any) -> Run:
    """Write what the command was told (input, config, as_of, language) where ``Run.open`` finds it."""
    work = staging / "data" / client / "work"
    work.mkdir(parents=True, exist_ok=True)
    state = work / "run.json"
    known = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    known |= {name: str(fact) for name, fact in facts.items() if fact is not None}
    state.write_text(json.dumps(known), encoding="utf-8")
    return Run.open(client, workspace=staging)


def carry_over(workspace: Path, staging: Path, client: str, key_file: Path | None) -> None:
    """Give a staging workspace the clean tables and frames of the last run, if the same key hid them."""
    home = workspace / "data" / client
    if not all((home / folder).is_dir() for folder in ("clean", "work")):
        raise Refused(f"client '{client}' has no last run whose frames --notebook could use: run it whole first")
    if Run.open(client, workspace=workspace).fact("key_mark") != key_mark(key_file):
        raise UsageError(
            "--notebook uses the frames of the last run, which had another --key-file or none: "
            "give the same one, or run the client whole first"
        )
    for folder in ("clean", "work"):
        shutil.copytree(home / folder, staging / "data" / client / folder, ignore=shutil.ignore_patterns("tables"))


def finish(run: Run, config: Path) -> None:
    """Let the state of a run, which later runs find, name the client's own settings and no key."""
    state = run.work / "run.json"
    known = json.loads(state.read_text(encoding="utf-8")) | {"config": str(config)}
    known = {name: fact for name, fact in known.items() if name not in ("key_file", "history")}
    state.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")


def key_mark(key_file: Path | None) -> str | None:
    """What tells two keys apart and gives away neither."""
    return token(read_key(key_file), "") if key_file else None


def history_of(home: Path, key_file: Path | None) -> Path:
    """Where earlier runs left what they saw; each key has a history of its own, for its ids join with no other."""
    mark = key_mark(key_file)
    return (home / (f"history-{mark}" if mark else "history")).absolute()


def staged_settings(config: Path, staging: Path, key_file: Path | None) -> Path:
    """The client's settings; in a pseudonymised run a copy in which people and accounts are pseudonyms too."""
    if key_file is None:
        return config
    hidden = hide_settings(read_settings(config), read_key(key_file))
    target = staging / "client.yaml"
    text = yaml.safe_dump(hidden.model_dump(mode="json", exclude_unset=True), allow_unicode=True)
    target.write_text(text, encoding="utf-8")
    return target
