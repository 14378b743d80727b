"""`mcr demo`: the bundled sample client, from nothing to an open report."""

from __future__ import annotations

import shutil
import sys
import webbrowser
from pathlib import Path

from mcrlib.cli.options import Workspace
from mcrlib.cli.run import run
from mcrlib.notebooks import kit_folder


def demo(workspace: Workspace = Path()) -> None:
    """Publish the report of the bundled sample client and open it."""
    home, kit = workspace / "data" / "sample", kit_folder("data") / "sample"
    if not home.exists():
        shutil.copytree(kit / "raw", home / "raw")
        shutil.copy(kit / "client.yaml", home)
    run(client="sample", workspace=workspace)
    if sys.stdout.isatty():
        webbrowser.open((workspace / "reports" / "sample" / "latest" / "index.html").absolute().as_uri())
