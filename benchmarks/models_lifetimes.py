"""What lifetimes says and how long it takes; run by ``models.py`` in a Python that has it, never imported.

Tasks: ``forecast ORDERS.csv CUTOFF DAYS OUT.csv`` · ``small ORDERS.csv CUTOFF DAYS`` · ``fit ORDERS.csv CUTOFF`` ·
``summary ORDERS.parquet CUTOFF``; figures as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import lifetimes
import numpy as np
import pandas as pd
from lifetimes.utils import summary_data_from_transaction_data

warnings.filterwarnings("ignore")
FITTERS = {
    "bg_nbd": lifetimes.BetaGeoFitter,
    "mbg_nbd": lifetimes.ModifiedBetaGeoFitter,
    "pareto_nbd": lifetimes.ParetoNBDFitter,
}
PENALTIES = (0.0, 0.001, 0.01, 0.1)


def summary(orders: pd.DataFrame, cutoff: str) -> pd.DataFrame:
    """Frequency, recency, T and the mean value of repeats in days, as lifetimes makes them."""
    return summary_data_from_transaction_data(
        orders, "account_id", "order_date", "amount", observation_period_end=cutoff, freq="D"
    )


def converged(fit: Callable[[float], Any]) -> Any:
    """The first penalty with which a fit converges; None where none does."""
    for penalty in PENALTIES:
        try:
            return fit(penalty)
        except Exception:  # noqa: BLE001, S112 - lifetimes raises what its optimiser raises
            continue
    return None


def fitted(model: Any, table: pd.DataFrame) -> Any:
    """Fit orders on exact days."""
    return model.fit(table["frequency"], table["recency"], table["T"])


def order_values(table: pd.DataFrame) -> np.ndarray:
    """Expected value of an order by Gamma-Gamma; the mean of the repeats where it does not converge."""
    repeats = table[(table["frequency"] > 0) & (table["monetary_value"] > 0)]
    mean = repeats["monetary_value"].mean()
    try:
        found = lifetimes.GammaGammaFitter().fit(repeats["frequency"], repeats["monetary_value"])
    except Exception:  # noqa: BLE001
        return np.where(table["monetary_value"] > 0, table["monetary_value"], mean)
    return found.conditional_expected_average_profit(table["frequency"], table["monetary_value"]).to_numpy()


def orders_to_come(model: Any, table: pd.DataFrame, days: int) -> np.ndarray:
    """Expected orders within so many days."""
    return np.asarray(
        model.conditional_expected_number_of_purchases_up_to_time(
            days, table["frequency"].to_numpy(), table["recency"].to_numpy(), table["T"].to_numpy()
        ),
        dtype=float,
    )


def forecast(source: str, cutoff: str, days: str, out: str) -> dict[str, float]:
    """All families on one log: ``account_id`` and, per family, orders and revenue (count x value of an order)."""
    np.random.seed(1)
    table = summary(pd.read_csv(source, dtype={"account_id": str}, parse_dates=["order_date"]), cutoff)
    values, said = order_values(table), {}
    for name, make in FITTERS.items():
        model = converged(
            lambda penalty, make=make: make(penalty).fit(table["frequency"], table["recency"], table["T"])
        )
        orders = np.full(len(table), np.nan) if model is None else orders_to_come(model, table, int(days))
        said |= {f"{name}_orders": orders, f"{name}_revenue": orders * values}
    pd.DataFrame(said, index=table.index).to_csv(out)
    return {"accounts": len(table)}


def fit(source: str, cutoff: str) -> dict[str, float]:
    """Seconds of a fit on exact days, the median of three."""
    table = summary(pd.read_csv(source, dtype={"account_id": str}, parse_dates=["order_date"]), cutoff)
    spent = {}
    for name in ("bg_nbd", "pareto_nbd"):
        taken = []
        for seed in range(3):
            np.random.seed(seed)
            started = time.perf_counter()
            fitted(FITTERS[name](), table)
            taken.append(time.perf_counter() - started)
        spent[name] = float(np.median(taken))
    return spent


def summarise(source: str, cutoff: str) -> dict[str, float]:
    """Wall seconds of the summary once the orders are in memory, and the peak memory of the process in MB."""
    orders = pd.read_parquet(source, columns=["account_id", "order_date", "amount"])
    orders["order_date"], orders["amount"] = pd.to_datetime(orders["order_date"]), orders["amount"].astype(float)
    started = time.perf_counter()
    found = summary(orders, cutoff)
    spent = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    return {"seconds": spent, "memory": peak, "accounts": len(found)}


def small(source: str, cutoff: str, days: str) -> dict[str, float]:
    """Bases too small or odd to be fitted: of all samples (column ``sample``), how many fail or are not finite."""
    orders = pd.read_csv(source, dtype={"account_id": str}, parse_dates=["order_date"])
    failed = 0
    for _, one in orders.groupby("sample"):
        table = summary(one, cutoff)
        try:
            model = fitted(lifetimes.BetaGeoFitter(), table)
            failed += not np.isfinite(orders_to_come(model, table, int(days))).all()
        except Exception:  # noqa: BLE001
            failed += 1
    return {"failed": failed, "samples": orders["sample"].nunique()}


if __name__ == "__main__":
    tasks = {"forecast": forecast, "fit": fit, "summary": summarise, "small": small}
    json.dump(tasks[sys.argv[1]](*sys.argv[2:]), sys.stdout)
