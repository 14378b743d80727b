from __future__ import annotations

import datetime as dt
import math
import shutil
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from clean_tables import write_clean
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mcrlib.describe.accounts import (
    account_features,
    account_outcomes,
    account_periods,
    assumed_share,
    pipeline,
    prices,
    revenue_basis,
    stages_passed,
)
from mcrlib.describe.engine import query

AS_OF = dt.date(2024, 3, 1)

ACCOUNTS = """
account_id account_name owner_id tier_crm annual_revenue employees
A          Acme         u1       S        1000000        50
B          Borealis     u2       C        .              .
C          Cato         .        .        .              .
"""
ORDERS = """
order_id account_id order_date amount gross_profit cost status
1        A          2024-01-01 100    .            40   .
2        A          2024-01-01 50     5            1    valid
3        A          2024-01-11 -30    .            .    return
4        A          2024-02-01 200    .            .    valid
5        A          2024-02-02 999    .            .    void
6        A          2024-02-03 999    .            .    draft
7        B          2022-02-28 10     .            .    .
8        A          2024-03-02 1000   .            .    .
"""


@pytest.fixture
def clean(tmp_path):
    return write_clean(tmp_path, accounts=ACCOUNTS, orders=ORDERS)


def facts(frame, *columns):
    return frame.set_index("account_id")[list(columns)]


def test_an_account_without_a_name_goes_by_its_id(tmp_path):
    write_clean(tmp_path, accounts="account_id account_name\nA Acme\nB .", orders=ORDERS.splitlines()[1])
    assert account_features(tmp_path, AS_OF)["account_name"].tolist() == ["Acme", "B"]


def test_rhythm_counts_days_on_which_something_was_ordered(clean):
    got = facts(
        account_features(clean, AS_OF), "n_orders", "n_order_days", "frequency", "recency", "T", "days_since_last"
    )
    expected = pd.DataFrame(
        {
            "n_orders": [3, 1, 0],
            "n_order_days": [2, 1, 0],
            "frequency": [1, 0, 0],
            "recency": [31.0, 0.0, np.nan],
            "T": [60.0, 732.0, np.nan],
            "days_since_last": [29.0, 732.0, np.nan],
        },
        index=pd.Index(["A", "B", "C"], name="account_id", dtype="str"),
    )
    pd.testing.assert_frame_equal(got, expected)


def test_a_return_takes_money_back_and_drafts_and_voids_never_count(clean):
    got = facts(account_features(clean, AS_OF), "revenue_total", "revenue_12m", "revenue_previous_12m", "revenue_36m")
    assert got.loc["A"].tolist() == [320.0, 320.0, 0.0, 320.0]
    assert got.loc["B"].tolist() == [10.0, 0.0, 0.0, 10.0]
    assert got.loc["C"].tolist() == [0.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize(("as_of", "left"), [(dt.date(2024, 3, 31), 1320.0), (dt.date(2024, 4, 1), 1170.0)])
def test_the_last_quarter_is_the_91_days_up_to_and_with_the_date(clean, as_of, left):
    assert facts(account_features(clean, as_of), "revenue_3m")["revenue_3m"].tolist() == [left, 0.0, 0.0]


def test_gross_profit_is_delivered_else_less_cost_else_by_margin(clean):
    got = facts(account_features(clean, AS_OF, margin=0.5), "gp_total", "harvest", "harvest_previous")
    assert got.loc["A"].tolist() == [60 + 5 - 15 + 100, 150.0, 0.0]
    assert got.loc["B"].tolist() == [5.0, 0.0, 0.0]


def test_margins_are_squared_by_the_day_and_kept_within_bounds(tmp_path):
    orders = """
    order_id account_id order_date amount gross_profit status
    1        A          2024-01-01 100    30           .
    2        A          2024-01-01 100    10           .
    3        A          2024-01-02 50     -25          .
    4        A          2024-01-03 -20    -4           return
    5        A          2024-01-04 0.01   -900         .
    6        A          2024-01-05 0      -7           .
    7        B          2024-01-05 80     .            .
    """
    write_clean(tmp_path, accounts="account_id\nA\nB\nC", orders=orders)
    got = facts(account_features(tmp_path, AS_OF, margin=0.5), "margin_square")["margin_square"]
    assert got.tolist() == pytest.approx([200 * 0.2**2 + 50 * 0.5**2 - 20 * 0.2**2 + 0.01, 80 * 0.5**2, 0.0])


def test_twelve_months_are_the_365_days_up_to_and_with_the_date(tmp_path):
    orders = """
    order_id account_id order_date amount
    1        A          2023-03-01 1
    2        A          2023-03-02 2
    3        A          2024-02-29 4
    """
    write_clean(tmp_path, accounts="account_id\nA", orders=orders)
    got = facts(account_features(tmp_path, dt.date(2024, 2, 29)), "revenue_12m", "revenue_previous_12m")
    assert got.loc["A"].tolist() == [6.0, 1.0]


def test_sizes_and_gaps_of_purchases_are_summed_in_logarithms(clean):
    got = account_features(clean, AS_OF).set_index("account_id").loc["A"]
    sizes, ages = np.log([150, 200]), np.array([60, 29])
    weights = 2.0 ** (-ages / 730)
    assert got["spend_n"] == 2
    assert got["log_gaps"] == pytest.approx(math.log(31), abs=1e-9)
    assert got["spend_log_sum"] == pytest.approx((weights * sizes).sum(), abs=1e-9)
    assert got["spend_log_weight"] == pytest.approx(weights.sum(), abs=1e-9)
    assert got["spend_plain_log_sum"] == pytest.approx(sizes.sum(), abs=1e-9)
    assert got["spend_plain_log_square"] == pytest.approx((sizes**2).sum(), abs=1e-9)


def test_a_free_order_is_an_order_day_without_a_size(tmp_path):
    write_clean(tmp_path, accounts="account_id\nA", orders="order_id account_id order_date amount\n1 A 2024-01-01 0")
    got = account_features(tmp_path, AS_OF).iloc[0]
    assert (got["n_order_days"], got["n_orders"], got["spend_n"]) == (1, 0, 0)


def test_without_orders_won_deals_are_the_purchases(tmp_path):
    deals = """
    opportunity_id account_id stage status amount amount_actual cost closed_date
    1              A          x     won    100    90            30   2024-01-01
    2              A          x     won    10     .             .    2024-01-02
    3              A          x     lost   500    .             .    2024-01-03
    4              A          x     won    700    .             .    2024-03-02
    """
    write_clean(tmp_path, accounts="account_id\nA", opportunities=deals)
    got = account_features(tmp_path, AS_OF, margin=0.5).iloc[0]
    assert (got["n_orders"], got["revenue_total"], got["gp_total"]) == (2, 100.0, 65.0)
    assert revenue_basis(tmp_path) == "opportunities"


def test_orders_win_over_won_deals(clean):
    write_clean(
        clean, opportunities="opportunity_id account_id stage status amount closed_date\n1 B x won 7 2024-01-01"
    )
    assert account_features(clean, AS_OF).set_index("account_id").loc["B", "revenue_total"] == 10.0
    assert revenue_basis(clean) == "orders"


def test_what_nobody_delivered_is_empty_and_what_was_delivered_counts_from_zero(clean):
    counts = ["n_contacts", "n_activities_12m", "n_owners_active", "n_cases_24m", "n_open_deals", "satisfaction"]
    assert account_features(clean, AS_OF)[counts].isna().all(axis=None)
    write_clean(
        clean,
        contacts="contact_id account_id level created_date left_date\n1 A exec 2023-01-01 .\n2 A . . 2024-01-01",
        activities="activity_id account_id owner_id activity_date status\n1 A u 2024-02-01 .\n2 A u 2024-02-01 planned",
        cases="case_id account_id opened_date\n1 B 2024-02-01",
        surveys="survey_id account_id kind score scale_max survey_date\n"
        "1 A nps 9 . 2024-01-01\n2 A csat 4 5 2024-01-01",
        opportunities="opportunity_id account_id stage status amount\n1 B x open .",
    )
    got = facts(account_features(clean, AS_OF), *counts)
    assert got.loc["A"].tolist() == pytest.approx([1, 1, 1, 0, 0, 0.85])
    assert got.loc["B"].tolist() == pytest.approx([0, 0, 0, 1, 1, np.nan], nan_ok=True)
    assert account_features(clean, AS_OF)["n_functions"].isna().all()
    assert facts(account_features(clean, AS_OF), "open_amount").loc["B"].isna().all()


def test_product_lines_come_from_orders_lines_and_products(clean):
    write_clean(
        clean,
        order_lines="line_id order_id product_id product_line amount\n1-1 1 p1 . 1\n1-2 1 p2 core 1\n5-1 5 . void 1",
        products="product_id product_line\np1 plus\np2 other",
    )
    assert account_features(clean, AS_OF)["n_product_lines"].tolist() == [2.0, 0.0, 0.0]


def test_a_frozen_past_shows_nothing_without_history(clean):
    write_clean(clean, contacts="contact_id account_id status created_date\n1 A left 2023-01-01\n2 A . .")
    now, frozen = account_features(clean, AS_OF), account_features(clean, AS_OF, frozen=True)
    assert now["owner_id"].tolist()[:2] == ["u1", "u2"]
    assert frozen[["owner_id", "tier_crm"]].isna().all(axis=None)
    assert (now["n_contacts"][0], frozen["n_contacts"][0]) == (1, 1)
    assert now.columns.tolist() == frozen.columns.tolist()


def test_outcomes_lie_after_the_start_and_up_to_the_end_and_keep_zeros(clean):
    got = account_outcomes(clean, dt.date(2024, 1, 1), dt.date(2024, 3, 2), margin=0.5)
    expected = pd.DataFrame(
        {
            "account_id": pd.array(["A", "B", "C"], dtype="str"),
            "orders": [2, 0, 0],
            "revenue": [1170.0, 0.0, 0.0],
            "gp": [585.0, 0.0, 0.0],
        }
    )
    pd.testing.assert_frame_equal(got, expected)


def test_periods_are_calendar_quarters_with_purchases(clean):
    got = account_periods(clean, dt.date(2024, 3, 2))
    assert got["period"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2022-01-01"]
    assert got[["revenue", "orders"]].to_numpy().tolist() == [[1320.0, 3], [10.0, 1]]


DEALS = """
opportunity_id account_id owner_id stage  status amount amount_actual created_date expected_close_date closed_date
closed         A          u1       Won    won    100    90            2023-01-01   .                   2024-01-01
later          A          u1       Won    won    100    90            2024-02-01   2024-06-01          2024-05-01
open           A          u2       Offer  open   50     .             2024-01-31   2024-07-01          .
unborn         A          u2       Offer  open   50     .             2024-03-02   .                   .
undated        B          u2       Lost   lost   .      .             .            .                   .
"""


def test_a_deal_that_closed_later_is_open_and_keeps_its_end_secret(clean):
    write_clean(clean, opportunities=DEALS)
    got = pipeline(clean, AS_OF).set_index("opportunity_id")
    assert got["status"].to_dict() == {"closed": "won", "later": "open", "open": "open", "undated": "lost"}
    assert got.loc["later", ["stage", "stage_std", "amount", "closed_date"]].isna().all()
    assert got.loc["closed", ["stage", "amount", "age_days"]].tolist() == ["Won", 90.0, 365.0]
    assert got.loc["open", ["stage", "amount", "age_days"]].tolist() == ["Offer", 50.0, 30.0]


def test_a_frozen_pipeline_shows_open_deals_without_stage_amount_and_owner(clean):
    write_clean(clean, opportunities=DEALS)
    got = pipeline(clean, AS_OF, frozen=True).set_index("opportunity_id")
    assert got.index.tolist() == ["closed", "later", "open"]
    assert got.loc[["later", "open"], ["stage", "amount", "owner_id", "closed_date"]].isna().all(axis=None)
    assert got.loc["closed", "amount"] == 90.0


STEPS = """
change_id object_id new   changed_date
h1        closed    Lead  2023-01-01
h2        closed    Offer 2023-01-11
h3        closed    Lead  2023-02-01
h4        closed    Offer 2023-02-02
h5        later     Lead  2024-02-01
h6        later     Offer 2024-02-11
h7        later     Won   2024-05-01
h8        open      Offer 2024-01-31
"""


def test_the_stages_that_a_deal_passed_tell_how_long_it_stood_in_each(clean):
    write_clean(clean, opportunities=DEALS, stage_history=STEPS)
    got = stages_passed(clean, AS_OF).set_index(["opportunity_id", "stage"])["days"]
    assert got["closed"].to_dict() == {"Lead": 11.0, "Offer": 21.0 + 333.0}  # the last until it was closed
    assert got["later"].fillna(-1.0).to_dict() == {"Lead": 10.0, "Offer": -1.0}  # it stands there still
    assert got["open"].isna().all()


@pytest.mark.parametrize("ids", ["h1 h2 h3", "h3 h2 h1", "h2 h3 h1"])
def test_of_several_stages_on_one_day_only_the_last_was_stood_in_whatever_the_changes_are_named(clean, ids):
    first, second, third = ids.split()
    steps = f"""
    change_id object_id old   new   changed_date
    {first}   open      .     Lead  2024-01-01
    {second}  open      Lead  Demo  2024-01-01
    {third}   open      Demo  Offer 2024-01-01
    h9        open      Offer Talks 2024-01-05
    """
    write_clean(clean, opportunities=DEALS, stage_history=steps)
    got = stages_passed(clean, AS_OF).set_index("stage")["days"]
    assert got.drop("Talks").to_dict() == {"Demo": 0.0, "Lead": 0.0, "Offer": 4.0}


START, LAST = dt.date(2021, 1, 1), dt.date(2025, 2, 9)
STATES = ["valid", "void", "draft", "return", None]


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A clean folder of 120 accounts with none to twelve orders each, to the fourth decimal, and these orders."""
    rng = np.random.default_rng(4)
    of = [f"A{one:03}" for one in range(120) for _ in range(rng.integers(0, 13))]
    orders = pd.DataFrame({"order_id": [f"o{one:04}" for one in range(len(of))], "account_id": of})
    orders["order_date"] = [START + dt.timedelta(int(day)) for day in rng.integers(0, 1501, len(of))]
    orders["amount"] = [Decimal(int(units)).scaleb(-4) for units in rng.integers(-5_000_000, 9_000_000, len(of))]
    orders["status"] = rng.choice(STATES, len(of))
    accounts = pd.DataFrame({"account_id": [f"A{one:03}" for one in range(120)]})
    return write_clean(tmp_path_factory.mktemp("many"), accounts=accounts, orders=orders), orders


DATES = [START, dt.date(2021, 9, 9), dt.date(2023, 12, 31), LAST]


@pytest.mark.parametrize("as_of", DATES)
def test_nobody_peeks_behind_the_date(many, tmp_path, as_of):
    clean, orders = many
    shutil.copy(clean / "accounts.parquet", tmp_path)
    write_clean(tmp_path, orders=orders[orders["order_date"] <= as_of])
    pd.testing.assert_frame_equal(account_features(tmp_path, as_of), account_features(clean, as_of))


@pytest.mark.parametrize("cut", DATES)
def test_of_no_account_money_is_lost_or_made(many, cut):
    clean, orders = many
    before, whole = (account_features(clean, date).set_index("account_id") for date in (cut, LAST))
    after = account_outcomes(clean, cut, LAST).set_index("account_id").reindex(before.index, fill_value=0)
    counted = orders[orders["status"].isna() | orders["status"].isin(["valid", "return"])]
    total = counted["amount"].astype(float).groupby(counted["account_id"]).sum().reindex(before.index, fill_value=0.0)
    periods = account_periods(clean, LAST).groupby("account_id")["revenue"].sum().reindex(before.index, fill_value=0.0)
    for found in (before["revenue_total"] + after["revenue"], periods):
        assert found.tolist() == pytest.approx(total.tolist(), abs=1e-6)
    assert (before["n_order_days"] + after["orders"]).tolist() == whole["n_order_days"].tolist()


ROWS = st.lists(
    st.tuples(
        st.sampled_from("AB"), st.integers(0, 1500), st.integers(-500_0000, 900_0000),
        st.sampled_from(["valid", "void", "draft", "return", pd.NA]),
    ),
    max_size=25,
)  # fmt: skip


def orders_of(rows):
    return pd.DataFrame(
        [(f"o{i}", a, START + dt.timedelta(d), Decimal(m).scaleb(-4), s) for i, (a, d, m, s) in enumerate(rows)],
        columns=["order_id", "account_id", "order_date", "amount", "status"],
    )


slow_folder = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


@slow_folder
@given(ROWS, st.integers(0, 1500))
def test_nobody_peeks_behind_any_date(tmp_path, rows, day):
    as_of = START + dt.timedelta(day)
    write_clean(tmp_path, accounts="account_id\nA\nB", orders=orders_of([("A", 0, 1, "valid"), *rows]))
    whole = account_features(tmp_path, as_of)
    write_clean(tmp_path, orders=orders_of([("A", 0, 1, "valid"), *[row for row in rows if row[1] <= day]]))
    pd.testing.assert_frame_equal(account_features(tmp_path, as_of), whole)


@slow_folder
@given(ROWS, st.integers(0, 1500))
def test_money_is_neither_lost_nor_made(tmp_path, rows, day):
    cut, end = START + dt.timedelta(day), START + dt.timedelta(1500)
    write_clean(tmp_path, accounts="account_id\nA\nB", orders=orders_of([("A", 0, 1, "valid"), *rows]))
    before, after = account_features(tmp_path, cut), account_outcomes(tmp_path, cut, end)
    total = 0.0001 + sum(m for _, _, m, s in rows if s is pd.NA or s in ("valid", "return")) / 1e4
    assert before["revenue_total"].sum() + after["revenue"].sum() == pytest.approx(total, abs=1e-6)
    assert account_periods(tmp_path, end)["revenue"].sum() == pytest.approx(total, abs=1e-6)
    assert (before["n_order_days"] + after["orders"]).tolist() == account_features(tmp_path, end)[
        "n_order_days"
    ].tolist()


def test_threads_change_nothing_to_the_last_bit(tmp_path):
    rng = np.random.default_rng(1)
    n = 60_000
    orders = pd.DataFrame(
        {
            "order_id": [f"o{i:06}" for i in range(n)],
            "account_id": [f"a{i:03}" for i in rng.integers(0, 50, n)],
            "order_date": (pd.Timestamp(2020, 1, 1) + pd.to_timedelta(rng.integers(0, 1500, n), "D")).strftime(
                "%Y-%m-%d"
            ),
            "amount": rng.lognormal(8, 2, n).round(2),
        }
    )
    write_clean(tmp_path, accounts=pd.DataFrame({"account_id": [f"a{i:03}" for i in range(50)]}), orders=orders)
    asked = {"as_of": dt.date(2023, 6, 1), "margin": 0.3, "frozen": False}
    first = query(tmp_path, "accounts", threads=1, **asked)
    for threads in (2, 4):
        pd.testing.assert_frame_equal(query(tmp_path, "accounts", threads=threads, **asked), first, check_exact=True)


def test_prices_are_summed_by_month_where_a_list_price_is_known(tmp_path):
    orders = """
        order_id account_id order_date amount list_amount status
        1        A          2024-01-05 80     100         .
        2        A          2024-01-20 40     50          valid
        3        A          2024-02-01 10     .           valid
        4        A          2024-03-01 10     20          void
        5        A          2024-09-01 10     20          valid
    """
    write_clean(tmp_path, accounts="account_id\nA", orders=orders)
    expected = pd.DataFrame({"date": [pd.Timestamp(2024, 1, 1)], "amount": [120.0], "list_amount": [150.0]})
    pd.testing.assert_frame_equal(prices(tmp_path, dt.date(2024, 6, 30)), expected, check_dtype=False)


def test_the_share_of_assumed_profit_counts_valid_revenue_only(tmp_path):
    orders = """
        order_id account_id order_date amount cost gross_profit status
        1        A          2024-01-05 60     10   .            .
        2        A          2024-01-05 20     .    .            .
        3        A          2024-01-05 20     .    5            .
        4        A          2024-01-05 99     .    .            void
    """
    write_clean(tmp_path, accounts="account_id\nA", orders=orders)
    assert assumed_share(tmp_path, dt.date(2024, 6, 30)) == pytest.approx(0.2)


def test_a_year_is_of_365_days_and_each_day_is_counted_once(tmp_path):
    clean = write_clean(
        tmp_path,
        accounts="account_id\nA",
        orders="""order_id account_id order_date amount gross_profit
        1 A 2025-01-01 1 0.1
        2 A 2024-12-31 10 2
        3 A 2024-01-02 100 30
        4 A 2024-01-01 1000 400
        5 A 2023-01-02 10000 5000
        6 A 2023-01-01 100000 60000""",
    )
    found = account_features(clean, dt.date(2025, 12, 31)).iloc[0]
    assert found[["revenue_12m", "harvest"]].tolist() == [1, 0.1]
    assert found[["revenue_previous_12m", "harvest_previous"]].tolist() == [110, 32]
    assert found[["revenue_36m", "gp_36m"]].tolist() == [11111, 5432.1]
