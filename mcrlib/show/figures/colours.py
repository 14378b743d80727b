"""The colours of the method: earth for soil, leaf for relationships, grain for harvest."""

from __future__ import annotations

INK, SOFT, LINE, PAPER = "#2B2622", "#6A6259", "#DDD5C7", "#FFFDF8"
#: Single-hue ramps, dark to light. They differ in lightness too, for colour-blind readers and for grey print.
EARTH = ("#4A2C14", "#8A5A2E", "#CFA877", "#EFE3D0")
LEAF = ("#14493D", "#2F7D68", "#8CC0AE", "#DDEEE7")
GRAIN = ("#7A5408", "#C98F1D", "#EBC66B", "#F8EBCB")
STONE = ("#4F4A44", "#8B847B", "#BDB6AB", "#ECE8E0")

TIERS = ("S", "A", "B", "C")
TIER_COLOURS = dict(zip(TIERS, EARTH, strict=True))
TIER_MARKERS = dict(zip(TIERS, "*^os", strict=True))
