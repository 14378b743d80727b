import datetime as dt

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from mcrlib.describe.coverage import completeness, freshness, set_aside


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
