"""Who is S, A, B and C: components of a value score, the four-axis rule beside them, and what people decided."""

from mcrlib.model.tiers.components import likeliest_groups
from mcrlib.model.tiers.decisions import human_decisions
from mcrlib.model.tiers.holding import hold_tiers
from mcrlib.model.tiers.kept import TierBasis, measure_drift, read_model, settle_tiers
from mcrlib.model.tiers.mixture import TIERS, ValueTiers
from mcrlib.model.tiers.moves import move_drivers
from mcrlib.model.tiers.rule import four_axes, four_axis_rule
from mcrlib.model.tiers.table import fit_tiers, tier_table
from mcrlib.model.tiers.values import value_matrix

__all__ = [
    "TIERS",
    "TierBasis",
    "ValueTiers",
    "fit_tiers",
    "four_axes",
    "four_axis_rule",
    "hold_tiers",
    "human_decisions",
    "likeliest_groups",
    "measure_drift",
    "move_drivers",
    "read_model",
    "settle_tiers",
    "tier_table",
    "value_matrix",
]
