"""The fertility of the soil: one index of the relationship capital held at each customer, from 0 to 100."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: The four parts that the method names, each with the layers that the data show of it.
BLOCKS = {
    "relationship": ("key", "general", "organisation"),
    "service": ("service", "delivery"),
    "satisfaction": ("satisfaction",),
    "risk": ("risk",),
}
LAYERS = tuple(layer for layers in BLOCKS.values() for layer in layers)
#: Shares and means of few persons, cells, cases, orders or answers: chance has its part in them.
_COUNTED = ("key", "general", "service", "delivery", "satisfaction", "risk")
#: A part counts at least this much, so that a single zero does not wipe out all the rest. Proposed.
FLOOR = 0.02
#: Draws of other weights behind the intervals.
_DRAWS = 100


def fertility_layers(accounts: pd.Series, measures: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Put the three axes of the relationship beside service, delivery, satisfaction and risk: the layers of the soil.

    Parameters
    ----------
    accounts : Series
        Every ``account_id``.
    measures : DataFrame
        As from ``axis_measures``: *key, general, organisation*, the same that the map of relationships shows.
    parts : DataFrame
        As from ``fertility_parts``, of which the others are taken.

    Returns
    -------
    DataFrame
        Seven rows per account (``LAYERS``): ``account_id, part, value, n, coverage, basis, status``. What is not known
        has no value, and coverage 0.
    """
    axes = measures[measures["metric"].isin(BLOCKS["relationship"])].rename(columns={"metric": "part"})
    others = parts[~parts["part"].isin(BLOCKS["relationship"])]
    columns = ["account_id", "part", "value", "n", "coverage", "basis", "status"]
    found = pd.concat([axes[columns], others[columns]], ignore_index=True).set_index(["account_id", "part"])
    grid = pd.MultiIndex.from_product([accounts.sort_values(), LAYERS], names=["account_id", "part"])
    layers = found.reindex(grid).reset_index()
    layers["status"] = layers["status"].fillna("not_available")
    layers["coverage"] = layers["coverage"].fillna(0.0)
    return layers.assign(n=layers["n"].fillna(0).astype("int64"))


def fertility_index(
    layers: pd.DataFrame, *, weights: dict[str, float] | None = None, coverage: float = 0.60, seed: int = 1
) -> pd.DataFrame:
    """Weigh what is known of each relationship into one index, in which one rotten part cannot be bought off.

    The index is 100 times the weighted geometric mean of relationship, service, satisfaction and freedom from risk;
    relationship is itself the geometric mean of its three, service of closure in time and clean delivery. What is
    absent is dropped, the other weights grow, and the coverage falls. Without any sign of a relationship there is no
    index: satisfaction alone is not soil.

    Parameters
    ----------
    layers : DataFrame
        As from ``fertility_layers``: ``account_id, part, value, n, coverage``.
    weights : dict, optional
        By block; equal where not given.
    coverage : float
        Coverage below which the index is weak.
    seed : int
        Seed of the other weights.

    Returns
    -------
    DataFrame
        ``account_id, fertility`` (0 to 100), ``fertility_low, fertility_high`` (80 % of the indices under other weights
        and under the chance that lies in few persons, cells, cases and answers), ``fertility_n`` (how many of these
        stand behind it), ``fertility_coverage, fertility_status`` (``ok``, ``weak``, ``not_available``), ``thinnest``
        (the layer of the lowest value), ``fertility_rank, fertility_rank_low, fertility_rank_high`` (place among the
        accounts, 1 the most fertile: the middle and 80 % of the places that other weights give), sorted by
        ``account_id``.

    Notes
    -----
    Method card S2. Weights are drawn from Dirichlet(1); a layer made of counts from the posterior of Jeffreys, whose
    number is what the coverage leaves of ``n``. A mean of values between 0 and 1 varies less than a share, so the
    interval is rather too wide. The places move with the weights alone, so that equal accounts keep one place.
    """
    wide = layers.set_index(["account_id", "part"])[["value", "n", "coverage"]].sort_index()
    values = wide["value"].unstack()  # noqa: PD010 - the pair is the key: nothing to aggregate
    blocks = _blocks(values.to_numpy(), values.columns)
    given = np.array([(weights or {}).get(block, 1.0) for block in BLOCKS])
    is_there = pd.Series(np.isfinite(blocks[:, 0]), values.index)
    rng = np.random.default_rng(seed)
    draws = rng.dirichlet(np.ones(len(BLOCKS)), _DRAWS)
    index = _weigh(blocks, given[:, None])[:, 0]
    ranks = pd.DataFrame(_weigh(blocks, draws.T), index=values.index).where(is_there)
    ranks = ranks.rank(ascending=False, method="min")
    spread = _spread(values, wide["n"] * wide["coverage"], draws, rng)
    known = values[values.notna().any(axis=1)]
    covered = _coverage(wide["coverage"].unstack().where(values.notna(), 0.0), given)  # noqa: PD010
    table = pd.DataFrame(
        {
            "fertility": index,
            "fertility_low": np.fmin(np.quantile(spread, 0.1, axis=1), index),
            "fertility_high": np.fmax(np.quantile(spread, 0.9, axis=1), index),
            "fertility_n": layers.groupby("account_id")["n"].sum(),
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


def _blocks(values: np.ndarray, layers: pd.Index) -> np.ndarray:
    """The logarithm of each block, a column each: the mean of those of its layers that are known."""
    logs = np.log(np.maximum(values, FLOOR))
    parts = [logs[:, layers.isin(of)] for of in BLOCKS.values()]
    known = np.array([np.isfinite(part).sum(axis=1) for part in parts])
    sums = np.array([np.nansum(part, axis=1) for part in parts])
    return np.divide(sums, known, out=np.full(sums.shape, np.nan), where=known > 0).T


def _coverage(filled: pd.DataFrame, given: np.ndarray) -> pd.Series:
    shares = {block: filled.reindex(columns=list(of), fill_value=0.0).mean(axis=1) for block, of in BLOCKS.items()}
    return (pd.DataFrame(shares) * given / given.sum()).sum(axis=1)


def _spread(values: pd.DataFrame, n: pd.Series, draws: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The index once for every draw of weights, each time with layers as they might be as well."""
    counts = n.unstack().reindex_like(values).fillna(0.0)  # noqa: PD010 - the pair is the key
    counted = values.columns.intersection(list(_COUNTED))
    share, size = values[counted].fillna(0.5).clip(0.0, 1.0).to_numpy(), counts[counted].to_numpy()
    hits, misses = share * size + 0.5, (1 - share) * size + 0.5
    is_known = (values[counted].notna() & (counts[counted] > 0)).to_numpy()
    now, at = values.to_numpy(copy=True), values.columns.get_indexer(counted)
    delivered = now[:, at]
    found = np.empty((len(values), len(draws)))
    for place, weights in enumerate(draws):
        now[:, at] = np.where(is_known, rng.beta(hits, misses), delivered)
        found[:, place] = _weigh(_blocks(now, values.columns), weights[:, None])[:, 0]
    return found


def _weigh(blocks: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """100 times the geometric mean of the known blocks, one column for each column of weights."""
    there = np.isfinite(blocks).astype(float)
    total = there @ weights
    mean = np.nan_to_num(blocks) @ weights / np.where(total > 0, total, 1.0)
    return np.where(total > 0, 100 * np.exp(mean), np.nan)
