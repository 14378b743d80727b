"""The customers: what drives each of them, when it came, and what the CRM's account table shows of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.names import ENGLISH, TRADITIONAL, name_companies
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters, make_ids, to_dates

REGIONS = ("North", "East", "South", "West", "Overseas")
MARKETS = ("mature", "growth", "saline")
MATURE, GROWTH, SALINE = 0, 1, 2
REGULARITY = np.array([1, 2, 3, 4, 6, 12])
_REGULARITY_SHARES = (0.35, 0.25, 0.15, 0.10, 0.08, 0.07)
_CITIES = {
    "North": "北京 天津 大连 沈阳".split(),
    "East": "上海 南京 苏州 杭州".split(),
    "South": "广州 深圳 厦门 长沙".split(),
    "West": "成都 重庆 西安 武汉".split(),
    "Overseas": "Rotterdam Hamburg Leeds Toronto".split(),
}
_COUNTRIES = dict(zip(_CITIES["Overseas"], ("Netherlands", "Germany", "United Kingdom", "Canada"), strict=True))
_INDUSTRIES = {
    "Machinery": ("Machine tools", "Pumps"),
    "Electronics": ("Components", "Displays"),
    "Logistics": ("Warehousing", "Freight"),
    "Food": ("Beverages", "Packaged food"),
    "Healthcare": ("Hospitals", "Devices"),
    "Energy": ("Grid", "Storage"),
    "Telecom": ("Carriers", "Data centres"),
    "Public sector": ("Cities", "Education"),
}


def draw_traits(count: int, quarters: Quarters, parameters: Parameters, seed: int) -> pd.DataFrame:
    """Draw what drives each account, one row per account.

    Returns
    -------
    DataFrame
        size (latent), market, region (codes), base_rate (repeat orders a year at the reference breadth), regularity,
        log_spend, sigma, margin, discount, dropout_rate, breadth_level (mean of log breadth), breadth_noise,
        person_held, single_threaded, deal_rate (deals worked on a year), created and start (time of the first order,
        in quarters; later than the window where it never came), start_rate (hazard of the first order a quarter).
    """
    p, rng = parameters, stream(seed, "traits")
    size = rng.standard_normal(count)
    draw = rng.random(count)
    market = np.select([draw < p.saline_share, draw < p.saline_share + p.growth_share], [SALINE, GROWTH], MATURE)
    single = rng.random(count) < p.single_share
    level = np.log(p.breadth_reference) + p.breadth_on_size * size + p.breadth_spread * rng.standard_normal(count)
    held = rng.beta(2.0, 3.5, count)
    base_rate = p.rate_median * np.exp(p.rate_on_size * size + p.rate_spread * rng.standard_normal(count))
    log_spend = np.log(p.spend_median) + p.spend_on_size * size + p.spend_spread * rng.standard_normal(count)
    dropout = p.dropout_median * np.exp(p.dropout_on_size * size + p.dropout_spread * rng.standard_normal(count))
    traits = pd.DataFrame(
        {
            "size": size,
            "market": market,
            "region": rng.choice(len(REGIONS), size=count, p=[0.22, 0.28, 0.22, 0.16, 0.12]),
            "base_rate": base_rate,
            "regularity": rng.choice(REGULARITY, size=count, p=_REGULARITY_SHARES),
            "log_spend": log_spend + np.where(market == SALINE, np.log(p.saline_spend), 0.0),
            "sigma": np.clip(0.25 + rng.gamma(2.5, 0.18, count), 0.25, 1.6),
            "margin": np.clip(p.margin_mean + p.margin_spread * rng.standard_normal(count) - 0.02 * size, 0.08, 0.6),
            "discount": np.clip(0.08 + 0.02 * size + 0.04 * rng.standard_normal(count), 0.0, 0.35),
            "dropout_rate": np.clip(dropout, 0.005, 1.0),
            "breadth_level": np.where(single, np.log(1.1), level),
            "breadth_noise": np.where(single, 0.2 * p.breadth_noise, p.breadth_noise),
            "person_held": np.where(single, rng.uniform(0.85, 1.0, count), held),
            "single_threaded": single,
            "deal_rate": p.deals_per_order * base_rate,
        }
    )
    return traits.assign(**_draw_times(market, quarters, p, rng))


def _draw_times(market: np.ndarray, quarters: Quarters, p: Parameters, rng: np.random.Generator) -> dict:
    count, saline = len(market), market == SALINE
    legacy = rng.random(count) < p.legacy_share
    created = np.where(legacy, -rng.uniform(0.5, 24, count), rng.uniform(0, quarters.count - 0.2, count))
    rate = 1 / np.where(saline, p.start_quarters_saline, p.start_quarters)
    wait = rng.exponential(1 / rate)
    # A legacy customer has bought before the window opens; a legacy saline account is one that we still work on.
    start = np.where(legacy & saline, wait, created + wait)
    start = np.where(legacy & ~saline, np.minimum(start, 0.2 * created), start)
    return {"created": created, "start": start, "start_rate": rate}


def account_table(
    traits: pd.DataFrame, tier: np.ndarray, owner_id: pd.Series, quarters: Quarters, seed: int
) -> pd.DataFrame:
    """The account table of the CRM: facts with gaps, and a tier that people set and got wrong now and then."""
    rng = stream(seed, "accounts")
    count = len(traits)
    names, language = name_companies(count, rng)
    region = np.where(language == ENGLISH, traits["region"], np.minimum(traits["region"], 3))
    region_name = np.array(REGIONS, dtype=object)[region]
    city = np.array(list(_CITIES.values()), dtype=object)[region, rng.integers(4, size=count)]
    industry = rng.integers(len(_INDUSTRIES), size=count)
    segment = np.array(list(_INDUSTRIES.values()), dtype=object)[industry, rng.integers(2, size=count)]
    employees = np.exp(4.6 + 0.9 * traits["size"] + 0.6 * rng.standard_normal(count))
    revenue = employees * 900_000 * np.exp(0.4 * rng.standard_normal(count))
    ids = make_ids("A", count)
    never = (traits["start"] >= quarters.count).to_numpy()
    return pd.DataFrame(
        {
            "account_id": ids,
            "account_name": names,
            "parent_account_id": _parents(ids, rng),
            "account_type": np.where(never, "prospect", "customer"),
            "industry": np.array(list(_INDUSTRIES), dtype=object)[industry],
            "segment": segment,
            "region": region_name,
            "country": np.where(
                language == TRADITIONAL,
                "Taiwan, China",
                [_COUNTRIES.get(place, "China") for place in city],
            ),
            "city": city,
            "tier_crm": _tier_by_people(tier, rng),
            "is_key_account": tier == 0,
            "market_type": np.array(MARKETS, dtype=object)[traits["market"]],
            "annual_revenue": pd.Series(np.round(revenue, -4)).mask(rng.random(count) < 0.12),
            "employees": pd.Series(np.maximum(1, np.round(employees))).astype("Int64").mask(rng.random(count) < 0.08),
            "owner_id": owner_id,
            "in_public_pool": owner_id.isna().to_numpy(),
            "status": "active",
            "created_date": to_dates(quarters.workday(traits["created"].to_numpy())),
            "currency": "CNY",
        }
    )


def _parents(ids: pd.Series, rng: np.random.Generator) -> pd.Series:
    count = len(ids)
    member = rng.random(count) < Parameters.member_share
    heads = np.flatnonzero(~member & (rng.random(count) < 0.07))
    if not len(heads):
        return pd.Series(pd.NA, index=ids.index, dtype="str")
    return ids.iloc[heads[rng.integers(len(heads), size=count)]].set_axis(ids.index).where(member)


def _tier_by_people(tier: np.ndarray, rng: np.random.Generator) -> pd.Series:
    draw = rng.random(len(tier))
    told = np.clip(tier + np.select([draw < 0.12, draw < 0.24], [-1, 1], 0), 0, 3)
    return pd.Series(np.array(list("SABC"), dtype=object)[told], dtype="str").mask(rng.random(len(tier)) < 0.06)
