"""How good and how fast the kit's models are: ``models.py [--peer-python PYTHON] [--pymc-python PYTHON] [NAME …]``.

Names are those of LOGS (logs.py) and SPEED below; all by default. Every log is frozen at its cutoff and forecast as a
run of that day would; what came after is only judged with. Prints CSV lines benchmark,size,ours,peer,ratio,unit. The
peer is lifetimes, where it can be imported in PYTHON (this one unless named): per metric the best of BG/NBD, MBG/NBD
and Pareto/NBD with Gamma-Gamma, penalties 0, .001, .01, .1 in turn; otherwise its fields are empty. Where there is
pymc-marketing, lines that end in ``_pymc`` follow, of the same families by maximum a posteriori.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from clean_tables import write
from logs import LOGS, Log, as_money, company, read
from peers import LIFETIMES, PYMC, Peer

from mcrlib.describe.accounts import account_features
from mcrlib.describe.engine import statement
from mcrlib.judge.backtest import metrics
from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.frozen import freeze
from mcrlib.model.soil.origins import rolling_origins
from mcrlib.model.soil.past import Past
from mcrlib.model.soil.purchases import PurchaseModel

LAST_DAY = dt.date(2026, 6, 30)
RHYTHM = """
with purchases as ({purchases})
select
    account_id,
    count(*) - 1 as frequency,
    date_diff('day', min(day), max(day)) as recency,
    date_diff('day', min(day), cast($as_of as date)) as "T",
    cast(sum(revenue) - min_by(revenue, day) as double) / greatest(count(*) - 1, 1) as monetary_value
from purchases
group by account_id
"""
#: What is printed of every log, with its unit; of money and orders less is better, of shares more.
SHOWN = {
    "mae": "money", "rmse": "money", "orders_rmse": "orders", "bias": "share", "gini": "share", "top_20": "share",
    "gems_found": "share", "coverage": "share", "coverage_top_20": "share",
}  # fmt: skip
BASELINES = ("same_rate", "last_year", "last_quarter")
#: The small bases: so many accounts, drawn so often from each of these logs.
SMALL, SMALL_FROM, RESAMPLES = (50, 100, 300), ("apparel", "adventureworks", "cdnow_sample"), 20


def measured(judged: pd.DataFrame, recent: pd.Series) -> pd.DataFrame:
    """One row per model: the metrics of revenue, and the RMSE of orders."""
    if judged.empty:
        return pd.DataFrame(columns=SHOWN)
    table = metrics(judged, recent=recent)
    wide = table[table["target"] == "revenue"].pivot_table(index="model", columns="metric", values="value")
    counts = table[(table["target"] == "orders") & (table["metric"] == "rmse")].set_index("model")["value"]
    return wide.assign(orders_rmse=counts)


def judge(name: str, log: Log, peer: Peer, pymc: Peer) -> None:
    """Freeze one log, forecast, and print what came of it."""
    with TemporaryDirectory() as place:
        orders = read(log)
        known = company(Path(place), orders)
        started = time.process_time()
        past = freeze(*known, log.cutoff, log.days)
        spent = time.process_time() - started
    used = past.judged[past.judged["model"] == past.model.chosen]
    recent, n = past.features.set_index("account_id")["revenue_12m"], len(used)
    ours, theirs = measured(used, recent).iloc[0], measured(peer.forecasts(orders, log, used), recent)
    for metric, unit in ((metric, unit) for metric, unit in SHOWN.items() if metric in ours):
        best = theirs[metric].agg("max" if unit == "share" else "min") if metric in theirs else None
        say(f"{name}_{metric}", n, ours[metric], None if metric == "bias" else best, unit)
    modern = measured(pymc.forecasts(orders, log, used), recent)
    for metric in ("mae", "rmse", "orders_rmse", "gini") if len(modern) else ():
        best = modern[metric].agg("max" if metric == "gini" else "min")
        say(f"{name}_{metric}_pymc", n, ours[metric], best, SHOWN[metric])
    for metric in ("rmse", "orders_rmse") if len(theirs) else ():
        say(f"{name}_{metric}_pareto_nbd", n, ours[metric], theirs.loc["pareto_nbd", metric], SHOWN[metric])
    plain = measured(past.judged[past.judged["model"].isin(BASELINES)], recent)["mae"]
    say(f"{name}_mae_{plain.idxmin()}", n, ours["mae"], plain.min(), "money, best baseline")
    came = used["revenue"].sum()
    say(f"{name}_total", n, past.total["total"], came, "money forecast against actual")
    say(f"{name}_total_inside", n, float(past.total["low"] <= came <= past.total["high"]), None, "1 = yes")
    say(f"{name}_cpu", n, spent, None, "seconds")


def small_bases(peer: Peer, _: Peer) -> None:
    """Print how many of 180 small bases fail or give a forecast that is not finite."""
    rng, failed, theirs, fits = np.random.default_rng(1), 0, 0, 0
    for name in SMALL_FROM:
        log = LOGS[name]
        orders = read(log)
        orders = orders[orders["order_date"] <= log.cutoff]
        with TemporaryDirectory() as place:
            table = company(Path(place), orders)[0](log.cutoff)
            drawn = [rng.choice(table["account_id"], n) for n in SMALL for _ in range(RESAMPLES)]
            rows = table.set_index("account_id")
            for accounts in drawn:
                sample = rows.loc[accounts].reset_index(drop=True)
                sample.insert(0, "account_id", [f"a{i}" for i in range(len(sample))])
                said = SoilModel().fit(sample).predict_horizon(sample, log.days)
                failed += not np.isfinite(said.select_dtypes("number")).all(axis=None)
            of = orders.set_index("account_id")
            again = [
                of.loc[accounts].reset_index().assign(sample=i) for i, accounts in enumerate(map(np.unique, drawn))
            ]
            pd.concat(again).to_csv(Path(place) / "samples.csv", index=False)
            theirs += peer.ask("small", Path(place) / "samples.csv", log.cutoff, log.days).get("failed", 0)
        fits += len(drawn)
    say("small_bases_failed", fits, failed, theirs or None, "fits")


def fits(peer: Peer, pymc: Peer) -> None:
    """Print the time of a fit on exact days (CDNOW, all accounts), and of all predictive distributions."""
    log = LOGS["cdnow_full"]
    orders = read(log)
    with TemporaryDirectory() as place:
        table = company(Path(place), orders)[0](log.cutoff)
        given = Path(place) / "orders.csv"
        orders.to_csv(given, index=False)
        theirs, modern = peer.ask("fit", given, log.cutoff), pymc.ask("fit", given, log.cutoff)
    for family in ("bg_nbd", "pareto_nbd"):
        model = PurchaseModel(family.replace("_", "-"), prior_weight=0.0)
        spent = [seconds(partial(model.fit, table)) for _ in range(3)]
        ours = float(np.median(spent))
        say(f"{family}_fit", len(table), ours, theirs.get(family), "seconds")
        if modern:
            say(f"{family}_fit_pymc", len(table), ours, modern[family], "seconds, theirs with compilation")
    model = PurchaseModel().fit(table)
    started = time.process_time()
    model.predict_distribution(table, float(log.days))
    say("predictive_distributions", len(table), time.process_time() - started, None, "seconds of CPU")


def combined_backtest_5000(*_: Peer) -> None:
    """Print the time of five origins and the combination for 5,000 accounts, from clean tables to intervals."""
    log = LOGS["cdnow_full"]
    orders = read(log)
    kept = np.random.default_rng(1).choice(orders["account_id"].unique(), 5000, replace=False)
    with TemporaryDirectory() as place:
        past = Past(*company(Path(place), orders[orders["account_id"].isin(kept)]))
        started = time.perf_counter()
        judged = rolling_origins(past, log.cutoff, 60, n=5)
        features = past.features_at(log.cutoff)
        direct = Direct.learn(past, log.cutoff, 60)
        SoilModel().fit(features, origins=judged, direct=direct).predict_horizon(features, 60)
        say(
            "combined_backtest_5000",
            5000,
            time.perf_counter() - started,
            None,
            f"seconds, {judged['origin'].nunique()} origins",
        )


def summaries(peer: Peer, _: Peer) -> None:
    """Print time and memory of one row per customer for a million customers, each way in a process of its own.

    ``summary_*`` answers what the peer answers, from the kit's step ``purchases``; ``features_*`` are all the columns
    that the kit makes of an account, which the peer has not, beside the same peer. All in turn, three times over, for
    a machine is not always equally fast; what is printed are the medians.
    """
    context = multiprocessing.get_context("spawn")
    ways = {"summary": rhythm, "features": partial(account_features, as_of=LAST_DAY)}
    with TemporaryDirectory() as place:
        run(context, make_orders, Path(place), 1_000_000)
        rounds = pd.DataFrame(
            {"peer": peer.ask("summary", Path(place) / "orders.parquet", LAST_DAY)}
            | {name: run(context, summarise, Path(place), way) for name, way in ways.items()}
            for _ in range(3)
        )
    for name in ways:
        for figure, line, unit in (("seconds", "time", "seconds"), ("memory", "memory", "MB")):
            ours, theirs = (rounds[who].map(lambda said, of=figure: said.get(of)).median() for who in (name, "peer"))
            say(f"{name}_{line}", 1_000_000, ours, theirs if peer.there else None, unit)


def run(context: Any, work: Callable[..., Any], *given: Any) -> Any:
    """The answer of a process of its own, which starts with nobody's memory."""
    with context.Pool(1) as pool:
        return pool.apply(work, given)


def rhythm(folder: Path) -> pd.DataFrame:
    """Frequency, recency, T and mean value of the repeats of every customer; beyond 700 MB it works on disk."""
    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        connection.execute("set enable_progress_bar = false; set memory_limit = '700MB'")
        for table in ("orders", "opportunities"):
            connection.execute(f"create view {table} as select * from read_parquet('{folder / table}.parquet')")
        sql = RHYTHM.format(purchases=statement("purchases"))
        return connection.sql(sql, params={"as_of": LAST_DAY, "margin": 1.0}).to_arrow_table().to_pandas()


def make_orders(folder: Path, n: int) -> None:
    """About six orders for each of n customers in two years."""
    rng = np.random.default_rng(1)
    each = 1 + np.minimum(rng.negative_binomial(0.6, 0.1, n), 60)
    account = np.repeat(np.arange(n), each)
    first = rng.integers(0, 365, n)[account]
    days = (LAST_DAY - dt.date(1970, 1, 1)).days - 730 + first + (rng.random(len(account)) * (730 - first)).astype(int)
    write(
        folder, "orders", len(account), order_id=pa.array(np.arange(len(account))).cast(pa.string()),
        account_id=pa.array(account).cast(pa.string()), order_date=pa.array(days.astype("int32")).cast(pa.date32()),
        amount=as_money(np.round(rng.lognormal(4, 1, len(account)), 2)),
    )  # fmt: skip
    write(folder, "accounts", n, account_id=pa.array(np.arange(n)).cast(pa.string()))
    write(folder, "opportunities", 0)


def summarise(folder: Path, way: Callable[[Path], pd.DataFrame]) -> dict[str, float]:
    """Wall seconds from the Parquet file to one row per customer, and the peak memory of the process in MB."""
    spent = seconds(partial(way, folder))
    return {"seconds": spent, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3}


def seconds(work: Callable[[], Any]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def say(benchmark: str, size: int, ours: float, peer: float | None, unit: str) -> None:
    """One CSV line."""
    compared = f"{peer:.6g},{ours / peer:.3f}" if peer else ","
    sys.stdout.write(f"{benchmark},{size},{ours:.6g},{compared},{unit}\n")
    sys.stdout.flush()


SPEED = {
    "fits": fits,
    "summaries": summaries,
    "combined_backtest_5000": combined_backtest_5000,
    "small_bases": small_bases,
}

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--peer-python", default=sys.executable)
    asked.add_argument("--pymc-python", default=sys.executable)
    asked.add_argument("names", nargs="*", choices=["all", *LOGS, *SPEED], default="all")
    options = asked.parse_args()
    beside = Peer(options.peer_python, *LIFETIMES), Peer(options.pymc_python, *PYMC)
    sys.stdout.write("benchmark,size,ours,peer,ratio,unit\n")
    for one in [*LOGS, *SPEED] if "all" in options.names else options.names:
        if one in LOGS:
            judge(one, LOGS[one], *beside)
        else:
            SPEED[one](*beside)
