"""What the simulated company sells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.simulate.periods import to_dates

LINES = np.array(["Sensors", "Controllers", "Drives", "Software", "Services"], dtype=object)
_MODELS = ("One", "Two", "Plus", "Pro", "Max", "Lite")
#: Small against an order, so that a whole number of pieces comes to its amount at nearly the price agreed.
_PRICES = (18.0, 60.0, 140.0, 36.0, 25.0)


def product_table() -> pd.DataFrame:
    """Thirty products on five lines."""
    line = np.repeat(np.arange(len(LINES)), len(_MODELS))
    model = np.tile(np.arange(len(_MODELS)), len(LINES))
    names = LINES[line]
    first_sold = np.datetime64("2014-03-01") + (line * 370 + model * 330).astype("timedelta64[D]")
    return pd.DataFrame(
        {
            "product_id": [f"P{number:03d}" for number in range(1, len(line) + 1)],
            "product_name": names + " " + np.array(_MODELS, dtype=object)[model],
            "product_line": names,
            "launched_date": to_dates(first_sold),
            "is_strategic": np.isin(line, [3]) | (model == 4),
            "list_price": np.array(_PRICES)[line] * (1 + 0.5 * model),
        }
    )
