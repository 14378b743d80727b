"""Warnings in the reader's language: the reader's English sentence is recognised and said again with its facts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from mcrlib.errors import Complaint
from mcrlib.show.words.catalogue import Words
from mcrlib.show.words.complaints import LEFT_OUT, WARNINGS, WRONG
from mcrlib.show.words.terms import term


def warning(complaint: Complaint, language: str) -> str:
    """A warning as a sentence in the reader's language, with its place in front; an unknown one stays English."""
    say = Words(language)
    for message in (*WARNINGS.get(complaint.code, ()), *LEFT_OUT):
        if found := _pattern(message).fullmatch(complaint.message):
            said = say(message, **_facts(found.groupdict(), complaint.code, say))
            return str(replace(complaint, message=said)) if language == "en" else _place(complaint, say) + said
    return str(complaint)


_CHOICE = re.compile(r"(?P<field>\w+) from '(?P<one>.+?)', not '(?P<other>.+?)'")


@cache
def _pattern(message: str) -> re.Pattern[str]:
    """What recognises an English sentence, whatever facts it carries."""
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(message)), re.DOTALL)


def _facts(found: dict[str, str], code: str, say: Words) -> dict[str, str]:
    """The facts of a sentence, those that are words of the kit in the reader's language."""
    facts = dict(found)
    if "table" in facts:
        facts["table"] = term(say, "table", facts["table"])
    if "code" in facts:
        facts["code"] = say(WRONG[code]) if code in WRONG else term(say, "code", code)
    if "choices" in facts:
        facts["choices"] = _CHOICE.sub(
            lambda one: say("{field} from '{one}', not '{other}'", **one.groupdict()), facts["choices"]
        )
    for name in {"model", "again"} & set(facts):
        facts[name] = term(say, "model", facts[name])
    if "lines" in facts:
        facts["lines"] = say.count("{n} line", "{n} lines", int(facts["lines"].split()[0]))
    return facts


def _place(complaint: Complaint, say: Words) -> str:
    if not complaint.file:
        return ""
    where = [complaint.file]
    if complaint.column:
        where.append(say("column {column}", column=complaint.column))
    if complaint.row is not None:
        where.append(say("row {row}", row=complaint.row))
    return f"{say.names(where)}："
