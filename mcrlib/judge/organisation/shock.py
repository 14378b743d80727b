"""The loss shock: what leaves with a person, learnt from the changes of hands that the company has been through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.rotation import Rotation

Array = np.ndarray
#: A change of the seller costs 13.2 to 17.6 % of the sales of a year (Shi et al. 2017): where we start from.
USUAL_LOSS = 0.15
#: How many changes of hands the literature is worth against those seen here. Proposed.
_WORTH = 5.0
#: How alike the accounts of one seller fare; the rest is their own luck. Proposed.
ALIKE = 4.0
_GRID = np.linspace(0.005, 0.995, 199)


@dataclass(frozen=True)
class Sensitivity:
    """What part of the orders of a year goes when a relationship is held by one person alone, and how sure that is.

    ``chance`` is the chance of each value of ``part`` (from 0, nothing goes, to 1, all goes). ``n`` is how many changes
    of hands it rests on; without any it is the literature's.
    """

    part: Array
    chance: Array
    n: int

    @property
    def mean(self) -> float:
        """The expected part."""
        return float(self.part @ self.chance)

    def draw(self, size: int, rng: np.random.Generator) -> Array:
        """Parts drawn by their chance."""
        return rng.choice(self.part, size=size, p=self.chance)


def learn_sensitivity(rotation: Rotation, held: pd.Series, measure: str = "orders") -> Sensitivity:
    """Learn from past changes of hands how much goes with a person, the more the more that person held alone.

    Parameters
    ----------
    rotation : Rotation
        As from ``rotation_events``.
    held : Series
        What the old holder held alone at each change, 0 to 1, in the order of ``rotation.events``; NaN where unknown.
    measure : str
        What is counted.

    Notes
    -----
    What came after ~ expected × (1 − part × held), variance in proportion to the expected (quasi-Poisson); prior
    Beta with the mean at which the usual holder costs the literature's 15 %. Method card O4.
    """
    own, expected = outcome(rotation, measure)
    share = held.to_numpy(float)
    use = ~np.isnan(share) & (expected > 0)
    own, expected, share = own[use], expected[use], share[use]
    usual = share.mean() if use.any() and share.mean() > 0 else 0.4
    centre = float(np.clip(USUAL_LOSS / usual, 0.1, 0.9))
    log_chance = (_WORTH * centre - 1) * np.log(_GRID) + (_WORTH * (1 - centre) - 1) * np.log1p(-_GRID)
    if use.any():
        misses = (own[:, None] - expected[:, None] * (1 - share[:, None] * _GRID)) ** 2 / expected[:, None]
        noise = max(float(misses.mean(axis=0).min()), 1e-9)
        log_chance = log_chance - misses.sum(axis=0) / (2 * noise)
    chance = np.exp(log_chance - log_chance.max())
    return Sensitivity(_GRID, chance / chance.sum(), int(use.sum()))


def held_at_changes(rotation: Rotation, held: pd.DataFrame) -> pd.Series:
    """What the old holder held alone at each change, in the order of ``rotation.events``; NaN where unknown.

    Parameters
    ----------
    rotation : Rotation
        As from ``rotation_events``.
    held : DataFrame
        From ``person_held``.
    """
    then = held.loc[~held["is_now"], ["account_id", "moment", "owner_id", "held"]]
    then = then.rename(columns={"moment": "changed_date", "owner_id": "old_owner"})
    key = ["account_id", "changed_date", "old_owner"]
    return rotation.events.merge(then, on=key, how="left", validate="one_to_one")["held"]


def outcome(rotation: Rotation, measure: str = "orders") -> tuple[Array, Array]:
    """What came in the year after each change, and what was to be expected from the year before and from the peers."""
    before, peers_before = rotation.window(measure, -rotation.span, 0)
    after, peers_after = rotation.window(measure, 0, rotation.span)
    gain = np.nansum(peers_after - peers_before, axis=1) / (rotation.peers >= 0).sum(axis=1)
    return after, np.maximum(before + gain, 0.0)


def left_out_errors(rotation: Rotation, held: pd.Series, measure: str = "orders", *, folds: int = 5) -> pd.DataFrame:
    """Tell how well the loss after a change is foretold by the others, against always 15 % and against nothing.

    Returns
    -------
    DataFrame
        ``model`` (``held_alone, always_15, nothing``), ``error`` (mean squared miss over the expected, smaller is
        better), ``n`` (changes). Whole accounts are left out together.
    """
    own, expected = outcome(rotation, measure)
    share = held.to_numpy(float)
    use = ~np.isnan(share) & (expected > 0)
    fold = pd.factorize(rotation.events["account_id"], sort=True)[0] % folds
    learnt = np.full(len(own), np.nan)
    for left in range(folds):
        out = fold == left
        learnt[out] = learn_sensitivity(rotation.only(~out), held[~out], measure).mean
    losses = {"held_alone": learnt * share, "always_15": np.full(len(own), USUAL_LOSS), "nothing": np.zeros(len(own))}
    rows = [
        {
            "model": name,
            "error": float(np.mean((own - expected * (1 - loss))[use] ** 2 / expected[use])),
            "n": int(use.sum()),
        }
        for name, loss in losses.items()
        if use.any()
    ]
    return pd.DataFrame(rows, columns=["model", "error", "n"])
