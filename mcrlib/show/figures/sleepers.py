"""Picture of accounts that their orders hide."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import GRAIN
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.intervals import interval_rows
from mcrlib.show.figures.style import legend_above, picture, tell
from mcrlib.show.words.catalogue import of


@picture
def sleeper_gaps(named: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """What all that is known of quiet accounts promises, beside what their orders foretell.

    Parameters
    ----------
    named : DataFrame
        One row per account, the largest gap first: account_name, soil_masked, masked_low, masked_high, foretold,
        soil_gap.
    run
        Language, currency, as-of date and ``horizon_years``.
    top : int
        How many accounts to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Per account a mark for what orders foretell, and a dot with its interval for all else.
    """
    say, shown = of(run), named.head(top)
    dot = say("by all that is known beside orders")
    ax = interval_rows(shown, say, ("account_name", "masked_low", "soil_masked", "masked_high"), dot=dot, ax=ax)
    rows = np.arange(len(shown))
    ax.plot(shown["foretold"], rows, "D", ms=6, color=GRAIN[1], label=say("foretold by its orders"))
    ax.set_xlim(left=min(0.0, float(shown["foretold"].min())) - 0.03 * float(shown["masked_high"].max()))
    legend_above(ax, 2)
    first = shown.iloc[0]
    answer = say(
        "{name} should bring {gap} more than its orders foretell",
        name=shorten(first["account_name"], 20), gap=say.money(first["soil_gap"]),
    )  # fmt: skip
    alt = say("Dots with intervals and, left of them, marks for quiet accounts. {answer}.", answer=answer)
    caption = say(
        "The dot is the gross profit that accounts like this one bring over {years} years, learned from everything but "
        "their own orders; the line holds the mean of such accounts in 8 of 10 cases, not what this one will do. The "
        "diamond is what its own orders foretell.",
        years=say.years(run.settings.horizon_years),
    )
    return tell(
        ax, run, title=say("Who should bring far more?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} accounts", shown=say.number(len(shown)), n=say.number(len(named))),
        across=say("soil value"),
    )  # fmt: skip
