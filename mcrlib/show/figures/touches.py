"""Pictures of touches: whether executives meet, and how much of the work with customers is logged at all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, LEAF, SOFT, STONE
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, legend_above, percent_axis, picture, tell
from mcrlib.show.words.catalogue import of


@picture
def executive_visits(firms: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How often executives met at the S and A customers, against the method's one or two visits a year.

    Parameters
    ----------
    firms : DataFrame
        tier, n_exec_visits (12 months), n_exec_both (executives of both sides recorded); customers without a number
        of visits are not drawn.
    run
        Language and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One bar per number of visits; the band of the method is shaded.
    """
    say, ax = of(run), canvas(ax, 2.0)
    firms = firms.dropna(subset=["n_exec_visits"])
    visits = firms["n_exec_visits"].clip(upper=5).astype(int)
    ax.axvspan(0.5, 2.5, color=LEAF[3], zorder=0)
    ax.text(1.5, 1.0, say("the method's band"), transform=ax.get_xaxis_transform(), ha="center", va="top", size=SMALL,
            color=LEAF[0])  # fmt: skip
    under = np.zeros(6)
    for tier, colour in (("S", EARTH[0]), ("A", EARTH[1])):
        counts = visits[firms["tier"] == tier].value_counts().reindex(range(6), fill_value=0).to_numpy()
        ax.bar(range(6), counts, 0.6, bottom=under, color=colour, label=f"{tier} ({say.number(counts.sum())})")
        under = under + counts
    for place, count in enumerate(under):
        if count:
            ax.text(place, count, say.number(count), ha="center", va="bottom", size=10)
    ax.set_xticks(range(6), [*map(str, range(5)), "5+"])
    ax.yaxis.set_visible(False)
    ax.margins(y=0.3)
    ax.tick_params(axis="x", colors=SOFT)
    ax.legend(loc="upper right", frameon=False, fontsize=SMALL)
    within = int(visits.between(1, 2).sum())
    answer = say(
        "Customers that had none: {none} of {all}; one or two: {n}",
        none=say.number((visits == 0).sum()), all=say.number(len(visits)), n=say.number(within),
    )  # fmt: skip
    alt = say("Bars for the number of visits of executives in a year. {answer}.", answer=answer)
    caption = say(
        "S and A customers by visits of executives in 12 months. None is red by the method's rule; with more than "
        "four, ask whether they are ceremony. Executives of both sides are recorded in {both} of {visits} visits.",
        both=say.number(firms["n_exec_both"].sum()), visits=say.number(firms["n_exec_visits"].sum()),
    )  # fmt: skip
    n = say.count("{n} S or A customer", "{n} S and A customers", len(firms))
    return tell(
        ax, run, title=say("Do the executives meet?"), answer=answer, alt=alt, caption=caption, n=n,
        across=say("visits in 12 months"),
    )  # fmt: skip


@picture
def logging_gaps(logged: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How much of the work with customers is logged at all, month by month.

    Parameters
    ----------
    logged : DataFrame
        owner_id, month, n_accounts, n_logged.
    run
        Language, as-of date and the threshold ``coverage``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Two lines: the share of our people who logged anything at accounts they hold, and of accounts with a log.
    """
    say, ax = of(run), canvas(ax, 2.1)
    by_month = logged.assign(writes=logged["n_logged"] > 0).groupby("month")
    people = by_month["writes"].mean()
    accounts = by_month["n_logged"].sum() / by_month["n_accounts"].sum()
    line: dict[str, Any] = {"linewidth": 1.8, "marker": "o", "markersize": 3}
    ax.plot(people.index, people, color=LEAF[0], label=say("our people who log"), **line)
    ax.plot(accounts.index, accounts, color=STONE[1], linestyle="--", label=say("accounts with a touch"), **line)
    ax.set_ylim(-0.06, 1.08)
    percent_axis(ax.yaxis, say)
    ticks = people.index[:: max(1, len(people) // 4)]
    ax.set_xticks(ticks, [f"{day:%Y-%m}" for day in ticks])
    ax.grid(True, axis="y")
    legend_above(ax, 2, handletextpad=0.8)
    silent = logged.groupby("owner_id")["n_logged"].sum()
    answer = say.count("{n} person of {all} logged touches at the accounts they hold in 24 months",
                       "{n} of {all} people logged touches at the accounts they hold in 24 months",
                       int((silent > 0).sum()), all=say.number(len(silent)))  # fmt: skip
    alt = say("Lines for the share of people and accounts with logged touches by month. {answer}.", answer=answer)
    caption = say(
        "What is not logged is a gap of the log, not of the relationship: where the lines are low, everything on this "
        "page is seen through a keyhole."
    )
    n = say.count("{n} person of ours", "{n} people of ours", len(silent))
    return tell(ax, run, title=say("Who logs, month by month?"), answer=answer, alt=alt, caption=caption, n=n)
