"""A reader sees the old report or the new one, whatever happens to the run that publishes."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from mcrlib.errors import Busy, EnvironmentFailed
from mcrlib.show.publish import disk
from mcrlib.show.publish.disk import replace_folder
from mcrlib.show.publish.holding import hold
from mcrlib.show.publish.release import MANIFEST, draft, latest, publish, run_id, write_manifest

OLD, NEW = "2024-12-31-aaaaaaaaaaaa", "2025-01-31-bbbbbbbbbbbb"
STEPS = ("open", "fsync", "rename", "symlink", "replace")


def release(home: Path, name: str, text: str = "", **options) -> Path:
    with draft(home) as folder:
        (folder / "index.html").write_text(text or name, encoding="utf-8")
        (folder / "tables").mkdir()
        (folder / "tables" / "tiers.csv").write_text("account_id,tier\n", encoding="utf-8")
        return publish(folder, home, name, **options)


def seen(home: Path) -> str:
    return (home / "latest" / "index.html").read_text(encoding="utf-8")


def failing(monkeypatch: pytest.MonkeyPatch, at: int, fail: Callable[[], None]) -> None:
    """Let the ``at``-th step that touches the disk fail."""
    steps = iter(range(10**9))

    def wrapped(real: Callable) -> Callable:
        def call(*args, **kwargs):
            if next(steps) == at:
                fail()
            return real(*args, **kwargs)

        return call

    for step in STEPS:
        monkeypatch.setattr(os, step, wrapped(getattr(os, step)))


def disk_full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/some/file")


# --- names and manifests


def test_the_run_id_does_not_depend_on_the_order_of_what_shapes_it():
    one = run_id("2025-01-31", {"inputs": {"b": 1, "a": "ä"}, "version": "1"})
    assert one == run_id("2025-01-31", {"version": "1", "inputs": {"a": "ä", "b": 1}})
    assert one.startswith("2025-01-31-")
    assert one != run_id("2025-01-31", {"inputs": {"b": 2, "a": "ä"}, "version": "1"})


def test_run_json_has_its_keys_and_the_hash_of_every_file(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_bytes(b"")
    facts = {key: key for key in MANIFEST if key != "outputs"}
    written = json.loads(write_manifest(tmp_path, facts).read_text(encoding="utf-8"))
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert list(written) == list(MANIFEST)
    assert written["outputs"] == [{"file": "tables/a.csv", "sha256": empty}]
    with pytest.raises(ValueError, match="exactly the keys"):
        write_manifest(tmp_path, {**facts, "started": "now"})


# --- publishing


def test_latest_points_to_the_new_run_and_the_old_one_stays(tmp_path):
    release(tmp_path, OLD)
    release(tmp_path, NEW)
    assert seen(tmp_path) == NEW
    assert sorted(os.listdir(tmp_path)) == [OLD, NEW, "latest"]
    assert os.readlink(tmp_path / "latest") == NEW
    assert latest(tmp_path) == tmp_path / NEW


def test_a_published_run_is_never_written_again_but_becomes_the_latest(tmp_path):
    release(tmp_path, OLD, "first")
    release(tmp_path, NEW)
    release(tmp_path, OLD, "second")
    assert seen(tmp_path) == "first"
    assert sorted(os.listdir(tmp_path)) == [OLD, NEW, "latest"]


def test_the_oldest_runs_go_but_never_the_one_that_is_latest(tmp_path):
    names = [f"2024-0{month}-28-aaaaaaaaaaaa" for month in range(1, 6)]
    for age, name in enumerate(names):
        release(tmp_path, name)
        os.utime(tmp_path / name, (age, age))
    (tmp_path / "backtests").mkdir()
    release(tmp_path, names[0], keep=3)
    assert sorted(os.listdir(tmp_path)) == [names[0], names[3], names[4], "backtests", "latest"]
    assert latest(tmp_path) == tmp_path / names[0]


def test_where_links_cannot_be_made_a_page_leads_to_the_latest(tmp_path, monkeypatch):
    def no_links(*_, **__):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "symlink", no_links)
    release(tmp_path, NEW)
    page = (tmp_path / "latest.html").read_text(encoding="utf-8")
    assert page == f'<meta http-equiv="refresh" content="0; url={NEW}/index.html">\n'
    assert latest(tmp_path) == tmp_path / NEW
    assert latest(tmp_path / "nobody") is None


@pytest.mark.parametrize("step", range(14))
def test_a_failing_disk_leaves_the_old_report_and_nothing_else(tmp_path, monkeypatch, step):
    release(tmp_path, OLD)
    with monkeypatch.context() as patch:
        failing(patch, step, disk_full)
        try:
            release(tmp_path, NEW)
        except EnvironmentFailed as error:
            assert str(error) == "No space left on device: /some/file; free some space and run again"
            assert sorted(os.listdir(tmp_path)) == [OLD, "latest"]
            assert seen(tmp_path) == OLD
        else:
            assert seen(tmp_path) == NEW
    release(tmp_path, NEW)
    assert seen(tmp_path) == NEW


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a child of this process")
@pytest.mark.parametrize("step", range(14))
def test_a_run_killed_at_any_step_leaves_one_whole_report(tmp_path, monkeypatch, step):
    home = tmp_path / "reports" / "acme"
    release(home, OLD)
    child = os.fork()
    if child == 0:
        failing(monkeypatch, step, lambda: os._exit(9))
        release(home, NEW)
        os._exit(0)
    os.waitpid(child, 0)
    assert seen(home) in (OLD, NEW)
    with hold(tmp_path, "acme"):
        assert not [name for name in os.listdir(home) if name.startswith(".")]
        release(home, NEW)
    assert seen(home) == NEW


@pytest.mark.parametrize("exchanged", [True, False])
def test_a_folder_is_replaced_whole(tmp_path, monkeypatch, exchanged):
    if not exchanged:
        monkeypatch.setattr(disk, "_exchange", lambda one, other: False)
    old, new = tmp_path / "2024-12-31+90d", tmp_path / ".draft"
    for text in ("first", "second"):
        new.mkdir()
        (new / text).touch()
        replace_folder(new, old)
        assert os.listdir(old) == [text]
        assert os.listdir(tmp_path) == [old.name]


# --- one run at a time


def test_a_second_run_of_the_same_client_is_told_to_wait(tmp_path):
    with hold(tmp_path, "acme") as staging:
        assert staging.is_dir() and staging.parent == tmp_path / "data" / "acme"
        with pytest.raises(Busy, match="another run holds the client 'acme'"), hold(tmp_path, "acme"):
            pass
        with hold(tmp_path, "other"):
            pass
    assert not (tmp_path / "data" / "acme").exists(), "nothing is left of a client that was not there"


def test_the_lock_dies_with_its_process_and_its_leftovers_are_swept(tmp_path):
    script = f"""
        import os
        from pathlib import Path
        from mcrlib.show.publish.holding import hold
        from mcrlib.show.publish.release import draft
        root = Path({str(tmp_path)!r})
        with hold(root, "acme") as staging, draft(root / "reports" / "acme") as folder:
            (staging / "x").touch()
            (folder / "x").touch()
            os._exit(9)
    """
    assert subprocess.run([sys.executable, "-c", textwrap.dedent(script)]).returncode == 9
    data, home = tmp_path / "data" / "acme", tmp_path / "reports" / "acme"
    assert len(os.listdir(data)) == 2 and len(os.listdir(home)) == 1
    with hold(tmp_path, "acme") as staging:
        assert sorted(os.listdir(data)) == [".lock", staging.name]
        assert os.listdir(staging) == [] and os.listdir(home) == []


def test_a_workspace_that_cannot_be_written_is_said_in_one_line(tmp_path):
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(EnvironmentFailed, match="data"), hold(tmp_path, "acme"):
        pass
