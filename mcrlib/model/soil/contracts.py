"""What contracts bring beside the orders: the rest of their running terms, and the renewals to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from mcrlib.model.soil.forecasts import LEVEL, YEAR
from mcrlib.model.soil.histories import Array
from mcrlib.model.soil.renewals import RenewalModel, SameRate

#: Draws behind the bounds of what renewals bring, and accounts drawn at a time.
_DRAWS, _CHUNK = 1024, 1024
JUDGED = ["cutoff", "contract_id", "account_id", "end_date", "own_amount", "renewed", "model", "same_rate"]


def learn_renewals(
    terms: pd.DataFrame, covariates: list[str], *, plain: bool = False
) -> RenewalModel | SameRate | None:
    """Learn from the terms that have ended; None where none has, so that nothing says whether contracts are renewed.

    Parameters
    ----------
    terms : DataFrame
        As from ``contract_terms``.
    covariates : list of str
        Columns of it that may move the odds; those that nobody delivered are left out.
    plain : bool
        Take the share that was renewed for all alike: for where the model loses against it.
    """
    decided = terms[terms["renewed"].notna() & (terms["own_amount"] > 0)]
    if decided.empty:
        return None
    renewed = decided["renewed"].astype(float).to_numpy()
    model: RenewalModel | SameRate = SameRate() if plain else RenewalModel()
    return model.fit(decided[["period", *covariates]], renewed)


def judge_renewals(
    terms_at: Callable[[dt.date], pd.DataFrame], terms: pd.DataFrame, dates: list[dt.date], covariates: list[str]
) -> pd.DataFrame:
    """Say at earlier dates which contracts would be renewed within the year, and lay what came beside it.

    Parameters
    ----------
    terms_at : callable
        ``contract_terms`` (frozen) as known at a date.
    terms : DataFrame
        ``contract_terms`` of today: how each term ended.
    dates : list of date
        The earlier dates, a year or more before today.
    covariates : list of str
        As for ``learn_renewals``.

    Returns
    -------
    DataFrame
        One row per date and term with money of its own that ended within 365 days of it and is decided today:
        ``cutoff, contract_id, account_id, end_date, own_amount, renewed`` (0 or 1), ``model`` and ``same_rate`` (the
        chances said then by the renewal model and by the share of all earlier terms that were renewed).
    """
    ended = terms[["contract_id", "renewed"]].dropna()
    rows = [_judge_at(terms_at(date), ended, date, covariates) for date in dates]
    told = [one for one in rows if one is not None]
    return pd.concat(told, ignore_index=True) if told else pd.DataFrame(columns=JUDGED)


def _judge_at(known: pd.DataFrame, ended: pd.DataFrame, date: dt.date, covariates: list[str]) -> pd.DataFrame | None:
    day, ways = pd.Timestamp(date), {"model": False, "same_rate": True}
    due = known["renewed"].isna() & (known["own_amount"] > 0) & (known["end_date"] <= day + pd.Timedelta(days=YEAR))
    asked = known[due].drop(columns="renewed").merge(ended, on="contract_id", validate="one_to_one")
    models = {way: learn_renewals(known, covariates, plain=plain) for way, plain in ways.items()}
    said = {
        way: model.survival(asked[list(model.feature_names_in_)])[:, 0]
        for way, model in models.items()
        if model is not None and len(asked)
    }
    return asked.assign(cutoff=day, renewed=asked["renewed"].astype(float), **said)[JUDGED] if said else None


def contract_values(
    model: RenewalModel | SameRate | None,
    terms: pd.DataFrame,
    as_of: dt.date,
    *,
    years: float,
    discount_rate: float = 0.0,
    margin: float = 1.0,
) -> pd.DataFrame:
    """Expect what contracts will bring beside the orders: the rest of the running terms, then renewals.

    A term's money flows evenly from its first to its last day, and a renewal is for the same term and money.

    Parameters
    ----------
    model : RenewalModel, SameRate or None
        From ``learn_renewals``; without one only the running terms count.
    terms : DataFrame
        As from ``contract_terms``.
    as_of : date
        What flows later counts.
    years, discount_rate : float
        Horizon, and the yearly rate that discounts from the middle of each term's rest.
    margin : float
        Gross profit per revenue of contracts.

    Returns
    -------
    DataFrame
        One row per account with a running contract that has money of its own: ``account_id, n_contracts``,
        ``ends`` (the next last day), ``p_renewal`` (chance of the renewals that come next, weighted by money; NaN where
        none is open), ``contract_value, contract_low, contract_high`` (gross profit; 80 %).
    """
    open_end = terms["renewed"].isna()
    running = terms[(terms["own_amount"] > 0) & (open_end | (terms["end_date"] > pd.Timestamp(as_of)))]
    running = running.reset_index(drop=True)
    worth = margin * _worth_of_terms(running, as_of, years, discount_rate)
    table = running[["account_id", "end_date", "own_amount"]].assign(p_renewal=np.nan, value=worth[:, 0])
    chance, doubted = np.zeros((2, len(running), worth.shape[1] - 1))
    rows = np.flatnonzero(running["renewed"].isna())
    if model is not None and len(rows) and chance.shape[1]:
        asked = running.loc[rows, list(model.feature_names_in_)]
        chance[rows], doubted[rows] = (say(asked, chance.shape[1]) for say in (model.survival, model.survival_doubted))
        table.loc[rows, "p_renewal"] = chance[rows, 0]
    table["value"] += (chance * worth[:, 1:]).sum(axis=1)
    return _by_account(table, doubted, worth)


def with_contracts(soil: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """The soil with what contracts bring beside the orders; orders and renewals are taken to vary independently.

    Where nothing else is known of an account, its soil is what its contracts bring.

    Parameters
    ----------
    soil : DataFrame
        As from ``SoilModel.predict``.
    contracts : DataFrame
        As from ``contract_values``, discounted as the soil is.

    Returns
    -------
    DataFrame
        The soil with ``contract_value`` (gross profit, part of ``soil_value``; 0 where there is none).
    """
    added = soil[["account_id"]].merge(contracts, on="account_id", how="left", validate="one_to_one")
    alone = soil["soil_value"].isna() & added["contract_value"].notna()
    numbers = soil[["soil_value", "soil_low", "soil_high"]].mask(alone, 0.0)
    basis = soil["soil_basis"].mask(alone & soil["soil_basis"].eq("none"), "contracts")
    soil = soil.assign(**numbers, soil_basis=basis)
    value, low, high = (added[f"contract_{name}"].fillna(0.0).to_numpy() for name in ("value", "low", "high"))
    total = soil["soil_value"] + value
    down = np.hypot((soil["soil_value"] - soil["soil_low"]).clip(lower=0.0), np.maximum(value - low, 0.0))
    up = np.hypot((soil["soil_high"] - soil["soil_value"]).clip(lower=0.0), np.maximum(high - value, 0.0))
    return soil.assign(
        soil_value=total,
        soil_low=soil["soil_low"].where(value == 0, total - down),
        soil_high=soil["soil_high"].where(value == 0, total + up),
        contract_value=value,
    )


def _worth_of_terms(running: pd.DataFrame, as_of: dt.date, years: float, rate: float) -> Array:
    """What each contract brings within the horizon in its running term (first column) and in each later one."""
    day = pd.Timestamp(as_of)
    start = ((running["start_date"] - day).dt.days / YEAR).to_numpy(float)[:, None]
    end = ((running["end_date"] - day).dt.days / YEAR).to_numpy(float)[:, None]
    length = end - start
    later = int(np.ceil((years - end.min()) / length.min())) if len(running) and end.min() < years else 0
    steps = np.arange(later + 1)
    begins = np.clip(start + steps * length, 0.0, years)
    ends = np.clip(end + steps * length, 0.0, years)
    share = (ends - begins) / length
    return np.asarray(running["own_amount"].to_numpy()[:, None] * share * (1 + rate) ** (-(begins + ends) / 2))


def _by_account(table: pd.DataFrame, chance: Array, worth: Array) -> pd.DataFrame:
    """Contracts of one account added up; their renewals are taken to be independent of each other."""
    money = table["own_amount"].where(table["p_renewal"].notna())
    groups = table.assign(money=money, hoped=money * table["p_renewal"]).groupby("account_id")
    sums = groups[["value", "money", "hoped"]].sum()
    low, high = _bounds(groups.ngroup().to_numpy(), chance, worth)
    return pd.DataFrame(
        {
            "n_contracts": groups.size(),
            "ends": groups["end_date"].min(),
            "p_renewal": sums["hoped"] / sums["money"].where(sums["money"] > 0),
            "contract_value": sums["value"],
            "contract_low": np.minimum(low, sums["value"]),
            "contract_high": np.maximum(high, sums["value"]),
        }
    ).reset_index()


def _bounds(account: NDArray[np.integer[Any]], chance: Array, worth: Array) -> Array:
    """Lowest and highest sum of each account's contracts, 80 %; no renewal is drawn together with another's."""
    place = pd.Series(account).groupby(account).cumcount().to_numpy()
    found = [np.zeros((2, 0))]
    for first in range(0, account.max(initial=-1) + 1, _CHUNK):
        mine = np.flatnonzero((account >= first) & (account < first + _CHUNK))
        sums = np.zeros((account[mine].max() - first + 1, _DRAWS))
        for at in range(place[mine].max() + 1):
            rows = mine[place[mine] == at]
            below = (np.random.default_rng(at).permutation(_DRAWS) + 0.5) / _DRAWS
            sums[account[rows] - first] += worth[rows, :1]
            for went_on, money in zip(chance[rows].T, worth[rows, 1:].T, strict=True):
                sums[account[rows] - first] += (went_on[:, None] > below) * money[:, None]
        low = np.quantile(sums, (1 - LEVEL) / 2, axis=1, method="lower")
        high = np.quantile(sums, (1 + LEVEL) / 2, axis=1, method="higher")
        found.append(np.stack([low, high]))
    return np.concatenate(found, axis=1)
