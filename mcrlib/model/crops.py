"""The crops: gross profit to expect in the next twelve months, from buying as before and from deals in work."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import betabinom, pearson3
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

YEAR = 365.0
#: Repeats at which the account's own last year and the typical account weigh the same. Proposed.
_TRUST = 2.0
#: Tails left out on each side of the 80 % interval.
_TAILS = (0.1, 0.9)

_LADDER = ("all", "lead", "qualify", "develop", "propose", "negotiate")

Array = NDArray[np.float64]


class CropModel(BaseEstimator):
    """Expect the gross profit of the next twelve months, account by account.

    Run-rate: the last year's harvest, trusted as far as the account has repeated its orders; for the rest its shrunken
    order rate times its shrunken order size, at most what the year yielded, so that a giant order is not expected to
    come often. Pipeline: open deals that are due within the year, times the chance that such deals are won. Orders that
    come out of deals are in both, so the two add up only beyond the share of revenue that passed through won deals.

    Parameters
    ----------
    min_deals : int
        Closed deals below which a win rate is no more than a hint.
    plain : bool
        Take last year's harvest for the run-rate, a loss as 0; where that did better at earlier dates.

    Attributes
    ----------
    win_rates_ : DataFrame
        ``stage, won, n, rate, low, high, status`` (``ok``, or ``weak`` below ``min_deals``): of the closed deals that
        passed each stage in which deals are open now, and of ``all``; ``rate`` is shrunken towards that of all.
    overlap_ : float
        Share of last year's revenue that passed through won deals, 0 to 1.
    size_variation_ : float
        Squared coefficient of variation of an account's order sizes.
    margin_variance_ : float
        Variance of the margin of one order around that of its account.

    Notes
    -----
    Order rates: gamma-Poisson; order sizes: log-normal with a normal prior; win rates: beta-binomial, the strength of
    the prior by likelihood over the stages. Intervals: Pearson's type III by three moments, a gamma law of number and
    size of the orders and a normal swing of their margin, which may end below zero.
    """

    def __init__(self, min_deals: int = 10, plain: bool = False) -> None:
        self.min_deals = min_deals
        self.plain = plain

    def fit(self, pipeline: pd.DataFrame, features: pd.DataFrame, stages: pd.DataFrame | None = None) -> Self:
        """Learn rates, sizes and win rates.

        Parameters
        ----------
        pipeline : DataFrame
            As from ``describe.accounts.pipeline``.
        features : DataFrame
            As from ``account_features``.
        stages : DataFrame, optional
            ``opportunity_id, stage`` that each deal passed, as from ``stages_passed``.
        """
        buyers = features[features["n_order_days"] > 0]
        revenue = buyers["revenue_total"].sum()
        self.margin_ = float(buyers["gp_total"].sum() / revenue) if revenue > 0 else 1.0
        self.rate_shape_, self.rate_span_ = _learn_rate(buyers)
        self.size_mean_, self.size_within_, self.size_between_ = _learn_size(buyers)
        sized = buyers[(buyers["spend_n"] > 0) & (buyers["revenue_total"] > 0)]
        self.size_variation_ = _learn_variation(sized) if len(sized) else 1.0
        self.margin_variance_ = _learn_margin_variance(sized, self.size_variation_) if len(sized) else 0.0
        closed = pipeline[pipeline["status"].isin(["won", "lost"])]
        if stages is not None:
            steps = dict(zip(pipeline["stage"], _step(pipeline), strict=True))
            stages = stages.assign(stage=stages["stage"].map(steps).fillna(stages["stage"]))
            stages = stages[stages["stage"].isin(_step(pipeline[pipeline["status"] == "open"]))].drop_duplicates()
        self.win_rates_ = _learn_win_rates(closed, stages, self.min_deals)
        self.overlap_ = _learn_overlap(pipeline, features)
        self.usual_amount_ = float(closed.loc[closed["status"] == "won", "amount"].median())
        return self

    def predict(self, pipeline: pd.DataFrame, features: pd.DataFrame) -> pd.DataFrame:
        """Give what to expect of each account, with an 80 % interval.

        Parameters
        ----------
        features : DataFrame
            As for ``fit``; a column ``p_alive`` (from the soil model) is used where it is there.

        Returns
        -------
        DataFrame
            One row per account in the order given: ``account_id, crop_value, crop_low, crop_high, run_rate,
            pipeline_value`` (gross profit), ``win_rate_n`` (closed deals behind the win rates of its open deals, the
            fewest; NaN without open deals), ``n_deals_unpriced`` (open deals without an amount, counted at the usual).
        """
        check_is_fitted(self)
        table = features[["account_id"]].reset_index(drop=True)
        buying = self._run_rate(features.reset_index(drop=True))
        table["run_rate"] = buying["run_rate"]
        table = table.merge(self._open_deals(pipeline), on="account_id", how="left", validate="one_to_one")
        filled = {"pipeline_value": 0.0, "pipeline_spread": 0.0, "log_none": 0.0, "n_deals_unpriced": 0}
        table = table.fillna(filled).astype({"n_deals_unpriced": "int64"})
        through_deals = self.overlap_ * table["run_rate"]
        table["crop_value"] = table["run_rate"] - through_deals + np.maximum(through_deals, table["pipeline_value"])
        low, high = _interval(table["crop_value"], buying["variance"] + table["pipeline_spread"], buying["swing"])
        maybe_none = buying["nothing"] * np.exp(table["log_none"]) > _TAILS[0]
        # Where nothing is most likely to come, the mean lies above nine tenths of what may.
        table["crop_low"] = np.minimum(np.where(maybe_none, np.minimum(low, 0.0), low), table["crop_value"])
        table["crop_high"] = np.maximum(np.where(maybe_none, np.maximum(high, 0.0), high), table["crop_value"])
        return table[[
            "account_id", "crop_value", "crop_low", "crop_high", "run_rate", "pipeline_value", "win_rate_n",
            "n_deals_unpriced",
        ]]  # fmt: skip

    def _run_rate(self, features: pd.DataFrame) -> pd.DataFrame:
        """A year of buying as before: expected gross profit, its variance, swing of the margin, chance of no order."""
        has_ordered = features["n_order_days"] > 0
        years = features["T"].fillna(0).to_numpy() / YEAR
        repeats = features["frequency"].to_numpy()
        shape = self.rate_shape_ + repeats
        rate = np.maximum(shape / (self.rate_span_ + years), 1e-9)
        prior = self.size_within_ / self.size_between_
        weight = features["spend_log_weight"].to_numpy() + prior
        mean_log = (features["spend_log_sum"].to_numpy() + prior * self.size_mean_) / weight
        size = np.exp(mean_log + self.size_within_ / 2)
        alive = features["p_alive"].fillna(1).to_numpy() if "p_alive" in features else np.ones(len(features))
        trust = np.ones(len(features)) if self.plain else repeats / (repeats + _TRUST)
        if_alive = _expected(trust, features["harvest"], rate, size * self.margin_)
        revenue = _expected(trust, features["revenue_12m"], rate, size)
        # Chance in the orders of the year, and in what it is told from: last year's orders, or usual rate and size.
        chance = (1 + trust**2) * (1 + self.size_variation_) / rate
        relative = chance + (1 - trust) ** 2 * (1 / shape + self.size_within_ / weight)
        columns = {
            "run_rate": if_alive if self.plain else alive * if_alive,
            "variance": alive * if_alive**2 * (relative + 1 - alive),
            "swing": alive * revenue**2 * self.margin_variance_ * chance,
            "nothing": 1 - alive + alive * (1 + rate / shape) ** -shape,
        }
        found = pd.DataFrame(columns)
        found.loc[~has_ordered] = [0.0, 0.0, 0.0, 1.0]
        return found

    def _open_deals(self, pipeline: pd.DataFrame) -> pd.DataFrame:
        """Expected gross profit of open deals by account, its variance, and the deals behind the win rates."""
        deals = pipeline[pipeline["status"] == "open"]
        ahead = (deals["expected_close_date"] - deals["created_date"]).dt.days - deals["age_days"]
        deals = deals[~(ahead > YEAR)]
        rates = self.win_rates_.set_index("stage")
        stage = _step(deals).where(_step(deals).isin(rates.index), "all")
        rate, n = stage.map(rates["rate"]).astype(float), stage.map(rates["n"]).astype(float)
        amount = deals["amount"].fillna(self.usual_amount_).fillna(0.0) * self.margin_
        expected = rate.fillna(0.0) * amount
        found = pd.DataFrame(
            {
                "account_id": deals["account_id"],
                "pipeline_value": expected,
                "pipeline_spread": expected * (amount - expected),
                "log_none": np.log1p(-rate.fillna(0.0).clip(upper=0.999)),
                "win_rate_n": n,
                "n_deals_unpriced": deals["amount"].isna().astype("int64"),
            }
        )
        kinds = dict.fromkeys(found.columns[1:], "sum") | {"win_rate_n": "min"}
        return found.groupby("account_id", as_index=False).agg(kinds)


def _step(deals: pd.DataFrame) -> pd.Series:
    """The step of the common ladder; the stage as delivered where it is not known. A history may use either word."""
    return deals["stage_std"].fillna(deals["stage"])


def _expected(trust: Array, last_year: pd.Series, rate: Array, size: Array) -> Array:
    """Last year's again as far as it is trusted; else rate times size, at most what the year or one order yielded."""
    last = last_year.to_numpy().clip(min=0)
    usual = np.minimum(rate * size, np.where(last > 0, np.maximum(last, size), np.inf))
    return np.asarray(trust * last + (1 - trust) * usual)


def _learn_rate(buyers: pd.DataFrame) -> tuple[float, float]:
    """Shape and span (years) of the gamma of yearly order rates, by moments weighted with the years observed."""
    years = np.maximum(buyers["T"].to_numpy() / YEAR, 1 / YEAR)
    if not len(buyers):
        return 1.0, 1.0
    repeats = buyers["frequency"].to_numpy()
    mean = max(repeats.sum() / years.sum(), 0.01)
    seen = np.average((repeats / years - mean) ** 2, weights=years)
    between = max(seen - mean * len(years) / years.sum(), 0.1 * mean**2)
    return mean**2 / between, mean / between


def _learn_size(buyers: pd.DataFrame) -> tuple[float, float, float]:
    """Mean of the logarithm of an order's size, its variance within accounts and between them."""
    sized = buyers[buyers["spend_n"] > 0]
    if not len(sized):
        return 0.0, 1.0, 1.0
    n, total = sized["spend_n"].to_numpy(), sized["spend_plain_log_sum"].to_numpy()
    means = total / n
    degrees = max(int((n - 1).sum()), 1)
    within = max(float((sized["spend_plain_log_square"].to_numpy() - total * means).sum()) / degrees, 0.01)
    between = max(float(means.var()) - within * float((1 / n).mean()), 0.05)
    return float(means.mean()), within, between


def _learn_variation(sized: pd.DataFrame) -> float:
    """Squared coefficient of variation of an account's order sizes, as of gamma values of shape k.

    Log of mean less mean of logs: ln k - digamma(k), nearly (1 + 1/(6k + 1)) / 2k; one order that differs as all joins.
    """
    n, total, logs = (sized[name].to_numpy() for name in ("spend_n", "revenue_total", "spend_plain_log_sum"))
    overall = max(float(np.log(total.sum() / n.sum()) - logs.sum() / n.sum()), 0.025)
    gap = (np.maximum(n * np.log(total / n) - logs, 0.0).sum() + overall) / ((n - 1).sum() + 1)
    return float(12 * gap / (3 - gap + np.sqrt((gap - 3) ** 2 + 24 * gap)))


def _learn_margin_variance(sized: pd.DataFrame, variation: float) -> float:
    """Variance of an order's margin around that of its account; one order that differs as all do is added."""
    n, total, profit, square = (sized[c].to_numpy() for c in ("spend_n", "revenue_total", "gp_total", "margin_square"))
    order, margin = total.sum() / n.sum(), profit.sum() / total.sum()
    overall = max(square.sum() / total.sum() - margin**2, 0.0)
    seen, room = np.maximum(square - profit**2 / total, 0.0).sum(), (total * (n - 1) / (n + variation)).sum()
    return float((seen + overall * order) / (room + order))


def _learn_overlap(pipeline: pd.DataFrame, features: pd.DataFrame) -> float:
    deals = pipeline[pipeline["status"] == "won"]
    as_of = (pipeline["created_date"] + pd.to_timedelta(pipeline["age_days"], unit="D"))[pipeline["status"] == "open"]
    revenue = features["revenue_12m"].sum()
    if as_of.isna().all() or revenue <= 0:
        return 0.0
    recent = deals[deals["closed_date"] > as_of.max() - pd.Timedelta(days=int(YEAR))]
    return float(min(1.0, recent["amount"].sum() / revenue))


def _learn_win_rates(closed: pd.DataFrame, stages: pd.DataFrame | None, min_deals: int) -> pd.DataFrame:
    everything = closed.assign(stage="all")[["opportunity_id", "stage", "status"]]
    passed = everything.iloc[:0]
    if stages is not None:
        known = closed[["opportunity_id", "status"]]
        passed = stages.merge(known, on="opportunity_id", validate="many_to_one")
    counts = (
        pd.concat([everything, passed])
        .assign(won=lambda t: t["status"].eq("won"))
        .groupby("stage", as_index=False)
        .agg(won=("won", "sum"), n=("won", "size"))
    )
    whole = counts[counts["stage"] == "all"]
    won, n = (int(whole["won"].iloc[0]), int(whole["n"].iloc[0])) if len(whole) else (0, 0)
    base = (won + 0.5) / (n + 1)
    single = counts[counts["stage"] != "all"]
    strength = _prior_strength(single["won"].to_numpy(), single["n"].to_numpy(), base)
    prior = pd.Series(np.where(counts["stage"] == "all", 1.0, strength), index=counts.index)
    level = pd.Series(np.where(counts["stage"] == "all", 0.5, base), index=counts.index)
    a, b = counts["won"] + prior * level, counts["n"] - counts["won"] + prior * (1 - level)
    width = 1.2816 * np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    rate = a / (a + b)
    return counts.assign(
        rate=rate,
        low=(rate - width).clip(lower=0),
        high=(rate + width).clip(upper=1),
        status=np.where(counts["n"] < min_deals, "weak", "ok"),
    ).sort_values("stage", key=_place, ignore_index=True)


def _place(stage: pd.Series) -> pd.Series:
    """All deals first, then the steps of the ladder, then what is not on it."""
    return stage.map({step: place for place, step in enumerate(_LADDER)}).fillna(len(_LADDER))


def _prior_strength(won: Array, n: Array, base: float) -> float:
    """How many deals the rate of all counts for: the strength that makes the stages' results likeliest."""
    if len(n) < 2:
        return 10.0

    def unlikely(log_strength: float) -> float:
        strength = np.exp(log_strength)
        return -float(betabinom.logpmf(won, n, strength * base, strength * (1 - base)).sum())

    return float(np.exp(minimize_scalar(unlikely, bounds=(0.0, 7.0), method="bounded").x))


def _interval(mean: pd.Series, variance: pd.Series, swing: pd.Series) -> tuple[Array, Array]:
    """The 80 % interval of a gamma with this mean and variance plus a normal swing around zero, by three moments."""
    spread = np.sqrt(variance + swing)
    skew = (2 * (variance / spread) ** 2 / spread / mean).where((mean != 0) & (spread > 0), 0.0)
    least = np.where((swing > 0) | (mean < 0), -np.inf, 0.0)
    low, high = (np.maximum(mean + spread * pearson3.ppf(tail, skew), least) for tail in _TAILS)
    return low, high
