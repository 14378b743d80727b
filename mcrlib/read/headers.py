"""Which field a header means, whatever the system, language, spelling or unit in it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from mcrlib import schema

_CURRENCIES = (
    "usd|eur|cny|rmb|gbp|jpy|hkd|twd|ntd|krw|sgd|inr|aud|cad|chf|sek|nok|dkk|pln|brl|mxn|zar|aed|thb|vnd|idr|myr"
)
_COIN = (
    rf"(?:(?:us|hk|cn|nt|s|a|c)?[$¥€£₩₹]|{_CURRENCIES}|元|円|圆|人民币|人民幣|美元|欧元|歐元|港元|日元|英镑|新台币|新臺幣|"
    r"dollars?|euros?|yuan|pounds?)"
)
_SCALE = (
    r"(?:千|仟|[十百千]?[万萬]|十?[亿億]|thousands?|millions?|billions?|['’]?000s?|k|m|mm|mn|mio\.?|bn|mrd\.?|tsd\.?|"
    r"tausend|milliers|milliards)"
)
_OTHER = r"%|‰|天|日|小时|分钟|分鐘|days?|hours?|minutes?|mins?|h|个|件|台|套|人|pcs|ml"
_UNIT = rf"{_OTHER}|{_COIN}\s*{_SCALE}?元?|{_SCALE}\s*(?:of |de |d['’])?{_COIN}?元?|t(?:{_CURRENCIES}|[$¥€£])"
_BRACKET_UNIT = re.compile(
    rf"^(?P<base>.+?)\s*[(\[{{]\s*(?:单位[::]?|單位[::]?|unit[::]?|in )?\s*(?P<unit>{_UNIT})\s*[)\]}}]$", re.IGNORECASE
)
_BARE_UNIT = re.compile(
    rf"^(?P<base>.+?[\w)])[ _\-/,:]+(?:in )?(?P<unit>{_CURRENCIES}|%|k|mn|[$€£¥]|(?<=in )(?:thousands|millions)|"
    rf"(?:{_CURRENCIES}|[$€£¥])\s?(?:k|m|mn)|[k](?:{_CURRENCIES}|[$€£¥])|[千万萬百亿億]+元?)$",
    re.IGNORECASE,
)
_CHINESE_UNIT = re.compile(r"^(?P<base>.*[额額价價本润潤入款利金])(?P<unit>万元|萬元|千元|百万|亿元|亿|万|萬|元)$")
_ORNAMENT = re.compile(r"^[*\s]+|[*\s]+$|\((?:必填|required|系统|系統|新|选填|optional|\*)\)", re.IGNORECASE)
_PREFIX = re.compile(
    r"^(?:deal|person|organi[sz]ation|activity|lead|opportunity|account|contact|order|customer|company|商机|客户|订单|联系人|商機|客戶|訂單|聯絡人)"
    r"\s*[-:.：]\s*|^\(do not modify\)\s*|^(?:property|properties|custom|attributes)[_.]+",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:[-_ ](?:转化|轉化|更新|new|clean|cleaned|value|label|name)|__c|_c|\s*\d)$", re.IGNORECASE)
_LOOKUP = re.compile(r"(?:[ _]name)?\.id$", re.IGNORECASE)
_SIGNS = re.compile(r"[^a-z0-9%]+")

#: How far a header had to be cut to be understood; the nearer one wins.
EXACT, UNIT, PREFIX, SUFFIX = range(4)


class Match(NamedTuple):
    """What a header means in a table: the field, how far from an alias it stands, the alias's place, the unit in it."""

    field: str
    tier: int
    place: int
    unit: str


def squash(header: str) -> str:
    """Make spelling irrelevant: NFKC, case folded, only letters, digits and % are kept."""
    if header.isascii():
        return _SIGNS.sub("", header.lower())
    text = unicodedata.normalize("NFKC", header).casefold()
    return "".join(char for char in text if char.isalnum() or char == "%")


@cache
def aliases() -> dict[str, dict[str, tuple[str, int]]]:
    """Squashed header → field and place in its list, by table; canonical names come first."""
    lists = schema.shipped("mcrlib.read", "header_aliases.yaml")
    index: dict[str, dict[str, tuple[str, int]]] = {}
    for table, spec in schema.tables().items():
        known = {squash(column): (column, 0) for column in spec.columns}
        known |= {squash(field): (field, 0) for field in lists.get(table, {}) if field not in spec.columns}
        for field, names in lists.get(table, {}).items():
            for place, name in enumerate(names, start=1):
                known.setdefault(squash(name), (field, place))
        index[table] = known
    return index


@cache
def fields(table: str) -> frozenset[str]:
    """All fields that can be read for a table: its columns, and those from which columns are made."""
    return frozenset(field for field, _ in aliases()[table].values() if field != "ignored")


def field_of(header: str, table: str) -> Match | None:
    """What a header means in a table, or None where no list knows it."""
    known = aliases()[table]
    for key, tier, unit in _readings(header):
        if key in known:
            return Match(known[key][0], tier, known[key][1], unit)
    return None


@lru_cache(maxsize=20_000)
def _readings(header: str) -> tuple[tuple[str, int, str], ...]:
    """The ways to understand a header, nearest first: squashed key, how much was cut off, the unit split off."""
    text = unicodedata.normalize("NFKC", header[:200]).strip("\ufeff\u200b\"' \t\r\n")
    text = _LOOKUP.sub(" id", _ORNAMENT.sub("", text))
    base, unit = _split_unit(text)
    found = [(text, EXACT, unit), (base, UNIT, unit)]
    found += [(_PREFIX.sub("", name), PREFIX, unit) for name in (text, base)]
    found += [(_SUFFIX.sub("", name), SUFFIX, unit) for name, tier, _ in list(found)]
    keys = dict.fromkeys((squash(name), tier, hint) for name, tier, hint in found)
    return tuple(key for key in keys if key[0])


def _split_unit(header: str) -> tuple[str, str]:
    for pattern in (_BRACKET_UNIT, _BARE_UNIT, _CHINESE_UNIT):
        if found := pattern.match(header):
            return found["base"], found["unit"]
    return header, ""
