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

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from mcrlib.notebooks import Notebook
from mcrlib.show.publish.disk import lock_file
from mcrlib.show.publish.seedbed import Seedbed, Seedling, environment, kit_imports

_PREFIX, _ALIVE = "mcr-kernels-", "alive"


class _Planted(LocalProvisioner):
    """Starts the process of a kernel: forked from the run's seedbed, or from nothing where there is none."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        kernel: Any = self.parent
        planted = kernel.plant(argv=cmd[cmd.index("-m") + 1 :], env=options["env"], cwd=options["cwd"])
        if planted is None:
            return await super().launch_kernel(cmd, **options)
        self.process, self.pid, self.pgid = planted, planted.pid, planted.pid
        return self.connection_info


class Kernel(AsyncKernelManager):
    """One kernel of this very Python; talks over private sockets and writes its own noise to the log of the run."""

    house: Kernels
    imports: list[Any]

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
        env = environment() | {"IPYTHONDIR": str(self.house.home)}
        noise = self.house.log.fileno()
        with self.house.door:
            if self.house.closed:
                raise RuntimeError("the run has ended")
            self.house.inside.append(self)
        self.provisioner = _Planted(kernel_id="", kernel_spec=self.kernel_spec, parent=self)
        await super().start_kernel(**options | {"env": env, "stdout": noise, "stderr": noise})
        if self.house.closed:
            self.kill()

    def plant(self, **order: Any) -> Seedling | None:
        """A warm process for this kernel, or None where the run has no seedbed."""
        seedbed = self.house.seedbed
        return seedbed.plant(self.imports, self.house.log, **order) if seedbed else None

    def kill(self) -> None:
        """End the process and all that it started, at once."""
        process = getattr(self.provisioner, "process", None)
        if process is not None and process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()


class Kernels:
    """All kernels of one run; leaving the block, however it is left, ends every one of them."""

    def __init__(self, log: IO[str], seedbed: Seedbed | None = None) -> None:
        self.log = log
        self.seedbed = seedbed
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

    def manager(self, notebook: Notebook) -> type[Kernel]:
        """The class that nbclient is to make the kernel of a notebook of."""
        return type("Kernel", (Kernel,), {"house": self, "imports": kit_imports(notebook)})

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
