"""The next steps that follow from the map: whom to meet, which cell to fill, which visit and agreement to arrange."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from mcrlib.thresholds import Thresholds

#: Each step with the days within which it is due, the most urgent first. Proposed.
DUE = {
    "win_over": 30,
    "meet": 30,
    "promise": 14,
    "chain": 14,
    "name": 21,
    "exec_visit": 90,
    "renew": 60,
    "agree": 120,
    "stand_by": 30,
    "ask": 30,
    "wake": 60,
    "second": 60,
    "listen": 60,
    "cell": 90,
    "innovate": 120,
}
#: Open deals, the largest first, of which nobody at the customer is named. Proposed.
UNNAMED = 10
#: Answers of others from which their discontent is told of a single customer. Proposed.
VOICES = 3
#: Steps that name a deal stand for it whatever the tier of the customer.
_OF_DEALS = ("chain", "name")
_FACTS = ("contact_id", "contact_name", "level", "function", "object_id", "number", "day")


def person_steps(rated: pd.DataFrame, watched: pd.DataFrame, as_of: dt.date, limits: Thresholds) -> pd.DataFrame:
    """Name whom to win over, whom to meet and whom to wake.

    Parameters
    ----------
    rated, watched : DataFrame
        From ``rate_persons`` and ``overlooked``.
    as_of : date
        Days are counted up to it.
    limits : Thresholds
        ``silent_days, person_high``.

    Returns
    -------
    DataFrame
        ``account_id, step`` (win_over: a key person whose recorded support is low; meet: a key person without a touch
        for ``silent_days``; wake: an overlooked one) and the facts; a person has one step, the first of these.
    """
    silent = (pd.Timestamp(as_of) - rated["last_date"]).dt.days
    key = rated.assign(number=silent, day=rated["last_date"])[rated["is_key"] & rated["is_logged"]]
    against = key[key["support"] < limits.person_high].assign(step="win_over")
    away = key[key["number"].isna() | (key["number"] >= limits.silent_days)].assign(step="meet")
    asleep = watched.assign(step="wake", number=watched["days_silent"], day=watched["last_date"])
    found = pd.concat([against, away, asleep]).drop_duplicates("contact_id")
    return _facts(found.sort_values("power", ascending=False, kind="stable"))


def cell_steps(cells: pd.DataFrame) -> pd.DataFrame:
    """Name the cells that are expected and empty: nobody known there, or nobody in touch.

    Where nobody is in touch in any cell at all, nothing was logged, and only cells with nobody known are empty.
    """
    is_logged = bool(cells["n_active"].any())
    empty = cells[(cells["n_active"] == 0) & (is_logged | (cells["n_contacts"] == 0))].assign(
        step="cell", number=cells["n_contacts"]
    )
    return _facts(empty)


def firm_steps(firms: pd.DataFrame, agreed: pd.DataFrame, as_of: dt.date, limits: Thresholds) -> pd.DataFrame:
    """Name the visits of executives that are missing, the agreements that end and those that are not there."""
    visit = firms[firms["n_exec_visits"] < limits.visits_least].assign(step="exec_visit", day=firms["last_exec_visit"])
    live = agreed[agreed["is_live"]]
    last = live.sort_values(["end_date", "contract_id"]).groupby("account_id").tail(1)
    ends = last[(last["end_date"] - pd.Timestamp(as_of)).dt.days <= limits.agreement_ends_days]
    ends = ends.assign(step="renew", day=ends["end_date"], object_id=ends["contract_id"])
    maybe = agreed.loc[agreed["is_live"].fillna(True), "account_id"]
    without = firms[~firms["account_id"].isin(maybe)].assign(step="agree")
    return _facts(pd.concat([visit, ends, without if len(agreed) else without.iloc[:0]]))


def deal_steps(judged: pd.DataFrame, chains: pd.DataFrame) -> pd.DataFrame:
    """Name the large deals that are quoted while the decision is not known, and the largest that name nobody.

    Parameters
    ----------
    judged : DataFrame
        From ``judge_chains``.
    chains : DataFrame
        From ``decision_chains``.
    """
    blocked = judged[judged["is_blocked"]].rename(columns={"opportunity_id": "object_id"})
    nobody = chains[(chains["n_people"] == 0) & ~chains["opportunity_id"].isin(blocked["object_id"])]
    nobody = nobody.dropna(subset="amount").sort_values(["amount", "opportunity_id"], ascending=[False, True])
    nobody = nobody.head(UNNAMED).rename(columns={"opportunity_id": "object_id"})
    found = [blocked.assign(step="chain", number=100 * blocked["parts_in_touch"]), nobody.assign(step="name")]
    return pd.concat([_facts(one) for one in found])


def trouble_steps(troubled: pd.DataFrame) -> pd.DataFrame:
    """Name the customers in a bad year: stand by those whom we visit less, ask those of whom no visit is logged."""
    step = troubled["touch_change"].notna().map({True: "stand_by", False: "ask"})
    return _facts(troubled.assign(step=step, number=100 * troubled["own_change"]))


def second_steps(accounts: pd.DataFrame, reached: pd.DataFrame) -> pd.DataFrame:
    """Name the customers of whom we know one person or none, where contacts are delivered at all.

    Parameters
    ----------
    accounts : DataFrame
        ``account_id``.
    reached : DataFrame
        From ``reach``.
    """
    known = accounts[["account_id"]].merge(
        reached[["account_id", "n_contacts"]], how="left", on="account_id", validate="one_to_one"
    )
    known = known.assign(step="second", number=known["n_contacts"].fillna(0))
    return _facts(known[(known["number"] <= 1) & (len(reached) > 0)])


def promise_steps(promises: pd.DataFrame) -> pd.DataFrame:
    """Name the customers with promises that are overdue and not kept, and how many they are."""
    counts = promises[promises["kind"] == "commitment"].groupby("account_id")["n_waiting"].sum()
    return _facts(counts[counts > 0].rename("number").reset_index().assign(step="promise"))


def listen_steps(mouth: pd.DataFrame, *, gap: float = 0.20) -> pd.DataFrame:
    """Name the customers where others like us much less than the key persons do.

    Parameters
    ----------
    mouth : DataFrame
        From ``word_of_mouth``.
    gap : float
        By how much less (0-1).
    """
    heard = mouth[(mouth["n_key"] > 0) & (mouth["n_others"] >= VOICES)]
    less = heard["key_sum"] / heard["n_key"] - heard["others_sum"] / heard["n_others"]
    return _facts(heard.assign(step="listen", number=100 * less)[less > gap])


def joint_steps(projects: pd.DataFrame) -> pd.DataFrame:
    """Name a topic of joint innovation for the customers that have none."""
    begin = projects[projects["topic"].notna()]
    return _facts(begin.assign(step="innovate", object_id=begin["topic"], number=begin["n_technical_active"]))


def next_steps(
    *steps: pd.DataFrame, accounts: pd.DataFrame, as_of: dt.date, tiers: tuple[str, ...] = ("S", "A"), most: int = 5
) -> pd.DataFrame:
    """Put all steps into one list, the most important customers and the most urgent steps first.

    Parameters
    ----------
    *steps : DataFrame
        Of each kind.
    accounts : DataFrame
        ``account_id, account_name, owner_id, tier, harvest``.
    as_of : date
        The first day.
    tiers : tuple
        Steps of other customers are left out, save deals.
    most : int
        Steps of one customer at a time: a longer list is not worked off.

    Returns
    -------
    DataFrame
        ``account_id, account_name, tier, step, contact_id, contact_name, level, function, object_id`` (contract,
        deal or topic), ``number, day`` (facts behind the step), ``owner_id, by_when``.
    """
    found = pd.concat(steps, ignore_index=True)
    found = found.merge(accounts, on="account_id", validate="many_to_one")
    found = found[found["tier"].isin(tiers) | found["step"].isin(_OF_DEALS)]
    places = {step: place for place, step in enumerate(DUE)}
    found = found.assign(place=found["step"].map(places), rank=found["tier"].map({t: i for i, t in enumerate("SABC")}))
    found = found.sort_values(["account_id", "place"], kind="stable")
    # a cell whose person is on the list already needs no step of its own
    found = found[(found["step"] != "cell") | ~found.duplicated(["account_id", "level", "function"])]
    found = found[found.groupby("account_id").cumcount() < most]
    found = found.sort_values(["rank", "harvest", "account_id", "place"], ascending=[True, False, True, True],
                              kind="stable")  # fmt: skip
    found["by_when"] = pd.Timestamp(as_of) + pd.to_timedelta(found["step"].map(DUE), unit="D")
    columns = ["account_id", "account_name", "tier", "step", *_FACTS, "owner_id", "by_when"]
    return found[columns].reset_index(drop=True)


def _facts(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.reindex(columns=["account_id", "step", *_FACTS]).astype({"number": "float64", "day": "datetime64[us]"})
