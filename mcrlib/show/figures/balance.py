"""Pictures of chapter 06: soil against harvest, and who is mined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, GRAIN, INK, LEAF, PAPER, SOFT, STONE
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.scales import mark_area, money_ticks, place
from mcrlib.show.figures.style import canvas, label, nothing, picture, rows_of, shown_of, tell
from mcrlib.show.words.catalogue import UNKNOWN, Words, of
from mcrlib.show.words.summary import mined_part
from mcrlib.show.words.terms import term

QUADRANTS = ("granary", "mined", "sown", "barren", "empty")
_LOOK = {
    "granary": (GRAIN[1], "o"),
    "mined": (EARTH[0], "v"),
    "sown": (LEAF[1], "^"),
    "barren": (STONE[2], "s"),
    "empty": (STONE[3], "X"),
}


@picture
def soil_harvest_map(
    balance: pd.DataFrame,
    run: Any,
    *,
    soil: str = "fertility",
    size: str | None = None,
    top: int = 8,
    ax: Axes | None = None,
) -> Axes:
    """Every account by soil and harvest: who is a granary, who is mined, who is sown.

    Parameters
    ----------
    balance : DataFrame
        One row per account: account_name, quadrant, verdict, harvest (money), the soil and size columns, tier if known.
    run
        Language, currency and as-of date.
    soil : str
        ``fertility`` (0-100) or ``soil_value`` (money).
    size : str, optional
        Money column that gives the size of the marks, such as the potential.
    top : int
        How many accounts to act on to name.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Soil to the right, harvest upwards, the lines at the medians of S and A (of those that ordered where there are
        none), where the fields are cut.
    """
    if balance["quadrant"].isna().all():
        return nothing(ax, run)
    say, ax = of(run), canvas(ax, 3.8)
    best = _best(balance)
    important = best if best.any() else balance["quadrant"].ne("empty")
    up, up_ticks, up_cut = _placed(balance["harvest"], important)
    across, across_ticks, across_cut = _placed(balance[soil], important, money=soil != "fertility")
    placed = balance.assign(x=across, y=up, area=_areas(balance, size)).dropna(subset=["x", "y"])
    ax.margins(x=0.1, y=0.2)
    for quadrant in reversed(QUADRANTS):
        mine = placed[placed["quadrant"] == quadrant]
        colour, marker = _LOOK[quadrant]
        ax.scatter(
            mine["x"], mine["y"], s=mine["area"], c=colour, marker=marker, edgecolors=INK, linewidths=0.4, alpha=0.85
        )
    money_ticks(ax.yaxis, up_ticks, say)
    if across_ticks:
        money_ticks(ax.xaxis, across_ticks, say)
    else:
        ax.set(xlim=(-4, 104), xticks=(0, 25, 50, 75, 100))
    for draw, cut in ((ax.axvline, across_cut), (ax.axhline, up_cut)):
        if np.isfinite(cut):
            draw(cut, color=SOFT, linewidth=0.8, linestyle="--")
    _name_corners(ax, balance, say)
    across_name = say("fertility, 0 to 100") if soil == "fertility" else say("soil value")
    made = _tell_map(ax, run, balance, placed["quadrant"], across_name)
    _name_accounts(ax, placed, top)
    return made


def _best(balance: pd.DataFrame) -> pd.Series:
    """Who is in S or A, by whom the fields are cut."""
    return balance["tier"].isin(["S", "A"]) if "tier" in balance.columns else pd.Series(False, index=balance.index)


def _placed(
    values: pd.Series, important: pd.Series, *, money: bool = True
) -> tuple[np.ndarray, dict[float, float], float]:
    """Positions, ticks, and the position of the median of the important accounts (of all where none is)."""
    cut = values[important].median() if values[important].notna().any() else values.median()
    with_cut = pd.concat([values, pd.Series([cut])])
    places, ticks = place(with_cut) if money else (with_cut.to_numpy(float), {})
    return places[:-1], ticks, float(places[-1])


def _tell_map(ax: Axes, run: Any, balance: pd.DataFrame, shown: pd.Series, across: str) -> Axes:
    say = of(run)
    mined = balance[balance["quadrant"] == "mined"]
    answer = say.count(
        "{n} account is mined; it brings {share} of the harvest",
        "{n} accounts are mined; they bring {share} of the harvest",
        len(mined),
        share=mined_part(balance, say),
    )
    answer = answer if len(mined) else say("No account is mined")
    alt = say("Marks for accounts by soil and harvest in four fields. {answer}.", answer=answer)
    by_best = say(
        "To the right the soil is better, further up more is harvested; the dashed lines are the medians of S and A. "
        "Top left is mined: it yields on poor soil, restore it first. "
        "Bottom right is sown: good soil that waits to be opened."
    )
    by_all = say(
        "To the right the soil is better, further up more is harvested; the dashed lines are the medians of those that "
        "ordered, as nobody is in S or A. Top left is mined: it yields on poor soil, restore it first. "
        "Bottom right is sown: good soil that waits to be opened."
    )
    caption = by_best if _best(balance).any() else by_all
    n = say.count("{n} account", "{n} accounts", len(shown))
    if never := int((shown == "empty").sum()):
        waiting = say("{what} ({n})", what=term(say, "quadrant", "empty"), n=say.number(never))
        n += " · " + say("pale crosses: {what}", what=waiting)
    n = shown_of(n, len(balance) - len(shown), say)
    title = say("Where do we mine the soil?")
    up = say("harvest, 12 months")
    return tell(ax, run, title=title, answer=answer, alt=alt, caption=caption, n=n, across=across, up=up)


def _areas(balance: pd.DataFrame, size: str | None) -> np.ndarray:
    if size is None:
        return np.full(len(balance), mark_area(len(balance)))
    values = balance[size].fillna(0).clip(lower=0).to_numpy(float)
    return mark_area(len(balance)) * (0.5 + 8 * values / max(values.max(), 1e-9))


def _name_corners(ax: Axes, balance: pd.DataFrame, say: Words) -> None:
    counts = balance["quadrant"].value_counts()
    corners = {"mined": (0.01, 0.99), "granary": (0.99, 0.99), "barren": (0.01, 0.01), "sown": (0.99, 0.01)}
    for quadrant, (x, y) in corners.items():
        text = say("{what} ({n})", what=term(say, "quadrant", quadrant), n=say.number(counts.get(quadrant, 0)))
        colour = _LOOK[quadrant][0] if quadrant in ("mined", "sown") else SOFT
        made = ax.text(x, y, text, transform=ax.transAxes, size=11, color=colour)
        made.set(ha="left" if x < 0.5 else "right", va="top" if y > 0.5 else "bottom", zorder=5)
        made.set_bbox({"facecolor": PAPER, "edgecolor": "none", "pad": 1})


def _name_accounts(ax: Axes, known: pd.DataFrame, top: int) -> None:
    """Name the accounts to act on: those to restore and to open, the largest first."""
    order = {"restore": 0, "open": 0, "grow": 1, "defend": 1}
    ranked = known.assign(rank=known["verdict"].map(order).fillna(2))
    ranked = ranked[ranked["rank"] < 2].sort_values(["rank", "harvest"], ascending=[True, False], kind="stable")
    label(ax, [(one.x, one.y, shorten(one.account_name, 16)) for one in rows_of(ranked.head(top))])


@picture
def balance_bars(balance: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """For each field, its share of the harvest beside its share of the soil value: who takes, who is fed.

    Parameters
    ----------
    balance : DataFrame
        One row per account: quadrant, harvest, soil_value (money).
    run
        Language, currency and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Two bars per field.
    """
    say = of(run)
    sums = balance.groupby("quadrant")[["harvest", "soil_value"]].sum(min_count=1).reindex(QUADRANTS).dropna(how="all")
    whole = not bool((sums < 0).any(axis=None))
    shares = sums.clip(lower=0) / sums.clip(lower=0).sum().where(lambda total: total > 0)
    counts = balance["quadrant"].value_counts()
    if counts.empty:
        return nothing(ax, run)
    ax = canvas(ax, 0.35 + 0.62 * max(len(sums), 2))
    for row, quadrant in enumerate(sums.index):
        rows = (("harvest", -0.2, GRAIN[1], "////", say("harvest")), ("soil_value", 0.2, EARTH[1], None, say("soil")))
        for column, offset, colour, hatch, word in rows:
            share = shares.loc[quadrant, column]
            ax.barh(row + offset, share, height=0.36, color=colour, hatch=hatch, edgecolor="white", linewidth=0)
            money = say.money(sums.loc[quadrant, column])
            parted = say("{what} ({n})", what=f"{word} {say.percent(share)}", n=money)
            text = parted if whole and money != UNKNOWN else f"{word} {money}"
            ax.annotate(text, (np.nan_to_num(share), row + offset), xytext=(5, 0), textcoords="offset points",
                        va="center", size=10, annotation_clip=False)  # fmt: skip
    names = [say("{what} ({n})", what=term(say, "quadrant", one), n=say.number(counts[one])) for one in sums.index]
    ax.set_yticks(range(len(sums)), names, color=INK)
    ax.set_ylim(max(len(sums), 2) - 0.45, -0.55)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    answer = say("No account is mined")
    if "mined" in sums.index:
        told, written = (shares, say.percent) if whole else (sums, say.money)
        harvest, soil = (written(told.loc["mined", column]) for column in ("harvest", "soil_value"))
        answer = say(
            "Mined accounts give {harvest} of the harvest and hold {soil} of the soil value", harvest=harvest, soil=soil
        )
    alt = say("Pairs of bars per field, share of harvest and share of soil value. {answer}.", answer=answer)
    caption = say(
        "A field whose upper bar is much longer than the lower one is being emptied: it feeds us today and has little "
        "left for the years to come. In brackets the number of accounts."
    )
    n = say.count("{n} account", "{n} accounts", len(balance))
    if unknown := int(balance["soil_value"].isna().sum()):
        n += " · " + say("soil without {n} of which too little is known", n=say.number(unknown))
    return tell(ax, run, title=say("Who feeds us, and who will?"), answer=answer, alt=alt, caption=caption, n=n)
