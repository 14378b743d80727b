"""The words for how customers are served: what was compared, and columns of those tables."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

SERVICE_COLUMNS = {
    "parity_measure": mark("Compared"),
    "parity_high": mark("S and A"),
    "parity_low": mark("B and C"),
    "parity_gap": mark("By how much small ones get less"),
    "hurt_date": mark("Hurt last on"),
    "n_moments": mark("Times hurt in a year"),
    "n_neighbours": mark("Neighbours (industry and city)"),
    "neighbour_deals": mark("Open deals of neighbours"),
    "neighbour_amount": mark("Money in those deals"),
}
