"""Who recommended us: the more content a customer is, the more new deals of others come through it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.simulate.parameters import Parameters

Array = np.ndarray
_SOURCES = np.array(["Web", "Trade fair", "Campaign", "Own prospecting"], dtype=object)
_KNOWN, _RECOMMENDED = "Existing customer", "Referral"


@dataclass(frozen=True)
class Referrals:
    """Where the deals came from.

    ``source`` by deal (empty where nobody wrote it down), ``referrer`` by deal (place of the customer that recommended
    us, -1 where none did); ``expected`` (accounts × quarters): new deals of others that it was to bring.
    """

    source: pd.Series
    referrer: Array
    expected: Array


def draw_referrals(
    deals: pd.DataFrame, present: Array, satisfaction: Array, p: Parameters, rng: np.random.Generator
) -> Referrals:
    """Say of each deal where it came from; only deals with new needs come by recommendation of another customer."""
    weight = present * np.exp(p.effect_of_content * satisfaction)
    total = weight.sum(axis=0)
    chance = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    own, is_new = deals["account"].to_numpy(), (deals["type"] == 0).to_numpy()
    quarter = np.clip(np.floor(deals["created"].to_numpy()), 0, weight.shape[1] - 1).astype(int)
    draw, below = rng.random(len(deals)), np.cumsum(chance.T, axis=1)
    place = np.array([below[at].searchsorted(one) for at, one in zip(quarter, draw, strict=True)], dtype=int)
    place = np.minimum(place, len(weight) - 1)
    told = is_new & (rng.random(len(deals)) < p.recommended_share) & (total[quarter] > 0) & (place != own)
    others = np.where(is_new, rng.choice(_SOURCES, len(deals)), _KNOWN)
    source = pd.Series(np.where(told, _RECOMMENDED, others), dtype="str")
    expected = p.recommended_share * np.bincount(quarter[is_new], minlength=weight.shape[1]) * chance
    np.subtract.at(expected, (own[is_new], quarter[is_new]), p.recommended_share * chance[own, quarter][is_new])
    return Referrals(source.mask(rng.random(len(deals)) < 0.1), np.where(told, place, -1), expected)
