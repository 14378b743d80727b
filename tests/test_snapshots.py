import datetime as dt

import pandas as pd
import pytest
from deliveries import read

from mcrlib.errors import Refused
from mcrlib.read.parquet import as_arrow
from mcrlib.read.snapshots import (
    check_snapshots,
    earlier_snapshots,
    hash_snapshots,
    last_frame,
    last_model,
    with_histories,
    write_snapshot,
)
from mcrlib.read.tables import deliver
from mcrlib.run import Run

FIRST, SECOND = dt.date(2024, 1, 31), dt.date(2024, 2, 29)


def snapshot(history, date, **accounts):
    folder = history / date.isoformat()
    folder.mkdir(parents=True)
    pd.DataFrame(accounts).to_parquet(folder / "accounts.parquet")


def test_changes_between_runs_are_a_history_dated_when_they_became_known(tmp_path):
    ids = ["A1", "A2", "GONE"]
    snapshot(tmp_path, FIRST, account_id=ids, owner_id=["U1", "U1", "U1"], tier_crm=[None, None, None])
    snapshot(tmp_path, SECOND, account_id=ids, owner_id=["U2", "U1", "U3"], tier_crm=["A", None, "B"])
    now = pd.DataFrame({"account_id": ["A1", "A2", "A3"], "owner_id": ["U2", "U4", "U9"], "tier_crm": ["S", "C", None]})
    earlier = earlier_snapshots(tmp_path, dt.date(2024, 3, 31))
    found = with_histories({"accounts": now}, earlier, dt.date(2024, 3, 31))
    told = ["object_id", "old", "new", "source", "src_file"]
    assert found["owner_history"][told].to_numpy().tolist() == [
        ["A1", "U1", "U2", "snapshot_diff", "history/2024-02-29"],
        ["A2", "U1", "U4", "snapshot_diff", "history/2024-03-31"],
    ]
    assert found["owner_history"]["changed_date"].tolist() == [pd.Timestamp(SECOND), pd.Timestamp("2024-03-31")]
    assert found["tier_history"][told[:3]].to_numpy().tolist() == [["A1", "A", "S"]]
    assert as_arrow("owner_history", found["owner_history"]).num_rows == 2
    assert "stage_history" not in found


def test_an_account_that_is_handed_back_to_the_pool_changes_hands_and_a_lost_tier_is_unknown(tmp_path):
    ids = ["A1", "A2", "A3"]
    snapshot(tmp_path, FIRST, account_id=ids, owner_id=["U1", "U1", None], tier_crm=["A", "B", "C"])
    now = pd.DataFrame({"account_id": ids, "owner_id": [None, "U1", "U2"], "tier_crm": [None, "B", "C"]})
    found = with_histories({"accounts": now}, earlier_snapshots(tmp_path, SECOND), SECOND)
    changes = found["owner_history"][["object_id", "old", "new"]].astype("str").fillna("")
    assert changes.to_numpy().tolist() == [["A1", "U1", ""], ["A3", "", "U2"]]
    assert found["owner_history"]["is_person"].tolist() == [False, True]
    assert "tier_history" not in found


def test_a_run_whose_export_had_no_owners_tells_nothing_of_them(tmp_path):
    snapshot(tmp_path, FIRST, account_id=["A1"], owner_id=["U1"], tier_crm=[None])
    now = pd.DataFrame({"account_id": ["A1"], "owner_id": [None], "tier_crm": [None]})
    assert "owner_history" not in with_histories({"accounts": now}, earlier_snapshots(tmp_path, SECOND), SECOND)


def test_a_history_of_the_export_is_taken_as_it_is(tmp_path):
    snapshot(tmp_path, FIRST, account_id=["A1"], owner_id=["U1"], tier_crm=["A"])
    tables = {
        "accounts": pd.DataFrame({"account_id": ["A1"], "owner_id": ["U2"], "tier_crm": ["A"]}),
        "owner_history": pd.DataFrame({"change_id": ["H1"], "object_id": ["A1"], "new": ["U7"]}),
    }
    found = with_histories(tables, earlier_snapshots(tmp_path, SECOND), SECOND)
    assert found["owner_history"][["new", "source"]].to_numpy().tolist() == [["U7", "crm"]]


def test_only_runs_of_an_earlier_date_are_history(tmp_path):
    for date in (SECOND, FIRST):
        snapshot(tmp_path, date, account_id=["A1"])
    (tmp_path / "notes").mkdir()
    assert list(earlier_snapshots(tmp_path, SECOND)) == [FIRST]
    assert earlier_snapshots(tmp_path / "nothing", SECOND) == earlier_snapshots(None, SECOND) == {}


def test_the_hash_of_a_history_follows_its_content(tmp_path):
    snapshot(tmp_path, FIRST, account_id=["A1"])
    before = hash_snapshots(earlier_snapshots(tmp_path, SECOND))
    pd.DataFrame({"account_id": ["A2"]}).to_parquet(tmp_path / "2024-01-31" / "accounts.parquet")
    after = hash_snapshots(earlier_snapshots(tmp_path, SECOND))
    assert [day for day, _ in before] == [day for day, _ in after] == ["2024-01-31"]
    assert before != after


def test_a_run_reads_what_an_earlier_run_kept(tmp_path):
    raw = tmp_path / "data" / "x" / "raw"
    raw.mkdir(parents=True)
    deals = "opportunity_id,account_id,stage,created_date\nD1,A1,{},2024-01-02\n"
    read(raw, opportunities=deals.format("Prospecting"))
    first = deliver(Run.open("x", "2024-06-30", tmp_path))
    first.save("tiers", pd.DataFrame({"account_id": ["A1", "A2"], "tier": ["S", "C"]}))
    kept = write_snapshot(first, tmp_path / "data" / "x" / "history" / "2024-06-30")
    assert pd.read_parquet(kept / "accounts.parquet")["tier"].fillna("").tolist() == ["S", "C", ""]
    read(raw, opportunities=deals.format("Negotiation"))
    second = deliver(Run.open("x", "2024-12-31", tmp_path))
    moves = pd.read_parquet(second.clean / "stage_history.parquet")
    assert moves[["object_id", "old", "new", "source"]].to_numpy().tolist() == [
        ["D1", "Prospecting", "Negotiation", "snapshot_diff"]
    ]
    assert [day for day, _ in second.fact("snapshots")] == ["2024-06-30"]


def test_a_model_and_where_accounts_stood_are_handed_to_later_dates_only(tmp_path):
    raw = tmp_path / "data" / "x" / "raw"
    raw.mkdir(parents=True)
    read(raw, opportunities="opportunity_id,account_id,stage,created_date\nD1,A1,Prospecting,2024-01-02\n")
    first = deliver(Run.open("x", "2024-06-30", tmp_path))
    first.keep("tier_model", {"cuts_": [1.5, "inf"]})
    state = pd.DataFrame({"account_id": ["A1"], "tier_held": ["S"], "tier_seen": ["S"]})
    first.save("tier_state", state)
    write_snapshot(first, tmp_path / "data" / "x" / "history" / "2024-06-30")
    assert last_model(first, "tier_model") is None and last_frame(first, "tier_state") is None
    later = Run.open("x", "2024-07-31", tmp_path)
    assert last_model(later, "tier_model") == {"cuts_": [1.5, "inf"]}
    pd.testing.assert_frame_equal(last_frame(later, "tier_state"), state)
    assert last_model(later, "soil_model") is None
    assert last_model(later, "warned") == {"as_of": first.date.isoformat(), "warnings": []}


def test_damaged_files_of_earlier_runs_are_all_named(tmp_path):
    for date in (FIRST, SECOND):
        snapshot(tmp_path, date, account_id=["A1", "A2"])
    (tmp_path / "2024-01-31" / "tier_model.json").write_text('{"fitted": "2024-', encoding="utf-8")
    (tmp_path / "2024-02-29" / "warned.json").write_text("[]", encoding="utf-8")
    (tmp_path / "2024-02-29" / "tier_state.parquet").write_bytes(b"PAR1 cut off")
    pd.DataFrame({"account_id": ["A1", "A1"]}).to_parquet(tmp_path / "2024-01-31" / "accounts.parquet")
    with pytest.raises(Refused, match="damaged: put it back from a copy, or move its folder out of history") as refused:
        check_snapshots(earlier_snapshots(tmp_path, dt.date(2024, 3, 31)))
    assert [part.split(": ")[0] for part in str(refused.value).split("; ")] == [
        "history/2024-01-31/accounts.parquet",
        "history/2024-01-31/tier_model.json",
        "history/2024-02-29/tier_state.parquet",
        "history/2024-02-29/warned.json",
    ]


def test_a_snapshot_without_its_accounts_is_damaged(tmp_path):
    (tmp_path / "2024-01-31").mkdir()
    with pytest.raises(Refused, match=r"history/2024-01-31/accounts\.parquet: this file"):
        check_snapshots(earlier_snapshots(tmp_path, SECOND))


def test_a_folder_of_a_day_that_does_not_exist_is_no_history(tmp_path):
    snapshot(tmp_path, FIRST, account_id=["A1"])
    (tmp_path / "2024-02-31").mkdir()
    assert list(earlier_snapshots(tmp_path, dt.date(2024, 3, 31))) == [FIRST]


def test_a_state_of_another_version_is_passed_over_and_said(tmp_path):
    workspace = tmp_path / "data" / "acme"
    snapshot(workspace / "history", FIRST, account_id=["A1"])
    state = workspace / "history" / "2024-01-31" / "tier_state.parquet"
    pd.DataFrame({"account_id": ["A1"], "tier_held": ["A"]}).to_parquet(state)
    run = Run.open("acme", SECOND.isoformat(), tmp_path)
    assert last_frame(run, "tier_state") is None
    (said,) = check_snapshots(earlier_snapshots(workspace / "history", SECOND))
    assert (said.code, said.file) == ("older_history", "history/2024-01-31/tier_state.parquet")
    pd.DataFrame({"account_id": ["A1"], "tier_held": ["A"], "tier_seen": ["A"]}).to_parquet(state)
    assert len(last_frame(run, "tier_state")) == 1
    assert check_snapshots(earlier_snapshots(workspace / "history", SECOND)) == []


def test_a_snapshot_without_a_column_tells_nothing_of_it(tmp_path):
    snapshot(tmp_path, FIRST, account_id=["A1"])
    now = pd.DataFrame({"account_id": ["A1"], "owner_id": ["U1"], "tier_crm": ["A"]})
    assert "owner_history" not in with_histories({"accounts": now}, earlier_snapshots(tmp_path, SECOND), SECOND)


def test_a_run_on_a_damaged_history_is_refused_before_anything_is_made(tmp_path):
    raw = tmp_path / "data" / "x" / "raw"
    raw.mkdir(parents=True)
    read(raw)
    snapshot(tmp_path / "data" / "x" / "history", FIRST, account_id=["A1"])
    (tmp_path / "data" / "x" / "history" / "2024-01-31" / "tier_model.json").write_text("{", encoding="utf-8")
    with pytest.raises(Refused, match=r"history/2024-01-31/tier_model\.json: this file of an earlier run is damaged"):
        deliver(Run.open("x", "2024-06-30", tmp_path))
    assert not (tmp_path / "data" / "x" / "clean").exists()
