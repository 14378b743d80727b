"""Numbers that every program reads alike, and those with a currency before them, without looking at each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mcrlib.read.words import everywhere

#: Three decimals are not easy: the point may be one between thousands.
EASY = r"-?\d+(?:\.(?:\d{1,2}|\d{4,}))?"
_COINED = rf"^(?P<coin>[A-Z]{{3}}|[$€£¥]) (?P<number>{EASY})$"


def without_coins(texts: pd.Series, known: Mapping[str, str]) -> tuple[pd.Series, pd.Series | None]:
    """A column without the currency before its easy numbers, and these currencies; None where there are none.

    Parameters
    ----------
    texts : Series of str
        As delivered.
    known : mapping of str to str
        Words for a currency in small letters → its code.
    """
    found = pc.extract_regex(pa.array(texts, pa.large_string()), _COINED)
    if found.null_count == len(found):
        return texts, None
    signs = found.flatten()[0].to_pandas().astype("str").set_axis(texts.index)
    coins = signs.map({sign: known.get(sign.lower(), "") for sign in signs.dropna().unique()}).astype("str")
    coins = coins.mask(coins == "")
    numbers = found.flatten()[1].to_pandas().astype("str").set_axis(texts.index)
    return texts.mask(coins.notna(), numbers), coins


def read_easy(texts: pd.Series) -> pd.Series | None:
    """The numbers of a column in which all spellings are easy, read by Arrow; None where one is not."""
    written = texts.mask(texts == "")
    if not everywhere(written, EASY):
        return None
    try:
        exact = pa.array(written, pa.large_string()).cast(pa.decimal128(38, 9))
    except pa.ArrowInvalid:  # more digits than that
        return None
    return pd.Series(pd.arrays.ArrowExtensionArray(exact), index=texts.index)
