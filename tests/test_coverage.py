import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mcrlib.describe.coverage import (
    AREAS,
    WANTED,
    completeness,
    completeness_by_tier,
    freshness,
    information,
    information_by_tier,
    known_tiers,
    set_aside,
)
from mcrlib.run import Run
from mcrlib.schema import tables
from mcrlib.settings import Thresholds


def orders(folder):
    dates = pa.array([dt.date(2024, 1, 5), dt.date(2025, 3, 1), None], pa.date32())
    table = pa.table(
        {"order_id": ["1", "2", "3"], "account_id": ["a", "b", "a"], "order_date": dates, "cost": [1.0, None, None]}
    )
    pq.write_table(table, folder / "orders.parquet")


def test_only_delivered_fields_count_and_keys_do_not(tmp_path):
    orders(tmp_path)
    expected = pd.DataFrame(
        {
            "table": ["orders"] * 3,
            "field": ["account_id", "order_date", "cost"],
            "rows": [3, 3, 3],
            "filled": [3, 2, 1],
            "share": [1.0, 2 / 3, 1 / 3],
        }
    )
    pd.testing.assert_frame_equal(completeness(tmp_path), expected)


def test_freshness_is_counted_to_the_as_of_date(tmp_path):
    orders(tmp_path)
    found = freshness(tmp_path, dt.date(2025, 3, 31))
    assert found.to_dict("records") == [
        {
            "table": "orders",
            "rows": 3,
            "first_date": pd.Timestamp("2024-01-05"),
            "last_date": pd.Timestamp("2025-03-01"),
            "days_old": 30,
        }
    ]


def test_reasons_are_counted_with_their_first_row(tmp_path):
    text = "table,file,row,column,code,raw\norders,o.csv,4,account_id,orphan,x9\norders,o.csv,7,account_id,orphan,x8\n"
    (tmp_path / "quarantine.csv").write_text(text + "accounts,a.csv,2,,duplicate,\n", encoding="utf-8")
    found = set_aside(tmp_path)
    told = found[["code", "n", "row", "raw"]].to_numpy().tolist()
    assert told == [["orphan", 2, "4", "x9"], ["duplicate", 1, "2", ""]]


def accounts_and_contacts(folder):
    accounts = {"account_id": ["a", "b", "c"], "owner_id": ["u", "u", None], "industry": ["x", None, None]}
    empty = {name: [None] * 3 for name in ("region", "province", "city", "segment", "annual_revenue", "employees")}
    pq.write_table(pa.table(accounts | empty | {"tier_crm": ["S", "B", None]}), folder / "accounts.parquet")
    contacts = {"contact_id": ["1", "2"], "account_id": ["a", "b"], "level": ["exec", "base"]}
    more = {"decision_role": pa.nulls(2, pa.string()), "status": pa.nulls(2, pa.string())}
    pq.write_table(pa.table(contacts | more), folder / "contacts.parquet")


def test_fields_are_counted_tier_by_tier(tmp_path):
    accounts_and_contacts(tmp_path)
    tiers = pd.DataFrame({"account_id": ["a", "b", "c"], "tier": ["S", "B", "B"]})
    found = completeness_by_tier(tmp_path, tiers)
    assert found[found["field"] == "owner_id"].to_numpy().tolist() == [
        ["accounts", "owner_id", "B", 2, 1, 0.5],
        ["accounts", "owner_id", "S", 1, 1, 1.0],
    ]
    assert set(found["table"]) == {"accounts", "contacts"}
    assert completeness_by_tier(tmp_path, tiers.iloc[:0]).empty


def test_an_area_that_nobody_delivered_is_missing_and_not_zero(tmp_path):
    accounts_and_contacts(tmp_path)
    known = information(tmp_path, dt.date(2025, 1, 1)).set_index("account_id")
    assert known[["profile", "decision_chain", "contacts", "share"]].to_numpy().tolist() == [
        [0.5, 1.0, 1.0, 2.5 / 3],
        [0.25, 0.0, 1.0, 1.25 / 3],
        [0.0, 0.0, 0.0, 0.0],
    ]
    assert known[["plan", "wallet", "rival", "notes"]].isna().all(axis=None)


def test_what_is_known_is_set_against_what_the_tier_deserves():
    known = pd.DataFrame({"account_id": ["a", "b", "c"], "share": [1.0, 0.5, 0.3]} | dict.fromkeys(AREAS, 0.5))
    tiers = pd.DataFrame({"account_id": ["a", "b", "c"], "tier": ["S", "B", "C"]})
    found = information_by_tier(known, tiers, Thresholds())
    assert found[["tier", "n_accounts", "share"]].to_numpy().tolist() == [["S", 1, 1.0], ["B", 1, 0.5], ["C", 1, 0.3]]
    assert found["wanted"].fillna(-1).tolist() == [0.85, 0.60, -1]


def test_the_tier_is_that_of_the_crm_else_that_of_the_last_run(tmp_path):
    run = Run.open("x", "2025-01-01", tmp_path)
    run.clean.mkdir(parents=True)
    accounts_and_contacts(run.clean)
    assert known_tiers(run).to_numpy().tolist() == [["a", "S"], ["b", "B"]]
    pq.write_table(
        pa.table({"account_id": ["a"], "tier_crm": pa.nulls(1, pa.string())}), run.clean / "accounts.parquet"
    )
    assert known_tiers(run).empty
    last = run.data / "history" / "2024-12-31"
    last.mkdir(parents=True)
    pd.DataFrame({"account_id": ["a", "b"], "tier": ["A", None]}).to_parquet(last / "accounts.parquet")
    assert known_tiers(run).to_numpy().tolist() == [["a", "A"]]


def test_what_later_chapters_want_is_in_the_dictionary():
    assert [(t, c) for t, columns in WANTED.items() for c in columns if c not in tables()[t].columns] == []
