"""How a new customer's business grows, learned from all entries and from like ones, and what that promises for each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.optimize import minimize, minimize_scalar
from scipy.special import expit, gammaln, ndtri

Array = np.ndarray
#: Weak priors: half of the full business comes four quarters after the first order (the method's two to three years
#: until a big customer buys in volume), width of the ramp in quarters (log), and how alike entries are (log).
_HALFWAY, _HALFWAY_SPREAD, _WIDTH, _WIDTH_SPREAD, _ALIKE = 4.0, 4.0, np.log(2.0), 0.7, 0.0
#: The wait for the first order counts as one entry that bought in its eighth quarter (the method's two years until a
#: supplier is certified).
_STARTS, _WAITS = 1.0, 8.0
#: A group of entries leans on the larger group that it is a part of: its prior weighs as many entries, and its ramp
#: lies this near to theirs (quarters; log).
_LEANS, _NEAR, _NEAR_WIDTH = 4.0, 0.5, 0.15
#: What makes entries alike, the wider group first.
ALIKE = ("market_type", "cohort")
#: Quarters by which business may come sooner or later to one entry than to another, and at how many points it is tried.
_SOONER, _POINTS = 2.0, 15
#: Quarters on record from which the costs to come are drawn.
_COST_QUARTERS = 8
_DRAWS = 500


@dataclass(frozen=True)
class Outlook:
    """What is to come of each entry.

    Parameters
    ----------
    account_id : Series
        The entries, in the order of the rows below.
    contribution : array
        Draws of the contribution: entry × draw × quarter ahead.
    waiting : array
        Worth today of going on one more year and then deciding, over stopping now; money, one an entry.
    n_alike : array
        Entries of the same kind of market and cohort that have begun to buy, itself among them.
    own_share : array
        How much of what is expected of its full business its own history tells (0-1); the rest other entries do.
    """

    account_id: pd.Series
    contribution: Array
    waiting: Array
    n_alike: Array
    own_share: Array


@dataclass(frozen=True)
class Ramp:
    """A wait for the first order, then a logistic ramp to a full business; orders come in lumps.

    Gross profit of a quarter = ``lump`` × Poisson(``level`` × ramp(age)); levels vary by a gamma law, whose posterior
    borrows from all entries where an entry's own history is thin. Before the first order revenue says nothing of the
    level: it is that of the entries that have started.

    Parameters
    ----------
    starts, waits : float
        First orders seen, and quarters in which they might have come, prior included: a beta law of the chance to start
        in a quarter.
    halfway, width : float
        Quarters after the first order at half of the full business, and how slowly it comes.
    lump : float
        Money that moves at once: variance over mean of the quarterly gross profit.
    shape, rate : float
        The gamma law of the full business, in lumps a quarter.
    entries : float
        Entries on which its mean rests, each as far as it tells its own.
    """

    starts: float
    waits: float
    halfway: float
    width: float
    lump: float
    shape: float
    rate: float
    entries: float

    @classmethod
    def learn(cls, curves: pd.DataFrame) -> Ramp | None:
        """Learn from quarters on record; None where no entry has brought anything.

        Parameters
        ----------
        curves : DataFrame
            ``account_id, age`` (quarters since the first one with gross profit; empty where there is none), ``gp``.
        """
        seen = curves[curves["age"] >= 0].reset_index(drop=True)
        seen["y"] = seen["gp"].clip(lower=0.0)
        if not seen["y"].sum() > 0:
            return None
        lump = float(seen["y"].sum() / (seen["y"] > 0).sum())
        for _ in range(3):
            halfway, width = _fit_ramp(seen, lump)
            expected = _expected(seen, halfway, width)
            spare = max(len(seen) - seen["account_id"].nunique() - 2, 1)
            misses = (seen["y"] - expected) ** 2 / expected.where(expected > 0)
            lump = max(float(misses.sum() / spare), 1e-3 * float(seen["y"].max()))
        held = _held(seen, halfway, width)
        mean = float(held["y"].sum() / held["exposure"].sum() / lump)
        shape = _fit_shape(held["y"].to_numpy() / lump, held["exposure"].to_numpy(), mean)
        started, waited = _started(curves)
        reliable = float((held["exposure"] / (held["exposure"] + shape / mean)).sum())
        return cls(_STARTS + started, _WAITS + waited, halfway, width, lump, shape, shape / mean, reliable)

    def lean(self, curves: pd.DataFrame) -> Ramp:
        """The ramp of some of the entries: what they tell, as far as they are many, and this ramp for the rest.

        The mean of their full business is weighted by how reliably each entry tells its own (Buehlmann and Straub
        1970); the prior weighs as much as four entries, for the wait for the first order as well.
        """
        seen = curves[curves["age"] >= 0].reset_index(drop=True)
        seen["y"] = seen["gp"].clip(lower=0.0)
        started, waited = _started(curves)
        starts, waits = _LEANS + started, _LEANS * self.waits / self.starts + waited
        if not seen["y"].sum() > 0:
            return replace(self, starts=starts, waits=waits, entries=min(self.entries, _LEANS))
        at = (self.halfway, np.log(self.width))
        halfway, width = _fit_ramp(seen, self.lump, at, (_NEAR, _NEAR_WIDTH))
        held = _held(seen, halfway, width)
        reliable = held["exposure"] / (held["exposure"] + self.rate)
        levels = held["y"] / self.lump / held["exposure"].clip(lower=1e-9)
        entries = _LEANS + float(reliable.sum())
        mean = (_LEANS * self.shape / self.rate + (reliable * levels).sum()) / entries
        own = {"starts": starts, "waits": waits, "halfway": halfway, "width": width}
        return replace(self, **own, rate=self.shape / mean, entries=entries)

    def look_ahead(self, curves: pd.DataFrame, quarters: int, *, rate: float, seed: int | list[int]) -> Outlook:
        """Draw what each entry will contribute; its costs are drawn from its last eight quarters on record.

        Parameters
        ----------
        curves : DataFrame
            ``account_id, age, gp, cost``, sorted by account and time.
        quarters : int
            How far to look; more than four.
        rate : float
            Yearly rate that discounts the value of waiting.
        seed : int or list of int
            Seed of the draws.
        """
        rng = np.random.default_rng(seed)
        groups = curves.groupby("account_id")
        names = groups["age"].last()
        cost = np.stack([_drawn_costs(one, quarters, rng) for _, one in groups["cost"]])
        # The mean of all is not known better than so many entries tell it: each draw has its own.
        doubt = rng.gamma(self.entries * self.shape, size=_DRAWS) / (self.entries * self.shape)
        told = zip(*(self._own(one, self.rate / doubt, rng) for _, one in groups), strict=True)
        halfway, shape, known = (np.stack(one) for one in told)
        ages = self._ages(names.to_numpy(float), quarters, rng)
        ahead = _ramp(ages, halfway[:, :, None], self.width)
        level = rng.gamma(shape) / known
        gained = self.lump * rng.poisson(level[:, :, None] * ahead)
        worth = (1 + rate) ** (-(np.arange(quarters) + 0.5) / 4)
        learned = (shape + gained[:, :, :4].sum(axis=2) / self.lump) / (known + ahead[:, :, :4].sum(axis=2))
        spent = (cost * worth)[:, :, 4:].sum(axis=2).mean(axis=1)[:, None]
        first = ((gained - cost) * worth)[:, :, :4].sum(axis=2)
        waiting = (first + np.maximum(_rest(learned * self.lump, ahead, gained, worth) - spent, 0.0)).mean(axis=1)
        own = 1 - (self.rate / doubt / known).mean(axis=1)
        alike = np.full(len(names), curves.loc[curves["age"] >= 0, "account_id"].nunique())
        return Outlook(names.index.to_series().reset_index(drop=True), gained - cost, waiting, alike, own)

    def _own(self, one: pd.DataFrame, rate: Array, rng: np.random.Generator) -> tuple[Array, Array, Array]:
        """Draws of when half of the full business comes to one entry, and the gamma law of its level at each."""
        begun = one[one["age"] >= 0]
        lumps = (begun["gp"].clip(lower=0.0) / self.lump).to_numpy()
        points = self.halfway + _SOONER * ndtri((np.arange(_POINTS) + 0.5) / _POINTS)
        ramps = _ramp(begun["age"].to_numpy()[:, None], points, self.width)
        shape, rates = self.shape + lumps.sum(), self.rate + ramps.sum(axis=0)
        likely = (lumps[:, None] * np.log(np.maximum(ramps, 1e-300))).sum(axis=0) - shape * np.log(rates)
        weights = np.exp(likely - likely.max())
        drawn = rng.choice(_POINTS, _DRAWS, p=weights / weights.sum())
        return points[drawn], np.full(_DRAWS, shape), ramps.sum(axis=0)[drawn] + rate

    def _ages(self, age: Array, quarters: int, rng: np.random.Generator) -> Array:
        """Age of entry × draw × quarter ahead: of those that have not started, after a wait that is drawn."""
        steps = np.arange(quarters, dtype=float)
        chance = rng.beta(self.starts, self.waits - self.starts, (len(age), _DRAWS))
        waits = rng.geometric(chance) - 1.0
        started = (age[:, None] + 1 + steps)[:, None, :]
        later = steps - waits[:, :, None]
        return np.where(np.isnan(age)[:, None, None], np.where(later >= 0, later, np.nan), started)


def _rest(level: Array, ahead: Array, gained: Array, worth: Array) -> Array:
    """Gross profit worth today after the first year, as one will expect it then: by draw, or the mean of no start."""
    expected = level * (ahead * worth)[:, :, 4:].sum(axis=2)
    waiting = ahead[:, :, 3] == 0
    came = (gained * worth)[:, :, 4:].sum(axis=2)
    count = np.maximum(waiting.sum(axis=1), 1)
    return np.where(waiting, ((came * waiting).sum(axis=1) / count)[:, None], expected)


def _drawn_costs(cost: pd.Series, quarters: int, rng: np.random.Generator) -> Array:
    return rng.choice(cost.to_numpy()[-_COST_QUARTERS:], (_DRAWS, quarters))


def look_ahead(curves: pd.DataFrame, quarters: int, *, rate: float, seed: int) -> Outlook:
    """Learn from all entries and look ahead for each; NaN throughout where no entry has brought anything yet.

    Where the curves say so, entries of one ``market_type`` lean on all, and those of one ``cohort`` on their market
    type. The curves are else those of ``Ramp.learn`` and ``Ramp.look_ahead``, as are the other parameters.
    """
    ramp = Ramp.learn(curves)
    if ramp is None:
        names = curves["account_id"].drop_duplicates().reset_index(drop=True)
        nothing = np.full(len(names), np.nan)
        return Outlook(names, np.full((len(names), 1, quarters), np.nan), nothing, np.zeros(len(names)), nothing)
    columns = [column for column in ALIKE if column in curves]
    told = [
        one.look_ahead(rows, quarters, rate=rate, seed=[seed, place])
        for place, (one, rows) in enumerate(_alike(ramp, curves, columns))
    ]
    names = pd.concat([one.account_id for one in told], ignore_index=True)
    order = names.argsort(kind="stable").to_numpy()
    parts = (
        np.concatenate([getattr(one, name) for one in told])[order]
        for name in ("contribution", "waiting", "n_alike", "own_share")
    )
    return Outlook(names.iloc[order].reset_index(drop=True), *parts)


def _alike(ramp: Ramp, curves: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Ramp, pd.DataFrame]]:
    """Groups of like entries, each with its ramp; a group that is all of a larger one has the larger one's."""
    if not columns:
        yield ramp, curves
        return
    groups = list(curves.groupby(columns[0], dropna=False))
    for _, rows in groups:
        yield from _alike(ramp.lean(rows) if len(groups) > 1 else ramp, rows, columns[1:])


def _started(curves: pd.DataFrame) -> tuple[float, float]:
    """First orders seen, and quarters in which they might have come; those in which they came count."""
    return float((curves["age"] == 0).sum()), float((~(curves["age"] > 0)).sum())


def _held(seen: pd.DataFrame, halfway: float, width: float) -> pd.DataFrame:
    """Gross profit and quarters of full business, by account."""
    return seen.assign(exposure=_ramp(seen["age"], halfway, width)).groupby("account_id")[["y", "exposure"]].sum()


def _ramp(age: Array | pd.Series, halfway: float | Array, width: float) -> Array:
    """Share of the full business at an age; none before the first order."""
    return np.nan_to_num(expit((np.asarray(age, dtype=float) - halfway) / width))


def _expected(seen: pd.DataFrame, halfway: float, width: float) -> pd.Series:
    """What each quarter would have brought had the account's total come along the ramp."""
    share = pd.Series(_ramp(seen["age"], halfway, width), index=seen.index)
    totals = seen.assign(share=share).groupby("account_id")[["y", "share"]].transform("sum")
    return totals["y"] * share / totals["share"]


def _fit_ramp(
    seen: pd.DataFrame,
    lump: float,
    at: tuple[float, float] = (_HALFWAY, _WIDTH),
    spread: tuple[float, float] = (_HALFWAY_SPREAD, _WIDTH_SPREAD),
) -> tuple[float, float]:
    """The ramp along which the accounts' totals came most likely, by quasi-likelihood and priors."""
    y = (seen["y"] / lump).to_numpy()

    def loss(theta: Array) -> float:
        share = pd.Series(_ramp(seen["age"], theta[0], np.exp(theta[1])), index=seen.index)
        part = share / share.groupby(seen["account_id"]).transform("sum")
        prior = ((theta[0] - at[0]) / spread[0]) ** 2 + ((theta[1] - at[1]) / spread[1]) ** 2
        return float(prior / 2 - (y * np.log(part.to_numpy())).sum())

    found = minimize(loss, at, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-3}).x
    return float(found[0]), float(np.exp(found[1]))


def _fit_shape(lumps: Array, exposure: Array, mean: float) -> float:
    """How alike the entries' full business is: shape of the gamma law, by marginal likelihood and a weak prior."""

    def loss(log_shape: float) -> float:
        shape = np.exp(log_shape)
        rate = shape / mean
        fit = gammaln(shape + lumps) - gammaln(shape) + shape * np.log(rate / (rate + exposure))
        fit += lumps * np.log(exposure / (rate + exposure))
        return float((log_shape - _ALIKE) ** 2 / 2 - fit.sum())

    return float(np.exp(minimize_scalar(loss, bounds=(-5, 5), method="bounded").x))
