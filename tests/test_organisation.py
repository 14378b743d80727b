"""Who holds the relationships: every judgement on a few rows."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from portfolio import run

from mcrlib.describe import organisation as seen
from mcrlib.describe.accounts import account_owners
from mcrlib.describe.organisation import together
from mcrlib.judge.organisation.boss import boss_metrics
from mcrlib.judge.organisation.departure import course, expected_losses, half_life, loss_shock, scenarios
from mcrlib.judge.organisation.dependence import dependence, dependence_metrics, held_by_seller, with_holders
from mcrlib.judge.organisation.handover import handover_metrics, handover_quality, tenures
from mcrlib.judge.organisation.metrics import graded, listed, metric, share
from mcrlib.judge.organisation.rotation import rotation_events
from mcrlib.judge.organisation.scorecard import scorecard
from mcrlib.judge.organisation.shock import Sensitivity, learn_sensitivity, left_out_errors, trusted
from mcrlib.judge.organisation.stars import productivity, star_gap
from mcrlib.judge.organisation.steps import introductions, next_steps, repairs
from mcrlib.judge.organisation.successor import successors
from mcrlib.judge.organisation.triangle import triangle, triangle_metrics
from mcrlib.judge.organisation.voice import one_voice, voice_metrics
from mcrlib.settings import Thresholds
from mcrlib.show import figures, words
from mcrlib.show.figures.style import told

AS_OF = dt.date(2025, 12, 31)
NOTHING = pd.Series({"n_deals": np.nan, "n_early": np.nan, "n_meetings": np.nan, "n_joint": np.nan})
HALF = Sensitivity(np.array([0.5]), np.array([1.0]), 10, 0.75)


def table(text):
    header, *rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=header).replace({".": None})
    numbers = [name for name in frame if name.startswith(("effective", "held", "harvest", "price", "before_price"))]
    counts = [name for name in frame if name.startswith("n_")]
    return frame.astype(dict.fromkeys(numbers, float) | dict.fromkeys(counts, int))


@pytest.fixture
def depends():
    accounts = table("""
        account_id account_name tier harvest industry region owner_id
        A          Acme         S    600     Food     North  u1
        B          Borealis     A    300     Food     North  u2
        C          Cato         C    100     Steel    South  u3
        D          Delta        B    -50     .        .      .
        """)
    held = table("""
        account_id owner_id held n_contacts n_exclusive is_now
        A          u1       1.0  1          1           True
        B          u2       0.5  2          1           True
        """).assign(is_now=True)
    threads = table("""
        account_id effective_sellers effective_contacts
        A          1.0               1.0
        B          1.1               1.2
        """)
    return dependence(accounts, held, threads, Thresholds())


def test_a_single_thread_is_thin_and_held_alone_and_unknown_is_not_zero(depends):
    assert depends["is_single"].tolist() == [True, False, pd.NA, pd.NA]
    assert depends["gp_held"].tolist()[:2] == [600.0, 150.0]
    assert depends["gp_held"].isna().tolist() == [False, False, True, True]


SOLD = """
    order_id account_id order_date owner_id amount
    o1       A          2024-01-01 u1       10
    o2       A          2024-02-01 u1       10
    o3       A          2024-03-01 u1       10
    o4       A          2024-04-01 u1       10
    o5       A          2024-05-01 u2       10
    o6       A          2024-06-01 u2       10
    o7       B          2024-06-01 u3       10
    """


def test_steady_sellers_are_taken_for_holders_where_nothing_names_any(tmp_path):
    clean = write_clean(tmp_path, accounts="account_id owner_id\nA .\nB .\nC .", orders=SOLD)
    found = account_owners(clean, AS_OF)
    assert found["source"].eq("orders").all()
    assert found[["account_id", "owner_id"]].to_numpy().tolist() == [["A", "u1"], ["A", "u2"], ["B", "u3"]]
    assert found["valid_from"].dt.date.tolist()[1] == dt.date(2024, 5, 1) and found["valid_from"].isna().tolist()[0]
    named = with_holders(pd.DataFrame({"account_id": ["A", "B", "C"], "owner_id": [None, "u9", None]}), found)
    assert named["owner_id"].fillna("").tolist() == ["u2", "u9", ""]


@pytest.mark.parametrize("known", ["accounts", "sellers"])
def test_a_seller_is_no_holder_where_an_account_names_one_or_sellers_come_and_go(tmp_path, known):
    accounts = "account_id owner_id\nA ." if known == "sellers" else "account_id owner_id\nA .\nB u7"
    orders = SOLD.replace("2024-02-01 u1", "2024-02-01 u3") if known == "sellers" else SOLD
    found = account_owners(write_clean(tmp_path, accounts=accounts, orders=orders), AS_OF)
    assert "orders" not in set(found["source"])


def test_the_bus_factor_is_the_fewest_who_hold_half(depends):
    found = dependence_metrics(depends).set_index("metric")
    assert found.loc["bus_factor", "value"] == 1
    assert found.loc["held_alone", "value"] == pytest.approx(750 / 900)
    assert found.loc["held_alone", "coverage"] == pytest.approx(0.9)
    assert held_by_seller(depends)["owner_id"].tolist() == ["u1", "u2", "u3"]
    unknown = depends.assign(held=np.nan, gp_held=np.nan)
    assert held_by_seller(unknown)[["gp_held", "share", "running"]].isna().all(axis=None)
    nobody = dependence_metrics(unknown).set_index("metric")
    assert nobody.loc["held_alone", "status"] == "not_available"
    fewer = dependence_metrics(depends.assign(held=[0.1, 0.1, 0.1, np.nan], gp_held=[60.0, 30, 10, np.nan]))
    assert np.isinf(fewer.set_index("metric").loc["bus_factor", "value"])
    poor = dependence_metrics(depends.assign(harvest=0.0, gp_held=0.0)).set_index("metric")
    assert poor.loc["bus_factor", "status"] == "not_available"  # of no profit nobody holds half


@pytest.mark.parametrize(
    ("n", "coverage", "status"), [(0, 1, "not_available"), (9, 1, "weak"), (10, 0.5, "weak"), (10, 1, "ok")]
)
def test_a_number_says_what_it_rests_on(n, coverage, status):
    assert metric("x", 0.5, n, coverage=coverage)["status"] == status


def test_what_is_few_and_what_is_covered_stands_in_client_yaml():
    found = listed([metric("few", 0.5, 9), metric("hidden", 0.5, 10, coverage=0.5), metric("none", np.nan, 10)])
    assert found["status"].tolist() == ["weak", "weak", "not_available"]
    easy = graded(found, Thresholds(small_number=9, coverage=0.5))
    assert easy["status"].tolist() == ["ok", "ok", "not_available"]
    pd.testing.assert_frame_equal(graded(found, Thresholds()), found)
    assert graded(found.iloc[:0], Thresholds()).empty


def test_a_share_of_nothing_is_unknown_and_of_all_reaches_one():
    assert np.isnan(share("x", 0, 0)["value"])
    assert share("x", 5, 5)["high"] == 1.0


PEOPLE = pd.DataFrame(
    {
        "owner_id": ["u1", "u2", "u3", "u9"], "owner_name": ["Ann", "Bo", "Cy", "Di"], "role": ["AR"] * 3 + ["exec"],
        "region": ["North", "North", "South", "North"], "manager_id": ["m1", "m1", "m2", None], "department": "Sales",
        "is_here": True, "hours": [10.0, 20, np.nan, 900], "has_target": [True, True, False, False],
        "has_plan": [True, False, False, False],
    }
)  # fmt: skip


def test_what_leaves_is_part_times_exposed_times_profit_and_the_unknown_is_not_lost(depends):
    who = scenarios(depends, PEOPLE)
    assert who["kind"].value_counts().to_dict() == {"seller": 3, "team": 2}
    found = loss_shock(depends, who, HALF, flag=0.05, draws=4000).set_index("scenario")
    assert found.loc["u1", "expected"] == pytest.approx(250, rel=0.05)
    assert found.loc["m1", "expected"] == pytest.approx(343.75, rel=0.05)
    assert found.loc["u1", "low"] < 250 < found.loc["u1", "high"]
    assert found.loc["u3", "status"] == "not_available" and np.isnan(found.loc["u3", "expected"])
    assert found.loc["u1", "flagged"] and found.loc["u3", "flagged"] is pd.NA


def test_few_people_met_draw_what_is_held_to_the_usual_and_the_same_share_for_all_asks_nobody(depends):
    assert HALF.exposed(depends).round(3).tolist()[:2] == [0.833, 0.625]
    assert expected_losses(depends, HALF).isna().tolist() == [False, False, True, True]
    flat = Sensitivity(np.array([0.15]), np.array([1.0]), 10, None)
    assert expected_losses(depends, flat).tolist()[:3] == pytest.approx([90, 45, 15])
    assert expected_losses(depends, flat).isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(("held_alone", "usual"), [(1.0, 0.75), (3.0, None)])
def test_losses_rest_on_what_foretells_best(held_alone, usual):
    errors = pd.DataFrame({"model": ["held_alone", "always_15", "nothing"], "error": [held_alone, 2.0, 2.5], "n": 9})
    found = trusted(HALF, errors)
    assert found.usual == usual
    assert trusted(HALF, errors.iloc[:0]).usual == 0.75
    if usual is None:
        assert found.mean == pytest.approx(0.15, abs=0.01)


@pytest.mark.parametrize(
    ("held", "always", "nothing", "ending"),
    [
        (1.50, 1.61, 1.9, "The first wins"),
        (1.606, 1.608, 1.9, "no worse than 15% for all"),
        (1.7, 1.6, 1.9, "are 15% of the profit of every account"),
        (1.7, 1.6, 1.5, "upper bound"),
    ],
)
def test_the_page_says_what_its_losses_rest_on(held, always, nothing, ending):
    errors = pd.DataFrame({"model": ["held_alone", "always_15", "nothing"], "error": [held, always, nothing], "n": 31})
    unknown = pd.DataFrame([{"value": np.nan, "low": np.nan, "high": np.nan, "n": 0}])
    assert ending in words.about_trust(unknown, unknown, errors, {"too_late": 2}, run())


def test_without_changes_the_usual_holder_costs_what_the_literature_says():
    months = pd.DataFrame({"account_id": ["A"], "period": [pd.Timestamp("2025-01-01")], "orders": [1.0], "gp": [1.0]})
    none = pd.DataFrame({"account_id": [], "changed_date": pd.to_datetime([]), "old_owner": [], "new_owner": []})
    rotation = rotation_events(months, none.astype({"account_id": "object"}), as_of=AS_OF)
    held = pd.DataFrame({"held": [], "n_contacts": []}, dtype=float)
    found = learn_sensitivity(rotation, held)
    assert found.n == 0 and found.mean * found.usual == pytest.approx(0.15, abs=0.01)
    assert left_out_errors(rotation, held).empty


def test_pairs_are_of_one_region_with_more_than_two(depends):
    many = depends.assign(owner_id=["u1", "u2", "u3", "u1"])
    pairs = scenarios(many, PEOPLE.assign(region="North"))
    assert sorted(pairs.loc[pairs["kind"] == "pair", "scenario"].unique()) == ["u1 + u2", "u1 + u3", "u2 + u3"]


@pytest.mark.parametrize("half", [1.5, 3.0, 6.0])
def test_the_half_life_is_learnt_from_a_sure_path(half):
    quarter = np.arange(6)
    value = -0.4 * 0.5 ** ((quarter + 0.5) / half)
    path = pd.DataFrame({"quarter": quarter, "value": value, "low": value - 0.005, "high": value + 0.005})
    assert half_life(path) == pytest.approx(half, rel=0.1)
    assert half_life(path.iloc[:0]) == pytest.approx(3.0, rel=0.02)


def test_the_course_of_the_first_year_adds_up_to_the_loss():
    loss = pd.DataFrame({"scenario": ["x"], "expected": [100.0], "low": [0.0], "high": [200.0]})
    found = course(loss, 3.0)
    assert found["expected"].head(4).sum() == pytest.approx(100)
    assert found["expected"].is_monotonic_decreasing and len(found) == 8


def test_the_successor_knows_the_industry_the_account_and_the_region(depends):
    bonds = pd.DataFrame({"account_id": ["A"], "owner_id": ["u3"], "n_touches": [1]})
    found = successors(depends, bonds, PEOPLE).set_index("account_id")
    assert found.loc["A", "successor_id"] == "u2"
    assert found.loc["A", "fit"] == pytest.approx(2 / 3)
    gone = successors(depends, bonds, PEOPLE.assign(is_here=[True, False, True, True])).set_index("account_id")
    assert gone.loc["A", "successor_id"] == "u3"


def test_nobody_is_named_successor_where_nothing_speaks_for_anybody(depends):
    unlike = depends.assign(industry=None, region=None)
    assert successors(unlike, pd.DataFrame(columns=["account_id", "owner_id", "n_touches"]), PEOPLE).empty


def test_a_hand_over_is_judged_once_its_ninety_days_are_over():
    met = table("""
        account_id changed_date old_owner new_owner n_before n_reached n_known n_joint
        A          2025-12-01   u1        u2        4        1         1       0
        B          2025-06-01   u1        u2        4        3         3       1
        C          2025-05-01   u1        u2        4        1         2       0
        """)
    quality = handover_quality(met, AS_OF, wanted=0.7)
    assert quality.set_index("account_id")["state"].to_dict() == {"A": "running", "B": "good", "C": "repair"}
    found = handover_metrics(quality, tenures(spells(), AS_OF), longest=4.0).set_index("metric")
    assert found.loc["handed_over_well", "value"] == 0.5
    assert found.loc["held_too_long", "value"] == 0.5
    assert found.loc["tenure", "coverage"] == pytest.approx(0.75)
    steps = repairs(quality, pd.DataFrame({"account_id": ["C"], "owner_id": ["u2"]}), PEOPLE, AS_OF)
    assert steps.to_dict("records") == [{"account_id": "C", "with_id": "u1", "detail": "2"}]


def spells():
    found = table("""
        account_id owner_id valid_from valid_to
        A          u1       .          2024-01-01
        A          u2       2024-01-01 .
        B          u1       2020-01-01 .
        C          u1       2022-01-01 2024-01-01
        D          .        2022-01-01 .
        """)
    return found.astype({"valid_from": "datetime64[us]", "valid_to": "datetime64[us]"})


def test_an_s_account_needs_three_corners_and_an_a_account_two():
    roles = table("""
        account_id role n_named n_live n_touches
        A          AR   1       1      5
        A          SR   1       1      5
        A          FR   1       0      0
        B          AR   1       1      5
        B          SR   1       1      5
        B          FR   0       0      0
        """)
    tiers = pd.DataFrame({"account_id": ["A", "B", "C"], "tier": ["S", "A", "C"], "open_amount": [5.0, 0.0, np.nan]})
    found = triangle(roles, tiers)
    assert found["missing"].fillna("").tolist() == ["FR", ""]
    assert triangle_metrics(found, NOTHING).set_index("metric").loc["triangle_enough", "value"] == 0.5
    large = triangle(roles, tiers.assign(open_amount=[5.0, 0.0, 90.0])).set_index("account_id")
    assert large["wanted"].to_dict() == {"A": 3, "B": 2, "C": 2}
    eased = triangle(roles, tiers, limits=Thresholds(corners_s=1, corners_a=1))
    assert (eased["wanted"] == 1).all()
    small = tiers.assign(open_amount=[90.0, 0.0, 5.0])
    assert [len(triangle(roles, small, limits=Thresholds(large_deals=one))) for one in (0.1, 1.0)] == [2, 3]
    only_owners = triangle(roles.assign(n_named=0, n_touches=0), tiers)
    assert only_owners.empty
    assert set(triangle_metrics(only_owners, NOTHING)["status"]) == {"not_available"}


def test_corners_work_together_where_fulfilment_comes_first_and_two_of_them_meet_the_customer(tmp_path):
    tables = {
        "owners": "owner_id role\nu1 AR\nu2 FR",
        "opportunities": """
            opportunity_id account_id created_date
            d1             A          2025-05-01
            d2             B          2025-05-01
            """,
        "stage_history": """
            change_id object_id new     changed_date
            s1        d1        propose 2025-06-01
            s2        d2        propose 2025-06-01
            s3        d2        won     2025-07-01
            """,
        "activities": """
            activity_id account_id owner_id activity_type activity_date
            t1          A          u1       visit         2025-05-10
            t2          B          u2       call          2025-06-10
            t3          B          u1       visit         2025-06-20
            """,
    }
    alone = together(write_clean(tmp_path, **tables), AS_OF)
    assert alone[["n_deals", "n_early"]].tolist() == [2, 0]
    assert alone[["n_meetings", "n_joint"]].isna().all()
    several = "activity_owner_id activity_id owner_id\nx1 t1 u1\nx2 t1 u2"
    found = together(write_clean(tmp_path, activity_owners=several), AS_OF)
    assert found.tolist() == [2, 1, 2, 1]
    measured = triangle_metrics(pd.DataFrame({"n_live": [2], "wanted": [3], "balance": [0.5]}), found)
    assert measured.set_index("metric").loc[["fulfilment_first", "joint_meetings"], "value"].tolist() == [0.5, 0.5]


def test_prices_apart_are_a_conflict():
    voices = table("account_id n_weeks n_uncoordinated\nA 10 2\nB 5 0")
    sales = table("account_id price before_price\nA 100 102\nA 100 110")
    found = one_voice(voices, sales, pd.DataFrame(columns=["account_id", "n_pairs", "n_conflicts"]), spread=0.03)
    assert found.iloc[0][["account_id", "n_uncoordinated", "n_price_conflicts"]].tolist() == ["A", 2, 1]
    assert found.set_index("account_id").loc["B", ["n_sales", "n_price_conflicts", "n_promises"]].isna().all()
    told_ = voice_metrics(found).set_index("metric")
    assert told_.loc["uncoordinated", "value"] == pytest.approx(2 / 15)
    assert told_.loc["date_conflicts", "status"] == "not_available"


def test_the_boss_counts_only_where_one_is_on_record(depends):
    found = {one["metric"]: one for one in boss_metrics(PEOPLE, depends.assign(owner_id="u9"))}
    assert found["boss_time"]["value"] == 0.5 and found["boss_time"]["status"] == "weak"
    assert found["boss_held"]["value"] == pytest.approx(750 / 900)
    assert {one["status"] for one in boss_metrics(PEOPLE.head(3), depends)} == {"not_available"}


def test_a_seller_is_held_against_like_accounts_in_other_hands():
    accounts = pd.DataFrame(
        {
            "account_id": range(30),
            "owner_id": np.repeat(["u1", "u2", "u3"], 10),
            "harvest": np.repeat([100.0, 100, 400], 10),
        }
    ).assign(annual_revenue=np.nan, employees=np.nan, market_type=None)
    made = productivity(accounts)
    assert made["owner_id"].iloc[0] == "u3"
    assert 0 < star_gap(made)["value"] < 0.8
    assert star_gap(made.head(2))["status"] == "not_available"


def test_a_light_without_data_stays_dark(depends):
    signs = pd.Series({"n_followed": 0, "n_orderly": 0, "n_told": 4, "n_price": 2, "n_lined": 0, "n_single": 0})
    corners = triangle_metrics(pd.DataFrame({"n_live": [2], "wanted": [3], "balance": [0.5]}), NOTHING)
    known = pd.DataFrame({"share": [0.5, 0.7]})
    card = scorecard(dependence_metrics(depends), corners, PEOPLE, signs, known).set_index("metric")
    assert card.loc["none_routine", "status"] == "not_available"
    assert card.loc["lack_support", "value"] == pytest.approx(1 / 3)
    assert card.loc["lack_management", "value"] == pytest.approx(2 / 3)
    assert card.loc["none_records", "value"] == pytest.approx(0.4)
    assert card.loc["overall", "coverage"] == pytest.approx(5 / 6)
    ax = figures.scorecard_lights(card.reset_index(), run())
    assert "of 5 known lights are red, 1 cannot be judged" in told(ax).answer


def test_steps_are_named_dated_and_ordered_by_what_is_at_stake(depends):
    follow = pd.DataFrame({"account_id": ["A", "B"], "successor_id": ["u2", "u1"]})
    staked = depends.assign(at_stake=[300.0, 75, np.nan, np.nan])
    steps = next_steps(staked, {"introduce_successor": introductions(staked, follow)}, AS_OF)
    assert steps[["action", "account_id", "with_id"]].to_numpy().tolist() == [["introduce_successor", "A", "u2"]]
    assert steps["by_when"].iloc[0] == pd.Timestamp("2026-03-31")


def test_sellers_have_no_names_unless_the_client_publishes_them():
    assert "Ann" not in set(words.seller_names(PEOPLE, run()))


def test_new_business_is_a_product_line_never_bought_before(tmp_path):
    write_clean(
        tmp_path,
        orders="""
        order_id account_id order_date amount status product_line
        1        A          2025-01-10 100    valid  pumps
        2        A          2025-02-10 100    valid  pumps
        3        A          2025-02-20 100    valid  valves
        4        A          2025-03-01 100    void   seals
        """,
    )
    found = seen.new_business(tmp_path, AS_OF)
    assert found[["orders_new", "orders_repeat"]].to_numpy().tolist() == [[1, 0], [1, 1]]


def test_a_contact_reached_late_is_known_but_not_reached(tmp_path):
    write_clean(
        tmp_path,
        accounts="account_id owner_id\nA u2",
        owner_history="change_id object_id old new changed_date\n1 A u1 u2 2025-01-01",
        activities="""
        activity_id account_id owner_id contact_id activity_date activity_type
        1           A          u1       k1         2024-12-01    call
        2           A          u1       k2         2024-12-01    call
        3           A          u2       k1         2025-02-01    call
        4           A          u2       k2         2025-08-01    call
        """,
    )
    found = seen.handover_contacts(tmp_path, AS_OF)
    assert found[["n_before", "n_reached", "n_known"]].to_numpy().tolist() == [[2, 1, 2]]
    assert found["n_joint"].isna().all()  # no activity names two of ours


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.012, "ordered 1% more than"), (-0.2, "ordered 20% less than"), (-0.004, "ordered as much as")],
)
def test_the_effect_of_a_change_of_hands_is_said_in_words(value, said):
    effect = pd.DataFrame({"value": [value], "low": [-0.3], "high": [0.4], "n": [51], "status": ["ok"]})
    sentence = words.about_effect(effect.assign(verdict="undecided"), run())
    assert said in sentence and "(in 9 of 10 cases −30% to +40%; 51 changes)" in sentence


@pytest.mark.parametrize(("language", "said"), [("en", "K1 (executive, users)"), ("zh-CN", "K1（高层、使用部门）")])
def test_a_person_stands_with_its_seat_in_the_marks_of_the_language(language, said):
    frame = pd.DataFrame({"contact_id": ["K1", "K2"], "contact_name": None, "level": ["exec", None]})
    frame = frame.assign(function=["user", None])
    assert words.persons(frame, run(language)).tolist() == [said, "K2"]
