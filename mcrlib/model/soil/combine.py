"""The soil value: what the relationship with each account will yield over the years, and how sure that is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import stdtrit
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mcrlib.describe.columns import taken
from mcrlib.model.soil.baselines import BASELINES
from mcrlib.model.soil.choice import KIT, choose
from mcrlib.model.soil.contracts import with_contracts
from mcrlib.model.soil.direct import Direct
from mcrlib.model.soil.forecasts import LEVEL, YEAR, Forecast, sum_with_doubt
from mcrlib.model.soil.histories import COLUMNS, Array, has_ordered
from mcrlib.model.soil.parts import BASE, Parts
from mcrlib.model.soil.spend import COLUMNS as OF_SPEND
from mcrlib.settings import Settings

#: What account features must hold; plain forecasts and what is learned from windows look at more where it is there.
NEEDED = ("account_id", *COLUMNS, *OF_SPEND)


class SoilModel(BaseEstimator):
    """Expect the gross profit of each account over the years, discounted, with 80 % intervals.

    Orders to come x value of an order x margin, year by year.

    Parameters
    ----------
    horizon_years : float
        Years of the soil value.
    discount_rate : float
        Yearly rate; the profit of a year is discounted from its middle.
    seed : int
        Seed of the intervals; the same seed gives the same intervals, in whatever order the accounts stand.
    reach : float
        Times the history on record that a soil value may look ahead before it is weak; weak and never judged at an
        earlier date, it is not given.

    Attributes
    ----------
    parts_ : Parts or None
        The fitted parts of the kit's forecast; None where nobody has ordered before the as-of date.
    choice_ : Choice
        Which forecast this run uses, by earlier cutoffs (``chosen`` is its name).
    history_days_ : float
        Days from the first order of all to the as-of date.
    """

    def __init__(
        self, horizon_years: float = 5.0, discount_rate: float = 0.10, seed: int = 1, reach: float = np.inf
    ) -> None:
        self.horizon_years = horizon_years
        self.discount_rate = discount_rate
        self.seed = seed
        self.reach = reach

    def fit(
        self,
        X: pd.DataFrame,
        y: object = None,
        *,
        origins: pd.DataFrame | None = None,
        direct: Direct | None = None,
    ) -> Self:
        """Learn from account features; with ``rolling_origins``, use the parts that did better before.

        Where all accounts first ordered on the as-of date there is no time to learn from: nothing is expected of them.

        Parameters
        ----------
        X : DataFrame
            Account features, see ``NEEDED``.
        y : object
            Ignored: what came lies in the past, see ``origins``.
        origins : DataFrame, optional
            As from ``rolling_origins``.
        direct : Direct, optional
            The forecast learned from windows of the past (``Direct.learn``), used where origins chose it.

        Raises
        ------
        ValueError
            A column is missing, or a row cannot be an order history.
        """
        self._check_columns(X, reset=True)
        ordered = X[has_ordered(X)]
        has_history = len(ordered) > 0 and ordered["T"].sum() > 0
        self.history_days_ = float(ordered["T"].max()) if len(ordered) else 0.0
        self.choice_ = choose(origins)
        weights = self.choice_.weights
        self.parts_ = Parts.learn(ordered, Forecast.learn(ordered), direct, weights) if has_history else None
        return self

    @property
    def chosen(self) -> str:
        """Name of the forecast in use: ``kit`` or a plain one."""
        check_is_fitted(self)
        return self.choice_.model

    @property
    def status(self) -> str:
        """``ok``; ``weak``: it looks too far beyond its history; ``not_available``: and no forecast was ever judged."""
        check_is_fitted(self)
        if self.horizon_years * YEAR / self.reach <= self.history_days_:
            return "ok"
        return "weak" if self.choice_.origins else "not_available"

    def predict(
        self,
        X: pd.DataFrame,
        *,
        contracts: pd.DataFrame | None = None,
        prospects: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Soil value of each account.

        ``contracts``, as from ``contract_values``, adds what they bring beside orders; ``prospects``, as from
        ``Prospects.predict``, tells of accounts that never ordered what is known of them.

        Returns
        -------
        DataFrame
            One row per account in the order given: ``account_id, soil_value, soil_low, soil_high`` (discounted gross
            profit over the horizon), ``p_alive, orders_expected, revenue_expected`` (of orders: undiscounted, over the
            horizon), ``soil_basis``: ``orders``; of accounts that never ordered ``prospects``, ``contracts`` (where
            they are all that is known) or ``none``; ``soil_status``: ``ok``, ``weak`` or ``not_available``;
            ``judged_days``: over how many days such a forecast was judged (0: never). NaN is what cannot be known: the
            soil without a basis, or where all first ordered on the as-of date, what orders tell where they are
            ``not_available`` (see ``status``), and the orders of accounts that never did. With contracts also
            ``contract_value``, part of ``soil_value``.
        """
        is_said = self.status != "not_available"
        whole, known = self.predict_horizon(X, self.horizon_years * YEAR), has_ordered(X).to_numpy()
        value, said = np.full(len(X), np.nan), 1.0 if is_said else np.nan
        if is_said and self.parts_ is not None and known.any():
            value[known] = self._present(X[known]) * self._margins(X[known])
        scaled = whole[["revenue_low", "revenue_high"]].mul(value, axis=0)
        bounds = np.sort(scaled.to_numpy(), axis=1)
        soil = pd.DataFrame(
            {
                "account_id": X["account_id"],
                "soil_value": value * whole["revenue_predicted"].to_numpy(),
                "soil_low": bounds[:, 0],
                "soil_high": bounds[:, 1],
                "p_alive": whole["p_alive"].to_numpy(),
                "orders_expected": said * whole["orders_predicted"].to_numpy(),
                "revenue_expected": said * whole["revenue_predicted"].to_numpy(),
                "soil_basis": np.where(known, "orders", "none"),
            }
        )
        if is_said and prospects is not None:
            soil = _with_prospects(soil, prospects)
        soil = soil if contracts is None else with_contracts(soil, contracts)
        status = soil["soil_basis"].map({"contracts": "ok"}).fillna("ok" if self.status == "ok" else "weak")
        status = status.mask(soil["soil_value"].isna(), "not_available")
        return soil.assign(soil_status=status, judged_days=self.choice_.horizon_days)

    def predict_horizon(self, X: pd.DataFrame, days: float) -> pd.DataFrame:
        """Orders and revenue of each account within so many days, undiscounted.

        Returns
        -------
        DataFrame
            One row per account in the order given: ``account_id, orders_predicted, revenue_predicted, revenue_low,
            revenue_high, p_alive, model``; NaN for accounts that never ordered, of which orders tell nothing, and where
            there is no time to learn from. ``p_alive`` is that of the laws of orders in the mix, and NaN as well where
            nobody ever ordered twice: how long customers go on buying has then never been seen.
        """
        check_is_fitted(self)
        self._check_columns(X, reset=False)
        numbers = ["orders_predicted", "revenue_predicted", "revenue_low", "revenue_high"]
        table = pd.DataFrame({"account_id": X["account_id"]}).assign(**dict.fromkeys([*numbers, "p_alive"], np.nan))
        known = has_ordered(X).to_numpy()
        if self.parts_ is not None and known.any():
            buyers = X[known]
            table.loc[known, numbers] = self._revenue(self.parts_, buyers, days)[numbers].to_numpy()
            mixed = self.choice_.weights if self.chosen == KIT else {BASE: 1.0}
            table.loc[known, "p_alive"] = self.parts_.p_alive(buyers, mixed)
        return table.assign(model=self.chosen)

    def predict_total(self, X: pd.DataFrame, days: float) -> dict[str, float]:
        """Revenue of all accounts within so many days: ``total, low, high``, and ``left_out``: whom it does not hold.

        Left out are accounts that never ordered, and all where there is no time to learn from: NaN then, as nobody's
        revenue is known.
        What moves all accounts at once is as large as between earlier cutoffs; as few cutoffs tell how large it is, the
        bounds are those of Student's t.
        """
        table, choice = self.predict_horizon(X, days), self.choice_.over(days)
        said = table["revenue_predicted"]
        reach = stdtrit(choice.freedom, (1 + LEVEL) / 2)
        found = sum_with_doubt(said, table["revenue_low"], table["revenue_high"], common=choice.shock, reach=reach)
        return dict(zip(("total", "low", "high"), found, strict=True)) | {"left_out": int(said.isna().sum())}

    def _check_columns(self, X: pd.DataFrame, *, reset: bool) -> None:
        validate_data(self, taken(X, NEEDED), reset=reset, skip_check_array=True)

    def _revenue(self, parts: Parts, buyers: pd.DataFrame, days: float) -> pd.DataFrame:
        """The forecast in use with the base's intervals, which keep their shape around it and hold it.

        Where an account most likely orders nothing, its mean lies above nine tenths of what may come.
        """
        said, choice = parts.predict(buyers, days), self.choice_.over(days)
        base = said[BASE]["revenue_predicted"]
        used = self._plain(parts.base, buyers, days) if choice.model != KIT else _mixed(said, choice.weights)
        low, high = parts.base.interval(buyers, days, seed=self.seed, shock=choice.shock)
        used["revenue_predicted"] = (choice.level * used["revenue_predicted"]).where(base > 0, 0.0)
        doubted = parts.base.purchases.predict_doubted(buyers, days) * parts.base.order_value(buyers)
        scale = _stretch(used["revenue_predicted"], base, doubted)
        mean = used["revenue_predicted"]
        return used.assign(revenue_low=np.minimum(low * scale, mean), revenue_high=np.maximum(high * scale, mean))

    def _plain(self, forecast: Forecast, buyers: pd.DataFrame, days: float) -> pd.DataFrame:
        """The chosen plain forecast; beyond the horizon it was judged over, it goes on as the kit expects to."""
        judged = min(days, self.choice_.horizon_days or days)
        said = BASELINES[self.chosen](buyers, judged)
        if judged == days:
            return said
        near = forecast.orders(buyers, judged)
        return said.mul(forecast.orders(buyers, days) / np.maximum(near, np.finfo(float).tiny), axis=0)

    def _present(self, buyers: pd.DataFrame) -> Array:
        """Worth today of one unit of the account's revenue over the horizon, by when its orders are expected."""
        assert self.parts_ is not None
        edges = np.append(np.arange(1.0, self.horizon_years), self.horizon_years)
        reached = np.column_stack([np.zeros(len(buyers)), *(self.parts_.base.orders(buyers, e * YEAR) for e in edges)])
        middles = (np.append(0.0, edges[:-1]) + edges) / 2
        share = np.diff(reached, axis=1) / np.maximum(reached[:, -1:], np.finfo(float).tiny)
        return np.asarray((share * (1 + self.discount_rate) ** -middles).sum(axis=1))

    def _margins(self, buyers: pd.DataFrame) -> Array:
        assert self.parts_ is not None
        return self.parts_.base.spend.margins(buyers) if self.parts_.base.spend else np.zeros(len(buyers))


def base_soil(features_at: Callable[[dt.date], pd.DataFrame], settings: Settings, date: dt.date) -> pd.DataFrame:
    """Soil value by the base forecast alone, learned from what was known at a date, as ``SoilModel.predict`` gives it.

    Which forecasts to mix was learned from later dates.
    """
    model, features = SoilModel(settings.horizon_years, settings.discount_rate, settings.seed), features_at(date)
    return model.fit(features).predict(features)


def _with_prospects(soil: pd.DataFrame, prospects: pd.DataFrame) -> pd.DataFrame:
    """The soil of accounts that never ordered by what is known of them."""
    bounds = ["soil_value", "soil_low", "soil_high"]
    told = soil[["account_id"]].merge(prospects, on="account_id", how="left", validate="one_to_one")[bounds]
    used = soil["soil_value"].isna() & told["soil_value"].notna()
    filled = soil[bounds].where(~used, told)
    return soil.assign(**filled, soil_basis=soil["soil_basis"].where(~used, "prospects"))


def _stretch(used: pd.Series, base: pd.Series, doubted: Array) -> pd.Series:
    """By how much the base's bounds move to the forecast in use.

    They are drawn with the rhythm in doubt: where a strict rhythm expects next to nothing they already hold what the
    doubt leaves, and move up only as far as the forecast in use lies above that.
    """
    scale = (used / base).where(base > 0, 0.0)
    return np.minimum(scale, np.maximum(1.0, used / np.maximum(base, doubted)).fillna(1.0))


def _mixed(said: dict[str, pd.DataFrame], weights: dict[str, float]) -> pd.DataFrame:
    """The weighted mean of the parts; one that could not be learned leaves its weight to the others."""
    weights = {name: weight for name, weight in weights.items() if name in said} or {BASE: 1.0}
    total = sum(weights.values())
    mean = said[BASE] * 0.0
    for name, weight in weights.items():
        mean += weight / total * said[name]
    return mean
