"""Which parameters a notebook takes, and the values it is given: names from an allow-list, types from the defaults."""

from __future__ import annotations

import ast
import math
from typing import Any

from mcrlib.errors import UsageError, nearest
from mcrlib.notebooks import Notebook

#: Given to every notebook that declares them.
STANDARD = ("client", "as_of", "workspace", "language")
_WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def declared(notebook: Notebook) -> dict[str, Any]:
    """The parameters that a notebook declares in its cell tagged ``parameters``, with their defaults.

    Raises
    ------
    UsageError
        The cell holds something other than ``name = literal`` lines.
    """
    found: dict[str, Any] = {}
    for cell in notebook.content["cells"]:
        if cell["cell_type"] == "code" and "parameters" in cell.get("metadata", {}).get("tags", ()):
            source = cell["source"]
            found |= _literals("".join(source), notebook.path.name)
    return found


def fit_parameters(notebooks: dict[str, Notebook], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each notebook gets of the given parameters: only what it declares, in the type of its default.

    Parameters
    ----------
    notebooks : dict
        By name.
    given : dict
        Values by name; a text such as ``"001"`` stays a text where the default is a text or None.

    Raises
    ------
    UsageError
        A name that no notebook declares, or a value that does not fit; all at once.
    """
    known = {name: declared(notebook) for name, notebook in notebooks.items()}
    names = sorted(set(STANDARD).union(*known.values()))
    others = f": the notebooks declare {', '.join(names)}; settings stand in client.yaml"
    wrong = [f"unknown parameter '{name}'{nearest(name, names) or others}" for name in given if name not in names]
    fitted: dict[str, dict[str, Any]] = {}
    for notebook, defaults in known.items():
        fitted[notebook] = {}
        for name in defaults.keys() & given.keys():
            try:
                fitted[notebook][name] = _typed(given[name], defaults[name])
            except ValueError:
                wrong.append(f"parameter '{name}' must be {_kind(defaults[name])}, not {given[name]!r}")
    if wrong:
        raise UsageError("; ".join(dict.fromkeys(wrong)))
    return fitted


def _literals(source: str, file: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    try:
        for line in ast.parse(source).body:
            match line:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    found[name] = ast.literal_eval(value)
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                    found[name] = ast.literal_eval(value)
                case _:
                    raise ValueError("not an assignment")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"{file}: the parameters cell may only hold lines like name = 'value'") from error
    return found


def _typed(value: Any, default: Any) -> Any:
    """The value in the type of the default; ValueError where it does not fit."""
    if value is None or default is None:
        if value is None or isinstance(value, str | bool | int | float):
            return value
    elif isinstance(default, bool):
        return _WORDS[value.lower()] if isinstance(value, str) and value.lower() in _WORDS else _instance(value, bool)
    elif isinstance(default, int) and not isinstance(value, bool | float):
        return int(value)
    elif isinstance(default, float) and not isinstance(value, bool):
        number = float(value)
        if math.isfinite(number):
            return number
    elif isinstance(default, str):
        return _instance(value, str)
    raise ValueError(value)


def _instance(value: Any, kind: type) -> Any:
    if not isinstance(value, kind):
        raise ValueError(value)
    return value


def _kind(default: Any) -> str:
    kinds = {
        bool: "true or false",
        int: "a whole number",
        float: "a number",
        str: "a text",
        type(None): "a text or a number",
    }
    return kinds.get(type(default), "left as it is (lists cannot be set from outside)")
