"""What goes with rich soil: how much more accounts bring that have more of something."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from mcrlib.model.bootstrap import BOUNDS
from mcrlib.thresholds import DEFAULTS

#: Chance that any fact is called sure which is not.
_BY_LUCK = 0.1


def lifts(effects: pd.DataFrame | None, revenue: pd.Series, *, few: int = DEFAULTS.small_number) -> pd.DataFrame:
    """Tell by what share the revenue of accounts is higher that have more of something, all else equal.

    Parameters
    ----------
    effects : DataFrame or None
        As from ``Masked.effects``; None where nothing was learned.
    revenue : Series
        Of each account, in a year.
    few : int
        Accounts that must hold the revenue: all that a giant is goes with its revenue.

    Returns
    -------
    DataFrame
        ``covariate, kind``, ``lift`` (share more for one usual spread more; 0.2 is a fifth) with its 80 % interval
        ``lift_low, lift_high``, ``is_sure``; the largest in either direction first. Of many facts some look sure by
        chance: with all that are sure, there is one chance in ten that any is not (Bonferroni). None is where so few
        hold the revenue that as many equal ones would be fewer than ``few``.
    """
    if effects is None:
        return pd.DataFrame(columns=["covariate", "kind", "lift", "lift_low", "lift_high", "is_sure"])
    ends = {name: np.expm1(effects[name.replace("lift", "effect")]) for name in ("lift", "lift_low", "lift_high")}
    spread = (effects["effect_high"] - effects["effect_low"]) / (2 * ndtri(BOUNDS[1]))
    is_sure = effects["effect"].abs() > spread * ndtri(1 - _BY_LUCK / (2 * max(len(effects), 1)))
    holders = revenue.sum() ** 2 / max((revenue**2).sum(), np.finfo(float).tiny)
    return effects[["covariate", "kind"]].assign(**ends, is_sure=is_sure & (holders >= few))
