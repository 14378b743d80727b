"""A warm process: it imports ahead what the chapters need, and every chapter's own process is forked from it.

Nothing of a client ever runs in it: it imports rooms of the kit and forks; all chapters begin alike and share nothing.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

from mcrlib.notebooks import PACKAGE, Notebook

#: Sums over threads differ in the last digit with their number, so every kernel counts with one.
SAME_EVERYWHERE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    # A process forks safely while it has one thread; Arrow's allocator would start another.
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
_LARGEST = 1 << 20
#: What every chapter's process would import by itself as it starts.
_FIRST = ("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger", "matplotlib_inline.backend_inline")
#: What every chapter asks and then remembers: asked before a fork, of the modules that are there by then.
_ASKED = (
    ("mcrlib.schema", "tables", ()),
    ("mcrlib.show.figures.fonts", "families", ("en",)),
    ("mcrlib.show.figures.fonts", "drawable", ("",)),
)


def environment() -> dict[str, str]:
    """The environment of every process of a chapter: the same wherever the run is started from."""
    paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | SAME_EVERYWHERE | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}


class Seedling:
    """A forked process, known by a handle that no later process can take over; asked as ``Popen`` is."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self._handle = handle

    def poll(self) -> int | None:
        """None while it lives."""
        return 1 if select.select([self._handle], [], [], 0)[0] else None

    def wait(self) -> int:
        """Return when it has ended."""
        select.select([self._handle], [], [])
        return 1

    def send_signal(self, number: int) -> None:
        """Signal this process alone."""
        signal.pidfd_send_signal(self._handle, number)  # type: ignore[attr-defined, unused-ignore]


class Seedbed:
    """The warm process of one run; leaving the block ends it and all that was forked from it.

    Parameters
    ----------
    notebooks : iterable of Notebook
        What they import from the kit is imported ahead, in their order.
    """

    def __init__(self, notebooks: Iterable[Notebook]) -> None:
        self._lock = threading.Lock()
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ahead = json.dumps([one for notebook in notebooks for one in kit_imports(notebook)])
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(theirs.fileno()), ahead],
                pass_fds=[theirs.fileno()],
                env=environment(),
                cwd=PACKAGE.parent,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def plant(self, imports: list[Any], log: IO[str], **order: Any) -> Seedling | None:
        """A process of its own that runs a kernel (``argv``, ``env``, ``cwd``); None where none could be forked."""
        message = json.dumps({"imports": imports, **order}).encode()
        with self._lock, suppress(OSError):
            socket.send_fds(self._door, [message], [log.fileno()])
            answer, handles, *_ = socket.recv_fds(self._door, _LARGEST, 1)
            if answer and handles:
                return Seedling(int(answer), handles[0])
        return None

    def __enter__(self) -> Seedbed:
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self._process.wait()


@contextmanager
def seedbed(notebooks: Iterable[Notebook]) -> Iterator[Seedbed | None]:
    """A seedbed for these notebooks where processes fork safely; None elsewhere, and each chapter starts cold."""
    if sys.platform != "linux":
        yield None
        return
    with Seedbed(notebooks) as warm:
        yield warm


def kit_imports(notebook: Notebook) -> list[tuple[str, list[str]]]:
    """What a notebook imports from the kit, in its order: modules, each with the names taken from it."""
    found = []
    for cell in notebook.content["cells"]:
        with suppress(SyntaxError):
            tree = ast.parse("".join(cell["source"])) if cell["cell_type"] == "code" else ast.Module([], [])
            nodes = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
            found += [(node.module or "", [alias.name for alias in node.names]) for node in nodes if not node.level]
    return [(module, names) for module, names in found if module.split(".")[0] == "mcrlib"]


def _serve(door: socket.socket, ahead: list[Any]) -> tuple[dict[str, Any], int] | None:
    """Fork what is asked for, and import ahead meanwhile; in a fork, return its order and its log."""
    living: dict[int, int] = {}
    while True:
        if ahead and not select.select([door], [], [], 0)[0]:
            _bring(ahead.pop(0))
            continue
        message, logs, *_ = socket.recv_fds(door, _LARGEST, 1)
        if not message:
            _end(living)
            return None
        order = json.loads(message)
        for one in order["imports"]:
            _bring(one)
        _ask()
        gc.freeze()
        pid = os.fork()
        if not pid:
            door.close()
            return order, logs[0]
        os.close(logs[0])
        with suppress(OSError):
            os.setpgid(pid, pid)
        living[pid] = os.pidfd_open(pid)  # type: ignore[attr-defined, unused-ignore]
        socket.send_fds(door, [str(pid).encode()], [living[pid]])


def _bring(one: tuple[str, list[str]]) -> None:
    """Import a module and the names taken from it; what fails here fails in the chapter, which says so."""
    with suppress(Exception):
        __import__(one[0], fromlist=one[1])


def _ask() -> None:
    """What fails here fails in the chapter too, which says so."""
    for module, question, about in _ASKED:
        with suppress(Exception):
            getattr(sys.modules[module], question)(*about)


def _end(living: dict[int, int]) -> None:
    """End every fork that still lives, and wait for all: the time that they took is then that of the run."""
    for pid, handle in living.items():
        if not select.select([handle], [], [], 0)[0]:
            with suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
    for pid in living:
        os.waitpid(pid, 0)


def _become_kernel(order: dict[str, Any], log: int) -> None:
    with suppress(OSError):
        os.setpgid(0, 0)
    os.environ.update(order["env"])
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.close(log)
    os.chdir(order["cwd"])
    sys.argv = order["argv"]
    from ipykernel import kernelapp

    kernelapp.launch_new_instance()


def main() -> None:
    """Warm up, fork, and end with the run that started it."""
    os.environ["JPY_PARENT_PID"] = str(os.getpid())
    del sys.path[0]
    for one in _FIRST:
        _bring((one, ["*"]))
    planted = _serve(socket.socket(fileno=int(sys.argv[1])), json.loads(sys.argv[2]))
    if planted is not None:
        _become_kernel(*planted)


if __name__ == "__main__":
    main()
