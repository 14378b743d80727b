"""Run the notebooks of a report, each as soon as the frames it needs are there."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal

from mcrlib.errors import McrError, UsageError
from mcrlib.notebooks import Notebook
from mcrlib.show.publish.kernels import Kernels, told_to_stop
from mcrlib.show.publish.parameters import fit_parameters
from mcrlib.show.publish.seedbed import seedbed

if TYPE_CHECKING:
    from nbformat import NotebookNode

_LOGGERS = ("papermill", "traitlets", "py.warnings", "asyncio")

Status = Literal["ok", "missing", "failed"]


@dataclass(frozen=True)
class Chapter:
    """One executed notebook.

    Parameters
    ----------
    name, title : str
        Name of the notebook; its first heading.
    status : str
        ``ok``; ``missing`` where an exhibit says that the export lacks data; ``failed``.
    seconds : float
        Wall time.
    missing : list
        What the export lacks, as the exhibits say it.
    so_what : list of str
        The sentences a busy person repeats.
    notebook : NotebookNode, optional
        The executed notebook; None where it failed.
    """

    name: str
    title: str
    status: Status
    seconds: float
    missing: list[Any] = field(default_factory=list)
    so_what: list[str] = field(default_factory=list)
    notebook: NotebookNode | None = None

    def as_dict(self) -> dict[str, Any]:
        """The chapter as it stands in ``run.json``."""
        return {"name": self.name, "status": self.status, "seconds": round(self.seconds, 1), "missing": self.missing}


Tell = Callable[[str, Chapter | None], None]


def execute(
    notebooks: dict[str, Notebook],
    parameters: dict[str, Any],
    folder: Path,
    *,
    log: Path,
    jobs: int = 2,
    timeout: int | None = None,
    tell: Tell = lambda name, chapter: None,
) -> list[Chapter]:
    """Run all notebooks and return one chapter for each, in the order given.

    Parameters
    ----------
    notebooks : dict
        By name; what each needs and makes stands in its metadata.
    parameters : dict
        Each notebook gets those that it declares.
    folder : Path
        Where the executed notebooks are written.
    log : Path
        File that takes warnings and full tracebacks.
    jobs : int
        Notebooks that run at the same time.
    timeout : int, optional
        Seconds a single cell may take.
    tell : callable
        Called with (name, None) when a notebook starts and with (name, chapter) when it ends.

    Raises
    ------
    UsageError
        Unknown or ill-typed parameters; notebooks that need each other.
    Refused, UsageError, EnvironmentFailed
        As raised inside a notebook, with its sentence.
    NotebookFailed
        Any other error, a dead kernel, a time-out, a cell that did not run.
    """
    fitted = fit_parameters(notebooks, parameters)
    folder.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with (
        told_to_stop(),
        _logging_to(log) as stream,
        seedbed(notebooks.values()) as warm,
        Kernels(stream, warm) as kernels,
    ):
        worker = _Worker(folder, kernels, timeout, tell)
        chapters = _in_order(notebooks, lambda name: worker.run(notebooks[name], fitted[name]), jobs, kernels)
    return [chapters[name] for name in notebooks]


def _in_order(
    notebooks: dict[str, Notebook], run: Callable[[str], Chapter], jobs: int, kernels: Kernels
) -> dict[str, Chapter]:
    """Start each notebook when all that make what it needs are done; the first failure ends all."""
    chapters: dict[str, Chapter] = {}
    running: dict[Future[Chapter], str] = {}
    waiting = list(notebooks)
    with ThreadPoolExecutor(jobs) as pool:
        try:
            while waiting or running:
                for name in _ready(notebooks, waiting, set(running.values()))[: jobs - len(running)]:
                    waiting.remove(name)
                    running[pool.submit(run, name)] = name
                if not running:
                    raise UsageError(f"these notebooks need each other's frames: {', '.join(waiting)}")
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    chapters[running.pop(future)] = future.result()
        except BaseException:
            kernels.close()
            raise
    return chapters


def _ready(notebooks: dict[str, Notebook], waiting: list[str], running: set[str]) -> list[str]:
    """The waiting notebooks whose frames no other waiting or running notebook has still to make."""
    makers = {name: set(notebooks[name].makes) for name in {*waiting, *running}}
    return [
        name
        for name in waiting
        if not any(
            {*notebooks[name].needs, *notebooks[name].uses} & made for maker, made in makers.items() if maker != name
        )
    ]


@dataclass(frozen=True)
class _Worker:
    folder: Path
    kernels: Kernels
    timeout: int | None
    tell: Tell

    def run(self, notebook: Notebook, parameters: dict[str, Any]) -> Chapter:
        self.tell(notebook.name, None)
        start = time.perf_counter()
        try:
            executed = self._walked(notebook, parameters)
        except McrError:
            if not self.kernels.closed:
                failed = Chapter(notebook.name, notebook.name, "failed", time.perf_counter() - start)
                self.tell(notebook.name, failed)
            raise
        chapter = _told(notebook.name, executed, time.perf_counter() - start)
        self.tell(notebook.name, chapter)
        return chapter

    def _walked(self, notebook: Notebook, parameters: dict[str, Any]) -> NotebookNode:
        # Where JupyterLab is installed, jsonschema would build grammars for seconds, for addresses no notebook holds.
        sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
        from mcrlib.show.publish.walk import walk  # slow to import: meanwhile the seedbed warms up

        kernel = self.kernels.manager(notebook)
        return walk(notebook, parameters, self.folder / notebook.path.name, kernel=kernel, timeout=self.timeout)


def _told(name: str, executed: NotebookNode, seconds: float) -> Chapter:
    from mcrlib.show.publish.page import missing_of, so_what_of, title_of

    missing = missing_of(executed)
    return Chapter(
        name=name,
        title=title_of(executed) or name,
        status="missing" if missing else "ok",
        seconds=seconds,
        missing=missing,
        so_what=so_what_of(executed),
        notebook=executed,
    )


@contextmanager
def _logging_to(path: Path) -> Iterator[IO[str]]:
    """Send what the libraries log and warn about to the run's log instead of the terminal."""
    with path.open("a", encoding="utf-8", errors="replace") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        loggers = [logging.getLogger(name) for name in _LOGGERS]
        for logger in loggers:
            logger.addHandler(handler)
        logging.captureWarnings(True)
        try:
            yield stream
        finally:
            logging.captureWarnings(False)
            for logger in loggers:
                logger.removeHandler(handler)
