"""The words for the codes of relationships: who they are, how they stand to us, and what to do next."""

from __future__ import annotations

from mcrlib.show.words.catalogue import mark

LEVELS = {
    "exec": mark("executive"),
    "senior": mark("senior"),
    "middle": mark("middle"),
    "base": mark("base"),
}

FUNCTIONS = {
    "general_mgmt": mark("management"),
    "procurement": mark("procurement"),
    "technical": mark("technical"),
    "user": mark("users"),
    "finance": mark("finance"),
    "other": mark("other"),
}

STANCES = {
    "ally": mark("close and with us"),
    "friend": mark("close, not with us"),
    "believer": mark("with us, not close"),
    "stranger": mark("neither close nor with us"),
}

MOVES = {
    "warmer": mark("warmer"),
    "cooler": mark("cooler"),
    "same": mark("no change"),
}

BASES = {
    "recorded": mark("recorded"),
    "proxy": mark("inferred from behaviour"),
}

PATTERNS = {
    "none": mark("none built"),
    "key": mark("key persons alone"),
    "general": mark("breadth alone"),
    "organisation": mark("organisations alone"),
    "key+general": mark("key persons and breadth"),
    "key+organisation": mark("key persons and organisations"),
    "general+organisation": mark("breadth and organisations"),
    "key+general+organisation": mark("all three"),
}

NEXT_STEPS = {
    "win_over": mark("win a person over"),
    "meet": mark("meet a key person"),
    "wake": mark("look after a sleeping person"),
    "cell": mark("fill an empty cell"),
    "exec_visit": mark("arrange a visit of executives"),
    "renew": mark("renew an agreement"),
    "agree": mark("prepare an agreement"),
    "chain": mark("learn who decides before quoting further"),
    "stand_by": mark("stand by in a bad year"),
    "ask": mark("ask why the business fell"),
    "promise": mark("keep a promise"),
    "name": mark("learn who decides on an open deal"),
    "second": mark("get to know a second person"),
    "listen": mark("listen to people below the top"),
    "innovate": mark("nominate a topic of joint innovation"),
}

LAYERS = {
    "key": mark("key persons"),
    "general": mark("breadth"),
    "organisation": mark("organisations"),
    "service": mark("service"),
    "delivery": mark("delivery"),
    "satisfaction": mark("satisfaction"),
    "risk": mark("freedom from risk"),
}

LETTERS = {
    "value": mark("value"),
    "communication": mark("communication"),
    "trust": mark("trust"),
}

STANDINGS = {
    "ahead": mark("surely more often"),
    "behind": mark("surely less often"),
    "even": mark("as usual"),
}

STANDS = {
    "by": mark("yes"),
    "away": mark("no"),
    "unsure": mark("not sure"),
}

SPREADS = {
    "people": mark("more people in touch"),
    "cells": mark("more levels and functions in touch"),
}

PAYS = {
    "pays": mark("won more often"),
    "costs": mark("won less often"),
    "unsure": mark("not sure"),
    "not_available": mark("too few deals"),
}

RELATION_COLUMNS = {
    "against": mark("Rival"),
    "n_closed": mark("Deals closed"),
    "won_share": mark("Won"),
    "standing": mark("Against the usual"),
    "lost_amount": mark("Lost to it"),
    "n_open": mark("Open deals"),
    "open_against": mark("Open against it"),
    "n_top": mark("S and A customers"),
    "n_due": mark("Fell due"),
    "kept": mark("Kept by their day"),
    "n_waiting": mark("Overdue"),
    "falls_short": mark("Surely too few"),
    "vct_value": mark("Value (V)"),
    "vct_communication": mark("Communication (C)"),
    "vct_trust": mark("Trust (T)"),
    "weakest": mark("Weakest"),
    "n_joint": mark("Joint agreements"),
    "n_shared": mark("With shared rights"),
    "n_joint_deals": mark("Joint deals"),
    "early": mark("There before the deal"),
    "joint_share": mark("Revenue developed together"),
    "n_technical_active": mark("Technical people in touch"),
    "topic": mark("Topic to nominate"),
    "stand_by": mark("Touches in bad quarters per touch in good ones"),
    "stand_by_low": mark("At least"),
    "stand_by_high": mark("At most"),
    "n_quarters": mark("Quarters"),
    "help_share": mark("Of it, help"),
    "stands": mark("There in bad times"),
    "breadth": mark("Known before the deal"),
    "won_gap": mark("Won more often by, percentage points"),
    "won_gap_low": mark("At least"),
    "won_gap_high": mark("At most"),
    "pays": mark("Finding"),
}
