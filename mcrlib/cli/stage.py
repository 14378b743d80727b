"""A private workspace in which a command works before anything of the client is touched."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mcrlib.run import Run
from mcrlib.settings import read_settings


@contextmanager
def stage(client: str, workspace: Path, config: Path, source: Path | None, facts: dict[str, Any]) -> Iterator[Run]:
    """A run in a folder of its own below the client's, gone when the command ends.

    ``facts`` (as_of, language …) are written where ``Run.open`` of the notebooks finds them.
    """
    home = workspace / "data" / client
    home.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".run-", dir=home))
    try:
        state = {
            "input": str((source or home / "raw").absolute()),
            "config": str(config),
            "language": facts.pop("language", None) or read_settings(config).language,
        }
        work = folder / "data" / client / "work"
        work.mkdir(parents=True)
        text = json.dumps(state | {name: fact for name, fact in facts.items() if fact is not None})
        (work / "run.json").write_text(text, encoding="utf-8")
        yield Run.open(client, workspace=folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
