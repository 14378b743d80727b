"""What is said of strategic entries: where they stand, and how far the forecast of them is to be trusted."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import UNKNOWN, Words, of


def break_even_spans(patience: pd.DataFrame, run: Any) -> pd.DataFrame:
    """When each entry pays its way and has earned back, with the doubt of it.

    Parameters
    ----------
    patience : DataFrame
        One row per entry: gate, and the quarters ``…_early, …_middle, …_late`` of ``current`` and ``payback``.
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
    early, middle, late = (row[f"{what}_{when}"] for when in ("early", "middle", "late"))
    days = {"early": say.day(early), "middle": say.day(middle), "late": say.day(late)}
    if row["gate"] == "not_available":
        return UNKNOWN
    if pd.isna(early):
        years = run.settings.thresholds.patience_years
        return say("hardly within {years} years", years=say.number(years, 0 if years % 1 == 0 else 1))
    if pd.isna(middle):
        return say("from {early} on, if at all", **days)
    if pd.isna(late):
        return say("{middle} ({early} or much later)", **days)
    return days["middle"] if early == late else say("{middle} ({early} to {late})", **days)


def about_patience(patience: pd.DataFrame, judged: dict[str, float], run: Any) -> str:
    """Where strategic entries stand, in a breath.

    Parameters
    ----------
    patience : DataFrame
        One row per entry: status (``ok``, ``weak``, ``not_available``), gate.
    judged : dict
        From ``hindcast``: ``n, inside``.
    run
        Language and the threshold ``small_number``.
    """
    say = of(run)
    if patience.empty:
        return say("No strategic entry has costs on record: how long to wait cannot be said.")
    gates = patience["gate"].value_counts()
    parts = ("paid_back", "reinforce", "review", "stop", "not_available")
    said = [
        say(
            "Of {n} strategic entries {paid_back} have paid back; reinforce {reinforce}, review {review}, at the stop "
            "gate {stop}; {not_available} have too short a history.",
            n=say.number(len(patience)),
            **{gate: say.number(gates.get(gate, 0)) for gate in parts},
        )
    ]
    weak = int(patience["status"].eq("weak").sum())
    if weak:
        said.append(
            say(
                "{n} of them began before the costs on record: what they cost until then is not known.",
                n=say.number(weak),
            )
        )
    if judged["n"] >= run.settings.thresholds.small_number:
        said.append(
            say(
                "The fans of a year ago hold {inside} of {n} entries today; they promise 80%.",
                inside=say.percent(judged["inside"]),
                n=say.number(judged["n"]),
            )
        )
    else:
        said.append(say("The fans cannot be judged on the past yet: too few entries have a year behind them."))
    return say.together(*said)
