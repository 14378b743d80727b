"""Pictures of the report: ``frame → Axes``, one function per picture; ``show`` puts one on the page.

Every function draws in the kit's style and gives matplotlib's settings back. The title is the question, the line
under it the answer; alt text and caption travel with the axes, and ``show(ax, "…")`` takes your own caption.
"""

from mcrlib.show.figures.accounts import gp_by_period
from mcrlib.show.figures.backtest import backtest_bars
from mcrlib.show.figures.balance import balance_bars, soil_harvest_map
from mcrlib.show.figures.clean import completeness, rows_flow
from mcrlib.show.figures.crops import crops_stack, discounts, gp_bridge, win_rates
from mcrlib.show.figures.departure import loss_course, loss_tornado, scorecard_lights, tenure_lanes
from mcrlib.show.figures.flows import tier_flows
from mcrlib.show.figures.hours import hour_bars
from mcrlib.show.figures.lifts import lift_intervals
from mcrlib.show.figures.moves import tier_moves
from mcrlib.show.figures.outlook import outlook_fan
from mcrlib.show.figures.patience import patience_curves, patience_gates
from mcrlib.show.figures.regret import tier_regret
from mcrlib.show.figures.relationships import coverage_grid, persons_matrix, three_axis_map
from mcrlib.show.figures.reputation import opinion_gaps, promise_course, rival_rates
from mcrlib.show.figures.rotation import rotation_course, rotation_regions
from mcrlib.show.figures.shown import Picture, show
from mcrlib.show.figures.size import beginnings_bars, size_map
from mcrlib.show.figures.sleepers import sleeper_gaps
from mcrlib.show.figures.soil import concentration, soil_intervals
from mcrlib.show.figures.tiers import tier_borderline, tier_map, tier_pyramid
from mcrlib.show.figures.touches import executive_visits, logging_gaps
from mcrlib.show.figures.winners import top_slopes

__all__ = [
    "Picture",
    "backtest_bars",
    "balance_bars",
    "beginnings_bars",
    "completeness",
    "concentration",
    "coverage_grid",
    "crops_stack",
    "discounts",
    "executive_visits",
    "gp_bridge",
    "gp_by_period",
    "hour_bars",
    "lift_intervals",
    "logging_gaps",
    "loss_course",
    "loss_tornado",
    "opinion_gaps",
    "outlook_fan",
    "patience_curves",
    "patience_gates",
    "persons_matrix",
    "promise_course",
    "rival_rates",
    "rotation_course",
    "rotation_regions",
    "rows_flow",
    "scorecard_lights",
    "show",
    "size_map",
    "sleeper_gaps",
    "soil_harvest_map",
    "soil_intervals",
    "tenure_lanes",
    "three_axis_map",
    "tier_borderline",
    "tier_flows",
    "tier_map",
    "tier_moves",
    "tier_pyramid",
    "tier_regret",
    "top_slopes",
    "win_rates",
]
