import os

import pytest

from mcrlib.errors import UsageError
from mcrlib.show.publish.handover import hand_over


@pytest.fixture
def home(tmp_path):
    """Where two runs of a client are published, the second as the latest."""
    home = tmp_path / "reports" / "acme"
    for run, text in (("2025-01-31-aaaaaaaaaaaa", "old"), ("2025-02-28-bbbbbbbbbbbb", "new")):
        (home / run / "tables").mkdir(parents=True)
        (home / run / "index.html").write_text(f'<meta name="mcr-client" content="acme">{text}')
        (home / run / "tables" / "tiers.csv").write_text("account_id\n")
        (home / run / "run.json").write_text("{}")
    os.symlink(run, home / "latest")
    return home


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_readers_get_the_latest_pages_and_tables_and_nothing_else(home, tmp_path):
    target = hand_over(home, tmp_path / "share" / "acme")
    assert files(target) == ["index.html", "tables/tiers.csv"]
    assert (target / "index.html").read_text().endswith("new")
    assert list((tmp_path / "share").iterdir()) == [target]


def test_an_earlier_report_is_replaced_whole(home, tmp_path):
    target = hand_over(home, tmp_path / "there")
    (target / "99_gone.html").write_text("an earlier chapter")
    hand_over(home, target)
    assert files(target) == ["index.html", "tables/tiers.csv"]


def test_an_empty_folder_is_taken(home, tmp_path):
    (tmp_path / "there").mkdir()
    assert files(hand_over(home, tmp_path / "there")) == ["index.html", "tables/tiers.csv"]


@pytest.mark.parametrize(
    ("index", "said"),
    [(None, "no report of mcr"), ("<p>my page</p>", "no report of mcr"),
     ('<meta name="mcr-client" content="b&amp;b">', "the report of 'b&b'")],
)  # fmt: skip
def test_what_is_no_report_of_this_client_is_never_replaced(home, tmp_path, index, said):
    target = tmp_path / "there"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work")
    if index is not None:
        (target / "index.html").write_text(index)
    before = files(target)
    with pytest.raises(UsageError, match=said):
        hand_over(home, target)
    assert files(target) == before


def test_the_place_of_the_reports_is_no_place_for_readers(home):
    with pytest.raises(UsageError, match="own place"):
        hand_over(home, home / "latest-copy")


def test_a_client_without_a_report_is_told_what_to_do(tmp_path):
    with pytest.raises(UsageError, match="run mcr run acme first"):
        hand_over(tmp_path / "reports" / "acme", tmp_path / "there")


def test_a_failure_leaves_the_old_report_and_no_rest(home, tmp_path, monkeypatch):
    target = hand_over(home, tmp_path / "share" / "acme")
    monkeypatch.setattr("shutil.copyfile", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Exception, match="No space left"):
        hand_over(home, target)
    assert files(target) == ["index.html", "tables/tiers.csv"]
    assert [path.name for path in (tmp_path / "share").iterdir()] == ["acme"]
