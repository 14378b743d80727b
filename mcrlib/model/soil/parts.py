"""The forecasts that the kit's own is put together from, by name."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mcrlib.model.soil.direct import FAMILIES as LEARNED
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.forecasts import Forecast
from mcrlib.model.soil.histories import Array

#: The part that the others must improve on; intervals and the course over the years are its.
BASE = "cnbd_lognormal"
#: The mean of the base over all accounts: what is left where accounts do not differ in a lasting way.
EVERYONE = "everyone"
#: The laws of orders: family of orders and family of order values of each.
FAMILIES = {
    BASE: ("mbg-cnbd-k", "lognormal"),
    "cnbd_credibility": ("mbg-cnbd-k", "credibility"),
    "pareto_gamma": ("pareto-nbd", "gamma-gamma"),
}
NAMES = (*FAMILIES, *LEARNED, EVERYONE)


@dataclass(frozen=True)
class Parts:
    """Fitted parts of the kit's forecast.

    Parameters
    ----------
    forecasts : dict
        A forecast of orders and order values by name; the base is always there.
    direct : Direct, optional
        The forecast learned from windows of the past, where there were any.
    known : DataFrame, optional
        The accounts learned from, where the mean over all of them is a part.
    """

    forecasts: dict[str, Forecast]
    direct: Direct | None
    known: pd.DataFrame | None

    @property
    def base(self) -> Forecast:
        """The part that the others must improve on."""
        return self.forecasts[BASE]

    @classmethod
    def learn(cls, known: pd.DataFrame, base: Forecast, direct: Direct | None, names: Collection[str] = NAMES) -> Parts:
        """Fit the named parts on accounts that have ordered, beside the base; a family of orders is fitted once."""
        made = {BASE: base}
        purchases = {FAMILIES[BASE][0]: base}
        for name in FAMILIES:
            orders, spend = FAMILIES[name]
            if name in names and name not in made:
                if orders not in purchases:
                    purchases[orders] = Forecast.learn(known, orders)
                made[name] = purchases[orders].with_spend(spend, known)
        learned = direct if set(LEARNED) & set(names) else None
        return cls(made, learned, known if EVERYONE in names else None)

    def predict(self, features: pd.DataFrame, days: float) -> dict[str, pd.DataFrame]:
        """``orders_predicted, revenue_predicted`` of each part within so many days; rows as in ``features``."""
        said: dict[str, pd.DataFrame] = {}
        orders: dict[str, Array] = {}
        for name, forecast in self.forecasts.items():
            family = FAMILIES[name][0]
            orders[family] = orders[family] if family in orders else forecast.orders(features, days)
            revenue = orders[family] * forecast.order_value(features)
            columns = {"orders_predicted": orders[family], "revenue_predicted": revenue}
            said[name] = pd.DataFrame(columns, index=features.index)
        if self.direct:
            said |= self.direct.predict(features, self.base, days)
        if self.known is not None:
            said[EVERYONE] = said[BASE].assign(**self.base.mean(self.known, days).mean())
        return said

    def p_alive(self, features: pd.DataFrame, weights: dict[str, float]) -> Array:
        """Chance that each account still buys, by the laws of orders in the mix; NaN where nobody ever ordered twice.

        What is not a law of its own leans on the base's.
        """
        laws, shares = {FAMILIES[name][0]: one for name, one in self.forecasts.items()}, dict[str, float]()
        for name, weight in weights.items():
            family = FAMILIES[name if name in self.forecasts else BASE][0]
            shares[family] = shares.get(family, 0.0) + weight
        if len(shares) == 1:
            return laws[next(iter(shares))].p_alive(features)
        said = sum(share * laws[family].p_alive(features) for family, share in shares.items())
        return np.asarray(said / sum(shares.values()))
