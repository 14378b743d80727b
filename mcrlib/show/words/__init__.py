"""What is said, per language: every sentence, term and number that a reader sees and that the kit makes.

English is the source. A sentence is written where it is used, ``say("{n} accounts hold half of it", n=…)``, with
``say = words.of(run)``; its translations stand in ``zh_CN.po`` and ``zh_TW.po`` beside this file.
"""

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.change import (
    about_axes_moves,
    about_change,
    about_crops_came,
    about_delivery_change,
    about_field_moves,
    about_harvest_change,
    about_held_change,
    about_soil_change,
    about_steadiness,
    about_warnings,
)
from mcrlib.show.words.climb import (
    about_climb,
    about_growth_chances,
    about_mix,
    about_tier_chances,
    chance_words,
)
from mcrlib.show.words.crops import about_crop_record, about_crops_over_soil
from mcrlib.show.words.hours import about_effort, about_hours
from mcrlib.show.words.lifts import about_lifts, lift_names
from mcrlib.show.words.markdown import anchor, paragraphs, translate_markdown
from mcrlib.show.words.moves import about_groups, about_stability, about_tier_basis, move_reasons
from mcrlib.show.words.organisation import (
    about_organisation,
    about_small_signs,
    contact_names,
    details,
    measures,
    scenario_names,
    seller_names,
)
from mcrlib.show.words.outlook import about_outlook
from mcrlib.show.words.patience import about_budget, about_patience, break_even_spans, gate_reasons
from mcrlib.show.words.people import persons, sellers
from mcrlib.show.words.prospects import about_basis, about_prospects
from mcrlib.show.words.reasons import reasons, tier_reasons
from mcrlib.show.words.regret import about_regret, about_ways
from mcrlib.show.words.relationships import about_recommendations, about_relationships, step_words
from mcrlib.show.words.renewals import about_renewals
from mcrlib.show.words.rotation import about_effect, about_holders, about_trust, effects
from mcrlib.show.words.service import about_neglected, about_parity, about_references, parity_words
from mcrlib.show.words.size import about_coming_again, about_pool, about_size
from mcrlib.show.words.sleepers import about_sleepers, sleeper_reasons, state_words
from mcrlib.show.words.so_what import (
    about_accounts,
    about_balance,
    about_clean,
    about_crops,
    about_soil,
    about_tiers,
    revenue_basis,
)
from mcrlib.show.words.soil import about_forecast, about_risk
from mcrlib.show.words.summary import Answer, five_answers
from mcrlib.show.words.warnings import warning
from mcrlib.show.words.winners import about_winners

__all__ = [
    "Answer",
    "Words",
    "about_accounts",
    "about_axes_moves",
    "about_balance",
    "about_basis",
    "about_budget",
    "about_change",
    "about_clean",
    "about_climb",
    "about_groups",
    "about_growth_chances",
    "about_tier_chances",
    "chance_words",
    "about_crop_record",
    "about_crops_over_soil",
    "about_crops",
    "about_crops_came",
    "about_delivery_change",
    "about_field_moves",
    "about_forecast",
    "about_harvest_change",
    "about_holders",
    "about_held_change",
    "about_effort",
    "about_hours",
    "about_neglected",
    "about_parity",
    "about_references",
    "about_effect",
    "about_organisation",
    "about_lifts",
    "about_mix",
    "about_outlook",
    "about_prospects",
    "about_regret",
    "about_patience",
    "about_pool",
    "about_recommendations",
    "about_relationships",
    "about_renewals",
    "about_size",
    "about_coming_again",
    "about_small_signs",
    "about_risk",
    "about_sleepers",
    "about_soil",
    "about_soil_change",
    "about_stability",
    "about_steadiness",
    "about_tier_basis",
    "about_tiers",
    "about_warnings",
    "about_ways",
    "about_winners",
    "about_trust",
    "contact_names",
    "details",
    "effects",
    "measures",
    "anchor",
    "break_even_spans",
    "five_answers",
    "gate_reasons",
    "lift_names",
    "move_reasons",
    "of",
    "parity_words",
    "paragraphs",
    "persons",
    "reasons",
    "revenue_basis",
    "scenario_names",
    "seller_names",
    "sellers",
    "sleeper_reasons",
    "state_words",
    "step_words",
    "tier_reasons",
    "translate_markdown",
    "warning",
]
