"""What the orders of one account are like: how much they vary, and what of their value is profit."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import digamma

Array = NDArray[np.float64]

#: Prior orders that draw an account's margin to that of all.
_MARGIN_ORDERS = 5.0
#: Logs of the gamma shapes that are thought of, and the least gap of the one order that is added to those seen.
_LOG_SHAPES, _LEAST_GAP = (-5.0, 20.0), 0.025


def priced_orders(table: pd.DataFrame) -> tuple[Array, Array]:
    """Priced orders and their total value; an account whose returns outweigh its orders has no evidence.

    ``table``: ``spend_n, revenue_total``, as from ``account_features``.
    """
    revenue = np.maximum(table["revenue_total"].to_numpy(), 0.0)
    return np.where(revenue > 0, table["spend_n"].to_numpy(), 0.0), revenue


def order_variation(table: pd.DataFrame) -> float:
    """Tell how far an account's orders differ in size: the squared coefficient of variation, the same for all accounts.

    Parameters
    ----------
    table : DataFrame
        ``spend_n, revenue_total, spend_plain_log_sum``, as from ``account_features``.

    Notes
    -----
    Maximum likelihood of gamma values, whatever the means of the accounts: how far the log of the mean lies above the
    mean of the logs tells the shape. One further order that lies so far from all others as these lie from each other
    keeps thin portfolios finite. 1 where no order has a price.
    """
    n, total = priced_orders(table)
    n, total, logs = n[n > 0], total[n > 0], table["spend_plain_log_sum"].to_numpy()[n > 0]
    if not len(n):
        return 1.0
    overall = max(np.log(total.sum() / n.sum()) - logs.sum() / n.sum(), _LEAST_GAP)
    seen = np.maximum(n * np.log(total / n) - logs, 0.0).sum() + overall
    sizes, times = np.unique(n, return_counts=True)

    def too_wide(log_shape: float) -> float:
        shape = np.exp(log_shape)
        gaps = sizes * (digamma(sizes * shape) - np.log(sizes) - digamma(shape))
        return float((times * gaps).sum() + log_shape - digamma(shape) - seen)

    return float(np.exp(-brentq(too_wide, *_LOG_SHAPES)))


def account_margins(table: pd.DataFrame, overall: float) -> Array:
    """Gross profit per revenue of each account, drawn to that of all accounts where its orders are few.

    Parameters
    ----------
    table : DataFrame
        ``n_order_days, revenue_total, gp_total``, as from ``account_features``.
    overall : float
        Gross profit per revenue of all accounts.
    """
    mean_order = np.maximum(table["revenue_total"], 0) / np.maximum(table["n_order_days"], 1)
    weight = np.maximum(table["revenue_total"].to_numpy(), 0.0)
    borrowed = _MARGIN_ORDERS * np.where(weight > 0, mean_order, 1.0)
    return np.asarray((np.where(weight > 0, table["gp_total"], 0.0) + borrowed * overall) / (weight + borrowed))
