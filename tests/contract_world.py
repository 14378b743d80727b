"""Renewals of contracts with known chances, for tests."""

import numpy as np
import pandas as pd


def draw_renewals(n, seed, *, churn=0.25, strength=2.4, effect=-0.5, most=6):
    """Decided renewals of n contracts; ``touch`` moves the log odds of ending by ``effect`` a unit."""
    rng = np.random.default_rng(seed)
    rows = []
    for touch, terms in zip(rng.standard_normal(n), rng.integers(1, most + 1, n), strict=True):
        for period in range(1, terms + 1):
            odds = churn * strength * np.exp(effect * touch) / ((1 - churn) * strength + period - 1)
            renewed = rng.random() > odds / (1 + odds)
            rows.append((period, touch, float(renewed)))
            if not renewed:
                break
    return pd.DataFrame(rows, columns=["period", "touch", "renewed"])
