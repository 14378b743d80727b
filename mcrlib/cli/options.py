"""The arguments and options that several commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from mcrlib.errors import UsageError
from mcrlib.run import client_name

Client = Annotated[str | None, typer.Argument(help="Name of the client's folder.", show_default=False)]
ClientOption = Annotated[str | None, typer.Option("--client", help="The client, where its name starts with a dash.")]
Workspace = Annotated[Path, typer.Option("--workspace", help="Folder that holds data/ and reports/.")]
Input = Annotated[Path | None, typer.Option("--input", help="Folder of the exports.", show_default="data/CLIENT/raw")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Date the run stands at.", show_default="last order date")]
Config = Annotated[Path | None, typer.Option("--config", help="Settings.", show_default="data/CLIENT/client.yaml")]
Parameters = Annotated[list[str] | None, typer.Option("--param", help="NAME=VALUE for the notebooks' parameters.")]
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


def which_parameters(given: list[str] | None) -> dict[str, str]:
    """Parameters for the notebooks from NAME=VALUE."""
    for one in given or []:
        if "=" not in one:
            raise UsageError(f"--param {one!r} must be NAME=VALUE")
    return {name: value for name, value in (one.split("=", 1) for one in given or [])}


def which_config(given: Path | None, workspace: Path, client: str) -> Path:
    """The client.yaml; one that was asked for must be there."""
    if given and not given.is_file():
        raise UsageError(f"--config {given}: there is no such file")
    return (given or workspace / "data" / client / "client.yaml").absolute()


def console() -> Console:
    """Where tables are printed: as wide as the terminal, or wide enough for a log file."""
    wide = Console(highlight=False, soft_wrap=True)
    return wide if wide.is_terminal else Console(highlight=False, soft_wrap=True, width=200)
