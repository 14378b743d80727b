"""What to do next, by name: second persons, hand-overs to repair, successors to introduce, corners to staff."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pandas as pd

#: Days until each kind of step is due. Proposed.
DUE = {"repair_handover": 30, "second_person": 60, "introduce_successor": 90, "staff_corner": 90, "plan_rotation": 180}
_FACTS = ["account_id", "account_name", "tier", "owner_id", "at_stake"]
_COLUMNS = ["action", *_FACTS[:-1], "with_id", "contact_id", "detail", "at_stake", "by_when"]
_TOP = ("S", "A")
#: A contact who is asked about decisions counts 2, one who takes them 3.
_WEIGHTY, _MOSTLY = 2, 0.5


def next_steps(depends: pd.DataFrame, parts: Mapping[str, pd.DataFrame], as_of: dt.date) -> pd.DataFrame:
    """List the steps that put relationships into more hands, the most profit at stake first.

    Parameters
    ----------
    depends : DataFrame
        From ``dependence`` with ``at_stake`` (money lost in a year if the holder left).
    parts : mapping
        Kind of step (keys of ``DUE``): ``account_id`` and, where it applies, ``with_id`` (who of ours comes in),
        ``contact_id`` (whom to meet), ``detail`` (people to reach, corner to staff, years held).
    as_of : date
        From when the due dates are counted.

    Returns
    -------
    DataFrame
        ``action`` (keys of ``DUE``), ``account_id, account_name, tier, owner_id`` (who acts), ``with_id, contact_id,
        detail, at_stake`` (money of a year; NaN where unknown), ``by_when`` (date).
    """
    steps = pd.concat([part.assign(action=name) for name, part in parts.items()], ignore_index=True)
    steps = steps.merge(depends[_FACTS], on="account_id", validate="many_to_one")
    steps["by_when"] = pd.Timestamp(as_of) + pd.to_timedelta(steps["action"].map(DUE), unit="D")
    steps = steps.sort_values(["at_stake", "account_id", "action"], ascending=[False, True, True], ignore_index=True)
    return steps.reindex(columns=_COLUMNS)


def second_persons(lone: pd.DataFrame, follow: pd.DataFrame) -> pd.DataFrame:
    """For every account whose weightiest people know the holder alone: whom to meet, and with whom of ours.

    Parameters
    ----------
    lone : DataFrame
        From ``lone_contacts``.
    follow : DataFrame
        From ``successors``.
    """
    weighty = lone[lone["power"] >= _WEIGHTY].drop_duplicates("account_id")[["account_id", "contact_id"]]
    return weighty.merge(_who(follow), on="account_id", how="left", validate="one_to_one")


def repairs(quality: pd.DataFrame, depends: pd.DataFrame, people: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Hand-overs of the last year in which the present holder still has to reach people whom the last one knew.

    The last one is named where still with us.

    Parameters
    ----------
    quality : DataFrame
        From ``handover_quality``, latest first.
    depends : DataFrame
        ``account_id, owner_id``.
    people : DataFrame
        From ``sellers``.
    as_of : date
        The last day known.
    """
    since = pd.Timestamp(as_of) - pd.Timedelta(days=365)
    late = quality[pd.to_datetime(quality["changed_date"]) > since].drop_duplicates("account_id")
    late = late[(late["state"] == "repair") & (late["n_known"] < late["n_before"])].merge(
        depends[["account_id", "owner_id"]].rename(columns={"owner_id": "new_owner"}),
        on=["account_id", "new_owner"],
        validate="one_to_one",
    )
    missed = (late["n_before"] - late["n_known"]).astype("str")
    here = people.loc[people["is_here"], "owner_id"]
    last = late["old_owner"].where(late["old_owner"].isin(here))
    return late.assign(with_id=last, detail=missed)[["account_id", "with_id", "detail"]]


def introductions(depends: pd.DataFrame, follow: pd.DataFrame) -> pd.DataFrame:
    """S and A accounts that their holder has mostly alone, and the successor to introduce there."""
    top = depends[depends["tier"].isin(_TOP)]
    alone = top["held"].gt(_MOSTLY) | top["is_single"].fillna(False).astype(bool)
    return top.loc[alone, ["account_id"]].merge(_who(follow), on="account_id", validate="one_to_one")


def empty_corners(corners: pd.DataFrame) -> pd.DataFrame:
    """Accounts with too few corners alive, and the corner to staff (from ``triangle``)."""
    bare = corners[corners["missing"].notna()]
    return bare.assign(detail=bare["missing"])[["account_id", "detail"]]


def rotations(held: pd.DataFrame, depends: pd.DataFrame, *, longest: float) -> pd.DataFrame:
    """S and A accounts that have been in the same hands for longer than the method rotates, with the years."""
    top = depends.loc[depends["tier"].isin(_TOP), "account_id"]
    long = held[held["is_now"] & (held["years"] > longest) & held["account_id"].isin(top)]
    return long.assign(detail=long["years"].map("{:.1f}".format))[["account_id", "detail"]]


def _who(follow: pd.DataFrame) -> pd.DataFrame:
    return follow[["account_id", "successor_id"]].rename(columns={"successor_id": "with_id"})
