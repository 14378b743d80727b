"""What drives each customer, and when it came."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.names import CITIES, name_companies
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters

Array = np.ndarray
REGIONS = ("North", "East", "South", "West", "Overseas")
MARKETS = ("mature", "growth", "saline")
MATURE, GROWTH, SALINE = 0, 1, 2
REGULARITY = np.array([1, 2, 3, 4, 6, 12])
_REGULARITY_SHARES = (0.35, 0.25, 0.15, 0.10, 0.08, 0.07)


def draw_traits(count: int, quarters: Quarters, p: Parameters, seed: int) -> pd.DataFrame:
    """Draw what drives each account, one row per account.

    Returns
    -------
    DataFrame
        account_name, language, city, trade (see ``names``), size (latent), market, region (codes), base_rate (repeat
        orders a year at the reference breadth), regularity, log_spend, sigma, margin, discount, dropout_rate, created
        and start (time of the first order, in quarters; after the window: not yet), start_rate (its hazard a quarter),
        breadth_level (mean of log breadth), breadth_noise, person_held, single_threaded, deal_rate (deals a year).
    """
    rng = stream(seed, "traits")
    names = name_companies(count, stream(seed, "names"))
    size = rng.standard_normal(count)
    market = _markets(rng.random(count), p)
    single = rng.random(count) < p.single_share
    level = np.log(p.breadth_reference) + p.breadth_on_size * size + p.breadth_spread * rng.standard_normal(count)
    held = rng.beta(2.0, 3.5, count)
    base_rate = p.rate_median * np.exp(p.rate_on_size * size + p.rate_spread * rng.standard_normal(count))
    log_spend = np.log(p.spend_median) + p.spend_on_size * size + p.spend_spread * rng.standard_normal(count)
    dropout = p.dropout_median * np.exp(p.dropout_on_size * size + p.dropout_spread * rng.standard_normal(count))
    traits = names.assign(
        size=size,
        market=market,
        region=np.array([REGIONS.index(region) for _, _, region in CITIES])[names["city"]],
        base_rate=base_rate,
        regularity=rng.choice(REGULARITY, size=count, p=_REGULARITY_SHARES),
        log_spend=log_spend + np.where(market == SALINE, np.log(p.saline_spend), 0.0),
        sigma=np.clip(0.25 + rng.gamma(2.5, 0.18, count), 0.25, 1.6),
        margin=np.clip(p.margin_mean + p.margin_spread * rng.standard_normal(count) - 0.02 * size, 0.08, 0.6),
        discount=np.clip(0.08 + 0.02 * size + 0.04 * rng.standard_normal(count), 0.0, 0.35),
        dropout_rate=np.clip(dropout, 0.005, 1.0),
        breadth_level=np.where(single, np.log(1.1), level),
        breadth_noise=np.where(single, 0.2 * p.breadth_noise, p.breadth_noise),
        person_held=np.where(single, rng.uniform(0.85, 1.0, count), held),
        single_threaded=single,
        deal_rate=p.deals_per_order * base_rate,
    )
    return traits.assign(**_draw_times(market, quarters, p, rng))


def _markets(draw: Array, p: Parameters) -> Array:
    bounds = [draw < p.saline_share, draw < p.saline_share + p.growth_share]
    return np.select(bounds, [SALINE, GROWTH], MATURE)


def _draw_times(market: Array, quarters: Quarters, p: Parameters, rng: np.random.Generator) -> dict[str, Array]:
    count, saline = len(market), market == SALINE
    legacy = rng.random(count) < p.legacy_share
    created = np.where(legacy, -rng.uniform(0.5, 24, count), rng.uniform(0, quarters.count - 0.2, count))
    rate = 1 / np.where(saline, p.start_quarters_saline, p.start_quarters)
    wait = rng.exponential(1 / rate)
    # A legacy customer has bought before the window opens; a legacy saline account is one that we still work on.
    start = np.where(legacy & saline, wait, created + wait)
    start = np.where(legacy & ~saline, np.minimum(start, 0.2 * created), start)
    return {"created": created, "start": start, "start_rate": rate}
