"""Run the notebooks of a report, each as soon as the frames it needs are there."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from mcrlib.errors import EnvironmentFailed, McrError, NotebookFailed, Refused, UsageError, one_line
from mcrlib.notebooks import Notebook
from mcrlib.show.publish.kernels import Kernels, told_to_stop
from mcrlib.show.publish.page import missing_of, so_what_of, title_of
from mcrlib.show.publish.parameters import fit_parameters

_SAID_IN_NOTEBOOK: dict[str, type[McrError]] = {
    "Refused": Refused,
    "UsageError": UsageError,
    "EnvironmentFailed": EnvironmentFailed,
}
_MACHINE = re.compile(
    r"No space left on device|Disk quota exceeded|Read-only file system|Permission denied|Cannot allocate"
)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
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
    with told_to_stop(), _logging_to(log) as stream, Kernels(stream) as kernels:
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
        if not any(set(notebooks[name].needs) & made for maker, made in makers.items() if maker != name)
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
            executed = self._executed(notebook, parameters)
        except McrError:
            if not self.kernels.closed:
                failed = Chapter(notebook.name, notebook.name, "failed", time.perf_counter() - start)
                self.tell(notebook.name, failed)
            raise
        missing = missing_of(executed)
        chapter = Chapter(
            name=notebook.name,
            title=title_of(executed) or notebook.name,
            status="missing" if missing else "ok",
            seconds=time.perf_counter() - start,
            missing=missing,
            so_what=so_what_of(executed),
            notebook=executed,
        )
        self.tell(notebook.name, chapter)
        return chapter

    def _executed(self, notebook: Notebook, parameters: dict[str, Any]) -> NotebookNode:
        last: list[NotebookNode] = []
        try:
            executed = papermill.execute_notebook(
                _literal_path(notebook.path),
                _literal_path(self.folder / notebook.path.name),
                parameters,
                request_save_on_cell_execute=False,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                start_timeout=180,
                execution_timeout=self.timeout,
                iopub_timeout=60,
                resources={"metadata": {"path": str(notebook.path.parent.absolute())}},
                kernel_manager_class=self.kernels.manager,
                on_cell_start=lambda cell, cell_index: last.append(cell),
            )
            _all_ran(notebook.name, executed)
        except McrError:
            raise
        except Exception as error:
            logging.getLogger("papermill").error("%s stopped", notebook.name, exc_info=True)
            raise _in_one_line(notebook.name, error, last[-1] if last else None) from error
        return executed


def _in_one_line(name: str, error: Exception, cell: NotebookNode | None) -> McrError:
    """The error of a notebook as the kit's own kind: what the notebook said, or where and why it stopped."""
    if isinstance(error, PapermillExecutionError):
        if error.ename in _SAID_IN_NOTEBOOK:
            return _SAID_IN_NOTEBOOK[error.ename](error.evalue)
        if error.ename == "MemoryError" or _MACHINE.search(error.evalue):
            return EnvironmentFailed(f"{name}: {error.ename}: {_short(error.evalue)}")
        return NotebookFailed(f"{name}, {_cell(error.source)}: {error.ename}: {_short(error.evalue)}")
    where = f"{name}, {_cell(cell.source)}" if cell else name
    if isinstance(error, CellTimeoutError):
        return NotebookFailed(f"{where}: took longer than the time allowed for one cell (--timeout)")
    if isinstance(error, DeadKernelError):
        return NotebookFailed(f"{where}: its Python process died, often for want of memory")
    if isinstance(error, OSError | NoSuchKernel) or cell is None:
        return EnvironmentFailed(f"{name}: its Python process could not be started: {_short(str(error))}")
    return NotebookFailed(f"{where}: {type(error).__name__}: {_short(str(error))}")


def _all_ran(name: str, executed: NotebookNode) -> None:
    """Refuse a notebook that ended early without an error, as ``sys.exit(0)`` does."""
    for cell in executed.cells:
        if cell.cell_type == "code" and cell.source.strip():
            stopped = any(output.output_type == "error" for output in cell.outputs)
            if stopped or cell.execution_count is None:
                what = "left the notebook before its end" if stopped else "did not run"
                raise NotebookFailed(f"{name}, {_cell(cell.source)}: {what}")


def _cell(source: str) -> str:
    first = next((line for line in source.splitlines() if line.strip() and not line.startswith("#")), "")
    return f"cell '{_short(first, 60)}'"


def _short(text: str, length: int = 300) -> str:
    text = one_line(_ANSI.sub("", text))
    return text if len(text) <= length else text[: length - 1] + "…"


def _literal_path(path: Path) -> str:
    """The path as papermill leaves it alone: it takes braces for parameters and relative ``http:`` for an address."""
    return str(path.absolute()).replace("{", "{{").replace("}", "}}")


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
