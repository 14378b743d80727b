"""One run at a time for each client: the lock, the staging workspace, and the sweep after killed runs."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from mcrlib.errors import Busy
from mcrlib.run import client_name
from mcrlib.show.publish.disk import fresh, lock_file, machine_failures, remove, sweep

#: Beginnings of folders that belong to a run that is going on, or that was killed.
STAGING, DRAFT, GONE = ".staging-", ".draft-", ".gone-"


@contextmanager
def hold(workspace: Path, client: str) -> Iterator[Path]:
    """Hold a client for this process, and give it an empty staging workspace that is gone afterwards.

    What killed runs of this client left behind is swept first. The lock dies with its process.

    Parameters
    ----------
    workspace : Path
        Holds ``data/`` and ``reports/``.
    client : str
        Name of the client's folder.

    Raises
    ------
    Busy
        Another run holds this client.
    EnvironmentFailed
        The workspace cannot be written to.
    """
    data, home = workspace / "data" / client_name(client), workspace / "reports" / client
    with machine_failures():
        data.mkdir(parents=True, exist_ok=True)
        lock = _locked(data / ".lock", client)
    try:
        with machine_failures():
            sweep(data, STAGING)
            sweep(home, DRAFT, GONE)
            staging = fresh(data / f"{STAGING}{os.getpid()}")
        try:
            yield staging
        finally:
            remove(staging)
    finally:
        with suppress(OSError):
            (data / ".lock").unlink(missing_ok=True)
        lock.close()
        with suppress(OSError):
            data.rmdir()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Do something that only one process may do at a time; the others wait.

    Parameters
    ----------
    path : Path
        The lock file; gone afterwards.
    """
    with machine_failures():
        lock = _open_lock(path, wait=True)
        try:
            yield
        finally:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            lock.close()


def _locked(path: Path, client: str) -> IO[str]:
    """The open lock file of a client."""
    try:
        return _open_lock(path)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN):
            raise
        raise Busy(f"another run holds the client '{client}': wait for its end and run again") from error


def _open_lock(path: Path, *, wait: bool = False) -> IO[str]:
    """The open lock file; one that its last holder has removed meanwhile locks nothing and is taken anew."""
    while True:
        lock = path.open("a", encoding="utf-8")
        try:
            lock_file(lock, wait=wait)
            if path.exists() and os.path.samestat(os.fstat(lock.fileno()), path.stat()):
                return lock
        except FileNotFoundError:
            pass
        except OSError:
            lock.close()
            raise
        lock.close()
