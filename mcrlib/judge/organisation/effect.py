"""How large the effect of a change of hands is, how sure, and whether the test finds one where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import t

from mcrlib.judge.organisation.rotation import Rotation

Array = np.ndarray
#: Quarters around a change: from a year before to a year and a half after it.
QUARTERS = range(-4, 6)
#: "The organisation holds it" needs the lower bound above the first, "a person holds it" the upper bound below the
#: second. Proposed (card O1).
HELD_BY_ORGANISATION, HELD_BY_PERSON = -0.05, -0.10
_DRAWS, _AT_ONCE, _NORMAL_90, _FEW, _TOO_FEW = 1000, 4_000_000, 1.645, 10, 3
#: Where more draws than the rest find nothing left at all, there is no interval.
_NORMAL_DRAWS = 0.95


def rotation_effect(rotation: Rotation, measure: str = "orders", *, draws: int = _DRAWS, seed: int = 1) -> pd.DataFrame:
    """Tell how much less accounts bring in the year after they changed hands than their like that kept theirs.

    Parameters
    ----------
    rotation : Rotation
        As from ``rotation_events``.
    measure : str
        ``orders``, ``gp`` or another measure of it. Every change counts alike, whatever the size of the account.
    draws, seed : int
        Bootstrap over accounts, changed ones and peers together.

    Returns
    -------
    DataFrame
        One row: ``measure, value`` (share of the expected: −0.15 is 15 % less), ``low, high`` (90 %), ``n`` (changes),
        ``verdict`` (``organisation, person, undecided``), ``status`` (``ok``, ``weak`` below ten changes,
        ``not_available`` below three).
    """
    found = _estimate(rotation, measure, 0, rotation.span, draws, seed)
    low, high = found["low"], found["high"]
    sides = [low > HELD_BY_ORGANISATION, high < HELD_BY_PERSON]
    verdict = "undecided" if not any(sides) else ("organisation", "person")[sides.index(True)]
    n = found["n"]
    status = "not_available" if n < _TOO_FEW else "weak" if n < _FEW or np.isnan(low) else "ok"
    return pd.DataFrame([{"measure": measure} | found | {"verdict": verdict, "status": status}])


def all_effects(rotation: Rotation, *, draws: int = _DRAWS, seed: int = 1) -> pd.DataFrame:
    """The effect on every measure, ``orders`` first: a row of ``rotation_effect`` each."""
    found = [rotation_effect(rotation, measure, draws=draws, seed=seed) for measure in ("orders", *rotation.sums)]
    return pd.concat(found).drop_duplicates("measure").reset_index(drop=True)


def rotation_path(rotation: Rotation, measure: str = "orders", *, draws: int = 300, seed: int = 1) -> pd.DataFrame:
    """Follow the accounts quarter by quarter around the change of hands, against their like.

    Returns
    -------
    DataFrame
        ``quarter`` (0 starts with the change), ``value, low, high`` (share of the expected, 90 %), ``n``. Quarters that
        not all changes have seen yet rest on fewer of them.
    """
    rows = [{"quarter": q} | _estimate(rotation, measure, 3 * q, 3 * q + 3, draws, seed) for q in QUARTERS]
    return pd.DataFrame(rows)


def rotation_before(rotation: Rotation, measure: str = "orders", *, draws: int = _DRAWS, seed: int = 1) -> pd.DataFrame:
    """Tell whether the accounts were already falling behind their like in the half year before they changed hands.

    An interval without zero means that the change followed a trend, and the effect cannot be laid at its door alone.

    Returns
    -------
    DataFrame
        One row: ``measure, value, low, high`` (share of the expected, 90 %), ``n``.
    """
    return pd.DataFrame([{"measure": measure} | _estimate(rotation, measure, -rotation.span // 2, 0, draws, seed)])


def rotation_by(
    rotation: Rotation, group: pd.Series, measure: str = "orders", *, draws: int = 300, seed: int = 1
) -> pd.DataFrame:
    """Tell the effect of changes of hands region by region, or seller by seller, small groups drawn to the whole.

    Parameters
    ----------
    rotation, measure, draws, seed
        As for ``rotation_effect``.
    group : Series
        Group of each change, in the order of ``rotation.events``.

    Returns
    -------
    DataFrame
        ``group, value, low, high`` (share of the expected, 90 %, drawn to the mean), ``raw`` (as measured), ``n``,
        sorted by ``group``; groups with fewer than three changes are left out.

    Notes
    -----
    Partial pooling with the spread between groups after DerSimonian and Laird (1986), on the log scale.
    """
    rows = []
    for name in sorted(group.dropna().unique()):
        found = _estimate(rotation.only((group == name).to_numpy()), measure, 0, rotation.span, draws, seed)
        rows.append({"group": name} | found)
    table = pd.DataFrame(rows, columns=["group", "value", "low", "high", "n"]).dropna()
    logs = np.log1p(table[["value", "low", "high"]].to_numpy(float))
    inside = (np.maximum(logs[:, 2] - logs[:, 1], 1e-6) / (2 * _NORMAL_90)) ** 2
    mean, unsure, between = _between(logs[:, 0], inside)
    trust = between / (between + inside)
    drawn = trust * logs[:, 0] + (1 - trust) * mean
    spread = _NORMAL_90 * np.sqrt(trust * inside + (1 - trust) ** 2 * unsure)
    table["raw"] = table["value"]
    table[["value", "low", "high"]] = np.expm1(np.column_stack([drawn, drawn - spread, drawn + spread]))
    return table[["group", "value", "low", "high", "raw", "n"]].reset_index(drop=True)


def _between(values: Array, inside: Array) -> tuple[float, float, float]:
    """Mean of the groups, its variance, and the variance between them beyond that inside each."""
    if len(values) == 0:
        return 0.0, 0.0, 0.0
    weight = 1 / inside
    mean = (weight * values).sum() / weight.sum()
    excess = (weight * (values - mean) ** 2).sum() - (len(values) - 1)
    between = max(0.0, excess / max(weight.sum() - (weight**2).sum() / weight.sum(), 1e-9))
    weight = 1 / (inside + between)
    return float((weight * values).sum() / weight.sum()), float(1 / weight.sum()), float(between)


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
    ones = np.ones((1, len(account)))
    value = _ratio(ones, changed, beside, known, terms)[0]
    rng = np.random.default_rng(seed)
    steps = max(1, _AT_ONCE // known.size)
    ratios = []
    for done in range(0, draws, steps):
        weights = rng.multinomial(
            len(account), np.full(len(account), 1 / len(account)), size=min(steps, draws - done)
        ).astype(float)
        ratios.append(_ratio(weights, changed, beside, known, terms))
    weight = terms[1].sum() ** 2 / (terms[1] ** 2).sum()
    matched = np.sqrt(1 + 1 / known.shape[1])  # other peers would have been as like: the bootstrap keeps those found
    drawn = np.concatenate(ratios)
    if not (drawn > 0).mean() > _NORMAL_DRAWS:
        return {"value": value - 1, "low": np.nan, "high": np.nan, "n": n}
    spread = matched * t.ppf(0.95, max(1.0, weight - 1)) * np.std(np.log(drawn[drawn > 0]))
    return {"value": value - 1, "low": value * np.exp(-spread) - 1, "high": value * np.exp(spread) - 1, "n": n}


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
