"""docs/notebooks.md tells consultants what the kit has: its frames are those of the chapters, its example is code."""

import ast
import re
from pathlib import Path

import pytest

from mcrlib.notebooks import find_notebooks
from mcrlib.show import exhibits, figures

TEXT = (Path(__file__).parents[1] / "docs" / "notebooks.md").read_text(encoding="utf-8")
CELLS = re.findall(r"```python\n(.*?)```", TEXT, flags=re.DOTALL)


def test_every_frame_of_the_chapters_is_told_with_its_chapter():
    told = {
        (frame, chapter)
        for names, chapter in re.findall(r"^\| (`.*?) \| (\d\d) \|", TEXT, flags=re.MULTILINE)
        for frame in re.findall(r"`(\w+)`", names)
    }
    assert told == {(frame, name[:2]) for name, one in find_notebooks().items() for frame in one.makes}


@pytest.mark.parametrize("cell", CELLS)
def test_the_example_calls_what_the_kit_has_in_cells_of_eight_lines(cell):
    assert len(cell.splitlines()) <= 8
    called = [node for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Attribute)]
    for room in (exhibits, figures):
        name = room.__name__.rpartition(".")[2]
        assert all(
            hasattr(room, one.attr) for one in called if isinstance(one.value, ast.Name) and one.value.id == name
        )
