import dataclasses
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deliveries import ACCOUNTS, ORDERS, content, orders, read
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mcrlib import schema
from mcrlib.errors import Refused
from mcrlib.read import parquet
from mcrlib.read.parquet import as_arrow
from mcrlib.read.tables import deliver
from mcrlib.run import Run


def test_clean_tables_hold_every_column_in_its_type(tmp_path):
    table = as_arrow("orders", read(tmp_path).tables["orders"])
    assert table.column_names == [*schema.tables()["orders"].columns, *schema.ORIGIN]
    wanted = {
        "amount": pa.decimal128(24, 4),
        "order_date": pa.date32(),
        "qty": pa.float64(),
        "cost": pa.decimal128(24, 4),
    }
    assert {name: table.schema.field(name).type for name in wanted} == wanted


def test_deliver_writes_the_tables_and_settles_the_run(tmp_path):
    raw = tmp_path / "data" / "acme" / "raw"
    raw.mkdir(parents=True)
    (raw / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (raw / "orders.csv").write_text(orders("O98,A1,2024-05-05,=1+1"), encoding="utf-8")
    run = deliver(Run.open("acme", workspace=tmp_path))
    assert run.as_of.isoformat() == "2024-09-15"
    assert run.fact("tables")["orders"] == {"rows_in": 10, "rows_kept": 9, "rows_quarantined": 1}
    assert [one["file"] for one in run.fact("inputs")] == ["accounts.csv", "orders.csv"]
    assert pq.read_table(run.clean / "orders.parquet").num_rows == 9
    quarantine = pd.read_csv(run.clean / "quarantine.csv")
    assert quarantine.to_numpy().tolist() == [["orders", "orders.csv", 11, "amount", "not_a_number", "'=1+1"]]
    assert (run.clean / "cleaning_log.csv").exists() and json.loads((run.work / "run.json").read_text())


def test_a_missing_table_and_an_open_question_are_said_at_once(tmp_path):
    ambiguous = "order_id,account_id,order_date,amount\nO1,A1,01/02/2024,5\nO2,A2,03/04/2024,6\n"
    with pytest.raises(Refused, match=r"accounts.csv: missing in .*; orders.csv, column order_date: .*date_order"):
        read(tmp_path, accounts="", orders=ambiguous)


def test_a_table_of_an_earlier_delivery_is_gone(tmp_path):
    run = dataclasses.replace(Run.open("acme", workspace=tmp_path), input=tmp_path)
    (tmp_path / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(ORDERS, encoding="utf-8")
    run.clean.mkdir(parents=True)
    (run.clean / "contacts.parquet").write_bytes(b"old")
    deliver(run)
    assert sorted(path.name for path in run.clean.glob("*.parquet")) == ["accounts.parquet", "orders.parquet"]


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(-(10**8), 10**8, places=4), min_size=1, max_size=60))
def test_money_is_kept_to_the_last_place_of_every_order(tmp_path, amounts):
    rows = "".join(f"P{n:02},A1,2024-05-05,{amount}\n" for n, amount in enumerate(amounts))
    found = read(tmp_path, orders="order_id,account_id,order_date,amount\n" + rows)
    assert found.tables["orders"]["amount"].tolist() == amounts


@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.decimals(-(10**8), 10**8, places=4), min_size=1, max_size=8))
def test_what_happens_later_changes_nothing(tmp_path, amounts):
    later = [f"P{n},A{n % 3 + 1},2024-10-05,{amount}" for n, amount in enumerate(amounts)]
    before = read(tmp_path, as_of="2024-09-30").tables
    after = read(tmp_path, as_of="2024-09-30", orders=orders(*later)).tables
    for name, frame in before.items():
        pd.testing.assert_frame_equal(content(after[name]), content(frame))


def test_a_table_written_in_pieces_is_the_table(tmp_path, monkeypatch):
    found = read(tmp_path).tables["orders"]
    monkeypatch.setattr(parquet, "_PIECE", 2)
    parquet.write_clean("orders", found, tmp_path / "orders.parquet")
    parquet.write_clean("orders", found.iloc[:0], tmp_path / "none.parquet")
    assert pq.read_table(tmp_path / "orders.parquet").equals(as_arrow("orders", found))
    assert pq.read_table(tmp_path / "none.parquet").equals(as_arrow("orders", found.iloc[:0]))
