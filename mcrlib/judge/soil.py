"""What should make a reader doubt the soil values."""

from __future__ import annotations

import pandas as pd

from mcrlib.errors import Complaint
from mcrlib.model.soil.combine import SoilModel

#: From this share on the forecast is mostly the mean of all accounts.
MOSTLY = 0.5


def soil_doubts(soil: pd.DataFrame, model: SoilModel) -> list[Complaint]:
    """List what should make a reader doubt the soil values.

    Parameters
    ----------
    soil : DataFrame
        As from ``SoilModel.predict``; of accounts that never ordered nothing is doubted here.
    model : SoilModel
        Which forecast is in use, at how many earlier cutoffs it was judged, and how far it looks ahead of how much.
    """
    if not soil["soil_basis"].eq("orders").any():
        return []
    return [*_reach_doubts(soil, model), *_forecast_doubts(model)]


def _reach_doubts(soil: pd.DataFrame, model: SoilModel) -> list[Complaint]:
    """Whether the horizon lies too far beyond what was seen, and how far any forecast was judged."""
    choice, seen = model.choice_, round(model.history_days_)
    if model.parts_ is None:
        unknown = int((soil["soil_value"].isna() & soil["soil_basis"].eq("orders")).sum())
        one, many = "account: it first ordered on the last day", "accounts: they first ordered on the last day"
        text = f"not enough data for the soil value of {unknown} {one if unknown == 1 else many}"
        return [Complaint("not_enough_data", text)] if unknown else []
    if model.status == "not_available":
        text = (
            f"not enough data for a soil value over {model.horizon_years:g} years: orders are on record for {seen} "
            "days, too few to judge any forecast at an earlier date"
        )
        return [Complaint("not_enough_data", text)]
    if model.status == "weak":
        text = (
            f"the soil values are weak: they look {model.horizon_years:g} years ahead from {seen} days of orders; at "
            f"earlier dates the forecast was judged over {choice.horizon_days} days, what lies beyond is extrapolation"
        )
        return [Complaint("short_history", text)]
    if choice.origins == 0:
        text = "the history is too short to judge the forecast on a frozen past: read the soil values as unproven"
        return [Complaint("unjudged_forecast", text)]
    return []


def _forecast_doubts(model: SoilModel) -> list[Complaint]:
    """Whether a plain forecast had to be taken, and whether accounts differ at all."""
    choice = model.choice_
    if choice.model != "kit":
        text = f"the kit's forecast lost against '{choice.model}' at earlier dates, so the run uses '{choice.model}'"
        return [Complaint("baseline_used", text)]
    share = choice.weights.get("everyone", 0.0)
    if share >= MOSTLY:
        text = f"accounts hardly differed in a lasting way: {round(100 * share)} % of the forecast is the mean of all"
        return [Complaint("little_signal", text)]
    return []
