"""The published tier of each account, with its probability and the codes of its reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pandas as pd

from mcrlib.model.tiers.decisions import human_decisions
from mcrlib.model.tiers.holding import hold_tiers
from mcrlib.model.tiers.luck import another_course, score_luck
from mcrlib.model.tiers.mixture import TIERS, ValueTiers
from mcrlib.model.tiers.rule import four_axes, four_axis_rule
from mcrlib.model.tiers.values import WEIGHTS, value_matrix
from mcrlib.settings import Override, Settings


def fit_tiers(
    values: pd.DataFrame,
    ordered: pd.Series,
    settings: Settings,
    *,
    n_resamples: int = 200,
    anchor: dict[str, float] | None = None,
    anchor_weight: float = 1.0,
) -> ValueTiers:
    """Learn the tiers of one company from the customers that ever ordered.

    Parameters
    ----------
    values : DataFrame
        As from ``value_matrix``.
    ordered : Series of bool
        Which accounts ever ordered, in the order of ``values``; where none did, all are looked at.
    settings : Settings
        Quotas and seed.
    anchor, anchor_weight
        As of ``ValueTiers``.
    """
    known = values[ordered.to_numpy(bool)] if ordered.any() else values
    weights = [WEIGHTS[str(column)] for column in values]
    return ValueTiers(n_resamples, weights, _quotas(settings), settings.seed, anchor, anchor_weight).fit(known)


def tier_table(
    features: pd.DataFrame,
    soil: pd.DataFrame,
    settings: Settings,
    *,
    as_of: dt.date | None = None,
    model: ValueTiers | None = None,
    before: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Give every customer its tier, how sure it is, what the rule says, and why.

    Parameters
    ----------
    features, soil : DataFrame
        As from ``account_features`` and ``SoilModel.predict``; one row per account each, in the same order.
    settings : Settings
        Who decides, quotas, thresholds, overrides.
    as_of : date, optional
        Human decisions count up to and with their last day; without a date (a backtest) they are left out.
    model : ValueTiers, optional
        As from ``settle_tiers``; fitted here where not given.
    before : DataFrame, optional
        ``account_id, tier_held, tier_seen`` as an earlier run returned them: tiers then move only where the move is
        sure (``hold_tiers``). Quotas are kept to the letter, so with them nothing is held.

    Returns
    -------
    DataFrame
        ``account_id, tier, tier_probability`` (chance that the tier comes out again were customers and orders drawn
        again; NaN where components did not decide),
        ``tier_rule, tier_cluster, tier_reason`` (codes, separated by ``;``), ``override_reason, override_by,
        override_until, tier_held`` (before human decisions; none for an account that never ordered), ``tier_seen`` (for
        the next run). Codes: ``never_ordered``, ``no_variation``, ``<column>:high`` or ``<column>:low`` for the two
        columns (where the rule decides: its axes) that weigh most, ``middle`` where none does, ``held`` where a move
        waits for the next run to confirm it, ``rule:<tier>`` and ``clusters:<tier>`` where they say otherwise,
        ``borderline`` below the probability ``firm_tier``, ``override`` and ``override_expired``.
    """
    values = value_matrix(features, soil)
    ordered = features["n_order_days"].gt(0).to_numpy()
    model = model or fit_tiers(values, pd.Series(ordered), settings)
    table = pd.DataFrame({"account_id": features["account_id"].to_numpy()})
    table["tier_cluster"] = np.where(ordered, model.predict(values), "C")
    axes = four_axes(features, soil)
    table["tier_rule"] = four_axis_rule(axes, settings.thresholds, _quotas(settings)).to_numpy()
    by_rule = settings.tiers.decide == "rule"
    scores, luck = model.score_accounts(values), score_luck(model, features, soil)
    chances = model.predict_proba(values, another_course(scores, luck, ordered))
    said = pd.DataFrame(model.predict_proba(values, (scores, luck)), columns=TIERS).assign(
        account_id=table["account_id"], tier=table["tier_rule" if by_rule else "tier_cluster"], ordered=ordered
    )
    said["score"] = scores
    if by_rule:
        said[[*TIERS, "score"]] = np.nan
    earlier = None if settings.tiers.quotas else before
    table = table.join(hold_tiers(said, earlier, None if by_rule else model, settings.thresholds))
    table["tier"] = table["tier_held"]
    table["waits"] = table["tier"] != said["tier"]
    table = _apply_overrides(table, features, settings.overrides, as_of)
    place = table["tier"].map({tier: place for place, tier in enumerate(TIERS)}).to_numpy(int)
    probability = chances[np.arange(len(table)), place]
    decided_by_components = ordered & (not by_rule) & table["override_by"].isna()
    table["tier_probability"] = np.where(decided_by_components, probability, np.nan)
    parts = _axis_parts(axes) if by_rule else pd.DataFrame(model.contributions(values), columns=values.columns)
    table["tier_reason"] = _reasons(table, _strongest(parts, place), ordered, model.varied_, settings)
    table["tier_held"] = table["tier_held"].where(ordered)
    return table[[
        "account_id", "tier", "tier_probability", "tier_rule", "tier_cluster", "tier_reason",
        "override_reason", "override_by", "override_until", "tier_held", "tier_seen",
    ]]  # fmt: skip


def _apply_overrides(
    table: pd.DataFrame, features: pd.DataFrame, overrides: Sequence[Override], as_of: dt.date | None
) -> pd.DataFrame:
    made = human_decisions(features, overrides if as_of else (), as_of or dt.date.max)
    counts, expired = (made[made["state"] == state] for state in ("counts", "expired"))
    named = {"reason": "override_reason", "by": "override_by", "until": "override_until"}
    counts = counts.rename(columns=named)[["account_id", "decided", *named.values()]]
    table = table.merge(counts, on="account_id", how="left", validate="one_to_one")
    table["expired"] = table["account_id"].isin(expired["account_id"]) & table["decided"].isna()
    table["tier"] = table["decided"].fillna(table["tier"])
    return table


def _quotas(settings: Settings) -> dict[str, float] | None:
    return {str(tier): share for tier, share in settings.tiers.quotas.items()} if settings.tiers.quotas else None


def _axis_parts(axes: pd.DataFrame) -> pd.DataFrame:
    """How far each account is from the middle on the axes of the rule; 0 where that is not known."""
    named = axes.drop(columns="account_id").rename(columns={"potential": "potential_axis", "survival": "p_alive"})
    return (named - 0.5).fillna(0.0)


def _strongest(parts: pd.DataFrame, place: np.ndarray) -> np.ndarray:
    """Codes of the two parts that pull each account most towards its tier: upwards for S and A, downwards for C.

    ``middle`` where none does: most accounts are alike in what counts, and so is this one.
    """
    pulls = parts.to_numpy(float)
    pull = np.where(place[:, None] >= 2, pulls, np.where(place[:, None] == 0, -pulls, np.abs(pulls)))
    strongest = np.argsort(-pull, axis=1, kind="stable")[:, :2]
    codes = np.where(pulls > 0, [f"{name}:high;" for name in parts], [f"{name}:low;" for name in parts])
    told = np.where(np.abs(pulls) > 1e-9, codes, "").astype(object)
    found = np.take_along_axis(told, strongest, axis=1).sum(axis=1)
    return np.where(found == "", "middle;", found)


def _reasons(
    table: pd.DataFrame, deciding: np.ndarray, ordered: np.ndarray, varied: bool, settings: Settings
) -> np.ndarray:
    rule, cluster = table["tier_rule"], table["tier_cluster"]
    codes = [
        np.where(table["override_by"].notna(), "override;", ""),
        np.where(table["expired"], "override_expired;", ""),
        np.where(ordered, deciding if varied else "no_variation;", "never_ordered;"),
        np.where(table["waits"] & table["override_by"].isna(), "held;", ""),
        np.where(rule != table["tier"], "rule:" + rule.astype(str) + ";", ""),
        np.where(cluster != table["tier"], "clusters:" + cluster.astype(str) + ";", ""),
        np.where(table["tier_probability"] < settings.thresholds.firm_tier, "borderline;", ""),
    ]
    told = np.sum([code.astype(object) for code in codes], axis=0)
    return np.array([code.rstrip(";") for code in told], dtype=object)
