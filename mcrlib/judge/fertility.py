"""The fertility of the soil: one index of the relationship capital held at each customer, from 0 to 100."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: The four parts that the method names, each with what the data show of it.
BLOCKS = {
    "relationship": ("key", "general", "organisation"),
    "service": ("service",),
    "satisfaction": ("satisfaction",),
    "risk": ("risk",),
}
#: A part counts at least this much, so that a single zero does not wipe out all the rest. Proposed.
FLOOR = 0.02
#: Draws of other weights behind the interval.
_DRAWS = 100


def fertility_index(
    parts: pd.DataFrame, *, weights: dict[str, float] | None = None, coverage: float = 0.60, seed: int = 1
) -> pd.DataFrame:
    """Weigh what is known of each relationship into one index, in which one rotten part cannot be bought off.

    The index is 100 times the weighted geometric mean of relationship, service, satisfaction and freedom from risk;
    relationship is itself the geometric mean of its three. What is absent is dropped, the other weights grow, and the
    coverage falls. Without any sign of a relationship there is no index: satisfaction alone is not soil.

    Parameters
    ----------
    parts : DataFrame
        As from ``fertility_parts``: ``account_id, part, value, n, coverage``.
    weights : dict, optional
        By block; equal where not given.
    coverage : float
        Coverage below which the index is weak.
    seed : int
        Seed of the other weights.

    Returns
    -------
    DataFrame
        ``account_id, fertility`` (0 to 100), ``fertility_low, fertility_high`` (80 % of the indices that other weights
        give), ``fertility_n`` (persons, cases and answers behind it), ``fertility_coverage, fertility_status`` (``ok``,
        ``weak``, ``not_available``), ``thinnest`` (the part of the lowest value), ``fertility_rank, fertility_rank_low,
        fertility_rank_high`` (place among the accounts, 1 the most fertile: the middle and 80 % of the places that
        other weights give), sorted by ``account_id``.

    Notes
    -----
    Method card S2; weights drawn from Dirichlet(1), so that the interval shows how much the choice of weights matters.
    """
    wide = parts.set_index(["account_id", "part"])[["value", "coverage"]].sort_index()
    values = wide["value"].unstack()  # noqa: PD010 - the pair is the key: nothing to aggregate
    logs = values.clip(lower=FLOOR).apply(np.log)
    blocks = pd.DataFrame({block: logs.reindex(columns=list(of)).mean(axis=1) for block, of in BLOCKS.items()})
    given = np.array([(weights or {}).get(block, 1.0) for block in BLOCKS])
    is_there = blocks["relationship"].notna()
    draws = np.random.default_rng(seed).dirichlet(np.ones(len(BLOCKS)), _DRAWS)
    drawn = _weigh(blocks, draws.T)
    low, high = np.quantile(drawn, [0.1, 0.9], axis=1)
    ranks = pd.DataFrame(drawn, index=values.index).where(is_there).rank(ascending=False, method="min")
    filled = wide["coverage"].unstack().where(values.notna(), 0.0)  # noqa: PD010
    shares = {block: filled.reindex(columns=list(of), fill_value=0.0).mean(axis=1) for block, of in BLOCKS.items()}
    covered = (pd.DataFrame(shares) * given / given.sum()).sum(axis=1)
    known = values[values.notna().any(axis=1)]
    table = pd.DataFrame(
        {
            "fertility": _weigh(blocks, given[:, None])[:, 0],
            "fertility_low": low,
            "fertility_high": high,
            "fertility_n": parts.groupby("account_id")["n"].sum(),
            "fertility_coverage": covered,
            "fertility_status": np.where(covered < coverage, "weak", "ok"),
            "thinnest": known.idxmin(axis=1),
            "fertility_rank": ranks.quantile(0.5, axis=1),
            "fertility_rank_low": ranks.quantile(0.1, axis=1),
            "fertility_rank_high": ranks.quantile(0.9, axis=1),
        },
        index=values.index,
    )
    columns = ["fertility", "fertility_low", "fertility_high", "thinnest"]
    table[columns] = table[columns].where(is_there)
    table["fertility_status"] = table["fertility_status"].where(is_there, "not_available")
    return table.reset_index()


def _weigh(blocks: pd.DataFrame, weights: np.ndarray) -> np.ndarray:
    """100 times the geometric mean of the known blocks, one column for each column of weights."""
    there = blocks.notna().to_numpy(float)
    total = there @ weights
    mean = blocks.fillna(0.0).to_numpy() @ weights / np.where(total > 0, total, 1.0)
    return np.where(total > 0, 100 * np.exp(mean), np.nan)
