"""Pictures of chapter 03: how many accounts are in each tier, where they lie, which are not sure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from mcrlib.show.figures.colours import EARTH, INK, LINE, SOFT, TIER_COLOURS, TIER_MARKERS, TIERS
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.scales import mark_area, money_ticks, place
from mcrlib.show.figures.style import (
    canvas,
    label,
    legend_above,
    nothing,
    percent_axis,
    picture,
    rows_of,
    shown_of,
    tell,
)
from mcrlib.show.words.catalogue import Words, of


@picture
def tier_pyramid(tiers: pd.DataFrame, run: Any, *, ax: Axes | None = None) -> Axes:
    """How many accounts are S, A, B and C, and how much of the harvest each tier brings.

    Parameters
    ----------
    tiers : DataFrame
        One row per account: tier, harvest (money).
    run
        Language, currency and as-of date.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Share of accounts to the left, share of harvest to the right.
    """
    say, ax = of(run), canvas(ax, 2.5)
    counts = tiers["tier"].value_counts().reindex(TIERS, fill_value=0)
    harvest = tiers.groupby("tier")["harvest"].sum().reindex(TIERS, fill_value=0.0)
    people = counts / counts.sum()
    money = harvest.clip(lower=0) / max(harvest.clip(lower=0).sum(), 1e-9)
    total, whole = harvest.sum(), bool((harvest >= 0).all()) and harvest.sum() > 0
    for row, tier in enumerate(TIERS):
        colour, edge = TIER_COLOURS[tier], EARTH[1]
        for side, share in ((-1, people[tier]), (1, money[tier])):
            ax.barh(row, side * share, left=side * 0.09, height=0.72, color=colour, edgecolor=edge, linewidth=0.6)
        left = say.count("{n} account", "{n} accounts", int(counts[tier]))
        ax.text(0, row, tier, ha="center", va="center", size=14, color=INK)
        ax.text(-people[tier] - 0.12, row, f"{left}\n{say.percent(people[tier])}", ha="right", va="center", size=10)
        right = "\n".join([say.money(harvest[tier]), *([say.percent(harvest[tier] / total)] if whole else [])])
        ax.text(money[tier] + 0.12, row, right, ha="left", va="center", size=10)
    ax.set(ylim=(3.5, -0.95), xlim=(-people.max() - 0.62, money.max() + 0.5))
    ax.text(-0.09, -0.55, say("accounts"), ha="right", va="baseline", size=10, color=SOFT)
    ax.text(0.09, -0.55, say("harvest, 12 months"), ha="left", va="baseline", size=10, color=SOFT)
    ax.set_axis_off()
    top, brought = int(counts["S"] + counts["A"]), harvest["S"] + harvest["A"]
    accounts = say.percent(top / counts.sum())
    answer = say("S and A: {accounts} of the accounts, {top}; all others {rest}", accounts=accounts,
                 top=say.money(brought), rest=say.money(total - brought))  # fmt: skip
    if whole:
        answer = say("S and A: {accounts} of the accounts, {share} of the harvest", accounts=accounts,
                     share=say.percent(brought / total))  # fmt: skip
    alt = say.together(say("Bars per tier. {answer}.", answer=answer), _listing(counts, harvest, say))
    caption = say(
        "Left: how many accounts are in each tier. Right: the gross profit they brought in the last 12 months. "
        "A long bar on the left with a short one on the right is normal for C; for S it should be the reverse."
    )
    n = say.count("{n} account", "{n} accounts", len(tiers))
    return tell(ax, run, title=say("What does each tier bring?"), answer=answer, alt=alt, caption=caption, n=n)


def _listing(counts: pd.Series, harvest: pd.Series, say: Any) -> str:
    parts = [
        say.count(
            "{tier}: {n} account, {harvest}",
            "{tier}: {n} accounts, {harvest}",
            int(counts[tier]),
            tier=tier,
            harvest=say.money(harvest[tier]),
        )
        for tier in TIERS
    ]
    return say.apart(parts) + ("." if say.language == "en" else "。")


@picture
def tier_map(tiers: pd.DataFrame, run: Any, *, top: int = 8, ax: Axes | None = None) -> Axes:
    """Every account by what it brings today and what its soil is worth, marked by tier.

    Parameters
    ----------
    tiers : DataFrame
        One row per account: account_name, tier, harvest, soil_value (money).
    run
        Language, currency and as-of date.
    top : int
        How many accounts to name, the largest first.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        Both axes grow by tens; accounts without harvest stand at the zero beside the axis, those whose soil value is
        not known are left out, and counted.
    """
    everyone = len(tiers)
    tiers = tiers[tiers["soil_value"].notna()]
    if tiers.empty:
        return nothing(ax, run)
    say, ax = of(run), canvas(ax, 3.7)
    across, across_ticks = place(tiers["harvest"])
    up, up_ticks = place(tiers["soil_value"])
    _scatter(ax, tiers["tier"], across, up, say)
    money_ticks(ax.xaxis, across_ticks, say)
    money_ticks(ax.yaxis, up_ticks, say)
    ax.grid(True)
    ax.margins(0.08)
    legend_above(ax, 4, fontsize=10, reverse=True, columnspacing=1.2)
    sleeping = (tiers["harvest"].fillna(0) <= 0) & (tiers["soil_value"] > 0)
    answer = say.count(
        "S holds {share} of the soil value; {n} account has soil but no harvest",
        "S holds {share} of the soil value; {n} accounts have soil but no harvest",
        int(sleeping.sum()), share=_part(tiers, "S", say),
    )  # fmt: skip
    alt = say("Dots for accounts by harvest and soil value, marked by tier. {answer}.", answer=answer)
    caption = say(
        "Each mark is an account: to the right it brings more today, further up it is expected to bring more over the "
        "years. Both axes grow by tens. Accounts high on the left are promises; low on the right, habits."
    )
    made = tell(
        ax, run, title=say("What do they bring today, what later?"), answer=answer, alt=alt, caption=caption,
        n=shown_of(say.count("{n} account", "{n} accounts", len(tiers)), everyone - len(tiers), say),
        across=say("harvest, 12 months"), up=say("soil value"),
    )  # fmt: skip
    largest = tiers.assign(x=across, y=up).sort_values(["soil_value", "harvest"], ascending=False, kind="stable")
    label(ax, [(one.x, one.y, shorten(one.account_name, 18)) for one in rows_of(largest.head(top))])
    return made


def _scatter(ax: Axes, tiers: pd.Series, across: np.ndarray, up: np.ndarray, say: Words) -> None:
    size = mark_area(len(tiers))
    for tier in reversed(TIERS):
        mine = (tiers == tier).to_numpy()
        ax.scatter(
            across[mine], up[mine], s=size * (1.8 if tier == "S" else 1),
            c=TIER_COLOURS[tier], marker=TIER_MARKERS[tier], edgecolors=EARTH[0], linewidths=0.5, alpha=0.9,
            rasterized=True, label=f"{tier} ({say.number(mine.sum())})",
        )  # fmt: skip


def _part(tiers: pd.DataFrame, tier: str, say: Words) -> str:
    """What a tier holds of the whole: a share, or the money itself where another tier is a loss."""
    parts = tiers.groupby("tier")["soil_value"].sum()
    whole = parts.sum() if (parts >= 0).all() else 0.0
    return say.percent(parts.get(tier, 0.0) / whole) if whole > 0 else say.money(parts.get(tier, 0.0))


@picture
def tier_borderline(tiers: pd.DataFrame, run: Any, *, top: int = 12, ax: Axes | None = None) -> Axes:
    """The accounts whose tier is least sure, the most valuable first: a list for the committee.

    Parameters
    ----------
    tiers : DataFrame
        One row per account: account_name, tier, tier_probability (0-1), harvest.
    run
        Language, as-of date and the threshold ``firm_tier``.
    top : int
        How many accounts to show.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One dot per account.
    """
    say, firm = of(run), run.settings.thresholds.firm_tier
    if tiers["tier_probability"].isna().all():
        return nothing(ax, run)
    unsure = tiers[tiers["tier_probability"] < firm]
    shown = unsure.sort_values(["harvest", "account_name"], ascending=[False, True], kind="stable").head(top)
    ax = canvas(ax, 0.5 + 0.27 * max(len(shown), 2))
    ax.axvline(firm, color=EARTH[1], linewidth=1)
    ax.text(firm, -0.75, say("firm"), ha="center", va="bottom", size=10, color=EARTH[1])
    for row, one in enumerate(rows_of(shown)):
        ax.hlines(row, 0, one.tier_probability, color=LINE, linewidth=1)
        ax.plot(one.tier_probability, row, "o", ms=14, color=TIER_COLOURS[one.tier], mec=EARTH[0], mew=0.6)
        ink = "white" if one.tier in "SA" else INK
        ax.text(one.tier_probability, row, one.tier, ha="center", va="center_baseline", size=SMALL, color=ink)
    ax.set_yticks(range(len(shown)), [shorten(name, 20) for name in shown["account_name"]])
    ax.set(ylim=(max(len(shown), 2) - 0.4, -0.8), xlim=(0, 1.04))
    percent_axis(ax.xaxis, say)
    answer = say(
        "{n} of {all} tiers are less than {firm} sure",
        n=say.number(len(unsure)), all=say.number(tiers["tier_probability"].notna().sum()), firm=say.percent(firm),
    )  # fmt: skip
    alt = say("Dots for the accounts with the least sure tiers. {answer}.", answer=answer)
    caption = say(
        "How sure the tier of each account is; the letter is its tier. Left of the line, let people who know the "
        "account decide. The accounts with the largest harvest stand first."
    )
    return tell(
        ax, run, title=say("How sure is each tier?"), answer=answer, alt=alt, caption=caption,
        n=say("{shown} of {n} shown", shown=say.number(len(shown)), n=say.number(len(unsure))), across=say("how sure"),
    )  # fmt: skip
