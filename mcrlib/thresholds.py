"""Every number that the kit judges by, with its default, its meaning and where it comes from."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

METHOD = "from the method"
PROPOSED = "proposed, change it in client.yaml"


class Strict(BaseModel):
    """A group of settings: no other key, never changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _threshold(default: float, meaning: str, source: str, *, most: float | None = None) -> Any:
    return Field(default, ge=0, le=most, allow_inf_nan=False, description=meaning, json_schema_extra={"source": source})


def _share(default: float, meaning: str, source: str) -> Any:
    """A share or a probability: who writes 20 for 20 % is asked."""
    return _threshold(default, meaning, source, most=1)


class Thresholds(Strict):
    """Every number that the kit judges by, with its source."""

    top_accounts_share: float = _share(0.20, "share of accounts in S and A together", METHOD)
    top_ten_share: float = _share(0.50, "least share of revenue from the ten largest customers", METHOD)
    strategic_share: float = _share(0.05, "largest share of accounts in S", PROPOSED)
    firm_tier: float = _share(0.80, "probability from which a tier is firm", PROPOSED)
    stable_tiers: float = _share(
        0.75, "agreement (adjusted Rand index) of the tiers, drawn again, from which they are stable", PROPOSED
    )
    tier_moves: float = _share(0.70, "probability from which, at two runs in a row, a tier moves", PROPOSED)
    tier_jump: float = _threshold(0.25, "typical spreads past a border from which a tier moves at once", PROPOSED)
    tier_drift: float = _threshold(0.25, "population stability index from which tiers are learned anew", PROPOSED)
    diamond_share: float = _share(0.01, "least share of our revenue that a diamond brings", PROPOSED)
    gold_share: float = _share(0.001, "least share of our revenue that gold brings", PROPOSED)
    continuity: float = _share(0.50, "share of quarters with an order from which a customer goes on", PROPOSED)
    regular_gaps: float = _threshold(
        0.50, "spread of the days between orders, over their mean, up to which they keep a rhythm", PROPOSED
    )
    flat_growth: float = _threshold(0.05, "yearly growth, either way, within which a business is flat", PROPOSED)
    top_list: int = _threshold(20, "customers in the top list whose renewal is told", PROPOSED)
    top_list_years: int = _threshold(5, "years between the two top lists that are compared", PROPOSED)
    hour_worth: float = _threshold(1.0, "share of our profit per hour that an account must bring", PROPOSED)
    paid_hours: float = _threshold(1800.0, "hours a year that one of ours is paid for", PROPOSED)
    parity_gap: float = _share(0.20, "how much less small customers may get of our service", PROPOSED)
    satisfied: float = _share(0.80, "mean answer (0-1) from which a customer is content", PROPOSED)
    hurt: float = _share(0.40, "answer (0-1) up to which a customer is hurt", PROPOSED)
    sleeper_margin: float = _threshold(
        2.0, "times what its orders foretell that all else must promise before an account is said to sleep", PROPOSED
    )
    history_reach: float = _threshold(
        2.0, "times the history on record that a soil value may look ahead before it is weak", PROPOSED
    )
    lost: float = _share(0.20, "probability of still buying below which an account counts as lost", PROPOSED)
    small_number: int = _threshold(
        10, "observations below which a rate is not coloured and nothing is concluded", PROPOSED
    )
    known_top: float = _share(0.85, "share of the wanted information on S and A accounts", PROPOSED)
    known_middle: float = _share(0.60, "share of the wanted information on B accounts", PROPOSED)
    coverage: float = _share(0.60, "share of filled data below which an index is weak", PROPOSED)
    renewal_grace_days: int = _threshold(90, "days around a contract's end within which a new one renews it", PROPOSED)
    call_offs: float = _share(
        0.10, "share of a kind of contracts ordered against them above which its money is in the orders", PROPOSED
    )
    engagement_half_life: int = _threshold(90, "days after which a touch counts half as much", PROPOSED)
    patience_years: float = _threshold(5.0, "years within which a strategic entry should earn back its cost", PROPOSED)
    patience_go: float = _share(0.60, "chance to earn it back from which an entry is reinforced", PROPOSED)
    patience_stop: float = _share(0.30, "chance below which, twice running, an entry may be stopped", PROPOSED)
    patience_rate: float = _threshold(0.08, "yearly rate that discounts the curve of an entry", PROPOSED)
    patience_share: float = _share(
        0.10, "share of a year's gross profit that all strategic entries together may lose", PROPOSED
    )
    axis_built: float = _share(0.50, "value from which an axis of a relationship is built", PROPOSED)
    person_high: float = _share(0.50, "support and intimacy (0-1) from which they are high", PROPOSED)
    silent_days: int = _threshold(120, "days without a touch after which a key person must be met", PROPOSED)
    asleep_days: int = _threshold(180, "days without a touch after which a person sleeps", PROPOSED)
    cells_s: float = _share(0.70, "share of expected cells in touch that an S customer deserves", PROPOSED)
    cells_a: float = _share(0.50, "share of expected cells in touch that an A customer deserves", PROPOSED)
    people_s: float = _threshold(12.0, "effective contacts that an S customer deserves", PROPOSED)
    people_a: float = _threshold(6.0, "effective contacts that an A customer deserves", PROPOSED)
    hidden_discontent: float = _threshold(0.20, "by how much less others may like us than key persons do", PROPOSED)
    trust_years: float = _threshold(5.0, "years together after which more years add no trust", PROPOSED)
    visits_least: int = _threshold(1, "visits of executives a year that an S or A customer deserves", METHOD)
    agreement_ends_days: int = _threshold(180, "days before its end in which an agreement is to be renewed", PROPOSED)
    chain_filled: float = _share(0.60, "share of the decision in touch below which a large deal waits", PROPOSED)
    promises_kept: float = _share(0.95, "share of promises that should be kept by their day", PROPOSED)
    stand_by: float = _threshold(
        1.0, "touches in bad quarters over touches in good ones that there should be", PROPOSED
    )
    bad_year: float = _share(0.10, "part of its business whose loss makes a bad year for a customer", PROPOSED)
    few_sellers: float = _threshold(1.3, "effective people of ours below which an account is single-threaded", PROPOSED)
    few_contacts: float = _threshold(1.5, "effective contacts below which an account is single-threaded", PROPOSED)
    held_alone: float = _share(0.80, "share held by one person from which an account is single-threaded", PROPOSED)
    loss_flag: float = _share(0.05, "share of a year's profit whose loss, one in twenty, is marked", PROPOSED)
    tenure_years: float = _threshold(4.0, "years after which an account changes hands", METHOD)
    rotation_held: float = _threshold(
        0.05,
        "fall of orders after a change of hands to rule out before the organisation holds them",
        PROPOSED,
    )
    rotation_lost: float = _threshold(
        0.10, "fall of orders after a change of hands to be sure of before a person held them", PROPOSED
    )
    handover_reached: float = _share(0.70, "share of known contacts to reach within 90 days", PROPOSED)
    corners_s: int = _threshold(3, "corners of the iron triangle that an S customer deserves", PROPOSED)
    corners_a: int = _threshold(2, "corners that an A customer deserves, and who has large deals open", PROPOSED)
    large_deals: float = _threshold(0.10, "share of the accounts with open deals whose deals are large", PROPOSED)
    price_spread: float = _threshold(0.03, "difference in price for the same that is a conflict", PROPOSED)
    uncoordinated: float = _share(0.10, "largest share of contact weeks with several voices of ours", PROPOSED)
    star_share: float = _share(0.80, "what the middle seller should reach of the stars", METHOD)
    boss_time: float = _share(0.80, "share of the boss's time with customers that is a sickness", METHOD)
    contagion: float = _threshold(2.0, "times likelier departures after a departure that are too many", PROPOSED)
    asked_twice: float = _share(0.02, "largest share of people of theirs who are on record twice", PROPOSED)
    sick: float = _share(0.50, "where a light of the scorecard turns red", PROPOSED)


#: What counts where client.yaml says nothing.
DEFAULTS = Thresholds()


class ActivityWeights(Strict):
    """How much one touch of each kind ties two people; all proposed."""

    strategy_meeting: float = Field(5.0, ge=0, le=1000, description="alignment of strategies")
    exec_visit: float = Field(5.0, ge=0, le=1000, description="visit of executives")
    visit: float = Field(3.0, ge=0, le=1000, description="visit")
    meeting: float = Field(2.0, ge=0, le=1000, description="meeting")
    demo: float = Field(2.0, ge=0, le=1000, description="demonstration")
    showroom: float = Field(2.0, ge=0, le=1000, description="visit to our showroom")
    service_visit: float = Field(2.0, ge=0, le=1000, description="visit of service")
    call: float = Field(1.0, ge=0, le=1000, description="telephone call")
    wechat: float = Field(0.7, ge=0, le=1000, description="WeChat 微信")
    email: float = Field(0.5, ge=0, le=1000, description="e-mail")
    survey: float = Field(0.5, ge=0, le=1000, description="survey")
    other: float = Field(1.0, ge=0, le=1000, description="any other kind, or none given")
    out: float = Field(0.5, ge=0, le=1, description="what a touch counts that went out only, without an answer")
