"""Whether we do what we say: promises kept in time, and the three letters value, communication, trust."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.judge.relationships.measures import FLOOR, share_interval

#: The letters of the VCT model.
LETTERS = ("value", "communication", "trust")
#: Their columns in a table of the report.
SHOWN = {letter: f"vct_{letter}" for letter in LETTERS}


def promise_basis(promises: pd.DataFrame) -> pd.DataFrame:
    """Keep what we promised to customers; only where no promise is recorded do planned actions stand in."""
    recorded = promises[promises["kind"] == "commitment"]
    return recorded if len(recorded) else promises


def promises_by_quarter(promises: pd.DataFrame) -> pd.DataFrame:
    """Tell quarter by quarter how much of what fell due was kept by its day.

    Parameters
    ----------
    promises : DataFrame
        From ``promises``.

    Returns
    -------
    DataFrame
        ``ago`` (quarters of 91 days back from the date, the oldest first), ``n_due, kept, low, high`` (share with the
        80 % interval of Jeffreys), ``basis`` (recorded, or proxy: planned actions stand in). Method card R13.
    """
    return _kept(promise_basis(promises), "ago").sort_values("ago", ascending=False, ignore_index=True)


def promises_by_person(promises: pd.DataFrame, *, enough: float = 0.95) -> pd.DataFrame:
    """Tell who of ours keeps what is promised, and how the firm does as a whole.

    Parameters
    ----------
    promises : DataFrame
        From ``promises``.
    enough : float
        Share that should be kept.

    Returns
    -------
    DataFrame
        ``owner_id`` (the first row is the firm's, with none), ``n_due, kept, low, high, n_waiting`` (overdue and not
        done), ``basis, falls_short`` (the share lies below ``enough`` by more than chance allows, with one chance in
        ten that anybody is misjudged), the most overdue first. Card R13.
    """
    mine = promise_basis(promises)
    whole = _kept(mine.assign(owner_id="-"), "owner_id").assign(owner_id=None)
    each = _kept(mine, "owner_id").sort_values(["n_waiting", "owner_id"], ascending=[False, True])
    found = pd.concat([whole, each], ignore_index=True).astype({"owner_id": "str"})
    wide = share_interval(found["kept"], found["n_due"], level=1 - 0.2 / max(len(found), 1))
    return found.assign(falls_short=wide["ci_high"] < enough)


def vct(
    accounts: pd.DataFrame, exchange: pd.DataFrame, satisfaction: pd.Series, strength: pd.DataFrame
) -> pd.DataFrame:
    """Weigh value, communication and trust of every customer, and name the weakest letter.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id, gp_36m, revenue_36m``: of three years, money.
    exchange : DataFrame
        From ``exchange``.
    satisfaction : Series
        Mean answer by account_id, 0-1.
    strength : DataFrame
        From ``organisation_parts``: its part *trust* (years, promises, payments).

    Returns
    -------
    DataFrame
        ``account_id, satisfaction, margin_rank`` (place of the margin among all customers, 0-1), ``two_way`` (share of
        touches), ``rival_known`` (share of deals), the three ``LETTERS`` (geometric means of the signs that are known;
        value both ways needs a word of the customer), ``weakest`` (where all three are known). Method card R14.
    """
    facts = accounts.set_index("account_id")
    margin = facts["gp_36m"] / facts["revenue_36m"].where(facts["revenue_36m"] > 0)
    told = exchange.set_index("account_id").reindex(facts.index)
    signs = pd.DataFrame(
        {
            "satisfaction": satisfaction.reindex(facts.index),
            "margin_rank": margin.rank(pct=True) if margin.max() > margin.min() else np.nan,
            "two_way": told["n_answered"] / told["n_told"].where(told["n_told"] > 0),
            "rival_known": told["n_rival_known"] / told["n_deals"].where(told["n_deals"] > 0),
        }
    ).astype(float)
    has_word = signs["satisfaction"].notna()
    letters = pd.DataFrame(
        {
            "value": _mean(signs[["satisfaction", "margin_rank"]]).where(has_word),
            "communication": _mean(signs[["two_way", "rival_known"]]).where(signs["two_way"].notna()),
            "trust": strength.set_index("account_id")["trust"].reindex(facts.index),
        }
    )
    weakest = letters.dropna().idxmin(axis=1).reindex(facts.index)
    return signs.join(letters).assign(weakest=weakest.astype("str")).reset_index()


def _mean(signs: pd.DataFrame) -> pd.Series:
    return np.exp(signs.clip(lower=FLOOR).apply(np.log).mean(axis=1))


def _kept(promises: pd.DataFrame, by: str) -> pd.DataFrame:
    sums = promises.groupby(by)[["n_due", "n_kept", "n_waiting"]].sum().reset_index()
    kept = (sums["n_kept"] / sums["n_due"]).astype(float)
    bounds = share_interval(kept, sums["n_due"]).rename(columns={"ci_low": "low", "ci_high": "high"})
    basis = "recorded" if (promises["kind"] == "commitment").any() else "proxy"
    columns = [by, "n_due", "kept", "low", "high", "n_waiting", "basis"]
    return sums.join(bounds).assign(kept=kept, basis=basis)[columns]
