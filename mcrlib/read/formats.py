"""The currency that a workbook shows at a number by the number format of its cell, and nowhere else."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from locale import windows_locale
from zipfile import ZipFile

import numpy as np
import pandas as pd
from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_symbol, get_territory_currencies
from defusedxml.ElementTree import iterparse

from mcrlib.read.numbers import unit_parts
from mcrlib.read.words import tidy

_STYLES = "xl/styles.xml"
_STYLE = re.compile(rb'\bs="(\d+)"')
#: What a format writes beside the digits: [$€-407], "NT$", \€ or a bare sign.
_WRITTEN = re.compile(
    r'\[\$(?P<sign>[^\]-]*)(?:-(?P<where>[^\]]*))?\]|"(?P<quoted>[^"]*)"|\\?(?P<bare>[$€£¥￥₩₹₽₺₫₪฿₴₱₦])'
)
_SPACES = re.compile(r"[_*].")
#: Countries have the currencies of this day.
_TODAY = dt.date(2026, 1, 1)


def money_styles(archive: ZipFile) -> dict[bytes, str]:
    """Number of a cell style → currency, or a sign that several share, for the styles of a workbook that show one.

    A currency format that a workbook only refers to by its number is none: each computer shows its own currency.
    """
    if _STYLES not in archive.namelist():
        return {}
    codes: dict[str, str] = {}
    used: list[str] = []
    inside = False
    with archive.open(_STYLES) as stream:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            tag = element.tag.rsplit("}")[-1]
            if tag == "cellXfs":
                inside = event == "start"
            elif event == "start" and tag == "numFmt":
                codes[element.get("numFmtId", "")] = element.get("formatCode", "")
            elif event == "start" and tag == "xf" and inside:
                used.append(element.get("numFmtId", ""))
    coins = {number: coin for number, code in codes.items() if (coin := currency_of_format(code))}
    return {str(place).encode(): coins[number] for place, number in enumerate(used) if number in coins}


def currency_of_format(code: str) -> str:
    """The currency that a number format shows, such as EUR for ``[$€-407] #,##0.00``; empty where it shows none."""
    positive = _SPACES.sub("", code.split(";")[0])
    coins = {coin for match in _WRITTEN.finditer(positive) if (coin := _coin(match))}
    return coins.pop() if len(coins) == 1 else ""


def _coin(match: re.Match[str]) -> str:
    sign = tidy(match["sign"] or match["quoted"] or match["bare"] or "")
    coin = unit_parts(sign)[1] if sign else ""
    return coin if len(coin) == 3 else _local(coin, match["where"] or "") or coin


def _local(sign: str, where: str) -> str:
    """The currency of a country that writes it with this sign: a ``$`` of Taiwan is TWD."""
    name = windows_locale.get(int(where, 16) & 0xFFFF, "") if re.fullmatch(r"[0-9A-Fa-f]+", where) else where
    try:
        place = Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return ""
    own = get_territory_currencies(place.territory, _TODAY)[-1:] if place.territory else []
    fits = own and sign and tidy(get_currency_symbol(own[0], place)).casefold().strip(".").endswith(sign.strip("."))
    return own[0] if fits else ""


@dataclass
class MoneyCells:
    """Which numbers of a sheet show a currency: for each column the rows from which on it is another one."""

    styles: Mapping[bytes, str] = field(default_factory=dict)
    turns: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    _known: dict[bytes, str] = field(default_factory=dict)

    def see(self, row: int, column: int, attributes: bytes) -> None:
        """Note a cell, rows in their order; numbers of both begin at 0."""
        if attributes not in self._known:
            style = _STYLE.search(attributes)
            self._known[attributes] = self.styles.get(style[1], "") if style else ""
        coin, turns = self._known[attributes], self.turns.get(column)
        if turns is None and coin:
            self.turns[column] = [(row, coin)]
        elif turns is not None and turns[-1][1] != coin:
            turns.append((row, coin))

    def of(self, column: int, rows: pd.Index) -> pd.Series:
        """The currency of each spreadsheet row (the first is 1) in a column; missing where it shows none."""
        turns = [(0, ""), *self.turns.get(column, [])]
        places = np.searchsorted([row for row, _ in turns], rows.to_numpy() - 1, side="right") - 1
        coins = pd.Series([coin for _, coin in turns], dtype="str")
        return coins.mask(coins == "").reindex(places).set_axis(rows)
