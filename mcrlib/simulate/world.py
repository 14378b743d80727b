"""Everything that is drawn before a table is written down, and the ids under which the tables speak of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from mcrlib.simulate.circle import Circle, draw_circle
from mcrlib.simulate.deals import draw_deals, price_deals
from mcrlib.simulate.parameters import Parameters, stream
from mcrlib.simulate.periods import Quarters, make_ids
from mcrlib.simulate.referrals import Referrals, draw_referrals
from mcrlib.simulate.relationship import Loyalty, Relationship, live, relate
from mcrlib.simulate.team import Team, draw_team
from mcrlib.simulate.traits import draw_traits
from mcrlib.simulate.value import potential, true_tier

Array = np.ndarray


@dataclass(frozen=True)
class World:
    """The company as it is, by places (row numbers) of accounts, people, deals and contacts."""

    quarters: Quarters
    p: Parameters
    seed: int
    traits: pd.DataFrame
    team: Team
    loyalty: Loyalty
    deals: pd.DataFrame
    relationship: Relationship
    circle: Circle

    @cached_property
    def tier(self) -> Array:
        """True tier of each account, 0 (S) to 3 (C)."""
        return true_tier(potential(self.traits, self.p), self.p)

    @cached_property
    def present(self) -> Array:
        """Accounts × quarters in which the customer was there from the first day to the last."""
        quarter = np.arange(self.quarters.count)
        start, end = self.traits["start"].to_numpy()[:, None], self.loyalty.dropout[:, None]
        return (quarter > start) & (quarter < end - 1)

    @cached_property
    def referrals(self) -> Referrals:
        """Where the deals came from."""
        return draw_referrals(self.deals, self.present, self.loyalty.satisfaction, self.p, self.stream("referrals"))

    def stream(self, noun: str) -> np.random.Generator:
        """The random numbers of one table."""
        return stream(self.seed, noun)

    def account_id(self, place: Array | pd.Series) -> pd.Series:
        """Ids of accounts; none for the place -1."""
        return _pick(self._account_ids, place)

    def owner_id(self, place: Array | pd.Series) -> pd.Series:
        """Ids of our people."""
        return _pick(self.team.owners["owner_id"], place)

    def contact_id(self, place: Array | pd.Series) -> pd.Series:
        """Ids of people at the customers."""
        return _pick(self._contact_ids, place)

    def deal_id(self, place: Array | pd.Series) -> pd.Series:
        """Ids of deals; none for the place -1."""
        return _pick(self._deal_ids, place)

    @cached_property
    def _account_ids(self) -> pd.Series:
        return make_ids("A", len(self.traits))

    @cached_property
    def _contact_ids(self) -> pd.Series:
        return make_ids("K", len(self.circle.account), width=5)

    @cached_property
    def _deal_ids(self) -> pd.Series:
        return make_ids("D", len(self.deals))


def _pick(ids: pd.Series, place: Array | pd.Series) -> pd.Series:
    return pd.Series(ids.array.take(np.asarray(place), allow_fill=True))


def draw_world(count: int, quarters: Quarters, p: Parameters, seed: int) -> World:
    """Draw a company of so many accounts."""
    traits = draw_traits(count, quarters, p, seed)
    team = draw_team(traits, quarters, p, seed)
    loyalty = live(traits, quarters, p, seed)
    deals = draw_deals(traits, loyalty.dropout, team, quarters, p, seed)
    relationship = relate(traits, team, deals, quarters, p, seed)
    priced = price_deals(deals, traits, relationship.won, quarters, p, seed)
    circle = draw_circle(traits, relationship.log_breadth, seed)
    return World(quarters, p, seed, traits, team, loyalty, priced, relationship, circle)
