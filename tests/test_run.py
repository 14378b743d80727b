import datetime as dt

import pandas as pd
import pytest

from mcrlib.errors import Complaint, Refused, UsageError
from mcrlib.run import Run, client_name, write_csv


@pytest.mark.parametrize("name", ["acme", "客户_1", "a-b", "9lives", "x" * 64])
def test_safe_client_names_are_taken(name):
    assert client_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", "../x", "/abs", "a b", "-x", "--help", "a.b", "a\nb", "x" * 65, "examples", "CON", "lpt1", "{a}", "<b>"],
)
def test_other_client_names_are_refused(name):
    with pytest.raises(UsageError, match="client name .* is not allowed"):
        client_name(name)


def test_a_new_run_has_defaults_and_no_date(tmp_path):
    run = Run.open("acme", workspace=tmp_path)
    assert (run.as_of, run.language, run.input) == (None, "en", tmp_path / "data" / "acme" / "raw")
    with pytest.raises(Refused, match="run the notebook 01_clean_the_exports first"):
        run.date  # noqa: B018


def test_what_reading_settled_is_found_by_the_next_notebook(tmp_path):
    Run.open("acme", workspace=tmp_path).settle(dt.date(2025, 1, 31), tables={"orders": {"rows_in": 2}})
    later = Run.open("acme", workspace=tmp_path)
    assert later.date == dt.date(2025, 1, 31)
    assert later.fact("tables") == {"orders": {"rows_in": 2}}


def test_frames_pass_from_notebook_to_notebook(tmp_path):
    frame = pd.DataFrame({"account_id": ["a", "b"], "tier": ["S", "C"]})
    run = Run.open("acme", workspace=tmp_path)
    assert not run.has("tiers")
    run.save("tiers", frame)
    assert run.has("tiers")
    pd.testing.assert_frame_equal(run.load("tiers"), frame)


def test_a_frame_that_is_not_there_names_the_notebook_to_run(tmp_path):
    with pytest.raises(
        Refused, match="'tiers' of client 'acme' is not there: run the notebook 03_rank_value_tiers first"
    ):
        Run.open("acme", workspace=tmp_path).load("tiers")


def test_no_number_is_written_as_minus_zero(tmp_path):
    write_csv(pd.DataFrame({"a": [-0.0, 0.5]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "a\n0\n0.5\n"


def test_what_is_never_reached_stands_empty(tmp_path):
    write_csv(pd.DataFrame({"a": [float("inf"), float("-inf"), 0.5], "b": 1}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "a,b\n,1\n,1\n0.5,1\n"


def test_text_that_looks_like_a_formula_is_written_as_text_and_numbers_are_not_touched(tmp_path):
    frame = pd.DataFrame({"name": ["=1+1", "＠x", "plain"], "value": [-1.5, 2 / 3, 1234567890123.45]})
    write_csv(frame, tmp_path / "t.csv")
    written = (tmp_path / "t.csv").read_text(encoding="utf-8").split("\n")
    assert written == ["name,value", "'=1+1,-1.5", "'＠x,0.666666666667", "plain,1234567890123.45", ""]


def test_a_warning_is_said_once_and_in_a_fixed_order(tmp_path):
    run = Run.open("acme", workspace=tmp_path)
    for code in ("z", "a", "z"):
        run.warn(Complaint(code, "something"))
    assert [warning.code for warning in run.warnings()] == ["a", "z"]
