from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcrlib.judge.fertility import FLOOR, LAYERS, fertility_index, fertility_layers


def parts(**accounts):
    rows = [
        (account, name, values.get(name, np.nan), 5 if name in values else 0, 1.0 if name in values else 0.0)
        for account, values in accounts.items()
        for name in LAYERS
    ]
    return pd.DataFrame(rows, columns=["account_id", "part", "value", "n", "coverage"])


def test_it_is_the_geometric_mean_of_four_parts_of_which_two_have_layers():
    relation = {"key": 0.8, "general": 0.4, "organisation": 0.2}
    got = fertility_index(parts(A=relation | {"service": 0.9, "delivery": 0.4, "satisfaction": 0.5, "risk": 0.6}))
    row = got.iloc[0]
    means = (0.8 * 0.4 * 0.2) ** (1 / 3), (0.9 * 0.4) ** 0.5
    assert row["fertility"] == pytest.approx(100 * (means[0] * means[1] * 0.5 * 0.6) ** 0.25)
    assert row[["fertility_n", "fertility_coverage", "fertility_status", "thinnest"]].tolist() == [
        35,
        1,
        "ok",
        "organisation",
    ]
    assert row["fertility_low"] <= row["fertility"] <= row["fertility_high"]


def test_what_is_absent_is_dropped_and_lowers_the_coverage():
    got = fertility_index(parts(A={"key": 0.5, "risk": 0.5})).iloc[0]
    assert got["fertility"] == pytest.approx(50)
    assert got["fertility_coverage"] == pytest.approx(1 / 12 + 1 / 4)
    assert got["fertility_status"] == "weak"


def test_the_layers_are_the_measures_of_the_map_and_the_other_parts():
    measures = pd.DataFrame(
        {
            "account_id": "A", "metric": ["key", "general", "effective_contacts"], "value": [0.5, 0.25, 7.0],
            "n": [2, 4, 9], "coverage": [1.0, 0.5, 1.0], "basis": "recorded", "status": ["ok", "weak", "ok"],
        }
    )  # fmt: skip
    others = pd.DataFrame(
        {"account_id": "A", "part": ["key", "risk"], "value": [0.9, 0.7], "n": [9, 3], "coverage": 1.0,
         "basis": "recorded", "status": "ok"}
    )  # fmt: skip
    got = fertility_layers(pd.Series(["B", "A"]), measures, others)
    assert got[["account_id", "part"]].to_numpy().tolist() == [[who, layer] for who in "AB" for layer in LAYERS]
    known = got.dropna(subset="value").set_index("part")
    assert known["value"].to_dict() == {"key": 0.5, "general": 0.25, "risk": 0.7}
    assert known["n"].to_dict() == {"key": 2, "general": 4, "risk": 3}
    missing = got[got["value"].isna()]
    assert set(missing["status"]) == {"not_available"} and not missing[["n", "coverage"]].any(axis=None)


def test_few_persons_make_the_index_less_sure_but_leave_its_place():
    alike = {layer: 0.6 for layer in LAYERS}
    few, many = parts(A=alike, B=alike), parts(A=alike, B=alike)
    few["n"], many["n"] = 3, 3000
    few, many = fertility_index(few), fertility_index(many)
    assert (few["fertility_high"] - few["fertility_low"] > 20).all()
    assert (many["fertility_high"] - many["fertility_low"] < 5).all()
    assert few[["fertility_rank_low", "fertility_rank_high"]].to_numpy().tolist() == [[1, 1], [1, 1]]


def test_without_any_sign_of_a_relationship_there_is_no_index():
    got = fertility_index(parts(A={"satisfaction": 0.9, "risk": 1.0}, B={"key": 0.5})).set_index("account_id")
    assert np.isnan(got.loc["A", "fertility"])
    assert got["fertility_status"].to_dict() == {"A": "not_available", "B": "weak"}


def test_nothing_known_anywhere():
    got = fertility_index(parts(A={}, B={}))
    assert got["fertility"].isna().all()
    assert set(got["fertility_status"]) == {"not_available"}


def test_a_rotten_part_counts_at_the_floor_and_cannot_be_bought_off():
    got = fertility_index(parts(A={"key": 1.0, "service": 1.0, "satisfaction": 1.0, "risk": 0.0})).iloc[0]
    assert got["fertility"] == pytest.approx(100 * FLOOR**0.25)


def test_weights_may_be_chosen():
    got = fertility_index(parts(A={"key": 0.25, "risk": 1.0}), weights={"risk": 3.0}).iloc[0]
    assert got["fertility"] == pytest.approx(100 * 0.25**0.25)


share = st.floats(0, 1)


@settings(max_examples=15)
@given(st.lists(st.tuples(st.lists(share, min_size=7, max_size=7), st.integers(0, 6), share), min_size=1, max_size=9))
def test_it_stays_between_0_and_100_and_grows_with_every_part(drawn):
    less = {f"A{n}": dict(zip(LAYERS, values, strict=True)) for n, (values, _, _) in enumerate(drawn)}
    more = {f"B{n}": dict(zip(LAYERS, values, strict=True)) for n, (values, _, _) in enumerate(drawn)}
    for n, (_, place, other) in enumerate(drawn):
        more[f"B{n}"][LAYERS[place]] = max(more[f"B{n}"][LAYERS[place]], other)
    got = fertility_index(parts(**less, **more)).set_index("account_id")["fertility"]
    for n in range(len(drawn)):
        assert 0 < got[f"A{n}"] <= got[f"B{n}"] + 1e-9 <= 100 + 1e-6


def test_the_place_is_sure_where_one_is_better_in_everything():
    got = fertility_index(
        parts(A={"key": 0.9, "risk": 0.9}, B={"key": 0.5, "risk": 0.5}, C={"key": 0.1, "risk": 0.9}, D={"risk": 1.0})
    ).set_index("account_id")
    assert got.loc["A", ["fertility_rank_low", "fertility_rank", "fertility_rank_high"]].tolist() == [1, 1, 1]
    assert got.loc["C", "fertility_rank_low"] <= 2 < got.loc["C", "fertility_rank_high"]
    assert np.isnan(got.loc["D", "fertility_rank"])
