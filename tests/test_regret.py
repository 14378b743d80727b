import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from portfolio import run

from mcrlib.judge.regret import look_back_dates, tier_regret, tiers_then
from mcrlib.model.soil.combine import base_soil
from mcrlib.settings import Settings
from mcrlib.show import words

DAY = dt.date(2025, 12, 31)


def then(n=10, cutoff="2024-12-31", **columns):
    """Account 0 brings most, the last nothing; the kit knows, last year's revenue has it the wrong way round."""
    gp = np.arange(n - 1.0, -1, -1)
    frame = pd.DataFrame(
        {
            "cutoff": pd.Timestamp(cutoff), "horizon_days": 365, "account_id": [f"a{i:02}" for i in range(n)],
            "tier": ["S", "A", *"B" * (n - 2)], "tier_rule": "B", "tier_crm": None, "soil_value": gp, "harvest": gp,
            "revenue_12m": gp[::-1], "gp": gp,
        }
    )  # fmt: skip
    return frame.assign(**columns)


def by_way(frame, **knobs):
    return tier_regret(frame, **knobs).set_index("way")


def test_each_way_chooses_as_many_accounts_and_the_misses_are_counted_in_money():
    found = by_way(then())
    assert found["share"].to_dict() == pytest.approx(
        {"kit": 17 / 45, "hindsight": 17 / 45, "rule": 0.2, "random": 0.2, "last_year": 1 / 45}
    )
    assert found["regret"].to_dict() == pytest.approx(
        {"kit": 0, "hindsight": 0, "rule": 8, "random": 8, "last_year": 16}
    )
    assert found.loc["last_year", ["tau", "cutoffs", "n"]].tolist() == pytest.approx([-1, 1, 10])
    assert found.loc["kit", "better_by"] == 0 < found.loc["last_year", "better_by"]


def test_the_cutoffs_are_put_together_and_the_regret_is_that_of_one():
    twice = pd.concat([then(), then(cutoff="2023-12-31", gp=0.0), then(cutoff="2022-12-31")], ignore_index=True)
    found = by_way(twice)
    assert found.loc["last_year", ["share", "regret", "cutoffs", "n"]].tolist() == pytest.approx([1 / 45, 16, 2, 10])


def test_the_order_of_rows_does_not_matter():
    frame = pd.concat([then(), then(cutoff="2022-12-31", gp=5.0)], ignore_index=True)
    pd.testing.assert_frame_equal(tier_regret(frame), tier_regret(frame.iloc[::-1]))


def test_the_crm_is_judged_only_where_its_history_tells():
    assert "crm" not in by_way(then()).index
    half = then(tier_crm=["A"] * 5 + [None] * 5)
    assert "crm" not in by_way(half).index
    known = by_way(half, coverage=0.5)
    assert known.loc["crm", "share"] == pytest.approx((9 + 8 + 7 + 6 + 5) * 2 / 5 / 45)


def test_a_crm_whose_levels_are_not_understood_is_not_judged():
    levels = then(tier_crm=["other"] * 10)
    assert "crm" not in by_way(levels).index
    assert "values: tier_crm in client.yaml" in words.about_regret(tier_regret(levels), run())
    some = then(tier_crm=[*"SABCCCC", "other", "other", None])
    assert by_way(some).loc["crm", "share"] == pytest.approx(17 / 45)


def test_of_the_best_tenth_it_is_counted_who_was_chosen():
    found = by_way(then(20, tier=["B", "A", *"B" * 18]))
    assert found["hits"].to_dict() == pytest.approx(
        {"kit": 0.5, "rule": 0.05, "random": 0.05, "last_year": 0.0, "hindsight": 0.5}
    )


def test_the_page_says_where_last_years_revenue_did_as_well():
    alike = then(revenue_12m=np.arange(9.0, -1, -1))
    assert "Last year's revenue chose and ranked as well or better" in words.about_regret(tier_regret(alike), run())


def test_nothing_came_then_nothing_is_judged():
    empty = tier_regret(then(gp=0.0))
    assert empty.empty
    assert words.about_regret(empty, run()).startswith("Tiers cannot be judged at earlier dates")


def test_a_date_at_which_nobody_was_s_or_a_is_not_judged():
    assert tier_regret(then(tier="C")).empty
    both = pd.concat([then(), then(cutoff="2023-12-31", tier="C")], ignore_index=True)
    assert by_way(both).loc["kit", "cutoffs"] == 1


def test_the_page_says_where_the_tiers_lose():
    worse = then(40, tier=[*"B" * 32, *"AAAASSSS"], revenue_12m=np.arange(40.0, 0, -1))
    said = words.about_regret(tier_regret(worse), run())
    assert "The tiers lose against: " in said and "last year's revenue" in said
    won = words.about_regret(tier_regret(then()), run())
    assert "No other way of choosing that was looked at did surely better." in won
    assert "it is known which of S, A, B and C they had" in won


def test_of_a_sum_with_losses_no_share_is_said():
    lossy = then().assign(gp=[9.0, 8.0, *[-1.0] * 8])
    said = words.about_regret(tier_regret(lossy), run())
    assert (
        said.startswith("At earlier dates S and A brought more than all of the gross profit") and " held " not in said
    )


def test_dates_lie_a_year_apart_or_closer_where_the_history_is_short():
    assert look_back_dates(DAY, 2000) == [(DAY - dt.timedelta(days=365 * k), 365) for k in (1, 2, 3)]
    assert [days for _, days in look_back_dates(DAY, 400)] == [100, 100, 100]
    assert look_back_dates(DAY, 300) == []


def test_tiers_of_then_know_neither_overrides_nor_a_later_crm_tier():
    rng, n = np.random.default_rng(1), 30
    harvest = rng.lognormal(9, 1.5, n)
    logs = 4 * np.log(harvest / 4)
    features = pd.DataFrame({"account_id": [f"a{i:02}" for i in range(n)], "account_name": [f"N{i}" for i in range(n)]})
    known = {
        "n_order_days": 4, "frequency": 3, "recency": 300.0, "T": 400.0, "days_since_last": 100.0, "log_gaps": 13.0,
        "spend_log_sum": logs, "spend_log_weight": 4.0, "spend_log_square": logs**2 / 4, "spend_n": 4,
        "spend_plain_log_sum": logs, "spend_plain_log_square": logs**2 / 4,
        "harvest": harvest, "harvest_previous": 0.0, "gp_36m": harvest, "revenue_12m": harvest, "revenue_36m": harvest,
        "revenue_total": harvest, "gp_total": harvest, "revenue_previous_12m": 0.0, "revenue_3m": 0.0,
        "annual_revenue": np.nan, "employees": np.nan, "n_product_lines": np.nan, "n_contacts": np.nan,
        "n_functions": np.nan,
    }  # fmt: skip
    features = features.assign(**known)
    features.loc[0, "n_order_days"] = 0
    decided = {"account": "a05", "tier": "S", "reason": "r", "by": "b", "until": "2030-01-01"}
    asked = []

    def came(start, end):
        asked.append((start, end))
        return features[["account_id"]].assign(orders=1, revenue=harvest, gp=harvest)

    def judged(**settings):
        dates = [(dt.date(2024, 12, 31), 90)]
        rules = Settings.model_validate(settings)
        return tiers_then(lambda _: features, partial(base_soil, lambda _: features, rules), came, dates, rules)

    plain = judged()
    assert asked == [(dt.date(2024, 12, 31), dt.date(2025, 3, 31))]
    assert len(plain) == n - 1 and "a00" not in set(plain["account_id"])
    assert plain["tier_crm"].isna().all()
    pd.testing.assert_frame_equal(judged(overrides=[decided]), plain)
    assert tier_regret(plain).set_index("way").loc["kit", "share"] > 0.4
