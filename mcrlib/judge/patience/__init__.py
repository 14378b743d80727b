"""How long strategic entries dig before they fill the hole, and whether to go on: curves, break-evens, gates."""

from mcrlib.judge.patience.break_evens import break_evens
from mcrlib.judge.patience.budget import patience_budget
from mcrlib.judge.patience.entries import contribution_curves, strategic_entries
from mcrlib.judge.patience.gates import are_rising, gates
from mcrlib.judge.patience.outlook import chances, fans, hindcast

__all__ = [
    "are_rising", "break_evens", "chances", "contribution_curves", "fans", "gates", "hindcast", "patience_budget",
    "strategic_entries",
]  # fmt: skip
