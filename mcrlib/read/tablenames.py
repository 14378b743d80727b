"""Which table a file or sheet holds by its name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from mcrlib import schema
from mcrlib.read.headers import squash

#: How much a name says: nothing, a part of it, all of it, the canonical name itself.
NOTHING, PART, WHOLE, CANONICAL = range(4)

_NOISE = re.compile(
    r"\d+|[a-z]|fy|gb|exports?|exported|reports?|data|dataset|list|all|full|view|my|raw|new|copy|final|sample|master|"
    r"tables?|crm|sf|sfdc|hubspot|dim|fact|derived|dump|active|utf|bom|gbk|big|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|"
    r"年|月|导出|列表|数据|表|报表|最新|全部|匯出|明细表"
)
#: Where one word of a name ends and the next begins without a blank: aB, ABc, 中a, a中, 1a, a1.
_SEAM = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[\u3400-\u9fff])(?=[a-zA-Z0-9])|"
    r"(?<=[a-zA-Z0-9])(?=[\u3400-\u9fff])|(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)"
)
_ENDING = re.compile(
    r"(?:\.(?:csv|tsv|txt|tab|dat|gz|xlsx|xlsm|xlsb|xls|ods|zip|json|ndjson|jsonl|parquet|pq))+$", re.IGNORECASE
)


class Named(NamedTuple):
    """The table a name stands for (empty: an object the kit has no table for), and how much the name says."""

    table: str
    strength: int


def table_of_name(name: str) -> Named:
    """Which table a file or sheet name stands for.

    Singular and plural, English and Chinese, the object names of the common CRMs; dates, numbers and words such as
    *export* in the name do not matter.
    """
    stem = _ENDING.sub("", name.rsplit("/", 1)[-1])
    if stem.casefold() in schema.tables():
        return Named(stem.casefold(), CANONICAL)
    words = [word for word in _words(stem) if not _NOISE.fullmatch(word)]
    known = _known()
    if (table := known.get("".join(words))) is not None:
        return Named(table, WHOLE)
    for length in range(len(words) - 1, 0, -1):
        for part in (words[-length:], words[:length]):
            if (table := known.get("".join(part))) is not None:
                return Named(table, PART)
    return _chinese_part("".join(words))


def object_of_name(name: str) -> str:
    """What the records of a file or sheet are called in its system, such as ``event``; dates and noise left out."""
    words = [word for word in _words(_ENDING.sub("", name.rsplit("/", 1)[-1])) if not _NOISE.fullmatch(word)]
    said = "".join(words)
    return next((said[: -len(end)] + new for end, new in (("ies", "y"), ("s", "")) if said.endswith(end)), said)


def _words(stem: str) -> list[str]:
    text = _SEAM.sub(" ", unicodedata.normalize("NFKC", stem))
    return [word for word in re.split(r"[\W_]+", text.casefold()) if word]


@cache
def _known() -> dict[str, str]:
    """Squashed name → table; empty for objects that the kit has no table for."""
    lists = schema.shipped("mcrlib.read", "table_names.yaml")
    known: dict[str, str] = {}
    for table, names in lists.items():
        for name in [*names, table.replace("_", " ")]:
            key = squash(name)
            plural = key[:-1] + "ies" if key.endswith("y") else key + "es" if key.endswith(("ch", "ss")) else key + "s"
            known |= dict.fromkeys((key, plural), "" if table == "none" else table)
    return known


def _chinese_part(text: str) -> Named:
    if text.isascii():
        return Named("", NOTHING)
    found = [key for key in _known() if not key.isascii() and (text.endswith(key) or text.startswith(key))]
    longest = max(found, key=lambda key: (len(key), text.endswith(key)), default="")
    return Named(_known()[longest], PART) if longest else Named("", NOTHING)
