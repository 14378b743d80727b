"""What is said, per language: every sentence, term and number that a reader sees and that the kit makes.

English is the source. A sentence is written where it is used, ``say("{n} accounts hold half of it", n=…)``, with
``say = words.of(run)``; its translations stand in ``zh_CN.po`` and ``zh_TW.po`` beside this file.
"""

from mcrlib.show.words.catalogue import Words, of
from mcrlib.show.words.change import about_change
from mcrlib.show.words.markdown import paragraphs, translate_markdown
from mcrlib.show.words.moves import about_regret, about_tier_basis, move_reasons
from mcrlib.show.words.patience import about_patience
from mcrlib.show.words.reasons import reasons, tier_reasons
from mcrlib.show.words.service import about_hours, about_neglected, about_neighbours, about_parity
from mcrlib.show.words.size import about_pool, about_size
from mcrlib.show.words.so_what import (
    about_accounts,
    about_balance,
    about_clean,
    about_crops,
    about_soil,
    about_summary,
    about_tiers,
    revenue_basis,
)
from mcrlib.show.words.warnings import warning
from mcrlib.show.words.winners import about_winners

__all__ = [
    "Words",
    "about_accounts",
    "about_balance",
    "about_change",
    "about_clean",
    "about_crops",
    "about_hours",
    "about_neglected",
    "about_neighbours",
    "about_parity",
    "about_regret",
    "about_patience",
    "about_pool",
    "about_size",
    "about_soil",
    "about_summary",
    "about_tier_basis",
    "about_tiers",
    "about_winners",
    "move_reasons",
    "of",
    "paragraphs",
    "reasons",
    "revenue_basis",
    "tier_reasons",
    "translate_markdown",
    "warning",
]
