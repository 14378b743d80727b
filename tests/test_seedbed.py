"""Kernels are forked from a process that is warm, knows nothing of a client, and ends with its run."""

import importlib
import os
import sys
import time
from pathlib import Path

import nbformat
import pytest

from mcrlib.notebooks import Notebook, find_notebooks
from mcrlib.show.publish import kernels
from mcrlib.show.publish import seedbed as seedbed_room
from mcrlib.show.publish.execute import execute
from mcrlib.show.publish.seedbed import Seedbed, kit_imports, seedbed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere kernels start cold")


def notebook(folder, name, *cells):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, folder / f"{name}.ipynb")
    return Notebook(folder / f"{name}.ipynb")


def run(tmp_path, *notebooks):
    return execute({n.name: n for n in notebooks}, {}, tmp_path / "executed", log=tmp_path / "run.log", jobs=1)


def said(chapter):
    return "".join(output.text for cell in chapter.notebook.cells for output in cell.outputs)


def children(pid):
    return {int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()}


def test_what_a_notebook_takes_from_the_kit_is_found_and_nothing_else(tmp_path):
    cells = ["import os\nfrom mcrlib.show import figures, words\nfrom pathlib import Path", "%time x", "import mine"]
    assert kit_imports(notebook(tmp_path, "a", *cells)) == [("mcrlib.show", ["figures", "words"])]


def test_the_warm_process_has_one_thread_whatever_the_chapters_import(tmp_path):
    look = notebook(tmp_path, "look", "import os\nprint(len(os.listdir(f'/proc/{os.getppid()}/task')))")
    lines = ["import json"] + [
        f"from {module} import {', '.join(names)}"
        for one in find_notebooks().values()
        for module, names in kit_imports(one)
    ]
    warm = notebook(tmp_path, "warm", "\n".join(lines))
    assert said(run(tmp_path, warm, look)[1]).strip() == "1"


def test_a_chapter_starts_warm_and_shares_nothing_with_the_one_before(tmp_path):
    change = "from mcrlib.show import words\nwords.changed = True\nimport sys, os\nos.environ['CHANGED'] = '1'"
    look = "import os, sys\nprint('mcrlib.show.words' in sys.modules, 'CHANGED' in os.environ)\n"
    look += "from mcrlib.show import words\nprint(hasattr(words, 'changed'))"
    first, second = notebook(tmp_path, "a", change), notebook(tmp_path, "b", look)
    assert said(run(tmp_path, first, second)[1]).split() == ["True", "False", "False"]


def test_a_notebook_finds_its_neighbours_and_the_runs_folder_hides_nothing(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text("word = 'ours'")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "json.py").write_text("raise RuntimeError('the working directory is not looked into')")
    monkeypatch.chdir(elsewhere)
    assert said(run(tmp_path, notebook(tmp_path, "a", "import json, mine\nprint(mine.word)"))[0]) == "ours\n"


def test_a_child_of_a_notebook_can_be_waited_for(tmp_path):
    cell = "import subprocess\nprint(subprocess.run(['sh', '-c', 'exit 3']).returncode)"
    assert said(run(tmp_path, notebook(tmp_path, "a", cell))[0]) == "3\n"


def test_where_nothing_can_be_forked_chapters_start_cold(tmp_path, monkeypatch):
    monkeypatch.setattr(kernels.Seedbed, "plant", lambda self, *_, **__: None)
    assert said(run(tmp_path, notebook(tmp_path, "a", "print('here')"))[0]) == "here\n"


def test_a_seedbed_that_died_gives_nothing_and_stops_nobody(tmp_path):
    with seedbed([]) as warm, (tmp_path / "log").open("w") as log:
        assert isinstance(warm, Seedbed)
        warm._process.kill()
        warm._process.wait()
        assert warm.plant([], log, argv=[], env={}, cwd=str(tmp_path)) is None


def test_what_grew_from_a_seedbed_ends_with_it(tmp_path):
    with seedbed([]) as warm, (tmp_path / "log").open("w") as log:
        planted = warm.plant([], log, argv=["kernel", "-f", str(tmp_path / "k.json")], env={}, cwd=str(tmp_path))
        assert planted.poll() is None
        assert children(warm._process.pid) == {planted.pid}
    assert planted.wait() == 1
    for _ in range(50):
        if not os.path.exists(f"/proc/{planted.pid}"):
            break
        time.sleep(0.02)
    assert not os.path.exists(f"/proc/{planted.pid}")


def test_what_chapters_ask_is_there_to_be_asked_and_remembered():
    for module, question, about in seedbed_room._ASKED:
        answer = getattr(importlib.import_module(module), question)
        assert answer(*about) == answer(*about)


def test_the_time_of_a_chapter_counts_as_time_of_the_run(tmp_path):
    before = os.times()
    run(tmp_path, notebook(tmp_path, "a", "import time\nwhile time.process_time() < 1:\n    pass"))
    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system > 1
