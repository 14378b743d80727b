import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.accounts import account_features, repurchases
from mcrlib.judge.size import by_corner, company_classes, gap_spreads, key_decisions, size_and_value
from mcrlib.settings import Settings
from mcrlib.show import words
from mcrlib.simulate.company import simulate

THRESHOLDS = Settings().thresholds
TODAY = dt.date(2025, 12, 31)


def accounts(**columns):
    revenue = np.array([5000.0, 900.0, 40.0, 30.0, 20.0, 10.0, 0.0, 0.0, 0.0, 0.0])
    frame = pd.DataFrame(
        {
            "account_id": [f"a{i}" for i in range(10)], "account_name": [f"N{i}" for i in range(10)], "industry": "X",
            "annual_revenue": [1e6, 1e9, *[1e5] * 6, 9e8, np.nan], "employees": np.nan, "harvest": revenue / 2,
            "n_open_deals": 0, "market_type": None,
            "revenue_12m": revenue, "revenue_previous_12m": revenue, "n_orders": 3, "frequency": 0, "recency": 0.0,
            "log_gaps": 0.0, "T": 1500.0,
        }
    )  # fmt: skip
    return frame.assign(**columns)


AGAIN = pd.DataFrame(
    {
        "account_id": [f"a{i}" for i in range(10)],
        "is_key_account": [True, False, False, *[True] * 7],
        "order_days_24m": [2, 1, *[0] * 8],
        "quarters_24m": [8, 2, *[0] * 8],
    }
)


def sized(**columns):
    return size_and_value(accounts(**columns), AGAIN, THRESHOLDS).set_index("account_id")


def test_big_companies_and_big_customers_are_told_apart():
    found = sized()
    assert found.loc[["a0", "a1", "a2", "a8"], "corner"].tolist() == [
        "small_valuable",
        "big_valuable",
        "small",
        "big_only",
    ]
    assert pd.isna(found.loc["a9", "corner"])
    assert found["repeats"].to_dict() == {f"a{i}": i == 0 for i in range(10)}


def test_the_head_count_stands_in_where_nobody_knows_the_revenue():
    assert sized(annual_revenue=np.nan, employees=range(10))["size"].tolist()[1:] == list(range(1, 10))
    assert sized(annual_revenue=np.nan)["corner"].isna().all()


def test_a_size_of_nothing_is_not_known_and_a_loss_is_no_value():
    assert pd.isna(sized(annual_revenue=[1e6, 1e9, 0.0, *[1e5] * 7]).loc["a2", ["size", "corner"]]).all()
    losing = sized(harvest=-np.arange(10.0))
    assert not losing["corner"].isin(["big_valuable", "small_valuable"]).any()


def test_what_one_of_its_size_buys_is_told_by_its_industry_where_enough_are_known_and_never_less_than_it_buys():
    own = {"industry": [*"aabbaaaaaa"], "revenue_12m": [900.0, 100.0, 10.0, 10.0, *[0.0] * 6]}
    two = THRESHOLDS.model_copy(update={"small_number": 2})
    found = size_and_value(accounts(annual_revenue=1e3, **own), AGAIN, two)["potential"]
    assert found.round(6).tolist() == [900.0, 820.0, 10.0, 10.0, *[820.0] * 6]  # nine tenths of the way from 100 to 900
    more = two.model_copy(update={"small_number": 3})
    found = size_and_value(accounts(annual_revenue=1e3, **own), AGAIN, more)["potential"]
    assert found.round(6).tolist() == [900.0, *[660.0] * 9]  # of all four that buy


def test_gold_brings_more_than_the_others_and_a_diamond_ten_times_as_much():
    assert sized()["company_class"].tolist() == ["diamond", *["ordinary"] * 9]
    few = sized(revenue_12m=[500.0, 300.0, 10.0, *[100.0] * 7])
    assert few["company_class"].tolist() == ["gold", "gold", *["ordinary"] * 8]
    assert set(sized(revenue_12m=100.0)["company_class"]) == {"ordinary"}
    alone = sized(revenue_12m=[100.0, *[0.0] * 9])
    assert alone.loc["a0", "company_class"] == "diamond"


def test_a_share_of_our_revenue_is_the_least_that_gold_and_diamonds_bring():
    strict = THRESHOLDS.model_copy(update={"gold_share": 0.4, "diamond_share": 0.9})
    found = size_and_value(accounts(revenue_12m=[500.0, 300.0, *[10.0] * 8]), AGAIN, strict)
    assert found["company_class"].tolist() == ["gold", *["ordinary"] * 9]


def test_strategic_is_who_could_bring_gold_and_has_a_chance_that_somebody_sees():
    found = sized(n_open_deals=[0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
    assert found.loc["a8", "potential"] > 6000 > found.loc["a2", "potential"] >= 40
    assert found["company_class"].tolist()[1:] == [*["ordinary"] * 7, "strategic", "ordinary"]
    assert pd.isna(found.loc["a9", "potential"])
    saline = sized(market_type=["mature"] * 8 + ["saline"] * 2, n_open_deals=np.nan)
    assert saline.loc["a8", "company_class"] == "strategic"


def test_classes_and_tiers_are_crossed():
    tiers = pd.DataFrame({"account_id": [f"a{i}" for i in range(10)], "tier": list("SABBBBCCCC")})
    found = company_classes(sized().reset_index(), tiers).set_index("company_class")
    assert found.loc["diamond", ["n_accounts", "S", "A", "B", "C", "revenue_12m"]].tolist() == [1, 1, 0, 0, 0, 5000]
    assert found["n_accounts"].sum() == 10


def test_a_company_without_revenue_has_no_diamonds():
    assert set(sized(revenue_12m=0.0, harvest=0.0)["company_class"]) == {"ordinary"}


def test_who_came_again_is_counted_over_eight_quarters_back_from_the_date(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id is_key_account\nA true\nB false\nC .",
        orders="""order_id account_id order_date amount status
        1 A 2025-12-31 1 valid
        2 A 2025-10-01 1 valid
        3 A 2025-10-01 1 valid
        4 A 2025-09-30 1 valid
        5 A 2024-01-02 1 valid
        6 A 2024-01-01 1 valid
        7 B 2025-12-30 -1 return
        8 B 2025-12-30 1 void""",
    )
    found = repurchases(tmp_path, TODAY)
    assert found["is_key_account"].tolist()[:2] == [True, False] and pd.isna(found["is_key_account"][2])
    assert found.drop(columns="is_key_account").to_numpy().tolist() == [["A", 4, 3], ["B", 0, 0], ["C", 0, 0]]


def test_what_lasts_is_harvest_times_the_quarters_with_an_order():
    found = sized()
    assert found.loc[["a0", "a1", "a2"], "continuity"].tolist() == [1, 0.25, 0]
    assert found.loc[["a0", "a1", "a2"], "lasting_harvest"].tolist() == [2500, 112.5, 0]
    short = sized(T=[364.0, *[np.nan] * 9])  # four quarters on record
    assert short.loc[["a0", "a1"], "continuity"].tolist() == [1, 0.5]


def rhythm(days, gaps, *, spread):
    """A history whose gaps swing evenly around the same mean."""
    own = np.where(np.arange(gaps) % 2, days * (1 + spread), days * (1 - spread))
    return {"frequency": gaps, "recency": days * gaps, "log_gaps": np.log(own).sum()}


@pytest.mark.parametrize(
    ("days", "spread", "quarters", "continuity"),
    [
        (365, 0.02, 2, 1.0),  # every December
        (365, 0.02, 1, 0.5),  # and one of them left out
        (365, 0.95, 2, 0.25),  # by chance: the quarters count
        (182, 0.02, 3, 0.75),
        (91, 0.02, 6, 0.75),
        (20, 0.02, 8, 1.0),  # no more than the quarters there are
        (1100, 0.02, 1, 1.0),
        (1100, 0.02, 0, 0.0),
    ],
)
def test_who_orders_in_a_rhythm_is_asked_for_as_many_quarters_as_it_fits(days, spread, quarters, continuity):
    facts = accounts(**rhythm(days, 8, spread=spread))
    found = size_and_value(facts, AGAIN.assign(quarters_24m=quarters), THRESHOLDS)
    assert found["continuity"].to_numpy() == pytest.approx(continuity, abs=0.01)
    assert found["lasting_harvest"].to_numpy() == pytest.approx(found["harvest"] * continuity, rel=0.01)


def test_two_orders_are_held_to_the_rhythm_of_the_others_and_one_order_to_the_quarters():
    facts = accounts(**rhythm(365, 6, spread=0.02))
    facts.loc[0, ["frequency", "recency", "log_gaps"]] = [1, 365.0, np.log(365)]
    facts.loc[1, ["frequency", "recency", "log_gaps"]] = [0, 0.0, 0.0]
    found = size_and_value(facts, AGAIN.assign(quarters_24m=2), THRESHOLDS).set_index("account_id")
    assert found["continuity"].to_list() == [1.0, 0.25, *[1.0] * 8]
    assert found["gap_spread"].isna().to_list() == [True, True, *[False] * 8]


@pytest.mark.parametrize(("oldest", "days"), [(363.0, 363), (27.0, 27), (0.0, 0), (np.nan, 0)])
def test_less_than_a_year_of_orders_does_not_tell_who_comes_again(oldest, days):
    gaps = {"frequency": 3, "recency": 21.0, "log_gaps": 3 * np.log(7)}
    free = AGAIN.assign(is_key_account=False)
    found = size_and_value(accounts(T=[oldest, *[np.nan] * 9], **gaps), free, THRESHOLDS)
    assert found[["repeats", "gap_spread", "continuity", "lasting_harvest"]].isna().all(axis=None)
    assert found["days_on_record"].eq(days).all()
    assert not found["size_action"].isin(["secure", "name_key"]).any()
    corners = by_corner(found)
    told = ["repeat_share", "repeat_low", "repeat_high", "gap_spread", "continuity", "lasting_harvest"]
    assert corners[told].isna().all(axis=None) and corners["harvest"].notna().all()
    assert words.about_coming_again(found, run()) == (
        "Whether customers come again, how regularly and how steadily is not available: that looks over 24 months, and "
        f"orders are on record for {days} days only."
    )
    said = words.about_size(found, run())
    assert "again" not in said and "go on" not in said


def test_less_than_two_years_of_orders_are_taken_as_weak():
    for oldest, said in ((364.0, "for 364 days only: take it as weak."), (728.0, "728 days only"), (729.0, "")):
        found = sized(T=[oldest, *[np.nan] * 9])
        assert found["repeats"].notna().all() and found["days_on_record"].eq(oldest).all()
        assert said in words.about_coming_again(found, run())
    assert words.about_coming_again(found, run()) == ""


def test_one_is_said_as_one():
    one = sized(harvest=0.0)
    said = words.about_size(
        one.assign(
            corner=["big_valuable", *["small"] * 9], size_action=["secure", "grow", "strip", "name_key", *["keep"] * 6]
        ),
        run(),
    )
    assert "Of the 1 big company 1 ordered again within 24 months." in said
    assert "1 big company that brings little should have no key status." in said
    assert "1 big company that brings little has a case for growth." in said
    assert "1 customer that brings much and goes on is not marked as key." in said
    assert "1 customer that brings much has yet to show that it goes on: make it come again." in said
    many = words.about_size(one.assign(corner="big_only", size_action=["secure", "secure", *["strip"] * 8]), run())
    assert "Of the 10 big companies 1 ordered again" in many and "2 customers that bring much have yet to show" in many
    assert "8 big companies that bring little should have no key status." in many and "has a case" not in many
    none = words.about_size(one.assign(size_action="keep"), run())
    assert none.endswith("No key status is to be decided.")


def test_just_as_much_continuity_as_asked_for_goes_on():
    half = AGAIN.assign(quarters_24m=[8 * THRESHOLDS.continuity, 8 * THRESHOLDS.continuity - 1, *[0] * 8])
    found = size_and_value(accounts(), half.assign(is_key_account=False), THRESHOLDS)
    assert found["size_action"].tolist()[:2] == ["name_key", "secure"]


def test_big_ones_that_bring_little_lose_key_status_or_have_a_case():
    assert sized().loc[["a0", "a1", "a2", "a8"], "size_action"].tolist() == ["keep", "secure", "keep", "strip"]
    at = [*[False] * 8, True, False]
    facts = accounts()
    for change, case in (
        ({"n_open_deals": facts["n_open_deals"].mask(at, 1)}, "open_deal"),
        ({"market_type": facts["market_type"].mask(at, "saline")}, "saline"),
        ({name: facts[name].mask(at, 1 + (name == "revenue_12m")) for name in ("revenue_12m", "revenue_previous_12m")},
         "growing"),
    ):  # fmt: skip
        found = sized(**change)
        assert found.loc["a8", ["size_action", "growth_case"]].tolist() == ["grow", case]
        assert found["growth_case"].notna().sum() == 1
    begun = sized(revenue_12m=facts["revenue_12m"].mask(at, 1))  # nothing to grow from
    assert begun.loc["a8", "size_action"] == "strip"
    free = AGAIN.assign(is_key_account=False, quarters_24m=8)
    found = size_and_value(accounts(), free, THRESHOLDS).set_index("account_id")
    assert found["size_action"].to_dict() == {f"a{i}": "name_key" if i < 2 else "keep" for i in range(10)}
    nobody = size_and_value(accounts(), AGAIN.assign(is_key_account=None), THRESHOLDS).set_index("account_id")
    assert nobody.loc[["a0", "a1", "a8"], "size_action"].tolist() == ["keep", "secure", "strip"]
    assert "is not in the export (is_key_account). 1 big" in words.about_size(nobody, run())


def test_decisions_come_with_the_biggest_first():
    listed = key_decisions(sized().reset_index())
    assert listed[["account_id", "size_action"]].to_numpy().tolist() == [["a8", "strip"], ["a1", "secure"]]


def test_the_corners_tell_who_came_again_with_its_interval():
    found = by_corner(sized(n_orders=[3] * 9 + [0]).reset_index()).set_index("corner")
    assert found.index.tolist() == ["big_valuable", "small_valuable", "big_only", "small", "unknown"]
    assert found.loc["small_valuable", ["n_customers", "repeat_share", "continuity"]].tolist() == [1, 1, 1]
    low, none, high = found.loc["small", ["repeat_low", "repeat_share", "repeat_high"]]
    assert low == 0 == none < high
    assert found.loc["unknown", "n_customers"] == 0 and np.isnan(found.loc["unknown", "repeat_share"])
    assert found["harvest"].sum() == accounts()["harvest"].sum()
    uneven = sized().reset_index().assign(corner="small", continuity=[1.0, *[0.0] * 9])
    assert by_corner(uneven)["continuity"].tolist() == [0.1]


def gaps_of(shapes, n, seed):
    """Accounts with so many gaps each, of a gamma law with a pace of their own."""
    draw = np.random.default_rng(seed)
    gaps = draw.gamma(np.asarray(shapes)[:, None], 1.0, (len(shapes), n)) * draw.uniform(5, 90, (len(shapes), 1))
    facts = {"frequency": n, "recency": gaps.sum(axis=1), "log_gaps": np.log(gaps).sum(axis=1)}
    return pd.DataFrame(facts), gaps.std(axis=1, ddof=1) / gaps.mean(axis=1)


def test_recovery_spread_of_gaps():
    shapes = np.repeat([0.5, 1.0, 4.0], 200)
    true = 1 / np.sqrt(shapes)
    for n, most in ((4, 0.28), (12, 0.20)):
        frame, plain = gaps_of(shapes, n, seed=n)
        error = np.abs(gap_spreads(frame) - true).mean()
        assert error < most and error < np.abs(plain - true).mean()
    many, _ = gaps_of(shapes, 300, seed=1)
    assert np.abs(gap_spreads(many) - true).mean() < 0.05


def test_recovery_regularity_of_the_simulated_company(tmp_path):
    company = simulate(300, seed=5)
    write_clean(tmp_path, accounts=company.tables["accounts"], orders=company.tables["orders"])
    features = account_features(tmp_path, TODAY).set_index("account_id")
    truth = company.truth.accounts.set_index("account_id")["regularity"]
    known = features["frequency"] >= 8
    found = gap_spreads(features)[known]
    assert known.sum() > 60
    assert found.corr(-truth[known], method="spearman") > 0.4


def test_few_gaps_say_nothing_of_regularity():
    frame = pd.DataFrame({"frequency": [0, 1], "recency": [0.0, 30.0], "log_gaps": [0.0, 3.4]})
    assert gap_spreads(frame).isna().all()
    assert gap_spreads(frame.iloc[:0]).empty


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "Of the harvest of companies whose size is known the biggest fifth"),
        ({"annual_revenue": np.nan}, "How big"),
    ],
)
def test_it_is_said(columns, said):
    assert words.about_size(sized(**columns), run()).startswith(said)


def test_of_no_harvest_no_share_is_said():
    nothing = sized().assign(harvest=0.0)
    assert "the biggest fifth brings €0; small ones" in words.about_size(nothing, run())
