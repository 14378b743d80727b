"""Promises kept, and the three letters."""

from __future__ import annotations

import pandas as pd
import pytest

from mcrlib.judge.relationships.trust import promises_by_person, promises_by_quarter, vct


def promised(*rows, kind="commitment"):
    columns = ["owner_id", "ago", "n_due", "n_kept", "n_waiting"]
    return pd.DataFrame(rows, columns=columns).assign(kind=kind, account_id="A")


def test_promises_are_counted_by_quarter_the_oldest_first_and_plans_only_stand_in():
    kept, planned = promised(("u", 0, 4, 3, 1), ("v", 1, 2, 2, 0)), promised(("u", 0, 9, 0, 9), kind="plan")
    got = promises_by_quarter(pd.concat([kept, planned]))
    assert got[["ago", "n_due", "kept"]].to_numpy().tolist() == [[1, 2, 1.0], [0, 4, 0.75]]
    assert set(got["basis"]) == {"recorded"}
    assert set(promises_by_quarter(planned)["basis"]) == {"proxy"}
    assert promises_by_quarter(kept.iloc[:0]).empty


def test_who_falls_short_does_so_beyond_chance():
    rows = promised(("u", 0, 100, 60, 9), ("v", 0, 10, 9, 1), (None, 0, 5, 5, 0))
    got = promises_by_person(rows, enough=0.95)
    assert got["owner_id"].fillna("-").tolist() == ["-", "u", "v"]
    assert got["n_due"].tolist() == [115, 100, 10]
    assert got["falls_short"].tolist() == [True, True, False]


def test_the_weakest_letter_is_named_only_where_all_three_are_known():
    accounts = pd.DataFrame({"account_id": ["A", "B"], "gp_36m": [50.0, 10.0], "revenue_36m": [100.0, 100.0]})
    exchange = pd.DataFrame({"account_id": ["A", "B"], "n_answered": [1, 0], "n_told": [4, 0],
                             "n_rival_known": [1, 0], "n_deals": [1, 0]})  # fmt: skip
    strength = pd.DataFrame({"account_id": ["A", "B"], "trust": [0.9, 0.9]})
    got = vct(accounts, exchange, pd.Series({"A": 1.0, "B": 0.5}), strength).set_index("account_id")
    assert got.loc["A", ["value", "communication", "trust"]].tolist() == pytest.approx([1.0, 0.5, 0.9])
    assert got["weakest"].fillna("-").to_dict() == {"A": "communication", "B": "-"}
    alike = accounts.assign(gp_36m=50.0)
    assert vct(alike, exchange, pd.Series({"A": 1.0}), strength)["margin_rank"].isna().all()
