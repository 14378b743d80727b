"""What changed since the last run, said in sentences; each function says so where there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from mcrlib.show.words.catalogue import Words, mark, of
from mcrlib.show.words.terms import term

_RANK = {"S": 0, "A": 1, "B": 2, "C": 3}


def about_change(changed: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """What changed since the last run, in a breath.

    Parameters
    ----------
    changed : DataFrame
        tier_before, tier, soil_before, soil_value (money), step (``new``, ``gone`` …).
    since : date or None
        When the last run stood; None for the first one.
    run
        Language and currency.
    """
    say = of(run)
    if since is None:
        return _first(say)
    rank, before = changed["tier"].map(_RANK), changed["tier_before"].map(_RANK)
    kinds = changed["step"].value_counts()
    said = [
        say(
            "Since {date} the soil value changed by {step} to {now}.",
            date=say.date(since),
            step=_signed(changed["soil_value"].sum() - changed["soil_before"].sum(), say),
            now=say.money(changed["soil_value"].sum()),
        ),
        *_known_once(changed, say),
        say(
            "Tiers up: {up}, down: {down}; accounts new: {new}, gone from the export: {gone}.",
            up=say.number((rank < before).sum()),
            down=say.number((rank > before).sum()),
            new=say.number(kinds.get("new", 0)),
            gone=say.number(kinds.get("gone", 0)),
        ),
    ]
    return say.together(*said)


def about_steadiness(told: dict[str, int], run: Any) -> str:
    """How steady the tiers were from run to run; ``told`` as from ``tier_steadiness``."""
    say = of(run)
    return say(
        "In {runs} runs within a year {moved} of {n} tiers moved from one run to the next; {back} of them went back "
        "within three months.",
        **{name: say.number(value) for name, value in told.items()},
    )


def _known_once(changed: pd.DataFrame, say: Words) -> list[str]:
    """How many accounts count in one of the two sums only, as their value was not known on the other date."""
    stays = ~changed["step"].isin(["new", "gone"])
    once = int((stays & (changed["soil_before"].isna() != changed["soil_value"].isna())).sum())
    if not once:
        return []
    return [
        say.count(
            "{n} account counts in one of the two sums only: its value was not known on the other date.",
            "{n} accounts count in one of the two sums only: their value was not known on the other date.",
            once,
        )
    ]


def about_delivery_change(tables: pd.DataFrame, warnings: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """What the delivery is like beside the last one.

    Parameters
    ----------
    tables : DataFrame
        As from ``delivery_changes``: table, rows_in, rows_in_before, of the tables that are not as they were.
    warnings : DataFrame
        As from ``warning_changes``: warning_step.
    since : date or None
        When the last run stood; None for the first one.
    run
        Language.
    """
    say = of(run)
    if since is None:
        return _first(say)
    rows, before = (int(tables[name].fillna(0).sum()) for name in ("rows_in", "rows_in_before"))
    gone = tables.loc[tables["rows_in"].isna(), "table"]
    steps = warnings["warning_step"].value_counts()
    said = [
        say.count("Since {date}, {n} table is not as it was; rows delivered: {more}.",
                  "Since {date}, {n} tables are not as they were; rows delivered: {more}.", len(tables),
                  date=say.date(since), more=f"{'+' if rows >= before else '−'}{say.number(abs(rows - before))}"),
        say("Kinds of warnings of the export: {new} new, {resolved} resolved.", new=say.number(steps.get("new", 0)),
            resolved=say.number(steps.get("resolved", 0))),
    ]  # fmt: skip
    if len(gone):
        said.append(say("No longer delivered: {tables}.", tables=say.names(term(say, "table", one) for one in gone)))
    return say.together(*said)


def about_harvest_change(changed: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """What became of the harvest; ``changed`` as from ``customers``: harvest, harvest_before, harvest_step, step."""
    say = of(run)
    if since is None:
        return _first(say)
    kinds = changed["step"].value_counts()
    up, down = (changed.sort_values("harvest_step", kind="stable", ascending=down).iloc[:1] for down in (False, True))
    said = [
        say("Since {date} the harvest of twelve months changed by {step} to {now}.", date=say.date(since),
            step=_signed(changed["harvest_step"].sum(), say), now=say.money(changed["harvest"].sum())),
        say("Customers won: {won}, lost: {lost}.", won=say.number(kinds.get("won", 0)),
            lost=say.number(kinds.get("lost", 0))),
    ]  # fmt: skip
    if (up["harvest_step"] > 0).all() and len(up):
        said.append(say("Most was added by {name} ({money}).", **_one(up, say)))
    if (down["harvest_step"] < 0).all() and len(down):
        said.append(say("Most was lost at {name} ({money}).", **_one(down, say)))
    return say.together(*said)


def about_soil_change(bridge: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """What moved the soil value; ``bridge`` as from ``money_bridge`` of ``soil_causes``: step, soil_step."""
    say = of(run)
    if since is None:
        return _first(say)
    money = bridge.set_index("step")["soil_step"].reindex(["before", "ordered", "quiet", "revalued", "now"]).fillna(0.0)
    return say(
        "Since {date} the soil value changed by {step} to {now}: {ordered} at accounts that ordered since, {quiet} at "
        "those that did not, {model} because today's model sees the same past otherwise.",
        date=say.date(since),
        step=_signed(money["now"] - money["before"], say),
        now=say.money(money["now"]),
        ordered=_signed(money["ordered"], say),
        quiet=_signed(money["quiet"], say),
        model=_signed(money["revalued"], say),
    )


def about_crops_came(crops: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """How an earlier run's crops came in; ``crops`` as from ``crops_came``: crop_before, came, due, crop_result."""
    say = of(run)
    if since is None:
        return _no_forecast(say)
    expected, came, due = (crops[name].sum() for name in ("crop_before", "came", "due"))
    said = [
        say(
            "On {date} we expected {expected} within twelve months; {came} has come, where an even year would have "
            "brought {due} by now.",
            date=say.date(since), expected=say.money(expected), came=say.money(came), due=say.money(due),
        )
    ]  # fmt: skip
    results = crops["crop_result"].value_counts()
    if results.get("open", 0) == 0:
        said.append(
            say("Inside the interval of their account: {hits} of {n}.", hits=say.number(results.get("hit", 0)),
                n=say.number(len(crops)))
        )  # fmt: skip
    return say.together(*said)


def about_field_moves(moved: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """Who stands in another field; ``moved``: account_name, quadrant_before, quadrant, largest change of soil first."""
    say = of(run)
    if since is None:
        return _first(say)
    said = [
        say.count(
            "Since {date}, {n} account moved to another field.",
            "Since {date}, {n} accounts moved to another field.",
            len(moved),
            date=say.date(since),
        )
    ]
    for field, sentence in _FIELDS.items():
        names = moved.loc[moved["quadrant"] == field, "account_name"]
        if len(names):
            said.append(say(sentence, n=say.number(len(names)), names=say.names(names.head(3))))
    return say.together(*said)


def about_axes_moves(moved: pd.DataFrame, since: dt.date | None, run: Any) -> str:
    """Whose relationship gained or lost an axis; ``moved``: account_name, pattern_before, pattern, largest first."""
    say = of(run)
    if since is None:
        return _first(say)
    before, now = (moved[name].map(_axes) for name in ("pattern_before", "pattern"))
    gained = [bool(b - a) for a, b in zip(before, now, strict=True)]
    lost = [bool(a - b) for a, b in zip(before, now, strict=True)]
    said = [say("Since {date}, accounts that gained an axis of the relationship: {gained}; that lost one: {lost}.",
                date=say.date(since), gained=say.number(sum(gained)), lost=say.number(sum(lost)))]  # fmt: skip
    for which, sentence in ((gained, mark("Gained, the largest first: {names}.")), (lost, mark("Lost: {names}."))):
        if any(which):
            said.append(say(sentence, names=say.names(moved.loc[which, "account_name"].head(3))))
    return say.together(*said)


def _axes(pattern: str) -> set[str]:
    return set(pattern.split("+")) - {"none"}


def about_held_change(
    changed: pd.DataFrame, handed: int, verdicts: tuple[str | None, str], since: dt.date | None, run: Any
) -> str:
    """What became of the profit that hangs on single people.

    Parameters
    ----------
    changed : DataFrame
        As from ``held_changes``: account_name, gp_held, gp_held_before, is_single, is_single_before.
    handed : int
        Changes of hands since.
    verdicts : tuple
        What the rotation test said then (None where it was not kept) and says now.
    since : date or None
        When the last run stood; None for the first one.
    run
        Language and currency.
    """
    say = of(run)
    if since is None:
        return _first(say)
    step = changed["gp_held"].sum() - changed["gp_held_before"].sum()
    was, now = (changed[name].eq(True) for name in ("is_single_before", "is_single"))
    known = changed[["is_single_before", "is_single"]].notna().all(axis=1)
    said = [
        say("Since {date} the profit that hangs on one person alone changed by {step} to {now}.",
            date=say.date(since), step=_signed(step, say), now=say.money(changed["gp_held"].sum())),
        say("Accounts newly on a single thread: {new}; no longer: {freed}; changes of hands: {handed}.",
            new=say.number((known & now & ~was).sum()), freed=say.number((known & was & ~now).sum()),
            handed=say.number(handed)),
    ]  # fmt: skip
    then, today = verdicts
    if then is not None:
        words = {"then": term(say, "held_by", then), "now": term(say, "held_by", today)}
        said.append(say("The rotation test said then: {then}; it says now: {now}.", **words))
    return say.together(*said)


def about_warnings(new: Sequence[Any], resolved: Sequence[Any], since: dt.date, run: Any) -> str:
    """How many warnings came and went since the last run, for the head of every page."""
    say = of(run)
    facts = {"date": say.date(since), "n": say.number(len(new)), "m": say.number(len(resolved))}
    return say("{n} new and {m} resolved since {date}", **facts)


_FIELDS = {
    "mined": mark("Newly mined ({n}): {names}."),
    "granary": mark("New granaries ({n}): {names}."),
}


def _no_forecast(say: Words) -> str:
    return say("This is the first run of this client: what its forecast came to stands here from the next one on.")


def _first(say: Words) -> str:
    return say("This is the first run of this client: from the next one on, what changed stands here.")


def _one(row: pd.DataFrame, say: Words) -> dict[str, str]:
    return {"name": str(row["account_name"].iloc[0]), "money": _signed(row["harvest_step"].iloc[0], say)}


def _signed(value: float, say: Words) -> str:
    return f"{'+' if value >= 0 else '−'}{say.money(abs(value))}"
