"""Accounts that their orders hide: what they should be worth by everything else, and whether that ever held."""

from mcrlib.judge.sleepers.gap import is_quiet, soil_gap
from mcrlib.judge.sleepers.named import earlier_sleepers, like_for_like, sleepers
from mcrlib.judge.sleepers.skill import Skill, masked_skill

__all__ = ["Skill", "earlier_sleepers", "is_quiet", "like_for_like", "masked_skill", "sleepers", "soil_gap"]
