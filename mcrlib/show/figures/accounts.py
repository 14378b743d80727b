"""Pictures of chapter 02: how the harvest grew."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import GRAIN, INK
from mcrlib.show.figures.style import canvas, hide, one_of, picture, tell
from mcrlib.show.words.catalogue import Words, of

#: A period is whole although this part of it is not on record: two weeks of a year, some days of a quarter.
_SLACK = 1 / 25


@picture
def gp_by_period(
    periods: pd.DataFrame,
    run: Any,
    *,
    by: Literal["year", "quarter"] = "year",
    since: dt.date | None = None,
    ax: Axes | None = None,
) -> Axes:
    """How the gross profit grew from year to year or quarter to quarter; a period that is not over is marked.

    Parameters
    ----------
    periods : DataFrame
        One row per account and period: period (first day, a date), gp (money).
    run
        Language, currency and as-of date.
    by : {"year", "quarter"}
        Length of a bar.
    since : date, optional
        First day on record; a first period that it cuts is marked and not compared with.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One bar per period, also those without any order; the first and the last are hatched where they are cut.
    """
    say, ax = of(run), canvas(ax, 2.5)
    one_of("gp_by_period", by, ("year", "quarter"))
    when = pd.PeriodIndex(pd.to_datetime(periods["period"]), freq="Y" if by == "year" else "Q")
    sums = periods.groupby(when)["gp"].sum()
    sums = sums.reindex(pd.period_range(when.min(), when.max(), freq=when.freq), fill_value=0.0)
    sums = sums.iloc[-(10 if by == "year" else 16) :]
    cut = np.zeros(len(sums), dtype=bool)
    cut[0] = since is not None and _begins_late(sums.index[0], since)
    cut[-1] |= _ends_early(sums.index[-1], run.date)
    places = np.arange(len(sums))
    bars = ax.bar(
        places, sums, width=min(0.7, 0.16 * len(sums) + 0.1), color=np.where(cut, GRAIN[2], GRAIN[1]),
        edgecolor=GRAIN[0], linewidth=0.6,
    )  # fmt: skip
    for bar in np.array(bars.patches)[cut]:
        bar.set_hatch("////")
    _write_values(ax, sums, say)
    step = int(np.ceil(len(sums) / 6))
    ticks = places[::-1][::step][::-1]
    ax.set_xticks(ticks, [_name(sums.index[i], by, say) for i in ticks])
    ax.set_xlim(-0.7, len(sums) - 0.3)
    ax.axhline(0, color=INK, linewidth=0.8)
    hide(ax.yaxis)
    ax.margins(y=0.14)
    return _tell(ax, run, sums[~cut], by, _cuts(sums, since, run))


def _cuts(sums: pd.Series, since: dt.date | None, run: Any) -> list[str]:
    """What is to be said of the periods that the data hold in part only."""
    say, said = of(run), []
    if since is not None and _begins_late(sums.index[0], since):
        said.append(say("The first bar begins only on {date}.", date=say.date(since)))
    if _ends_early(sums.index[-1], run.date):
        said.append(say("The hatched bar runs only to {date}.", date=say.date(run.date)))
    return said


def _begins_late(period: pd.Period, since: dt.date) -> bool:
    return bool(pd.Timestamp(since) - period.start_time > _SLACK * (period.end_time - period.start_time))


def _ends_early(period: pd.Period, until: dt.date) -> bool:
    return bool(period.end_time.normalize() - pd.Timestamp(until) > _SLACK * (period.end_time - period.start_time))


def _tell(ax: Axes, run: Any, whole: pd.Series, by: str, cuts: list[str]) -> Axes:
    say = of(run)
    if len(whole) >= 2 and whole.iloc[-2] > 0:
        change = whole.iloc[-1] / whole.iloc[-2] - 1
        before, period = (_name(one, by, say) for one in whole.index[-2:])
        facts = {"period": period, "before": before, "value": say.money(whole.iloc[-1])}
        facts["change"] = say.percent(abs(change))
        rose = say("{period}: {value}, {change} more than in {before}", **facts)
        answer = rose if change >= 0 else say("{period}: {value}, {change} less than in {before}", **facts)
    else:
        answer = say("Too short a history to speak of growth")
    alt = say("Bars of gross profit per period. {answer}.", answer=answer)
    caption = say.together(say("The height of a bar is the gross profit booked in the period."), *cuts)
    n = say.money_unit()
    title = say("What did each year bring?") if by == "year" else say("What did each quarter bring?")
    return tell(ax, run, title=title, answer=answer, alt=alt, caption=caption, n=n)


def _write_values(ax: Axes, sums: pd.Series, say: Words) -> None:
    """Write the value over each bar where there are few, else over the highest, the first and the last."""
    few = len(sums) <= 7
    keep = set(range(len(sums))) if few else {0, int(np.argmax(sums)), len(sums) - 1}
    if not few and abs(int(np.argmax(sums)) - (len(sums) - 1)) <= 2:
        keep.discard(int(np.argmax(sums)))
    if not few and int(np.argmax(sums)) in (1, 2):
        keep.discard(0)
    for place in sorted(keep):
        at = (place, max(float(sums.iloc[place]), 0.0))
        ax.annotate(say.money(sums.iloc[place], unit=False), at, xytext=(0, 3), textcoords="offset points",
                    ha="center", va="bottom", size=10, color=INK)  # fmt: skip


def _name(period: Any, by: str, say: Words) -> str:
    if by == "year":
        return say("{year}", year=period.year)
    return say.quarter(period)
