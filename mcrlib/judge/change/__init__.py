"""What changed since the last published run: who moved, who came and went, and exact bridges of the money."""

from mcrlib.judge.change.accounts import changes, customers, held_changes, moved
from mcrlib.judge.change.money import HARVEST_STEPS, HELD_STEPS, SOIL_STEPS, crops_came, money_bridge, soil_causes
from mcrlib.judge.change.runs import a_year_ago, last_time
from mcrlib.judge.change.tiers import migration, tier_steadiness

__all__ = [
    "HARVEST_STEPS", "HELD_STEPS", "SOIL_STEPS", "a_year_ago", "changes", "crops_came", "customers",
    "held_changes", "last_time", "migration", "money_bridge", "moved", "soil_causes", "tier_steadiness",
]  # fmt: skip
