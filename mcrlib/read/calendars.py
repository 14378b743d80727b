"""Dates as other calendars and languages write them, put into the words that `dates` reads."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import cache

from babel.dates import get_day_names, get_month_names

#: Languages whose names of months are known beside English.
_LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "pl")
_ALSO = {"mrz": 3, "sept": 9, "set": 9, "dez": 12, "okt": 10}
#: The year before the first of each era.
_ERAS = {"民國": 1911, "民国": 1911, "中華民國": 1911, "令和": 2018, "平成": 1988, "昭和": 1925}
_ERA = re.compile(rf"^(?:{'|'.join(sorted(_ERAS, key=len, reverse=True))})\s*(\d{{1,3}}|元)\s*(?=[年./-])")
#: Three digits are no year of ours; before a month and a day they are one of the Republic of China.
_MINGUO = re.compile(r"^([01]\d\d)\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_MINGUO_COMPACT = re.compile(r"^([01]\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$")
_NUMERAL = "一二三四五六七八九"
_CHINESE = re.compile(rf"^([〇零{_NUMERAL}]{{4}})年([{_NUMERAL}十]{{1,2}})月([{_NUMERAL}十]{{1,3}})[日号號]?$")
_DIGITS = {sign: number for number, sign in enumerate("〇" + _NUMERAL)} | {"零": 0}
#: What begins with a day and a month, in words or numbers.
_WHOLE_DATE = r"[^\W\d_]|\d+(?:st|nd|rd|th|er)?[\s\-/.]*(?:del? )?[^\W\d_]{3}|\d+\s*[-/. 年]\s*\d+\s*[-/. 月]\s*\d"
_DOTNET = re.compile(r"^/Date\((-?\d{12,13})(?:[+-]\d{4})?\)/$")


@cache
def months() -> dict[str, int]:
    """Names of months and their abbreviations in the languages of Europe, small letters without accents, to 1-12.

    A word that means two months in two languages is none.
    """
    found: dict[str, set[int]] = {}
    for language in ("en", *_LANGUAGES):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, language).items():
                    found.setdefault(plain_month(name), set()).add(month)
    return {name: min(meant) for name, meant in found.items() if len(meant) == 1} | _ALSO


@cache
def _weekdays() -> re.Pattern[str]:
    """A weekday before a whole date: ``mar`` is a Tuesday in ``mar 5 mar 2024``, and March in ``Mar 5, 2024``."""
    names = {
        re.escape(name.rstrip("."))
        for language in ("en", *_LANGUAGES)
        for width in ("wide", "abbreviated")
        for name in get_day_names(width, "format", language).values()
    }
    words = "|".join(sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(rf"^(?:{words})\.?(?:,\s*|\s+)(?={_WHOLE_DATE})", re.IGNORECASE)


def plain_month(name: str) -> str:
    """A name of a month without capitals, accents and the point of an abbreviation."""
    letters = unicodedata.normalize("NFD", name.casefold())
    return "".join(letter for letter in letters if letter.isalpha())


def to_western(texts: list[str]) -> list[str]:
    """Texts of one column, those of another calendar as ``2024-3-5``; all others as they are.

    Years of an era (民國113, 令和6) and Chinese numerals are clear by themselves. A year of three digits (113/03/05) is
    one of the Republic of China; without separators (1130305) only where the whole column is written so.
    """
    compact = any(map(_MINGUO_COMPACT.match, texts)) and all(
        not text or _MINGUO_COMPACT.match(text) or not any(map(str.isdigit, text)) for text in texts
    )
    return [_western(text, compact=compact) for text in texts]


def _western(text: str, *, compact: bool) -> str:
    if text[:1].isalpha():  # to know the weekdays of a dozen languages takes a third of a second
        text = _weekdays().sub("", text)
    if era := _ERA.match(text):
        first = _ERAS[text[: era.start(1)].strip()]
        return f"{first + (1 if era[1] == '元' else int(era[1]))}{text[era.end() :]}"
    if match := _MINGUO.match(text):
        return f"{int(match[1]) + 1911}-{match[3]}-{match[4]}"
    if compact and (match := _MINGUO_COMPACT.match(text)):
        return f"{int(match[1]) + 1911}-{match[2]}-{match[3]}"
    if match := _CHINESE.match(text):
        return f"{''.join(str(_DIGITS[sign]) for sign in match[1])}-{_numeral(match[2])}-{_numeral(match[3])}"
    if match := _DOTNET.match(text):
        return (dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=int(match[1]))).date().isoformat()
    return text


def _numeral(text: str) -> int:
    """A Chinese number up to 99."""
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _DIGITS[ones]
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
