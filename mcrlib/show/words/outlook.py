"""What is said of the years to come of the best customers, and how far to trust it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import of


def about_outlook(ahead: pd.DataFrame, last_year: float, record: pd.DataFrame, run: Any) -> str:
    """What the S accounts will bring, beside last year again and what earlier forecasts came to.

    Parameters
    ----------
    ahead : DataFrame
        As from ``total_outlook``.
    last_year : float
        Their harvest.
    record : DataFrame
        As from ``outlook_record``.
    run
        Language and currency.
    """
    say = of(run)
    if ahead.empty:
        return say(
            "There is no fan to draw: no account is in S, none of them is expected to bring anything, or their past is "
            "too short."
        )
    first = ahead.iloc[0]
    said = [
        say(
            "In the next year {expected} is expected of them, {low} to {high} in 8 of 10 cases; the last year brought "
            "{last}.",
            expected=say.money(first["expected"]), low=say.money(first["low"]), high=say.money(first["high"]),
            last=say.money(last_year),
        )
    ]  # fmt: skip
    if record.empty:
        said.append(say("The history is too short to judge this on a frozen past: read it as unproven."))
        return say.together(*said)
    sums, dates = record[["expected", "last_year", "came"]].mean(), len(record)
    said.append(
        say.count(
            "At {n} earlier date as many accounts, those then foretold highest, were expected to buy for {expected} in "
            "{days} days and bought for {came}; last year again would have said {plain}.",
            "At {n} earlier dates as many accounts, those then foretold highest, were expected to buy for {expected} "
            "in {days} days and bought for {came}, on average; last year again would have said {plain}.",
            dates, expected=say.money(sums["expected"]), came=say.money(sums["came"]),
            plain=say.money(sums["last_year"]), days=say.number(record["days"].max()),
        )
    )  # fmt: skip
    ours, plain = ((record[name] - record["came"]).abs().sum() for name in ("expected", "last_year"))
    if ours > plain:
        said.append(say("That plain guess came nearer: hold the fan against the dotted line."))
    said.append(say("Beyond that span nothing has been judged yet: it rests on the model."))
    return say.together(*said)
