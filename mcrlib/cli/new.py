"""`mcr new`: a folder for a client, with a proposed mapping of its exports."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from mcrlib.cli.options import Client, ClientOption, Workspace, which_client
from mcrlib.errors import Refused, UsageError
from mcrlib.notebooks import find_notebooks


def new(
    source: Annotated[Path, typer.Option("--from", help="Folder of the exports.")],
    client: Client = None,
    client_option: ClientOption = None,
    workspace: Workspace = Path(),
) -> None:
    """Copy exports into a new client's folder and propose a client.yaml; nothing is ever overwritten."""
    from mcrlib.read.proposal import propose
    from mcrlib.show.words.screens import CHAPTERS, SCREENS

    home = workspace / "data" / which_client(client, client_option)
    files = [path for path in sorted(source.rglob("*")) if path.is_file()] if source.is_dir() else []
    if not files:
        raise Refused(f"--from {source}: no exports there; name the folder that holds the CRM's files")
    taken = [p for p in [home / "client.yaml", *(home / "raw" / f.relative_to(source) for f in files)] if p.exists()]
    if taken:
        raise UsageError(
            f"{taken[0]} is there already and is never overwritten: choose another client name or remove it"
        )
    built = {name[:2] for name in find_notebooks()}
    chapters = {table: sorted(built.intersection(numbers)) for table, numbers in CHAPTERS.items()}
    proposal = propose(source, screens=SCREENS, chapters={table: found for table, found in chapters.items() if found})
    for path in files:
        target = home / "raw" / path.relative_to(source)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    (home / "client.yaml").write_text(proposal, encoding="utf-8")
    typer.echo(f"{len(files)} files copied to {home / 'raw'}")
    typer.echo(f"read and correct {home / 'client.yaml'}, then: mcr check {home.name}")
