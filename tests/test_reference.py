import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe.reference import deals_beside_hurt, hurt_accounts, recommendations
from mcrlib.judge.reference import hurt_effect, hurt_list, reference_effect
from mcrlib.show import words
from mcrlib.simulate.company import simulate

DAY = dt.date(2024, 12, 31)
NOBODY = reference_effect(pd.DataFrame(columns=["account_id", "year", "industry", "is_satisfied", "n_recommended"]))


def test_a_year_of_answers_is_followed_by_the_year_of_deals_that_name_the_customer(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id industry\nA X\nB X\nC .",
        surveys="""survey_id account_id kind score survey_date
        1 A nps 9 2023-06-01
        2 A nps 7 2023-07-01
        3 B nps 4 2023-06-01
        4 C nps 10 2024-06-01
        5 B nps 9 2021-06-01""",
        opportunities="""opportunity_id account_id referrer_id stage status created_date
        1 B A won won 2024-02-01
        2 C A open open 2024-03-01
        3 A A open open 2024-03-01
        4 C A void void 2024-03-01
        5 C B won won 2025-03-01
        6 C A won won 2023-03-01""",
    )
    asked = recommendations(tmp_path, DAY, satisfied=0.8)
    assert asked.columns.tolist() == ["account_id", "year", "industry", "is_satisfied", "n_recommended"]
    assert asked.to_numpy().tolist() == [["A", 1, "X", 1, 2], ["B", 1, "X", 0, 0]]  # 2021 is before anybody was named


def test_where_no_deal_names_who_recommended_us_nothing_is_measured(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id industry\nA X",
        surveys="survey_id account_id kind score survey_date\n1 A nps 9 2023-06-01",
        opportunities="opportunity_id account_id stage lead_source created_date\n1 A won Referral 2024-02-01",
    )
    asked = recommendations(tmp_path, DAY, satisfied=0.8)
    assert asked.empty
    told = reference_effect(asked)
    assert told["n_satisfied"] == 0 and np.isnan(told["difference"])
    assert "too few deals name who recommended us" in words.about_references(told, hurt_effect(deals()), run())


def asked(*rows):
    """Account-years: industry, content or not, deals; each account is asked once."""
    frame = pd.DataFrame(rows, columns=["industry", "is_satisfied", "n_recommended"])
    return frame.assign(account_id=[f"A{i}" for i in range(len(frame))], year=1)


def test_the_content_are_compared_with_others_of_their_industry():
    rows = [("X", 1, 1)] * 20 + [("X", 0, 0)] * 10 + [("X", 0, 1)] * 10 + [("Y", 1, 9)] * 5
    told = reference_effect(asked(*rows))
    assert (told["n_satisfied"], told["n_others"], told["n_recommended"]) == (20, 20, 30)  # nobody else in Y
    assert (told["satisfied"], told["others"], told["difference"]) == (1.0, 0.5, 0.5)
    assert 0 < told["low"] < 0.5 < told["high"]
    said = words.about_references(told, hurt_effect(deals()), run())
    assert "100 content customers (answers of 80% and more) brought 100 recommended deals" in said
    assert "a difference of 50 (" in said


def test_industries_weigh_by_how_much_they_can_compare_and_even_deals_vary_by_chance_alone():
    rows = [("X", 1, 1)] * 10 + [("X", 0, 0)] * 30 + [("Y", 1, 0)] * 10 + [("Y", 0, 1)] * 5 + [("Y", 0, 0)] * 5
    assert reference_effect(asked(*rows))["difference"] == pytest.approx((7.5 * 1.0 - 5.0 * 0.5) / 12.5)
    even = reference_effect(asked(*[("X", 1, 1)] * 20, *[("X", 0, 0)] * 20))
    reach = 1.2815516 * np.sqrt((20 + 0.5) / 20**2 + (0 + 0.5) / 20**2)
    assert (even["low"], even["high"]) == (pytest.approx(1 - reach), pytest.approx(1 + reach))


def test_one_customer_that_recommends_us_to_all_makes_the_answer_less_sure():
    even = reference_effect(asked(*[("X", 1, 1)] * 20, *[("X", 0, 0)] * 20, ("X", 0, 1)))
    lumped = reference_effect(asked(*[("X", 1, 0)] * 19, ("X", 1, 20), *[("X", 0, 0)] * 20, ("X", 0, 1)))
    assert lumped["difference"] == pytest.approx(even["difference"])
    assert lumped["high"] - lumped["low"] > 3 * (even["high"] - even["low"])


def test_none_seen_is_no_certainty():
    told = reference_effect(asked(*[("X", 1, 0)] * 5, *[("X", 0, 0)] * 5))
    assert told["difference"] == 0 and told["low"] < 0 < told["high"]


def test_recovery_of_what_content_customers_bring(tmp_path):
    end, inside = dt.date(2025, 12, 31), []
    for seed in (2, 5, 9, 12):
        company, folder = simulate(300, seed=seed), tmp_path / str(seed)
        folder.mkdir()
        clean = write_clean(folder, **{name: company.tables[name] for name in ("accounts", "opportunities", "surveys")})
        known = recommendations(clean, end, satisfied=0.8)
        truth = company.truth.relationship
        middle = truth["quarter"] + pd.Timedelta(days=45)
        truth = truth.assign(year=(pd.Timestamp(end) - middle).dt.days // 365 + 1)
        expected = truth.groupby(["account_id", "year"])["recommendations"].sum().rename("n_recommended").reset_index()
        true = known.drop(columns="n_recommended").merge(expected, on=["account_id", "year"], validate="one_to_one")
        told = reference_effect(known)
        inside.append(told["low"] <= reference_effect(true)["difference"] <= told["high"])
    assert sum(inside) >= 3  # 80 % are promised; 32 of 40 companies had it


def test_hurt_customers_stand_with_their_neighbours(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id industry city\nA X Y\nB X Y\nC X Y\nD X .\nE Z Y",
        cases="""case_id account_id severity opened_date
        1 A 2 2024-03-01
        2 A 1 2024-05-01
        3 D 1 2024-05-01
        4 B 1 2024-01-01""",
        surveys="survey_id account_id kind score survey_date\n1 E nps 4 2024-06-01\n2 C nps 9 2024-06-01",
        opportunities="""opportunity_id account_id stage status created_date amount
        1 B o open 2024-02-01 10
        2 C o open 2024-02-01 .
        3 C o open 2025-02-01 10
        4 C l lost 2024-02-01 10""",
    )
    hurt = hurt_accounts(tmp_path, DAY, hurt=0.4).set_index("account_id")
    assert hurt.index.tolist() == ["A", "D", "E"]
    assert hurt.loc["A"].tolist() == [pd.Timestamp("2024-05-01"), 2, 2, 2, 10.0]
    assert hurt.loc["D", ["n_neighbours", "neighbour_deals", "neighbour_amount"]].isna().all()  # where it is is unknown
    assert hurt.loc["E", ["n_neighbours", "neighbour_deals", "neighbour_amount"]].tolist() == [0, 0, 0.0]
    tiers = pd.DataFrame({"account_id": list("AE"), "account_name": list("ae"), "tier": "C", "harvest": 1.0})
    assert hurt_list(tiers, hurt.reset_index())["account_id"].tolist() == ["A", "E"]


def test_a_neighbour_is_another_account_of_the_same_industry_and_city(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id industry city\nA X Y\nB X Y\nC X Z\nD X .",
        cases="case_id account_id severity opened_date\n1 A 2 2024-01-01\n2 C 3 2024-01-01\n3 A 1 2022-12-30",
        opportunities="""opportunity_id account_id stage status closed_date
        1 A lost lost 2024-02-01
        2 B lost lost 2024-02-01
        3 B won won 2023-12-31
        4 B lost lost 2025-06-01
        5 C won won 2024-02-01
        6 D won won 2024-02-01
        7 B won won 2024-01-01""",
    )  # 3 closed 366 days after the first complaint, 7 on the day of the second
    assert deals_beside_hurt(tmp_path, DAY, hurt=0.4).to_numpy().tolist() == [["X", 0, 4, 1], ["X", 1, 1, 1]]


def deals(*rows):
    return pd.DataFrame(rows, columns=["industry", "is_beside_hurt", "n_deals", "n_lost"])


def test_losses_beside_a_hurt_neighbour_are_compared_within_the_industry():
    found = hurt_effect(deals(("X", 0, 10, 9), ("X", 1, 10, 9), ("Y", 0, 10, 1), ("Y", 1, 90, 9), ("Z", 0, 50, 0)))
    assert found["difference"] == pytest.approx(0)
    assert (found["n_beside"], found["n_elsewhere"]) == (100, 20)
    assert found["low"] < 0 < found["high"]
    assert words.about_references(NOBODY, found, run()).endswith("That may be chance.")
    sure = hurt_effect(deals(("X", 0, 100, 10), ("X", 1, 100, 60)))
    assert 0.4 < sure["low"] < sure["difference"] == pytest.approx(0.5)
    assert "50.0 percentage points more were lost" in words.about_references(NOBODY, sure, run())


def test_industries_weigh_by_how_many_deals_they_can_compare_and_no_loss_is_no_certainty():
    found = hurt_effect(deals(("X", 1, 10, 5), ("X", 0, 10, 2), ("Y", 1, 30, 3), ("Y", 0, 10, 4)))
    assert found["difference"] == pytest.approx((5.0 * 0.3 + 7.5 * -0.3) / 12.5)
    shares = {(10, 5): 5.5 / 11, (10, 2): 2.5 / 11, (30, 3): 3.5 / 31, (10, 4): 4.5 / 11}
    x1, x0, y1, y0 = (share * (1 - share) / n for (n, _), share in shares.items())
    reach = 1.2815516 * np.sqrt(5.0**2 * (x1 + x0) + 7.5**2 * (y1 + y0)) / 12.5
    assert found["high"] - found["difference"] == pytest.approx(reach)
    assert found["difference"] - found["low"] == pytest.approx(reach)
    none = hurt_effect(deals(("X", 1, 5, 0), ("X", 0, 5, 0)))
    assert none["low"] < 0 == none["difference"] < none["high"]


def test_hurt_customers_come_with_the_most_open_beside_them_first():
    names = list("abcde")
    tiers = pd.DataFrame({"account_id": names, "account_name": names, "tier": "C", "harvest": [1.0, 1, 5, 9, 9]})
    hurt = pd.DataFrame({"account_id": names, "n_moments": [1, 2, 1, 1, 1], "neighbour_amount": [5.0, 5, 5, 9, np.nan]})
    assert hurt_list(tiers, hurt)["account_id"].tolist() == ["d", "b", "c", "a", "e"]


@pytest.mark.parametrize("rows", [[], [("X", 0, 9, 4)], [("X", 1, 9, 4), ("Y", 0, 9, 4)]])
def test_without_both_sides_our_own_number_is_not_available(rows):
    found = hurt_effect(deals(*rows))
    assert np.isnan(found["difference"])
    assert "to other customers is not available" in words.about_references(NOBODY, found, run())
