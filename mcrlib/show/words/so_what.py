"""The sentences a busy person repeats: the so-what of each chapter, computed from its frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.regret import regret_in_short
from mcrlib.show.words.soil import about_reach, left_out
from mcrlib.show.words.summary import is_placed, mined_part, nobody_placed, top_part
from mcrlib.show.words.terms import term

#: From so many accounts on it tells something what the ten largest bring.
_MANY = 12
#: So many accounts are named as worth most; among no more than these it tells nothing.
_FEW = 3
#: Days.
_YEAR = 365.0


def about_clean(tables: pd.DataFrame, run: Any) -> list[str]:
    """What came in and what was set aside; ``tables``: table, rows_in, rows_kept, rows_quarantined."""
    say = of(run)
    rows, aside = int(tables["rows_in"].sum()), int(tables["rows_quarantined"].sum())
    came = say.count(
        "{rows} rows in {n} table came in; {kept} of them are used.",
        "{rows} rows in {n} tables came in; {kept} of them are used.",
        len(tables),
        rows=say.number(rows),
        kept=say.percent((rows - aside) / rows if rows else None),
    )
    if aside == 0:
        return [came, *_basis_of(tables, say), say("No row was set aside.")]
    worst = tables.sort_values(["rows_quarantined", "table"], ascending=[False, True]).iloc[0]
    facts = {"table": term(say, "table", worst["table"]), "worst": say.number(worst["rows_quarantined"])}
    said = say.count(
        "{n} row is set aside, in {table}; it is listed with its reason.",
        "{n} rows are set aside, most of them in {table} ({worst}); each is listed with its reason.",
        aside,
        **facts,
    )
    if worst["rows_quarantined"] == aside > 1:
        said = say("{n} rows are set aside, all of them in {table}; each is listed with its reason.",
                   n=say.number(aside), table=facts["table"])  # fmt: skip
    return [came, *_basis_of(tables, say), said]


#: What the money is counted from, in a word and as a sentence.
_BASIS = {
    "orders": (mark("orders"), mark("Revenue is counted from orders, less returns; drafts and void ones never count.")),
    "opportunities": (
        mark("won deals"),
        mark("No orders were delivered: revenue is counted from won deals, on the day they closed."),
    ),
}


def revenue_basis(basis: str, run: Any) -> str:
    """What the revenue is counted from, in a word: ``orders``, ``opportunities`` (won deals); else nothing."""
    return of(run)(_BASIS[basis][0]) if basis in _BASIS else ""


def _basis_of(tables: pd.DataFrame, say: Words) -> list[str]:
    kept = set(tables.loc[tables["rows_kept"] > 0, "table"])
    return [say(_BASIS[basis][1]) for basis in _BASIS if basis in kept][:1]


def about_accounts(accounts: pd.DataFrame, run: Any) -> list[str]:
    """Who the customers are; ``accounts``: n_orders, days_since_last, harvest, harvest_previous."""
    say = of(run)
    bought = accounts[accounts["n_orders"] > 0]
    harvest, before = accounts["harvest"].sum(), accounts["harvest_previous"].sum()
    gains = accounts["harvest"].clip(lower=0)
    carry = int((gains > 0).sum())
    active = int((accounts["days_since_last"] < 365).sum())
    some = say.count(
        "{n} account of {all} has ever ordered; {active} did in the last 12 months.",
        "{n} of {all} accounts have ever ordered; {active} did in the last 12 months.",
        len(bought), all=say.number(len(accounts)), active=say.number(active),
    )  # fmt: skip
    none = say.count(
        "{n} account of {all} has ever ordered; none did in the last 12 months.",
        "{n} of {all} accounts have ever ordered; none did in the last 12 months.",
        len(bought), all=say.number(len(accounts)),
    )  # fmt: skip
    said = [some if active else none]
    if before > 0:
        change, now = say.percent(abs(harvest / before - 1)), say.money(harvest)
        rose = say("The harvest rose by {change} to {harvest}.", change=change, harvest=now)
        fell = say("The harvest fell by {change} to {harvest}.", change=change, harvest=now)
        lost = say("The harvest fell from {before} to {harvest}.", before=say.money(before), harvest=now)
        said.append(rose if harvest >= before else fell if harvest >= 0 else lost)
    if harvest > 0 and carry > _MANY:
        share = say.percent(gains.nlargest(10).sum() / gains.sum())
        plain = say("The ten largest accounts bring {share} of the harvest.", share=share)
        beside = say("The ten largest accounts bring {share} of what the customers with profit brought.", share=share)
        said.append(beside if (accounts["harvest"] < 0).any() else plain)
    return said


def about_tiers(tiers: pd.DataFrame, run: Any, *, watches: Sequence[Any] = ()) -> list[str]:
    """Who is S, A, B and C; ``tiers``: tier, tier_probability, tier_rule, harvest; and whether that held in the past.

    Where ``watches``, as from ``regret_verdicts``, holds nothing, groups and rule are compared.
    """
    say = of(run)
    top, method = tiers[tiers["tier"].isin(["S", "A"])], run.settings.thresholds.top_accounts_share
    firm = run.settings.thresholds.firm_tier
    said = [
        say.count(
            "{n} account is S or A: {accounts} of all (the method expects about {method}). {brings}",
            "{n} accounts are S or A: {accounts} of all (the method expects about {method}). {brings}",
            len(top),
            accounts=say.percent(len(top) / len(tiers) if len(tiers) else None),
            method=say.percent(method),
            brings=top_part(tiers, say),
        ),
    ]
    if top.empty:
        said = [say("No account is in tier S or A.")]
    judged = tiers["tier_probability"].dropna()
    if len(judged):
        said.append(
            say.count(
                "{n} of {all} tiers is firm (at least {firm} sure); look at the others before you act.",
                "{n} of {all} tiers are firm (at least {firm} sure); look at the others before you act.",
                int((judged >= firm).sum()),
                all=say.number(len(judged)),
                firm=say.percent(firm),
            )
        )
    if watches:
        return [*said, *regret_in_short(watches, run)]
    other = int((tiers["tier_rule"].notna() & (tiers["tier_rule"] != tiers["tier"])).sum())
    differ = say.count(
        "The groups and the rule disagree on {n} account.",
        "The groups and the rule disagree on {n} accounts.",
        other,
    )
    return [*said, differ if other else say("The groups and the rule agree on every account.")]


def about_soil(soil: pd.DataFrame, run: Any) -> list[str]:
    """What the relationships are worth; ``soil`` as from ``SoilModel.predict``, with account_name."""
    say = of(run)
    if soil["soil_value"].isna().all():
        return [say("What the relationships are worth cannot be said yet: too little is known of the past.")]
    total, lost = soil["soil_value"].sum(), run.settings.thresholds.lost
    quiet = int((soil["p_alive"] < lost).sum())
    years = say.years(run.settings.horizon_years)
    said = [
        say(
            "Over {years} years the relationships are worth {total} of gross profit, in today's money.",
            years=years,
            total=say.money(total),
        )
    ]
    said[0] = say.together(said[0], *_beyond_orders(soil, say), *about_reach(soil, run))
    if (soil["soil_value"].dropna() == 0).all():
        said[0] = say.together(said[0], say("No account is expected to bring anything more."))
    said += _worth_most(soil, say)
    gone = say.count(
        "{n} account that bought before is probably lost (chance of still buying below {lost}).",
        "{n} accounts that bought before are probably lost (chance of still buying below {lost}).",
        quiet,
        lost=say.percent(lost),
    )
    none = say("No account that bought before is probably lost (chance of still buying below {lost}).",
               lost=say.percent(lost))  # fmt: skip
    return [*said, gone if quiet else none] if soil["p_alive"].notna().any() else said


def _worth_most(soil: pd.DataFrame, say: Words) -> list[str]:
    """The few accounts that stand out; nothing where others are worth as much."""
    known = soil.dropna(subset="soil_value").sort_values("soil_value", ascending=False, kind="stable")
    worth = known["soil_value"]
    if worth.sum() <= 0 or len(worth) <= _FEW or worth.iloc[_FEW - 1] == worth.iloc[_FEW]:
        return []
    gains, names = worth.clip(lower=0), say.names(known["account_name"].head(_FEW))
    share = say.percent(gains.head(_FEW).sum() / gains.sum())
    plain = say("Worth most are {names}: {share} of the whole.", names=names, share=share)
    beside = say("Worth most are {names}: {share} of what the accounts with profit are worth.", names=names,
                 share=share)  # fmt: skip
    return [beside if (worth < 0).any() else plain]


def _beyond_orders(soil: pd.DataFrame, say: Words) -> list[str]:
    """What of the whole rests on no order, and whom the whole leaves out."""
    hoped, said = soil[soil["soil_basis"] == "prospects"], []
    if len(hoped):
        said.append(
            say.count(
                "{money} of it is what {n} account that never ordered may bring.",
                "{money} of it is what {n} accounts that never ordered may bring.",
                len(hoped), money=say.money(hoped["soil_value"].sum()),
            )
        )  # fmt: skip
    return [*said, *left_out(soil["soil_value"], say)]


def about_crops(crops: pd.DataFrame, run: Any, *, history: float = _YEAR) -> list[str]:
    """What is coming in the next 12 months.

    ``crops``: crop_value, run_rate; ``history``: days of orders on record, NaN where there are none.
    """
    say = of(run)
    total, running = crops["crop_value"].sum(), crops["run_rate"].sum()
    said = [say("The next 12 months should bring {total} of gross profit.", total=say.money(total))]
    if history < _YEAR:
        weak = say(
            "Orders are on record for {days} days only, what a whole year brings was never seen: take it as weak.",
            days=say.number(history),
        )
        said[0] = say.together(said[0], weak)
    if total == running == 0:
        said = [say("Nothing foretells profit in the next 12 months: no order brought any, and no open deal is due.")]
    elif total == running:
        said.append(say("All of it is running business: no open deal adds to it."))
    elif 0 <= running < total:
        share = say.percent(running / total)
        said.append(say("{share} of it comes from running business, the rest must still be won.", share=share))
    if total > 0 and len(crops) > _MANY:
        gains = crops["crop_value"].clip(lower=0)
        share = say.percent(gains.nlargest(10).sum() / gains.sum())
        plain = say("The ten largest accounts carry {share} of it.", share=share)
        beside = say("The ten largest accounts carry {share} of what those with profit should bring.", share=share)
        said.append(beside if (crops["crop_value"] < 0).any() else plain)
    return said


def about_balance(balance: pd.DataFrame, run: Any) -> list[str]:
    """Who is mined and who is sown; ``balance``: account_name, quadrant, harvest, soil_value, verdict."""
    say = of(run)
    said = []
    mined, sown = (balance[balance["quadrant"] == name] for name in ("mined", "sown"))
    if len(mined):
        said.append(
            say.count(
                "{n} account is mined: {share} of the harvest grows on poor soil.",
                "{n} accounts are mined: {share} of the harvest grows on poor soil.",
                len(mined),
                share=mined_part(balance, say),
            )
        )
    elif is_placed(balance).any():
        said.append(say("No account is mined."))
    else:
        said.append(nobody_placed(say))
    if len(sown):
        yields = say.count(
            "{n} account is sown: good soil worth {soil} that yields little so far.",
            "{n} accounts are sown: good soil worth {soil} that yields little so far.",
            len(sown),
            soil=say.money(sown["soil_value"].sum(min_count=1)),
        )
        said.append(say.together(yields, *left_out(sown["soil_value"], say)))
    return [*said, _next_step(balance, say)]


def _next_step(frame: pd.DataFrame, say: Words) -> str:
    """Whom to act on first: mined soil before unopened soil, in the order of the tables below."""
    for verdict, sentence in _FIRST.items():
        wanted = frame[frame["verdict"] == verdict]
        if len(wanted):
            first = wanted.sort_values("soil_value", ascending=False, kind="stable").head(3)
            if verdict == "restore" and first["quadrant"].ne("mined").any():
                sentence = _QUIET
            return say(sentence, names=say.names(first["account_name"]))
    return say("There is not enough data to say where to act first.")


_QUIET = mark("Restore first: {names}. They went quiet, or yield on poor soil.")
_FIRST = {
    "restore": mark("Restore first: {names}. Their harvest is large, their soil poor."),
    "open": mark("Open first: {names}. Their soil is good and yields little."),
    "defend": mark("Defend first: {names}. They are rich in both."),
    "grow": mark("Grow first: {names}."),
}
