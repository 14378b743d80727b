"""`mcr adapt`: a notebook of the kit becomes the client's own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from mcrlib.cli.options import Workspace, which_client
from mcrlib.errors import UsageError, nearest
from mcrlib.notebooks import find_notebooks, pick_notebook


def adapt(
    client: Annotated[str, typer.Argument(help="Name of the client's folder.", show_default=False)],
    notebook: Annotated[str, typer.Argument(help="Name or number of the kit's notebook.", show_default=False)],
    workspace: Workspace = Path(),
) -> None:
    """Copy one of the kit's notebooks into the client's folder, where it takes the kit's place."""
    kit = find_notebooks()
    name = pick_notebook(kit, notebook)
    home = workspace / "data" / which_client(client, None)
    if not home.is_dir():
        meant = nearest(home.name, [one.name for one in home.parent.glob("[!.]*")])
        raise UsageError(f"there is no client '{home.name}' in {workspace.absolute()}{meant}")
    folder = home / "notebooks"
    target = folder / f"{name}.ipynb"
    if target.exists():
        raise UsageError(f"{target} is there already and is never overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(kit[name].path, target)
    typer.echo(f"{target}: change it; mcr run {client} takes it in place of the kit's")
