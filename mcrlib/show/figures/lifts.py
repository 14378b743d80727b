"""Picture of what goes with rich soil: facts beside the orders, and how much more accounts bring with more of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, INK, PAPER
from mcrlib.show.figures.intervals import interval_rows
from mcrlib.show.figures.style import picture, tell
from mcrlib.show.words.catalogue import of


@picture
def lift_intervals(lifts: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """How much more revenue goes with a usual spread more of each fact, and how sure that is.

    Parameters
    ----------
    lifts : DataFrame
        lifter (in words), lift, lift_low, lift_high (shares, 80 % interval), is_sure; the strongest first.
    run
        Language and as-of date.
    top : int
        How many to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A dot with its interval per fact, hollow where it may be chance; the line stands at no difference.
    """
    say, shown = of(run), lifts.head(top).sort_values("lift", ascending=False, kind="stable")
    ax = interval_rows(shown, say, ("lifter", "lift_low", "lift", "lift_high"), shares=True, ax=ax)
    ax.axvline(0, color=INK, linewidth=0.8)
    maybe = np.flatnonzero(~shown["is_sure"].astype(bool))
    ax.plot(shown["lift"].iloc[maybe], maybe, "o", ms=6, color=PAPER, markeredgecolor=EARTH[0])
    sure = lifts["is_sure"].astype(bool)
    answer = say(
        "Facts that surely go with more revenue: {up} of {n}; with less: {down}",
        n=say.number(len(lifts)), up=say.number((sure & (lifts["lift"] > 0)).sum()),
        down=say.number((sure & (lifts["lift"] < 0)).sum()),
    )  # fmt: skip
    alt = say("Dots with intervals for facts beside the orders. {answer}.", answer=answer)
    caption = say(
        "The dot is how much more revenue a year goes with clearly more of the fact (one standard deviation), all else "
        "equal; the line holds it in 8 of 10 cases. A hollow dot may be chance, even where its line clears the middle: "
        "of many facts some do so by luck."
    )
    return tell(
        ax, run, title=say("What goes with rich soil?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} facts", shown=say.number(len(shown)), n=say.number(len(lifts))),
        across=say("revenue, more or less"),
    )  # fmt: skip
