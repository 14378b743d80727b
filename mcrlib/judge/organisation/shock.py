"""The loss shock: what leaves with a person, learnt from the changes of hands that the company has been through."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.stats import beta

from mcrlib.judge.organisation.rotation import Rotation

Array = np.ndarray
#: A change of the seller costs 13.2 to 17.6 % of the sales of a year (Shi et al. 2017): where we start from.
USUAL_LOSS = 0.15
#: How many changes of hands the literature is worth against those seen here. Proposed; 10 to 80 foretell alike.
_WORTH = 20.0
#: What is held alone is drawn to the usual share by as many people of theirs: one or two met tell little. Proposed.
_BORROWED = 2.0
#: How alike the accounts of one seller fare; the rest is their own luck. Proposed.
ALIKE = 4.0
_USUALLY_HELD = 0.4
#: Parts in which accounts are left out to judge what was learnt.
_FOLDS = 5
_GRID = np.linspace(0.005, 0.995, 199)


@dataclass(frozen=True)
class Sensitivity:
    """What part of the orders of a year goes when a relationship is held by one person alone, and how sure that is.

    ``chance`` is the chance of each value of ``part`` (from 0, nothing goes, to 1, all goes). ``n`` is how many changes
    of hands it rests on; without any it is the literature's. ``usual`` is what the usual holder has alone; empty where
    the loss is the same for every account, whoever holds it.
    """

    part: Array
    chance: Array
    n: int
    usual: float | None

    @property
    def mean(self) -> float:
        """The expected part."""
        return float(self.part @ self.chance)

    def draw(self, size: int, rng: np.random.Generator) -> Array:
        """Parts drawn by their chance."""
        return rng.choice(self.part, size=size, p=self.chance)

    def exposed(self, held: pd.DataFrame) -> pd.Series:
        """What of each relationship can go with its holder, 0 to 1; NaN where unknown. ``held``: held, n_contacts."""
        if self.usual is None:
            return pd.Series(1.0, index=held.index)
        seen = held["n_contacts"].astype("float64")
        return (seen * held["held"] + _BORROWED * self.usual) / (seen + _BORROWED)


def learn_sensitivity(rotation: Rotation, held: pd.DataFrame) -> Sensitivity:
    """Learn from past changes of hands how much goes with a person, the more the more that person held alone.

    Parameters
    ----------
    rotation : Rotation
        As from ``rotation_events``.
    held : DataFrame
        From ``held_at_changes``.

    Notes
    -----
    What came after ~ expected × (1 − part × held), variance in proportion to the expected (quasi-Poisson); prior
    Beta with the mean at which the usual holder costs the literature's 15 %. Method card O4.
    """
    own, expected = outcome(rotation)
    use = held["held"].notna().to_numpy() & (expected > 0)
    own, expected, known = own[use], expected[use], held[use]
    usual = float(known["held"].mean()) if use.any() and known["held"].mean() > 0 else _USUALLY_HELD
    learnt = _usual_loss(usual, int(use.sum()))
    if not use.any():
        return learnt
    share = learnt.exposed(known).to_numpy(float)
    misses = (own[:, None] - expected[:, None] * (1 - share[:, None] * _GRID)) ** 2 / expected[:, None]
    noise = max(float(misses.mean(axis=0).min()), 1e-9)
    log_chance = np.log(learnt.chance) - misses.sum(axis=0) / (2 * noise)
    chance = np.exp(log_chance - log_chance.max())
    return replace(learnt, chance=chance / chance.sum())


def _usual_loss(usual: float | None, n: int) -> Sensitivity:
    """What the literature says, before own changes of hands."""
    centre = USUAL_LOSS if usual is None else float(np.clip(USUAL_LOSS / usual, 0.1, 0.9))
    chance = beta.pdf(_GRID, _WORTH * centre, _WORTH * (1 - centre))
    return Sensitivity(_GRID, chance / chance.sum(), n, usual)


def trusted(learnt: Sensitivity, errors: pd.DataFrame) -> Sensitivity:
    """What the losses rest on: what was learnt, or the same 15 % for all where that foretells better.

    Parameters
    ----------
    learnt : Sensitivity
        From ``learn_sensitivity``.
    errors : DataFrame
        From ``left_out_errors``; empty where there is no change of hands to judge by.
    """
    error = errors.set_index("model")["error"]
    if errors.empty or error["held_alone"] <= error["always_15"]:
        return learnt
    return _usual_loss(None, learnt.n)


def held_at_changes(rotation: Rotation, held: pd.DataFrame) -> pd.DataFrame:
    """What the old holder held alone at each change, in the order of ``rotation.events``.

    Parameters
    ----------
    rotation : Rotation
        As from ``rotation_events``.
    held : DataFrame
        From ``person_held``.

    Returns
    -------
    DataFrame
        ``held`` (0 to 1), ``n_contacts`` (people of theirs it rests on); NaN where unknown.
    """
    then = held.loc[~held["is_now"], ["account_id", "moment", "owner_id", "held", "n_contacts"]]
    then = then.rename(columns={"moment": "changed_date", "owner_id": "old_owner"})
    key = ["account_id", "changed_date", "old_owner"]
    return rotation.events.merge(then, on=key, how="left", validate="one_to_one")[["held", "n_contacts"]]


def outcome(rotation: Rotation) -> tuple[Array, Array]:
    """Orders that came in the year after each change, and those to be expected from the year before and the peers."""
    before, peers_before = rotation.window("orders", -rotation.span, 0)
    after, peers_after = rotation.window("orders", 0, rotation.span)
    gain = np.nansum(peers_after - peers_before, axis=1) / (rotation.peers >= 0).sum(axis=1)
    return after, np.maximum(before + gain, 0.0)


def left_out_errors(rotation: Rotation, held: pd.DataFrame) -> pd.DataFrame:
    """Tell how well the loss after a change is foretold by the others, against always 15 % and against nothing.

    Whole accounts are left out together, a fifth of them at a time.

    Parameters
    ----------
    rotation, held
        As for ``learn_sensitivity``.

    Returns
    -------
    DataFrame
        ``model`` (``held_alone, always_15, nothing``), ``error`` (mean squared miss over the expected, smaller is
        better), ``n`` (changes).
    """
    own, expected = outcome(rotation)
    use = held["held"].notna().to_numpy() & (expected > 0)
    fold = pd.factorize(rotation.events["account_id"], sort=True)[0] % _FOLDS
    foretold = np.full(len(own), np.nan)
    for left in range(_FOLDS):
        out = fold == left
        learnt = learn_sensitivity(rotation.only(~out), held[~out])
        foretold[out] = learnt.mean * learnt.exposed(held[out])
    losses = {"held_alone": foretold, "always_15": np.full(len(own), USUAL_LOSS), "nothing": np.zeros(len(own))}
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
