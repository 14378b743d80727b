"""The Python processes that notebooks run in: where they start, what they inherit, and how they all end."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import IO, Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager

from mcrlib.notebooks import PACKAGE
from mcrlib.show.publish.disk import lock_file

#: Sums over threads differ in the last digit with their number, so every kernel counts with one.
_SAME_EVERYWHERE = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
_PREFIX, _ALIVE = "mcr-kernels-", "alive"


class Kernel(AsyncKernelManager):
    """One kernel of this very Python; talks over private sockets and writes its own noise to the log of the run."""

    house: Kernels

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kernel_spec_manager = KernelSpecManager(kernel_dirs=[])
        self.connection_file = str(self.house.home / f"{self.house.next_number()}.json")
        if os.name == "posix":
            self.transport = "ipc"
        else:
            self.transport_encryption = "auto"

    async def start_kernel(self, *_: Any, **options: Any) -> None:  # type: ignore[override]
        """Start the process, in an environment that is the same wherever the run is started from."""
        paths = [str(PACKAGE.parent), os.environ.get("PYTHONPATH", "")]
        own = {"IPYTHONDIR": str(self.house.home), "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        env = os.environ | _SAME_EVERYWHERE | own
        noise = self.house.log.fileno()
        with self.house.door:
            if self.house.closed:
                raise RuntimeError("the run has ended")
            self.house.inside.append(self)
        await super().start_kernel(**options | {"env": env, "stdout": noise, "stderr": noise})
        if self.house.closed:
            self.kill()

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        process = getattr(self.provisioner, "process", None)
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()


class Kernels:
    """All kernels of one run; leaving the block, however it is left, ends every one of them."""

    def __init__(self, log: IO[str]) -> None:
        self.log = log
        self.door = threading.Lock()
        self.inside: list[Kernel] = []
        self.closed = False
        self._count = 0
        _sweep_dead()
        self.home = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._alive = (self.home / _ALIVE).open("w", encoding="utf-8")
        lock_file(self._alive)
        self._alive.write("locked")
        self._alive.flush()

    def next_number(self) -> int:
        """A number for the next kernel; socket paths must be short, so kernels have no longer names."""
        with self.door:
            self._count += 1
            return self._count

    @property
    def manager(self) -> type[Kernel]:
        """The class that nbclient is to make its kernels of."""
        return type("Kernel", (Kernel,), {"house": self})

    def close(self) -> None:
        """Kill what still runs and let nothing start."""
        with self.door:
            self.closed = True
            inside = list(self.inside)
        for kernel in inside:
            kernel.kill()

    def __enter__(self) -> Kernels:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
        self._alive.close()
        shutil.rmtree(self.home, ignore_errors=True)


def _sweep_dead() -> None:
    """Remove the sockets of killed runs: their lock file was once locked, and nobody holds it now."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError), (folder / _ALIVE).open(encoding="utf-8") as file:
            if file.read():
                lock_file(file)
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def told_to_stop() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that a scheduler's stop cleans up as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
