"""What is said of us, and how deals against each rival end."""

from __future__ import annotations

import pandas as pd
import pytest

from mcrlib.judge.relationships.reputation import opinions, recommendations, rival_record

TIERS = pd.DataFrame({"account_id": ["A", "B"], "tier": ["S", "C"]})


def mouth(**counts):
    columns = ["n_key", "key_sum", "n_others", "others_sum", "n_first", "n_inbound", "n_sourced", "n_referred"]
    columns += ["n_closed", "n_won", "n_referred_closed", "n_referred_won"]
    return pd.DataFrame({"account_id": ["A", "B"]} | dict.fromkeys(columns, 0) | counts)


def test_the_gap_between_the_top_and_the_base_is_judged_only_with_enough_answers():
    answers = mouth(n_key=[20, 2], key_sum=[18.0, 2.0], n_others=[20, 3], others_sum=[10.0, 0.0])
    got = opinions(answers, TIERS, gap=0.2, least=10).set_index("tier")
    assert got.index.tolist() == ["S", "C", "all"]
    assert got.loc["S", "gap"] == pytest.approx(0.4) and got.loc["S", "is_hidden"]
    assert got.loc["S", "gap_low"] < 0.4 < got.loc["S", "gap_high"]
    assert pd.isna(got.loc["C", "is_hidden"])
    assert opinions(mouth(n_key=[5, 5]), TIERS).empty


def test_shares_of_what_nobody_recorded_are_left_out():
    got = recommendations(mouth(n_sourced=[8, 2], n_referred=[2, 0], n_closed=[5, 1], n_won=[3, 0],
                                n_referred_closed=[2, 0], n_referred_won=[2, 0])).set_index("measure")  # fmt: skip
    assert got.index.tolist() == ["referred", "referred_won", "other_won"]
    assert got["value"].tolist() == [0.2, 1.0, 0.25] and got["n"].tolist() == [10, 2, 4]
    assert (got["low"] <= got["value"]).all() and (got["value"] <= got["high"]).all()


def rivals(*rows):
    return pd.DataFrame(
        [("A", name, won, lost, n_open, 0.0, 0.0) for name, won, lost, n_open in rows],
        columns=["account_id", "rival", "n_won", "n_lost", "n_open", "lost_amount", "open_amount"],
    )


def test_a_rival_is_told_by_how_deals_against_it_end():
    got = rival_record(rivals(("Nova", 1, 19, 1), ("Orion", 19, 1, 0), ("Vega", 0, 0, 2)), TIERS).set_index("rival")
    assert got["n"].to_dict() == {"Nova": 20, "Orion": 20, "Vega": 0}
    assert got["usual"].unique() == pytest.approx([0.5])
    assert got["standing"].fillna("-").to_dict() == {"Nova": "behind", "Orion": "ahead", "Vega": "-"}
    assert got["n_top"].to_dict() == {"Nova": 1, "Orion": 0, "Vega": 1}
    assert rival_record(rivals(), TIERS).empty


def test_among_many_rivals_a_lucky_one_is_not_called_ahead():
    few = rivals(("Lucky", 8, 4, 0), ("Usual", 4, 8, 0))
    many = rivals(("Lucky", 8, 4, 0), *[(f"R{i}", 5, 7, 0) for i in range(20)])
    lucky = [rival_record(one, TIERS).set_index("rival").loc["Lucky"] for one in (few, many)]
    assert lucky[1]["low"] > lucky[1]["usual"] and lucky[1]["standing"] == "even"
