"""What a client may set in client.yaml, with the defaults and where each threshold comes from."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, Field, ValidationError, model_validator

from mcrlib import schema
from mcrlib.errors import UsageError, nearest
from mcrlib.thresholds import METHOD, PROPOSED, ActivityWeights, Strict, Thresholds

__all__ = ["METHOD", "PROPOSED", "ActivityWeights", "Settings", "Thresholds", "read_settings"]

Tier = Literal["S", "A", "B", "C"]
#: Shares written with a few digits sum to 1 within this.
_ROUNDING = 1e-6
Language = Literal["en", "zh-CN", "zh-TW"]


class FileSpec(Strict):
    """One export file of a table: which columns it has and how its values are written."""

    file: str = Field(description="file name, relative to the input folder")
    sheet: str | None = Field(None, description="sheet of a workbook")
    header: bool = Field(True, description="false where the file has no header row; columns are then numbers from 1")
    columns: dict[str, str | int] = Field(
        {}, description="field: header, number of a column, or a formula 'qty * price * (1 - discount)'"
    )
    date_order: Literal["ymd", "dmy", "mdy"] | None = Field(None, description="settles an ambiguous day and month")
    decimal: Literal[".", ","] | None = Field(None, description="settles an ambiguous decimal sign")
    percent: bool | None = Field(None, description="true where shares are written 0-100, false where 0-1")
    currency: str | None = Field(None, description="currency of the money in this file")
    year: Annotated[int, Field(ge=1900, le=2199)] | None = Field(
        None, description="year of columns that name only a month or a quarter"
    )


class TierSettings(Strict):
    """How the published tier is decided."""

    decide: Literal["clusters", "rule"] = Field("clusters", description="clusters, or the four-axis rule")
    quotas: dict[Tier, float] | None = Field(
        None, description="most of the accounts that ordered, such as {S: 0.05, A: 0.15, B: 0.3}; the rest is C"
    )

    @model_validator(mode="after")
    def _quotas_fit(self) -> TierSettings:
        given = self.quotas or {}
        best = sum(share for tier, share in given.items() if tier != "C")
        if given and not (min(given.values()) >= 0 and 0 < best < 1):
            raise ValueError("quotas are shares, positive and below 1 in all, such as {S: 0.05, A: 0.15, B: 0.3}")
        if "C" in given and abs(best + given["C"] - 1) > _ROUNDING:
            raise ValueError(f"quotas of S, A, B and C must sum to 1, not {best + given['C']:g}: leave C out, the rest")
        return self


class MergeSettings(Strict):
    """Which accounts are one customer; chapter 01 lists the pairs to decide on."""

    certain: bool = Field(True, description="merge accounts that are certainly one; false only lists them")
    same: list[list[str]] = Field([], description="accounts that are one: [[kept, merged, ...]]")
    keep_apart: list[list[str]] = Field([], description="accounts that are never merged nor listed: [[a, b]]")


class Override(Strict):
    """A tier that people decided; it wins until it expires."""

    account: str = Field(description="account_id or its exact name")
    tier: Tier = Field(description="the tier it gets")
    reason: str = Field(description="why")
    by: str = Field(description="who decided")
    until: dt.date = Field(description="last day on which it counts")


class ContactSettings(Strict):
    """What is kept of people at the customer."""

    names: bool = Field(
        False, description="keep their names; else only ids, levels and functions; phones and e-mails never"
    )


class PublishSettings(Strict):
    """What may be shown to readers."""

    names: bool = Field(
        False, description="show the names of sellers, and of contacts where they are kept, in published pages"
    )


class Settings(Strict):
    """The settings of one client; every key may be left out."""

    files: dict[str, list[FileSpec]] = Field(
        {}, description="table: its files; other tables are found by name and header"
    )
    sum_lines: bool | None = Field(
        None,
        description="true: lines inside orders become one order per order_id; false: the amount on every line of an "
        "order is its total and counts once",
    )
    accounts: Literal["from_file", "from_orders"] = Field(
        "from_file", description="from_orders derives accounts from the orders"
    )
    values: dict[str, dict[str, str | None]] = Field({}, description="field: {value as delivered: canonical value}")
    currency: str | None = Field(None, description="base currency of the report")
    fx_rates: dict[str, Annotated[float, Field(gt=0)]] = Field(
        {}, description="currency: worth of one unit in the base currency"
    )
    margin: float = Field(1.0, gt=0, le=1, description="gross profit per revenue where no cost is delivered")
    horizon_years: float = Field(5.0, gt=0, le=20, description="years of the soil value")
    discount_rate: float = Field(0.10, ge=0, lt=1, description="yearly rate that discounts the soil value")
    merge: MergeSettings = Field(MergeSettings(), description="which accounts are one customer")
    contacts: ContactSettings = Field(ContactSettings(), description="what is kept of people at the customer")
    tiers: TierSettings = Field(TierSettings(), description="how tiers are decided")
    overrides: list[Override] = Field([], description="tiers that people decided")
    thresholds: Thresholds = Field(Thresholds(), description="numbers the kit judges by")
    activity_weights: ActivityWeights = Field(
        ActivityWeights(), description=f"how much a touch of each kind ties two people ({PROPOSED})"
    )
    avoid_places: dict[str, list[str]] = Field(
        {}, description="person of ours (owner_id): cities or regions to work elsewhere; only their number is published"
    )
    language: Language = Field("en", description="language of the pages")
    publish: PublishSettings = Field(PublishSettings(), description="what readers may see")
    keep: int = Field(24, ge=1, description="published runs to keep")
    seed: int = Field(1, ge=0, description="seed of all randomness")

    @property
    def ties(self) -> dict[str, Any]:
        """How much a touch of each kind ties two people and how that fades: knobs of the questions about ties."""
        return {"weights": self.activity_weights.model_dump(), "half_life": self.thresholds.engagement_half_life}

    @model_validator(mode="after")
    def _tables_known(self) -> Settings:
        for table in self.files:
            if table not in schema.tables():
                raise ValueError(f"unknown table '{table}' under files{nearest(table, schema.tables())}")
        return self


class _Plain(yaml.SafeLoader):
    """YAML whose dates stay text: a day that there is not is then told like any other wrong setting."""

    yaml_implicit_resolvers = {
        first: [one for one in found if not one[0].endswith(":timestamp")]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_settings(path: Path | None) -> Settings:
    """Read a client.yaml; no path, or a file that is not there, gives the defaults.

    Raises
    ------
    UsageError
        Not YAML, an unknown key (named, with the nearest known one), or a value that does not fit; all at once.
    """
    if path is None or not path.exists():
        return Settings()
    try:
        text = path.read_text(encoding="utf-8-sig")
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        raw = yaml.load(text, Loader=_Plain) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        where = f"line {place.line + 1}: {getattr(error, 'problem', '')}" if place else "it is not UTF-8 text"
        raise UsageError(f"{path.name} is not readable YAML, {where}") from error
    if not isinstance(raw, dict):
        raise UsageError(f"{path.name} must be lines of 'key: value'")
    if twice := _given_twice(tree):
        raise UsageError(f"{path.name}: " + "; ".join(twice))
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        said = dict.fromkeys(_said(one, tree) for one in error.errors())
        raise UsageError(f"{path.name}: " + "; ".join(said)) from error


def _given_twice(node: yaml.Node | None) -> list[str]:
    """Keys that stand twice under one roof; YAML itself would take the last without a word."""
    if isinstance(node, yaml.SequenceNode):
        return [said for entry in node.value for said in _given_twice(entry)]
    if not isinstance(node, yaml.MappingNode):
        return []
    found, seen = [], dict[str, int]()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.value in seen:
            found.append(f"'{key.value}' stands twice, in lines {seen[key.value]} and {line}: keep one")
        seen.setdefault(str(key.value), line)
        found += _given_twice(value)
    return found


_LINES = "must be lines of 'key: value'"
_EXPECTED = {
    **dict.fromkeys(("float_type", "float_parsing"), "must be a number"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "must be a whole number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "must be true or false"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), _LINES),
    **dict.fromkeys(
        ("date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"),
        "must be a date such as 2025-12-31",
    ),
    "string_type": "must be a text, in quotes where it looks like something else",
    "list_type": "must be a list, a line with - for each",
}


def _said(error: Any, tree: yaml.Node | None) -> str:
    """What is wrong with a setting: its line, its key, what is allowed, and what was found."""
    place = [part for part in error["loc"] if part not in ("str", "int", "[key]")]
    line = _line(tree, place)
    if error["type"] == "extra_forbidden":
        *parents, key = [part for part in place if isinstance(part, str)]
        known = _known_keys(parents)
        hint = nearest(key, known) or f", known are {', '.join(known)}"
        under = f" under {_in_words(place[:-1])}" if place[:-1] else ""
        return f"{line}unknown key '{key}'{under}{hint}"
    expected = "must be a header or the number of a column" if "columns" in place else _EXPECTED.get(error["type"])
    text = f"{expected}, not {error['input']!r}" if expected else re.sub(r"^Value error, ", "", error["msg"])
    if text.startswith("Input should"):
        text = f"{text.replace('Input should', 'must')}, not {error['input']!r}"
    if error["type"] == "literal_error":
        text += nearest(str(error["input"]), re.findall(r"'([^']+)'", error["ctx"]["expected"]))
    text = "is missing" if error["type"] == "missing" else text
    return f"{line}{_in_words(place)}: {text}" if place else text


def _in_words(place: list[Any]) -> str:
    """Where a key stands, as a person would say it: ``files: orders, entry 1: file``."""
    words = [f", entry {part + 1}" if isinstance(part, int) else f": {part}" for part in place]
    return "".join(words).removeprefix(": ")


def _line(node: yaml.Node | None, place: list[Any]) -> str:
    """``line 7, ``: where a key stands in the file, or its nearest parent that is there."""
    line = 0
    for part in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            keys = {key.value: (key, value) for key, value in node.value}
            if str(part) not in keys:
                break
            key, node = keys[str(part)]
            line = key.start_mark.line + 1
    return f"line {line}, " if line else ""


#: What stands under a key, or in each entry of its list.
_UNDER: dict[str, type[BaseModel]] = {
    "files": FileSpec,
    "merge": MergeSettings,
    "contacts": ContactSettings,
    "tiers": TierSettings,
    "overrides": Override,
    "thresholds": Thresholds,
    "activity_weights": ActivityWeights,
    "publish": PublishSettings,
}


def _known_keys(parents: list[str]) -> list[str]:
    return list((_UNDER.get(parents[0], Settings) if parents else Settings).model_fields)


def example() -> str:
    """All settings with their defaults, meaning and source, as a commented client.yaml: ``docs/client.yaml``."""
    lines = [
        "# Every key of client.yaml with its default; each may be left out.",
        "# Generated from mcrlib/settings.py by `make dictionary`; copy the lines you want to change.",
        *_example_of(Settings, ""),
    ]
    return "\n".join(lines) + "\n"


def _example_of(model: type[BaseModel], indent: str) -> list[str]:
    lines = []
    for name, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        extra = field.json_schema_extra
        source = f" ({extra['source']})" if isinstance(extra, dict) else ""
        comment = f"  # {field.description}{source}"
        if isinstance(default, BaseModel):
            lines += [f"{indent}{name}:{comment}", *_example_of(type(default), indent + "  ")]
        else:
            lines.append(f"{indent}{name}: {json.dumps(default)}{comment}")
            entry = _UNDER[name].model_fields if name in _UNDER else {}
            lines += [f"{indent}#   {key}: {one.description or 'required'}" for key, one in entry.items()]
    return lines
