"""The simulated company: the same for the same seed, whole in its references, and driven by the truth that it tells."""

import dataclasses
import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mcrlib import schema
from mcrlib.simulate.company import Company, simulate
from mcrlib.simulate.orders import draw_orders
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters, make_ids, running_number
from mcrlib.simulate.truth import state_at
from mcrlib.simulate.value import expected_value, true_tier
from mcrlib.simulate.world import World, draw_world

P = Parameters()


@pytest.fixture(scope="module")
def company() -> Company:
    return simulate(300)


@pytest.fixture(scope="module")
def large() -> World:
    """Ten thousand accounts over eleven and a half years: enough to see effects of a few percent."""
    return draw_world(10_000, Quarters(dt.date(2025, 12, 31), 46), P, 7)


# --- time and keys


def test_quarters_are_calendar_quarters_where_the_window_ends_with_one():
    quarters = Quarters(dt.date(2025, 12, 31), 4)
    assert quarters.starts.astype(str).tolist() == ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"]
    assert quarters.day(np.array([0.0, 3.999, -1.0, np.nan])).astype(str).tolist() == [
        "2025-01-01", "2025-12-31", "2024-10-01", "NaT"
    ]  # fmt: skip


def test_weekends_move_to_friday():
    quarters = Quarters(dt.date(2025, 12, 31), 4)
    days = quarters.workday(np.linspace(0.05, 3.99, 500))
    assert np.is_busday(days).all()


def test_running_number_restarts_with_each_group():
    assert running_number(np.array([2, 0, 3])).tolist() == [0, 1, 0, 1, 2]


def test_keys_sort_as_rows_stand():
    assert make_ids("A", 3).tolist() == ["A0001", "A0002", "A0003"]
    assert make_ids("A", 12_345).is_monotonic_increasing


def test_each_noun_has_its_own_random_numbers():
    assert stream(1, "orders").random() != stream(1, "cases").random()
    assert stream(1, "orders").random() == stream(1, "orders").random()


# --- the same for the same seed


def test_the_same_seed_gives_the_same_frames(company):
    again = simulate(300)
    for name, frame in company.tables.items():
        pd.testing.assert_frame_equal(frame, again.tables[name])
    pd.testing.assert_frame_equal(company.truth.accounts, again.truth.accounts)
    pd.testing.assert_frame_equal(company.truth.relationship, again.truth.relationship)
    pd.testing.assert_frame_equal(company.truth.deals, again.truth.deals)


def test_another_seed_gives_another_company(company):
    other = simulate(300, seed=2)
    assert not company.tables["orders"]["amount"].head(50).equals(other.tables["orders"]["amount"].head(50))


@pytest.mark.parametrize("count", [1, 2, 50])
def test_small_companies_are_whole(count):
    small = simulate(count)
    assert len(small.tables["accounts"]) == count
    assert set(small.tables) == set(simulate(60).tables)


@settings(max_examples=8)
@given(
    st.integers(1, 40),
    st.integers(0, 2**32),
    st.sampled_from([1.0, 3.25, 6.5]),
    st.dates(dt.date(2019, 1, 1), dt.date(2030, 12, 31)),
)
def test_any_company_is_whole(count, seed, years, end):
    tables = simulate(count, seed=seed, years=years, end=end).tables
    for name, frame in tables.items():
        known = schema.tables()[name]
        assert frame[known.key].is_unique
        if known.event_date:
            assert not (frame[known.event_date] > pd.Timestamp(end)).any(), name
    sums = tables["order_lines"].groupby("order_id")["amount"].sum().reindex(tables["orders"]["order_id"])
    np.testing.assert_allclose(sums, tables["orders"]["amount"], atol=0.005)


# --- tables as the dictionary has them


def test_columns_stand_in_the_order_of_the_dictionary_and_rows_in_that_of_the_key(company):
    for name, frame in company.tables.items():
        known = schema.tables()[name]
        assert [column for column in known.columns if column in frame.columns] == list(frame.columns)
        assert frame[known.key].is_monotonic_increasing and frame[known.key].is_unique, name
        assert set(known.required) <= set(frame.columns), name
        assert frame[list(known.required)].notna().all().all(), name


def test_values_are_of_the_kind_the_dictionary_says(company):
    for name, frame in company.tables.items():
        for column in frame.columns:
            kind = schema.tables()[name].columns[column]
            values = frame[column].dropna()
            allowed = dataclasses.asdict(kind)["values"]
            if allowed:
                assert set(values) <= set(allowed), (name, column)
            if kind.kind == "date":
                assert frame[column].dtype.kind == "M", (name, column)
            if kind.kind in ("money", "number", "ratio", "int"):
                assert pd.api.types.is_numeric_dtype(values), (name, column)
            if kind.kind == "ratio":
                assert values.between(0, 1).all(), (name, column)
            if kind.kind in ("id", "text", "enum"):
                assert isinstance(frame[column].dtype, pd.StringDtype), (name, column)
            assert len(values), (name, column)


REFERENCES = [
    (table, column, target)
    for table, column, target in [
        ("accounts", "parent_account_id", "accounts"), ("accounts", "owner_id", "owners"),
        ("owners", "manager_id", "owners"), ("contacts", "account_id", "accounts"), ("contacts", "owner_id", "owners"),
        ("opportunities", "account_id", "accounts"), ("opportunities", "owner_id", "owners"),
        ("opportunity_contacts", "opportunity_id", "opportunities"), ("opportunity_contacts", "contact_id", "contacts"),
        ("orders", "account_id", "accounts"), ("orders", "opportunity_id", "opportunities"),
        ("orders", "owner_id", "owners"), ("order_lines", "order_id", "orders"),
        ("order_lines", "product_id", "products"), ("activities", "account_id", "accounts"),
        ("activities", "contact_id", "contacts"), ("activities", "opportunity_id", "opportunities"),
        ("activities", "owner_id", "owners"), ("activity_contacts", "activity_id", "activities"),
        ("activity_contacts", "contact_id", "contacts"), ("contracts", "account_id", "accounts"),
        ("payments", "order_id", "orders"), ("payments", "account_id", "accounts"), ("cases", "account_id", "accounts"),
        ("cases", "contact_id", "contacts"), ("cases", "owner_id", "owners"), ("surveys", "account_id", "accounts"),
        ("surveys", "contact_id", "contacts"), ("stage_history", "object_id", "opportunities"),
        ("owner_history", "object_id", "accounts"), ("owner_history", "old", "owners"),
        ("owner_history", "new", "owners"), ("account_team", "account_id", "accounts"),
        ("account_team", "owner_id", "owners"), ("costs", "account_id", "accounts"),
        ("plans", "account_id", "accounts"), ("commitments", "account_id", "accounts"),
        ("commitments", "promised_by", "owners"),
    ]
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "target"), REFERENCES)
def test_every_reference_leads_somewhere(company, table, column, target):
    found = company.tables[table][column].dropna()
    assert found.isin(company.tables[target][schema.tables()[target].key]).all()


@pytest.mark.parametrize(
    ("table", "key", "parent"),
    [
        ("activities", "contact_id", "contacts"),
        ("activities", "opportunity_id", "opportunities"),
        ("orders", "opportunity_id", "opportunities"),
        ("cases", "contact_id", "contacts"),
        ("surveys", "contact_id", "contacts"),
    ],
)
def test_people_and_deals_are_of_the_same_account(company, table, key, parent):
    rows = company.tables[table].dropna(subset=[key])
    home = rows[key].map(company.tables[parent].set_index(key)["account_id"])
    assert (home == rows["account_id"]).all()


def test_nothing_has_happened_after_the_end(company):
    end = pd.Timestamp("2025-12-31")
    for name, frame in company.tables.items():
        event = schema.tables()[name].event_date
        if event:
            assert frame[event].max() <= end, name
    for table, column in [("opportunities", "closed_date"), ("contacts", "left_date"), ("payments", "paid_date")]:
        assert company.tables[table][column].max() <= end
    assert company.tables["opportunities"]["expected_close_date"].max() > end


def test_deals_are_open_won_or_lost_with_the_dates_that_go_with_it(company):
    deals = company.tables["opportunities"]
    assert deals["closed_date"].isna().equals(deals["status"] == "open")
    assert deals.loc[deals["status"] == "won", "probability"].eq(1).all()
    assert (deals["closed_date"] >= deals["created_date"]).loc[deals["status"] != "open"].all()
    last = company.tables["stage_history"].sort_values("changed_date", kind="stable").groupby("object_id")["new"].last()
    closed = deals.loc[deals["status"] != "open"].set_index("opportunity_id")["status"]
    assert (last.reindex(closed.index) == closed).all()


def test_lines_add_up_to_their_orders(company):
    orders, lines = company.tables["orders"], company.tables["order_lines"]
    for column in ("amount", "cost"):
        sums = lines.groupby("order_id")[column].sum().reindex(orders["order_id"]).to_numpy()
        np.testing.assert_allclose(sums, orders[column], atol=0.005)


def test_money_of_orders_hangs_together(company):
    orders = company.tables["orders"]
    assert (orders["amount"] < 0).equals(orders["status"] == "return")
    np.testing.assert_allclose(
        orders["list_amount"] * (1 - orders["discount_rate"]), orders["amount"], rtol=1e-3, atol=5
    )


def test_pieces_are_sold_at_the_list_price_less_a_discount_that_seldom_changes(company):
    orders, lines = company.tables["orders"], company.tables["order_lines"]
    own = orders.set_index("order_id").loc[lines["order_id"]].reset_index()
    paid = lines["unit_price"] / (lines["list_price"] * (1 - own["discount_rate"]))
    assert paid[own["status"].eq("valid")].sub(1).abs().median() < 0.01
    repeats = orders[orders["opportunity_id"].isna() & orders["status"].eq("valid")]
    usual = repeats.groupby("account_id")["discount_rate"].transform("median")
    assert (repeats["discount_rate"].sub(usual).abs() < 1e-6).mean() == pytest.approx(0.9, abs=0.02)


def test_the_present_owner_is_the_last_of_the_history(company):
    history = company.tables["owner_history"].sort_values("changed_date").groupby("object_id")["new"].last()
    now = company.tables["accounts"].set_index("account_id")["owner_id"].reindex(history.index).dropna()
    assert (now == history.reindex(now.index)).all()


def test_names_are_all_different_and_hard_to_print():
    names = simulate(2_000).tables["accounts"]["account_name"]
    assert names.is_unique
    for sign in ("&", '"', "<", "☕", "喆", "堃"):
        assert names.str.contains(sign, regex=False).any(), sign


# --- the truth


def test_tiers_follow_potential():
    worth = np.arange(100.0)
    tier = true_tier(worth, P)
    assert np.bincount(tier).tolist() == [5, 15, 30, 50]
    assert tier[99] == 0 and tier[0] == 3


def test_orders_fall_within_the_life_of_the_customer(company):
    truth = company.truth.accounts.set_index("account_id")
    orders = company.tables["orders"][lambda o: (o["status"] == "valid") & o["opportunity_id"].isna()]
    lives = truth.reindex(orders["account_id"])
    slack = pd.Timedelta(days=3)
    assert (orders["order_date"].to_numpy() <= lives["dropout_date"].fillna(pd.Timestamp("2026-01-01")) + slack).all()
    assert (orders["order_date"].to_numpy() >= lives["start_date"] - slack).all()
    never = truth.index[truth["start_date"].isna()]
    assert not company.tables["orders"]["account_id"].isin(never).any()
    assert len(never) and (truth.loc[truth["dropout_date"].notna(), "value_5y"] == 0).all()


def test_recovery_of_the_rate_and_the_sizes_of_orders(large):
    """Over all accounts, orders are as many and as large as the process says."""
    orders = draw_orders(large)
    repeats = orders[orders["deal"] < 0]
    last = large.quarters.count
    start, dropout = large.traits["start"].to_numpy()[:, None], large.loyalty.dropout[:, None]
    quarter = np.arange(last)
    there = np.clip(np.minimum(quarter + 1, dropout) - np.maximum(quarter, start), 0, 1)
    expected = (large.relationship.rate / 4 * there).sum()
    assert len(repeats) == pytest.approx(expected, rel=0.03)
    scaled = (np.log(repeats["amount"]) - large.traits["log_spend"].to_numpy()[repeats["account"]]) / large.traits[
        "sigma"
    ].to_numpy()[repeats["account"]]
    assert scaled.mean() == pytest.approx(0, abs=0.02) and scaled.std() == pytest.approx(1, abs=0.02)


def test_recovery_of_regularity(large):
    """The more regular, the less the gaps scatter: their coefficient of variation falls with the root of k."""
    orders = draw_orders(large)[lambda o: o["deal"] < 0]
    gaps = orders.groupby("account")["time"].diff().to_numpy() * np.repeat(1.0, len(orders))
    rate = large.relationship.rate[orders["account"], orders["time"].astype(int)] / 4
    k = large.traits["regularity"].to_numpy()[orders["account"]]
    busy = rate > 2.5  # gaps within a quarter, so that the rate hardly changes inside one
    spread = {shape: (gaps * rate)[busy & (k == shape)] for shape in (1, 4, 12)}
    cv = {shape: np.nanstd(values) / np.nanmean(values) for shape, values in spread.items()}
    assert cv[1] == pytest.approx(1.0, abs=0.1)
    assert cv[4] == pytest.approx(0.5, abs=0.1)
    assert cv[12] == pytest.approx(12**-0.5, abs=0.1)


def _panel(world: World) -> pd.DataFrame:
    """Repeat orders by account and quarter where the customer was there, with the state that should drive them."""
    orders = draw_orders(world)[lambda o: o["deal"] < 0]
    shape = world.relationship.rate.shape
    counts = np.zeros(shape)
    np.add.at(counts, (orders["account"], orders["time"].astype(int)), 1)
    account, quarter = np.nonzero(world.present & (np.arange(shape[1]) > 0))
    return pd.DataFrame(
        {
            "account": account,
            "quarter": quarter,
            "orders": counts[account, quarter],
            "before": world.relationship.log_breadth[account, quarter - 1],
            "after": world.relationship.log_breadth[account, np.minimum(quarter + 1, shape[1] - 1)],
            "handover": world.team.handover[account, quarter],
            "held": world.traits["person_held"].to_numpy()[account],
        }
    )


def _elasticities(panel: pd.DataFrame) -> np.ndarray:
    """Poisson regression of orders on log breadth and on the log of what a hand-over leaves of the rate.

    Every account and every quarter has its own level, fitted in turn with a Newton step for the two slopes.
    """
    buys = panel.groupby("account")["orders"].transform("sum") > 0
    panel = panel[buys]
    account, quarter = panel["account"].to_numpy(), panel["quarter"].to_numpy()
    orders = panel["orders"].to_numpy()
    drivers = np.column_stack([panel["before"], np.log1p(-P.rotation_effect * panel["held"] * panel["handover"])])
    slopes, level = np.zeros(2), np.ones(len(panel))
    for _ in range(60):
        for group in (account, quarter):
            fitted = np.bincount(group, weights=level * np.exp(drivers @ slopes))
            level *= (np.bincount(group, weights=orders) / np.maximum(fitted, 1e-12))[group]
        mean = level * np.exp(drivers @ slopes)
        own = np.bincount(account, weights=mean)
        centre = [np.bincount(account, weights=mean * x) / np.maximum(own, 1e-12) for x in drivers.T]
        within = drivers - np.column_stack(centre)[account]
        slopes = slopes + np.linalg.solve((within * mean[:, None]).T @ within, within.T @ (orders - mean))
    return slopes


def test_recovery_of_the_effects_of_breadth_and_owner_changes(large):
    """Within accounts, the elasticity to breadth and the whole of the planted drop come back."""
    breadth, drop = _elasticities(_panel(large))
    assert breadth == pytest.approx(P.effect_of_breadth, abs=0.03)
    assert drop == pytest.approx(1.0, abs=0.12)


@pytest.mark.parametrize(("effect", "place"), [("effect_of_breadth", 0), ("rotation_effect", 1)])
def test_an_effect_that_is_not_planted_is_not_found(effect, place):
    without = dataclasses.replace(P, **{effect: 0.0})
    world = draw_world(4_000, Quarters(dt.date(2025, 12, 31), 26), without, 7)
    assert _elasticities(_panel(world))[place] == pytest.approx(0.0, abs=(0.05, 0.3)[place])


def test_a_bare_comparison_of_accounts_overstates_breadth(large):
    """Big customers have both more contacts and more orders: the planted trap for naive regressions."""
    panel = _panel(large).groupby("account")[["orders", "before"]].mean()
    panel = panel[panel["orders"] > 0]
    slope = np.polyfit(panel["before"], np.log(panel["orders"]), 1)[0]
    assert slope > P.effect_of_breadth + 0.3


def test_recovery_of_the_first_drop_after_an_owner_change(large):
    """In the quarter of a change an account orders less than in the year before, by the person-held share."""
    panel = _panel(large)
    account, quarter = np.nonzero(large.team.changed[:, 4:-6])
    quarter = quarter + 4
    held = large.traits["person_held"].to_numpy()[account]
    counts = panel.set_index(["account", "quarter"])["orders"]

    def orders_in(shift):
        return counts.reindex(pd.MultiIndex.from_arrays([account, quarter + shift])).to_numpy()

    before = np.mean([orders_in(shift) for shift in (-4, -3, -2, -1)], axis=0)
    there = np.isfinite(before) & np.isfinite(orders_in(5))
    for low, high in [(0.0, 0.25), (0.25, 0.6), (0.8, 1.0)]:
        group = there & (held >= low) & (held < high)
        drop = 1 - np.mean(orders_in(0)[group]) / np.mean(before[group])
        assert drop == pytest.approx(P.rotation_effect * held[group].mean(), abs=0.13), (low, high)


def test_the_single_threaded_have_one_contact_and_one_seller(company):
    truth = company.truth.accounts
    acts = company.tables["activities"].merge(truth, on="account_id", validate="many_to_one")
    by_account = acts.groupby(["single_threaded", "account_id"]).agg(
        people=("contact_id", "nunique"), top=("owner_id", lambda ids: ids.value_counts(normalize=True).sum())
    )
    assert by_account.loc[True, "people"].median() < by_account.loc[False, "people"].median()
    assert truth.loc[truth["single_threaded"], "person_held"].min() >= 0.85


def test_held_by_a_person_shows_in_who_speaks_with_whom(company):
    """The share of people whom only one of ours ever met follows the person-held share."""
    acts = company.tables["activities"].dropna(subset=["contact_id"])
    often = acts.groupby(["account_id", "contact_id"]).filter(lambda rows: len(rows) >= 6)
    changed = company.truth.relationship.groupby("account_id")["changed"].any()
    held = company.truth.accounts.set_index("account_id")["person_held"]
    alone = often.groupby(["account_id", "contact_id"])["owner_id"].nunique().eq(1).groupby("account_id").mean()
    steady = alone[~alone.index.map(changed).to_numpy(dtype=bool)]
    assert np.corrcoef(steady, held.reindex(steady.index))[0, 1] > 0.5


def test_deals_feed_and_draw(large):
    """Breadth rises after soybean deals and falls after sorghum deals by what they carry."""
    won = large.deals[large.deals["won"] & (large.deals["close"] > 2) & (large.deals["close"] < 44)]
    quarter, account = won["close"].to_numpy().astype(int), won["account"].to_numpy()
    level = large.traits["breadth_level"].to_numpy()[account]
    path = large.relationship.log_breadth
    step = path[account, quarter] - level - P.breadth_memory * (path[account, quarter - 1] - level)
    for kind, sign in [(0, 0), (1, 1), (2, -1)]:
        here = (won["kind"] == kind).to_numpy()
        assert step[here].mean() == pytest.approx(sign * P.feed, abs=0.05)
    means = won.groupby("kind")[["people", "width", "excess", "agreement", "damage"]].mean()
    assert means.loc[1, "people"] > means.loc[0, "people"] > means.loc[2, "people"] == 1
    assert means.loc[1, "excess"] < means.loc[0, "excess"] < means.loc[2, "excess"]


def test_recovery_of_the_effect_of_satisfaction_on_staying(large):
    """The content stay longer."""
    start, end = large.traits["start"].to_numpy(), large.loyalty.dropout
    account, quarter = np.nonzero((np.arange(45) + 1 > start[:, None]) & (np.arange(45) + 1 < end[:, None]))
    mood = large.loyalty.satisfaction[account, quarter]
    leaves = end[account] < quarter + 2
    rates = [leaves[(mood > low) & (mood <= high)].mean() for low, high in [(-9, -1), (-1, 1), (1, 9)]]
    assert rates[0] > 1.5 * rates[1] > 1.5 * 1.3 * rates[2]


def test_the_expected_value_is_what_comes_in(large):
    """From an earlier quarter on, the promised value of all accounts is what they bring on average, in every decile."""
    at = 26
    promised = expected_value(large.traits, state_at(large, at), large.quarters, P, 1)
    orders = draw_orders(large)[lambda o: o["time"] >= at]
    kept = 1 - P.return_rate * P.return_share
    worth = (orders["amount"] - orders["cost"]) * kept * (1 + P.discount_rate) ** (-(orders["time"] - at) / 4)
    came = worth.groupby(orders["account"]).sum().reindex(range(len(promised)), fill_value=0).to_numpy()
    known = (large.traits["created"] < at).to_numpy()
    assert came[known & (promised == 0)].sum() == 0
    buys = known & (promised > 0)
    assert came[buys].sum() / promised[buys].sum() == pytest.approx(1, abs=0.15)
    decile = pd.qcut(promised[buys], 10, labels=False)
    ratio = pd.Series(came[buys]).groupby(decile).mean() / pd.Series(promised[buys]).groupby(decile).mean()
    assert ratio.median() == pytest.approx(1, abs=0.08)


def test_all_constants_are_told(company):
    told = company.truth.parameters
    assert told["effect_of_breadth"] == P.effect_of_breadth and told["rotation_effect"] == P.rotation_effect
    assert 0 < told["owner_change_rate"] < 0.2


def test_the_content_recommend_us_to_others(company, large):
    """New deals name who recommended them, never the buyer itself; the content are named more, as the truth says."""
    deals = company.tables["opportunities"]
    named = deals[deals["referrer_id"].notna()]
    assert (named["opportunity_type"] == "new").all() and (named["referrer_id"] != named["account_id"]).all()
    assert set(named["lead_source"].dropna()) == {"Referral"}
    expected, referrer = large.referrals.expected, large.referrals.referrer
    assert expected.sum() == pytest.approx((referrer >= 0).sum(), rel=0.03)
    mood = large.loyalty.satisfaction[large.present]
    content, cool = (expected[large.present][side].mean() for side in (mood > 1, mood < -1))
    assert np.log(content / cool) == pytest.approx(2 * 1.52 * P.effect_of_content, rel=0.15)
