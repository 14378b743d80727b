"""What each account will bring year by year: the fan behind its soil value."""

from __future__ import annotations

from copy import copy

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.forecasts import LEVEL, YEAR

COLUMNS = ["account_id", "years", "revenue_expected", "gp_expected", "gp_low", "gp_high", "common", "reach", "model"]


def yearly_outlook(model: SoilModel, features: pd.DataFrame) -> pd.DataFrame:
    """Expect the gross profit of each account up to the end of each year of the horizon, undiscounted.

    Parameters
    ----------
    model : SoilModel
        Fitted.
    features : DataFrame
        Account features; what contracts bring beside the orders is not counted.

    Returns
    -------
    DataFrame
        One row per account and year ahead (1, 2 … horizon): ``account_id, years, revenue_expected, gp_expected,
        gp_low, gp_high`` (cumulative from the as-of date; 80 %), ``common`` (spread, in logs, of what moves all
        accounts at once) and ``reach`` (standard deviations of it that an 80 % bound takes), ``model`` (the forecast
        in use).
    """
    made = []
    for years in range(1, int(np.ceil(model.horizon_years)) + 1):
        until = copy(model).set_params(horizon_years=float(years), discount_rate=0.0)
        choice, said = model.choice_.over(years * YEAR), until.predict(features)
        names = {"soil_value": "gp_expected", "soil_low": "gp_low", "soil_high": "gp_high"}
        facts = {"years": years, "common": choice.shock, "reach": stdtrit(choice.freedom, (1 + LEVEL) / 2)}
        facts["model"] = model.chosen
        made.append(said.rename(columns=names).assign(**facts)[COLUMNS])
    return pd.concat(made, ignore_index=True)
