import datetime as dt

import pandas as pd
from portfolio import run

from mcrlib.errors import Complaint
from mcrlib.judge.delivery import delivery_changes, delivery_facts, warning_changes, warnings_since
from mcrlib.show import words

TABLES = pd.DataFrame({"table": ["orders", "accounts"], "rows_in": [10, 4], "rows_quarantined": [1, 0]})
FIELDS = pd.DataFrame({"table": ["orders", "orders", "accounts"], "share": [0.5, 1.0, 1.0]})
DATES = pd.DataFrame({"table": ["orders"], "last_date": pd.to_datetime(["2025-01-30"])})
BEFORE = {
    "as_of": "2024-12-31",
    "tables": {
        "accounts": {"rows_in": 4, "rows_quarantined": 0, "filled_share": 0.998},
        "orders": {"rows_in": 8, "rows_quarantined": 0, "filled_share": 0.6, "last_date": "2024-12-30"},
        "surveys": {"rows_in": 3, "rows_quarantined": 0, "filled_share": 1.0},
    },
    "warnings": {"footer": 2, "unused_file": 1},
}


def facts():
    warnings = [Complaint("unused_file", "was left unused", "leads.csv"), Complaint("encoding", "taken for GB18030")]
    return delivery_facts(TABLES, FIELDS, DATES, warnings, dt.date(2025, 1, 31))


def test_what_is_kept_are_counts_shares_dates_and_codes():
    assert facts() == {
        "as_of": "2025-01-31",
        "tables": {
            "accounts": {"rows_in": 4, "rows_quarantined": 0, "filled_share": 1.0},
            "orders": {"rows_in": 10, "rows_quarantined": 1, "filled_share": 0.75, "last_date": "2025-01-30"},
        },
        "warnings": {"encoding": 1, "unused_file": 1},
    }


def test_only_tables_that_are_not_as_they_were_are_told():
    changed = delivery_changes(facts(), BEFORE).set_index("table")
    assert list(changed.index) == ["orders", "surveys"]
    told = changed.loc["orders", ["rows_in_before", "rows_in", "filled_share_before", "filled_share"]].tolist()
    assert told == [8, 10, 0.6, 0.75]
    assert changed["last_date"].tolist() == [pd.Timestamp("2025-01-30"), pd.NaT]
    assert changed["rows_in"].isna().tolist() == [False, True]


def test_the_same_delivery_has_no_changes():
    assert delivery_changes(facts(), facts()).empty and set(warning_changes(facts(), facts())["warning_step"]) == {
        "same"
    }


def test_warnings_are_new_resolved_or_the_same():
    found = warning_changes(facts(), BEFORE)
    assert found.to_numpy().tolist() == [
        ["encoding", 0, 1, "new"], ["footer", 2, 0, "resolved"], ["unused_file", 1, 1, "same"],
    ]  # fmt: skip


def test_it_is_said():
    changed, warned = delivery_changes(facts(), BEFORE), warning_changes(facts(), BEFORE)
    assert words.about_delivery_change(changed, warned, dt.date(2024, 12, 31), run()) == (
        "Since 31 Dec 2024, 2 tables are not as they were; rows delivered: −1. "
        "Kinds of warnings of the export: 1 new, 1 resolved. No longer delivered: surveys."
    )


def test_the_first_run_has_nothing_to_compare_with():
    changed, warned = delivery_changes(facts(), None), warning_changes(facts(), None)
    assert changed.empty and warned.empty
    assert words.about_delivery_change(changed, warned, None, run()).startswith("This is the first run")


def test_warnings_of_all_chapters_are_new_or_resolved_by_code_and_column():
    before = [Complaint("footer", "2 lines", "a.csv"), Complaint("outlier", "3 amounts", "a.csv", "amount")]
    now = [Complaint("outlier", "5 amounts", "b.csv", "amount"), Complaint("outlier", "1 cost", "b.csv", "cost")]
    assert warnings_since(now, before) == ([now[1]], [before[0]])
    assert words.about_warnings(now[1:], before[:1], dt.date(2024, 12, 31), run()) == (
        "1 new and 1 resolved since 31 Dec 2024"
    )
