"""A fitted soil model as plain numbers and words, for whoever reads it later."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from mcrlib.model.soil.combine import SoilModel
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.forecasts import Forecast
from mcrlib.model.soil.prospects import Prospects


def soil_facts(model: SoilModel, as_of: dt.date, prospects: Prospects | None = None) -> dict[str, Any]:
    """Write down what a soil model has learned of the company: of all accounts together, of none by itself.

    It is a record of what a run used. No later run loads it: soil is learned anew from the whole history each time, and
    trees and draws are not in it.

    Parameters
    ----------
    model : SoilModel
        Fitted.
    as_of : date
        Date of what it was fitted on.
    prospects : Prospects, optional
        What was learned of accounts that never ordered, where that is used.

    Returns
    -------
    dict
        ``fitted, horizon_years, discount_rate, history_days, status``; ``forecast`` in use (``kit`` or a plain one),
        ``weights`` of the parts, ``level``, ``shock`` (spread of log totals), ``judged_days`` and ``origins`` it was
        chosen by; ``parts``: by name the law of ``orders`` (its parameters per day) and of an ``order_value`` (logs of
        money; ``margin`` is gross profit per revenue, ``variation`` the squared coefficient of variation of an
        account's orders, by which intervals are drawn); ``direct``: days of its windows and its
        ``columns``, with what one usual spread of each adds to the log of what orders foretell (trees left out);
        ``prospects``: of how many accounts without orders, how many of which began, ``first_chance`` and
        ``later_chance`` to begin in the first window and in each later one, ``entry`` and ``later`` share of what
        ``formula`` says of accounts like them, ``margin``; the formula as its ``mean`` of a window, ``start`` and, by
        column, ``usual, spread`` and what one spread adds to the log (``effect``).
        Numbers have nine digits, so that the last bits of a machine make no other history.
    """
    choice, parts = model.choice_, model.parts_
    return _plain(
        {
            "fitted": as_of.isoformat(),
            "horizon_years": model.horizon_years,
            "discount_rate": model.discount_rate,
            "history_days": model.history_days_,
            "status": model.status,
            "forecast": choice.model,
            "weights": choice.weights,
            "level": choice.level,
            "shock": choice.shock,
            "judged_days": choice.horizon_days,
            "origins": choice.origins,
            "parts": {name: _forecast(part) for name, part in parts.forecasts.items()} if parts else {},
            "direct": _direct(parts.direct) if parts and parts.direct else None,
            "prospects": _prospects(prospects) if prospects else None,
        }
    )


def _forecast(part: Forecast) -> dict[str, Any]:
    purchases, spend = part.purchases, part.spend
    orders = {"family": purchases.family, "accounts": purchases.n_accounts_} | dataclasses.asdict(purchases.law_)
    if spend is None:
        return {"orders": orders, "order_value": None}
    learned = dataclasses.asdict(spend.spread_)
    if spend.family == "gamma-gamma":
        learned |= dict(zip(("p", "q", "scale"), spend.gamma_, strict=True))
    value = {"family": spend.family, "margin": spend.margin_, "smearing": spend.smearing_}
    value["variation"] = spend.variation_
    return {"orders": orders, "order_value": value | learned}


def _direct(direct: Direct) -> dict[str, Any]:
    formula = direct.models["formula"]
    says = {
        target: dict(zip(one.columns_, one.model_.coef_, strict=True)) if one.model_ else None
        for target, one in formula.items()
    }
    return {"window_days": direct.days, "columns": formula["orders"].columns_, **says}


def _prospects(prospects: Prospects) -> dict[str, Any]:
    (first, then), formula = prospects.chances, prospects.formula
    columns = formula.columns[["usual", "spread", "effect"]].to_dict("index")
    learned = {"window_days": formula.days, "mean": formula.mean, "start": formula.start, "columns": columns}
    return {
        "accounts": prospects.n,
        "begun": prospects.begun,
        "first_chance": first,
        "later_chance": then,
        "entry": prospects.level[0],
        "later": prospects.level[1],
        "margin": prospects.margin,
        "formula": learned,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return float(f"{value:.9g}") if isinstance(value, float) else value
