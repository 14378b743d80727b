"""Who held which relationship alone, whom we know at each customer, and what ties the two companies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from mcrlib.describe.engagement import tie_knobs
from mcrlib.describe.engine import query


def person_held(clean: Path, as_of: dt.date, *, frozen: bool = False) -> pd.DataFrame:
    """Tell how much of each relationship its holder held alone, at every hand-over and now.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen.
    frozen : bool
        The date lies before the export: the present holder counts only where its history says so.

    Returns
    -------
    DataFrame
        ``account_id, owner_id`` (who held it until the moment), ``moment`` (day of the hand-over, or the date),
        ``is_now, n_contacts`` (people of theirs in touch in the three years before), ``n_touches, n_exclusive`` (met by
        nobody of ours but who held the account at the time), ``held`` (their share, by number of touches up to three,
        0 to 1). Accounts without logged touches have no row.
    """
    return query(clean, "person_held", as_of=as_of, frozen=frozen)


def known_people(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell of every person we know at a customer what the export says: power, support, intimacy, how we are in touch.

    Parameters
    ----------
    clean : Path
        Folder of the clean tables.
    as_of : date
        Nothing later is seen; support, intimacy and part in the decision have no history: they are those of the export.
    weights, half_life
        As for ``engagement``.

    Returns
    -------
    DataFrame
        One row per contact who has not left: ``account_id, contact_id, contact_name`` (empty unless kept)``, level,
        function, decision_role, is_key, is_active`` (an answer within 180 days and engagement of 1)``, power`` (1 to
        4.5)``, support, intimacy`` (as recorded, 0-1)``, engagement, closest`` (who of ours is tied most)``,
        first_date, last_date, n_touches, n_personal`` (answered, alone, within a year)``, n_strategic,
        n_strategic_won`` (closed strategic deals with the person)``, n_new_deals`` (opened within 180 days)``,
        n_grievances, n_unsettled`` (complaints of three years)``, is_under_exec, is_logged`` (anything was logged at
        the account within a year).

    Notes
    -----
    The key persons are those of the feature cards, section 0.
    """
    return query(clean, "known_people", as_of=as_of, **tie_knobs(weights, half_life))


def coverage_cells(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell of every customer in which cells of level and function we should know somebody, do, and are in touch.

    Returns
    -------
    DataFrame
        One row per expected cell: ``account_id, level, function, n_contacts, n_active, n_key``. Expected are the cells
        in which we know somebody, and those in which we do at a quarter of the customers of its size (thirds by
        employees).
    """
    return query(clean, "cells", as_of=as_of, **tie_knobs(weights, half_life))


def reach(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell how many people we know and are in touch with at each customer, and to how many that comes.

    Returns
    -------
    DataFrame
        One row per account with contacts: ``account_id, n_contacts, n_active, n_key, n_key_active, effective`` (number
        of people that were as many if all were equally close; empty where nothing is logged)``, employees``.
    """
    return query(clean, "reach", as_of=as_of, **tie_knobs(weights, half_life))


def organisations(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell what ties the two companies beyond their people.

    Returns
    -------
    DataFrame
        One row per account: ``n_exec_visits, n_exec_both`` (executives recorded on both sides)``, n_exec_in`` (they
        came to us; all of 12 months)``, last_exec_visit, n_strategy, last_strategy, n_strategy_deals`` (deals opened
        within 180 days of one)``, recognition`` (mean answer of their leaders in two years, 0-1)``, n_leaders,
        promises_kept, n_promises, paid_in_time, n_payments, years`` (since the first purchase or touch)``, n_lines,
        n_lines_all``. Where no visit of executives was ever logged, their number is empty, not zero.
    """
    return query(clean, "organisations", as_of=as_of, margin=1.0)


def agreements(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """List the strategic and framework agreements, how far they reach and whether they are empty.

    Returns
    -------
    DataFrame
        ``contract_id, account_id, contract_name, kind, signed_date, end_date, amount, is_exclusive, locked_projects,
        is_live`` (empty where neither its last day nor its status tells)``, months_left`` (of live ones with an end)``,
        is_empty`` (neither order nor deal in the year after the signature; empty while that year runs).
    """
    found = query(clean, "agreements", as_of=as_of, frozen=False)
    return found.astype(dict.fromkeys(("is_exclusive", "is_live", "is_empty"), "boolean"))


def decision_chains(
    clean: Path, as_of: dt.date, *, weights: Mapping[str, float] | None = None, half_life: float = 90.0
) -> pd.DataFrame:
    """Tell of every open deal which parts of their decision we know and are in touch with.

    Returns
    -------
    DataFrame
        ``opportunity_id, account_id, owner_id, stage_std, amount, expected_close_date, n_people, n_unknown`` (part not
        known), and ``decision_maker, approver, evaluator, deal_user, procurement, finance``: 0 nobody, 1 somebody
        known, 2 somebody in touch.
    """
    return query(clean, "chains", as_of=as_of, frozen=False, **tie_knobs(weights, half_life))


def seasons(clean: Path, as_of: dt.date) -> pd.DataFrame:
    """Tell quarter by quarter how each customer's business went and how often we were there.

    Returns
    -------
    DataFrame
        ``account_id, ago`` (quarters of 91 days back from the date, 0 to 15)``, own`` (their own revenue, empty
        where not delivered)``, bought`` (from us)``, n_touches, n_help`` (service visits, demonstrations).
    """
    return query(clean, "seasons", as_of=as_of, margin=1.0)
