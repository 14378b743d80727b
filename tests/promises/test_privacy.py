"""A pseudonymised run shows nobody: no id, name, mail or key, and the same numbers as the plain run."""

from __future__ import annotations

import html
import re
import secrets
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from clients import assert_fails, mcr, run_own, write_client

from mcrlib import schema
from mcrlib.read.pseudonyms import pseudonym, token

#: Columns whose words must not be found anywhere; ids are looked for in every table.
TOLD = {
    *("account_name", "parent_account_name", "owner_name", "manager", "contact_name", "opportunity_name", "email"),
    *("contract_name", "domain", "subject", "verbatim", "root_cause", "text", "product_name", "competitor"),
}


@pytest.fixture(scope="module")
def key(tmp_path_factory):
    path = tmp_path_factory.mktemp("elsewhere") / "key"
    path.write_text(secrets.token_hex(32) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def hidden(sample_workspace, tmp_path_factory, key):
    """A workspace with a pseudonymised run of the sample."""
    workspace = tmp_path_factory.mktemp("hidden")
    home, source = workspace / "data" / "sample", sample_workspace / "data" / "sample"
    shutil.copytree(source / "raw", home / "raw")
    shutil.copy(source / "client.yaml", home)
    result = mcr("run", "sample", "--workspace", workspace, "--pseudonymise", "--key-file", key)
    assert (result.returncode, result.stderr) == (0, "")
    return workspace


def renamed(frame: pd.DataFrame, key: bytes) -> pd.DataFrame:
    """A published table of the plain run under its pseudonyms."""
    ids = {
        column: frame[column].map(lambda text: token(key, text), na_action="ignore")
        for column in ("account_id", "group_id", "owner_id")
        if column in frame
    }
    names = frame["account_name"].map(lambda text: pseudonym(key, text, "Account"), na_action="ignore")
    return frame.assign(**ids, account_name=names).sort_values("account_id", ignore_index=True)


def secrets_of(clean: Path) -> set[str]:
    """Every id, name and free text of the plain clean tables that is long enough to be looked for."""
    found: set[str] = set()
    for path in clean.glob("*.parquet"):
        frame = pd.read_parquet(path)
        for column in schema.tables()[path.stem].columns.values():
            if column.name in TOLD or (column.kind == "id" and column.name != "scope_id"):
                found |= set(frame[column.name].dropna().astype(str))
    return {text for text in found if len(text) > 3}


def contacts_of(raw: Path) -> set[str]:
    """The people at the customers that the sample's export names, but for namesakes among our own."""
    people = pd.read_csv(raw / "contacts.csv", sep=";")["Full Name"]
    ours = pd.read_csv(raw / "owners.csv")["Full Name"]
    return {name for name in people if len(name) > 2} - set(ours)


def files_of(workspace: Path) -> list[Path]:
    """All that a run wrote."""
    home = workspace / "data/sample"
    places = [workspace / "reports", *(path for path in home.iterdir() if path.name not in ("raw", "client.yaml"))]
    return [path for place in places for path in (place.rglob("*") if place.is_dir() else [place]) if path.is_file()]


def words_of(path: Path) -> str:
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path)
        return "\n".join(str(text) for column in frame for text in frame[column].drop_duplicates())
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as workbook:
            sheets = "\n".join(workbook.read(part).decode() for part in workbook.namelist())
        return html.unescape(re.sub(r' r="[A-Z]+[0-9]+"', "", sheets))  # a cell's place, such as G1289, is no id
    return re.sub(r"base64,[A-Za-z0-9+/=\s]+", "", path.read_text(encoding="utf-8"))


def test_nobody_is_named_anywhere(hidden, sample_workspace, key):
    home = sample_workspace / "data/sample"
    plain = secrets_of(home / "clean") | contacts_of(home / "raw") | {key.read_text().strip(), str(key)}
    assert len(plain) > 10_000
    simple = {text for text in plain if re.fullmatch(r"[\w.@-]+", text)}
    files = files_of(hidden)
    assert {path.suffix for path in files} >= {".html", ".csv", ".json", ".parquet", ".log"}
    for path in files:
        words = words_of(path)
        told = simple & set(re.findall(r"[\w.@-]+", words)) | {text for text in plain - simple if text in words}
        assert not told, f"{path.relative_to(hidden)} tells {sorted(told)[:5]}"


def test_the_contacts_of_a_plain_run_have_no_names(sample_workspace):
    people = contacts_of(sample_workspace / "data/sample/raw")
    assert len(people) > 300
    for path in files_of(sample_workspace):
        words = words_of(path)
        assert not (told := [name for name in people if name in words]), f"{path} tells {sorted(told)[:5]}"


def test_the_numbers_are_those_of_the_plain_run(hidden, sample_report, key):
    read = key.read_bytes().strip()
    plain = renamed(pd.read_csv(sample_report / "tables/accounts.csv", dtype={"owner_id": str}), read)
    told = pd.read_csv(hidden / "reports/sample/latest/tables/accounts.csv").sort_values(
        "account_id", ignore_index=True
    )
    exact = ["account_id", "account_name", "group_id", "owner_id", "tier", "harvest", "verdict", "quadrant", "n_orders"]
    pd.testing.assert_frame_equal(told[exact], plain[exact], check_exact=True)
    fitted = ["crop_value", "soil_value", "soil_low", "soil_high", "p_alive", "fertility"]
    pd.testing.assert_frame_equal(told[fitted], plain[fitted], rtol=1e-5)


def test_the_rows_set_aside_are_found_without_their_words(hidden, sample_workspace):
    plain, told = (
        pd.read_csv(workspace / "data/sample/clean/quarantine.csv", dtype=str, keep_default_na=False)
        for workspace in (sample_workspace, hidden)
    )
    where = ["table", "file", "row", "column", "code"]
    pd.testing.assert_frame_equal(told[where], plain[where])
    assert set(told["raw"]) == {""}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--pseudonymise"], "go together"),
        (["--key-file", "key"], "go together"),
        (["--pseudonymise", "--key-file", "nowhere"], "there is no such file"),
        (["--pseudonymise", "--key-file", "short"], "the key has 5 characters and needs 32"),
        (["--pseudonymise", "--key-file", "inside"], "lies inside the workspace"),
    ],
)
def test_a_key_that_protects_nothing_is_refused(tmp_path, options, sentence):
    workspace = tmp_path / "workspace"
    write_client(workspace)
    (tmp_path / "short").write_text("short\n")
    (workspace / "inside").write_text("x" * 64)
    places = {"short": tmp_path / "short", "inside": workspace / "inside", "nowhere": tmp_path / "nowhere"}
    assert_fails(run_own(workspace, *(places.get(one, one) for one in options)), 2, sentence)
    assert not (workspace / "reports").exists()


def test_plain_and_pseudonymised_frames_are_never_mixed(hidden, key, tmp_path):
    assert not (hidden / "data/sample/history").exists()
    assert len(list((hidden / "data/sample").glob("history-*/*/accounts.parquet"))) == 1
    assert str(key) not in (hidden / "data/sample/work/run.json").read_text()
    file = write_client(tmp_path) / "notebooks" / "90_own.ipynb"
    assert_fails(mcr("run", "sample", "--workspace", hidden, "--notebook", file), 2, "had another --key-file or none")
