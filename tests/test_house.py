"""The house keeps its measures: small rooms, short functions, no names that say nothing."""

import ast
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "mcrlib"
MODULES = sorted(PACKAGE.rglob("*.py"))


def functions(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(function):
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return function.body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_no_module_is_over_300_lines():
    long = {module.name: len(module.read_text(encoding="utf-8").splitlines()) for module in MODULES}
    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_no_function_is_over_40_lines():
    long = {f"{module.name}:{one.name}": length(one) for module in MODULES for one in functions(module)}
    assert {name: lines for name, lines in long.items() if lines > 40} == {}


def test_every_module_says_what_it_is_in_one_sentence():
    assert [m.name for m in MODULES if not (ast.get_docstring(ast.parse(m.read_text(encoding="utf-8"))) or "")] == []


def test_no_room_has_a_name_that_says_nothing():
    empty = {"utils", "helpers", "common", "core", "misc"}
    assert [module for module in MODULES if module.stem in empty] == []


def public(module):
    """Functions that other rooms may call, and methods of classes that they may hold."""
    for node in ast.parse(module.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from (one for one in node.body if isinstance(one, ast.FunctionDef))


def test_every_public_function_is_documented():
    bare = [
        f"{module.name}:{one.name}"
        for module in MODULES
        for one in public(module)
        if not one.name.startswith(("_", "handle_")) and not ast.get_docstring(one)
    ]
    assert bare == []


def test_the_command_itself_brings_no_models():
    rooms = "cli.report, cli.stage, show.words, show.publish.render, show.publish.walk".replace(", ", ", mcrlib.")
    code = f"import sys, mcrlib.{rooms}; print(*{{'scipy', 'sklearn', 'matplotlib'}} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (said.stdout.strip(), said.stderr.strip()) == ("", "")
