"""Walk through one notebook with papermill, and say in one sentence why it stopped."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from mcrlib.errors import EnvironmentFailed, McrError, NotebookFailed, Refused, UsageError, one_line
from mcrlib.notebooks import Notebook
from mcrlib.show.publish.kernels import Kernel

_SAID_IN_NOTEBOOK: dict[str, type[McrError]] = {
    "Refused": Refused,
    "UsageError": UsageError,
    "EnvironmentFailed": EnvironmentFailed,
}
_MACHINE = re.compile(
    r"No space left on device|Disk quota exceeded|Read-only file system|Permission denied|Cannot allocate"
)
_ANSI = re.compile(r"\x1b\[[0-9;]*m")


def walk(
    notebook: Notebook, parameters: dict[str, Any], target: Path, *, kernel: type[Kernel], timeout: int | None
) -> NotebookNode:
    """Run a notebook from its first cell to its last, write it to ``target`` and return it.

    Parameters
    ----------
    notebook : Notebook
        What to run; it is left as it is.
    parameters : dict
        Those that it declares.
    target : Path
        File of the executed notebook.
    kernel : type of Kernel
        What its process is made of.
    timeout : int, optional
        Seconds a single cell may take.

    Raises
    ------
    Refused, UsageError, EnvironmentFailed
        As raised inside the notebook, with its sentence; the last one also where no process could be started.
    NotebookFailed
        Any other error, a dead process, a time-out, a cell that did not run.
    """
    last: list[NotebookNode] = []
    try:
        executed = papermill.execute_notebook(
            _literal_path(notebook.path),
            _literal_path(target),
            parameters,
            request_save_on_cell_execute=False,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            start_timeout=180,
            execution_timeout=timeout,
            iopub_timeout=60,
            resources={"metadata": {"path": str(notebook.path.parent.absolute())}},
            kernel_manager_class=kernel,
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
