"""Pools and machines hold nothing, who left has a last day, and an account has one holder at a time."""

import pytest
from deliveries import codes, orders, read

from mcrlib.describe.accounts import account_owners
from mcrlib.read.parquet import as_arrow
from mcrlib.read.snapshots import write_snapshot
from mcrlib.read.tables import deliver
from mcrlib.run import Run

OWNERS = "owner_id,owner_name,is_active\nU1,Ann,yes\nU2,Bob,no\nU3,华东公海,yes\nU4,Integration User,yes\nU5,Eve,no\n"
ACCOUNTS = "account_id,account_name,owner_id\nA1,Acme,U1\nA2,Borealis,U3\nA3,Cobalt,00G5g000004AbCd\nA4,Dune,U4\n"


def history(*rows: str) -> str:
    return "change_id,object_id,old,new,changed_date\n" + "".join(f"{row}\n" for row in rows)


def test_pools_queues_and_machines_hold_no_account(tmp_path):
    found = read(tmp_path, owners=OWNERS, accounts=ACCOUNTS, orders=orders()).tables
    assert found["owners"]["user_kind"].tolist() == ["human", "human", "pool", "system", "human"]
    assert found["accounts"]["owner_id"].fillna("").tolist() == ["U1", "", "", ""]
    assert found["accounts"]["in_public_pool"].fillna(False).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ann Queue", "pool"),
        ("Support Queue", "pool"),
        ("客户公海池", "pool"),
        ("Data Loader", "system"),
        ("Poole", "human"),
    ],
)
def test_a_name_tells_a_pool_from_a_machine_and_a_person(tmp_path, name, kind):
    owners = f"owner_id,owner_name\nU1,{name}\n"
    assert read(tmp_path, owners=owners).tables["owners"]["user_kind"].tolist() == [kind]


def test_first_and_last_name_make_the_name_that_deals_and_accounts_use(tmp_path):
    owners, accounts = "First Name,Last Name\nAnn,Ross\n,Eve\n", "account_id,owner_name\nA1,Ann Ross\nA2,Eve\nA3,Eve\n"
    found = read(tmp_path, owners=owners, accounts=accounts, orders=orders())
    assert found.tables["accounts"]["owner_id"].tolist() == ["Ann Ross", "Eve", "Eve"]
    assert not [one for one in found.warnings if one.file == "owners.csv"]


def test_who_is_inactive_left_on_the_day_of_the_last_trace(tmp_path):
    sold = orders(
        "P1,A1,2024-05-05,1,U2", "P2,A1,2024-03-03,1,U2", header="order_id,account_id,order_date,amount,owner_id"
    )
    head = "activity_id,account_id,activity_type,activity_date,owner_id\n"
    calls = head + "V1,A1,call,2024-06-07,U2\nV2,A1,call,2024-07-07,U1\n"
    owners = read(tmp_path, owners=OWNERS, orders=sold, activities=calls).tables["owners"]
    assert owners["left_date"].astype("str").fillna("").tolist() == ["", "2024-06-07", "", "", ""]
    assert owners["left_source"].fillna("").tolist() == ["", "last_trace", "", "", ""]


def test_the_yes_of_a_column_that_says_disabled_is_a_no(tmp_path):
    owners = "owner_id,owner_name,Disabled\nU1,Ann,yes\nU2,Bob,no\n"
    assert read(tmp_path, owners=owners).tables["owners"]["is_active"].tolist() == [False, True]


def test_holders_are_named_by_their_ids_and_pools_are_marked(tmp_path):
    log = history("H1,A1,Bob,ann,2024-02-01", "H2,A2,Ann,华东公海,2024-02-01", "H3,A3,Ann,Stranger,2024-02-01")
    found = read(tmp_path, owners=OWNERS, owner_history=log).tables["owner_history"]
    assert found[["old", "new", "is_person"]].to_numpy().tolist() == [
        ["U2", "U1", True],
        ["U1", "U3", False],
        ["U1", "Stranger", True],
    ]


def test_two_who_took_over_on_one_day_are_a_conflict_and_a_chain_is_none(tmp_path):
    log = history(
        "H1,A1,U1,U2,2024-02-01",
        "H2,A1,U1,U5,2024-02-01",
        "H3,A2,U1,U2,2024-02-01",
        "H4,A2,U2,U5,2024-02-01",
        "H5,A2,U1,U2,2024-03-01",
    )
    found = read(tmp_path, owners=OWNERS, owner_history=log)
    assert codes(found) == ["owner_history 2 new duplicate_conflict", "owner_history 3 new duplicate_conflict"]
    assert found.tables["owner_history"]["change_id"].tolist() == ["H3", "H4", "H5"]
    assert [(one.code, one.row) for one in found.warnings] == [("owner_gap", 6)]


def test_holders_who_are_no_owners_are_said(tmp_path):
    accounts = "account_id,account_name,owner_id\nA1,Acme,U1\nA2,Borealis,U9\nA3,Cobalt,U9\n"
    (warning,) = read(tmp_path, owners=OWNERS, accounts=accounts).warnings
    assert str(warning).startswith(
        "owners.csv, column owner_id: holders of accounts who are not among the owners: 1, such as 'U9'; "
        "export those who left too"
    )


def test_what_a_run_read_tells_who_held_an_account_when(tmp_path):
    raw = tmp_path / "data" / "x" / "raw"
    raw.mkdir(parents=True)
    log = history("H1,A1,U5,U2,2024-02-01", "H2,A1,U2,U1,2024-05-01", "H3,A2,U1,U2,2024-03-01")
    read(raw, owners=OWNERS, accounts=ACCOUNTS, owner_history=log)
    run = deliver(Run.open("x", "2024-12-31", tmp_path))
    found = account_owners(run.clean, run.date).astype("str").fillna("")
    assert found.to_numpy().tolist() == [
        ["A1", "U5", "", "2024-02-01", "crm"],
        ["A1", "U2", "2024-02-01", "2024-05-01", "crm"],
        ["A1", "U1", "2024-05-01", "", "crm"],
        ["A2", "U1", "", "2024-03-01", "crm"],
        ["A2", "U2", "2024-03-01", "2024-12-31", "crm"],
        ["A2", "", "2024-12-31", "", "export"],
    ]


def test_the_clean_tables_hold_the_marks(tmp_path):
    log = history("H1,A1,U5,U2,2024-02-01")
    found = read(tmp_path, owners=OWNERS, accounts=ACCOUNTS, owner_history=log).tables
    assert as_arrow("owner_history", found["owner_history"])["is_person"].to_pylist() == [True]
    assert as_arrow("owners", found["owners"])["left_date"].null_count == 3


def test_two_runs_tell_a_hand_over_that_no_export_delivers(tmp_path):
    raw = tmp_path / "data" / "x" / "raw"
    raw.mkdir(parents=True)
    contacts = "contact_id,account_id,contact_name\nK1,A1,Wang Wei\n"
    read(
        raw,
        owners=OWNERS,
        accounts="account_id,account_name,owner_id\nA1,Acme,U1\nA2,Borealis,U1\nA3,Cobalt,\n",
        contacts=contacts,
    )
    first = deliver(Run.open("x", "2024-10-31", tmp_path))
    kept = write_snapshot(first, tmp_path / "data" / "x" / "history" / "2024-10-31")
    assert not [path.name for path in kept.rglob("*") if path.is_file() and b"Wang" in path.read_bytes()]
    read(
        raw,
        owners=OWNERS,
        accounts="account_id,account_name,owner_id\nA1,Acme,U2\nA2,Borealis,U1\nA3,Cobalt,\n",
        contacts=contacts,
    )
    second = deliver(Run.open("x", "2024-12-31", tmp_path))
    found = account_owners(second.clean, second.date).astype("str").fillna("")
    assert found.to_numpy().tolist() == [
        ["A1", "U1", "", "2024-12-31", "snapshot_diff"],
        ["A1", "U2", "2024-12-31", "", "snapshot_diff"],
        ["A2", "U1", "", "", "export"],
    ]
