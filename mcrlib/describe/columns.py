"""The columns that an estimator takes of account features."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd


def taken(X: Any, names: Sequence[str]) -> pd.DataFrame:
    """These columns of account features; a ValueError names those that are not there."""
    if missing := [name for name in names if name not in getattr(X, "columns", ())]:
        raise ValueError(f"account features lack the columns {', '.join(missing)}")
    return X[list(names)]
