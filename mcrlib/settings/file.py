"""client.yaml as a file: read with every fault named by its line, and written down with all its defaults."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from mcrlib.errors import UsageError, nearest
from mcrlib.settings.keys import Settings


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


def _group(annotation: Any) -> type[BaseModel] | None:
    """The group of keys that an annotation holds: itself, or as the entries of a list or dict."""
    if parts := get_args(annotation):
        return next((found for part in parts if (found := _group(part))), None)
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


#: What stands under a key, or in each entry of its list.
_UNDER = {name: group for name, field in Settings.model_fields.items() if (group := _group(field.annotation))}


def _known_keys(parents: list[str]) -> list[str]:
    return list((_UNDER.get(parents[0], Settings) if parents else Settings).model_fields)


def example() -> str:
    """All settings with their defaults, meaning and source, as a commented client.yaml: ``docs/client.yaml``."""
    lines = [
        "# Every key of client.yaml with its default; each may be left out.",
        "# Generated from mcrlib/settings/keys.py by `make dictionary`; copy the lines you want to change.",
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
