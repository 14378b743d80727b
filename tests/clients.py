"""A client of a few rows with a notebook of its own, so that a whole run takes the time of one kernel."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat

ORDERS = "order_id,account_id,order_date,amount\n" + "".join(
    f"O{n:02},A{n % 4},2024-{n:02}-15,{n * 100}.50\n" for n in range(1, 13)
)
ACCOUNTS = "account_id,account_name\nA0,Acme\nA1,Borealis\nA2,Cobalt\nA3,Dune\n"
PARAMETERS = "client = 'sample'\nas_of = None\nworkspace = '..'\nlanguage = 'en'\nword = 'plain'"
READ = """
import pandas as pd
from mcrlib.read.tables import deliver
from mcrlib.run import Run
run = deliver(Run.open(client, as_of, workspace, language))
run.table("word", pd.DataFrame({"word": [word]}))
"""


def mcr(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as a scheduler calls it."""
    command = [sys.executable, "-m", "mcrlib.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)


def assert_fails(result: subprocess.CompletedProcess[str], exit_code: int, *sentences: str) -> None:
    """The exit code, and one line on stderr that says all of this."""
    lines = result.stderr.strip().splitlines()
    assert (result.returncode, len(lines), result.stdout) == (exit_code, 1, ""), result.stderr
    for sentence in sentences:
        assert sentence in lines[0]


def write_notebook(path: Path, *cells: str, **metadata: Any) -> Path:
    """A notebook with the standard parameters and these cells."""
    made = nbformat.v4.new_notebook(metadata={"mcr": metadata})
    made.cells = [
        nbformat.v4.new_markdown_cell("# A chapter of our own"),
        nbformat.v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        *(nbformat.v4.new_code_cell(cell.strip()) for cell in cells),
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)
    return path


def write_client(workspace: Path, *cells: str, client: str = "acme") -> Path:
    """A client with a few orders, and a notebook 90_own that reads them and then runs these cells."""
    home = workspace / "data" / client
    (home / "raw").mkdir(parents=True, exist_ok=True)
    (home / "raw" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (home / "raw" / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    write_notebook(home / "notebooks" / "90_own.ipynb", READ, *cells)
    return home


def run_own(workspace: Path, *options: object) -> subprocess.CompletedProcess[str]:
    """Run only the client's own notebook."""
    return mcr("run", "acme", "--workspace", workspace, "--only", "90", *options)


def leftovers(workspace: Path) -> list[str]:
    """Hidden files and folders that a run forgot."""
    return sorted(path.name for path in workspace.rglob(".*"))
