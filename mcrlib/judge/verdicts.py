"""What to do with each customer: where it stands between soil and harvest, and the rules that follow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mcrlib.model.ranking import in_top_share
from mcrlib.settings import Settings

#: Change of the harvest over the year before from which it counts as falling or rising. Proposed.
_CHANGE = 0.30
#: Soil value over this year's crops kept up for the whole horizon, from which there is a gap to grow into. Proposed.
_GAP = 1.5
#: Contacts known below which an S or A account has few. Proposed.
_FEW_CONTACTS = 3
#: Order days from which there is a history. Proposed.
_HISTORY = 2
#: A gem lies outside so large a part of the accounts by harvest, and in so large a part by soil value. Proposed.
_LARGEST, _RICHEST = 0.2, 0.1
#: Reasons told for an account at most.
_TOLD = 3

#: The rules in order; the first that applies decides. Left the quadrant, * being any, then what must hold besides.
#: The reason * is that of the quadrant.
RULES = (
    # quadrant   condition                    verdict            reason
    ("*",        "never_ordered_saline",      "open",            "saline"),
    ("sown",     "never_ordered",             "open",            "soil_without_harvest"),
    ("*",        "never_ordered_unknown",     "not_enough_data", "never_ordered"),
    ("*",        "never_ordered",             "serve",           "never_ordered"),
    ("*",        "lost_and_small",            "leave",           "quiet"),
    ("*",        "hardly_known",              "not_enough_data", "short_history"),
    ("*",        "lost",                      "restore",         "quiet"),
    ("*",        "unplaced",                  "not_enough_data", "short_history"),
    ("*",        "tier_C",                    "serve",           "*"),
    ("granary",  "always",                    "defend",          "*"),
    ("mined",    "always",                    "restore",         "*"),
    ("sown",     "not_worthless",             "open",            "*"),
    ("barren",   "tier_S_or_A",               "grow",            "*"),
    ("barren",   "promises_more",             "grow",            "*"),
    ("*",        "always",                    "serve",           "*"),
)  # fmt: skip

_QUADRANT_REASON = {
    "granary": "high_soil_high_harvest",
    "mined": "harvest_without_soil",
    "sown": "soil_without_harvest",
    "barren": "low_both",
    "empty": "never_ordered",
}


def soil_balance(
    features: pd.DataFrame,
    soil: pd.DataFrame,
    crops: pd.DataFrame,
    tiers: pd.DataFrame,
    fertility: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """Place every customer between soil and harvest, and say what to do.

    Soil is the fertility index; for an account without one it is the soil value. Both axes are cut at the medians of
    the S and A accounts (of all that ordered where there are none). Then ``RULES`` apply from the top.

    Parameters
    ----------
    features, soil, crops, tiers, fertility : DataFrame
        As from ``account_features``, ``SoilModel.predict``, ``CropModel.predict``, ``tier_table`` and
        ``fertility_index``; one row per account each.
    settings : Settings
        Threshold ``lost``, horizon and discount rate.

    Returns
    -------
    DataFrame
        One row per account in the order of ``features``: ``account_id, fertility, fertility_status, quadrant``
        (``granary``: both high; ``mined``: harvest without soil; ``sown``: soil without harvest; ``barren``: neither;
        ``empty``: never ordered and no soil; missing for a buyer of whom neither fertility nor soil value is known),
        ``verdict, reason`` (codes, the deciding one first, separated by ``;``),
        and the facts that reasons quote: ``tier, harvest, harvest_previous, crop_value, soil_value, p_alive,
        days_since_last, n_orders, n_contacts``.
    """
    table = _join(features, soil, crops, tiers, fertility)
    table["quadrant"] = _quadrants(table)
    holds = _conditions(table, settings)
    quadrant = table["quadrant"]
    applies = [holds[condition] & (quadrant.eq(of) | (of == "*")) for of, condition, *_ in RULES]
    table["verdict"] = np.select(applies, [verdict for *_, verdict, _ in RULES], default="")
    deciding = pd.Series(np.select(applies, [reason for *_, reason in RULES], default=""), index=table.index)
    placed = quadrant.map(_QUADRANT_REASON).fillna("short_history")
    table["reason"] = _reasons(table, deciding.where(deciding != "*", placed), settings)
    return table[[
        "account_id", "fertility", "fertility_status", "quadrant", "verdict", "reason", "tier", "harvest",
        "harvest_previous", "crop_value", "soil_value", "p_alive", "days_since_last", "n_orders", "n_contacts",
    ]]  # fmt: skip


def hidden_gems(balance: pd.DataFrame) -> pd.DataFrame:
    """Find the accounts that today's revenue hides: outside its largest fifth, with soil in the highest tenth.

    Parameters
    ----------
    balance : DataFrame
        ``account_id, harvest, soil_value``, one row per account.

    Returns
    -------
    DataFrame
        Their rows, the highest soil value first; none that is expected to bring a loss, or of which nothing is known.
    """
    hidden, rich = ~in_top_share(balance["harvest"], _LARGEST), in_top_share(balance["soil_value"], _RICHEST)
    gems = balance[hidden & rich & (balance["soil_value"] > 0)]
    return gems.sort_values(["soil_value", "account_id"], ascending=[False, True])


def _join(
    features: pd.DataFrame, soil: pd.DataFrame, crops: pd.DataFrame, tiers: pd.DataFrame, fertility: pd.DataFrame
) -> pd.DataFrame:
    parts = [
        soil[["account_id", "soil_value", "p_alive"]],
        crops[["account_id", "crop_value"]],
        tiers[["account_id", "tier"]],
        fertility[["account_id", "fertility", "fertility_status"]],
    ]
    table = features
    for part in parts:
        table = table.merge(part, on="account_id", how="left", validate="one_to_one")
    table["fertility_status"] = table["fertility_status"].fillna("not_available")
    return table


def _quadrants(table: pd.DataFrame) -> pd.Series:
    important = table["tier"].isin(["S", "A"])
    measured = table[important if important.any() else table["n_order_days"] > 0]
    cuts = measured[["fertility", "soil_value", "harvest"]].median()
    fertile = table["fertility"] >= cuts["fertility"]
    # Without an index of its own an account is placed by what it is expected to yield over the years.
    valuable = (table["soil_value"] >= cuts["soil_value"]) & (table["soil_value"] > 0)
    soil = fertile.where(table["fertility"].notna(), valuable)
    yields = (table["harvest"] >= cuts["harvest"]) & (table["harvest"] > 0)
    empty = (table["n_order_days"] == 0) & ~soil
    places = np.select([empty, soil & yields, yields, soil], ["empty", "granary", "mined", "sown"], default="barren")
    unknown = table["fertility"].isna() & table["soil_value"].isna() & ~empty
    return pd.Series(places, index=table.index, dtype="str").mask(unknown)


def _conditions(table: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    never = table["n_order_days"] == 0
    unknown = table["fertility"].isna()
    lost = table["p_alive"] < settings.thresholds.lost
    # Where all customers bring losses, those that stopped buying bring the least: none of them is to be won back.
    small = ~table["tier"].isin(["S", "A"]) | (table["soil_value"] < 0)
    years, rate = settings.horizon_years, settings.discount_rate
    annuity = (1 - (1 + rate) ** -years) / rate if rate > 0 else years
    return {
        "always": pd.Series(True, index=table.index),
        "never_ordered": never,
        "never_ordered_saline": never & table["market_type"].eq("saline"),
        "never_ordered_unknown": never & unknown,
        "lost": lost,
        "lost_and_small": lost & small,
        "hardly_known": (table["n_order_days"] < _HISTORY) & unknown,
        "unplaced": table["quadrant"].isna(),
        "tier_C": table["tier"].eq("C"),
        "tier_S_or_A": ~small,
        "not_worthless": ~(table["soil_value"] <= 0),
        "promises_more": table["soil_value"] > np.maximum(_GAP * annuity * table["crop_value"], 0.0),
    }


def _reasons(table: pd.DataFrame, deciding: pd.Series, settings: Settings) -> list[str]:
    important = table["tier"].isin(["S", "A"])
    before = table["harvest_previous"]
    change = table["harvest"] / before.where(before > 0) - 1
    besides = {
        "quiet": table["p_alive"] < max(0.5, settings.thresholds.lost),
        "falling": change <= -_CHANGE,
        "rising": change >= _CHANGE,
        "single_thread": important & (table["n_owners_active"] == 1),
        "few_contacts": important & (table["n_contacts"] < _FEW_CONTACTS),
        "no_activity": important & (table["n_activities_12m"] == 0),
        "no_relationship_data": table["fertility"].isna(),
    }
    flags = np.column_stack([flag.to_numpy(bool) for flag in besides.values()])
    codes = np.array(list(besides), dtype=object)
    told = [[code, *(c for c in codes[row] if c != code)][:_TOLD] for code, row in zip(deciding, flags, strict=True)]
    return [";".join(one) for one in told]
