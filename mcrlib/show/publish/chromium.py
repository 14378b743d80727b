"""Print a page or take a picture of it with Chromium, where a machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from mcrlib.errors import EnvironmentFailed

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking")
_SECONDS = 180


def find_chromium() -> str:
    """Where Chromium, or a browser built on it, is installed.

    Raises
    ------
    EnvironmentFailed
        There is none; the sentence says what to install.
    """
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        raise EnvironmentFailed("a PDF is printed by Chromium, which is not here: install Chromium, Chrome or Edge")
    return found


def print_page(page: Path, target: Path) -> Path:
    """Print an HTML file as PDF, as its print style says."""
    return _ask(page, target, f"--print-to-pdf={target.absolute()}", "--no-pdf-header-footer")


def picture_of(page: Path, target: Path, width: int, height: int) -> Path:
    """Take a picture of the first screen of an HTML file."""
    return _ask(
        page, target, f"--screenshot={target.absolute()}", f"--window-size={width},{height}", "--hide-scrollbars"
    )


def _ask(page: Path, target: Path, *wishes: str) -> Path:
    """Have Chromium do one thing with a local page, with a profile of its own that is gone afterwards."""
    # Chromium's sandbox does not work for root, who in a container is the only user.
    root = ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()
    with tempfile.TemporaryDirectory(prefix="mcr-chromium-", ignore_cleanup_errors=True) as profile:
        command = [find_chromium(), *_QUIET, *root, f"--user-data-dir={profile}", *wishes, page.absolute().as_uri()]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise EnvironmentFailed(f"Chromium did not finish {target.name} in {_SECONDS} seconds") from error
    if done.returncode or not target.is_file():
        why = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise EnvironmentFailed(f"Chromium could not make {target.name}: {why[0][:200]}")
    return target
