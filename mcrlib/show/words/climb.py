"""What is said of customers that climb or fall, and of the mix of tiers to come."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, of

_TO = ("to_s", "to_a", "to_b", "to_c")


def about_climb(climb: pd.DataFrame, run: Any) -> str:
    """Whether the profit climbs; ``climb`` as from ``climb_index``."""
    say = of(run)
    if climb.empty:
        return say("Whether customers climb cannot be said: the history is too short to make tiers at two dates.")
    last, earlier = climb.iloc[-1], climb["climb"].iloc[:-1].dropna()
    if pd.isna(last["climb"]):
        return say(
            "From {since} to {date} {up} climbed, {down} fell; there is no climb index, as they brought no profit to "
            "weigh them by.",
            since=say.date(last["date_before"]), date=say.date(last["date"]),
            up=say.number(last["n_up"]), down=say.number(last["n_down"]),
        )  # fmt: skip
    said = [
        say(
            "Climb index from {since} to {date}: {climb} tiers ({low} to {high}), weighted by profit; "
            "{up} climbed, {down} fell.",
            since=say.date(last["date_before"]), date=say.date(last["date"]), climb=_signed(last["climb"], say),
            low=_signed(last["low"], say), high=_signed(last["high"], say),
            up=say.number(last["n_up"]), down=say.number(last["n_down"]),
        ),
        say("Profit moves to higher tiers.") if round(last["low"], 2) > 0
        else say("Profit moves to lower tiers.") if round(last["high"], 2) < 0
        else say("That may be chance: neither up nor down."),
    ]  # fmt: skip
    if len(earlier):
        said.append(say("Before that: {steps}.", steps=say.names(_signed(one, say) for one in earlier)))
    return say.together(*said)


def about_mix(mix: pd.DataFrame, record: dict[str, Any], later: dt.date, run: Any) -> str:
    """What mix of tiers is to come, and how such forecasts came out.

    ``mix`` as from ``tier_mix``, ``later`` the date of its later counts; ``record`` as from ``mix_record``.
    """
    say = of(run)
    if mix.empty:
        return say(
            "The mix of tiers to come is not available: it needs tiers at three dates and thirty steps of accounts "
            "from one to the next."
        )
    parts = [
        say("{tier} {low} to {high}", tier=one.tier, low=say.number(one.n_later_low), high=say.number(one.n_later_high))
        for one in mix.itertuples(index=False) if one.tier != "none"
    ]  # fmt: skip
    told = say(
        "By {date} today's accounts will be, in 8 of 10 cases: {parts}; new customers come on top.",
        date=say.date(later), parts=say.names(parts),
    )  # fmt: skip
    return say.together(told, _record(record, say))


def chance_words(chances: pd.DataFrame, run: Any) -> pd.DataFrame:
    """The matrix of moves for readers: ``tier_before, n_steps, to_s, to_a, to_b, to_c``, each chance with its bounds.

    ``chances`` is the frame of ``tier_chances``.
    """
    say = of(run)
    cells = chances.assign(
        n_steps=chances["n"],
        to="to_" + chances["tier"].astype(str).str.lower(),
        said=[
            say("{share} ({low} to {high})", share=say.percent(one.share), low=say.percent(one.low),
                high=say.percent(one.high))
            for one in chances.itertuples(index=False)
        ],
    )  # fmt: skip
    wide = cells.pivot_table("said", ["tier_before", "n_steps"], "to", aggfunc="first").reset_index()
    wide = wide.sort_values("tier_before", key=lambda tier: tier.map("SABC".find), ignore_index=True)
    return wide.rename_axis(columns=None).reindex(columns=["tier_before", "n_steps", *_TO])


def about_tier_chances(chances: pd.DataFrame, days: int, run: Any) -> str:
    """On how much the matrix of moves rests, and whom it leaves out.

    ``chances`` as from ``tier_chances``, ``days`` those from one date to the next.
    """
    say = of(run)
    if chances.empty:
        return say(
            "Chances to go from tier to tier are not available: they need tiers at two dates and thirty steps of "
            "accounts from one to the next."
        )
    told = say(
        "Counted are {n} steps of accounts from one date to another {days} days later; brackets hold 8 of 10 cases.",
        n=say.number(chances["n_moved"].sum()), days=say.number(days),
    )  # fmt: skip
    seen_little = [tier for tier in "SABC" if tier not in set(chances["tier_before"])]
    if not seen_little:
        return told
    few = say("Of {tiers} fewer than {few} were seen again: nothing is said.",
              tiers=say.names(seen_little), few=_few(run, say))  # fmt: skip
    return say.together(told, few)


def about_growth_chances(chances: pd.DataFrame, years: dict[str, Any], run: Any) -> str:
    """How often such C accounts grew, and how long it took; ``growth_chances`` and ``years_to_top``."""
    say = of(run)
    by_pool = {bool(one.pool): one for one in chances.itertuples(index=False)}
    told = [_growth(by_pool.get(True), _few(run, say), say)]
    if False in by_pool:
        other = by_pool[False]
        told.append(
            say("Of {n} other C accounts {top} had reached S or A and {b} B.", n=say.number(other.n),
                top=say.number(other.n_top), b=say.number(other.n_b))
        )  # fmt: skip
    return say.together(*told, _years(years, _few(run, say), say))


def _growth(pool: Any, few: str, say: Words) -> str:
    if pool is None:
        return say(
            "The chance that such an account reaches S or A is not available: it needs tiers at two dates, and C "
            "accounts with soil value at the earlier one."
        )
    if pd.isna(pool.share):
        return say.count(
            "The chance that such an account reaches S or A is not told: it needs {few} accounts chosen in the same "
            "way at earlier dates, and there was {n}.",
            "The chance that such an account reaches S or A is not told: it needs {few} accounts chosen in the same "
            "way at earlier dates, and there were {n}.",
            int(pool.n_accounts),
            few=few,
        )
    return say(
        "At earlier dates {n} C accounts were chosen in the same way ({accounts} different ones); {days} days later "
        "{top} had reached S or A and {b} B. The chance to reach S or A is {share} ({low} to {high} in 8 of 10 cases).",
        n=say.number(pool.n), accounts=say.number(pool.n_accounts), days=say.number(pool.days),
        top=say.number(pool.n_top), b=say.number(pool.n_b), share=say.percent(pool.share),
        low=say.percent(pool.low), high=say.percent(pool.high),
    )  # fmt: skip


def _few(run: Any, say: Words) -> str:
    """Observations below which nothing is said."""
    return say.number(run.settings.thresholds.small_number)


def _years(years: dict[str, Any], few: str, say: Words) -> str:
    if years["told"] == "too_short":
        return say(
            "How many years it usually takes is not told: slow climbs cannot be seen in a history of {years} years.",
            years=say.number(years["span"], 1),
        )
    if years["told"] == "too_few":
        return say.count(
            "How long it takes is not told: {n} account was seen to reach S or A from B or C, {few} are needed.",
            "How long it takes is not told: {n} accounts were seen to reach S or A from B or C, {few} are needed.",
            int(years["n"]),
            few=few,
        )
    return say(
        "Of {n} accounts that were seen to reach S or A from B or C, half had done so {middle} years after their first "
        "order on record, a quarter after {low}, three quarters after {high}.",
        n=say.number(years["n"]),
        **{name: say.number(years[name], 1) for name in ("low", "middle", "high")},
    )


def _record(record: dict[str, Any], say: Words) -> str:
    if not record["dates"]:
        return say("No earlier date is far enough back to judge such a forecast.")
    facts = {
        "inside": say.number(record["inside"]), "all": say.number(record["n"]),
        "ours": say.number(record["ours"]), "same": say.number(record["same"]),
    }  # fmt: skip
    judged = say.count(
        "At {n} earlier date {inside} of {all} numbers came within their bounds; accounts missed: {ours} in all, "
        "{same} had the mix been said to stay.",
        "At {n} earlier dates {inside} of {all} numbers came within their bounds; accounts missed: {ours} in all, "
        "{same} had the mix been said to stay.",
        record["dates"],
        **facts,
    )
    # Whole accounts, as they are told: less than one is no difference.
    gained = round(record["same"]) - round(record["ours"])
    if gained > 0:
        return judged
    if gained < 0:
        return say.together(judged, say("Saying that the mix stays came nearer: rely on that."))
    return say.together(judged, say("Saying that the mix stays does as well: rely on that."))


def _signed(value: float, say: Words) -> str:
    shown = round(value, 2)
    return f"{'+' if shown > 0 else '−' if shown < 0 else ''}{say.number(abs(shown), 2)}"
