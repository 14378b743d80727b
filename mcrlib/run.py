"""One run of one client: its settings, its as-of date, and the folders where notebooks hand frames to each other."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcrlib.errors import Complaint, Refused, UsageError
from mcrlib.notebooks import find_notebooks
from mcrlib.settings import Settings, read_settings

if TYPE_CHECKING:  # half a second that no one waits for who only asks what the commands are
    import pandas as pd

#: A text that a spreadsheet would take for a formula.
_FORMULA = re.compile(r"^[=+\-@＝＋－＠\t\r\n]")
_RESERVED = {"con", "prn", "aux", "nul", "examples"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}


def client_name(name: str) -> str:
    """The client's name if it is safe as a folder name: letters of any script, digits, - and _, up to 64."""
    name = unicodedata.normalize("NFC", name)
    if name.casefold() in _RESERVED:
        raise UsageError(f"client name {name!r} is not allowed: the system or the kit reserves it, choose another one")
    if not re.fullmatch(r"[^\W_][\w-]{0,63}", name):
        raise UsageError(
            f"client name {name!r} is not allowed: use up to 64 letters, digits, - and _, not starting with - or _"
        )
    return name


@dataclass(frozen=True)
class Run:
    """What every notebook starts from.

    Parameters
    ----------
    client : str
        Name of the client's folder.
    workspace : Path
        Folder that holds ``data/`` and ``reports/``.
    settings : Settings
        From client.yaml.
    as_of : date, optional
        The date the run stands at; nothing later is seen. None until the exports are read.
    language : str
        Language of the pages.
    input, config : Path
        Folder of the exports; the client.yaml.
    """

    client: str
    workspace: Path
    settings: Settings
    as_of: dt.date | None
    language: str
    input: Path
    config: Path

    @classmethod
    def open(
        cls, client: str, as_of: str | None = None, workspace: str | Path = ".", language: str | None = None
    ) -> Run:
        """Open the client's run: as the driver prepared it, else the last one, else a new one with the defaults."""
        data = Path(workspace) / "data" / client_name(client)
        state = _read_json(data / "work" / "run.json")
        config = Path(state.get("config") or data / "client.yaml")
        settings = read_settings(config)
        date = as_of or state.get("as_of")
        return cls(
            client=client,
            workspace=Path(workspace),
            settings=settings,
            as_of=dt.date.fromisoformat(date) if date else None,
            language=language or state.get("language") or settings.language,
            input=Path(state.get("input") or data / "raw"),
            config=config,
        )

    @property
    def data(self) -> Path:
        """Folder of everything of this client that is no report."""
        return self.workspace / "data" / self.client

    @property
    def work(self) -> Path:
        """Folder where notebooks hand frames to each other."""
        return self.data / "work"

    @property
    def clean(self) -> Path:
        """Folder of the clean tables."""
        return self.data / "clean"

    @property
    def date(self) -> dt.date:
        """The as-of date, once the exports are read."""
        if self.as_of is None:
            raise Refused(
                f"the exports of '{self.client}' are not read yet: run the notebook 01_clean_the_exports first"
            )
        return self.as_of

    def settle(self, as_of: dt.date, **facts: Any) -> Run:
        """Write down what reading the exports settled, and return the run that stands at that date."""
        state = {
            "as_of": as_of.isoformat(),
            "language": self.language,
            "input": str(self.input),
            "config": str(self.config),
        }
        _write_json(self.work / "run.json", _read_json(self.work / "run.json") | state | facts)
        return replace(self, as_of=as_of)

    def fact(self, name: str) -> Any:
        """What ``settle`` wrote down under this name."""
        return _read_json(self.work / "run.json").get(name)

    def save(self, name: str, frame: pd.DataFrame) -> None:
        """Hand a frame on to later notebooks."""
        self.work.mkdir(parents=True, exist_ok=True)
        _replace_with(self.work / f"{name}.parquet", frame.to_parquet)

    def has(self, name: str) -> bool:
        """Whether an earlier notebook handed this frame on."""
        return (self.work / f"{name}.parquet").exists()

    def load(self, name: str) -> pd.DataFrame:
        """Take a frame that an earlier notebook handed on."""
        path = self.work / f"{name}.parquet"
        if not path.exists():
            makers = [n.name for n in find_notebooks(self.data / "notebooks").values() if name in n.makes]
            hint = f"run the notebook {makers[0]} first" if makers else "no notebook makes it"
            raise Refused(f"'{name}' of client '{self.client}' is not there: {hint}")
        import pandas as pd

        return pd.read_parquet(path)

    def keep(self, name: str, facts: dict[str, Any]) -> None:
        """Keep a fitted model, as plain numbers and words, in the history of a published run: ``<name>.json``."""
        _write_json(self.work / "kept" / f"{name}.json", facts)

    def table(self, name: str, frame: pd.DataFrame) -> None:
        """Publish a frame as ``tables/<name>.csv`` of the report."""
        write_csv(frame, self.work / "tables" / f"{name}.csv")

    def warn(self, complaint: Complaint) -> None:
        """Put a warning on the report's pages and into run.json."""
        text = json.dumps(complaint.as_dict(), ensure_ascii=False, sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        _write_json(self.work / "warnings" / f"{name}.json", complaint.as_dict())

    def warnings(self) -> list[Complaint]:
        """All warnings of this run, in a fixed order."""
        found = [Complaint(**_read_json(path)) for path in (self.work / "warnings").glob("*.json")]
        return sorted(found, key=lambda c: (c.code, c.file, c.column, c.row or 0, c.message))


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV in which a spreadsheet runs nothing: text that looks like a formula gets a leading quote."""
    from pandas.api.types import is_numeric_dtype

    safe = frame.copy()
    for column in safe.columns[[not is_numeric_dtype(t) for t in safe.dtypes]]:
        safe[column] = safe[column].map(_formula_safe, na_action="ignore")
    safe.columns = [_formula_safe(name) for name in safe.columns]
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace_with(path, lambda target: safe.to_csv(target, index=False, lineterminator="\n", float_format=_number))


def _number(value: Any) -> str:
    """Twelve digits, for more are noise; fifteen from a billion on: trillions keep their cents; no -0, no infinity."""
    if abs(value) == float("inf"):
        return ""
    return f"{value + 0.0:.12g}" if abs(value) < 1e9 else f"{value:.15g}"


def _formula_safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def hash_files(paths: Iterable[Path]) -> str:
    """One hash over names and contents of files."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, indent=1, default=str)
    _replace_with(path, lambda target: Path(target).write_text(text, encoding="utf-8"))


def _replace_with(path: Path, write: Any) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    write(part)
    os.replace(part, path)
