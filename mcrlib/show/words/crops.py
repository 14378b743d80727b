"""What is said of the crops: whether running business was foretold at earlier dates."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import of

#: Share of the accounts inside their 80 % interval below which the page warns of it.
_NARROW = 0.7


def about_crop_record(record: pd.DataFrame, compared: Any, plain: bool, run: Any) -> str:
    """How running business was foretold.

    ``record`` as from ``crop_record``, ``compared`` the ``Verdict`` of the crops against last year's harvest,
    ``plain``: the run takes that harvest.
    """
    say = of(run)
    if record.empty:
        return say(
            "Whether running business is foretold well cannot be judged yet: that takes two years of orders, and ten "
            "accounts that had ordered in the first."
        )
    ours, again = (record.set_index("model").loc[name] for name in ("crops", "harvest_again"))
    said = [
        say(
            "At earlier dates running business was to bring {expected} in twelve months, {came} came; per account we "
            "missed by {error}, last year's harvest taken again by {plain}.",
            expected=say.money(ours["crops_expected"]), came=say.money(ours["crops_came"]),
            error=say.money(ours["mae"]), plain=say.money(again["mae"]),
        )
    ]  # fmt: skip
    if plain:
        said.append(say("Last year's harvest was the better guess by both measures: this run takes it."))
    elif compared.outcome == "wins":
        said.append(say("That is better than last year's harvest, beyond chance."))
    elif compared.outcome == "loses":
        said.append(say("By this measure last year's harvest was the better guess, not where large misses count more."))
    else:
        said.append(say("The difference to last year's harvest is within chance."))
    held = (again if plain else ours)["inside"]
    if held < _NARROW:
        said.append(
            say("Only {share} of what came lay inside the interval of 8 in 10: take the bounds as too narrow.",
                share=say.percent(held))
        )  # fmt: skip
    return say.together(*said)
