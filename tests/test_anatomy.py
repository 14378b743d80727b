"""The kit's notebooks keep their anatomy: thin, in order, without outputs."""

import ast
import json
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return json.loads(request.param.read_text(encoding="utf-8"))


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def tagged(notebook, tag):
    return [cell for cell in notebook["cells"] if tag in cell["metadata"].get("tags", ())]


def test_it_is_committed_without_outputs(notebook):
    assert [cell for cell in code(notebook) if cell["outputs"] or cell["execution_count"]] == []
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_no_cell_is_over_eight_lines_and_none_defines_anything(notebook):
    for cell in code(notebook):
        source = "".join(cell["source"])
        assert len([line for line in source.splitlines() if line.strip()]) <= 8, source
        defined = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, defined)], source


def test_it_starts_with_a_title_and_the_parameters(notebook):
    assert "".join(notebook["cells"][0]["source"]).startswith("# ")
    parameters = tagged(notebook, "parameters")
    assert len(parameters) == 1
    names = [line.split(" = ")[0] for line in "".join(parameters[0]["source"]).splitlines()]
    assert names[:4] == ["client", "as_of", "workspace", "language"]


def test_it_says_so_what_checks_itself_and_ends_with_its_method(notebook):
    assert len(tagged(notebook, "so-what")) == 1
    assert any("exhibits.check(" in "".join(cell["source"]) for cell in code(notebook))
    assert notebook["cells"][-1]["metadata"]["tags"] == ["method"]


def test_sections_are_questions_or_orders_of_one_idea(notebook):
    headings = [
        line
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for line in "".join(cell["source"]).splitlines()
        if line.startswith("## ")
    ]
    assert len(headings) >= 3
    assert len(headings) == len(set(headings))
