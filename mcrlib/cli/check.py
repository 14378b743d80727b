"""`mcr check`: read and clean only, and say what would be set aside or refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from mcrlib.cli.options import (
    AsOf,
    Client,
    ClientOption,
    Config,
    Input,
    Json,
    Parameters,
    Workspace,
    console,
    which_as_of,
    which_client,
    which_config,
    which_exports,
)
from mcrlib.settings import read_settings


def check(
    client: Client = None,
    client_option: ClientOption = None,
    workspace: Workspace = Path(),
    source: Input = None,
    as_of: AsOf = None,
    config: Config = None,
    parameter: Parameters = None,
    as_json: Json = False,
) -> None:
    """Read and clean the exports without a report; nothing is written."""
    from mcrlib.read.tables import read_exports

    name = which_client(client, client_option)
    settings = read_settings(which_config(config, workspace, name))
    home = workspace / "data" / name
    date = which_as_of(as_of, parameter, home)
    delivery = read_exports(which_exports(home, source), settings, date)
    if as_json:
        warnings = [warning.as_dict() for warning in delivery.warnings]
        facts = {"client": name, "as_of": str(delivery.as_of), "tables": delivery.counts, "warnings": warnings}
        typer.echo(json.dumps(facts, ensure_ascii=False))
    else:
        _show(delivery)


def _show(delivery: Any) -> None:
    out = console()
    table = Table("table", "rows in", "kept", "set aside", "why", box=None)
    for name, counts in delivery.counts.items():
        reasons = delivery.quarantine.loc[delivery.quarantine["table"] == name, "code"].value_counts().sort_index()
        why = ", ".join(f"{code} {n}" for code, n in reasons.items())
        table.add_row(name, *(f"{counts[key]:,}" for key in ("rows_in", "rows_kept", "rows_quarantined")), why)
    out.print(table)
    n = len(delivery.warnings)
    out.print(f"as of {delivery.as_of}; {n} warning{'' if n == 1 else 's'}")
    for warning in delivery.warnings:
        out.print(f"- {warning}", markup=False)
