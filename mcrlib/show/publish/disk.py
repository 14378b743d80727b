"""Files that are locked, folders that change in one step, and what is said when the disk does not play along."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from mcrlib.errors import EnvironmentFailed

_FROM_HERE, _EXCHANGE = -100, 2
_RIGHTS = "give the user of this run the right to write there"
_HINTS = {
    errno.ENOSPC: "free some space and run again",
    errno.EDQUOT: "free some space and run again",
    errno.EROFS: "give a workspace that can be written to",
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
}


if sys.platform == "win32":
    import msvcrt

    def lock_file(file: IO[str], *, wait: bool = False) -> None:
        """Lock an open file for this process; OSError where another one has it. The lock dies with the process."""
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def lock_file(file: IO[str], *, wait: bool = False) -> None:
        """Lock an open file for this process; OSError where another one has it. The lock dies with the process."""
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def machine_failures() -> Iterator[None]:
    """Say in one line when disk, rights or memory fail.

    Raises
    ------
    EnvironmentFailed
        For every OSError and MemoryError inside the block.
    """
    try:
        yield
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        hint = _HINTS.get(error.errno or 0, "nothing was published")
        raise EnvironmentFailed(f"{error.strerror or error}{where}; {hint}") from error
    except MemoryError as error:
        raise EnvironmentFailed("the memory of this machine is used up; nothing was published") from error


def fresh(folder: Path) -> Path:
    """The folder, made and empty."""
    remove(folder)
    folder.mkdir(parents=True)
    return folder


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path, ignore_errors=True)


def sweep(folder: Path, *beginnings: str) -> None:
    """Remove what in a folder has a name with one of these beginnings."""
    if folder.is_dir():
        for path in folder.iterdir():
            if path.name.startswith(beginnings):
                remove(path)


def flush(folder: Path) -> None:
    """Have the disk hold every file of a folder before a rename shows them."""
    for path in [*folder.rglob("*"), folder]:
        if path.is_file() or os.name == "posix":
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def replace_folder(new: Path, old: Path) -> None:
    """Put a built folder in the place of another one in one step; a failure leaves the other one.

    Parameters
    ----------
    new : Path
        The built folder, on the same file system; it is gone afterwards.
    old : Path
        Where it shall stand. Where the system cannot exchange two folders, there is a moment without either.

    Raises
    ------
    EnvironmentFailed
        Disk or rights.
    """
    with machine_failures():
        flush(new)
        old.parent.mkdir(parents=True, exist_ok=True)
        if not old.exists():
            os.rename(new, old)
        elif _exchange(new, old):
            remove(new)
        else:
            aside = new.with_name(f"{new.name}-before")
            os.rename(old, aside)
            try:
                os.rename(new, old)
            except OSError:
                os.rename(aside, old)
                raise
            remove(aside)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    return libc.renameat2(_FROM_HERE, os.fsencode(one), _FROM_HERE, os.fsencode(other), _EXCHANGE) == 0
