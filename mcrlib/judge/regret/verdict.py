"""What follows from the comparison of ways to choose S and A, for the sentences on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from mcrlib.errors import Complaint

#: Two years, but for the days that a history of nearly four years lacks.
_TWO_YEARS = 700
#: Who brings more than this share of the profit decides alone which way of choosing held more.
_MOST = 0.5
#: What the floors above are told to doubt, by what follows.
_DOUBTS = {
    "lot": "at earlier dates the tiers did not surely tell better than a choice by lot who would bring the profit",
    "nothing": "at earlier dates the tiers did not surely tell better than a choice by lot who would bring the profit",
    "worse": "at earlier dates last year's revenue told better than the tiers who would bring the profit",
}


@dataclass(frozen=True)
class Watch:
    """What the tiers of earlier dates were worth beside last year's revenue, watched for one time.

    Parameters
    ----------
    days, cutoffs : int
        Days watched after a cutoff, and how many cutoffs.
    held, held_last_year : float
        Share of the later gross profit (0 to 1) in S and A, and in as many by last year's revenue; both empty where
        one is more than the whole, which happens beside losses.
    beside : str
        The tiers against last year's revenue: ``lot`` (they are not surely better than a choice by lot), ``one`` (nor
        could they be, as one account brought most), ``better, worse`` (on profit held), ``better_order, worse_order``
        (on the order alone), ``mixed, alike, too_few``.
    follows : str
        What to choose by: ``better`` (the tiers), ``worse`` and ``alike`` (last year's revenue), ``mixed`` (people,
        where the two differ), ``lot`` (last year's revenue, the tiers being no better than a lot), ``nothing`` (neither
        is), ``one`` (neither is, and one account brought most), ``too_few``.
    lost : tuple of str
        Other ways that did better than the tiers beyond chance: ``rule, clusters, crm``.
    knows_crm : bool
        Whether the CRM's own tier could be judged.
    is_short : bool
        Whether less than two years were watched.
    """

    days: int
    cutoffs: int
    held: float
    held_last_year: float
    beside: str
    follows: str
    lost: tuple[str, ...]
    knows_crm: bool
    is_short: bool


def regret_verdicts(regret: pd.DataFrame) -> list[Watch]:
    """Say of each time watched, the longest first, whether the tiers were worth choosing by.

    ``regret`` is as from ``tier_regret``; without rows nothing is judged. Card T2: tiers must beat last year's revenue,
    else it is recommended.
    """
    days = sorted(regret["days"].unique(), reverse=True)
    return [_judge(regret[regret["days"] == one].set_index("way")) for one in days]


def regret_doubts(watches: list[Watch]) -> list[Complaint]:
    """Warn where the tiers did no better than a choice by lot, else where last year's revenue surely did better.

    ``watches`` is as from ``regret_verdicts``; the longest counts.
    """
    said = [_DOUBTS[one.follows] for one in watches[:1] if one.follows in _DOUBTS]
    return [Complaint("tiers_lose", text) for text in said]


def _judge(by: pd.DataFrame) -> Watch:
    kit: Any = by.loc["kit"]
    plain: Any = by.loc["last_year"]
    beside = follows = str(plain["outcome"])
    if beside != "too_few" and not kit["beats_lot"]:
        beside, follows = "lot", "lot" if plain["beats_lot"] else "nothing"
        if follows == "nothing" and kit["largest_account"] > _MOST:
            beside = follows = "one"
    elif beside in ("better", "worse") and plain["better_low"] <= 0 <= plain["better_high"]:
        beside = f"{beside}_order"
    shares = [float(kit["share"]), float(plain["share"])]
    held, held_last_year = shares if max(shares) <= 1 else [np.nan, np.nan]
    return Watch(
        days=int(kit["days"]), cutoffs=int(kit["cutoffs"]), held=held, held_last_year=held_last_year,
        beside=beside, follows=follows,
        lost=tuple(way for way in ("rule", "clusters", "crm") if way in by.index and by.loc[way, "outcome"] == "worse"),
        knows_crm="crm" in by.index, is_short=bool(kit["days"] < _TWO_YEARS),
    )  # fmt: skip
