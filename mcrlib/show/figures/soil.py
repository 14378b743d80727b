"""Pictures of chapter 04: what each relationship is worth, and how few hold most of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LINE, SOFT
from mcrlib.show.figures.intervals import interval_rows
from mcrlib.show.figures.style import beside, canvas, label, nothing, percent_axis, picture, rows_of, shown_of, tell
from mcrlib.show.words.catalogue import Words, of


@picture
def soil_intervals(soil: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """What the richest relationships are expected to yield over the years, and how sure that is.

    Parameters
    ----------
    soil : DataFrame
        One row per account: account_name, soil_value, soil_low, soil_high (money, 80 % interval).
    run
        Language, currency, as-of date and ``horizon_years``.
    top : int
        How many accounts to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A dot for the expected value and a line for the interval, per account.
    """
    say = of(run)
    worth = soil[soil["soil_value"] > 0]
    if worth.empty:
        return nothing(ax, run)
    shown = worth.sort_values(["soil_value", "account_name"], ascending=[False, True], kind="stable").head(top)
    ax = interval_rows(shown, say, ("account_name", "soil_low", "soil_value", "soil_high"), ax=ax)
    for row, one in enumerate(rows_of(shown)):
        beside(ax, say.money(one.soil_value), (one.soil_high, row))
    ax.set_xlim(left=0)
    total = soil["soil_value"].sum()
    answer = say(
        "The first {n} hold {share} of {total}",
        n=say.number(len(shown)), share=_part(shown["soil_value"].sum(), soil["soil_value"], say),
        total=say.money(total),
    )  # fmt: skip
    if len(shown) == len(worth):
        answer = say("Together they are worth {total}", total=say.money(shown["soil_value"].sum()))
    first = shown.iloc[0]
    alt = say(
        "Dots with intervals for the relationships that are worth most. {answer}. First is {name} with {value}.",
        answer=answer, name=first["account_name"], value=say.money(first["soil_value"]),
    )  # fmt: skip
    caption = say(
        "The dot is the gross profit expected from the account over {years} years in today's money; the line holds the "
        "truth in 8 of 10 cases. A long line means: few orders to judge by.",
        years=say.years(run.settings.horizon_years),
    )
    n = say("{shown} of {n} accounts", shown=say.number(len(shown)), n=say.number(len(soil)))
    return tell(
        ax, run, title=say("How much is each worth, and how sure is that?"), answer=answer, alt=alt, caption=caption,
        n=shown_of(n, int(soil["soil_value"].isna().sum()), say), across=say("soil value"),
    )  # fmt: skip


@picture
def concentration(accounts: pd.DataFrame, run: Any, *, column: str = "harvest", ax: Axes | None = None) -> Axes:
    """How much of the whole the largest accounts hold, the line of the method at rank ten.

    Parameters
    ----------
    accounts : DataFrame
        One row per account: account_name and ``column`` (money).
    run
        Language, currency, as-of date and the threshold ``top_ten_share``.
    column : str
        ``harvest``, ``soil_value`` or another money column.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Cumulative share over rank, rank growing by tens.
    """
    ranked = accounts[accounts[column] > 0].sort_values([column, "account_name"], ascending=[False, True])
    if ranked.empty:
        return nothing(ax, run)
    say, ax, floor = of(run), canvas(ax, 3.0), run.settings.thresholds.top_ten_share
    shares = (ranked[column].cumsum() / ranked[column].sum()).to_numpy()
    ranks = np.arange(1, len(shares) + 1)
    dark, light = (GRAIN[0], GRAIN[2]) if column != "soil_value" else (EARTH[0], EARTH[2])
    ax.fill_between(ranks, shares, color=light, alpha=0.35, linewidth=0)
    ax.plot(ranks, shares, color=dark, linewidth=2, marker="o" if len(ranks) < 30 else None, ms=4)
    ax.plot(ranks, ranks / max(len(ranks), 1), color=SOFT, linewidth=1, linestyle=":")
    ax.vlines(10, 0, 1, color=LINE, linewidth=1)
    ax.hlines(floor, 0.9, 10, color=INK, linewidth=1, linestyle="--")
    ax.set_xscale("log")
    steps = [step for step in (1, 2, 5, 10, 20, 50, 100, 1000, 10000) if step <= max(len(ranks), 10)]
    ax.set_xticks(steps, [say.number(step) for step in steps])
    ax.set_xticks([], minor=True)
    ax.set(ylim=(0, 1.08), xlim=(0.9, max(len(ranks), 10) * 1.25))
    percent_axis(ax.yaxis, say)
    return _tell_concentration(ax, run, shares, floor, unknown=int(accounts[column].isna().sum()))


def _part(part: float, values: pd.Series, say: Words) -> str:
    """A part of the whole: its share, or the money itself where the whole has losses in it."""
    return say.money(part) if (values < 0).any() else say.percent(part / values.sum())


def _tell_concentration(ax: Axes, run: Any, shares: np.ndarray, floor: float, *, unknown: int) -> Axes:
    say, n = of(run), len(shares)
    brings = say.count("{n} account that brings something", "{n} accounts that bring something", n)
    ten = float(shares[min(10, n) - 1])
    if n <= 20:
        answer = say.count(
            "Only {n} account: a share of the first ten says little",
            "Only {n} accounts: a share of the first ten says little",
            n,
        )
    else:
        answer = say(
            "The first ten bring {share}; the method asks for {floor} or more",
            share=say.percent(ten), floor=say.percent(floor),
        )  # fmt: skip
    alt = say("A rising curve of the share held by the largest accounts. {answer}.", answer=answer)
    caption = say(
        "Read at rank ten: this share comes from the ten largest accounts. The dashed line is the method's minimum of "
        "{floor}; the dotted curve would be equal accounts. The steeper the start, the more depends on few.",
        floor=say.percent(floor),
    )
    made = tell(
        ax, run, title=say("How much depends on how few?"), answer=answer, alt=alt, caption=caption,
        n=shown_of(brings, unknown, say),
        across=say("rank of the account"), up=say("share of the whole"),
    )  # fmt: skip
    points = [(float(rank), float(shares[rank - 1]), say.percent(shares[rank - 1])) for rank in (10, 1, 5) if rank <= n]
    label(ax, points)
    return made
