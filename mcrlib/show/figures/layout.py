"""Room for title, answer and footnote, and labels that hide nothing."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.collections import Collection, PathCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from mcrlib.show.figures.colours import INK, PAPER, SOFT
from mcrlib.show.figures.fonts import drawable

#: Inches. A picture 5.2 inches wide keeps its smallest letters near 9 pixels on a phone of 390 pixels.
WIDTH, LEFT, RIGHT = 5.2, 0.03, 0.12
#: The smallest text, in points: 9 px where a phone shows the picture.
SMALL = 9.6
_TITLE, _ANSWER, _BASIS, _LABEL = 13.5, 11.0, SMALL, SMALL
#: A word of Latin letters, or one Chinese letter with the punctuation that must not start a line.
_TOKEN = re.compile(r"[^\s　-鿿＀-￯]+\s*|[　-鿿＀-￯][，。；：、！？）」』》％%]*\s*|\s+")


@dataclass
class Told:
    """What a picture says beside its ink: ``key`` explains its marks, ``labels`` are names at points, best first.

    ``drawn`` is false where there was nothing to draw; the page then has a sentence in the picture's place.
    """

    title: str
    answer: str
    alt: str
    caption: str
    basis: str = ""
    language: str = "en"
    across: str = ""
    up: str = ""
    key: str = ""
    labels: list[tuple[float, float, str]] = field(default_factory=list)
    drawn: bool = True


def finish(ax: Axes, told: Told, height: float | None) -> None:
    """Lay the picture out: heading above, footnote below, the drawing between, then the labels.

    ``height`` is the drawing's own height in inches; None where the caller brought the axes, which stay where they are.
    """
    ax.set_label(told.alt)
    if height is None:
        ax.set_title("\n".join(filter(None, (told.title, told.answer))), loc="left", fontsize=_ANSWER)
        ax.set_xlabel(told.across, fontsize=_BASIS)
        ax.set_ylabel(told.up, fontsize=_BASIS)
    else:
        _lay_out(ax, told, height)
    _place(ax, told.labels)


def _lay_out(ax: Axes, told: Told, height: float) -> None:
    figure = ax.figure
    assert isinstance(figure, Figure)
    width = figure.get_size_inches()[0]
    room = width - LEFT - RIGHT
    lines = [
        *((text, _TITLE, INK) for text in _wrap(told.title, _TITLE, room)),
        *((text, _ANSWER, SOFT) for text in _wrap(told.answer, _ANSWER, room)),
    ]
    above = [(text, _BASIS, SOFT) for text in _wrap(told.key or (told.up and f"↑ {told.up}"), _BASIS, room)]
    below = [(f"{told.across} →", _BASIS, SOFT)] if told.across else []
    feet = [(text, _BASIS, SOFT) for text in _wrap(told.basis, _BASIS, room)]
    head = sum(_line(size) for _, size, _ in lines + above) + (0.08 if above else 0) + 0.16
    foot = sum(_line(size) for _, size, _ in below + feet) + 0.14
    total = head + height + foot
    figure.set_size_inches(width, total)
    _write_down(figure, [*lines, ("", 6, SOFT), *above], total)
    _write_up(figure, below, feet, total)
    _fit(ax, Bbox.from_extents(LEFT, foot, width - RIGHT, total - head), width, total)


def _line(size: float) -> float:
    return size * 1.32 / 72


def _write_down(figure: Figure, lines: list[tuple[str, float, str]], total: float) -> None:
    y = total - 0.08
    for text, size, colour in lines:
        if text:
            made = figure.text(LEFT / figure.get_size_inches()[0], y / total, text, size=size, color=colour, va="top")
            if size == _TITLE:
                # The Chinese fonts on PyPI have one weight; a thin line around the letters makes the bold.
                made.set_path_effects([withStroke(linewidth=0.55, foreground=colour)])
        y -= _line(size)


def _write_up(
    figure: Figure, below: list[tuple[str, float, str]], feet: list[tuple[str, float, str]], total: float
) -> None:
    y = 0.08
    width = figure.get_size_inches()[0]
    for text, size, colour in reversed(feet):
        figure.text(LEFT / width, y / total, text, size=size, color=colour, va="bottom")
        y += _line(size)
    for text, size, colour in below:
        figure.text(1 - RIGHT / width, y / total, text, size=size, color=colour, va="bottom", ha="right")


def _fit(ax: Axes, room: Bbox, width: float, total: float) -> None:
    """Give the axes the room that is left once tick labels and texts beside the axes have theirs."""
    figure = ax.figure
    box = room
    for _ in range(2):
        ax.set_position((box.x0 / width, box.y0 / total, box.width / width, box.height / total))
        tight = ax.get_tightbbox()
        if tight is None:
            return
        inner = ax.get_window_extent()
        left, right = max(0.0, inner.x0 - tight.x0), max(0.0, tight.x1 - inner.x1)
        under, over = max(0.0, inner.y0 - tight.y0), max(0.0, tight.y1 - inner.y1)
        dpi = figure.dpi
        box = Bbox.from_extents(
            room.x0 + left / dpi, room.y0 + under / dpi, room.x1 - right / dpi, room.y1 - over / dpi
        )
    ax.set_position((box.x0 / width, box.y0 / total, max(box.width, 0.5) / width, max(box.height, 0.3) / total))


def _wrap(text: str, size: float, room: float) -> list[str]:
    """Break a text into lines of at most ``room`` inches; Chinese breaks between letters."""
    renderer, font = RendererAgg(10, 10, 72), FontProperties(size=size)

    def width(tokens: list[str]) -> float:
        return renderer.get_text_width_height_descent("".join(tokens).rstrip(), font, False)[0] / 72

    lines, rest = [], _TOKEN.findall(drawable(text))
    while rest:
        fits = len(rest)
        if width(rest) > room:
            fits = 1 + bisect_right(range(2, fits), room, key=lambda n: width(rest[:n]))
        lines.append("".join(rest[:fits]).strip())
        rest = rest[fits:]
    return lines


def _place(ax: Axes, labels: list[tuple[float, float, str]]) -> None:
    """Put each name where it hides no text and no mark, else no text; those that find no room are left out."""
    if not labels:
        return
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    texts = [text.get_window_extent() for text in ax.texts if text.get_text() and text.get_visible()]
    marks = np.vstack([_marks(ax, one) for one in ax.collections] or [np.empty((0, 3))])
    for x, y, text in labels:
        box = _put(ax, (x, y), text, texts, marks)
        if box is not None:
            texts.append(box)


def _marks(ax: Axes, collection: Collection) -> np.ndarray:
    """Where a collection has its marks, and how far they reach, in pixels; none for areas and lines."""
    if not isinstance(collection, PathCollection):
        return np.empty((0, 3))
    known = np.ma.getdata(collection.get_offsets())
    areas = np.resize(np.asarray(collection.get_sizes(), dtype=float), len(known))
    reach = np.sqrt(areas) / 2 * ax.figure.dpi / 72
    found = np.column_stack([ax.transData.transform(known), reach]) if len(known) else np.empty((0, 3))
    return found[np.isfinite(found).all(axis=1)]


def _put(ax: Axes, at: tuple[float, float], text: str, texts: list[Bbox], marks: np.ndarray) -> Bbox | None:
    room, own, dpi = ax.get_window_extent().padded(1), ax.transData.transform(at), ax.figure.dpi
    same = np.abs(marks[:, :2] - own).max(axis=1) <= 1
    reach = marks[same, 2].max(initial=0.0) * 72 / dpi
    places, reaches = marks[~same, :2], marks[~same, 2:]
    measured = ax.text(*at, text, fontsize=_LABEL)
    width, height = measured.get_window_extent().size
    measured.remove()
    for distance, (side, rise) in product((4 + reach, 12 + reach, 22 + reach, 34 + reach), _SIDES):
        x, y = own + np.array([side, rise]) * distance * dpi / 72
        box = Bbox.from_bounds(x - width * (1 - side) / 2, y - height * (1 - rise) / 2, width, height)
        inside = room.x0 <= box.x0 and box.x1 <= room.x1 and room.y0 <= box.y0 and box.y1 <= room.y1
        hides = ((places > box.min - reaches) & (places < box.max + reaches)).all(axis=1).any()
        line = Bbox.from_extents(*own, x, y).padded(1)
        crosses = distance > 10 + reach and any(line.overlaps(other) for other in texts)
        if not inside or hides or crosses or any(box.overlaps(other) for other in texts):
            continue
        ax.annotate(
            text, at, xytext=(side * distance, rise * distance), textcoords="offset points", fontsize=_LABEL,
            ha={-1: "right", 0: "center", 1: "left"}[side], va={-1: "top", 0: "center", 1: "bottom"}[rise],
            color=INK, path_effects=[withStroke(linewidth=2, foreground=PAPER)], annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.5} if distance > 10 + reach else None,
        )  # fmt: skip
        return box
    return None


_SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
