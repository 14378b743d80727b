"""What a run promises to readers and schedulers: parts, own notebooks, failures, kills, and what run.json says."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import psutil
import pytest
from clients import READ, assert_fails, leftovers, mcr, run_own, write_client, write_notebook

from mcrlib.show.publish.release import MANIFEST, hold

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A workspace in which the small client's own notebook was published once."""
    workspace = tmp_path_factory.mktemp("own")
    write_client(workspace)
    result = run_own(workspace, "--param", "word=first")
    assert (result.returncode, result.stderr) == (0, "")
    return workspace


@pytest.fixture
def workspace(published, tmp_path):
    """A copy of that workspace to do harm to."""
    return Path(shutil.copytree(published, tmp_path / "copy", symlinks=True))


@pytest.fixture
def sample(sample_workspace, tmp_path):
    """A copy of the workspace with the sample's whole report."""
    return Path(shutil.copytree(sample_workspace, tmp_path / "sample", symlinks=True))


def latest(workspace: Path, client: str = "acme") -> Path:
    return workspace / "reports" / client / "latest"


def chapters(report: Path) -> list[str]:
    return [chapter["name"] for chapter in json.loads((report / "run.json").read_text())["chapters"]]


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- parts and own notebooks


def test_a_notebook_by_its_file_finds_the_frames_of_the_last_run(sample, tmp_path):
    cells = (
        "from mcrlib.run import Run\nrun = Run.open(client, as_of, workspace, language)",
        "run.table('loaded', run.load('tiers')[['account_id', 'tier']])",
    )
    file = write_notebook(tmp_path / "elsewhere" / "my_view.ipynb", *cells)
    result = mcr("run", "sample", "--workspace", sample, "--notebook", file)
    assert (result.returncode, result.stderr) == (0, "")
    report = latest(sample, "sample")
    assert chapters(report) == ["my_view"]
    assert sorted(path.name for path in (report / "tables").iterdir()) == ["loaded.csv"]
    assert len(pd.read_csv(report / "tables" / "loaded.csv")) == len(
        pd.read_csv(sample / "reports/sample" / first(sample))
    )
    assert "Partial report" in (report / "index.html").read_text(encoding="utf-8")
    assert (sample / "data/sample/work/balance.parquet").exists()


def first(workspace: Path) -> Path:
    """The table of tiers of the whole run."""
    home = workspace / "reports" / "sample"
    return next(home.glob("*/tables/tiers.csv")).relative_to(home)


def test_a_clients_own_notebook_takes_the_place_of_the_kits(workspace):
    write_notebook(workspace / "data/acme/notebooks/01_clean_the_exports.ipynb", READ)
    assert mcr("run", "acme", "--workspace", workspace, "--only", "01").returncode == 0
    assert chapters(latest(workspace)) == ["01_clean_the_exports"]
    assert "A chapter of our own" in (latest(workspace) / "01_clean_the_exports.html").read_text(encoding="utf-8")


def test_a_new_notebook_is_added_and_takes_its_parameters(published):
    report = latest(published)
    assert chapters(report) == ["90_own"]
    assert (report / "tables" / "word.csv").read_text() == "word\nfirst\n"
    assert json.loads((report / "run.json").read_text())["parameters"]["word"] == "first"
    assert_fails(run_own(published, "--param", "wrd=x"), 2, "unknown parameter 'wrd' (did you mean 'word'?)")
    assert_fails(run_own(published, "--param", "client=other"), 2, "use --client for that")


def test_dates_and_languages_are_options_too(published):
    assert_fails(run_own(published, "--param", "as_of=31.12.2024"), 2, "--as-of '31.12.2024' is not a date")
    assert_fails(run_own(published, "--param", "language=fr"), 2, "language 'fr' is not one of en, zh-CN, zh-TW")


# --- a month later


@pytest.fixture(scope="module")
def later(sample_workspace, tmp_path_factory):
    """The chapters that 06 needs, run a month after the sample's report, and what the command said.

    The history is that of a run a month before, made of the sample's own snapshot, so that one run is enough.
    """
    sample = Path(shutil.copytree(sample_workspace, tmp_path_factory.mktemp("later") / "sample", symlinks=True))
    home = sample / "data" / "sample"
    (home / "history" / "2025-12-31").rename(home / "history" / "2025-11-30")
    was = home / "history" / "2025-11-30" / "accounts.parquet"
    then = pd.read_parquet(was)
    then = then.assign(harvest=then["harvest"] * 0.5, crop_value=then["crop_value"] * 2)
    then.loc[then["quadrant"] == "mined", "quadrant"] = "granary"
    then.to_parquet(was, index=False)
    delivered = home / "history" / "2025-11-30" / "delivered.json"
    facts = json.loads(delivered.read_text()) | {"as_of": "2025-11-30"}
    facts["tables"]["orders"]["rows_in"] -= 40
    delivered.write_text(json.dumps(facts))
    return sample, mcr("run", "sample", "--workspace", sample, "--only", "06", "--json")


def test_chosen_chapters_run_with_what_they_need_and_every_page_says_partial(later, sample_report):
    sample, result = later
    assert (result.returncode, result.stderr) == (0, "")
    before = sample / "reports" / "sample" / sample_report.resolve().name
    report = latest(sample, "sample")
    assert chapters(report) == [
        "01_clean_the_exports", "02_know_the_accounts", "03_rank_value_tiers", "04_measure_the_soil",
        "05_count_the_crops", "06_weigh_soil_and_crops",
    ]  # fmt: skip
    assert report.resolve() != before and before.is_dir()
    assert json.loads(result.stdout)["run_id"] == report.resolve().name
    pages = sorted(report.glob("*.html"))
    assert [page.stem for page in pages] == [*chapters(report), "index"]
    assert all("Partial report" in page.read_text(encoding="utf-8") for page in pages)
    assert "Partial report" not in (before / "index.html").read_text(encoding="utf-8")
    same = ("backtest.csv", "crops.csv", "sleepers.csv")
    assert all((report / "tables" / n).read_bytes() == (before / "tables" / n).read_bytes() for n in same)


def test_a_second_run_a_month_later_says_what_changed(later):
    sample, _ = later
    home, report = sample / "data" / "sample", latest(sample, "sample")
    pages = {path.stem[:2]: path.read_text(encoding="utf-8") for path in report.glob("0*.html")}
    assert not [name for name, page in pages.items() if "This is the first run" in page]
    assert "Since 30 Nov 2025, 1 table is not as it was; rows delivered: +40." in pages["01"]
    bridge = pd.read_csv(report / "tables" / "harvest_bridge.csv").set_index("step")["harvest_step"]
    assert bridge["before"] == pytest.approx(bridge["now"] / 2)
    assert bridge["before"] + bridge.iloc[1:-1].sum() == pytest.approx(bridge["now"])
    steps = pd.read_csv(report / "tables" / "soil_steps.csv").set_index("step")["soil_step"]
    assert steps["before"] + steps.iloc[1:-1].sum() == pytest.approx(steps["now"])
    assert "On 30 Nov 2025 we expected" in pages["05"]
    balance = pd.read_parquet(home / "work" / "balance.parquet")
    mined = int((balance["quadrant"] == "mined").sum())
    assert f"Since 30 Nov 2025, {mined} accounts moved to another field. Newly mined ({mined})" in pages["06"]


# --- the same again


def test_the_same_inputs_give_the_same_run_and_its_folder_is_not_written_again(workspace):
    report = latest(workspace).resolve()
    before = {path: path.stat().st_mtime_ns for path in report.rglob("*")}
    assert run_own(workspace, "--param", "word=first").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in report.rglob("*")} == before
    assert sorted(path.name for path in report.parent.iterdir()) == [report.name, "latest"]


# --- failures

FAILURES = [
    ("secret = 'the word'\n1 / 0", [], 4, ("90_own, cell", "ZeroDivisionError", "run.log")),
    ("from mcrlib.errors import Refused\nraise Refused('orders.csv: cannot be')", [], 3, ("orders.csv: cannot be",)),
    ("while True: pass", ["--timeout", 1], 4, ("took longer than the time allowed",)),
]


@pytest.mark.parametrize(("cell", "options", "code", "sentences"), FAILURES)
def test_a_failure_is_one_line_and_leaves_the_latest_report(workspace, cell, options, code, sentences):
    before = content(workspace / "reports")
    write_client(workspace, cell)
    assert_fails(run_own(workspace, *options), code, *sentences)
    assert content(workspace / "reports") == before
    assert leftovers(workspace) == []
    assert (workspace / "data/acme/work/run.json").exists()
    if code == 4 and not options:
        log = (workspace / "data/acme/run.log").read_text(encoding="utf-8")
        assert "Traceback" in log or "died" in log


def test_a_second_run_of_the_same_client_is_sent_away(workspace):
    with hold(workspace, "acme"):
        assert_fails(run_own(workspace), 6, "another run holds the client 'acme'")


def test_a_run_that_is_killed_leaves_the_latest_report_and_the_next_run_is_good(workspace):
    before = content(workspace / "reports")
    pipe = workspace / "pipe"
    os.mkfifo(pipe)
    write_client(workspace, f"import os, time\nopen({str(pipe)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    command = [sys.executable, "-m", "mcrlib.cli", "run", "acme", "--workspace", str(workspace), "--only", "90"]
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    kernel = psutil.Process(int(pipe.read_text()))
    run.send_signal(signal.SIGKILL)
    run.wait()
    kernel.wait(timeout=30)
    assert content(workspace / "reports") == before
    write_client(workspace)
    assert run_own(workspace, "--param", "word=again").returncode == 0
    assert (latest(workspace) / "tables" / "word.csv").read_text() == "word\nagain\n"
    assert leftovers(workspace) == []


def test_a_workspace_that_cannot_be_written_is_the_machines_fault(tmp_path):
    write_client(tmp_path / "there")
    raw = tmp_path / "there/data/acme/raw"
    (tmp_path / "file").touch()
    assert_fails(mcr("run", "acme", "--workspace", tmp_path / "file", "--input", raw), 5, str(tmp_path / "file"))


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process")
def test_a_full_disk_is_said_in_one_line_and_leaves_the_latest_report(workspace):
    before = content(workspace / "reports")
    arguments = ["run", "acme", "--workspace", str(workspace), "--only", "90", "--param", "word=more"]
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)); from mcrlib.cli import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert_fails(result, 5, "too large")
    assert content(workspace / "reports") == before
    assert leftovers(workspace) == []


def test_what_is_missing_is_refused_before_anything_is_made(tmp_path):
    assert_fails(mcr("run", "acme", "--workspace", tmp_path), 3, str(Path("data/acme/raw")), "--input")
    (tmp_path / "empty").mkdir()
    empty = mcr("run", "acme", "--workspace", tmp_path, "--input", tmp_path / "empty")
    assert_fails(empty, 3, "the input folder is empty")
    (tmp_path / "empty" / "accounts.csv").write_text("account_id\nA1\n", encoding="utf-8")
    assert_fails(mcr("run", "acme", "--workspace", tmp_path, "--input", tmp_path / "empty"), 3, "orders.csv", "empty")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["accounts.csv", "acme", "data", "empty", "run.log"]


# --- what is published


def test_run_json_says_all_and_only_what_is_promised(sample_report):
    manifest = json.loads((sample_report / "run.json").read_text(encoding="utf-8"))
    assert tuple(manifest) == MANIFEST
    assert (manifest["client"], manifest["as_of"]) == ("sample", "2025-12-31")
    for counts in manifest["tables"].values():
        assert counts["rows_in"] == counts["rows_kept"] + counts["rows_quarantined"]
    for entry in manifest["inputs"]:
        assert set(entry) == {"file", "sha256", "rows"} and not Path(entry["file"]).is_absolute()
    assert all(set(one) == {"code", "file", "column", "row", "message"} for one in manifest["warnings"])
    assert all(set(one) == {"name", "status", "seconds", "missing"} for one in manifest["chapters"])
    written = {name: hashlib.sha256(data).hexdigest() for name, data in content(sample_report).items()}
    assert {one["file"]: one["sha256"] for one in manifest["outputs"]} == {
        name: digest for name, digest in written.items() if name != "run.json"
    }


def test_the_quarantine_holds_every_row_that_was_set_aside(sample_workspace, sample_report):
    counts = json.loads((sample_report / "run.json").read_text(encoding="utf-8"))["tables"]
    quarantine = pd.read_csv(sample_workspace / "data/sample/clean/quarantine.csv")
    aside = {name: one["rows_quarantined"] for name, one in counts.items() if one["rows_quarantined"]}
    assert quarantine["table"].value_counts().to_dict() == aside


def test_nothing_in_the_report_names_a_place_on_this_machine(sample_workspace, sample_report):
    places = [str(sample_workspace), str(ROOT), str(Path.home()) + os.sep, str(Path(sys.prefix)), ".staging-"]
    for name, data in content(sample_report).items():
        found = [place for place in places if place.encode() in data]
        assert not found, f"{name} names {found}"


def test_a_run_leaves_nothing_behind(sample_workspace):
    assert leftovers(sample_workspace) == []
