"""Put a picture on the page: an image with its alt text and its caption, the same bytes every time."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from mcrlib.show.figures.colours import PAPER
from mcrlib.show.figures.style import style, told

#: Dots per inch: a picture 5.2 inches wide is shown 560 pixels wide, each nearly two dots; more make reports heavy.
_DPI = 200
#: Up to 16 colours take half a byte a dot; a picture of many fills needs more.
_FEW, _MANY = 16, 32
#: A colour that fills so much of a picture is kept as it is; so many shades are left for the edges of letters.
_FILL, _SHADES = 0.0006, 6


@dataclass(frozen=True)
class Picture:
    """A lossless WebP image with what it shows, in words; as PNG or SVG the same pictures are larger.

    Without data there is only a sentence that says so.
    """

    data: bytes
    alt: str
    caption: str

    @property
    def html(self) -> str:
        """The picture as a figure element; everything escaped."""
        if not self.data:
            return f'<p class="note empty">{escape(self.alt)}</p>'
        source = f"data:image/webp;base64,{base64.b64encode(self.data).decode()}"
        caption = f"<figcaption>{escape(self.caption)}</figcaption>" if self.caption else ""
        return f'<figure><img src="{source}" alt="{escape(self.alt)}">{caption}</figure>'

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": f"{self.alt}\n{self.caption}"}


def show(ax: Axes, caption: str | None = None, *, alt: str | None = None) -> Picture:
    """Put a picture on the page with its caption underneath.

    Parameters
    ----------
    ax : Axes
        What a function of ``mcrlib.show.figures`` returned.
    caption : str, optional
        Your own caption; default is the picture's own.
    alt : str, optional
        Your own description for people who cannot see it; default is the picture's own.

    Raises
    ------
    ValueError
        Axes that no function of the kit drew, without alt text.
    """
    own = told(ax) if alt is None or caption is None else None
    alt = alt if alt is not None else own.alt  # type: ignore[union-attr]
    if not alt.strip():
        raise ValueError("a picture needs an alt text that says what it shows")
    if own and not own.drawn:
        return Picture(b"", own.alt, "")
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    language = own.language if own else "en"
    data = _as_webp(figure, language)
    return Picture(data, alt, caption if caption is not None else own.caption)  # type: ignore[union-attr]


def _as_webp(figure: Figure, language: str) -> bytes:
    raw = BytesIO()
    with mpl.rc_context(style(language)):
        figure.savefig(raw, format="rgba", dpi=_DPI, facecolor=PAPER)
    width, height = (int(inches * _DPI) for inches in figure.get_size_inches())
    drawn = Image.frombuffer("RGBA", (width, height), raw.getvalue(), "raw", "RGBA", 0, 1)
    small = BytesIO()
    _in_few_colours(drawn.convert("RGB")).save(small, format="webp", lossless=True, quality=50, method=3)
    return small.getvalue()


def _in_few_colours(drawn: Image.Image) -> Image.Image:
    """The picture in as few colours as the eye does not miss: its fills as they are, the edges in a few shades."""
    dots = np.asarray(drawn.convert("RGBX")).view(">u4")[..., 0] >> 8
    places, found = pd.factorize(dots.ravel().astype(np.int64), sort=True)
    counts = np.bincount(places)
    colours = found[:, None] >> (16, 8, 0) & 255
    fills = colours[counts >= _FILL * dots.size]
    room = next((most - len(fills) for most in (_FEW, _MANY) if most - len(fills) >= _SHADES), 0)
    if not room:
        return drawn.quantize(_MANY, kmeans=1, dither=Image.Dither.NONE).convert("RGB")
    shades = drawn.quantize(room, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette() or []
    palette = np.vstack([fills, _settled(np.reshape(shades, (-1, 3))[:room], colours, counts)])
    nearest = ((colours[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1).astype(np.uint8)
    few = Image.fromarray(nearest[places].reshape(dots.shape))
    few.putpalette(palette.astype(np.uint8).tobytes())
    return few.convert("RGB")


def _settled(shades: np.ndarray, colours: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The shades moved to the middle of the dots nearest to each, until none changes sides: k-means over colours."""
    side = _side(np.zeros(len(colours), dtype=int), colours, shades)
    while True:
        members = np.bincount(side, counts, len(shades))
        sums = np.stack([np.bincount(side, counts * one, len(shades)) for one in colours.T], axis=1)
        shades = np.floor(sums / np.maximum(members, 1)[:, None] + 0.5).astype(np.int64)
        last, side = side, _side(side, colours, shades)
        if (last == side).all():
            return shades


def _side(last: np.ndarray, colours: np.ndarray, shades: np.ndarray) -> np.ndarray:
    """The place of the shade nearest to each colour; of equally near ones the one nearest to the last."""
    near = ((shades[:, None] - shades) ** 2).sum(axis=2).argsort(axis=1, kind="stable").argsort(axis=1)
    far = ((colours[:, None] - shades) ** 2).sum(axis=2)
    return (far * len(shades) + near[last]).argmin(axis=1)
