"""Notebooks run in the order of their frames, with the parameters they declare, and never end in silence."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

import nbformat
import pytest

from mcrlib.errors import EnvironmentFailed, NotebookFailed, Refused, UsageError
from mcrlib.notebooks import Notebook
from mcrlib.show.publish.execute import Chapter, _in_order, _ready, execute
from mcrlib.show.publish.kernels import Kernels
from mcrlib.show.publish.parameters import declared, fit_parameters

LINES = "client = 'sample'\nas_of = None\nn = 3\nshare = 0.5\nfull: bool = False\nlabel: str | None = None"


def notebook(folder: Path, name: str, *cells: str, parameters: str | None = None, **frames: list[str]) -> Notebook:
    made = nbformat.v4.new_notebook(metadata={"mcr": frames})
    if parameters is not None:
        made.cells.append(nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}))
    made.cells += [nbformat.v4.new_code_cell(textwrap.dedent(source)) for source in cells]
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, folder / f"{name}.ipynb")
    return Notebook(folder / f"{name}.ipynb")


def run(
    tmp_path: Path, *notebooks: Notebook, parameters: dict[str, Any] | None = None, **options: Any
) -> list[Chapter]:
    named = {one.name: one for one in notebooks}
    return execute(named, parameters or {}, tmp_path / "executed", log=tmp_path / "run.log", **options)


# --- parameters


def test_parameters_are_read_without_running_the_cell(tmp_path):
    found = declared(notebook(tmp_path, "a", parameters=LINES))
    assert found == {"client": "sample", "as_of": None, "n": 3, "share": 0.5, "full": False, "label": None}


@pytest.mark.parametrize("source", ["import os", "n = len('x')", "a = b = 1", "x["])
def test_a_parameters_cell_that_computes_is_refused(tmp_path, source):
    with pytest.raises(UsageError, match=r"a\.ipynb: the parameters cell may only hold lines like"):
        declared(notebook(tmp_path, "a", parameters=source))


@pytest.mark.parametrize(
    ("name", "given", "fitted"),
    [
        ("client", "001", "001"),
        ("as_of", "2024-01-31", "2024-01-31"),
        ("as_of", None, None),
        ("n", "007", 7),
        ("share", "1", 1.0),
        ("full", "false", False),
        ("full", "Yes", True),
        ("label", "001", "001"),
    ],
)
def test_a_value_takes_the_type_of_its_default(tmp_path, name, given, fitted):
    value = fit_parameters({"a": notebook(tmp_path, "a", parameters=LINES)}, {name: given})["a"][name]
    assert (value, type(value)) == (fitted, type(fitted))


@pytest.mark.parametrize(
    ("name", "given", "kind"),
    [
        ("n", "1.5", "a whole number"),
        ("n", 1.5, "a whole number"),
        ("n", True, "a whole number"),
        ("share", "nan", "a number"),
        ("full", "maybe", "true or false"),
        ("client", 1, "a text"),
        ("as_of", ["2024"], "a text or a number"),
    ],
)
def test_a_value_of_another_kind_is_refused(tmp_path, name, given, kind):
    with pytest.raises(UsageError, match=f"parameter '{name}' must be {kind}, not"):
        fit_parameters({"a": notebook(tmp_path, "a", parameters=LINES)}, {name: given})


def test_unknown_names_are_refused_with_the_nearest_one(tmp_path):
    one = notebook(tmp_path, "a", parameters="horizon = 5")
    with pytest.raises(
        UsageError, match=r"'horizn' \(did you mean 'horizon'\?\); unknown parameter 'x=1; import os': .* declare"
    ):
        fit_parameters({"a": one}, {"horizn": "1", "x=1; import os": "1"})


def test_a_notebook_that_declares_fewer_gets_fewer(tmp_path):
    notebooks = {"a": notebook(tmp_path, "a", parameters="client = ''"), "b": notebook(tmp_path, "b")}
    assert fit_parameters(notebooks, {"client": "x", "language": "en"}) == {"a": {"client": "x"}, "b": {}}


# --- order


def test_a_notebook_waits_for_those_that_make_what_it_needs(tmp_path):
    notebooks = {
        "00": notebook(tmp_path, "00", needs=["tiers", "soil"]),
        "01": notebook(tmp_path, "01", makes=["accounts"]),
        "03": notebook(tmp_path, "03", needs=["accounts", "from_elsewhere"], makes=["tiers"]),
        "04": notebook(tmp_path, "04", needs=["accounts", "soil"], makes=["soil"]),
    }
    assert _ready(notebooks, list(notebooks), set()) == ["01"]
    assert _ready(notebooks, ["00", "03", "04"], set()) == ["03", "04"]
    assert _ready(notebooks, ["00"], {"04"}) == []
    assert _ready(notebooks, ["00"], set()) == ["00"]


def test_a_notebook_waits_for_what_it_can_do_without_only_where_the_run_makes_it(tmp_path):
    summary = notebook(tmp_path, "00", uses=["organisation"])
    maker = notebook(tmp_path, "08", makes=["organisation"])
    assert _ready({"00": summary, "08": maker}, ["00", "08"], set()) == ["08"]
    assert _ready({"00": summary}, ["00"], set()) == ["00"]


def test_notebooks_that_need_each_other_are_refused(tmp_path):
    a = notebook(tmp_path, "a", needs=["y"], makes=["x"])
    b = notebook(tmp_path, "b", needs=["x"], makes=["y"])
    with pytest.raises(UsageError, match="need each other's frames: a, b"):
        run(tmp_path, a, b)


# --- running


def test_chapters_hand_on_and_come_back_in_the_order_given(tmp_path):
    odd = tmp_path / "a {client} folder"
    first = notebook(
        odd,
        "02_first",
        "import pathlib, os\npathlib.Path(workspace, 'x').write_text(client)",
        "from IPython.display import display\n"
        "display({'text/html': 'needs cases'}, raw=True, metadata={'mcr': {'missing': ['cases.opened_date']}})",
        parameters="client = ''\nworkspace = '..'\nn = 1",
        makes=["x"],
    )
    second = notebook(
        odd,
        "00_second",
        "import pathlib\nassert pathlib.Path(workspace, 'x').read_text() == '001'\nassert n == 7",
        parameters="workspace = '..'\nn = 1",
        needs=["x"],
    )
    told: list[tuple[str, str | None]] = []
    chapters = run(
        tmp_path,
        second,
        first,
        parameters={"client": "001", "as_of": None, "workspace": str(tmp_path), "language": "en", "n": "7"},
        tell=lambda name, chapter: told.append((name, chapter and chapter.status)),
    )
    assert [(c.name, c.status, c.missing) for c in chapters] == [
        ("00_second", "ok", []),
        ("02_first", "missing", ["cases.opened_date"]),
    ]
    assert told == [("02_first", None), ("02_first", "missing"), ("00_second", None), ("00_second", "ok")]
    assert sorted(p.name for p in (tmp_path / "executed").iterdir()) == ["00_second.ipynb", "02_first.ipynb"]


def test_nothing_is_printed_and_the_log_takes_the_noise(tmp_path, capfd):
    noisy = notebook(tmp_path, "a", "import os\nos.write(2, b'noise from below')", parameters="x: int | None = None")
    run(tmp_path, noisy, parameters={"x": 3})
    assert capfd.readouterr() == ("", "")
    log = (tmp_path / "run.log").read_text()
    assert "noise from below" in log and "Passed unknown parameter" in log
    assert "without encryption" not in log


@pytest.mark.parametrize(
    ("source", "kind", "sentence"),
    [
        (
            "from mcrlib.errors import Complaint, Refused\n"
            "raise Refused([Complaint('x', 'two day orders', 'orders.csv', 'date', 3), Complaint('y', 'no key')])",
            Refused,
            r"^orders.csv, column date, row 3: two day orders; no key$",
        ),
        ("from mcrlib.errors import UsageError\nraise UsageError('say what')", UsageError, "^say what$"),
        ("raise OSError(28, 'No space left on device')", EnvironmentFailed, "a: OSError: .*No space left"),
        ("raise MemoryError('6 GB')", EnvironmentFailed, "a: MemoryError: 6 GB"),
        ("x = 1\n1 / 0", NotebookFailed, r"^a, cell 'x = 1': ZeroDivisionError: division by zero$"),
        ("import sys\nsys.exit(0)", NotebookFailed, "^a, cell 'import sys': left the notebook before its end$"),
        ("import sys\nsys.exit(3)", NotebookFailed, "^a, cell 'import sys': SystemExit: 3$"),
        ("import os\nos._exit(1)", NotebookFailed, "^a, cell 'import os': its Python process died"),
        ("while True: pass", NotebookFailed, "^a, cell 'while True: pass': took longer than the time allowed"),
    ],
)
def test_every_way_to_stop_is_one_sentence_of_the_right_kind(tmp_path, source, kind, sentence):
    with pytest.raises(kind, match=sentence):
        run(tmp_path, notebook(tmp_path, "a", source, "'not reached'"), timeout=2)


def test_the_traceback_goes_to_the_log(tmp_path):
    with pytest.raises(NotebookFailed):
        run(tmp_path, notebook(tmp_path, "a", "def divide():\n    return 1 / 0", "divide()"))
    assert "in divide()" in (tmp_path / "run.log").read_text()


def test_a_failure_ends_the_notebooks_that_still_run(tmp_path):
    bad = notebook(tmp_path, "a", "1 / 0")
    start = f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))"
    slow = notebook(tmp_path, "b", start, "time.sleep(600)")
    with pytest.raises(NotebookFailed, match="^a, cell '1 / 0'"):
        run(tmp_path, bad, slow)
    if (tmp_path / "pid").exists():
        with pytest.raises(ProcessLookupError):
            os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.skipif(os.name != "posix", reason="signals of a scheduler")
def test_sigterm_leaves_no_kernel_behind(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    notebook(tmp_path, "a", f"import os, time\nopen({str(pipe)!r}, 'w').write(str(os.getpid()))", "time.sleep(600)")
    driver = f"""
        from pathlib import Path
        from mcrlib.notebooks import Notebook
        from mcrlib.show.publish.execute import execute
        root = Path({str(tmp_path)!r})
        execute({{"a": Notebook(root / "a.ipynb")}}, {{}}, root / "executed", log=root / "run.log")
    """
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(driver)])
    kernel = int(pipe.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(kernel, 0)


def test_what_a_killed_run_left_is_swept_and_a_living_one_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "mcr-kernels-dead").mkdir()
    (tmp_path / "mcr-kernels-dead" / "alive").write_text("locked")
    (tmp_path / "mcr-kernels-young").mkdir()
    (tmp_path / "mcr-kernels-young" / "alive").touch()
    with Kernels(sys.stderr) as living, Kernels(sys.stderr) as other:
        assert set(os.listdir(tmp_path)) == {"mcr-kernels-young", living.home.name, other.home.name}
    assert os.listdir(tmp_path) == ["mcr-kernels-young"]


def test_a_run_is_over_in_order_even_when_jobs_exceed_notebooks(tmp_path):
    class Kernels:
        closed = False

    notebooks = {name: notebook(tmp_path, name) for name in "abc"}
    chapters = _in_order(notebooks, lambda name: Chapter(name, name, "ok", 0.0), 8, Kernels())  # type: ignore[arg-type]
    assert set(chapters) == set("abc")
