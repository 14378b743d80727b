"""Pictures of patience in chapter 04: how deep strategic entries dig, and at which gate they stand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LEAF, LINE, PAPER, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, label, money_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term

#: The gates at which something must be decided, with the colour and hatching of their bars.
_GATES = {"reinforce": (LEAF[1], None), "review": (GRAIN[1], "////"), "stop": (EARTH[0], None)}


@picture
def patience_curves(
    curves: pd.DataFrame, run: Any, *, fan: pd.DataFrame, patience: pd.DataFrame, ax: Axes | None = None
) -> Axes:
    """Cumulative contribution of strategic entries since they began, and the fan of what is to come.

    Parameters
    ----------
    curves : DataFrame
        One row per entry and quarter: account_id, quarter, cumulative (money).
    run
        Language, currency and as-of date.
    fan : DataFrame
        account_id, quarter, low, middle, high (money, 80 % of the draws), gate_low, gate_high (of the gates).
    patience : DataFrame
        One row per entry: account_id, account_name, depth, gate.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        The deepest entry at each gate with its fan and, at its end, the gate; in dark grey those that have earned back,
        in light grey all others; year 0 is the first quarter on record.
    """
    say, ax = of(run), canvas(ax, 3.4)
    began = curves.groupby("account_id")["quarter"].min()
    ranked = patience[patience["account_id"].isin(began.index)].sort_values(["depth", "account_name"], kind="stable")
    shown = ranked[ranked["gate"].isin(list(_GATES))].groupby("gate", sort=False).head(1)
    finished = set(patience.loc[patience["gate"] == "paid_back", "account_id"])
    low, high = _limits(curves, fan, shown)
    for account, one in curves.groupby("account_id"):
        if one["cumulative"].iloc[0] > high:  # all but a splinter lies above the picture
            continue
        colour, width = (STONE[1], 1.2) if account in finished else (STONE[2], 0.7)
        ax.plot(_years(one["quarter"], began[account]) + 0.25, one["cumulative"], color=colour, linewidth=width)
    ends = []
    for row in rows_of(shown):
        colour = _GATES[row.gate][0]
        past, ahead = (frame[frame["account_id"] == row.account_id] for frame in (curves, fan))
        across = _years(ahead["quarter"], began[row.account_id]) + 0.25
        ax.plot(_years(past["quarter"], began[row.account_id]) + 0.25, past["cumulative"], color=colour, linewidth=2.2)
        ax.fill_between(across, ahead["low"], ahead["high"], color=colour, alpha=0.22, linewidth=0)
        ax.plot(across, ahead["middle"], color=colour, linewidth=1.4, linestyle="--")
        gate = ahead[["gate_low", "gate_high"]].iloc[-1]
        ax.plot([across.iloc[-1]] * 2, gate, color=colour, linewidth=5, solid_capstyle="butt")
        name = f"{shorten(row.account_name, 16)}: {term(say, 'gate', row.gate)}"
        ends.append((float(across.iloc[-1]), float(ahead["middle"].iloc[-1]), name))
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set_ylim(low, high)
    ax.set_xlim(left=0)
    ax.grid(True, axis="y")
    money_axis(ax.yaxis, say)
    made = _tell_curves(ax, run, patience, len(began))
    label(ax, ends)
    return made


def _limits(curves: pd.DataFrame, fan: pd.DataFrame, shown: pd.DataFrame) -> tuple[float, float]:
    """How far down and up the picture reaches: as far as the entries shown with their fans, else as all curves."""
    named = set(shown["account_id"])
    past, ahead = (frame[frame["account_id"].isin(named)] for frame in (curves, fan)) if named else (curves, fan)
    reach = [0.0, *past["cumulative"], *ahead["low"], *ahead["high"], *ahead.groupby("account_id")["gate_high"].last()]
    room = 0.08 * (max(reach) - min(reach) or 1.0)
    return min(reach) - room, max(reach) + room


def _years(quarters: pd.Series, began: pd.Timestamp) -> pd.Series:
    return (quarters.dt.year - began.year) + (quarters.dt.month - began.month) / 12


def _tell_curves(ax: Axes, run: Any, patience: pd.DataFrame, n: int) -> Axes:
    say = of(run)
    filled = int(patience["gate"].eq("paid_back").sum())
    answer = say("Earned back what is on record: {filled} of {n}", filled=say.number(filled), n=say.number(n))
    alt = say("Curves of cumulative contribution since the entry, some with a fan. {answer}.", answer=answer)
    caption = say(
        "Below the line more was spent than earned. The dashed line is the middle of what is to come, the fan holds 8 "
        "of 10 courses; the bar at its end is the gate: all of it above the line, reinforce; all below, twice running "
        "and with flat relationships, stop; across it, review. Shown is the deepest entry at each gate; those that "
        "have earned back are dark grey, all others light grey; some lie above the picture. The method tells of a "
        "market that paid for itself after 16 years and had earned back all after 20: a story, no target."
    )
    return tell(
        ax, run, title=say("How deep do strategic entries dig?"), answer=answer, alt=alt, caption=caption,
        n=say.count("{n} strategic entry", "{n} strategic entries", n),
        across=say("years since the entry, as far as costs are on record"), up=say("cumulative contribution"),
    )  # fmt: skip


@picture
def patience_gates(patience: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """How likely each strategic entry is to earn back what it cost, beside the gates.

    Parameters
    ----------
    patience : DataFrame
        One row per entry: account_name, p_payback (chance), gate.
    run
        Language, as-of date and the thresholds ``patience_go``, ``patience_stop`` and ``patience_years``.
    top : int
        How many entries to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A bar per entry that has not paid back yet, and a line at each gate.
    """
    say, limits = of(run), run.settings.thresholds
    open_ones = patience[patience["gate"].isin(list(_GATES))]
    shown = open_ones.sort_values(["p_payback", "account_name"], ascending=[False, True], kind="stable").head(top)
    ax = canvas(ax, 0.4 + 0.3 * max(len(shown), 2))
    for row, one in enumerate(rows_of(shown)):
        colour, hatch = _GATES[one.gate]
        ax.barh(row, one.p_payback, height=0.6, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
        text = f"{say.percent(one.p_payback)} · {term(say, 'gate', one.gate)}"
        behind = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
        ax.annotate(text, (one.p_payback, row), xytext=(5, 0), textcoords="offset points", va="center", bbox=behind)
    for limit, words in ((limits.patience_stop, "stop"), (limits.patience_go, "reinforce")):
        ax.axvline(limit, color=SOFT, linewidth=1, linestyle="--", zorder=0)
        named = ax.annotate(term(say, "gate", words), (limit, -0.75), ha="center", color=SOFT, annotation_clip=False)
        named.set(size=SMALL, bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1})
    ax.set_yticks(np.arange(len(shown)), [shorten(name, 18) for name in shown["account_name"]])
    ax.set_ylim(max(len(shown), 2) - 0.5, -1.0)
    ax.set(xlim=(0, 1.3), xticks=(0, 0.5, 1))
    ax.set_xticklabels([say.percent(share) for share in (0, 0.5, 1)])
    ax.spines["bottom"].set_color(LINE)
    count = say.number(int(open_ones["gate"].eq("reinforce").sum()))
    answer = say("Worth reinforcing: {n} of {all} open entries", n=count, all=say.number(len(open_ones)))
    alt = say("Bars of the chance to earn back the cost, with two gates. {answer}.", answer=answer)
    caption = say(
        "The bar is the chance that the entry has earned back all costs on record within {years} years, at the costs "
        "of its last two years. Below the stop line twice in a row, and with flat relationships, it is at the stop "
        "gate; one reading, or money alone, stops nothing.",
        years=say.years(limits.patience_years),
    )
    return tell(
        ax, run, title=say("How likely is each to earn it back?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} open entries", shown=say.number(len(shown)), n=say.number(len(open_ones))),
        across=say("chance to earn back the cost"),
    )  # fmt: skip
