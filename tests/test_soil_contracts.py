import datetime as dt
from functools import cache

import numpy as np
import pandas as pd
import pytest
from contract_world import draw_renewals
from hypothesis import given, settings
from hypothesis import strategies as st

from mcrlib.model.soil.contracts import contract_values, learn_renewals, with_contracts
from mcrlib.model.soil.renewals import RenewalModel

AS_OF = dt.date(2024, 12, 31)


def learned(rows):
    return learn_renewals(rows.assign(own_amount=1.0, renewed=rows["renewed"].astype("boolean")), ["touch"])


def contract(account, start, end, money, *, period=1, renewed=pd.NA):
    row = (account, pd.Timestamp(start), pd.Timestamp(end), money, period, renewed, np.nan)
    return pd.DataFrame(
        [row], columns=["account_id", "start_date", "end_date", "own_amount", "period", "renewed", "touch"]
    )


def test_without_an_ended_term_only_the_running_one_counts():
    terms = contract("A", "2024-07-01", "2025-07-01", 365.0)
    assert learn_renewals(terms, ["touch"]) is None
    got = contract_values(None, terms, AS_OF, years=5).iloc[0]
    assert (got["contract_value"], got["contract_low"], got["contract_high"]) == (182.0, 182.0, 182.0)
    assert np.isnan(got["p_renewal"])


def test_a_contract_that_always_renews_brings_its_money_every_year():
    rows = pd.DataFrame({"period": np.arange(1, 400), "touch": 0.0})
    sure = RenewalModel(prior_weight=1e-3).fit(rows, np.ones(399))
    terms = contract("A", "2024-01-01", "2024-12-31", 100.0)
    got = contract_values(sure, terms, AS_OF, years=5, margin=0.5).iloc[0]
    assert got["contract_value"] == pytest.approx(250.0, rel=0.02)


def test_a_renewed_contract_hands_over_to_its_successor():
    terms = pd.concat(
        [
            contract("A", "2024-03-01", "2025-03-01", 365.0, renewed=True),
            contract("A", "2025-03-01", "2026-03-01", 365.0, period=2),
        ]
    ).astype({"renewed": "boolean"})
    got = contract_values(None, terms, AS_OF, years=5).iloc[0]
    assert (got["n_contracts"], got["contract_value"]) == (2, pytest.approx(60.0 + 365.0))


def test_bounds_of_several_contracts_hold_that_all_of_them_go_on():
    """At 74 % each, both are renewed in .55 of all cases and neither in .07: the bounds are both and one."""
    ended = pd.DataFrame({"period": np.ones(20), "touch": 0.0, "renewed": np.r_[np.ones(15), np.zeros(5)]})
    plain = learn_renewals(ended.assign(own_amount=1.0, renewed=ended["renewed"].astype("boolean")), [], plain=True)
    two = pd.concat([contract("A", "2024-01-01", "2024-12-31", 365.0)] * 2, ignore_index=True)
    got = contract_values(plain, two, AS_OF, years=1).iloc[0]
    assert got["contract_value"] == pytest.approx(2 * 365 * 15.5 / 21)
    assert (got["contract_low"], got["contract_high"]) == (pytest.approx(365.0), pytest.approx(730.0))


SOIL = pd.DataFrame(
    {"account_id": ["A", "B"], "soil_value": [100.0, 10.0], "soil_low": [70.0, 1.0], "soil_high": [140.0, 30.0],
     "soil_basis": "orders"}
)  # fmt: skip


def test_where_nothing_else_is_known_soil_is_what_contracts_bring():
    contracts = pd.DataFrame(
        {"account_id": ["A"], "contract_value": [60.0], "contract_low": [20.0], "contract_high": [90.0]}
    )
    unknown = SOIL.assign(soil_value=np.nan, soil_low=np.nan, soil_high=np.nan, soil_basis="none")
    got = with_contracts(unknown, contracts)
    assert got.loc[0, ["soil_low", "soil_value", "soil_high", "soil_basis"]].tolist() == [20.0, 60.0, 90.0, "contracts"]
    assert got.loc[1, ["soil_low", "soil_value", "soil_high"]].isna().all()
    assert got.loc[1, ["contract_value", "soil_basis"]].tolist() == [0.0, "none"]
    buyers = with_contracts(unknown.assign(soil_basis="orders"), contracts)
    assert buyers.loc[0, ["soil_value", "soil_basis"]].tolist() == [60.0, "orders"]


def test_soil_grows_by_exactly_what_contracts_bring():
    soil = SOIL
    contracts = pd.DataFrame(
        {"account_id": ["A"], "contract_value": [60.0], "contract_low": [20.0], "contract_high": [90.0]}
    )
    got = with_contracts(soil, contracts)
    assert got["soil_value"].tolist() == [160.0, 10.0]
    assert got["contract_value"].tolist() == [60.0, 0.0]
    assert got["soil_low"].tolist() == [110.0, 1.0]  # 160 - hypot(30, 40)
    assert got["soil_high"].tolist() == [210.0, 30.0]  # 160 + hypot(40, 30)


#: One model for all examples.
modelled = cache(lambda: learned(draw_renewals(20, seed=5)))


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(20, 1200), st.floats(0.01, 1e9)), min_size=1, max_size=6),
    st.floats(0.1, 20),
)
def test_no_term_brings_more_than_its_money(contracts, years):
    model = modelled()
    rows = [
        contract(f"A{i}", dt.date(2023, 1, 1) + dt.timedelta(days=start), dt.date(2025, 1, 1), money)
        for i, (start, _, money) in enumerate(contracts)
        if start < 700
    ]
    rows += [contract("B", "2024-06-01", dt.date(2025, 1, 1) + dt.timedelta(days=d), m) for _, d, m in contracts]
    terms = pd.concat(rows, ignore_index=True)
    got = contract_values(model, terms, AS_OF, years=years)
    running = contract_values(None, terms, AS_OF, years=years)
    length = (terms["end_date"] - terms["start_date"]).dt.days / 365
    ceiling = (terms["own_amount"] * (years / length + 1)).groupby(terms["account_id"]).sum()
    assert np.isfinite(got[["contract_value", "contract_low", "contract_high"]].to_numpy()).all()
    assert (got["contract_value"] >= running["contract_value"] - 1e-9).all()
    assert (got.set_index("account_id")["contract_value"] <= ceiling[got["account_id"]] * (1 + 1e-9)).all()
