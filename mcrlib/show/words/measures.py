"""The words for measures of the organisation, for what to do next, and for states of hand-overs."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

#: Columns of the tables of chapter 08.
HOLDING_COLUMNS = {
    "seller": mark("Who of ours"),
    "effective_contacts": mark("Effective contacts"),
    "coverage": mark("Known share"),
    "with_seller": mark("With"),
    "contact": mark("Whom to meet"),
    "action": mark("Next step"),
    "detail": mark("In detail"),
    "at_stake": mark("Lost in a year if the holder left"),
    "by_when": mark("By when"),
    "held": mark("Held alone"),
    "gp_held": mark("Profit held alone"),
    "running": mark("together"),
    "effective_sellers": mark("Effective people of ours"),
    "is_single": mark("Single thread"),
    "measure": mark("Measure"),
    "measured": mark("Value"),
    "between": mark("90% between"),
    "rests_on": mark("Data"),
    "leaver": mark("Who leaves"),
    "scenario": mark("Who"),
    "expected": mark("Expected loss"),
    "loss_low": mark("Loss, at least"),
    "loss_high": mark("one in twenty above"),
    "loss_share": mark("Share of all profit"),
    "flagged": mark("Marked"),
    "successor": mark("Best successor"),
    "same_industry": mark("Accounts in the same industry"),
    "touches": mark("Touches in a year"),
    "fits": mark("Fits"),
    "changed_date": mark("Changed hands"),
    "from_seller": mark("From"),
    "to_seller": mark("To"),
    "n_before": mark("Known before"),
    "n_reached": mark("Reached in 90 days"),
    "n_known": mark("Known today"),
    "handed_over": mark("Hand-over"),
    "counted": mark("What is counted"),
    "held_by": mark("Who holds it"),
    "error": mark("Error"),
    "gp_expected": mark("Profit of similar accounts in other hands"),
    "ratio": mark("Against similar accounts"),
    "AR": mark("AR, account"),
    "SR": mark("SR, solution"),
    "FR": mark("FR, fulfilment"),
    "missing": mark("Missing corner"),
    "balance": mark("Evenness"),
    "n_weeks": mark("Weeks of contacts"),
    "n_uncoordinated": mark("of them with several voices"),
    "n_sales": mark("Like sales"),
    "n_price_conflicts": mark("at other prices"),
    "bound": mark("Wanted"),
    "met": mark("Met"),
    "n_to_open": mark("Accounts to open"),
    "years_tried": mark("Years of trying"),
    "n_opened": mark("Newly opened"),
    "n_again": mark("of them bought again"),
    "opened_a_year": mark("Opened a year"),
    "n_old": mark("Opened two years ago"),
    "n_lasting": mark("of them still buying"),
}

MEASURES = {
    "held_alone": mark("profit that hangs on one person alone"),
    "bus_factor": mark("people who alone hold half of the profit"),
    "single_threaded": mark("accounts on a single thread"),
    "single_threaded_top": mark("S and A accounts on a single thread"),
    "tenure": mark("years until half of the accounts have changed hands"),
    "held_too_long": mark("accounts longer in the same hands than the method allows"),
    "held_too_short": mark("spells that ended within a year"),
    "handed_over_well": mark("hand-overs after which enough known contacts were reached"),
    "met_together": mark("hand-overs with a meeting of old and new holder"),
    "corners_alive": mark("corners of the iron triangle that are alive"),
    "triangle_enough": mark("S and A accounts with enough corners alive"),
    "effort_balance": mark("evenness of effort among the corners"),
    "fulfilment_first": mark("proposals before which fulfilment knew the customer"),
    "joint_meetings": mark("meetings with two corners at the table"),
    "uncoordinated": mark("weeks of contacts with several voices of ours"),
    "price_conflicts": mark("similar sales at contradicting prices"),
    "date_conflicts": mark("promises of two people with different dates"),
    "boss_time": mark("the boss's working time with customers"),
    "boss_held": mark("profit that the boss holds alone"),
    "star_gap": mark("what the middle seller reaches of the stars"),
    "personal_brand": mark("key persons who know a single one of ours where nothing joins the organisations"),
    "unsteady": mark("times less steady: accounts held by a person against those held by the organisation"),
    "contagion": mark("times likelier to leave within half a year of a colleague's departure"),
    "helped": mark("won deals in which others took part"),
    "helped_before": mark("the same a year before"),
    "closed_departments": mark("how closed departments are to each other (0 open, 100% closed)"),
    "asked_twice": mark("records of people of theirs that repeat somebody"),
    "asked_elsewhere": mark("of them made by another department of ours"),
    "avoided_places": mark("listed people of ours who work where the list says not to"),
    "excess": mark("one excess: too much rests on star sellers"),
    "lack_support": mark("first lack: support by a team"),
    "lack_management": mark("second lack: goals, plans and review"),
    "none_routine": mark("no routine: won deals that skip stages"),
    "none_records": mark("no records: information that is not on file"),
    "none_solution": mark("no solution: lost to price, single-product orders"),
    "overall": mark("all together"),
}

#: Measures that are counts, years or times, with their decimals; all others are shares.
COUNTED = {"bus_factor": 0, "tenure": 1, "unsteady": 1, "contagion": 1}

MET = {
    "yes": mark("yes"),
    "no": mark("no"),
    "open": mark("undecided"),
}

ACTIONS = {
    "second_person": mark("introduce a second person"),
    "repair_handover": mark("repair the hand-over"),
    "introduce_successor": mark("introduce a successor"),
    "staff_corner": mark("staff the missing corner"),
    "plan_rotation": mark("plan the rotation"),
}

MEASURED = {
    "orders": mark("all orders"),
    "orders_repeat": mark("orders of known product lines"),
    "orders_new": mark("orders with a new product line"),
    "gp": mark("gross profit"),
}

HELD_BY = {
    "organisation": mark("the organisation holds it"),
    "person": mark("a person holds it"),
    "undecided": mark("undecided"),
}

LOSS_MODELS = {
    "held_alone": mark("by what the holder has alone"),
    "always_15": mark("always 15% less"),
    "nothing": mark("nothing is lost"),
}

LEAVERS = {
    "seller": mark("one seller"),
    "pair": mark("a pair"),
    "team": mark("a whole team"),
}

HANDED_OVER = {
    "good": mark("handed over well"),
    "repair": mark("to be repaired"),
    "running": mark("still running"),
}
