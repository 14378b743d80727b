"""The arguments and options that several commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, get_args

import typer
from rich.console import Console

from mcrlib.errors import Refused, UsageError, nearest
from mcrlib.notebooks import find_notebooks
from mcrlib.run import client_name
from mcrlib.settings import Language

Client = Annotated[str | None, typer.Argument(help="Name of the client's folder.", show_default=False)]
ClientOption = Annotated[str | None, typer.Option("--client", help="The client, where its name starts with a dash.")]
Workspace = Annotated[Path, typer.Option("--workspace", help="Folder that holds data/ and reports/.")]
Input = Annotated[Path | None, typer.Option("--input", help="Folder of the exports.", show_default="data/CLIENT/raw")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Date the run stands at.", show_default="last order date")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings.", show_default="data/CLIENT/client.yaml")]
Parameters = Annotated[list[str] | None, typer.Option("--param", help="NAME=VALUE for the notebooks' parameters.")]
Pseudonymise = Annotated[bool, typer.Option("--pseudonymise", help="Hide who is who; needs --key-file.")]
KeyFile = Annotated[Path | None, typer.Option("--key-file", help="The client's secret, outside the workspace.")]
Json = Annotated[bool, typer.Option("--json", help="Print one summary line of JSON.")]


def which_client(argument: str | None, option: str | None) -> str:
    """The client that is meant, by argument or by option; its name made safe or refused."""
    if (argument is None) == (option is None):
        raise UsageError("name one client: mcr COMMAND CLIENT, or --client=CLIENT")
    return client_name(argument or option or "")


def which_date(text: str | None, option: str = "--as-of") -> dt.date | None:
    """A date given as an option."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is not a date: write it as 2025-12-31") from error


def which_language(*wishes: str | None) -> str:
    """The first language that was wished for."""
    wish = next(filter(None, wishes))
    if wish not in get_args(Language):
        raise UsageError(f"language {wish!r} is not one of {', '.join(get_args(Language))}")
    return wish


def which_parameters(given: list[str] | None) -> dict[str, str]:
    """Parameters for the notebooks from NAME=VALUE."""
    for one in given or []:
        if "=" not in one:
            raise UsageError(f"--param {one!r} must be NAME=VALUE")
        if (name := one.split("=", 1)[0]) in ("client", "workspace"):
            raise UsageError(f"--param {one!r}: use --{name} for that")
    return {name: value for name, value in (one.split("=", 1) for one in given or [])}


def which_as_of(as_of: str | None, given: list[str] | None, home: Path) -> dt.date | None:
    """The as-of date of a command that runs no notebook; a parameter that none of them declares is refused by name."""
    from mcrlib.show.publish.parameters import fit_parameters

    wanted = which_parameters(given)
    fit_parameters(find_notebooks(home / "notebooks"), wanted)
    return which_date(as_of or wanted.get("as_of"))


def which_config(given: Path | None, workspace: Path, client: str) -> Path:
    """The client.yaml; one that was asked for must be there."""
    if given and not given.is_file():
        raise UsageError(f"--config {given}: there is no such file")
    return (given or workspace / "data" / client / "client.yaml").absolute()


def which_key(asked: bool, file: Path | None, workspace: Path) -> Path | None:
    """The key file of a pseudonymised run: a secret that must not lie where its pseudonyms lie."""
    from mcrlib.read.pseudonyms import read_key

    if asked != bool(file):
        raise UsageError("--pseudonymise and --key-file FILE go together: give both or neither")
    if file is None:
        return None
    if file.resolve().is_relative_to(workspace.resolve()):
        raise UsageError(
            f"--key-file {file}: the key lies inside the workspace, beside what it protects: keep it elsewhere"
        )
    read_key(file)
    return file.absolute()


def which_exports(home: Path, given: Path | None) -> Path:
    """The folder of the exports; one that is missing or empty is refused by name."""
    named = given or home / "raw"
    folder = named.absolute()
    if not folder.is_dir():
        meant = "" if given else nearest(home.name, [one.parent.name for one in home.parent.glob("*/raw")])
        raise Refused(
            f"{named}: there is no such input folder{meant}: put the exports there, let mcr new {home.name} --from DIR "
            f"copy them, or name another with --input"
        )
    if not any(path.is_file() for path in folder.rglob("*")):
        raise Refused(f"{named}: the input folder is empty: put the exports there")
    return folder


def console() -> Console:
    """Where tables are printed: as wide as the terminal, or wide enough for a log file."""
    wide = Console(highlight=False, soft_wrap=True)
    return wide if wide.is_terminal else Console(highlight=False, soft_wrap=True, width=200)
