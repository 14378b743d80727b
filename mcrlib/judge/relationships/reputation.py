"""What is said of us: by key persons and by others, by those who recommend us, and by deals against each rival."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from mcrlib.judge.relationships.measures import share_interval

TIERS = ("S", "A", "B", "C")
#: Sums over accounts that a comparison of key persons and others is made of.
_ANSWERS = ["n_key", "key_sum", "n_others", "others_sum"]


def opinions(mouth: pd.DataFrame, tiers: pd.DataFrame, *, gap: float = 0.20, least: int = 10) -> pd.DataFrame:
    """Compare what key persons say of us with what all others say, tier by tier.

    Parameters
    ----------
    mouth : DataFrame
        From ``word_of_mouth``.
    tiers : DataFrame
        ``account_id, tier``.
    gap : float
        By how much less others may like us than key persons do (0-1); more is hidden discontent below.
    least : int
        Answers of each kind from which the gap is judged.

    Returns
    -------
    DataFrame
        ``tier`` (those with answers of both kinds, then ``all``), ``n_key, key_score, n_others, others_score`` (mean
        answers, 0-1), ``gap, gap_low, gap_high`` (80 %; an answer varies less than a yes or no, so it is rather too
        wide), ``is_hidden`` (the gap passes the limit; empty with too few answers). Method card R5.
    """
    known = mouth.merge(tiers[["account_id", "tier"]], on="account_id", validate="one_to_one")
    sums = known.groupby("tier")[_ANSWERS].sum().reindex([tier for tier in TIERS if tier in set(known["tier"])])
    sums.loc["all"] = known[_ANSWERS].sum()
    sums = sums[(sums["n_key"] > 0) & (sums["n_others"] > 0)].astype(float)
    key, others = sums["key_sum"] / sums["n_key"], sums["others_sum"] / sums["n_others"]
    spread = np.sqrt(_variance(key, sums["n_key"]) + _variance(others, sums["n_others"])) * stats.norm.ppf(0.9)
    enough = np.minimum(sums["n_key"], sums["n_others"]) >= least
    found = pd.DataFrame(
        {
            "n_key": sums["n_key"].astype("int64"), "key_score": key,
            "n_others": sums["n_others"].astype("int64"), "others_score": others,
            "gap": key - others, "gap_low": key - others - spread, "gap_high": key - others + spread,
            "is_hidden": (key - others > gap).astype("boolean").where(enough),
        }
    )  # fmt: skip
    return found.rename_axis("tier").reset_index()


def recommendations(mouth: pd.DataFrame) -> pd.DataFrame:
    """Tell how many first meetings they began, and how many deals came because somebody recommended us.

    Returns
    -------
    DataFrame
        Rows of what the export tells: ``measure`` (inbound: first touches that they began, of those with a known
        direction; referred: recommended deals, of those with a known source; referred_won, other_won: won of the closed
        deals that were recommended, and of all others), ``value, low, high`` (share with the 80 % interval of Jeffreys)
        and ``n``. Method card R5.
    """
    sums = mouth.drop(columns="account_id").sum()
    pairs = {
        "inbound": (sums["n_inbound"], sums["n_first"]),
        "referred": (sums["n_referred"], sums["n_sourced"]),
        "referred_won": (sums["n_referred_won"], sums["n_referred_closed"]),
        "other_won": (sums["n_won"] - sums["n_referred_won"], sums["n_closed"] - sums["n_referred_closed"]),
    }
    found = pd.DataFrame.from_dict(pairs, orient="index", columns=["hits", "n"]).rename_axis("measure").reset_index()
    found = found[found["n"] > 0].reset_index(drop=True)
    value = (found["hits"] / found["n"]).astype(float)
    bounds = share_interval(value, found["n"].astype(float)).rename(columns={"ci_low": "low", "ci_high": "high"})
    return found.assign(value=value, n=found["n"].astype("int64")).join(bounds)[
        ["measure", "value", "low", "high", "n"]
    ]


def rival_record(rivals: pd.DataFrame, tiers: pd.DataFrame) -> pd.DataFrame:
    """Tell of each named rival how often we win against it, and where it stands in our way now.

    Parameters
    ----------
    rivals : DataFrame
        From ``rivals``.
    tiers : DataFrame
        ``account_id, tier``.

    Returns
    -------
    DataFrame
        ``rival, n`` (closed deals), ``n_won, win_rate, low, high`` (80 % interval of Jeffreys), ``usual`` (win rate
        against all named rivals together), ``standing`` (ahead or behind: ``usual`` lies
        outside what chance allows, with one chance in ten that any of all rivals is misjudged to a side; else even;
        empty without closed deals, or where no won deal names a rival), ``lost_amount, n_open, open_amount, n_top``
        (S and A customers with an open
        deal against it), most deals first. The rate stands in for the rival's own relationship, which no export holds
        (method card R17).
    """
    known = rivals.merge(tiers[["account_id", "tier"]], on="account_id", validate="many_to_one")
    known = known.assign(n_top=((known["n_open"] > 0) & known["tier"].isin(["S", "A"])).astype("int64"))
    sums = ["n_won", "n_lost", "n_open", "lost_amount", "open_amount", "n_top"]
    found = known.groupby("rival")[sums].sum().reset_index()
    found = found.assign(n=found["n_won"] + found["n_lost"])
    # many write the rival down only when they lose to it: then nothing is known of how often they win
    is_told = (found["n"] > 0) & bool(found["n_won"].any())
    rate = (found["n_won"] / found["n"]).where(is_told)
    usual = found["n_won"].sum() / found["n"].sum() if is_told.any() else np.nan
    bounds = share_interval(rate, found["n"]).rename(columns={"ci_low": "low", "ci_high": "high"})
    found = found.join(bounds).assign(win_rate=rate, usual=usual)
    wide = share_interval(rate, found["n"], level=1 - 0.2 / max(rate.count(), 1))
    standing = np.select([wide["ci_low"] > usual, wide["ci_high"] < usual], ["ahead", "behind"], "even")
    found["standing"] = pd.Series(standing, found.index, dtype="str").where(rate.notna())
    columns = ["rival", "n", "n_won", "win_rate", "low", "high", "usual", "standing", "lost_amount", "n_open"]
    found = found.sort_values(["n", "open_amount", "rival"], ascending=[False, False, True], ignore_index=True)
    return found[[*columns, "open_amount", "n_top"]]


def _variance(share: pd.Series, n: pd.Series) -> pd.Series:
    """Of a mean of ``n`` values between 0 and 1, at most, as if half a yes and half a no had come with them."""
    drawn = (share * n + 0.5) / (n + 1)
    return drawn * (1 - drawn) / (n + 1)
