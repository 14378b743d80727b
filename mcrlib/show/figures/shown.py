"""Put a picture on the page: an image with its alt text and its caption, the same bytes every time."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mcrlib.show.figures.colours import PAPER
from mcrlib.show.figures.style import style, told

#: Dots per inch: a picture 5.2 inches wide is shown 560 pixels wide at double density.
_DPI = 216


@dataclass(frozen=True)
class Picture:
    """An image with what it shows, in words."""

    data: bytes
    kind: str
    alt: str
    caption: str

    @property
    def html(self) -> str:
        """The picture as a figure element; everything escaped."""
        source = f"data:{self.kind};base64,{base64.b64encode(self.data).decode()}"
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
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    data, kind = min((_as_png(figure), "image/png"), (_as_svg(figure), "image/svg+xml"), key=lambda one: len(one[0]))
    return Picture(data, kind, alt, caption if caption is not None else own.caption)  # type: ignore[union-attr]


def _as_png(figure: Figure) -> bytes:
    out = BytesIO()
    with mpl.rc_context(style("en")):
        figure.savefig(out, format="png", dpi=_DPI, facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()


def _as_svg(figure: Figure) -> bytes:
    out = BytesIO()
    with mpl.rc_context(style("en")):
        figure.savefig(out, format="svg", facecolor=PAPER, metadata={"Date": None, "Creator": None})
    return out.getvalue()
