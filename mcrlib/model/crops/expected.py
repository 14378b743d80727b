"""The crops of each account, put together from running business and open deals."""

from __future__ import annotations

from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import pearson3
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from mcrlib.describe.columns import taken
from mcrlib.model.crops.deals import NO_DEALS, learn_overlap, learn_win_rates, open_deals
from mcrlib.model.crops.running import COLUMNS, FIRST_YEAR, RUN_RATE, WAYS, Running

Array = NDArray[np.float64]

#: What account features must hold; ``p_alive`` and ``first_year`` are looked at where they are there.
NEEDED = ("account_id", *COLUMNS)
#: Tails left out on each side of the 80 % interval.
_TAILS = (0.1, 0.9)


class CropModel(BaseEstimator):
    """Expect the gross profit of the next twelve months, account by account.

    Run-rate: the last year's revenue, trusted as far as the account has repeated its orders; for the rest its shrunken
    order rate times its shrunken order size, at most what the year yielded, so that a giant order is not expected to
    come often; at the account's own margin, drawn to that of all where its orders are few, so that of who goes on
    buying below cost a loss is expected. Pipeline: open deals that are due within the year, times the chance that such
    deals are won, at the margin of all, be it a loss. Orders that come out of deals are in both: ``crop_value`` is
    run-rate plus pipeline less what is in both, the smaller of the pipeline and of the share of the run-rate that
    passes through won deals; nothing where one is a profit and the other a loss.

    Parameters
    ----------
    min_deals : int
        Closed deals below which a win rate is no more than a hint.
    way : {"run_rate", "harvest_again", "first_year"}
        What running business is told by: the run-rate; last year's harvest, be it a loss; or the revenue that the
        forecast of the soil expects of its first year, at the account's own margin. Whichever did better at earlier
        dates.

    Attributes
    ----------
    win_rates_ : DataFrame
        ``stage, won, n, rate, low, high, status`` (``ok``, or ``weak`` below ``min_deals``): of the closed deals that
        passed each stage in which deals are open now, and of ``all``; ``rate`` is shrunken towards that of all. With
        ``chance``, by which open deals count: that one is won which is found in the stage on any day.
    overlap_ : float
        Share of last year's revenue that passed through won deals, 0 to 1.
    running_ : Running
        Order rates, order sizes and margins.

    Notes
    -----
    Order rates: gamma-Poisson; order sizes: log-normal with a normal prior; win rates: beta-binomial, the strength of
    the prior by likelihood over the stages. Intervals: Pearson's type III by three moments, a gamma law of number and
    size of the orders and a normal swing of their margin, which may end below zero.
    """

    def __init__(self, min_deals: int = 10, way: str = RUN_RATE) -> None:
        self.min_deals = min_deals
        self.way = way

    def fit(
        self,
        X: pd.DataFrame,
        y: object = None,
        *,
        deals: pd.DataFrame = NO_DEALS,
        stages: pd.DataFrame | None = None,
    ) -> Self:
        """Learn rates, sizes and win rates.

        Parameters
        ----------
        X : DataFrame
            Account features, see ``NEEDED``.
        y : object
            Ignored: what comes next is not known yet.
        deals : DataFrame, optional
            As from ``describe.accounts.pipeline``.
        stages : DataFrame, optional
            ``opportunity_id, stage, days`` of each stage that a deal passed, as from ``stages_passed``.

        Raises
        ------
        ValueError
            No such way, or a column is missing.
        """
        if self.way not in WAYS:
            raise ValueError(f"way must be one of {', '.join(WAYS)}, not {self.way!r}")
        validate_data(self, taken(X, NEEDED), skip_check_array=True)
        self.running_ = Running.learn(X)
        self.win_rates_ = learn_win_rates(deals, stages, self.min_deals)
        self.overlap_ = learn_overlap(deals, X)
        self.usual_amount_ = float(deals.loc[deals["status"] == "won", "amount"].median())
        return self

    def predict(self, X: pd.DataFrame, *, deals: pd.DataFrame = NO_DEALS) -> pd.DataFrame:
        """Give what to expect of each account, with an 80 % interval.

        Parameters
        ----------
        X : DataFrame
            As for ``fit``; a column ``p_alive`` (from the soil model) is used where it is there. The way ``first_year``
            needs the column ``first_year``, revenue, of all that have ordered.
        deals : DataFrame, optional
            As for ``fit``; of the open ones is said what they should bring.

        Returns
        -------
        DataFrame
            One row per account in the order given: ``account_id, crop_value, crop_low, crop_high, run_rate,
            pipeline_value`` (gross profit), ``win_rate_n`` (closed deals behind the win rates of its open deals, the
            fewest; NaN without open deals), ``n_deals_unpriced`` (open deals without an amount, counted at the usual).
        """
        check_is_fitted(self)
        asked = (*NEEDED, FIRST_YEAR) if self.way == FIRST_YEAR else NEEDED
        validate_data(self, taken(X, asked)[list(NEEDED)], reset=False, skip_check_array=True)
        table = X[["account_id"]].reset_index(drop=True)
        buying = self.running_.expect(X.reset_index(drop=True), way=self.way)
        table["run_rate"] = buying["run_rate"]
        ahead = open_deals(deals, self.win_rates_, usual=self.usual_amount_, margin=self.running_.margin)
        table = table.merge(ahead, on="account_id", how="left", validate="one_to_one")
        filled = {"pipeline_value": 0.0, "pipeline_spread": 0.0, "log_none": 0.0, "n_deals_unpriced": 0}
        table = table.fillna(filled).astype({"n_deals_unpriced": "int64"})
        through_deals = self.overlap_ * table["run_rate"]
        # Deals may be the orders to come, a profit or a loss alike; of what differs in sign nothing is in both.
        in_both = table["pipeline_value"].clip(through_deals.clip(upper=0.0), through_deals.clip(lower=0.0))
        table["crop_value"] = table["run_rate"] + (table["pipeline_value"] - in_both)
        usual = table["crop_value"] + buying["usual"] - buying["run_rate"]
        variance = buying["variance"] + table["pipeline_spread"]
        low, high = _interval(table["crop_value"], usual, variance, buying["swing"])
        maybe_none = buying["nothing"] * np.exp(table["log_none"]) > _TAILS[0]
        # Where nothing is most likely to come, the mean lies above nine tenths of what may.
        table["crop_low"] = np.minimum(np.where(maybe_none, np.minimum(low, 0.0), low), table["crop_value"])
        table["crop_high"] = np.maximum(np.where(maybe_none, np.maximum(high, 0.0), high), table["crop_value"])
        return table[[
            "account_id", "crop_value", "crop_low", "crop_high", "run_rate", "pipeline_value", "win_rate_n",
            "n_deals_unpriced",
        ]]  # fmt: skip


def _interval(mean: pd.Series, usual: pd.Series, variance: pd.Series, swing: pd.Series) -> tuple[Array, Array]:
    """The 80 % interval around a mean of a gamma law plus a normal swing around zero, by three moments.

    ``usual`` is the mean that the gamma law has by itself, from which its skewness follows.
    """
    spread = np.sqrt(variance + swing)
    skew = (2 * (variance / spread) ** 2 / spread / usual).where((usual != 0) & (spread > 0), 0.0)
    least = np.where((swing > 0) | (mean < 0), -np.inf, 0.0)
    low, high = (np.maximum(mean + spread * pearson3.ppf(tail, skew), least) for tail in _TAILS)
    return low, high
