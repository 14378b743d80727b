"""Pictures of chapter 01: how many delivered rows are used, and how complete the fields are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap

from mcrlib.show.figures.colours import EARTH, INK, LEAF, PAPER, SOFT, STONE, TIERS
from mcrlib.show.figures.fonts import shorten
from mcrlib.show.figures.layout import SMALL
from mcrlib.show.figures.style import canvas, picture, rows_of, tell
from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.terms import term


@picture
def rows_flow(
    tables: pd.DataFrame, run: Any, *, reasons: pd.DataFrame | None = None, top: int = 10, ax: Axes | None = None
) -> Axes:
    """How many delivered rows of each table are used, and why the others are set aside.

    Parameters
    ----------
    tables : DataFrame
        One row per table: table, rows_in, rows_kept, rows_quarantined.
    run
        Language and as-of date.
    reasons : DataFrame, optional
        table, code, and n where counted; the quarantine itself (one row per row set aside) will do.
    top : int
        How many tables to show: those with most rows set aside, then the largest.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        One bar of 100 % per table, the part set aside hatched.
    """
    say = of(run)
    worst = tables.sort_values(["rows_quarantined", "rows_in"], ascending=False, kind="stable").head(top)
    shown = worst.sort_values(["rows_in", "table"], ascending=[False, True], kind="stable")
    ax = canvas(ax, 0.1 + 0.5 * max(len(shown), 1))
    counted = _reasons(reasons)
    for row, one in enumerate(rows_of(shown)):
        kept = one.rows_kept / one.rows_in if one.rows_in else 0.0
        ax.barh(row, kept, height=0.3, color=LEAF[1])
        ax.barh(
            row, 1 - kept if one.rows_in else 0, left=kept, height=0.3, color=EARTH[2], hatch="////", edgecolor=PAPER
        )
        rows = say("{table}: {n} rows", table=term(say, "table", one.table), n=say.number(one.rows_in))
        ax.text(0, row - 0.22, rows, ha="left", va="bottom", size=10)
        why = _why(int(one.rows_quarantined), counted.get(one.table, {}), say)
        ax.text(1, row - 0.22, why, ha="right", va="bottom", size=SMALL, color=SOFT)
    ax.set(ylim=(len(shown) - 0.75, -0.72), xlim=(0, 1))
    ax.set_axis_off()
    aside, rows_in = int(tables["rows_quarantined"].sum()), int(tables["rows_in"].sum())
    if aside:
        share = say.percent(aside / rows_in)
        answer = say(
            "{n} of {all} rows are set aside ({share})", n=say.number(aside), all=say.number(rows_in), share=share
        )
    else:
        answer = say("All {all} rows are used", all=say.number(rows_in))
    alt = say("One bar per table with the share of rows used. {answer}.", answer=answer)
    caption = say(
        "Each bar is all rows that were delivered; the hatched part is set aside and takes no part in any number. "
        "Every one is listed with file, row and reason."
    )
    n = say("{shown} of {n} tables", shown=say.number(len(shown)), n=say.number(len(tables)))
    return tell(ax, run, title=say("What came in, and what do we use?"), answer=answer, alt=alt, caption=caption, n=n)


def _reasons(reasons: pd.DataFrame | None) -> dict[str, dict[str, int]]:
    if reasons is None or reasons.empty:
        return {}
    counted = reasons if "n" in reasons.columns else reasons.assign(n=1)
    sums = counted.groupby(["table", "code"])["n"].sum().reset_index()
    sums = sums.sort_values("n", ascending=False, kind="stable")
    return {str(table): dict(zip(part["code"], part["n"], strict=True)) for table, part in sums.groupby("table")}


def _why(aside: int, codes: dict[str, int], say: Words) -> str:
    if aside == 0:
        return say("all used")
    if not codes:
        return say("{n} set aside", n=say.number(aside))
    code, n = next(iter(codes.items()))
    if len(codes) == 1:
        return say("{n} set aside: {reason}", n=say.number(n), reason=term(say, "code", code))
    return say(
        "{all} set aside, {n} of them: {reason}", all=say.number(aside), n=say.number(n), reason=term(say, "code", code)
    )


@picture
def completeness(fields: pd.DataFrame, run: Any, *, top: int = 14, ax: Axes | None = None) -> Axes:
    """How well the fields are filled, tier by tier: where the export is thin.

    Parameters
    ----------
    fields : DataFrame
        table, field, share (0-1) and tier where known: one row per field and tier; a missing pair is left white.
    run
        Language, as-of date and the threshold ``coverage``.
    top : int
        How many fields to show, the emptiest first.
    ax : Axes, optional
        Draw here instead of on an own canvas.

    Returns
    -------
    Axes
        A grid of percentages, darker where better filled.
    """
    say, floor = of(run), run.settings.thresholds.coverage
    fields = fields if "tier" in fields.columns else fields.assign(tier=say("all"))
    known = [tier for tier in TIERS if tier in set(fields["tier"])]
    columns = known or sorted(fields["tier"].astype(str).unique())
    grid = fields.pivot_table(index=["table", "field"], columns="tier", values="share").reindex(columns=columns)
    grid = grid.loc[grid.mean(axis=1).sort_values(kind="stable").index[:top]]
    ax = canvas(ax, 0.35 + 0.29 * max(len(grid), 2))
    shades = LinearSegmentedColormap.from_list("leaf", [PAPER, LEAF[2], LEAF[0]])
    ax.pcolormesh(
        np.ma.masked_invalid(grid.to_numpy(dtype=float)), cmap=shades, vmin=0, vmax=1, edgecolors=PAPER, linewidth=2
    )
    for (row, column), share in np.ndenumerate(grid.to_numpy(dtype=float)):
        thin = share < floor
        text = say.percent(share) + (" !" if thin else "")
        ink = PAPER if share > 0.72 else STONE[0] if share != share else INK
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=10, color=ink)
    names = [_field(table, field, say) for table, field in grid.index]
    ax.set_yticks(np.arange(len(grid)) + 0.5, [shorten(name, 30) for name in names])
    ax.set_xticks(np.arange(len(columns)) + 0.5, columns, size=11, color=INK)
    ax.xaxis.tick_top()
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    low = int((grid.mean(axis=1) < floor).sum())
    answer = say(
        "{n} of {all} fields shown are less than {floor} filled",
        n=say.number(low), all=say.number(len(grid)), floor=say.percent(floor),
    )  # fmt: skip
    alt = say("A grid of fields by tier with the share that is filled. {answer}.", answer=answer)
    caption = say(
        "Share of records in which the field is filled, per tier; ! marks less than {floor}. "
        "What is empty here cannot be judged in the chapters that follow.",
        floor=say.percent(floor),
    )
    n = say.count("{n} field", "{n} fields", fields[["table", "field"]].drop_duplicates().shape[0])
    return tell(ax, run, title=say("Which fields are really filled?"), answer=answer, alt=alt, caption=caption, n=n)


def _field(table: str, field: str, say: Words) -> str:
    """A field by the name it has in the tables of the page, which is the kit's own in every language."""
    return say("{field} ({table})", field=field, table=term(say, "table", table))
