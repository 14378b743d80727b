"""`mcr backtest`: freeze the past, predict, compare with what came."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
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

    from mcrlib.judge.backtest import Verdict

PREDICTIONS = (
    "account_id", "orders_predicted", "revenue_predicted", "revenue_low", "revenue_high", "p_alive", "tier", "model",
)  # fmt: skip
#: What is printed of each forecast; of these the shares.
_SHOWN = {
    "orders: mean error": ("orders", "mae"),
    "revenue: mean error": ("revenue", "mae"),
    "rmse": ("revenue", "rmse"),
    "bias": ("revenue", "bias"),
    "gini": ("revenue", "gini"),
    "top 20 %": ("revenue", "top_20"),
}
_SHARES = ("bias", "top_20")

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
        table, predictions, verdict = look_back(run, day, horizon_days)
        built = staging / "backtest"
        write_csv(table, built / "backtest.csv")
        write_csv(predictions, built / "predictions.csv")
        target = workspace / "reports" / name / "backtests" / f"{day}+{horizon_days}d"
        replace_folder(built, target)
    if as_json:
        said = {"client": name, "folder": str(target), "verdict": asdict(verdict)}
        typer.echo(json.dumps(said | {"backtest": table.to_dict("records")}))
    else:
        _show(table, verdict, target)


def look_back(run: Run, cutoff: dt.date, days: int) -> tuple[pd.DataFrame, pd.DataFrame, Verdict]:
    """Tell how each forecast did after a cutoff, and what the one in use said of each account.

    Returns
    -------
    DataFrame, DataFrame, Verdict
        ``model, target, metric, value, n``; per account with an order up to the cutoff ``account_id,
        orders_predicted, revenue_predicted, revenue_low, revenue_high, p_alive, tier, model``; and the comparison of
        the forecast in use with the best other one by mean error of revenue.

    Raises
    ------
    Refused
        The horizon ends after the as-of date, or nobody had ordered by the cutoff.
    """
    import pandas as pd

    from mcrlib.describe.accounts import account_features, account_outcomes
    from mcrlib.judge.backtest import compare, metrics, more_error, total_metrics
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
    chosen, seed, few = past.model.chosen, run.settings.seed, run.settings.thresholds.small_number
    used = past.judged[past.judged["model"] == chosen]
    total = total_metrics(chosen, past.total, used["revenue"].sum(), len(used))
    others = sorted(set(past.judged["model"]) - {chosen})
    pairs = [compare(past.judged, chosen, other, few=few, seed=seed) for other in others]
    more = map(more_error, pairs)
    table = pd.concat([metrics(past.judged, recent=recent, tiers=tiers), total, *more], ignore_index=True)
    known = past.predictions[past.predictions["account_id"].isin(used["account_id"])]
    known = known.assign(tier=known["account_id"].map(tiers))[list(PREDICTIONS)]
    return table, known, min(pairs, key=lambda pair: pair.baseline_error)


def _show(table: pd.DataFrame, verdict: Verdict, folder: Path) -> None:
    more = f"more error than {verdict.model}"
    wide = table.set_index(["model", "target", "metric"])["value"].unstack(["target", "metric"])  # noqa: PD010
    lines = Table("forecast", *_SHOWN, more, box=None)
    for model, row in wide.sort_values(("revenue", "mae")).iterrows():
        found = [_number(row.get(key), key[1]) for key in _SHOWN.values()]
        lines.add_row(f"{model} (used)" if model == verdict.model else str(model), *found, _more(row["revenue"]))
    out = options.console()
    out.print(lines)
    out.print("mean error and rmse per account, revenue in money; bias and top 20 % are shares of what came;")
    drawn = "" if verdict.outcome == "too_few" else ", with the interval that holds 8 of 10 draws"
    out.print(f"the last column is how much more it erred on average{drawn}.")
    used = table[table["model"] == verdict.model]
    for sentence in _verdict(verdict, dict(zip(used["target"] + " " + used["metric"], used["value"], strict=True))):
        out.print(sentence)
    out.print(f"written: {folder / 'backtest.csv'}, predictions.csv")


def _number(value: float | None, metric: str) -> str:
    if value is None or value != value:
        return "–"
    if metric in _SHARES:
        return f"{value:.0%}"
    return f"{round(value, 2) + 0.0:,.2f}" if abs(value) < 10 else f"{value:,.0f}"


def _more(row: pd.Series) -> str:
    if "mae_more" not in row or row["mae_more"] != row["mae_more"]:
        return ""
    value, low, high = (_number(row.get(name), "") for name in ("mae_more", "mae_more_low", "mae_more_high"))
    return value if "mae_more_low" not in row else f"{value} ({low} to {high})"


def _verdict(pair: Verdict, found: dict[str, float]) -> list[str]:
    """The answer in words: against the best other forecast, of the total, of the intervals."""
    errors = (
        f"its mean error is {_number(pair.model_error, '')}, that of {pair.baseline} {_number(pair.baseline_error, '')}"
    )
    said = {
        "wins": f"yes: no other forecast was as good; {errors}",
        "loses": f"no: {pair.baseline} would have been better; {errors}",
        "undecided": f"undecided: about as good as {pair.baseline}, the difference is within chance; {errors}",
        "too_few": f"too few accounts to say; {errors}",
    }
    predicted, low, high, came = (
        _number(found[f"total {name}"], "") for name in ("predicted", "low", "high", "actual")
    )
    inside = "inside" if found["total covered"] else "outside"
    accounts = "1 account" if pair.n == 1 else f"{pair.n:,} accounts"
    sentences = [
        f"Was {pair.model}, which a run of that day uses, right? {said[pair.outcome]} "
        f"({accounts} that had ordered by then).",
        f"All of them together: {predicted} foretold, {low} to {high} in 8 of 10 cases; {came} came, {inside}.",
    ]
    held = found.get("revenue coverage")
    if held is not None:
        sentences.append(f"The interval that should hold 8 of 10 accounts held {held:.0%} of {accounts}.")
    return sentences
