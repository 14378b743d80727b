"""How large the effect of a change of hands is, how sure, and whether the test finds one where there is none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import chi2, t

from mcrlib.judge.organisation.rotation import Rotation
from mcrlib.thresholds import DEFAULTS, Thresholds

Array = np.ndarray
#: Quarters around a change: from a year before to a year and a half after it.
QUARTERS = range(-4, 6)
#: Draws behind the effect on all, and behind that of each of many groups or quarters.
_DRAWS, _FEWER_DRAWS = 1000, 300
_AT_ONCE, _NORMAL_90, _TOO_FEW = 4_000_000, 1.645, 3
#: Where more draws than the rest find nothing left at all, there is no interval.
_NORMAL_DRAWS = 0.95
_BEYOND_CHANCE = 0.90


def rotation_effect(
    rotation: Rotation, measure: str = "orders", *, limits: Thresholds = DEFAULTS, draws: int = _DRAWS, seed: int = 1
) -> pd.DataFrame:
    """Tell how much less accounts bring in the year after they changed hands than their like that kept theirs.

    Parameters
    ----------
    rotation : Rotation
        As from ``rotation_events``.
    measure : str
        ``orders``, ``gp`` or another measure of it. Every change counts alike, whatever the size of the account.
    limits : Thresholds
        ``rotation_held``: the organisation holds it where the lower bound rules out a larger fall; ``rotation_lost``: a
        person does where the upper bound does not reach up to it; ``small_number``.
    draws, seed : int
        Bootstrap over accounts, changed ones and peers together; wider where accounts that one person handed over
        fared alike.

    Returns
    -------
    DataFrame
        One row: ``measure, value`` (share of the expected: −0.15 is 15 % less), ``low, high`` (90 %), ``n`` (changes),
        ``verdict`` (``organisation, person, undecided``; undecided too where the accounts had left the path of their
        like before the change), ``status`` (``ok``, ``weak`` below ``small_number`` changes, ``not_available`` below
        three).
    """
    found = _estimate(rotation, measure, 0, rotation.span, draws, seed)
    low, high = found["low"], found["high"]
    before = _estimate(rotation, measure, -rotation.span // 2, 0, draws, seed)
    fair = not (before["low"] > 0 or before["high"] < 0)
    sides = [fair and low > -limits.rotation_held, fair and high < -limits.rotation_lost]
    verdict = "undecided" if not any(sides) else ("organisation", "person")[sides.index(True)]
    n = found["n"]
    status = "not_available" if n < _TOO_FEW else "weak" if n < limits.small_number or np.isnan(low) else "ok"
    return pd.DataFrame([{"measure": measure} | found | {"verdict": verdict, "status": status}])


def all_effects(rotation: Rotation, *, limits: Thresholds = DEFAULTS, seed: int = 1) -> pd.DataFrame:
    """The effect on every measure, ``orders`` first: a row of ``rotation_effect`` each."""
    found = [rotation_effect(rotation, measure, limits=limits, seed=seed) for measure in ("orders", *rotation.sums)]
    return pd.concat(found).drop_duplicates("measure").reset_index(drop=True)


def rotation_path(rotation: Rotation, measure: str = "orders", *, seed: int = 1) -> pd.DataFrame:
    """Follow the accounts quarter by quarter around the change of hands, against their like.

    Returns
    -------
    DataFrame
        ``quarter`` (0 starts with the change), ``value, low, high`` (share of the expected, 90 %), ``n``. Quarters that
        not all changes have seen yet rest on fewer of them.
    """
    rows = [{"quarter": q} | _estimate(rotation, measure, 3 * q, 3 * q + 3, _FEWER_DRAWS, seed) for q in QUARTERS]
    return pd.DataFrame(rows)


def rotation_before(rotation: Rotation, *, seed: int = 1) -> pd.DataFrame:
    """Tell whether the accounts were already falling behind their like in the half year before they changed hands.

    An interval without zero means that the change followed a trend, and the effect cannot be laid at its door alone.

    Returns
    -------
    DataFrame
        One row, of the orders: ``value, low, high`` (share of the expected, 90 %), ``n``.
    """
    return pd.DataFrame([_estimate(rotation, "orders", -rotation.span // 2, 0, _DRAWS, seed)])


def rotation_by(rotation: Rotation, group: pd.Series, *, seed: int = 1) -> pd.DataFrame:
    """Tell the effect of changes of hands on orders by region, or by seller, small groups drawn to the whole.

    Parameters
    ----------
    rotation, seed
        As for ``rotation_effect``.
    group : Series
        Group of each change, in the order of ``rotation.events``.

    Returns
    -------
    DataFrame
        ``group, value, low, high`` (share of the expected, 90 %, drawn to the effect on all), ``raw`` (as measured),
        ``n``, sorted by ``group``; groups with fewer than three changes are left out.

    Notes
    -----
    Partial pooling with the spread between groups after DerSimonian and Laird (1986), on the log scale.
    """
    whole = _estimate(rotation, "orders", 0, rotation.span, _FEWER_DRAWS, seed)
    rows = []
    for name in sorted(group.dropna().unique()):
        found = _estimate(rotation.only((group == name).to_numpy()), "orders", 0, rotation.span, _FEWER_DRAWS, seed)
        rows.append({"group": name} | found)
    table = pd.DataFrame(rows, columns=["group", "value", "low", "high", "n"]).dropna()
    logs = np.log1p(table[["value", "low", "high"]].to_numpy(float))
    inside = (np.maximum(logs[:, 2] - logs[:, 1], 1e-6) / (2 * _NORMAL_90)) ** 2
    mean, low, high = (float(np.log1p(whole[name])) for name in ("value", "low", "high"))
    unsure = ((high - low) / (2 * _NORMAL_90)) ** 2
    between = _between(logs[:, 0], inside, mean)
    trust = between / (between + inside)
    drawn = trust * logs[:, 0] + (1 - trust) * mean
    spread = _NORMAL_90 * np.sqrt(trust * inside + (1 - trust) ** 2 * unsure)
    table["raw"] = table["value"]
    table[["value", "low", "high"]] = np.expm1(np.column_stack([drawn, drawn - spread, drawn + spread]))
    return table[["group", "value", "low", "high", "raw", "n"]].reset_index(drop=True)


def _between(values: Array, inside: Array, mean: float) -> float:
    """The variance between groups around the effect on all, beyond that inside each."""
    weight = 1 / inside
    excess = (weight * (values - mean) ** 2).sum() - len(values)
    return max(0.0, float(excess / weight.sum())) if len(values) else 0.0


def _estimate(rotation: Rotation, measure: str, start: int, stop: int, draws: int, seed: int) -> dict[str, Any]:
    own_before, peers_before = rotation.window(measure, -rotation.span, 0)
    own, peers = rotation.window(measure, start, stop)
    part = (stop - start) / rotation.span
    seen = ~np.isnan(own)
    n = int(seen.sum())
    if n < _TOO_FEW:
        return {"value": np.nan, "low": np.nan, "high": np.nan, "n": n}
    known = rotation.peers[seen] >= 0
    size = np.nanmean(np.column_stack([own_before, peers_before])[seen], axis=1)
    scale = 1 / np.where(size > 0, size, np.inf)
    gain = np.where(known, (peers - part * peers_before)[seen], 0.0)
    terms = scale * own[seen], scale * part * own_before[seen], scale[:, None] * gain
    account, beside = np.unique(np.r_[rotation.account[seen], rotation.peers[seen].ravel()], return_inverse=True)
    changed, beside = beside[:n], beside[n:].reshape(known.shape)
    ratio = partial(_ratio, changed=changed, beside=beside, known=known, terms=terms)
    value = ratio(np.ones((1, len(account))))[0]
    drawn = _drawn(ratio, len(account), draws=draws, at_once=max(1, _AT_ONCE // known.size), seed=seed)
    if not (drawn > 0).mean() > _NORMAL_DRAWS:
        return {"value": value - 1, "low": np.nan, "high": np.nan, "n": n}
    gained = (terms[2] * known).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    missed = terms[0] - value * (terms[1] + gained)
    # The bootstrap keeps the peers found where others would have been as like, and parts what one person handed over.
    wider = np.sqrt(max(1 + 1 / known.shape[1], _shared_fate(missed, rotation.events[seen])))
    weight = terms[1].sum() ** 2 / (terms[1] ** 2).sum()
    spread = wider * t.ppf(0.95, max(1.0, weight - 1)) * np.std(np.log(drawn[drawn > 0]))
    return {"value": value - 1, "low": value * np.exp(-spread) - 1, "high": value * np.exp(spread) - 1, "n": n}


def _drawn(ratio: Callable[[Array], Array], n: int, *, draws: int, at_once: int, seed: int) -> Array:
    """The ratio in bootstrap draws of ``n`` accounts, some at a time."""
    rng, alike = np.random.default_rng(seed), np.full(n, 1 / n)
    sizes = [min(at_once, draws - done) for done in range(0, draws, at_once)]
    return np.concatenate([ratio(rng.multinomial(n, alike, size=size).astype(float)) for size in sizes])


def _shared_fate(missed: Array, events: pd.DataFrame) -> float:
    """How many times the variance grows since accounts that one person handed to another fare alike; 1 if they do not.

    The design effect of these clusters, where it is beyond chance (one case in ten).
    """
    month = pd.to_datetime(events["changed_date"]).dt.to_period("M")
    passed = pd.DataFrame({"month": month, "old": events["old_owner"], "new": events["new_owner"]})
    cluster = passed.groupby(["month", "old", "new"], dropna=False).ngroup().to_numpy()
    cluster = np.where(events["old_owner"].isna(), len(events) + np.arange(len(events)), cluster)
    together = pd.Series(missed).groupby(cluster).sum()
    n = len(together)
    if n < _TOO_FEW or not (missed**2).sum() > 0:
        return 1.0
    effect = float((together**2).sum() / (missed**2).sum()) * n / (n - 1)
    return effect if effect > chi2.ppf(_BEYOND_CHANCE, n - 1) / (n - 1) else 1.0


def _ratio(weights: Array, changed: Array, beside: Array, known: Array, terms: tuple[Array, Array, Array]) -> Array:
    """What came over what was to be expected, for each draw of weights of the accounts.

    Expected is what the account brought before and the mean gain of its peers: a ratio of peers that order seldom would
    lean upwards.
    """
    own, base, gain = terms
    among = weights[:, beside] * known
    total = among.sum(axis=2)
    expected = base + np.einsum("dek,ek->de", among, gain) / np.where(total > 0, total, 1.0)
    mine = weights[:, changed]
    down = (mine * expected).sum(axis=1)
    return (mine * own).sum(axis=1) / np.where(down > 0, down, np.nan)
