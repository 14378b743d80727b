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
    "same": mark("as a quarter ago"),
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
