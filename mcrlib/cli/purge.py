"""`mcr purge`: remove everything of one client."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from mcrlib.cli.options import Client, ClientOption, Workspace, which_client
from mcrlib.errors import UsageError


def purge(
    client: Client = None,
    client_option: ClientOption = None,
    workspace: Workspace = Path(),
    yes: Annotated[bool, typer.Option("--yes", help="Really remove it.")] = False,
) -> None:
    """Remove all data and reports of one client."""
    from mcrlib.show.publish.workspace_index import write_index

    name = which_client(client, client_option)
    folders = [folder for folder in (workspace / "data" / name, workspace / "reports" / name) if folder.exists()]
    if not folders:
        raise UsageError(f"there is no client '{name}' in {workspace.absolute()}")
    if not yes:
        raise UsageError(f"this removes {' and '.join(map(str, folders))} for good: say --yes to do it")
    for folder in folders:
        shutil.rmtree(folder)
        typer.echo(f"removed {folder}")
    write_index(workspace / "reports", "en")
