"""What is said of what lifts soil: which facts of an account and of the relationship go with more revenue."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.sleepers import MARKETS
from mcrlib.show.words.terms import term

#: So many are named in the sentence.
_NAMED = 4


def lift_names(lifts: pd.DataFrame, run: Any) -> pd.Series:
    """The names of what lifts soil, in words; ``covariate`` (a column) and ``kind`` (of a word, which one)."""
    say = of(run)
    texts = [_name(str(row["covariate"]), str(row["kind"]), say) for row in lifts.to_dict("records")]
    return pd.Series(texts, index=lifts.index, dtype="str", name="lifter")


def _name(covariate: str, kind: str, say: Words) -> str:
    name = term(say, "column", covariate)
    if not kind:
        return name
    return say("{what}: {kind}", what=name, kind=say(MARKETS[kind]) if kind in MARKETS else kind)


def about_lifts(lifts: pd.DataFrame, run: Any) -> str:
    """What surely goes with more and with less revenue; ``lifts`` as from ``lifts``, with ``lifter`` in words."""
    say = of(run)
    if lifts.empty:
        return say(
            "What lifts soil cannot be said: beside orders too little is known of the accounts, or for too short a "
            "time."
        )
    sure = lifts[lifts["is_sure"].astype(bool)]
    parts = {
        True: mark("More revenue goes with: {names}."),
        False: mark("Less revenue goes with: {names}."),
    }
    said = [
        say(message, names=say.names(_told(one, say) for one in part.head(_NAMED).itertuples(index=False)))
        for is_up, message in parts.items()
        if len(part := sure[(sure["lift"] > 0) == is_up])
    ]
    if not said:
        said = [say("Nothing that is known surely goes with more or less revenue.")]
    return say.together(*said, say("That is what goes together, not what causes what: rich accounts are visited more."))


def _told(one: Any, say: Words) -> str:
    return say("{what} ({share})", what=one.lifter, share=f"{'+' if one.lift > 0 else ''}{say.percent(one.lift)}")
