"""What is said of strategic entries: where they stand, and how far the forecast of them is to be trusted."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import UNKNOWN, Words, of
from mcrlib.show.words.terms import term


def break_even_spans(patience: pd.DataFrame, run: Any) -> pd.DataFrame:
    """When each entry pays its way and has earned back, with the doubt of it.

    Parameters
    ----------
    patience : DataFrame
        One row per entry: gate, depth, the quarters ``current_break_even, cumulative_break_even`` (empty where it is
        still to come), and those to come, ``…_early, …_middle, …_late`` of ``current`` and ``payback``.
    run
        Language and the threshold ``patience_years``.

    Returns
    -------
    DataFrame
        ``current_when, payback_when`` (texts), in the order of ``patience``.
    """
    say = of(run)
    texts = {
        f"{what}_when": [_span({str(key): value for key, value in row.items()}, what, run, say) for row in rows]
        for what in ("current", "payback")
        for rows in [patience.to_dict("records")]
    }
    return pd.DataFrame(texts, index=patience.index, dtype="str")


def _span(row: dict[str, Any], what: str, run: Any, say: Words) -> str:
    came = row["current_break_even" if what == "current" else "cumulative_break_even"]
    if not pd.isna(came) and (what == "current" or row["gate"] == "paid_back"):  # a hole may have opened again
        return say.quarter(came)
    if what == "payback" and row["gate"] == "paid_back":
        return say("has never dug")
    early, middle, late = (row[f"{what}_{when}"] for when in ("early", "middle", "late"))
    quarters = {"early": say.quarter(early), "middle": say.quarter(middle), "late": say.quarter(late)}
    if row["gate"] == "not_available":
        return UNKNOWN
    if pd.isna(early):
        years = run.settings.thresholds.patience_years
        return say("hardly within {years} years", years=say.years(years))
    if pd.isna(middle):
        return say("{early} at best", **quarters)
    if pd.isna(late):
        return say("{middle} ({early} or much later)", **quarters)
    return quarters["middle"] if early == late else say("{middle} ({early} to {late})", **quarters)


def gate_reasons(patience: pd.DataFrame, run: Any) -> pd.Series:
    """At which gate each entry stands, and why there.

    Parameters
    ----------
    patience : DataFrame
        One row per entry, as from ``gates``: p_payback, p_before (chances), is_rising, gate.
    run
        Language and the thresholds ``patience_go`` and ``patience_stop``.
    """
    say, limits = of(run), run.settings.thresholds
    bars = {"go": say.percent(limits.patience_go), "stop": say.percent(limits.patience_stop)}
    texts = [
        _gate({str(key): value for key, value in row.items()}, limits.patience_stop, bars, say)
        for row in patience.to_dict("records")
    ]
    return pd.Series(texts, index=patience.index, name="gate_why", dtype="str")


def _gate(row: dict[str, Any], stop: float, bars: dict[str, str], say: Words) -> str:
    if row["gate"] == "reinforce":
        return say("reinforce: {go} or more", **bars)
    if row["gate"] == "stop":
        return say("stop: below {stop} twice running, relationships flat", **bars)
    if row["gate"] != "review":
        return term(say, "gate", row["gate"])
    if row["p_payback"] >= stop:
        return say("review: between {stop} and {go}", **bars)
    if pd.isna(row["is_rising"]):
        return say("review: below {stop}, whether relationships grow is not known", **bars)
    if row["is_rising"]:
        return say("review: below {stop}, but relationships grow", **bars)
    if pd.isna(row["p_before"]):
        return say("review: below {stop}, a year ago not known", **bars)
    return say("review: below {stop} for the first time", **bars)


def about_patience(patience: pd.DataFrame, judged: dict[str, float], run: Any) -> str:
    """Where strategic entries stand, in a breath.

    Parameters
    ----------
    patience : DataFrame
        One row per entry: status (``ok``, ``weak``, ``not_available``), gate, own_share (0-1).
    judged : dict
        From ``hindcast``: ``n, inside``.
    run
        Language.
    """
    say = of(run)
    if patience.empty:
        return say("No strategic entry has costs on record: how long to wait cannot be said.")
    gates = patience["gate"].value_counts()
    parts = ("paid_back", "reinforce", "review", "stop", "not_available")
    said = [
        say(
            "Strategic entries: {n}; paid back {paid_back}, reinforce {reinforce}, review {review}, at the stop gate "
            "{stop}, with too short a history {not_available}.",
            n=say.number(len(patience)),
            **{gate: say.number(gates.get(gate, 0)) for gate in parts},
        )
    ]
    return say.together(*said, *_reservations(patience, judged, say))


def _reservations(patience: pd.DataFrame, judged: dict[str, float], say: Words) -> list[str]:
    """What keeps the forecasts from being taken at their word."""
    said = []
    weak = int(patience["status"].eq("weak").sum())
    if weak:
        said.append(
            say(
                "{n} of them began before the costs on record: what they cost until then is not known.",
                n=say.number(weak),
            )
        )
    leaning = int((patience["own_share"] < 0.5).sum())
    if leaning:
        said.append(
            say(
                "What is foretold of {n} of them rests for more than half on what other entries tell: their own "
                "history is too thin.",
                n=say.number(leaning),
            )
        )
    if not pd.isna(judged["inside"]):
        said.append(
            say(
                "The fans of a year ago hold {inside} of {n} entries today; they promise 80%.",
                inside=say.percent(judged["inside"]),
                n=say.number(judged["n"]),
            )
        )
    else:
        said.append(say("The fans cannot be judged on the past yet: too few entries have a year behind them."))
    return said


def about_budget(budget: dict[str, float], run: Any) -> str:
    """What patience may cost in a year, and how much of it is left; ``budget``: of all, as from ``patience_budget``."""
    say, share = of(run), run.settings.thresholds.patience_share
    if pd.isna(budget["budget"]):
        return say(
            "What patience the company can afford is not available: no costs, or no profit, in the last four quarters."
        )
    money = {name: say.money(value) for name, value in budget.items()}
    if budget["budget"] < share * budget["gross_profit"]:
        said = [
            say(
                "All entries together may lose {budget} a year: no more than what all other customers left over after "
                "their costs on record.",
                budget=money["budget"],
            )
        ]
    else:
        said = [
            say(
                "All entries together may lose {budget} a year: {share} of the gross profit of the last four quarters; "
                "all other customers left {others} after their costs on record.",
                share=say.percent(share),
                **money,
            )
        ]
    if budget["budget_left"] < 0:
        over = say.money(-budget["budget_left"])
        said.append(say("They lost {budget_used} in the last year, {over} too much.", over=over, **money))
    else:
        said.append(say("They lost {budget_used} in the last year; {budget_left} is left.", **money))
    if not pd.isna(budget["next_loss"]):
        said.append(say("The next year is expected to ask for {next_loss}.", **money))
    said.append(say("Costs that are in no export, such as rent and head office, would make the limit tighter."))
    return say.together(*said)
