"""What pymc-marketing says and how long it takes; run by ``models.py`` in a Python that has it, never imported.

Tasks: ``forecast ORDERS.csv CUTOFF DAYS OUT.csv`` · ``fit ORDERS.csv CUTOFF``; figures as JSON.
All models by maximum a posteriori, the way of fitting that a scheduled run could afford.
"""

from __future__ import annotations

import json
import sys
import time
import warnings

import numpy as np
import pandas as pd
from pymc_marketing.clv import BetaGeoModel, GammaGammaModel, ModifiedBetaGeoModel, ParetoNBDModel
from pymc_marketing.clv.utils import rfm_summary

warnings.filterwarnings("ignore")
MODELS = {"bg_nbd": BetaGeoModel, "mbg_nbd": ModifiedBetaGeoModel, "pareto_nbd": ParetoNBDModel}


def summary(source: str, cutoff: str) -> pd.DataFrame:
    """Frequency, recency, T and the mean value of repeats in days, as pymc-marketing makes them."""
    orders = pd.read_csv(source, dtype={"account_id": str}, parse_dates=["order_date"])
    orders = orders[orders["order_date"] <= cutoff]
    return rfm_summary(orders, "account_id", "order_date", "amount", observation_period_end=cutoff)


def each(said: object, n: int) -> np.ndarray:
    """The one draw of a maximum a posteriori, by customer."""
    return np.asarray(said, dtype=float).reshape(n)


def order_values(table: pd.DataFrame) -> np.ndarray:
    """Expected value of an order by Gamma-Gamma, learned from the repeats."""
    repeats = table[(table["frequency"] > 0) & (table["monetary_value"] > 0)]
    model = GammaGammaModel(repeats)
    model.fit(method="map", progressbar=False)
    return each(model.expected_customer_spend(table), len(table))


def forecast(source: str, cutoff: str, days: str, out: str) -> dict[str, float]:
    """All families on one log: ``account_id`` and, per family, orders and revenue (count x value of an order)."""
    table = summary(source, cutoff)
    values, said = order_values(table), {}
    for name, make in MODELS.items():
        model = make(table)
        model.fit(method="map", progressbar=False)
        orders = each(model.expected_purchases(table, future_t=int(days)), len(table))
        said |= {f"{name}_orders": orders, f"{name}_revenue": orders * values}
    pd.DataFrame(said, index=pd.Index(table["customer_id"], name="account_id")).to_csv(out)
    return {"accounts": len(table)}


def fit(source: str, cutoff: str) -> dict[str, float]:
    """Seconds of a fit on exact days, compilation included; one run each."""
    table, spent = summary(source, cutoff), {}
    for name in ("bg_nbd", "pareto_nbd"):
        started = time.perf_counter()
        MODELS[name](table).fit(method="map", progressbar=False)
        spent[name] = time.perf_counter() - started
    return spent


if __name__ == "__main__":
    tasks = {"forecast": forecast, "fit": fit}
    json.dump(tasks[sys.argv[1]](*sys.argv[2:]), sys.stdout)
