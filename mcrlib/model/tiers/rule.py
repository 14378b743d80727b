"""The four-axis rule: realised value, potential, strategic fit, survival."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.settings import Thresholds

#: Least fit and survival of an S account where they are known. Proposed.
_S_FIT, _S_SURVIVAL = 0.5, 0.5
_ROUNDING = 1e-9


def four_axes(features: pd.DataFrame, soil: pd.DataFrame) -> pd.DataFrame:
    """Place each customer on the four axes of the method, each from 0 to 1.

    Parameters
    ----------
    features : DataFrame
        As from ``account_features``; a column ``fit`` (0-1, from a questionnaire) is used where it is there.
    soil : DataFrame
        ``account_id, soil_value, p_alive``.

    Returns
    -------
    DataFrame
        ``account_id, realised`` (mean rank of gross profit of 12 and 36 months), ``potential`` (mean rank of soil value
        and of the customer's own size), ``fit, survival`` (probability of still buying). Ranks run from 0 to 1 over the
        accounts that ever ordered; an axis that is not known, or on which they are all alike, is empty.
    """
    joined = features.merge(soil[["account_id", "soil_value", "p_alive"]], on="account_id", validate="one_to_one")
    ordered = joined["n_order_days"] > 0
    # One measure of size for all: yearly revenue where anybody's is known, else the head count.
    size = joined["annual_revenue" if joined["annual_revenue"].notna().any() else "employees"].astype(float)

    def rank(column: pd.Series) -> pd.Series:
        known = column.where(ordered)
        return known.rank(pct=True) if known.min() < known.max() else known * np.nan

    return pd.DataFrame(
        {
            "account_id": joined["account_id"],
            "realised": pd.concat([rank(joined["harvest"]), rank(joined["gp_36m"])], axis=1).mean(axis=1),
            "potential": pd.concat([rank(joined["soil_value"]), rank(size)], axis=1).mean(axis=1),
            "fit": joined["fit"].astype(float) if "fit" in joined else np.nan,
            "survival": joined["p_alive"].astype(float).where(ordered),
        }
    )


def four_axis_rule(axes: pd.DataFrame, thresholds: Thresholds, quotas: dict[str, float] | None = None) -> pd.Series:
    """Give each customer the tier that the rule of the method gives.

    | tier | realised or potential value                    | fit   | survival |
    | ---- | ---------------------------------------------- | ----- | -------- |
    | S    | among the ``strategic_share`` highest          | ≥ 0.5 | ≥ 0.5    |
    | A    | among the ``top_accounts_share`` highest       |       | ≥ lost   |
    | C    | lower half on both, or never ordered, or       |       | < lost   |
    | B    | all others                                     |       |          |

    An axis that is not known does not decide. Accounts with the same place are never split. Quotas of S, A and B, where
    the client has set them, take the place of the two shares and of the lower half.

    Returns
    -------
    Series
        S, A, B or C, in the order of ``axes``.
    """
    best = axes[["realised", "potential"]].max(axis=1)
    # The share of accounts at least as high, so that a tie at the border falls to the lower tier as a whole.
    share = best.rank(ascending=False, method="max") / max(best.notna().sum(), 1)
    fits = ~(axes["fit"] < _S_FIT)
    lasts = ~(axes["survival"] < _S_SURVIVAL)
    lost = axes["survival"] < thresholds.lost
    first, second, low = thresholds.strategic_share, thresholds.top_accounts_share, best < 0.5
    if quotas:
        first, second, third = np.cumsum([quotas.get(tier, 0.0) for tier in "SAB"]) + _ROUNDING
        low = share > third
    choices = [best.isna() | lost | low, (share <= first) & fits & lasts, share <= second]
    return pd.Series(np.select(choices, ["C", "S", "A"], default="B"), index=axes.index, name="tier_rule")
