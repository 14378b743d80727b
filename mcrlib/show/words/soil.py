"""What is said of the forecast behind the soil values, and of the harvest that may not come again."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.terms import term


def about_forecast(choice: Any, backtest: pd.DataFrame, run: Any) -> str:
    """Which forecast is used, and how far it was ever judged.

    Parameters
    ----------
    choice : Choice
        ``model, origins, horizon_days`` of the forecast in use.
    backtest : DataFrame
        As from ``metrics``.
    run
        Language and ``horizon_years``.
    """
    say = of(run)
    if not choice.origins:
        return say("The history is too short to judge forecasts at earlier dates.")
    told = [
        say.count(
            "In use is {model}: it was judged at {n} earlier date, over {days} days.",
            "In use is {model}: it was judged at {n} earlier dates, over {days} days each.",
            choice.origins, model=term(say, "model", choice.model), days=say.number(choice.horizon_days),
        )
    ]  # fmt: skip
    used = backtest[(backtest["model"] == choice.model) & (backtest["target"] == "revenue")]
    inside = used.set_index("metric")["value"]
    if "coverage" in inside:
        told.append(
            say(
                "What an account then brought lay in its interval in {share} of {n} cases, of the fifth foretold "
                "highest in {top}; 80% is right.",
                n=say.number(used.set_index("metric").loc["coverage", "n"]),
                share=say.percent(inside["coverage"]), top=say.percent(inside.get("coverage_top_20")),
            )
        )  # fmt: skip
    if choice.horizon_days < 365 * run.settings.horizon_years:
        told.append(say("What lies beyond that span was never judged: it rests on the model."))
    return say.together(*told)


def about_reach(soil: pd.DataFrame, run: Any) -> list[str]:
    """How far the soil values reach beyond what was ever judged, where that makes them weak; else nothing.

    ``soil`` as from ``SoilModel.predict``: ``soil_basis, soil_status, judged_days``.
    """
    say, years = of(run), run.settings.horizon_years
    if not (soil["soil_status"].eq("weak") & soil["judged_days"].gt(0)).any():
        return []
    return [
        say(
            "Take soil values as weak: the history is short, such a forecast could be judged over {days} days only, "
            "and the rest of the {years} years is extrapolation.",
            days=say.number(soil["judged_days"].max()), years=say.years(years),
        )
    ]  # fmt: skip


def left_out(values: pd.Series, say: Words) -> list[str]:
    """Whom a sum leaves out, because too little is known of them; nothing where all or none is known."""
    unknown = int(values.isna().sum())
    if unknown in (0, len(values)):
        return []
    return [
        say.count(
            "Left out is {n} account of which too little is known.",
            "Left out are {n} accounts of which too little is known.",
            unknown,
        )
    ]


def about_risk(risk: pd.DataFrame, run: Any) -> str:
    """How much of the harvest may not come again; ``risk`` as from ``harvest_at_risk``."""
    say = of(run)
    harvest, lost = risk["harvest"].sum(), risk["at_risk"].sum()
    return say.count(
        "Of {harvest} that {n} customer brought in the last 12 months {lost} may not come again: {share}. That is "
        "what is lost on average; who buys on may still buy less.",
        "Of {harvest} that {n} customers brought in the last 12 months {lost} may not come again: {share}. That is "
        "what is lost on average; who buys on may still buy less.",
        len(risk), harvest=say.money(harvest), lost=say.money(lost), share=say.percent(lost / harvest),
    )  # fmt: skip
