"""`mcr backtest`: freeze the past, predict, compare with what came."""

from __future__ import annotations

import datetime as dt
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from mcrlib.cli import options
from mcrlib.errors import Refused, UsageError
from mcrlib.run import Run, write_csv

if TYPE_CHECKING:
    import pandas as pd

PREDICTIONS = (
    "account_id", "orders_predicted", "revenue_predicted", "revenue_low", "revenue_high", "p_alive", "tier", "model",
)  # fmt: skip

Cutoff = Annotated[str, typer.Option("--cutoff", help="Last day that the forecast may see.", show_default=False)]
Horizon = Annotated[int, typer.Option("--horizon-days", min=1, help="Days to forecast.", show_default=False)]


def backtest(
    cutoff: Cutoff,
    horizon_days: Horizon,
    client: options.Client = None,
    client_option: options.ClientOption = None,
    workspace: options.Workspace = Path(),
    source: options.Input = None,
    as_of: options.AsOf = None,
    config: options.Config = None,
    parameter: options.Parameters = None,
    as_json: options.Json = False,
) -> None:
    """Predict from a frozen past and compare with what came; write reports/CLIENT/backtests/D+Nd/."""
    from mcrlib.cli.stage import prepare
    from mcrlib.read.tables import deliver
    from mcrlib.show.publish.release import hold, replace_folder

    name = options.which_client(client, client_option)
    day = options.which_date(cutoff, "--cutoff")
    if day is None:
        raise UsageError("--cutoff needs a date: write it as 2025-12-31")
    settings_file = options.which_config(config, workspace, name)
    home = workspace / "data" / name
    date = options.which_as_of(as_of, parameter, home)
    exports = options.which_exports(home, source)
    with hold(workspace, name) as staging:
        run = deliver(prepare(staging, name, input=exports, config=settings_file, as_of=date))
        table, predictions = look_back(run, day, horizon_days)
        built = staging / "backtest"
        write_csv(table, built / "backtest.csv")
        write_csv(predictions, built / "predictions.csv")
        target = workspace / "reports" / name / "backtests" / f"{day}+{horizon_days}d"
        replace_folder(built, target)
    if as_json:
        typer.echo(json.dumps({"client": name, "folder": str(target), "backtest": table.to_dict("records")}))
    else:
        _show(table, predictions["model"].iloc[0], target)


def look_back(run: Run, cutoff: dt.date, days: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tell how each forecast did after a cutoff, and what the one in use said of each account.

    Returns
    -------
    DataFrame, DataFrame
        ``model, target, metric, value, n``; and per account with an order up to the cutoff ``account_id,
        orders_predicted, revenue_predicted, revenue_low, revenue_high, p_alive, tier, model``.

    Raises
    ------
    Refused
        The horizon ends after the as-of date, or nobody had ordered by the cutoff.
    """
    import pandas as pd

    from mcrlib.describe.accounts import account_features, account_outcomes
    from mcrlib.judge.backtest import metrics, total_metrics
    from mcrlib.model.soil.frozen import freeze
    from mcrlib.model.tiers.table import tier_table

    end = cutoff + dt.timedelta(days=days)
    if end > run.date:
        late = f"--cutoff {cutoff} + {days} days is {end}, after the as-of date {run.date}"
        raise Refused(f"{late}: choose an earlier cutoff")
    features_at = partial(account_features, run.clean, margin=run.settings.margin, frozen=True)
    outcomes_between = partial(account_outcomes, run.clean, margin=run.settings.margin)
    past = freeze(features_at, outcomes_between, cutoff, days, seed=run.settings.seed)
    if past.judged.empty:
        raise Refused(f"--cutoff {cutoff}: no account had ordered by then: choose a later cutoff")
    tiers = tier_table(past.features, past.model.predict(past.features), run.settings).set_index("account_id")["tier"]
    recent = past.features.set_index("account_id")["revenue_12m"]
    used = past.judged[past.judged["model"] == past.model.chosen]
    total = total_metrics(past.model.chosen, past.total, used["revenue"].sum(), len(used))
    table = pd.concat([metrics(past.judged, recent=recent, tiers=tiers), total], ignore_index=True)
    known = past.predictions[past.predictions["account_id"].isin(used["account_id"])]
    return table, known.assign(tier=known["account_id"].map(tiers))[list(PREDICTIONS)]


def _show(table: pd.DataFrame, used: str, folder: Path) -> None:
    wide = table.pivot_table(index="model", columns=["target", "metric"], values="value")
    shown = [
        ("orders", "mae"),
        ("revenue", "mae"),
        ("revenue", "rmse"),
        ("revenue", "bias"),
        ("revenue", "gini"),
        ("revenue", "top_20"),
    ]
    lines = Table("forecast", *(" ".join(one) for one in shown), box=None)
    for model, row in wide.sort_values(("revenue", "mae")).iterrows():
        lines.add_row(
            f"{model} (used)" if model == used else str(model), *(f"{row[one]:,.3f}" for one in shown if one in wide)
        )
    out = options.console()
    out.print(lines)
    out.print(f"accounts judged: {table['n'].max():,}; {folder / 'backtest.csv'}")
