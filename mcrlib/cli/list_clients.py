"""`mcr list`: which clients and reports a workspace holds."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from rich.table import Table

from mcrlib.cli.options import Json, Workspace, console
from mcrlib.errors import UsageError


def list_clients(workspace: Workspace = Path(), as_json: Json = False) -> None:
    """List the clients of a workspace with their latest report."""
    if not workspace.is_dir():
        raise UsageError(f"--workspace {workspace}: there is no such folder")
    clients = [
        _facts(workspace, folder.name) for folder in sorted((workspace / "data").glob("[!.]*")) if _is_client(folder)
    ]
    if as_json:
        typer.echo(json.dumps({"clients": clients}, ensure_ascii=False))
        return
    if not clients:
        typer.echo(f"no client in {workspace.absolute()} yet: mcr new CLIENT --from DIR makes one")
        return
    table = Table("client", "as of", "runs", "warnings", "latest report", box=None)
    for one in clients:
        table.add_row(*("" if fact is None else str(fact) for fact in one.values()))
    console().print(table)


def _is_client(folder: Path) -> bool:
    return folder.is_dir() and folder.name != "examples"


def _facts(workspace: Path, client: str) -> dict[str, object]:
    reports = workspace / "reports" / client
    manifest = reports / "latest" / "run.json"
    latest = json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else {}
    return {
        "client": client,
        "as_of": latest.get("as_of"),
        "runs": sum(1 for path in reports.glob("[0-9]*/run.json")),
        "warnings": len(latest.get("warnings", [])),
        "report": str(reports / "latest" / "index.html") if latest else None,
    }
