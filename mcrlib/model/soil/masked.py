"""What an account should be worth by all that is known of it except what it bought: its soil with the crops masked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from scipy.special import ndtri
from sklearn.linear_model import TweedieRegressor
from threadpoolctl import threadpool_limits

from mcrlib.model.soil.direct import windows
from mcrlib.model.soil.forecasts import LEVEL
from mcrlib.model.soil.histories import Array
from mcrlib.model.soil.past import Past

#: What is known of a company and of the relationship beside its orders; product lines are known from orders: left out.
NUMBERS = (
    "annual_revenue", "employees", "n_contacts", "n_functions", "n_levels", "n_owners_active", "n_activities_12m",
    "n_open_deals", "n_cases_24m", "satisfaction",
)  # fmt: skip
KINDS = ("market_type", "industry", "segment")
#: Accounts of a kind, and of all, below which nothing is learned of them; how many kinds of one column are told apart.
_FEW, _LEAST, _MOST_KINDS = 10, 20, 20
#: How strongly the formula is drawn to the mean, in rows; power of Tweedie's law; spreads beyond which all is alike.
_RIDGE, _POWER, _EDGE = 30.0, 1.5, 3.0
#: What adds less than this to the log of the forecast is no reason.
_REASON, _REASONS = 0.10, 3


@dataclass(frozen=True)
class Masked:
    """A formula for the revenue of a window that looks at everything but the account's own orders.

    A Tweedie regression with logarithmic link; each covariate is taken against its mean over all accounts of the same
    day, so that a CRM that is filled better every year does not look like growth.

    Parameters
    ----------
    days : int
        Days of the windows that it learned from.
    mean : float
        Mean revenue of those windows.
    columns : DataFrame
        One row per column of the formula (``employees``, ``industry=Energy``): ``covariate, kind`` (of a word, which),
        ``usual, spread, effect`` (what one usual spread adds to the log of the forecast), ``undrawn, undrawn_spread``
        (the effect with what the ridge drew away given back, and how far chance may take it).
    start : float
        Log of the forecast, over the mean, of an account that is usual in everything.
    doubt : array
        Covariance of the start and the effects, by accounts: what one account does in several windows is one thing.
    """

    days: int
    mean: float
    columns: pd.DataFrame
    start: float
    doubt: Array

    @classmethod
    def learn(cls, past: Past, as_of: dt.date, days: int) -> Masked | None:
        """Learn from windows of the past that end by a date; None without history, covariates or revenue."""
        window, starts = windows(past, as_of, days)
        seen = [known_accounts(past.features_at(start), start) for start in starts]
        if not seen or len(seen[0]) < _LEAST:
            return None
        kinds = _kinds(seen[0])
        facts = pd.concat([covariates(one, kinds) for one in seen], ignore_index=True)
        came = [past.came_to(one, start, window)["revenue"] for one, start in zip(seen, starts, strict=True)]
        accounts = pd.concat([one["account_id"] for one in seen], ignore_index=True)
        return cls.from_rows(facts, pd.concat(came, ignore_index=True), accounts, window)

    @classmethod
    def from_rows(cls, facts: pd.DataFrame, came: pd.Series, accounts: pd.Series, days: int) -> Self | None:
        """Learn from rows of covariates, the revenue that followed each, and whose rows they are."""
        facts = facts.loc[:, facts.max() > facts.min()]
        revenue = came.clip(lower=0.0).to_numpy(float)
        mean = float(revenue.mean())
        if facts.empty or mean <= 0:
            return None
        usual, spread = facts.mean(), facts.std()
        z, y = _standard(facts, usual, spread), revenue / mean
        law = TweedieRegressor(power=_POWER, alpha=_RIDGE / len(y), link="log", solver="newton-cholesky", max_iter=300)
        with threadpool_limits(1):
            law.fit(z, y)
            doubt, given_back, undrawn_doubt = _doubt(z, y, law.predict(z), accounts)
        words = pd.DataFrame([str(name).partition("=")[::2] for name in facts], facts.columns, ["covariate", "kind"])
        undrawn = given_back[1:] @ np.append(law.intercept_, law.coef_)
        of_chance = np.sqrt(np.diag(undrawn_doubt)[1:])
        columns = words.assign(usual=usual, spread=spread, effect=law.coef_, undrawn=undrawn, undrawn_spread=of_chance)
        return cls(days, mean, columns, float(law.intercept_), doubt)

    def predict(self, features: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
        """What accounts like each one bring on average in a window.

        Returns
        -------
        DataFrame
            Rows as in ``features``: ``account_id, masked, masked_low, masked_high`` (revenue of a window; the bounds
            hold the *mean* of accounts like this one at the 80 % level, not what this one will do), ``speaks_for``
            (up to three covariates that raise it most, separated by ``;``). NaN for accounts that the CRM did not know
            at the date.
        """
        known = known_accounts(features, as_of)
        z = _standard(self._facts(known), self.columns["usual"], self.columns["spread"])
        parts = z * self.columns["effect"].to_numpy()
        middle = self.start + parts.sum(axis=1)
        x = np.column_stack([np.ones(len(z)), z])
        reach = ndtri((1 + LEVEL) / 2) * np.sqrt(np.einsum("ij,jk,ik->i", x, self.doubt, x))
        logs = {"masked": middle, "masked_low": middle - reach, "masked_high": middle + reach}
        said = {name: self.mean * np.exp(log) for name, log in logs.items()}
        table = pd.DataFrame({"account_id": known["account_id"]} | said).assign(speaks_for=self._reasons(z, parts))
        return features[["account_id"]].merge(table, on="account_id", how="left", validate="one_to_one")

    def effects(self) -> pd.DataFrame:
        """How much more accounts bring that have more of something, all else equal.

        Returns
        -------
        DataFrame
            One row per column of the formula: ``covariate, kind`` (of a word, which one), ``effect, effect_low,
            effect_high`` (what one usual spread adds to the log of the revenue, 80 % interval), ``spread``; the largest
            first.
        """
        effect, reach = self.columns["undrawn"], ndtri((1 + LEVEL) / 2) * self.columns["undrawn_spread"]
        table = self.columns.assign(effect=effect, effect_low=effect - reach, effect_high=effect + reach)
        order = table["effect"].abs().sort_values(ascending=False, kind="stable").index
        columns = ["covariate", "kind", "effect", "effect_low", "effect_high", "spread"]
        return table.loc[order, columns].reset_index(drop=True)

    def _facts(self, known: pd.DataFrame) -> pd.DataFrame:
        words = self.columns[self.columns["kind"] != ""]
        kinds = list(zip(words["covariate"], words["kind"], strict=True))
        return covariates(known, kinds).reindex(columns=self.columns.index, fill_value=0.0)

    def _reasons(self, z: Array, parts: Array) -> list[str]:
        """Codes of what speaks for each account: having more of what helps, never having less of what hurts."""
        helps = np.where((z > 0) & (parts >= _REASON), parts, 0.0)
        names = self.columns["covariate"].to_numpy()
        best = np.argsort(-helps, axis=1, kind="stable")[:, :_REASONS]
        return [";".join(names[i] for i in row if one[i] > 0) for row, one in zip(best, helps, strict=True)]


def masked_soil(formula: Masked | None, accounts: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """What all that is known of each account except its orders says of it; see ``Masked.predict``.

    ``accounts`` are the features of the as-of date; all unknown where nothing could be learned.
    """
    if formula is not None:
        return formula.predict(accounts, as_of)
    unknown = dict.fromkeys(["masked", "masked_low", "masked_high"], np.nan)
    return accounts[["account_id"]].assign(**unknown, speaks_for=None)


def known_accounts(features: pd.DataFrame, date: dt.date) -> pd.DataFrame:
    """The accounts that the CRM knew at a date: recorded by then, or with an order, contact, activity or deal."""
    signs = features.reindex(columns=["n_order_days", "n_contacts", "n_activities_12m", "n_open_deals"])
    recorded = pd.to_datetime(features.reindex(columns=["created_date"])["created_date"])
    known = (signs > 0).any(axis=1) | (recorded <= pd.Timestamp(date))
    return features[known].reset_index(drop=True)


def covariates(known: pd.DataFrame, kinds: list[tuple[str, str]]) -> pd.DataFrame:
    """What is known of accounts beside their orders, against the mean of the same day; unknown counts as usual.

    Counts and money in logarithms, ``kinds`` (column and word) as 0 or 1 less their share.
    """
    facts = {}
    for name in (name for name in NUMBERS if name in known):
        number = known[name].astype(float)
        facts[name] = number if name == "satisfaction" else np.log1p(number.clip(lower=0.0))
    facts |= {f"{name}={word}": known[name].eq(word).fillna(False).astype(float) for name, word in kinds}
    table = pd.DataFrame(facts, index=known.index)
    return (table - table.mean()).fillna(0.0)


def judge_masked(past: Past, judged: pd.DataFrame) -> pd.DataFrame:
    """What the formula would have said at earlier dates, learned from what came before each, beside what then came.

    Parameters
    ----------
    past : Past
        What was known at each date and what then came.
    judged : DataFrame
        As from ``as_used``: its origins and horizons are taken, and what the forecast in use said there of orders.

    Returns
    -------
    DataFrame
        One row per origin and account known at it: ``origin, horizon_days, account_id, masked, masked_low, mean`` (of
        the windows learned from), ``foretold`` (by orders; 0 for accounts that had none), ``bought`` (had ordered),
        ``last_year, revenue``. Empty where nothing was learned.
    """
    columns = ["origin", "horizon_days", "account_id", "masked", "masked_low", "mean", "foretold", "bought"]
    columns += ["last_year", "revenue"]
    origins = judged[["origin", "horizon_days"]].drop_duplicates().itertuples(index=False)
    tables = [_judge_at(past, judged[judged["origin"] == origin], origin, int(days)) for origin, days in origins]
    rows = [table for table in tables if table is not None]
    return pd.concat(rows, ignore_index=True)[columns] if rows else pd.DataFrame(columns=columns)


def _judge_at(past: Past, judged: pd.DataFrame, origin: pd.Timestamp, days: int) -> pd.DataFrame | None:
    date = pd.Timestamp(origin).date()
    formula = Masked.learn(past, date, days)
    if formula is None:
        return None
    known, reach = known_accounts(past.features_at(date), date), days / formula.days
    said = formula.predict(known, date)
    by_orders = judged[judged["model"] == "kit"].set_index("account_id")["revenue_predicted"]
    return said.assign(
        origin=origin,
        horizon_days=days,
        masked=reach * said["masked"],
        masked_low=reach * said["masked_low"],
        mean=reach * formula.mean,
        foretold=known["account_id"].map(by_orders).fillna(0.0),
        bought=known["account_id"].isin(by_orders.index),
        last_year=known["revenue_12m"].astype(float),
        revenue=past.came_to(known, date, days)["revenue"],
    )


def _kinds(known: pd.DataFrame) -> list[tuple[str, str]]:
    """The words worth telling apart: those of some accounts, the most frequent first."""
    found = []
    for name in (name for name in KINDS if name in known):
        counts = known[name].value_counts()
        counts = counts[counts >= _FEW].sort_index().sort_values(ascending=False, kind="stable")
        found += [(name, str(word)) for word in counts.index[:_MOST_KINDS]]
    return found


def _standard(facts: pd.DataFrame, usual: pd.Series, spread: pd.Series) -> Array:
    return np.asarray(((facts - usual) / spread).clip(-_EDGE, _EDGE), dtype=float)


def _doubt(z: Array, y: Array, said: Array, accounts: pd.Series) -> tuple[Array, Array, Array]:
    """Covariance of start and effects; what gives them back what the ridge drew away; and their covariance with that.

    The sandwich over accounts, each told by a formula that never saw it, as the accounts are few beside the effects:
    Liang and Zeger (1986), Biometrika 73; Bell and McCaffrey (2002), Survey Methodology 28. The ridge as a prior, as in
    Marra and Wood (2012), Scand. J. Statistics 39, and its first step undone: Obenchain (1977), Technometrics 19.
    """
    x = np.column_stack([np.ones(len(z)), z])
    ridge = _RIDGE * np.diag(np.append(0.0, np.ones(z.shape[1])))
    weight = said ** (2 - _POWER)
    bread = np.linalg.inv((x * weight[:, None]).T @ x + ridge)
    chance = np.zeros_like(bread)
    for rows in _rows_by_account(accounts):
        own, heavy = x[rows], weight[rows]
        seen = own @ bread @ own.transpose(0, 2, 1) * heavy[:, None, :]
        unseen = np.linalg.solve(np.eye(rows.shape[1]) - seen, ((y - said) / said)[rows][:, :, None])[:, :, 0]
        scores = np.einsum("ijk,ij->ik", own, heavy * unseen)
        chance += scores.T @ scores
    prior = float(np.mean((y - said) ** 2 / said**_POWER)) * bread @ ridge @ bread
    given_back = np.eye(len(ridge)) + bread @ ridge
    by_chance = bread @ chance @ bread
    return by_chance + prior, given_back, given_back @ by_chance @ given_back.T + prior


def _rows_by_account(accounts: pd.Series) -> list[Array]:
    """Places of the rows of each account, one table for those with one row, one for those with two, and so on."""
    place = pd.factorize(accounts)[0]
    counts = np.bincount(place)[place]
    order = np.argsort(place, kind="stable")
    return [order[counts[order] == n].reshape(-1, n) for n in np.unique(counts)]
