"""`mcr publish`: copy the latest report to where its readers are."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mcrlib.cli.options import Client, ClientOption, Workspace, which_client

Target = Annotated[Path, typer.Option("--to", help="Folder of the report at its readers'; replaced in one step.")]


def publish(
    to: Target,
    client: Client = None,
    client_option: ClientOption = None,
    workspace: Workspace = Path(),
) -> None:
    """Copy the latest report of a client to a folder, whole and in one step."""
    from mcrlib.show.publish.handover import hand_over

    name = which_client(client, client_option)
    typer.echo(str(hand_over(workspace / "reports" / name, to) / "index.html"))
