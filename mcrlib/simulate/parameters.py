"""Every constant of the simulated company, with its meaning; the recovery tests compare estimates with these."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Parameters:
    """The constants of the generating process (money in CNY, rates a year unless said)."""

    # Customers. Size is a standard normal latent that makes big customers big in every way at once.
    legacy_share: float = 0.40  # customers already when the window opens
    saline_share: float = 0.10  # high potential, hard to enter
    growth_share: float = 0.30
    member_share: float = 0.15  # accounts below another account of their group
    single_share: float = 0.08  # planted single-threaded accounts
    rate_median: float = 3.0
    rate_on_size: float = 0.35
    rate_spread: float = 0.55
    spend_median: float = 20_000.0
    spend_on_size: float = 0.80
    spend_spread: float = 0.50
    saline_spend: float = 3.0  # saline accounts spend this much more an order, once they buy
    margin_mean: float = 0.32
    margin_spread: float = 0.06
    dropout_median: float = 0.10
    dropout_on_size: float = -0.30
    dropout_spread: float = 0.50
    trend_growth: float = 0.04  # log growth of the rate a year
    trend_mature: float = -0.02
    start_quarters: float = 0.7  # mean wait for the first order
    start_quarters_saline: float = 24.0

    # Relationship. Breadth is the expected number of their people in touch with us in a quarter.
    breadth_reference: float = 2.0
    breadth_on_size: float = 0.30
    breadth_spread: float = 0.25
    breadth_memory: float = 0.85  # autoregression of log breadth from quarter to quarter
    breadth_noise: float = 0.25
    effect_of_breadth: float = 0.40  # elasticity of the next quarter's rate to breadth
    rotation_effect: float = 0.60  # first drop of the rate after an owner change where the owner holds all of it
    rotation_half_life: float = 3.0  # quarters until half of the drop is made good
    leave_rate: float = 0.03  # a seller leaves, each quarter
    rotate_rate: float = 0.03  # a seller is rotated, each quarter
    move_rate: float = 0.01  # a single account is handed over, each quarter
    satisfaction_memory: float = 0.80
    effect_of_satisfaction: float = 0.60  # log drop of the dropout rate for one standard deviation of satisfaction
    shock: float = 0.06  # common shock of a quarter, log standard deviation

    # Deals.
    deals_per_order: float = 0.30  # deals worked on, for each repeat order at the base rate
    win_rate: float = 0.40  # at the reference breadth, without a hand-over
    deal_multiple: float = 3.0  # size of a deal against a repeat order
    soybean_share: float = 0.25
    sorghum_share: float = 0.25
    feed: float = 0.25  # log breadth that a soybean deal adds and a sorghum deal takes, mean
    excess_discount: tuple[float, float, float] = (0.02, -0.02, 0.12)  # neutral, soybean, sorghum
    margin_on_discount: float = 0.60  # margin lost for each point of excess discount

    # Orders.
    usual_price: float = 1.645  # nine of ten repeat orders keep the account's own discount: draws below this
    return_rate: float = 0.02
    return_share: float = 0.40  # mean part of the order that comes back
    void_rate: float = 0.015

    # Service: counts a year at mean satisfaction.
    case_rate: float = 0.8
    case_on_satisfaction: float = 0.5
    survey_rate: float = 0.8
    recommended_share: float = 0.50  # new deals that come by recommendation
    effect_of_content: float = 0.80  # log rise of recommendations for one standard deviation of satisfaction
    activity_quarters: int = 16  # activities before were not logged
    more_touches: float = 0.25  # touches of a person in a quarter beyond the first
    team_touches: float = 0.70  # touches by the team of a person who does not speak with the owner alone

    # Truth.
    horizon_years: float = 5.0
    discount_rate: float = 0.10
    tier_shares: tuple[float, float, float] = (0.05, 0.15, 0.30)  # S, A, B of potential; the rest is C

    @property
    def rotation_memory(self) -> float:
        """Part of the drop that is left after one more quarter."""
        return float(0.5 ** (1 / self.rotation_half_life))

    @property
    def mean_excess_discount(self) -> float:
        """Excess discount over all kinds of deals."""
        kinds = (1 - self.soybean_share - self.sorghum_share, self.soybean_share, self.sorghum_share)
        return sum(share * excess for share, excess in zip(kinds, self.excess_discount, strict=True))


def stream(seed: int, noun: str) -> np.random.Generator:
    """The random numbers of one noun: a change in how orders are drawn leaves the accounts as they were."""
    return np.random.default_rng([seed, zlib.crc32(noun.encode())])
