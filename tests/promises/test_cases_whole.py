"""Some of the shared bad-input cases from the command to the published page, by the judge that comes with them.

All are read in ``test_cases``, and hostile words published in ``test_hostile``; the judge's run over all cases is made
by hand: see the README of the cases.
"""

import importlib.util
import shlex
import shutil
import sys
from pathlib import Path

import pytest

CASES = Path(__file__).parents[3] / "shared" / "cases"
CHOSEN = [
    "c01_one_account",
    "c12_row_order_shuffled",
    "n07_mixed_currencies",
    "p05_client_dash",
    "p13_client_url",
    "s06_missing_required_table",
    "s39_truncated_download",
    "x11_zip_bomb",
]
COMMAND = (
    f"{shlex.quote(sys.executable)} -m mcrlib.cli run "
    "--client={client} --input={input} --workspace={ws} --as-of={as_of} --only 01,03"
)

pytestmark = pytest.mark.skipif(not (CASES / "run_cases.py").exists(), reason="the shared cases are not here")


@pytest.fixture(scope="module")
def judge():
    """The cases' own judge; its time limits are for a machine that does nothing else, so they are wider here."""
    spec = importlib.util.spec_from_file_location("run_cases", CASES / "run_cases.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    execute = module.execute
    module.execute = lambda command, limit, **options: execute(command, 5 * limit, **options)
    return module.judge


@pytest.fixture(scope="module")
def base(judge, tmp_path_factory):
    """The workspace of the base case, which other cases must equal, or leave alone."""
    folder = tmp_path_factory.mktemp("base")
    *_, faults, _, _ = judge(str(CASES / "inputs" / "b00_base"), COMMAND, None, str(folder))
    assert [fault for fault in faults if "differs" not in fault] == []
    shutil.move(folder / "ws", folder / "kept")
    return str(folder / "kept")


@pytest.mark.parametrize("case", CHOSEN)
def test_from_the_command_to_the_page(case, judge, base, tmp_path):
    _, verdict, faults, _, _ = judge(str(CASES / "inputs" / case), COMMAND, base, str(tmp_path))
    assert (verdict, faults) == (verdict, [])
