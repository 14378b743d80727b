import datetime as dt

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.growth import beginnings, climb_of_pools, growth_chances, growth_pool, years_to_top
from mcrlib.show import words


def test_the_first_four_quarters_rank_the_beginnings():
    days = pd.to_datetime(["2020-01-01", "2020-10-01", "2021-01-01", "2023-04-01", "2020-01-01", "2020-04-01"])
    periods = pd.DataFrame({"account_id": list("aaabcd"), "period": days, "gp": [10.0, 5.0, 999.0, 20.0, 1.0, 40.0]})
    tiers = pd.DataFrame({"account_id": list("abcde"), "tier": list("SACCC")})
    found = beginnings(periods, tiers, dt.date(2025, 12, 31))
    assert found[["account_id", "first_year", "quarter"]].to_numpy().tolist() == [
        ["d", 40, 4],
        ["b", 20, 3],
        ["a", 15, 2],
        ["c", 1, 1],
    ]


@pytest.mark.parametrize(("as_of", "ranked"), [("2021-09-29", ["a"]), ("2021-09-30", ["b", "a"])])
def test_an_account_without_four_whole_quarters_since_its_first_is_not_ranked_yet(as_of, ranked):
    days = pd.to_datetime(["2020-01-01", "2020-10-01"])
    periods = pd.DataFrame({"account_id": ["a", "b"], "period": days, "gp": [10.0, 50.0]})
    found = beginnings(
        periods, pd.DataFrame({"account_id": list("ab"), "tier": list("SA")}), dt.date.fromisoformat(as_of)
    )
    known = found.dropna(subset="quarter")
    assert known["account_id"].tolist() == ranked and len(found) == 2
    assert known["quarter"].tolist() == ([4] if len(ranked) == 1 else [4, 2])
    assert (
        found["first_year"].isna().tolist() == found["first_rank"].isna().tolist() == found["quarter"].isna().tolist()
    )


def low(n=10):
    soil = [float(i) for i in range(n)]
    return pd.DataFrame({"account_id": [f"a{i}" for i in range(n)], "tier": "C", "n_orders": 2, "soil_value": soil})


def test_the_pool_is_the_best_fifth_of_c():
    assert growth_pool(low())["account_id"].tolist() == ["a9", "a8"]
    frame = low()
    frame.loc[9, "tier"], frame.loc[8, "n_orders"] = "B", 0
    assert growth_pool(frame)["account_id"].tolist() == ["a7", "a6"]
    assert growth_pool(low().assign(soil_value=0.0)).empty
    assert growth_pool(low().assign(soil_value=7.0)).empty and growth_pool(low().tail(1)).empty


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
    alone = pd.DataFrame({"cutoff": [pd.Timestamp("2024-12-31")], "pool": [True], "n": [1], "climbed": [0]})
    assert "chosen in the same way" not in words.about_pool(growth_pool(low()), alone, run())


THEN, NOW = pd.Timestamp("2023-12-31"), pd.Timestamp("2024-12-31")


def step(tiers, before="C", dates=(THEN, NOW)):
    """One step of the accounts a0, a1 … from C to a letter each."""
    names = [f"a{i}" for i in range(len(tiers))]
    rows = {"date_before": dates[0], "date": dates[1], "account_id": names, "tier_before": before, "tier": list(tiers)}
    return pd.DataFrame(rows)


def test_the_chance_is_the_share_of_such_c_accounts_that_were_s_or_a_a_step_later():
    steps, then = step("C" * 40 + "CCCCCCBSAA"), low(50).assign(cutoff=THEN)
    expected = pd.DataFrame(
        {"pool": [False, True], "n": [40, 10], "n_accounts": [40, 10], "n_top": [0, 3], "n_b": [0, 1], "days": 366}
        | {"share": [0.0, 0.3], "low": [0.0, 0.151], "high": [0.033, 0.502]}  # beta(3.5, 7.5) and beta(0.5, 40.5)
    )
    found = growth_chances(steps, then)
    pd.testing.assert_frame_equal(found, expected, check_dtype=False, atol=6e-4)
    said = words.about_growth_chances(found, years_to_top(steps.iloc[:0], pd.Series(dtype=object)), run())
    assert "At earlier dates 10 C accounts were chosen in the same way (10 different ones); 366 days later" in said
    assert "3 had reached S or A and 1 B. The chance to reach S or A is 30% (15% to 50% in 8 of 10 cases)" in said
    assert "Of 40 other C accounts 0 had reached S or A and 0 B." in said


def test_one_account_at_two_dates_makes_the_chance_no_surer():
    steps, then = step("C" * 48 + "AA"), low(50).assign(cutoff=THEN)
    later = (NOW, NOW + pd.DateOffset(years=1))
    twice = pd.concat([steps, step("C" * 48 + "AA", dates=later)]), pd.concat([then, then.assign(cutoff=NOW)])
    once, more = growth_chances(steps, then), growth_chances(*twice)
    assert more["n"].tolist() == [80, 20]
    columns = ["n_accounts", "share", "low", "high"]
    pd.testing.assert_frame_equal(once[columns], more[columns])


def test_a_chance_needs_ten_different_accounts_however_often_they_were_seen():
    steps, then = step("C" * 32 + "A" * 8), low(40).assign(cutoff=THEN)
    twice = pd.concat([steps, step("C" * 40, dates=(NOW, NOW + pd.DateOffset(years=1)))])
    found = growth_chances(twice, pd.concat([then, then.assign(cutoff=NOW)])).set_index("pool")
    assert found.loc[True, ["n", "n_accounts", "n_top"]].tolist() == [16, 8, 8] and np.isnan(found.loc[True, "share"])


SEEN_NONE = {"n": 0, "middle": np.nan, "told": "too_few"}


def test_below_ten_accounts_no_chance_is_told_but_what_is_missing():
    found = growth_chances(step("C" * 8 + "AA"), low().assign(cutoff=THEN))
    assert found.loc[found["pool"], ["n_accounts", "n_top"]].to_numpy().tolist() == [[2, 2]]
    assert found[["share", "low", "high"]].isna().to_numpy().all()
    assert "it needs 10 accounts chosen in the same way at earlier dates, and there were 2." in (
        words.about_growth_chances(found, SEEN_NONE, run())
    )
    assert growth_chances(step("C" * 8 + "AA"), low().assign(cutoff=THEN), few=2)["share"].notna().all()
    nothing = growth_chances(step(""), low().iloc[:0].assign(cutoff=THEN))
    assert nothing.empty
    assert "needs tiers at two dates" in words.about_growth_chances(nothing, SEEN_NONE, run())


def test_years_to_the_top_count_first_climbs_only_and_take_them_halfway():
    early = step("A" * 10 + "AB", before=[*"BCCCCCCCCCAA"])  # two stood in A before
    later = step("A" * 10 + "AA", before=[*"AAAAAAAAAAAB"], dates=(NOW, NOW + pd.DateOffset(years=1)))
    first = pd.Series(THEN - pd.to_timedelta([365 * i for i in (*range(11), 20)], unit="D"), index=early["account_id"])
    found = years_to_top(pd.concat([early, later]), first)
    near = {"low": pytest.approx(2.75, abs=0.01), "middle": pytest.approx(5, abs=0.01)}
    near |= {"high": pytest.approx(7.25, abs=0.01), "span": pytest.approx(22, abs=0.1)}
    assert found == {"n": 10, "told": "yes"} | near
    said = words.about_growth_chances(growth_chances(early, low(12).assign(cutoff=THEN)), found, run())
    assert said.endswith("half had done so 5.0 years after their first order on record, a quarter after 2.7, "
                         "three quarters after 7.2.")  # fmt: skip
    assert years_to_top(early.iloc[:9], first)["told"] == "too_few"
    assert years_to_top(early.iloc[:9], first, few=8)["told"] == "yes"
    assert years_to_top(step("A" * 10, before="none"), first)["n"] == 0


def test_a_history_too_short_for_slow_climbs_tells_no_years():
    steps = step("A" * 10)
    first = pd.Series(THEN - pd.to_timedelta([100 * i for i in range(10)], unit="D"), index=steps["account_id"])
    found = years_to_top(steps, first)
    assert (found["n"], found["told"]) == (10, "too_short") and np.isnan(found["middle"])
    said = words.about_growth_chances(growth_chances(steps.iloc[:0], low()), found, run())
    assert said.endswith("slow climbs cannot be seen in a history of 3.5 years.")
