"""Symptoms of elite selling and the smaller signs: what is counted, from which rows, and what is not said."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean

from mcrlib.describe import organisation as seen
from mcrlib.judge.organisation.contagion import contagion
from mcrlib.judge.organisation.metrics import against, listed, metric, share
from mcrlib.judge.organisation.pioneers import pioneers
from mcrlib.judge.organisation.places import avoided_places
from mcrlib.judge.organisation.symptoms import symptoms, unsteadiness
from mcrlib.judge.organisation.teamwork import shared_records, teamwork_metrics
from mcrlib.settings import Settings
from mcrlib.show import words

AS_OF = dt.date(2025, 12, 31)
LIMITS = Settings().thresholds


class Page:
    language = "en"
    settings = Settings()


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return write_clean(
        tmp_path_factory.mktemp("clean"),
        accounts="""
            account_id owner_id market_type created_date
            A          u1       saline      2020-01-01
            B          u1       saline      2020-01-01
            C          u2       mature      2020-01-01
            """,
        owners="""
            owner_id department
            u1       North
            u2       North
            u3       South
            """,
        contacts="""
            contact_id account_id contact_name decision_role  owner_id created_date
            k1         A          WangYi       decision_maker u1       2024-01-01
            k2         A          LiEr         decision_maker u1       2024-01-01
            k3         B          LiEr         decision_maker u1       2024-01-01
            k4         A          WANGYI       user           u3       2025-01-01
            k5         C          HeSan        user           u2       2024-01-01
            """,
        activities="""
            activity_id account_id owner_id contact_id activity_type    activity_date
            t1          A          u1       k1         visit            2025-06-01
            t2          A          u1       k2         visit            2025-06-01
            t3          A          u2       k2         visit            2025-06-02
            t4          B          u1       k3         visit            2025-06-01
            t5          B          u1       k3         strategy_meeting 2025-06-03
            t6          C          u2       k5         visit            2025-06-01
            """,
        opportunities="""
            opportunity_id account_id owner_id status created_date closed_date stage
            d1             A          u1       won    2025-05-01   2025-07-01  won
            d2             B          u1       won    2025-05-01   2025-07-01  won
            d3             A          u1       won    2024-05-01   2024-07-01  won
            d4             C          u2       lost   2025-05-01   2025-07-01  lost
            """,
        orders="""
            order_id account_id order_date amount
            o1       B          2022-01-01 10
            o2       B          2022-03-01 10
            o3       B          2025-03-01 10
            """,
    )


def test_a_key_person_is_a_personal_brand_who_knows_one_of_ours_where_nothing_joins_the_organisations(clean):
    found = seen.personal_ties(clean, AS_OF)
    assert found.to_numpy().tolist() == [["A", 2, 1], ["B", 1, 0]]


def test_a_deal_is_helped_where_others_took_part_while_it_ran_and_unknown_where_nobody_logged(clean):
    assert seen.helped_deals(clean, AS_OF).to_numpy().tolist() == [[0, 2, 1]]


def test_a_name_that_stands_twice_in_its_account_is_asked_twice(clean):
    same = seen.same_contacts(clean, AS_OF)
    assert same.to_dict() == {"n_named": 5, "n_again": 1, "n_elsewhere": 1}
    told = listed(shared_records(same)).set_index("metric")["value"]
    assert told.to_dict() == {"asked_twice": 0.2, "asked_elsewhere": 1.0}


def test_openings_are_of_saline_land_only(clean):
    found = seen.openings(clean, AS_OF).set_index("account_id")
    assert found.index.tolist() == ["A", "B"]
    assert pd.isna(found.loc["A", "first_date"])
    assert found.loc["B", ["first_date", "second_date", "last_date"]].dt.date.tolist() == [
        dt.date(2022, 1, 1), dt.date(2022, 3, 1), dt.date(2025, 3, 1),
    ]  # fmt: skip


def held(*rows):
    columns = ["account_id", "owner_id", "valid_from", "valid_to", "first_date", "second_date", "last_date"]
    return pd.DataFrame(rows, columns=columns)


def test_a_pioneer_is_told_by_openings_for_each_year_of_trying():
    found = pioneers(
        held(
            ("A", "u1", "2020-01-01", "2025-12-31", "2022-01-01", "2022-05-01", "2025-01-01"),
            ("B", "u1", "2020-01-01", "2025-12-31", None, None, None),
            ("C", "u1", "2024-01-01", "2025-12-31", "2025-01-01", None, "2025-01-01"),
            ("D", "u2", "2020-01-01", "2022-01-01", None, None, None),
            ("E", "u2", "2020-01-01", "2022-01-01", "2023-01-01", None, "2023-01-01"),
            ("F", "u2", "2020-01-01", "2022-01-01", "2019-01-01", "2019-02-01", "2021-01-01"),
            ("G", "u2", None, "2022-01-01", None, None, None),
        ),
        AS_OF,
    )
    assert found["owner_id"].tolist() == ["u1"]
    one = found.iloc[0]
    assert one[["n_to_open", "n_opened", "n_again", "n_old", "n_lasting"]].tolist() == [3, 2, 1, 1, 1]
    assert one["years_tried"] == pytest.approx(9.0, abs=0.02)
    usual = 2 / 13
    assert one["opened_a_year"] == pytest.approx((2 + 2 * usual) / 11, abs=0.001)
    assert one["low"] < one["opened_a_year"] < one["high"]
    assert pioneers(held(), AS_OF).empty


def staff(left, manager="m"):
    return pd.DataFrame({"manager_id": manager, "hired_date": "2015-01-01", "left_date": left})


def test_departures_that_follow_each_other_are_contagious_and_far_apart_ones_are_not():
    close = staff(["2020-01-01", "2020-02-01", "2020-03-01", "2020-04-01", "2020-05-01", "2020-06-01", *[None] * 20])
    found = contagion(close, AS_OF)
    assert found["n"] == 5 and found["low"] > 1
    apart = staff([f"{year}-01-01" for year in range(2018, 2025)] + [None] * 5)
    assert contagion(apart, AS_OF)["low"] < 1
    teams = close.assign(manager_id=[f"m{row}" for row in range(len(close))])
    assert contagion(teams, AS_OF)["status"] == "not_available"
    assert contagion(staff(["2020-01-01", None]), AS_OF)["status"] == "not_available"


def test_places_are_counted_from_the_list_of_the_client_alone():
    people = pd.DataFrame(
        {
            "owner_id": ["u1", "u2", "u3"],
            "is_here": True,
            "work_city": ["Xi'an", None, None],
            "region": ["W", "E", None],
        }
    )
    avoid = {"u1": ["Xi'an"], "u2": ["W"], "u3": ["W"]}
    found = avoided_places(people, avoid)
    assert (found["value"], found["n"], found["coverage"]) == (0.5, 2, pytest.approx(2 / 3))
    assert avoided_places(people, {})["status"] == "not_available"


def test_closed_departments_share_no_accounts_and_help_has_a_year_before():
    won = pd.DataFrame({"ago": [0], "n_won": [4], "n_helped": [1]})
    people = pd.DataFrame({"owner_id": list("abcd"), "department": ["N", "N", "S", "S"]})
    closed = pd.DataFrame({"account_id": ["A", "A", "B", "B"], "owner_id": list("abcd")})
    mixed = pd.DataFrame({"account_id": ["A", "A", "B", "B"], "owner_id": list("acbd")})
    found = listed(teamwork_metrics(won, closed, people)).set_index("metric")
    assert found.loc["helped", "value"] == 0.25 and found.loc["helped_before", "status"] == "not_available"
    assert found.loc["closed_departments", "value"] == pytest.approx(0.5)
    other = listed(teamwork_metrics(won, mixed, people)).set_index("metric")
    assert other.loc["closed_departments", "value"] == pytest.approx(-0.5)


def test_accounts_that_a_person_holds_are_less_steady_where_they_are():
    periods = pd.date_range("2024-01-01", "2025-12-01", freq="MS")
    shaky = [(f"P{i}", day, 100.0 * (1 + (-1) ** (day.quarter + i) * 0.5)) for i in range(6) for day in periods]
    calm = [(f"O{i}", day, 100.0 * (1 + (-1) ** (day.quarter + i) * 0.1)) for i in range(6) for day in periods]
    months = pd.DataFrame(shaky + calm, columns=["account_id", "period", "gp"])
    depends = pd.DataFrame({"account_id": months["account_id"].unique(), "held": [0.9] * 6 + [0.1] * 6})
    found = unsteadiness(months, depends, AS_OF)
    assert (found["value"], found["n"]) == (pytest.approx(5.0), 12)
    assert unsteadiness(months, depends.assign(held=np.nan), AS_OF)["status"] == "not_available"
    young = pd.DataFrame({"account_id": "Y", "period": periods[-3:], "gp": 100.0})
    with_young = pd.concat([depends, pd.DataFrame({"account_id": ["Y"], "held": [0.9]})])
    assert unsteadiness(pd.concat([months, young], ignore_index=True), with_young, AS_OF)["n"] == 12
    level = unsteadiness(months.assign(gp=1.0), depends, AS_OF)
    assert level["status"] == "not_available"


def test_the_four_symptoms_keep_what_is_unknown_unknown():
    known = {
        "dependence": listed([metric("held_alone", 0.4, 20)]),
        "people": against(listed([metric("boss_held", np.nan, 0)]), LIMITS),
    }
    ties = pd.DataFrame({"account_id": [], "n_key": [], "n_personal": []})
    found = symptoms(known, ties, metric("unsteady", 1.5, 20), metric("contagion", np.nan, 0))
    assert found["metric"].tolist() == ["held_alone", "boss_held", "personal_brand", "unsteady", "contagion"]
    assert (found["status"] == "not_available").tolist() == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("one", "met", "said"),
    [
        (share("uncoordinated", 1, 100), "yes", "at most 10%"),
        (share("uncoordinated", 30, 100), "no", "at most 10%"),
        (share("uncoordinated", 10, 100), "open", "at most 10%"),
        (metric("star_gap", 0.95, 20, bounds=(0.9, 1.0)), "yes", "at least 80%"),
        (metric("star_gap", 0.5, 20, bounds=(0.4, 0.6)), "no", "at least 80%"),
        (metric("star_gap", 0.5, 5, bounds=(0.4, 0.6)), "open", "at least 80%"),
        (metric("contagion", 3.0, 20, bounds=(2.5, 4.0)), "no", "at most 2.0"),
        (metric("boss_time", np.nan, 0), None, None),
    ],
)
def test_a_bound_is_met_where_the_whole_interval_says_so(one, met, said):
    found = against(listed([one]), LIMITS)
    assert found["met"][0] == met or (met is None and pd.isna(found["met"][0]))
    if said:
        assert words.measures(found, Page)["bound"].tolist() == [said]


def test_bounds_are_shown_where_a_known_measure_has_one():
    none = against(listed([share("held_alone", 5, 10), metric("contagion", np.nan, 0)]), LIMITS)
    assert "bound" not in words.measures(none, Page)
    both = against(listed([share("held_alone", 5, 10), share("asked_twice", 1, 10)]), LIMITS)
    assert words.measures(both, Page)["bound"].tolist() == ["–", "at most 2%"]


def test_what_client_yaml_switches_on_is_said_where_it_is_off():
    off = listed([metric("asked_twice", np.nan, 0), metric("avoided_places", np.nan, 0), metric("contagion", 1.0, 20)])
    said = words.about_small_signs([off], Page)
    assert "contacts: names" in said and "client.yaml names none to avoid" in said and "departure" not in said

    class Listed(Page):
        settings = Settings(avoid_places={"u1": ["Xi'an"]})

    assert "Nobody in avoid_places" in words.about_small_signs([off], Listed)
