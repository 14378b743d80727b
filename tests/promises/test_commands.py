"""The command line keeps its promises: names, exit codes, one line per failure, nothing overwritten."""

import json
import re
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import typer

from mcrlib import cli
from mcrlib.notebooks import find_notebooks

SAMPLE = Path(__file__).parents[2] / "data" / "sample" / "raw"


@dataclass(frozen=True)
class Left:
    """How a command left, as a process tells it."""

    returncode: int
    stdout: str
    stderr: str


def mcr(*arguments):
    """The command in this process; as a process of its own it is called in ``test_runs`` and ``test_backtests``."""
    with redirect_stdout(StringIO()) as said, redirect_stderr(StringIO()) as failed, pytest.raises(SystemExit) as left:
        cli.main([*map(str, arguments)])
    return Left(left.value.code, said.getvalue(), failed.getvalue())


def assert_fails(result, exit_code, sentence):
    lines = result.stderr.strip().splitlines()
    assert (result.returncode, len(lines)) == (exit_code, 1), result.stderr
    assert sentence in lines[0]


def test_the_version_is_told():
    assert mcr("--version").stdout.startswith("mcr 0.")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["run", "acme", "--workspac", "x"], "no option --workspac (did you mean '--workspace'?)"),
        (["rum", "acme"], "there is no command 'rum' (did you mean 'run'?)"),
        (["run", "acme", "--timeout", "x"], "--timeout must be a whole number"),
        (["run", "acme", "--jobs", "0"], "--jobs must be 1 or more"),
        (["run", "acme", "--pdf=3"], "--pdf takes no value"),
        (["run", "acme", "--jobs"], "--jobs needs a value"),
        (["run"], "name one client"),
        (["run", "--client=--help"], "client name '--help' is not allowed"),
        (["run", "../acme"], "client name '../acme' is not allowed"),
        (["run", "acme", "--as-of", "31.12.2025"], "--as-of '31.12.2025' is not a date"),
        (["run", "acme", "--config", "nowhere.yaml"], "--config nowhere.yaml: there is no such file"),
        (["run", "acme", "--param", "x"], "--param 'x' must be NAME=VALUE"),
        (["run", "acme", "--only", "77"], "there is no notebook '77'"),
        (["run", "acme", "--notebook", "nowhere.ipynb"], "--notebook nowhere.ipynb: there is no such file"),
        (["run", "acme", "--param", "clent=x"], "did you mean 'client'?"),
        (["check", "acme", "--param", "as_off=2025-01-31"], "unknown parameter 'as_off' (did you mean 'as_of'?)"),
        (
            ["backtest", "acme", "--cutoff", "2025-01-31", "--horizon-days", "9", "--param", "langage=en"],
            "unknown parameter 'langage' (did you mean 'language'?)",
        ),
        (["adapt", "acme", "3_rank"], "there is no notebook '3_rank'"),
    ],
)
def test_a_wrong_call_is_refused_by_name(tmp_path, arguments, sentence):
    workspace = [] if arguments[-1] in ("x", "--jobs") or arguments[0] == "rum" else ["--workspace", tmp_path]
    assert_fails(mcr(*arguments, *workspace), 2, sentence)


def test_a_missing_input_folder_is_refused_by_name(tmp_path):
    assert_fails(mcr("run", "acme", "--workspace", tmp_path), 3, str(Path("data") / "acme" / "raw"))
    assert_fails(mcr("check", "acme", "--workspace", tmp_path), 3, str(Path("data") / "acme" / "raw"))
    (tmp_path / "data" / "acme" / "raw").mkdir(parents=True)
    assert_fails(mcr("check", "acne", "--workspace", tmp_path), 3, "(did you mean 'acme'?)")


def test_an_unknown_key_of_the_settings_is_refused_by_name(tmp_path):
    (tmp_path / "c.yaml").write_text("margn: 0.4\n")
    result = mcr("check", "acme", "--workspace", tmp_path, "--input", SAMPLE, "--config", tmp_path / "c.yaml")
    assert_fails(result, 2, "unknown key 'margn' (did you mean 'margin'?)")


def test_check_reads_and_writes_nothing(tmp_path):
    config = SAMPLE.parent / "client.yaml"
    result = mcr("check", "acme", "--workspace", tmp_path, "--input", SAMPLE, "--config", config, "--json")
    facts = json.loads(result.stdout)
    assert facts["tables"]["orders"]["rows_kept"] > 0
    for counts in facts["tables"].values():
        assert counts["rows_in"] == counts["rows_kept"] + counts["rows_quarantined"]
    assert list(tmp_path.iterdir()) == []


def test_new_copies_the_exports_and_never_overwrites(tmp_path):
    assert mcr("new", "acme", "--from", SAMPLE, "--workspace", tmp_path).returncode == 0
    home = tmp_path / "data" / "acme"
    assert sorted(p.name for p in (home / "raw").iterdir()) == sorted(p.name for p in SAMPLE.iterdir())
    asked = re.findall(r"for chapter ([\d, ]+)\)", (home / "client.yaml").read_text(encoding="utf-8"))
    assert {one for few in asked for one in few.split(", ")} <= {name[:2] for name in find_notebooks()}
    assert mcr("check", "acme", "--workspace", tmp_path).returncode == 0
    assert_fails(mcr("new", "acme", "--from", SAMPLE, "--workspace", tmp_path), 2, "never overwritten")


def test_adapt_gives_the_client_a_notebook_once(tmp_path):
    (tmp_path / "data" / "acme").mkdir(parents=True)
    assert_fails(mcr("adapt", "acne", "03", "--workspace", tmp_path), 2, "did you mean 'acme'?")
    assert mcr("adapt", "acme", "03", "--workspace", tmp_path).returncode == 0
    assert (tmp_path / "data" / "acme" / "notebooks" / "03_rank_value_tiers.ipynb").exists()
    assert_fails(mcr("adapt", "acme", "03", "--workspace", tmp_path), 2, "never overwritten")


def test_list_says_where_there_is_nothing(tmp_path):
    assert "no client in" in mcr("list", "--workspace", tmp_path).stdout
    assert_fails(mcr("list", "--workspace", tmp_path / "nowhere"), 2, "there is no such folder")


def test_purge_asks_first_and_removes_one_client_only(tmp_path):
    for client in ("acme", "other"):
        shutil.copytree(SAMPLE, tmp_path / "data" / client / "raw")
    assert_fails(mcr("purge", "acme", "--workspace", tmp_path), 2, "say --yes")
    assert mcr("purge", "acme", "--workspace", tmp_path, "--yes").returncode == 0
    assert [p.name for p in (tmp_path / "data").iterdir()] == ["other"]
    assert_fails(mcr("purge", "acme", "--workspace", tmp_path, "--yes"), 2, "no client 'acme'")


def test_list_names_clients_and_their_latest_report(tmp_path):
    (tmp_path / "data" / "acme").mkdir(parents=True)
    facts = json.loads(mcr("list", "--workspace", tmp_path, "--json").stdout)
    assert facts == {"clients": [{"client": "acme", "as_of": None, "runs": 0, "warnings": 0, "report": None}]}


def test_an_unknown_client_is_told_the_near_one_that_has_exports(tmp_path):
    (tmp_path / "data" / "acme" / "raw").mkdir(parents=True)
    (tmp_path / "data" / "bolt").mkdir()
    assert_fails(mcr("check", "acne", "--workspace", tmp_path), 3, "input folder (did you mean 'acme'?): put")
    assert_fails(mcr("check", "bolt", "--workspace", tmp_path), 3, "no such input folder: put the exports there")


def test_who_stops_a_run_is_told_that_the_report_stands(monkeypatch):
    def stopped(**_):
        raise typer.Abort

    monkeypatch.setattr(cli, "app", stopped)
    assert_fails(mcr("run", "acme"), 130, "mcr: stopped; a report that was published before is as it was")
