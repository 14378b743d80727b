from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import sqlglot
from clean_tables import write_clean
from sqlglot import exp

import mcrlib.describe
from mcrlib.describe.engagement import tie_knobs
from mcrlib.describe.engine import for_spark, query, statement

FILES = sorted(path.stem for path in Path(mcrlib.describe.__file__).parent.glob("*.sql"))

#: What gives another answer on another engine (the gotcha list of the scale study).
NOT_PORTABLE = {"approx_count_distinct", "approx_quantile", "approx_median", "hash", "md5", "epoch", "random", "list"}


def test_a_table_that_is_not_delivered_counts_as_empty(tmp_path):
    assert query(tmp_path, "basis")["basis"].tolist() == ["none"]


def test_an_answer_is_a_plain_frame_with_text_numbers_and_dates(tmp_path):
    write_clean(tmp_path, accounts="account_id\nA", orders="order_id account_id order_date amount\n1 A 2024-05-17 12.5")
    got = query(tmp_path, "periods", as_of="2024-12-31", margin=0.5, period="month")
    expected = pd.DataFrame(
        {
            "account_id": pd.array(["A"], dtype="str"),
            "period": pd.array(["2024-05-01"], dtype="datetime64[us]"),
            "revenue": [12.5],
            "gp": [6.25],
            "orders": [1],
        }
    )
    pd.testing.assert_frame_equal(got, expected)


def test_a_file_name_with_a_quote_is_read(tmp_path):
    folder = tmp_path / "client's clean"
    folder.mkdir()
    write_clean(folder, orders="order_id account_id order_date amount\n1 A 2024-05-17 12.5")
    assert query(folder, "basis")["basis"].tolist() == ["orders"]


def test_steps_come_once_and_before_what_uses_them():
    text = statement("accounts")
    assert text.count("purchases as (") == 1
    assert text.index("purchases as (") < text.index("buying as (")


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_said_in_spark_sql(name):
    assert sqlglot.parse_one(for_spark(name), read="spark").find(exp.Select)


@pytest.mark.parametrize("name", FILES)
def test_every_file_keeps_to_the_portable_subset(name):
    tree = sqlglot.parse_one(statement(name), read="duckdb")
    called = {node.sql_name().lower() for node in tree.find_all(exp.Func)} | {
        str(node.this).lower() for node in tree.find_all(exp.Anonymous)
    }
    assert not called & NOT_PORTABLE
    assert all(node.unit is None or node.unit.name.lower() == "day" for node in tree.find_all(exp.DateDiff))
    assert not list(tree.find_all(exp.With)) or not any(node.args.get("recursive") for node in tree.find_all(exp.With))


@pytest.mark.parametrize("name", FILES)
def test_no_division_by_what_may_be_zero(name):
    tree = sqlglot.parse_one(statement(name), read="duckdb")
    for division in tree.find_all(exp.Div):
        divisor = division.expression
        assert isinstance(divisor, exp.Nullif) or not divisor.find(exp.Column), division.sql()


@pytest.mark.parametrize("name", FILES)
def test_doubles_are_never_added_up(name):
    tree = sqlglot.parse_one(statement(name), read="duckdb")
    for total in tree.find_all(exp.Sum, exp.Avg):
        open_nodes = [total.this]
        while open_nodes:
            node = open_nodes.pop()
            if isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DECIMAL:
                continue
            assert not (isinstance(node, exp.Cast) and node.to.this == exp.DataType.Type.DOUBLE), total.sql()
            open_nodes += list(node.iter_expressions())


@pytest.mark.parametrize("name", FILES)
def test_every_file_answers_when_nothing_was_delivered(tmp_path, name):
    asked = {"as_of": "2024-01-01", "start": "2023-01-01", "margin": 1.0, "frozen": False, "period": "year"}
    asked |= tie_knobs() | {"satisfied": 0.8, "hurt": 0.4}
    assert len(query(tmp_path, name, **asked)) == (
        1 if name in ("basis", "assumed", "discipline", "same_contacts", "together") else 0
    )


def test_a_table_that_is_written_again_is_read_again(tmp_path):
    orders = "order_id account_id order_date amount\n1 A 2024-05-17 12.5"
    asked = {"as_of": "2024-12-31", "margin": 1.0, "period": "year"}
    write_clean(tmp_path, accounts="account_id\nA", orders=orders)
    before = query(tmp_path, "periods", **asked)
    write_clean(tmp_path, accounts="account_id\nA", orders=orders.replace("12.5", "99.5"))
    after = query(tmp_path, "periods", **asked)
    assert (before["revenue"].item(), after["revenue"].item()) == (12.5, 99.5)


def test_folders_side_by_side_do_not_see_each_other(tmp_path):
    (tmp_path / "full").mkdir()
    write_clean(tmp_path / "full", orders="order_id account_id order_date amount\n1 A 2024-05-17 12.5")
    answers = [query(tmp_path / folder, "basis")["basis"].item() for folder in ("full", "none", "full")]
    assert answers == ["orders", "none", "orders"]
