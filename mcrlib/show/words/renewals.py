"""What is said of contracts: whether their renewal can be foretold."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import of


def about_renewals(record: pd.DataFrame, plain: bool, run: Any) -> str:
    """How renewals were foretold; ``record`` as from ``renewal_record``, ``plain``: the run uses one rate for all."""
    say = of(run)
    if record.empty:
        return say(
            "How well renewals are foretold cannot be judged: at earlier dates fewer than {few} terms with money that "
            "no order holds came to their end.",
            few=say.number(run.settings.thresholds.small_number),
        )
    by = record.set_index("model")
    ours = by.loc["renewal_model"]
    told = say(
        "At earlier dates {n} terms came to their end: {expected} of their money was expected to be renewed ({low} to "
        "{high} in 8 of 10 cases), {came} was.",
        n=say.number(ours["n"]), expected=say.money(ours["renewed_expected"]), low=say.money(ours["expected_low"]),
        high=say.money(ours["expected_high"]), came=say.money(ours["renewed_came"]),
    )  # fmt: skip
    if plain:
        verdict = say("One rate for all contracts foretold them better: this run uses it.")
    elif ours["better_high"] < 0:
        verdict = say("Judging each contract by itself foretold them better than one rate for all.")
    else:
        verdict = say("The difference to one rate for all is within chance.")
    return say.together(told, verdict)
