"""What is said of the customers' own growth, and of the top list."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


def _known(known: int, all_of_them: int, say: Words) -> str:
    if known == 0:
        return say("Their orders with us stand in for their own growth, which is not in the export.")
    return say("The own growth of {n} of {all} is known.", n=say.number(known), all=say.number(all_of_them))


def about_winners(growth: pd.DataFrame, standing: pd.DataFrame, renewal: dict[str, float], run: Any) -> str:
    """Whether we stand with winners; the frames of ``customer_growth``, ``standing`` and ``top_renewal``."""
    say = of(run)
    if growth.empty:
        return say("Nobody brought profit in the last year: whether we stand with winners is not available.")
    if growth["grown"].isna().all():
        return say("Who grows and who shrinks is not available: nobody who brought profit had ordered the year before.")
    share = standing.set_index("direction")["harvest_share"]
    told = [
        say(
            "{growing} of the harvest comes from customers that grow, {flat} from those that stand still, {declining} "
            "from those that shrink and {new} from new ones.",
            **{str(name): say.percent(value) for name, value in share.items()},
        )
    ]
    known = growth[growth["basis"] == "recorded"]
    told.append(_known(len(known), len(growth), say))
    ahead = known.dropna(subset="beyond_industry")
    if len(ahead):
        lead = (ahead["beyond_industry"] * ahead["harvest"]).sum() / ahead["harvest"].sum()
        told.append(
            say(
                "Weighted by harvest, their growth less that of their industries is {lead} percentage points.",
                lead=say.number(100 * lead, 1),
            )
        )
    if renewal["top"]:
        told.append(
            say.count(
                "{new} of today's top {top} were not among them a year ago.",
                "{new} of today's top {top} were not among them {n} years ago.",
                int(renewal["years"]),
                new=say.number(renewal["new"]),
                top=say.number(renewal["top"]),
            )
        )
    else:
        told.append(say("The history is too short to tell how the top list renews itself."))
    return say.together(*told)
