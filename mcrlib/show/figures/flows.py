"""Picture of the tiers year by year: who stayed, who climbed, who fell, and the mix to come."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, INK, LEAF, SOFT, STONE, TIER_COLOURS
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, nothing, picture, rows_of, tell
from mcrlib.show.words.catalogue import Words, of

#: From the top of the picture down.
_ORDER = ("S", "A", "B", "C", "none")
_RANK = {tier: place for place, tier in enumerate(_ORDER)}
_COLOURS = TIER_COLOURS | {"none": STONE[3]}
#: Half the width of a column, and the part of all accounts that is left empty between two tiers.
_HALF, _GAP = 0.13, 0.03
#: The part of all accounts from which a tier has room for its number.
_LABELLED = 0.03
_CURVE = np.linspace(0.0, 1.0, 30)
_SMOOTH = _CURVE**2 * (3 - 2 * _CURVE)


@picture
def tier_flows(
    seen: pd.DataFrame, run: Any, *, mix: pd.DataFrame, ahead: dt.date | None = None, ax: Axes | None = None
) -> Axes:
    """The tiers at each date as columns, and between them those who stayed, climbed and fell.

    Parameters
    ----------
    seen : DataFrame
        date, account_id, tier (``none``: had not ordered yet).
    run
        Language and as-of date.
    mix : DataFrame
        The mix to come: tier, n_now, n_expected, n_low, n_high; without rows it is not drawn.
    ahead : date, optional
        When it is to come.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A column per date, two at least; climbers are green, the fallen brown, and the column to come is hatched.
    """
    say, ax = of(run), canvas(ax, 3.4)
    tiers = seen.set_index(["account_id", "date"])["tier"].unstack("date")  # noqa: PD010 - an account twice must fail
    if len(tiers.columns) < 2:
        return nothing(ax, run)
    gap = _GAP * len(tiers)
    counts = [tiers[date].value_counts().reindex(_ORDER, fill_value=0) for date in tiers]
    tops = [_column(ax, place, one, gap) for place, one in enumerate(counts)]
    for place, (before, now) in enumerate(pairwise(tiers)):
        _ribbons(ax, place, pd.crosstab(tiers[before], tiers[now]), tops[place].copy(), tops[place + 1].copy())
    for place, one in enumerate(counts):
        _numbers(ax, place, {tier: say.number(n) for tier, n in one.items() if n}, tops[place], one)
    dates = [say.day(date) for date in tiers]
    if len(mix):
        expected = mix.set_index("tier")["n_expected"].reindex(_ORDER, fill_value=0.0)
        top = _column(ax, len(counts), expected, gap, hatch="////")
        said = {one.tier: f"{say.number(one.n_low)}–{say.number(one.n_high)}" for one in rows_of(mix)}
        _numbers(ax, len(counts), said, top, expected)
        dates.append(say.day(ahead))
    least = dict.fromkeys(_ORDER, _LABELLED * len(tiers)) | {"S": 1}  # above S there is room for its name
    for tier in (one for one in _ORDER if counts[0][one] >= least[one]):
        name, size = (say("not yet ordered"), SMALL) if tier == "none" else (tier, 12)
        ax.text(-0.2, tops[0][tier] - counts[0][tier] / 2, name, ha="right", va="center", size=size)
    tallest = max(len(tiers), mix["n_expected"].sum() if len(mix) else 0)  # some are known of today alone
    ax.set(xlim=(-0.55, len(dates) - 0.5), ylim=(-tallest - 4.5 * gap, gap), yticks=[])
    ax.set_xticks(range(len(dates)), dates, size=SMALL, color=SOFT)
    ax.spines["bottom"].set_visible(False)
    return _told(ax, run, tiers, _about_mix(mix, counts[-1], say))


def _column(ax: Axes, place: int, counts: pd.Series, gap: float, hatch: str | None = None) -> pd.Series:
    """Draw the tiers of one date on top of each other; where each one begins."""
    tops, down = {}, 0.0
    for tier, n in counts.items():
        tops[tier] = down
        ax.bar(
            place, -n, bottom=down, width=2 * _HALF, color=_COLOURS[str(tier)], edgecolor=EARTH[1] if hatch else "none",
            linewidth=0.6, hatch=hatch, alpha=0.75 if hatch else 1.0,
        )  # fmt: skip
        down -= n + gap
    return pd.Series(tops)


def _ribbons(ax: Axes, place: int, moves: pd.DataFrame, left: pd.Series, right: pd.Series) -> None:
    across = place + _HALF + _CURVE * (1 - 2 * _HALF)
    for before in (tier for tier in _ORDER if tier in moves.index):
        for now in (tier for tier in _ORDER if tier in moves.columns):
            n = moves.loc[before, now]
            climbed, fell = _RANK[now] < _RANK[before], _RANK[now] > _RANK[before]
            colour = LEAF[1] if climbed and before != "none" else EARTH[1] if fell else STONE[2]
            top = left[before] + (right[now] - left[before]) * _SMOOTH
            ax.fill_between(across, top, top - n, color=colour, alpha=0.75 if colour != STONE[2] else 0.35, linewidth=0)
            left[before] -= n
            right[now] -= n


def _numbers(ax: Axes, place: int, said: dict[Any, str], tops: pd.Series, counts: pd.Series) -> None:
    for tier, text in ((one, text) for one, text in said.items() if counts[one] >= _LABELLED * counts.sum()):
        ink = "white" if tier in ("S", "A") and len(text) < 4 else INK
        on = {"facecolor": _COLOURS[str(tier)], "edgecolor": "none", "pad": 0.6} if len(text) < 4 else None
        at = (place, tops[tier] - counts[tier] / 2)
        if on:
            ax.text(*at, text, ha="center", va="center", size=SMALL, color=ink, bbox=on)
        else:
            ax.text(at[0] + _HALF + 0.04, at[1], text, ha="left", va="center", size=SMALL)


def _about_mix(mix: pd.DataFrame, last: pd.Series, say: Words) -> list[str]:
    """What the hatched column is, and from which tiers it starts where those drawn before it are others."""
    if mix.empty:
        return []
    said = [say("The hatched column is the mix to come; its numbers hold what happens in 8 of 10 cases.")]
    now = mix.set_index("tier")["n_now"]
    if (now != last.reindex(now.index)).any():
        published = say.names(f"{tier} {say.number(n)}" for tier, n in now.items() if tier != "none")
        said.append(
            say("It starts from today's tiers as published, by the whole forecast: {published}.", published=published)
        )
    return said


def _told(ax: Axes, run: Any, tiers: pd.DataFrame, about_mix: list[str]) -> Axes:
    say = of(run)
    before, now = (tiers[date].map(_RANK) for date in list(tiers)[-2:])
    both = (before < _RANK["none"]) & now.notna()
    answer = say(
        "Since {date}, {up} climbed, {down} fell, {same} stayed",
        date=say.date(list(tiers)[-2]),
        up=say.number((now < before)[both].sum()), down=say.number((now > before)[both].sum()),
        same=say.number((now == before)[both].sum()),
    )  # fmt: skip
    alt = say("Columns of tiers at several dates with bands between them. {answer}.", answer=answer)
    caption = say(
        "Each column holds the accounts known at its date by tier, as a run with the base forecast alone would have "
        "made it then; green bands climbed, brown ones fell."
    )
    n = say.count("{n} account", "{n} accounts", len(tiers))
    return tell(
        ax,
        run,
        title=say("Do our customers climb?"),
        answer=answer,
        alt=alt,
        caption=say.together(caption, *about_mix),
        n=n,
    )
