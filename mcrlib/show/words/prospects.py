"""What is said of the soil of accounts that never ordered: from what it is known, and whether that ever held."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of


def about_prospects(soil: pd.DataFrame, prospects: Any, judged: pd.DataFrame, run: Any) -> str:
    """How much is expected of accounts that never ordered, from what, and what came of those of earlier dates.

    Parameters
    ----------
    soil : DataFrame
        As from ``SoilModel.predict``.
    prospects : Prospects or None
        What it was learned from.
    judged : DataFrame
        As from ``judge_prospects``.
    run
        Language and currency.
    """
    say = of(run)
    never = soil[soil["soil_basis"] != "orders"]
    if never.empty:
        return say("Every account has ordered.")
    if prospects is None:
        return say.count(
            "{n} account that never ordered has no soil value, and sums leave it out: what is known beside orders told "
            "nothing at earlier dates, or too few such accounts have begun to order since. Useful are created_date, "
            "employees, annual_revenue and industry in accounts, and contacts and activities.",
            "{n} accounts that never ordered have no soil value, and sums leave them out: what is known beside orders "
            "told nothing at earlier dates, or too few such accounts have begun to order since. Useful are "
            "created_date, employees, annual_revenue and industry in accounts, and contacts and activities.",
            len(never),
        )
    hoped = never[never["soil_basis"] == "prospects"]
    told = [
        say.count(
            "{n} account of {all} that never ordered has a soil value: {money}.",
            "{n} of {all} accounts that never ordered have a soil value: {money} together.",
            len(hoped), all=say.number(len(never)), money=say.money(hoped["soil_value"].sum()),
        ),
        say(
            "It is learned from {n} such accounts of earlier dates, of which {begun} began within {days} days.",
            n=say.number(prospects.n), days=say.number(prospects.formula.days), begun=say.number(prospects.begun),
        ),
    ]  # fmt: skip
    return say.together(*told, *_record(judged, say))


def about_basis(soil: pd.DataFrame, run: Any) -> str:
    """On what the soil values rest, and who has none; ``soil`` as from ``SoilModel.predict``."""
    say = of(run)
    basis = soil.loc[soil["soil_value"].notna(), "soil_basis"].value_counts()
    hoped, unknown = int(basis.get("prospects", 0)), int(soil["soil_value"].isna().sum())
    told = [
        say.count("{n} soil value comes from orders.", "{n} soil values come from orders.", int(basis.get("orders", 0)))
    ]
    if hoped:
        told.append(
            say(
                "{n} more, {money} together, are of accounts that never ordered: they come from what we know about "
                "them beside orders, and from what others like them brought; each may be nothing at all.",
                n=say.number(hoped),
                money=say.money(soil.loc[soil["soil_basis"] == "prospects", "soil_value"].sum()),
            )
        )
    if unknown:
        told.append(
            say.count(
                "{n} account has none: too little is known of it, and sums leave it out.",
                "{n} accounts have none: too little is known of them, and sums leave them out.",
                unknown,
            )
        )
    return say.together(*told)


def _record(judged: pd.DataFrame, say: Words) -> list[str]:
    """What came of accounts that had never ordered at earlier dates, beside what would have been expected."""
    if judged.empty:
        return [say("The history is too short to judge this at earlier dates.")]
    dates = judged.groupby("origin")[["expected", "revenue"]].sum()
    pairs = [
        say("{date}: {expected} expected, {came} came", date=say.date(date), expected=say.money(one.expected),
            came=say.money(one.revenue))
        for date, one in zip(dates.index, dates.itertuples(index=False), strict=True)
    ]  # fmt: skip
    inside = judged["revenue"].between(judged["low"], judged["high"]).sum()
    told = say(
        "Their revenue until today, foretold at earlier dates: {dates}; inside its interval: {inside} of {n}, where "
        "8 of 10 is right.",
        dates=say.apart(pairs), inside=say.number(inside), n=say.number(len(judged)),
    )  # fmt: skip
    less = len(dates) > 1 and (dates["revenue"] < dates["expected"]).all()
    return [told, say("Each time less came than expected.")] if less else [told]
