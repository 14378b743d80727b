"""The data dictionary: every table and column the kit knows, with type, unit, meaning and level."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

#: Where a clean row came from; the last three columns of every clean table.
ORIGIN = ("src_file", "src_sheet", "src_row")


@dataclass(frozen=True)
class Column:
    """One column of a canonical table.

    ``kind`` is one of id, text, money (base currency, four decimals), number, int, ratio (0-1), date, bool, enum.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One canonical table; its first column is the key and the sort order."""

    name: str
    level: str
    meaning: str
    columns: dict[str, Column]
    event_date: str | None = None

    @property
    def key(self) -> str:
        """Name of the key column."""
        return next(iter(self.columns))

    @property
    def required(self) -> tuple[str, ...]:
        """Columns that no kept row may lack."""
        return tuple(name for name, column in self.columns.items() if column.required)


def _column(name: str, spec: list[Any]) -> Column:
    kind, meaning, *values = spec
    return Column(name, kind.rstrip("!"), meaning, kind.endswith("!"), tuple(values[0]) if values else ())


def shipped(package: str, name: str) -> Any:
    """What a YAML file says that comes with the kit; libyaml reads it ten times as fast where it is there."""
    text = (files(package) / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@cache
def tables() -> dict[str, Table]:
    """All canonical tables by name, in the order of the dictionary."""
    spec = shipped("mcrlib", "schema.yaml")
    return {
        name: Table(
            name=name,
            level=table["level"],
            meaning=table["meaning"],
            columns={column: _column(column, entry) for column, entry in table["columns"].items()},
            event_date=table.get("event_date"),
        )
        for name, table in spec.items()
    }


def as_markdown() -> str:
    """The dictionary as a page for people: ``data/README.md``."""
    lines = [
        "# The tables the kit reads",
        "",
        "Generated from `mcrlib/schema.yaml` by `make dictionary`; do not edit.",
        "L0 is what every chapter needs; L1 adds people and activities, L2 service and histories, L3 costs and plans.",
    ]
    for table in tables().values():
        event = f" Event date: `{table.event_date}`." if table.event_date else ""
        lines += ["", f"## {table.name} ({table.level})", "", f"{table.meaning}{event}", ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in table.columns.values():
            kind = column.kind + (", required" if column.required else "")
            values = f" One of: {', '.join(column.values)}." if column.values else ""
            lines.append(f"| `{column.name}` | {kind} | {column.meaning}{values} |")
    return "\n".join(lines) + "\n"
