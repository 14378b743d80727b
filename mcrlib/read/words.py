"""Single words of an export: what counts as missing, yes and no, and the values of a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mcrlib import schema

_MISSING = frozenset(
    (
        "",
        "-",
        "--",
        "---",
        "—",
        "–",
        "―",
        "/",
        ".",
        "..",
        "...",
        "?",
        "n/a",
        "na",
        "n.a.",
        "#n/a",
        "null",
        "(null)",
        "<null>",
    )
    + (
        "none",
        "nan",
        "nil",
        "nul",
        "\\n",
        "<na>",
        "无",
        "無",
        "暂无",
        "暫無",
        "未知",
        "空",
        "不详",
        "不詳",
        "待定",
        "tbd",
    )
    + ("unknown", "not available", "keine angabe")
)
#: In a text only these words say that there is none: ``NA`` may be North America, and ``None`` a name.
_MISSING_TEXT = frozenset({"", "NULL", "(null)", "<null>", "\\N", "#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?"})
_UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_CONTROL = r"[\x00-\x08\x0e-\x1f\x7f]"
_PLAIN = r"^[!-<>-~](?:[ -~]*[!-~])?$"
_DIGIT = re.compile(r"(?![0-9])\d")
_QUOTED = re.compile(r"^'(?=[-+]?[$€£¥]?\d)")
_WRAPPED = re.compile(r'^="([^"]*)"$')
#: A pool of accounts, or a queue, says so in its name.
_POOL = re.compile(r"公海|回收池|\b(queue|pool)$|队列$|佇列$", re.IGNORECASE)
_LATIN = re.compile(r"^[ -~]+$")


def tidy(text: str) -> str:
    """The text with full-width forms and digits of every script plain, and without unseen characters and outer blanks.

    The apostrophe before a number, by which a spreadsheet keeps it as text, is no part of it.
    """
    plain = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).strip()
    return _QUOTED.sub("", unwrap(_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), plain)))


def unwrap(text: str) -> str:
    """What stands in ``="00123"``, by which a text is kept from becoming a number in a spreadsheet."""
    found = _WRAPPED.match(text)
    return found[1] if found else text


def map_unique(texts: pd.Series, parse: Callable[[str], Any]) -> pd.Series:
    """What ``parse`` makes of every text; each different text is parsed once, and a missing one stays missing."""
    codes, unique = pd.factorize(texts)
    parsed = pd.Series([parse(text) for text in unique], dtype=object)
    return parsed.reindex(codes).set_axis(texts.index)


def everywhere(texts: pd.Series, pattern: str) -> bool:
    """Whether every text of a column is wholly of this form; missing ones aside."""
    fits = pc.match_substring_regex(pa.array(texts, pa.large_string()), rf"\A(?:{pattern})\z")
    return pc.all(fits).as_py() is not False


def is_among(texts: pd.Series, keys: pd.Series) -> pd.Series:
    """Whether each text is one of the keys; a missing one is none."""
    one, other = (pa.chunked_array(pa.array(each, pa.large_string())) for each in (texts, keys))
    # Series.isin would turn every key into a Python object first.
    found = pc.is_in(one, value_set=other.combine_chunks(), skip_nulls=True)
    return pd.Series(found.to_numpy(zero_copy_only=False), index=texts.index, dtype=bool)


def tidy_all(texts: pd.Series) -> pd.Series:
    """Every text tidied; plain ASCII texts are left untouched, and an empty one is missing."""
    texts = texts.astype("str")
    if not everywhere(texts, _PLAIN):
        odd = ~texts.str.match(_PLAIN).fillna(True).astype(bool)
        texts = texts.copy()
        texts[odd] = map_unique(texts[odd], tidy).astype("str")
    return texts.mask(texts == "")


def is_missing(text: str) -> bool:
    """Whether a tidied value says that there is none; zero is a value."""
    return text.casefold() in _MISSING


def _stripped(texts: pd.Series) -> pd.Series:
    """Texts without outer blanks and control characters, and without the formula by which a spreadsheet quotes them."""
    texts = texts.astype("str").str.strip()
    if texts.str.contains(_CONTROL, na=False).any():
        texts = texts.str.replace(_CONTROL, "", regex=True)
    wrapped = texts.str.startswith('="').fillna(False).astype(bool)
    return texts.mask(wrapped, map_unique(texts[wrapped], unwrap).astype("str")) if wrapped.any() else texts


def read_text(texts: pd.Series) -> pd.Series:
    """Texts as delivered, without outer blanks; missing where nothing is written."""
    texts = _stripped(texts)
    quoted = texts.str.startswith("'").fillna(False).astype(bool)
    if quoted.any():
        texts = texts.mask(quoted, texts[quoted].str.replace(r"^'(?=[=+\-@])", "", regex=True))
    return texts.mask(texts.isin(_MISSING_TEXT))


def read_names(texts: pd.Series) -> pd.Series:
    """Names as delivered, without outer blanks: somebody may be called None."""
    texts = _stripped(texts)
    return texts.mask(texts == "")


def word_key(text: str) -> str:
    """What two spellings of one word have in common: ``Closed-Won``, ``closed won`` and ``ClosedWon``."""
    return re.sub(r"[\s_\-–—/()（）.'’:：、,]+", "", tidy(text).casefold())


@cache
def _shipped() -> dict[str, dict[str, list[str]]]:
    return schema.shipped("mcrlib.read", "value_aliases.yaml")


def shipped(name: str) -> dict[str, list[str]]:
    """The alias list of this name that comes with the kit, in the order written."""
    return {str(value): [str(word) for word in words] for value, words in _shipped().get(name, {}).items()}


def lookup(name: str, values: Iterable[str], own: dict[str, str]) -> dict[str, str]:
    """Key of a word to canonical value: the canonical values, the kit's aliases, then the client's own."""
    known = {word_key(value): value for value in values}
    known |= {word_key(word): value for value, words in shipped(name).items() for word in words}
    return known | {word_key(word): value for word, value in own.items()}


def read_words(texts: pd.Series, known: dict[str, str]) -> tuple[pd.Series, pd.Series]:
    """The canonical value of every text, and where there is a word that nobody knows.

    A word is also tried without a leading number (``3 - Propose``) and without what stands in brackets
    (``A（重点客户）``).
    """

    def parse(text: str) -> str | None:
        plain = tidy(text)
        if is_missing(plain) and word_key(plain) not in known:
            return None
        bare = re.sub(r"\(.*?\)", "", plain)
        tries = (plain, bare, re.sub(r"^\d+\s*[-.、:]?\s*", "", bare))
        return next((known[word_key(one)] for one in tries if word_key(one) in known), "?")

    found = map_unique(texts, parse).astype("str")
    unknown = (found == "?").fillna(False).astype(bool)
    return found.mask(unknown), unknown


def from_phrases(texts: pd.Series, name: str) -> pd.Series:
    """A value derived from a phrase such as a job title: the longest known word in it decides."""
    words = [(word.casefold(), value) for value, found in shipped(name).items() for word in found]
    words.sort(key=lambda pair: -len(pair[0]))
    patterns = [
        (re.compile(rf"\b{re.escape(w)}\b") if _LATIN.match(w) else re.compile(re.escape(w)), v) for w, v in words
    ]

    def parse(text: str) -> str | None:
        plain = tidy(text).casefold()
        return next((value for pattern, value in patterns if pattern.search(plain)), None)

    return map_unique(texts, parse).astype("str")


def kind_of_user(names: pd.Series) -> pd.Series:
    """``pool``, ``system`` or ``human`` by a name as delivered; missing where there is none."""
    found, _ = read_words(names, lookup("system_users", (), {}))
    pool = names.map(lambda text: bool(_POOL.search(tidy(text))), na_action="ignore").fillna(False).astype(bool)
    return found.mask(pool & found.isna(), "pool").fillna("human").where(names.notna())
