"""Big customer or big company: what accounts bring us beside their own size, whether it lasts, what it could be."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import gammaln

from mcrlib.model.proportions import share_bounds
from mcrlib.settings import Thresholds

#: What an account of its size buys where it buys much: this quantile of revenue per size among its peers. Card I2.
_MUCH = 0.9
#: The seed's diamonds bring a hundred million, its gold ten. Card T5.
_DIAMOND_TIMES = 10
#: Repurchase: this many order days within 24 months, which have eight quarters. Card T6.
_REPEATS, _DAYS, _QUARTERS = 2, 730, 8
#: Days of orders below which nothing is said of coming again: half of what it looks over.
_ENOUGH = 365
#: Shapes of the law of gaps that are tried, from bursts (1/4) over chance (1) to clockwork (16).
_SHAPES = 2.0 ** np.arange(-2, 4.01, 0.25)
_ROUNDS = 100
CORNERS = ("big_valuable", "small_valuable", "big_only", "small", "unknown")
CLASSES = ("diamond", "gold", "strategic", "ordinary")
COLUMNS = [
    "account_id", "account_name", "is_key_account", "size", "harvest", "corner", "n_orders", "repeats", "gap_spread",
    "continuity", "lasting_harvest", "growth_case", "size_action", "revenue_12m", "potential", "company_class",
    "days_on_record",
]  # fmt: skip
BY_CORNER = [
    "corner", "n_accounts", "n_customers", "repeat_share", "repeat_low", "repeat_high", "gap_spread", "continuity",
    "harvest", "lasting_harvest",
]  # fmt: skip


def size_and_value(accounts: pd.DataFrame, again: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Put what each customer brings beside how big it is itself, and say whether it lasts and what follows.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, account_name, industry, annual_revenue, employees, harvest, revenue_12m, revenue_previous_12m,
        n_orders, n_open_deals, market_type, frequency, recency, log_gaps, T``.
    again : DataFrame
        As from ``repurchases``.
    thresholds : Thresholds
        ``top_accounts_share``: who counts as big, and as valuable; ``continuity, regular_gaps, flat_growth,
        diamond_share, gold_share, small_number``.

    Returns
    -------
    DataFrame
        ``account_id, account_name, is_key_account, size`` (the customer's own yearly revenue, where nobody's is known
        its head count), ``harvest, corner`` (``big_valuable, big_only, small_valuable, small``; empty where the size is
        not known), ``n_orders, repeats`` (at least two order days within 24 months), ``gap_spread`` (as from
        ``gap_spreads``), ``continuity`` (share of the last eight quarters with an order; of fewer where the export is
        shorter, or the rhythm of who orders regularly has no room for more), ``lasting_harvest`` (harvest × continuity,
        money; these four empty where the orders go back less than a year), ``growth_case`` of a big one that brings
        little: ``open_deal, growing`` or ``saline``, empty where nothing speaks for it; ``size_action``: ``strip`` of
        key status (big, brings little, no case), ``grow`` (it has one), ``name_key`` (brings much, goes on, is not
        marked as key), ``secure`` (brings much, less continuity than the threshold), ``keep``; ``revenue_12m,
        potential`` (revenue a year of an account of its size that buys much, among its industry where enough are known;
        never less than it buys), ``company_class``: ``gold`` brings ``gold_share`` of our revenue and more than our
        other buyers do on average, ``diamond`` its share and ten times that average, ``strategic`` little yet, with the
        potential of gold and a chance to get there that somebody sees (an open deal, or saline land); else
        ``ordinary``; ``days_on_record`` since the first order of anybody. Cards T5 and T6.
    """
    size = accounts["annual_revenue" if accounts["annual_revenue"].notna().any() else "employees"].astype(float)
    size = size.where(size > 0)
    top = 1 - thresholds.top_accounts_share
    big = size.rank(pct=True) > top
    valuable = (accounts["harvest"].rank(pct=True) > top) & (accounts["harvest"] > 0)
    corner = np.select([big & valuable, big, valuable], ["big_valuable", "big_only", "small_valuable"], "small")
    potential = _potential(accounts, size, thresholds.small_number)
    found = accounts.merge(again, on="account_id", validate="one_to_one").set_index(accounts.index)
    oldest = accounts["T"].max() if accounts["T"].notna().any() else 0.0
    is_told = pd.Series(oldest + 1 >= _ENOUGH, index=accounts.index)
    spread = gap_spreads(accounts)
    wanted = _quarters_wanted(accounts, spread, thresholds.regular_gaps)
    continuity = (found["quarters_24m"] / wanted).clip(upper=1.0).where(is_told)
    found = found.assign(
        size=size,
        corner=pd.Series(corner, index=accounts.index).where(size.notna()),
        repeats=(found["order_days_24m"] >= _REPEATS).astype("boolean").where(is_told),
        gap_spread=spread.where(is_told),
        continuity=continuity,
        lasting_harvest=accounts["harvest"] * continuity + 0.0,
        growth_case=_growth_case(accounts, thresholds.flat_growth),
        potential=potential,
        company_class=_classes(accounts, potential, thresholds),
        days_on_record=int(oldest),
    )
    found["growth_case"] = found["growth_case"].where(found["corner"] == "big_only")
    return found.assign(size_action=_actions(found, thresholds.continuity))[COLUMNS]


def gap_spreads(accounts: pd.DataFrame) -> pd.Series:
    """Tell how regularly each customer orders: the spread of the days between its orders, as a part of their mean.

    0 is a clock, 1 is chance, more comes in bursts. The plain coefficient of variation of few gaps is too low and hangs
    on the longest one; here gaps follow a gamma law around the account's own mean (the k of the CNBD: Chatfield and
    Goodhardt 1973), each account's shape is judged by its share of every gap, and the shapes of all accounts, learned
    from all of them, stand behind it: few gaps say little, so the account is drawn to what is usual.

    Parameters
    ----------
    accounts : DataFrame
        ``frequency`` (gaps), ``recency`` (their sum), ``log_gaps`` (the sum of their logarithms).

    Returns
    -------
    Series
        One over the square root of the shape, its mean given the account's gaps; NaN with fewer than two. Card T6.
    """
    some = accounts[accounts["frequency"] >= 2]
    n, total, logs = (some[name].to_numpy(float)[:, None] for name in ("frequency", "recency", "log_gaps"))
    told = gammaln(n * _SHAPES) - n * gammaln(_SHAPES) + _SHAPES * (logs - n * np.log(total))
    told = np.exp(told - told.max(axis=1, keepdims=True)) if len(some) else told
    usual = np.full(len(_SHAPES), 1 / len(_SHAPES))
    likely = told * usual
    for _ in range(_ROUNDS if len(some) else 0):
        likely = told * usual
        likely /= likely.sum(axis=1, keepdims=True)
        usual = likely.mean(axis=0)
    return pd.Series(likely @ (1 / np.sqrt(_SHAPES)), index=some.index).reindex(accounts.index)


def by_corner(sized: pd.DataFrame) -> pd.DataFrame:
    """Lay the four kinds of customers side by side: do they come again, how regularly, and what does that bring.

    Parameters
    ----------
    sized : DataFrame
        As from ``size_and_value``.

    Returns
    -------
    DataFrame
        A row per kind that there is (``unknown``: size not known): ``corner, n_accounts, n_customers`` (ever ordered),
        ``repeat_share`` (of the customers, who ordered on two days or more within 24 months) with its 80 % interval
        ``repeat_low, repeat_high`` (Jeffreys), ``gap_spread`` (middle customer), ``continuity`` (mean of the
        customers), ``harvest, lasting_harvest`` (sums). NaN where nobody ordered, or not for a year. Card T6.
    """
    kinds = sized.assign(corner=sized["corner"].fillna("unknown"), customer=sized["n_orders"] > 0)
    bought = kinds[kinds["customer"]].groupby("corner")
    found = kinds.groupby("corner").agg(
        n_accounts=("account_id", "size"), n_customers=("customer", "sum"), harvest=("harvest", "sum"),
    )  # fmt: skip
    found["lasting_harvest"] = kinds.groupby("corner")["lasting_harvest"].sum(min_count=1)
    found["repeat_share"], found["gap_spread"] = bought["repeats"].mean().astype(float), bought["gap_spread"].median()
    found["continuity"] = bought["continuity"].mean()
    found["repeat_low"], found["repeat_high"] = share_bounds(found["repeat_share"], found["n_customers"])
    ordered = found.reindex([one for one in CORNERS if one in found.index]).rename_axis("corner").reset_index()
    return ordered[BY_CORNER]


def key_decisions(sized: pd.DataFrame) -> pd.DataFrame:
    """List the customers whose key status is to be decided: strip it, make the case for growth, name it, or secure it.

    Returns
    -------
    DataFrame
        Those of ``size_and_value`` with another action than ``keep``: first whom to strip and whom to grow, the biggest
        first, then whom to name and to secure, those that bring most first. Card T6.
    """
    place = sized["size_action"].map({"strip": 0, "grow": 1, "name_key": 2, "secure": 3})
    weight = sized["size"].where(place < 2, sized["harvest"])
    listed = sized.assign(place=place, weight=weight).dropna(subset="place")
    listed = listed.sort_values(["place", "weight", "account_id"], ascending=[True, False, True], ignore_index=True)
    return listed.drop(columns=["place", "weight"])


def company_classes(sized: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """Cross the classes diamond, gold, strategic and ordinary with the tiers.

    Returns
    -------
    DataFrame
        Four rows: ``company_class, n_accounts, S, A, B, C`` (accounts), ``revenue_12m, potential`` (sums; the potential
        of accounts whose size is known).
    """
    both = sized.merge(tiers[["account_id", "tier"]], on="account_id", validate="one_to_one")
    counts = pd.crosstab(both["company_class"], both["tier"]).reindex(index=CLASSES, columns=list("SABC"), fill_value=0)
    sums = both.groupby("company_class")[["revenue_12m", "potential"]].sum(min_count=1).reindex(CLASSES)
    found = counts.assign(n_accounts=counts.sum(axis=1)).join(sums).rename_axis("company_class").reset_index()
    return found[["company_class", "n_accounts", *"SABC", "revenue_12m", "potential"]]


def _potential(accounts: pd.DataFrame, size: pd.Series, enough: int) -> pd.Series:
    """Revenue a year of an account of its size that buys much; empty where the size is not known."""
    bought = accounts["revenue_12m"].astype(float)
    ratio = (bought / size).where(bought > 0)
    if not ratio.notna().any():
        return pd.Series(np.nan, index=accounts.index)
    peers = ratio.groupby(accounts["industry"])
    much = peers.transform("quantile", _MUCH).where(peers.transform("count") >= enough).fillna(ratio.quantile(_MUCH))
    return (much * size).clip(lower=bought).where(size.notna())


def _classes(accounts: pd.DataFrame, potential: pd.Series, thresholds: Thresholds) -> np.ndarray:
    revenue = accounts["revenue_12m"].fillna(0.0).clip(lower=0.0)
    ours, buyers = revenue.sum(), revenue > 0
    # A thousandth of the revenue is much where thousands buy; where few do, nearly all bring it.
    others = (ours - revenue) / (buyers.sum() - buyers).clip(lower=1)
    gold = np.maximum(thresholds.gold_share * ours, others)
    diamond = np.maximum(thresholds.diamond_share * ours, _DIAMOND_TIMES * others)
    has_chance = accounts["n_open_deals"].gt(0) | accounts["market_type"].eq("saline")
    choices = [
        buyers & (revenue >= diamond),
        buyers & (revenue > others) & (revenue >= gold),
        has_chance & (potential > others) & (potential >= gold),
    ]
    return np.select(choices, ["diamond", "gold", "strategic"], "ordinary")


def _quarters_wanted(accounts: pd.DataFrame, spread: pd.Series, regular: float) -> pd.Series:
    """In how many quarters of the last 24 months an account orders that goes on.

    All that the export can tell of, back to the first order of anybody; of who orders in a rhythm, as many as that has
    room for. One gap tells no rhythm: such an account is held to that of the middle customer.
    """
    days = np.clip(accounts["T"].max() + 1, _DAYS / _QUARTERS, _DAYS)
    keeps_rhythm = spread.fillna(spread.median()) <= regular
    gap = (accounts["recency"] / accounts["frequency"]).where(keeps_rhythm & (accounts["frequency"] > 0))
    whole = days * _QUARTERS / _DAYS
    return (days / gap).clip(1.0, whole).fillna(whole)


def _growth_case(accounts: pd.DataFrame, flat: float) -> pd.Series:
    """What speaks for growth: a deal in work, orders that rise, or saline land, where patience decides."""
    before = accounts["revenue_previous_12m"]
    rises = (before > 0) & (accounts["revenue_12m"] > before * (1 + flat))
    speaks = [accounts["n_open_deals"].gt(0), rises, accounts["market_type"] == "saline"]
    case = np.select(speaks, ["open_deal", "growing", "saline"], "none")
    return pd.Series(case, index=accounts.index, dtype="str").where(case != "none")


def _actions(found: pd.DataFrame, least: float) -> np.ndarray:
    """What to do about key status; where nobody says who has it, a big company may."""
    marked = found["is_key_account"].astype("boolean")
    is_key, is_not = marked.eq(True).fillna(False), marked.eq(False).fillna(False)
    big, much = found["corner"] == "big_only", found["corner"].isin(["big_valuable", "small_valuable"])
    goes_on, ends = found["continuity"] >= least, found["continuity"] < least
    choices = [
        big & found["growth_case"].notna(),
        big & (is_key | ~is_not),
        much & ends,
        much & goes_on & is_not,
    ]
    return np.select(choices, ["grow", "strip", "secure", "name_key"], "keep")
