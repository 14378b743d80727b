"""Pictures of chapter 05: what is coming, what came and went, at what price."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LEAF, LINE, PAPER, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.style import beside, canvas, hide, money_axis, percent_axis, picture, rows_of, tell
from mcrlib.show.words.catalogue import of
from mcrlib.show.words.terms import term

#: Quarters of prices that are shown, and up to how many of them each is named.
_QUARTERS, _NAMED = 16, 6


@picture
def crops_stack(crops: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """What the next 12 months should bring: in the bowl (running business) and in the pot (open deals).

    Parameters
    ----------
    crops : DataFrame
        One row per account: account_name, crop_value, crop_low, crop_high, run_rate, pipeline_value (money).
    run
        Language, currency and as-of date.
    top : int
        How many accounts to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One stacked bar per account with the interval of its sum.
    """
    say = of(run)
    shown = crops.sort_values(["crop_value", "account_name"], ascending=[False, True], kind="stable").head(top)
    ax = canvas(ax, 0.35 + 0.29 * max(len(shown), 2))
    rows = np.arange(len(shown))
    bowl = shown["run_rate"].fillna(0)
    pot = (shown["crop_value"] - bowl).clip(lower=0).fillna(0)
    ax.barh(rows, bowl, height=0.6, color=GRAIN[1])
    ax.barh(rows, pot, left=bowl, height=0.6, color=GRAIN[3], hatch="////", edgecolor=GRAIN[1], linewidth=0.6)
    ax.hlines(rows, shown["crop_low"], shown["crop_high"], color=INK, linewidth=1.2)
    for row, one in enumerate(rows_of(shown)):
        end = np.nanmax([one.crop_high, bowl.iloc[row] + pot.iloc[row], 0])
        beside(ax, say.money(one.crop_value), (end, row))
    ax.set_yticks(rows, [shorten(name, 20) for name in shown["account_name"]])
    ax.set_ylim(max(len(shown), 2) - 0.5, -0.6)
    ax.set_xlim(left=1.05 * shown["crop_low"].clip(upper=0.0).min() if len(shown) else 0.0)
    ax.axvline(0.0, color=INK, linewidth=0.6)
    money_axis(ax.xaxis, say)
    total, running = crops["crop_value"].sum(), crops["run_rate"].sum()
    answer = say("{total} expected in 12 months", total=say.money(total))
    if 0 <= running <= total and total > 0:
        share = say.percent(running / total)
        answer = say("{total} expected in 12 months, {share} of it from running business",
                     total=say.money(total), share=share)  # fmt: skip
    alt = say("Stacked bars of running business and open deals per account. {answer}.", answer=answer)
    caption = say(
        "Gross profit expected in the next 12 months: what the running business should bring, and what open deals, "
        "weighed with their chance of being won, add to it. The thin line holds the truth in 8 of 10 cases."
    )
    return tell(
        ax, run, title=say("What is in the bowl, what in the pot?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} accounts", shown=say.number(len(shown)), n=say.number(len(crops))),
        key=say("full: running business (bowl); hatched: open deals (pot)"),
    )  # fmt: skip


@picture
def gp_bridge(accounts: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How the harvest of the year before became this year's: what was lost, shrank, grew and is new. Exact.

    Parameters
    ----------
    accounts : DataFrame
        One row per account: harvest, harvest_previous (money, the last 12 months and the 12 before).
    run
        Language, currency and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A waterfall whose steps add up to the difference.
    """
    say, ax = of(run), canvas(ax, 2.8)
    now, before = accounts["harvest"].fillna(0.0), accounts["harvest_previous"].fillna(0.0)
    change = now - before
    lost, new = (now == 0) & (before != 0), (before == 0) & (now != 0)
    stay = ~lost & ~new
    parts = {
        say("stopped"): lost, say("less"): stay & (change < 0), say("more"): stay & (change > 0), say("new"): new
    }  # fmt: skip
    level, names, values = float(before.sum()), [say("year before")], [float(before.sum())]
    ax.bar(0, level, width=0.66, color=GRAIN[2], edgecolor=GRAIN[0], linewidth=0.6)
    for place, (name, who) in enumerate(parts.items(), start=1):
        step = float(change[who].sum())
        up = step >= 0
        ax.bar(place, step, bottom=level, width=0.66, color=LEAF[1] if up else EARTH[1], hatch=None if up else "////",
               edgecolor=PAPER, linewidth=0)  # fmt: skip
        ax.plot([place - 1.33, place + 0.33], [level, level], color=STONE[1], linewidth=0.8)
        level += step
        names.append(f"{name}\n{say.number(who.sum())}")
        values.append(step)
    ax.bar(5, float(now.sum()), width=0.66, color=GRAIN[1], edgecolor=GRAIN[0], linewidth=0.6)
    names.append(say("this year"))
    values.append(float(now.sum()))
    _bridge_values(ax, values, say)
    ax.set_xticks(range(6), names, color=INK)
    hide(ax.yaxis)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.margins(y=0.16)
    return _tell_bridge(ax, run, values, int(((now != 0) | (before != 0)).sum()))


def _tell_bridge(ax: Axes, run: Any, values: list[float], moved: int) -> Axes:
    say = of(run)
    gain, loss = (sum(max(sign * step, 0.0) for step in values[1:-1]) for sign in (1, -1))
    answer = say(
        "{gain} gained and {loss} given up: {before} became {now}",
        gain=say.money(gain), loss=say.money(loss), before=say.money(values[0]), now=say.money(values[-1]),
    )  # fmt: skip
    alt = say("A bridge from the harvest of the year before to this year's. {answer}.", answer=answer)
    caption = say(
        "Gross profit of the 12 months before, what left with accounts that stopped, what others bought less or more, "
        "what new or returning accounts brought, and the last 12 months. The number under a step counts its accounts."
    )
    n = say.count("{n} account", "{n} accounts", moved)
    title = say("Where did growth come from, and where did it leak?")
    return tell(ax, run, title=title, answer=answer, alt=alt, caption=caption, n=n)


def _bridge_values(ax: Axes, values: list[float], say: Any) -> None:
    level = 0.0
    for place, value in enumerate(values):
        whole = place in (0, len(values) - 1)
        top = max(value, 0.0) if whole else max(level, level + value)
        text = say.money(value, unit=False) if whole or value <= 0 else "+" + say.money(value, unit=False)
        ax.annotate(text, (place, top), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", size=10)
        level = value if place == 0 else level + value


@picture
def win_rates(rates: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How often a deal is won once it has reached a stage, how sure that is, and the chance of one that stands there.

    Parameters
    ----------
    rates : DataFrame
        stage_std, win_rate (0-1), low, high (interval), n (deals), chance (of a deal found in the stage on any day);
        in the order of the stages.
    run
        Language, as-of date and the threshold ``small_number``.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A dot with its interval per stage, and a stroke for the chance; stages with few deals are grey and hollow.
    """
    say, least = of(run), run.settings.thresholds.small_number
    ax = canvas(ax, 0.35 + 0.36 * max(len(rates), 2))
    for row, one in enumerate(rows_of(rates)):
        few = one.n < least
        colour = STONE[1] if few else GRAIN[0]
        ax.hlines(row, one.low, one.high, color=STONE[2] if few else GRAIN[2], linewidth=5)
        ax.plot(one.win_rate, row, "o", ms=8, color=PAPER if few else colour, mec=colour)
        ax.plot(one.chance, row, "|", ms=14, mew=2, color=STONE[1] if few else LEAF[0])
        edge = max(one.high, one.chance)
        beside(ax, say.percent(one.win_rate), (edge, row), gap=6, colour=SOFT if few else INK)
    names = [say("{what} ({n})", what=term(say, "stage", one.stage_std), n=say.number(one.n)) for one in rows_of(rates)]
    ax.set_yticks(range(len(rates)), names)
    ax.set(ylim=(max(len(rates), 2) - 0.5, -0.5), xlim=(0, 1))
    ax.grid(True, axis="x")
    percent_axis(ax.xaxis, say)
    enough = rates[rates["n"] >= least]
    staged = enough[enough["stage_std"] != "all"]
    if len(staged) > 1:
        first, last = staged.iloc[0], staged.iloc[-1]
        answer = say(
            "From {first} {low} are won, from {last} {high}",
            first=term(say, "stage", first["stage_std"]), low=say.percent(first["win_rate"]),
            last=term(say, "stage", last["stage_std"]), high=say.percent(last["win_rate"]),
        )  # fmt: skip
    elif len(enough):
        answer = say("{share} of the closed deals were won", share=say.percent(enough["win_rate"].iloc[-1]))
    else:
        answer = say("Too few closed deals to speak of a rate")
    alt = say("Dots with intervals for the share of deals won, per stage. {answer}.", answer=answer)
    caption = say(
        "Of {deals} closed deals, those that reached the stage (in brackets how many), and the share that was won. The "
        "upright stroke is the chance with which a deal that stands there today is counted: deals that come to nothing "
        "may stand longer. What is grey and hollow rests on fewer than {n} deals: do not lean on it.",
        deals=say.number(rates["n"].max()),
        n=say.number(least),
    )
    deals = say.count("{n} deal", "{n} deals", int(rates["n"].max()))
    return tell(ax, run, title=say("How good are the chances?"), answer=answer, alt=alt, caption=caption, n=deals)


@picture
def discounts(months: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """What price is left after discounts, quarter by quarter.

    Parameters
    ----------
    months : DataFrame
        One row per month: date, amount, list_amount (money); rows without a list price are left out.
    run
        Language, currency and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Net over list per quarter: all of it together, and the span of its months.
    """
    say, ax = of(run), canvas(ax, 2.5)
    priced = months[(months["list_amount"] > 0) & (months["amount"] > 0)]
    quarter = pd.to_datetime(priced["date"]).dt.to_period("Q")
    priced = priced[quarter.isin(sorted(quarter.unique())[-_QUARTERS:])]
    sums = priced.groupby(quarter)[["amount", "list_amount"]].sum()
    kept = (priced["amount"] / priced["list_amount"]).groupby(quarter)
    spans = kept.agg(["min", "max"]).assign(all=sums["amount"] / sums["list_amount"])
    places = np.arange(len(spans))
    ax.vlines(places, spans["min"], spans["max"], color=GRAIN[2], linewidth=6)
    ax.plot(places, spans["all"], "o-", ms=5, color=GRAIN[0], linewidth=1.2)
    ax.axhline(1, color=LINE, linewidth=1)
    ax.set_ylim(top=1.02)
    ax.grid(True, axis="y")
    ticks = places[::-1][:: 1 if len(spans) <= _NAMED else 4][::-1]  # the same quarter of each year
    ax.set_xticks(ticks, [say.quarter(spans.index[i]) for i in ticks])
    percent_axis(ax.yaxis, say, ticks=5)
    ax.set_xlim(-0.6, max(len(spans), 1) - 0.4)
    left = priced["list_amount"].sum() - priced["amount"].sum()
    share = priced["amount"].sum() / priced["list_amount"].sum() if len(priced) else None
    answer = say(
        "{share} of list price is kept; {left} went as discount", share=say.percent(share), left=say.money(left)
    )
    alt = say("Dots and spans of price kept per quarter. {answer}.", answer=answer)
    caption = say(
        "Net price over list price: the dot is the whole quarter, the bar runs from its lowest to its highest month. "
        "Where the dots dip at every year's end, customers may have learnt to wait for it."
    )
    n = say.count("{n} month with list prices", "{n} months with list prices", len(priced))
    title = say("What does the price leave us?")
    return tell(ax, run, title=title, answer=answer, alt=alt, caption=caption, n=n, up=say("share of list price"))
