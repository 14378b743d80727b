"""What should make a reader doubt the soil values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.errors import Complaint

#: From this share on the forecast is mostly the mean of all accounts.
MOSTLY = 0.5


def soil_doubts(soil: pd.DataFrame, choice: Any) -> list[Complaint]:
    """List what should make a reader doubt the soil values.

    Parameters
    ----------
    soil : DataFrame
        As from ``SoilModel.predict``; of accounts that never ordered nothing is doubted here.
    choice : Choice
        Which forecast is in use, and how many earlier cutoffs it was judged at.
    """
    said = []
    unknown = int((soil["soil_value"].isna() & soil["soil_basis"].eq("orders")).sum())
    if unknown:
        text = f"not enough data for the soil value of {unknown} accounts: they first ordered on the last day"
        said.append(Complaint("not_enough_data", text))
    elif choice.origins == 0 and soil["soil_basis"].eq("orders").any():
        text = "the history is too short to judge the forecast on a frozen past: read the soil values as unproven"
        said.append(Complaint("unjudged_forecast", text))
    elif choice.model != "kit":
        text = f"the kit's forecast lost against '{choice.model}' at earlier dates, so the run uses '{choice.model}'"
        said.append(Complaint("baseline_used", text))
    elif choice.model == "kit" and (share := choice.weights.get("everyone", 0.0)) >= MOSTLY:
        text = f"accounts hardly differed in a lasting way: {round(100 * share)} % of the forecast is the mean of all"
        said.append(Complaint("little_signal", text))
    return said
