import pandas as pd
from portfolio import run

from mcrlib.judge.growth import beginnings, climb_of_pools, growth_pool
from mcrlib.show import words


def test_the_first_four_quarters_rank_the_beginnings():
    days = pd.to_datetime(["2020-01-01", "2020-10-01", "2021-01-01", "2023-04-01", "2020-01-01", "2020-04-01"])
    periods = pd.DataFrame({"account_id": list("aaabcd"), "period": days, "gp": [10.0, 5.0, 999.0, 20.0, 1.0, 40.0]})
    tiers = pd.DataFrame({"account_id": list("abcde"), "tier": list("SACCC")})
    found = beginnings(periods, tiers)
    assert found[["account_id", "first_year", "quarter"]].to_numpy().tolist() == [
        ["d", 40, 4],
        ["b", 20, 4],
        ["a", 15, 3],
        ["c", 1, 2],
    ]


def low(n=10):
    soil = [float(i) for i in range(n)]
    return pd.DataFrame({"account_id": [f"a{i}" for i in range(n)], "tier": "C", "n_orders": 2, "soil_value": soil})


def test_the_pool_is_the_best_fifth_of_c():
    assert growth_pool(low())["account_id"].tolist() == ["a9", "a8"]
    frame = low()
    frame.loc[9, "tier"], frame.loc[8, "n_orders"] = "B", 0
    assert growth_pool(frame)["account_id"].tolist() == ["a7", "a6"]
    assert growth_pool(low().assign(soil_value=0.0)).empty


def test_pools_of_earlier_dates_are_followed():
    then = low().assign(cutoff=pd.Timestamp("2024-12-31"))
    now = pd.DataFrame({"account_id": [f"a{i}" for i in range(10)], "tier": list("BCCCCCCCAC")})
    found = climb_of_pools(then, now)
    assert found[["pool", "n", "climbed", "share"]].to_numpy().tolist() == [[False, 8, 1, 0.125], [True, 2, 1, 0.5]]
    said = words.about_pool(growth_pool(low()), found, run())
    assert said.endswith("on 31 Dec 2024, 1 of 2 are above C today; of the other C accounts of that day 1 of 8.")


def test_without_a_past_only_the_pool_is_said():
    nothing = climb_of_pools(low().iloc[:0].assign(cutoff=pd.Timestamp("2024-12-31")), low())
    assert nothing.empty
    assert words.about_pool(growth_pool(low()), nothing, run()).startswith("2 accounts in C are worth growing")
