"""Say a sentence, a term or a number in the reader's language."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import (
    format_compact_decimal,
    format_decimal,
    format_percent,
    get_currency_name,
    get_currency_symbol,
)

from mcrlib.read.numbers import currency_code

#: Language of a report: its locale for numbers and dates. British English writes the day before the month.
LOCALES = {"en": "en_GB", "zh-CN": "zh_CN", "zh-TW": "zh_TW"}

#: What stands where a number is not known; never a zero.
UNKNOWN = "–"
#: The sign of a negative number, wherever people read it; files keep the plain one.
MINUS = "−"

_HOME = {"zh-CN": ("CNY", "元"), "zh-TW": ("TWD", "元")}
_HAN = "[\u4e00-\u9fff]"
_THOUSANDS = {"K": "k", "M": "m", "B": "bn", "T": "tn"}


@cache
def _locale(language: str) -> Locale:
    """Made once: given by its name, babel looks for it on the disk at every number."""
    return Locale.parse(LOCALES[language])


@cache
def messages(language: str) -> dict[str, str]:
    """English message → translation; nothing for English, and fuzzy or empty translations are left out."""
    if language == "en":
        return {}
    with (files(__package__) / f"{LOCALES[language]}.po").open("rb") as file:
        catalogue = read_po(file, locale=LOCALES[language])
    found = {}
    for message in catalogue:
        english, foreign = _last(message.id), _last(message.string)
        if english and foreign and not message.fuzzy:
            found[english] = foreign
    return found


def _closed(template: str, values: dict[str, Any]) -> str:
    """A Chinese sentence without its blanks beside values that are Chinese at that end, such as ``120万元``."""
    for name, text in ((re.escape(f"{{{name}}}"), str(value)) for name, value in values.items()):
        if re.match(_HAN, text[:1]):
            template = re.sub(f"(?<={_HAN}) (?={name})", "", template)
        if re.match(_HAN, text[-1:]):
            template = re.sub(f"(?<={name}) (?={_HAN})", "", template)
    return template


@dataclass(frozen=True)
class Words:
    """The voice of one report: call it with an English sentence and get the reader's.

    Parameters
    ----------
    language : str
        ``en``, ``zh-CN`` or ``zh-TW``.
    currency : str, optional
        Base currency of the report, an ISO code.
    """

    language: str = "en"
    currency: str | None = None

    @property
    def locale(self) -> Locale:
        """The locale that writes numbers and dates."""
        return _locale(self.language)

    def __call__(self, message: str, /, **values: Any) -> str:
        """The sentence in the reader's language, its ``{placeholders}`` filled; untranslated text stays English."""
        template = messages(self.language).get(message, message)
        said = (template if self.language == "en" else _closed(template, values)).format(**values)
        # A name such as "Gifts Ltd." brings its own full stop to the end of a sentence.
        return re.sub(r"(?<!\.)\.\.(?!\.)", ".", said) if values else said

    def text(self, message: str) -> str:
        """A text without placeholders in the reader's language; a consultant's own text passes as it is."""
        return messages(self.language).get(message, message)

    def count(self, one: str, many: str, /, n: int, **values: Any) -> str:
        """The sentence for one or for many; ``{n}`` is the count as the language writes it."""
        message = one if n == 1 and self.language == "en" else many
        return self(message, n=self.number(n), **values)

    def money(self, value: Any, *, unit: bool = True) -> str:
        """Money in two or three digits with its unit: ``€1.2m``, ``120万元``, ``3.4億美元``; unknown stays unknown.

        ``unit=False`` leaves the currency out, for axes and columns whose heading names it.
        """
        if _missing(value):
            return UNKNOWN
        text = self._compact(float(value))
        if self.currency is None or not unit:
            return text
        if self.language == "en":
            sign, digits = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
            symbol = get_currency_symbol(self.currency, locale=self.locale)
            return f"{sign}{symbol}{'' if symbol[-1] in '€$¥£' else ' '}{digits}"
        return text + self.money_unit()

    def money_unit(self) -> str:
        """The currency for headings: its code in English, its name in Chinese; an empty text where none is set."""
        if self.currency is None or self.language == "en":
            return self.currency or ""
        home, name = _HOME[self.language]
        return name if self.currency == home else get_currency_name(self.currency, locale=self.locale)

    def _compact(self, value: float) -> str:
        if 0.005 <= abs(value) < 9.95:  # where the export counts in millions, this is money too
            text = self.number(value, 1 if abs(value) >= 0.995 else 2)
            return text.rstrip("0").rstrip(".")
        value = float(f"{value:.3g}") if abs(value) >= 1000 else round(value) + 0.0
        scaled = abs(value)
        steps = (1e3, 1e6, 1e9, 1e12) if self.language == "en" else (1e4, 1e8, 1e12)
        step = max((s for s in steps if scaled >= s), default=1.0)
        digits = 1 if step > 1 and scaled / step < 10 else 0
        text = format_compact_decimal(value, locale=self.locale, fraction_digits=digits)
        if self.language == "en":
            for capital, small in _THOUSANDS.items():
                text = text.replace(capital, small)
        return _signed(text.replace(".0", ""))

    def number(self, value: Any, digits: int = 0) -> str:
        """A count or a measure with the language's thousands sign."""
        if _missing(value):
            return UNKNOWN
        pattern = "#,##0." + "0" * digits if digits else "#,##0"
        return _signed(format_decimal(round(float(value), digits) + 0.0, format=pattern, locale=self.locale))

    def years(self, years: float) -> str:
        """Years of a setting, which may be halves: ``5``, ``2.5``."""
        return self.number(years, 0 if years % 1 == 0 else 1)

    def percent(self, share: Any) -> str:
        """A share as percent; below one percent and near all with a digit, so that some is not read as none or all."""
        if _missing(share):
            return UNKNOWN
        size = abs(float(share))
        if 0 < size < 0.0005:
            return "<0.1%" if share > 0 else f">{MINUS}0.1%"
        if 0.995 <= size < 1:
            return format_percent(min(float(share), 0.999), format="0.0%", locale=self.locale)
        pattern = "0.0%" if 0 < size < 0.0095 else "#,##0%"
        return _signed(format_percent(float(share), format=pattern, locale=self.locale))

    def date(self, day: dt.date | Any) -> str:
        """A date that cannot be misread: ``31 Dec 2025``, ``2025年12月31日``."""
        return UNKNOWN if _missing(day) else format_date(day, "medium", locale=self.locale)

    def day(self, day: dt.date | Any) -> str:
        """A date for a cell of a table, which must not break: ``31 Dec 2025``, in Chinese ``2025-12-31``."""
        known = self.language != "en" and not _missing(day)
        return format_date(day, "yyyy-MM-dd", locale=self.locale) if known else self.date(day)

    def quarter(self, day: dt.date | Any) -> str:
        """The quarter of a date: ``Q4 2028``, ``2028年Q4``."""
        return (
            UNKNOWN if _missing(day) else self(mark("Q{quarter} {year}"), quarter=(day.month + 2) // 3, year=day.year)
        )

    def names(self, names: Iterable[Any]) -> str:
        """Several names in one breath."""
        mark = ", " if self.language == "en" else "、"
        return mark.join(str(name) for name in names)

    def apart(self, parts: Iterable[str]) -> str:
        """Parts of a list that have commas of their own."""
        return ("; " if self.language == "en" else "；").join(parts)

    def together(self, *sentences: str) -> str:
        """Sentences one after the other; Chinese ones need no blank between them."""
        return (" " if self.language == "en" else "").join(sentences)


def of(run: Any) -> Words:
    """The voice of this run: its language and its currency, however client.yaml spells that."""
    return Words(run.language, run.settings.currency and currency_code(run.settings.currency))


def mark(message: str) -> str:
    """Mark a term for translation where it stands in a table; it is said later."""
    return message


def _signed(text: str) -> str:
    return text.replace("-", MINUS, 1)


def _last(text: Any) -> str:
    """The text for many, of a message that has one for one and one for many."""
    return text if isinstance(text, str) else (text or ("",))[-1]


def _missing(value: Any) -> bool:
    if value is None or value is pd.NA:
        return True
    try:
        return not math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return bool(value != value)
