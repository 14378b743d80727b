"""What tiers made with the knowledge of earlier dates held of the profit that then came, and what misses cost."""

from mcrlib.judge.regret.choices import gain_curves
from mcrlib.judge.regret.comparison import tier_regret
from mcrlib.judge.regret.past import look_back_dates, tiers_then
from mcrlib.judge.regret.verdict import regret_doubts, regret_verdicts

__all__ = ["gain_curves", "look_back_dates", "regret_doubts", "regret_verdicts", "tier_regret", "tiers_then"]
