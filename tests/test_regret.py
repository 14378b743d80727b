import datetime as dt
from functools import partial

import numpy as np
import pandas as pd
import pytest
from portfolio import run
from scipy.stats import kendalltau

from mcrlib.judge.regret import (
    gain_curves,
    look_back_dates,
    regret_doubts,
    regret_verdicts,
    tier_regret,
    tiers_then,
)
from mcrlib.model.soil.combine import base_soil
from mcrlib.settings import Settings, Thresholds
from mcrlib.show import words

DAY = dt.date(2025, 12, 31)


def then(n=10, cutoff="2024-12-31", **columns):
    """Account 0 brings most, the last nothing; the kit knows, last year's revenue has it the wrong way round."""
    gp = np.arange(n - 1.0, -1, -1)
    frame = pd.DataFrame(
        {
            "cutoff": pd.Timestamp(cutoff), "horizon_days": 365, "account_id": [f"a{i:02}" for i in range(n)],
            "tier": ["S", "A", *"B" * (n - 2)], "tier_rule": "B", "tier_crm": None, "score": gp, "soil_value": gp,
            "harvest": gp, "revenue_12m": gp[::-1], "gp": gp, "gp_twice": np.nan,
        }
    )  # fmt: skip
    return frame.assign(**columns)


def watched(frame):
    return regret_verdicts(tier_regret(frame))


def by_way(frame, **limits):
    return tier_regret(frame, Thresholds(**limits)).set_index("way")


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
    assert "values: tier_crm in client.yaml" in words.about_ways(watched(levels), run())
    some = then(tier_crm=[*"SABCCCC", "other", "other", None])
    assert by_way(some).loc["crm", "share"] == pytest.approx(17 / 45)


def test_of_the_best_tenth_it_is_counted_who_was_chosen():
    found = by_way(then(20, tier=["B", "A", *"B" * 18]))
    assert found["hits"].to_dict() == pytest.approx(
        {"kit": 0.5, "rule": 0.05, "random": 0.05, "last_year": 0.0, "hindsight": 0.5}
    )


def test_a_tenth_of_eleven_accounts_is_two():
    found = by_way(then(11, tier=["S", *"B" * 10]))
    assert found.loc[["kit", "hindsight", "last_year"], "hits"].tolist() == [0.5, 0.5, 0]


def test_a_fifth_in_hindsight_is_what_the_method_would_have_had():
    found = by_way(then(tier=["S", *"B" * 9]))
    assert found.loc["kit", ["accounts_share", "regret", "regret_fifth"]].tolist() == pytest.approx([0.1, 0, 8])
    assert found.loc["hindsight", "regret_fifth"] == pytest.approx(8)


def test_the_tiers_are_better_alike_or_worse_than_last_years_revenue_beyond_chance():
    right, shuffled = np.arange(39.0, -1, -1), np.random.default_rng(2).permutation(np.arange(40.0))
    for revenue, score, outcome in [
        (right[::-1], right, "better"), (right, right, "alike"), (right, right[::-1], "worse"),
        (shuffled, shuffled, "alike"),
    ]:  # fmt: skip
        tier = np.where(score >= 32, "A", "B")
        found = by_way(then(40, tier=tier, revenue_12m=revenue, score=score))
        assert found.loc["last_year", "outcome"] == outcome
    assert found.loc[["kit", "hindsight"], "outcome"].isna().all()


def test_better_on_one_and_worse_on_the_other_is_said_as_it_is():
    """The tiers find the best eight and order the others upside down; last year's revenue the other way round."""
    gp = np.arange(40.0, 0, -1) + 1000 * (np.arange(40) < 8)
    score = np.concatenate([gp[:8], gp[8:][::-1]])
    revenue = np.concatenate([gp[32:], gp[:32]])
    found = by_way(then(40, tier=["A"] * 8 + ["B"] * 32, score=score, revenue_12m=revenue, gp=gp))
    assert found.loc["last_year", "better_low"] > 0 > found.loc["last_year", "tau_high"]
    assert found.loc["last_year", "outcome"] == "mixed"


TIERED = pd.DataFrame({"tier": list("SABC"), "tier_probability": 0.9, "tier_rule": list("SABC"), "harvest": 5.0})


def test_where_as_much_was_held_the_better_order_is_what_is_said():
    """Tiers and last year's revenue find the same eight; of the others the one knows the order, the other does not."""
    gp = np.arange(40.0, 0, -1)
    turned = np.concatenate([gp[:8], gp[8:][::-1]])
    tier = ["A"] * 8 + ["B"] * 32
    ours = watched(then(40, tier=tier, score=gp, revenue_12m=turned, gp=gp))
    said = "no more profit beyond chance, but a better order of the accounts."
    assert words.about_tiers(TIERED, run(), watches=ours)[-1].endswith(f"by last year's revenue held 36%: {said}")
    blocks = np.concatenate([gp[:8], gp[8:].reshape(4, 8)[:, ::-1].ravel()])
    theirs = watched(then(40, tier=tier, score=blocks, revenue_12m=gp, gp=gp))
    assert words.about_tiers(TIERED, run(), watches=theirs)[-1].endswith(
        ": no less profit beyond chance, but a worse order of the accounts."
    )
    both = watched(then(40, tier=tier, score=gp, revenue_12m=gp[::-1], gp=gp))
    assert words.about_tiers(TIERED, run(), watches=both)[-1].endswith(": ours is better.")


def test_of_fewer_than_ten_accounts_it_is_not_said_which_way_is_better():
    assert (by_way(then(9)).drop(index=["kit", "hindsight"])["outcome"] == "too_few").all()
    assert by_way(then(9), small_number=9).loc["last_year", "outcome"] == "better"
    assert "too few accounts" in words.about_regret(watched(then(9)), run())


def test_the_intervals_of_ranks_are_those_of_kendalls_tau_over_accounts_drawn_again():
    rng = np.random.default_rng(3)
    gp = rng.normal(size=60)
    frame = then(60, gp=gp + 5, score=gp + rng.normal(size=60), revenue_12m=gp.round() + rng.normal(size=60).round())
    row = by_way(frame.assign(tier=["A"] * 12 + ["B"] * 48)).loc["last_year"]
    drawn = []
    for _ in range(400):
        few = frame.iloc[rng.integers(60, size=60)]
        drawn.append(kendalltau(few["score"], few["gp"])[0] - kendalltau(few["revenue_12m"], few["gp"])[0])
    assert row[["tau_low", "tau_high"]].tolist() == pytest.approx(np.quantile(drawn, [0.05, 0.95]), abs=0.04)
    assert row["tau_low"] < row["tau_by"] < row["tau_high"]


def test_the_longer_watch_is_judged_where_it_is_over():
    """A year on the kit is right, two years on last year's revenue."""
    late = then(20, gp_twice=np.arange(20.0))
    both = pd.concat([late, then(20, cutoff="2025-12-31")], ignore_index=True)
    found = tier_regret(both).set_index(["days", "way"])
    assert found.index.get_level_values("days").tolist() == [730] * 5 + [365] * 5
    assert found["cutoffs"].groupby("days").first().to_dict() == {365: 2, 730: 1}
    assert found["outcome"].xs("last_year", level="way").to_dict() == {365: "better", 730: "worse"}
    assert words.about_regret(regret_verdicts(found.reset_index()), run()).startswith(
        "Judged at 1 earlier date. The tiers did"
    )
    assert [doubt.code for doubt in regret_doubts(regret_verdicts(found.reset_index()))] == ["tiers_lose"]
    said = words.about_ways(regret_verdicts(found.reset_index()), run())
    assert "Watched for 12 months, against last year's revenue: no more profit beyond chance, but a better" in said
    assert "four years" not in said
    assert "to watch 24, the orders must reach back four years" in words.about_ways(watched(then()), run())


def test_last_years_revenue_is_recommended_where_the_tiers_do_not_beat_it():
    gp = np.arange(39.0, -1, -1)
    alike = then(20, revenue_12m=np.arange(19.0, -1, -1))
    half_right = np.concatenate([gp[:20][::-1], gp[20:]])
    worse = then(40, score=half_right, tier=np.where(half_right >= 32, "A", "B"), revenue_12m=gp)
    assert "choose S and A by last year's revenue (revenue_12m" in words.about_regret(watched(alike), run())
    assert "Last year's revenue is better beyond chance" in words.about_regret(watched(worse), run())
    assert [doubt.code for doubt in regret_doubts(watched(worse))] == ["tiers_lose"]
    assert regret_doubts(watched(alike)) == regret_doubts(watched(then(gp=0.0))) == []
    assert "use them" in words.about_regret(watched(then(20)), run())


def test_where_the_rule_decides_the_groups_stand_beside():
    gp = np.arange(19.0, -1, -1)
    groups = np.where(gp >= 16, "A", "B")
    upside = pd.Series(groups[::-1])
    frame = then(20, tier=upside, tier_rule=upside, tier_cluster=groups, score=upside.map({"A": 2.0, "B": 1.0}))
    found = by_way(frame)
    assert "rule" not in found.index
    assert found.loc["clusters", ["share", "outcome"]].tolist() == [pytest.approx((19 + 18 + 17 + 16) / 190), "worse"]
    assert "decide: clusters under tiers" in words.about_ways(watched(frame), run())


def test_gain_curves_add_up_what_the_first_accounts_of_each_order_brought():
    gain = gain_curves(then(40, tier_crm=["A", "B"] * 20)).set_index(["way", "accounts_share"])["profit_share"]
    whole = sum(range(40))
    assert gain["kit"].iloc[[0, 1, 2, 40]].tolist() == pytest.approx([0, 39 / whole, (39 + 38) / whole, 1])
    assert gain["last_year"].iloc[[1, 2]].tolist() == pytest.approx([0, 1 / whole])
    assert gain["crm"].iloc[20] == pytest.approx(sum(range(1, 40, 2)) / whole)
    assert gain.index.get_level_values("way").unique().tolist() == ["kit", "last_year", "crm", "hindsight"]
    assert "crm" not in gain_curves(then()).set_index("way").index
    assert gain_curves(then(gp=0.0)).empty


def test_gain_curves_are_those_of_the_longest_watch():
    both = pd.concat([then(20, gp_twice=np.arange(20.0)), then(20, cutoff="2025-12-31")], ignore_index=True)
    gain = gain_curves(both).set_index(["way", "accounts_share"])["profit_share"]
    assert gain["kit"].iloc[2] == 0 and gain["last_year"].iloc[2] == pytest.approx(19 / 190)


def test_gain_curves_go_through_s_and_a():
    frame = pd.concat([then(40), then(40, cutoff="2022-12-31", gp=np.arange(40.0))], ignore_index=True)
    curve = gain_curves(frame).query("way == 'kit'").set_index("accounts_share")["profit_share"]
    row = by_way(frame).loc["kit"]
    assert curve[row["accounts_share"]] == pytest.approx(row["share"])


def test_nothing_came_then_nothing_is_judged():
    assert tier_regret(then(gp=0.0)).empty
    empty = watched(then(gp=0.0))
    assert words.about_ways(empty, run()) == ""
    assert words.about_regret(empty, run()).startswith("Tiers cannot be judged at earlier dates")


def test_a_date_at_which_nobody_was_s_or_a_is_not_judged():
    assert tier_regret(then(tier="C")).empty
    both = pd.concat([then(), then(cutoff="2023-12-31", tier="C")], ignore_index=True)
    assert by_way(both).loc["kit", "cutoffs"] == 1


def test_the_page_says_what_the_crm_lacks_and_which_other_way_did_better():
    said = words.about_ways(watched(then()), run())
    assert "too few accounts have one on record" in said
    gp = np.arange(39.0, -1, -1)
    crm = then(40, tier=[*"B" * 32, *"A" * 8], score=gp[::-1], tier_crm=np.where(gp > 32, "A", "B"))
    assert "The CRM's own tier did better beyond chance" in words.about_ways(watched(crm), run())


def test_of_a_sum_with_losses_no_share_is_said():
    lossy = then().assign(gp=[9.0, 8.0, *[-1.0] * 8])
    said = words.about_regret(watched(lossy), run())
    assert said.startswith("At earlier dates S and A, or as many by last year's revenue, brought more than all")
    assert " held " not in said.split(".")[0]


def test_dates_lie_a_year_apart_or_closer_where_the_history_is_short():
    assert look_back_dates(DAY, 2000) == [(DAY - dt.timedelta(days=365 * k), 365) for k in (1, 2, 3)]
    assert [days for _, days in look_back_dates(DAY, 400)] == [100, 100, 100]
    assert [days for _, days in look_back_dates(DAY, 336)] == [84, 84, 84]
    assert look_back_dates(DAY, 335) == []


def test_tiers_of_then_know_neither_overrides_nor_a_later_crm_tier():
    rng, n = np.random.default_rng(1), 30
    harvest = rng.lognormal(9, 1.5, n)
    logs = 4 * np.log(harvest / 4)
    features = pd.DataFrame({"account_id": [f"a{i:02}" for i in range(n)], "account_name": [f"N{i}" for i in range(n)]})
    known = {
        "n_order_days": 4, "frequency": 3, "recency": 300.0, "T": 400.0, "days_since_last": 100.0, "log_gaps": 13.0,
        "spend_log_sum": logs, "spend_log_weight": 4.0, "spend_n": 4,
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
    assert plain["gp_twice"].isna().all()
    assert asked == [(dt.date(2024, 12, 31), dt.date(2025, 3, 31))]
    assert len(plain) == n - 1 and "a00" not in set(plain["account_id"])
    assert plain["tier_crm"].isna().all()
    pd.testing.assert_frame_equal(judged(overrides=[decided]), plain)
    assert tier_regret(plain).set_index("way").loc["kit", "share"] > 0.4
    rule = judged(tiers={"decide": "rule"})
    assert rule["tier"].tolist() == plain["tier_rule"].tolist() and set(rule["score"]) <= {0.0, 1.0, 2.0, 3.0}
    assert plain.sort_values("score")["tier"].map({"C": 0, "B": 1, "A": 2, "S": 3}).is_monotonic_increasing


def test_two_steps_are_watched_where_they_are_over():
    features = pd.DataFrame({"account_id": ["a", "b"], "n_order_days": 1, "harvest": [2.0, 1.0], "revenue_12m": 1.0})
    asked = []

    def came(start, end):
        asked.append((end - start).days)
        return pd.DataFrame({"account_id": ["a"], "gp": [float((end - start).days)]})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mcrlib.judge.regret.past._tiers_at", lambda features, soil, settings: features)
        frame = tiers_then(lambda _: features, lambda _: None, came, look_back_dates(DAY, 4 * 100), Settings())
    assert asked == [100, 100, 200, 100, 200]
    assert frame["gp"].tolist() == [100, 0] * 3
    assert frame["gp_twice"].fillna(-1).tolist() == [-1, -1, 200, 0, 200, 0]


def test_the_so_what_tells_in_one_sentence_what_the_tiers_of_then_held():
    tiers = pd.DataFrame({"tier": [*"SB"], "tier_probability": [0.9, 0.5], "tier_rule": [*"SB"], "harvest": [2.0, 1.0]})
    last = words.about_tiers(tiers, run(), watches=watched(then(20)))[-1]
    assert last.startswith("S and A of earlier dates held") and last.endswith("but a better order of the accounts.")
    assert "agree on every account" in words.about_tiers(tiers, run(), watches=watched(then(gp=0.0)))[-1]
    lossy = then(12).assign(gp=[9.0, 8.0, *[-1.0] * 10])
    assert "held" not in words.about_tiers(tiers, run(), watches=watched(lossy))[-1]


def test_where_one_account_brings_most_it_is_not_said_that_letters_are_worth_nothing():
    draw = np.random.default_rng(3)
    noise = draw.permutation(np.arange(1.0, 30))
    giant = then(30, gp=np.array([1e6, *noise]), score=np.array([99.0, *draw.permutation(noise)]))
    giant = giant.assign(revenue_12m=giant["score"].to_numpy())
    (watch,) = watched(giant)
    assert (watch.beside, watch.follows) == ("one", "one") and regret_doubts([watch]) == []
    assert "One account brought most of the profit that came" in words.about_regret([watch], run())
    tiers = pd.DataFrame({"tier": [*"SB"], "tier_probability": [0.9, 0.5], "tier_rule": [*"SB"], "harvest": [2.0, 1.0]})
    last = words.about_tiers(tiers, run(), watches=[watch])[-1]
    assert last.endswith("one account brought most of it, so no way is surely better.")
    (level,) = watched(giant.assign(gp=[1.0, *noise]))
    assert (level.beside, level.follows) == ("lot", "nothing")


def test_no_better_than_by_lot_is_said_before_all_else():
    rng = np.random.default_rng(5)
    gp, tier = np.arange(59.0, -1, -1), ["A"] * 12 + ["B"] * 48
    blind = rng.permutation(60.0 * np.arange(60))
    neither = then(60, tier=tier, gp=rng.permutation(gp), score=gp, revenue_12m=blind)
    plain = then(60, tier=tier[::-1], gp=gp, score=gp[::-1], revenue_12m=gp)
    found = by_way(plain)["beats_lot"]
    assert found[["last_year", "hindsight"]].all() and not found[["kit", "random"]].any()
    assert "Neither the tiers nor last year's revenue surely told better" in words.about_regret(watched(neither), run())
    assert "did not surely tell better than a choice by lot who" in words.about_regret(watched(plain), run())
    tiers = pd.DataFrame({"tier": [*"SB"], "tier_probability": [0.9, 0.5], "tier_rule": [*"SB"], "harvest": [2.0, 1.0]})
    assert words.about_tiers(tiers, run(), watches=watched(plain))[-1].endswith(
        "ours is not surely better than a choice by lot."
    )
    for lost in (neither, plain):
        assert "not surely tell better than a choice by lot" in regret_doubts(watched(lost))[0].message
    assert regret_doubts(watched(plain.head(9))) == []


def test_what_is_doubted_is_what_the_page_says_follows():
    """One decision, told twice: as a warning and as a sentence."""
    gp = np.arange(59.0, -1, -1)
    frame = then(60, tier=["A"] * 12 + ["B"] * 48, gp=gp, score=gp[::-1], revenue_12m=gp)
    [longest] = watched(frame)
    assert (longest.follows, longest.beside, longest.is_short, longest.knows_crm) == ("lot", "lot", True, False)
    assert [doubt.message for doubt in regret_doubts([longest])] == [
        "at earlier dates the tiers did not surely tell better than a choice by lot who would bring the profit"
    ]
    assert (longest.held, longest.held_last_year) == pytest.approx((sum(gp[-12:]) / sum(gp), sum(gp[:12]) / sum(gp)))
    assert watched(then(gp=0.0)) == []
