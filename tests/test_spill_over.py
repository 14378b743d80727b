"""Whether deals are won more often where we knew more people."""

from __future__ import annotations

import pandas as pd

from mcrlib.judge.relationships.spill_over import spill_over


def deals(won_when_broad):
    rows = [(f"a{i % 20}", 100.0, 5, 1 + 3 * (i % 2), i % 2 == 1 if won_when_broad else i % 4 < 2) for i in range(80)]
    frame = pd.DataFrame(rows, columns=["account_id", "amount", "n_touches", "n_people", "is_won"])
    return frame.assign(n_cells=1)


def test_deals_are_compared_with_their_like_and_draws_are_of_customers():
    got = spill_over(deals(True)).set_index("axis")
    assert got.loc["people", "value"] == 1.0 and got.loc["people", "status"] == "pays"
    assert got.loc["people", "n"] == 80
    assert spill_over(deals(False)).set_index("axis").loc["people", "status"] == "unsure"


def test_without_broad_and_narrow_deals_nothing_is_said():
    assert spill_over(deals(True)).set_index("axis").loc["cells", "status"] == "not_available"
    none = spill_over(deals(True).iloc[:0])
    assert set(none["status"]) == {"not_available"} and none["value"].isna().all()
    unlogged = deals(True).assign(n_touches=0)
    assert set(spill_over(unlogged)["status"]) == {"not_available"}
