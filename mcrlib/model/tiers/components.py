"""Components of a value score, and the borders between them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

#: Where the search for the four components starts: quantiles of the score and their shares.
_START = np.array([0.2, 0.6, 0.875, 0.975])
_SHARES = np.array([0.4, 0.4, 0.15, 0.05])
#: Where the data show no border: S and A are 20 % of the customers (the method), S 5 %, S to B half (proposed).
_METHOD_SHARES = {"S": 0.05, "A": 0.15, "B": 0.30}
#: The search ends where the mean log-likelihood gains less, or after so many steps; no variance is below the floor. It
#: ends early, see the notes of ``ValueTiers``.
_GAIN, _STEPS, _FLOOR = 1e-3, 500, 1e-3
#: Most groups that are looked for, and the scores in which they are.
_MOST_GROUPS, _LOOKED_AT = 6, 2_000
#: Smaller differences are rounding.
LEAST = 1e-9

Floats = NDArray[np.float64]


class Components(NamedTuple):
    """Normal distributions with one common variance: their shares, their means and that variance."""

    shares: Floats
    means: Floats
    variance: float

    def log_parts(self, scores: Floats) -> Floats:
        """Log density of each score under each component, less what is the same for all of them."""
        away = scores[:, None] - self.means
        with np.errstate(divide="ignore"):  # a component that a draw left without accounts
            return np.asarray(np.log(self.shares) - away * away / (2 * self.variance))


def find_components(scores: Floats) -> Components | None:
    """Four components with one common variance; fewer where there are not four different scores, none of but one."""
    distinct = np.unique(scores)
    k = min(4, len(distinct))
    if k == 1:
        return None
    places = _START[:k] / _START[k - 1] * _START[-1]
    found = GaussianMixture(
        k,
        covariance_type="tied",
        tol=_GAIN,
        reg_covar=_FLOOR,
        max_iter=_STEPS,
        weights_init=_SHARES[:k] / _SHARES[:k].sum(),
        means_init=np.quantile(distinct if k < 4 else scores, places).reshape(k, 1),
        precisions_init=np.array([[k * k / max(scores.var(), LEAST)]]),
        init_params="random_from_data",
        random_state=0,
    ).fit(scores[:, None])
    order = np.argsort(found.means_[:, 0], kind="stable")
    return Components(found.weights_[order], found.means_[order, 0], float(found.covariances_[0, 0]))


def likeliest_groups(scores: Floats) -> int:
    """Tell how many groups the value scores form by themselves, by the Bayesian information criterion: one to six.

    The tiers are four all the same, as the method has it: one group says that their borders are cut through accounts
    that nature has not parted. Of very many scores 2,000 are looked at, evenly spread. Schwarz (1978), card T1.
    """
    known = np.sort(scores[np.isfinite(scores)])
    if len(np.unique(known)) < _MOST_GROUPS:
        return 1
    few = known[np.unique(np.linspace(0, len(known) - 1, _LOOKED_AT).astype(int))]
    with threadpool_limits(1):
        found = [_groups(few, k).bic(few[:, None]) for k in range(1, _MOST_GROUPS + 1)]
    return int(np.argmin(found)) + 1


def _groups(scores: Floats, k: int) -> GaussianMixture:
    return GaussianMixture(
        k, covariance_type="tied", reg_covar=_FLOOR, tol=_GAIN / 10, max_iter=_STEPS,
        means_init=np.quantile(scores, (np.arange(k) + 0.5) / k).reshape(k, 1),
        precisions_init=np.array([[k * k / max(scores.var(), LEAST)]]),
        init_params="random_from_data", random_state=0,
    ).fit(scores[:, None])  # fmt: skip


def follow_components(draw: Floats, start: Components | None) -> Components | None:
    """The components of one draw, searched from those of all accounts.

    The same steps that ``GaussianMixture`` takes, to the last digits, without its checks of every input: with a few
    hundred accounts those cost ten times as much as the search.
    """
    scores, counts = np.unique(draw, return_counts=True)
    if start is None or len(scores) < len(start.means):
        return find_components(draw)
    n, squares, before, found = len(draw), float(counts @ scores**2), -np.inf, start
    for _ in range(_STEPS):
        logs = found.log_parts(scores)
        most = logs.max(axis=1)
        parts = np.exp(logs - most[:, None])
        total = parts.sum(axis=1)
        likelihood = counts @ (most + np.log(total)) / n - np.log(found.variance) / 2
        sizes = (counts / total) @ parts + 10 * np.finfo(float).eps
        means = (counts / total * scores) @ parts / sizes
        found = Components(sizes / sizes.sum(), means, (squares - sizes @ means**2) / n + _FLOOR)
        if abs(likelihood - before) < _GAIN:
            break
        before = likelihood
    return found


def cut_by_components(scores: Floats, found: Components | None) -> Floats:
    """The scores at which the likeliest component changes; infinite for the tiers to which no component is left."""
    cuts = np.full(3, np.inf)
    if found is None:
        return cuts
    distinct = np.unique(scores)
    order = np.argsort(np.argsort(found.means, kind="stable"))
    _, rank = np.unique(np.maximum.accumulate(order[found.log_parts(distinct).argmax(axis=1)]), return_inverse=True)
    changes = np.flatnonzero(np.diff(rank))
    cuts[: len(changes)] = (distinct[changes] + distinct[changes + 1]) / 2
    return cuts


def adjusted_rand(tiers: NDArray[np.intp], others: NDArray[np.intp]) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985) of two ways to part the same accounts into tiers; 1 where equal."""
    both = np.bincount(4 * tiers + others, minlength=16).reshape(4, 4)
    together, rows, columns, pairs = (
        float((counts * (counts - 1)).sum())
        for counts in (both, both.sum(axis=1), both.sum(axis=0), np.array([len(tiers)]))
    )
    chance = rows * columns / pairs if pairs else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)


def fill_by_shares(cuts: Floats, scores: Floats) -> Floats:
    """Draw by the method's shares the borders that the data do not show."""
    if scores[-1] - scores[0] <= LEAST:
        return cuts
    filled = cuts.copy()
    for place, share in enumerate(cut_by_quotas(scores, _METHOD_SHARES)):
        if np.isinf(filled[place]) and (place == 0 or share > filled[place - 1]):
            filled[place] = share
    return filled


def cut_by_quotas(scores: Floats, quotas: dict[str, float]) -> Floats:
    """The cuts that keep each tier within its share; accounts that tie at a cut go to the lower tier together."""
    shares = np.cumsum([quotas.get(tier, 0.0) for tier in "SAB"])
    places = np.floor(shares * len(scores) + 1e-9).astype(int)
    descending = scores[::-1]
    cuts = [_above(descending, place) for place in places]
    return np.array(cuts[::-1])


def _above(descending: Floats, place: int) -> float:
    if place == 0 or descending[0] == descending[-1]:
        return float("inf")
    if place >= len(descending):
        return float("-inf")
    last_in, first_out = descending[place - 1], descending[place]
    if last_in > first_out:
        return float((last_in + first_out) / 2)
    higher = descending[descending > first_out]
    return float((higher[-1] + first_out) / 2) if len(higher) else float("inf")
