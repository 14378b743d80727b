"""The look of every picture: colours, letters, title and footnote; set for the drawing and given back afterwards."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import wraps
from typing import Any, ParamSpec
from weakref import WeakKeyDictionary

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.ticker import FuncFormatter, MaxNLocator

from mcrlib.errors import nearest
from mcrlib.show.figures.colours import INK, LINE, PAPER, SOFT
from mcrlib.show.figures.fonts import drawable, families
from mcrlib.show.figures.layout import SMALL, WIDTH, Told, finish
from mcrlib.show.words.catalogue import Words, of

Drawn = ParamSpec("Drawn")


_TOLD: WeakKeyDictionary[Axes, Told] = WeakKeyDictionary()
_HEIGHTS: WeakKeyDictionary[Any, float] = WeakKeyDictionary()
#: Knobs of pictures that name a column of the frame.
_COLUMNS = ("column", "soil", "size")


def style(language: str) -> Any:
    """The settings of matplotlib that make the look, as a dict for ``rc_context``."""
    return {
        "font.family": families(language),
        "font.size": 11,
        "text.parse_math": False,
        "text.color": INK,
        "axes.unicode_minus": True,
        "axes.facecolor": PAPER,
        "axes.edgecolor": LINE,
        "axes.labelcolor": SOFT,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.axisbelow": True,
        "axes.grid": False,
        "grid.color": LINE,
        "grid.linewidth": 0.7,
        "xtick.color": SOFT,
        "ytick.color": SOFT,
        "xtick.labelsize": 10,
        "ytick.labelsize": 10,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "savefig.edgecolor": "none",
        "hatch.linewidth": 0.8,
        "svg.hashsalt": "mcr",
        "svg.fonttype": "path",
        "path.simplify": True,
    }


def picture(draw: Callable[Drawn, Axes]) -> Callable[Drawn, Axes]:
    """Draw in the style of the kit, in the run's language; matplotlib's own settings are given back afterwards.

    A figure gets an own canvas where the caller passes no ``ax``, is laid out, and its labels are put where they hide
    nothing. A frame without rows gives a sentence instead of a picture, a wrong ``top`` or column an error that says
    so. pyplot is never touched.
    """
    signature = inspect.signature(draw)

    @wraps(draw)
    def drawn(*args: Drawn.args, **knobs: Drawn.kwargs) -> Axes:
        given = signature.bind(*args, **knobs).arguments
        run = given["run"]
        with mpl.rc_context(style(run.language)):
            first = next(iter(given.values()))
            _refuse(draw.__name__, first, given)
            if isinstance(first, pd.DataFrame) and first.empty:
                ax = nothing(given.get("ax"), run)
            else:
                ax = draw(*args, **knobs)
            finish(ax, _TOLD[ax], _HEIGHTS.get(ax.figure))
            return ax

    return drawn


def _refuse(name: str, frame: Any, given: dict[str, Any]) -> None:
    """Say what no picture can be drawn from."""
    if given.get("top", 1) < 1:
        raise ValueError(f"{name}: top is how many to show or to name, 1 or more, not {given['top']}")
    columns = list(frame.columns) if isinstance(frame, pd.DataFrame) and len(frame) else []
    for column in (given.get(knob) for knob in _COLUMNS if columns):
        if isinstance(column, str) and column not in columns:
            raise KeyError(f"{name}: the frame has no column {column!r}{nearest(column, columns)}")


def one_of(name: str, word: str, words: Iterable[str]) -> str:
    """A word of ``words``; any other is an error that names the nearest."""
    if word not in (known := sorted(words)):
        raise ValueError(f"{name}: {word!r} is none of {', '.join(known)}{nearest(word, known)}")
    return word


def canvas(ax: Axes | None, height: float = 3.0) -> Axes:
    """The caller's axes, or new ones on a figure of their own, ``height`` inches without title and footnote."""
    if ax is not None:
        return ax
    figure = Figure(figsize=(WIDTH, height))
    FigureCanvasAgg(figure)  # keeps one renderer, which remembers how wide each text is
    _HEIGHTS[figure] = height
    return figure.add_axes((0.1, 0.1, 0.8, 0.8))


def tell(ax: Axes, run: Any, *, title: str, answer: str, alt: str, caption: str, n: str = "", **axes: Any) -> Axes:
    """Give a picture its question, its answer, its alt text, its caption and its footnote.

    ``n`` says how many; the as-of date is added. ``across`` and ``up`` name the axes, ``key``
    explains the marks.
    """
    say = of(run)
    basis = " · ".join(part for part in (n, say("as of {date}", date=say.date(run.date))) if part)
    _TOLD[ax] = Told(drawable(title), drawable(answer), alt, caption, drawable(basis), run.language, **axes)
    return ax


def told(ax: Axes) -> Told:
    """What was told about a picture of the kit."""
    try:
        return _TOLD[ax]
    except KeyError:
        raise ValueError("these axes are no picture of mcrlib.show.figures: give alt and caption yourself") from None


def label(ax: Axes, points: Sequence[tuple[float, float, str]]) -> None:
    """Ask for names at points (data coordinates), the most important first; those that find no room are left out."""
    told(ax).labels.extend((x, y, drawable(text)) for x, y, text in points)


def money_axis(axis: Any, say: Words, ticks: int = 4) -> None:
    """Write an axis as money in the reader's way: k and m, or 万 and 亿."""
    axis.set_major_locator(MaxNLocator(ticks))
    axis.set_major_formatter(FuncFormatter(lambda value, _: say.money(value, unit=False)))


def percent_axis(axis: Any, say: Words, ticks: int = 4) -> None:
    """Write an axis as percent."""
    axis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: say.percent(round(value, 4))))


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of a small frame, a column an attribute."""
    return frame.itertuples(index=False)


def shown_of(n: str, unknown: int, say: Words) -> str:
    """How many are shown, and how many are not for lack of data."""
    return f"{n} · {say('{n} without data not shown', n=say.number(unknown))}" if unknown else n


def hide(axis: Any) -> None:
    """Take an axis away with the line below the drawing: its numbers stand beside the marks."""
    axis.set_visible(False)
    axis.axes.spines["bottom"].set_visible(False)


def beside(ax: Axes, text: str, at: tuple[float, float], *, gap: float = 5, colour: str = INK) -> None:
    """Write a value to the right of its mark, ``gap`` points away, even beyond the drawing."""
    ax.annotate(text, at, xytext=(gap, 0), textcoords="offset points", va="center", size=10, color=colour,
                annotation_clip=False)  # fmt: skip


def legend_above(ax: Axes, columns: int, **look: Any) -> Legend:
    """What the marks mean, in a line above the drawing."""
    usual = {"frameon": False, "fontsize": SMALL, "handletextpad": 0.1}
    return ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, **usual | look)


def nothing(ax: Axes | None, run: Any) -> Axes:
    """A sentence where there is nothing to draw; the page shows it instead of a picture."""
    say, ax = of(run), canvas(ax, 1.2)
    ax.set_axis_off()
    text = say("There is nothing to draw here.")
    return tell(ax, run, title=text, answer="", alt=text, caption="", drawn=False)
