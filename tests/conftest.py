"""What tests share: one report of the bundled sample, made once by the command line."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which ``mcr run sample`` has been run once, whatever the number of test workers; only to read."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    done, workspace = folder / "sample.done", folder / "sample"
    with (folder / "sample.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(workspace, ignore_errors=True)
            _run_sample(workspace)
            done.touch()
    return workspace


def _run_sample(workspace: Path) -> None:
    shutil.copytree(SAMPLE / "raw", workspace / "data" / "sample" / "raw")
    shutil.copy(SAMPLE / "client.yaml", workspace / "data" / "sample")
    command = [sys.executable, "-m", "mcrlib.cli", "run", "sample", "--workspace", str(workspace)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert (result.returncode, result.stderr) == (0, ""), result.stderr


@pytest.fixture(scope="session")
def sample_report(sample_workspace: Path) -> Path:
    """The published report of the bundled sample."""
    return sample_workspace / "reports" / "sample" / "latest"
