"""Shares and discounts: 0.45, 45, 45% and 八五折; decided over the whole column."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mcrlib.read.numbers import read_numbers, to_floats, unit_parts


@dataclass(frozen=True)
class Ratios:
    """A column read as shares between 0 and 1, what could not be read, and an open question."""

    found: pd.Series
    faults: pd.Series
    question: str = ""


def read_ratios(
    texts: pd.Series, *, decimal: str | None = None, unit: str = "", percent: bool | None = None, price: bool = False
) -> Ratios:
    """Shares of a column of texts.

    Parameters
    ----------
    texts : Series of str
        As delivered.
    decimal : {'.', ','}, optional
        Settles the decimal sign.
    unit : str
        Unit split off the header; ``%`` settles that plain numbers are percent.
    percent : bool, optional
        Settles it before anything else: plain numbers are written 0-100, or 0-1.
    price : bool
        The header is 折扣, under which some write the price and others the reduction; ``85折`` (85 % of the price) is
        always a reduction of 0.15.

    Returns
    -------
    Ratios
        ``found`` float; ``faults`` not_a_number or out_of_range.
    """
    numbers = read_numbers(texts, decimal=decimal)
    marked = texts.isin(numbers.shares)
    zhe = marked & texts.str.contains("折").fillna(False).astype(bool)
    marked &= ~zhe
    values = to_floats(numbers.found)
    plain = values[~marked & ~zhe].dropna()
    is_percent, question = _plain_is_percent(plain, unit_parts(unit)[2]) if percent is None else (percent, "")
    values = values.where(~marked, values / 100)
    values = values.where(~zhe, 1 - values / values.ge(10).map({True: 100.0, False: 10.0}))
    if is_percent:
        values = values.where(marked | zhe, values / 100)
    wrong = values.notna() & ~values.between(0, 1)
    faults = numbers.faults.mask(wrong, "out_of_range")
    open_ = _open_discount(plain, unit) if price else ""
    return Ratios(values.mask(wrong), faults, numbers.question or question or open_)


def _plain_is_percent(plain: pd.Series, said: bool) -> tuple[bool, str]:
    """Whether numbers without a sign are percent: they are where one is above 1 and none is a fraction."""
    fractions = plain[(plain > 0) & (plain < 1)]
    above = plain[plain > 1]
    if said or not len(above):
        return said, ""
    if not len(fractions):
        return True, ""
    text = f"{fractions.iloc[0]:g} and {above.iloc[0]:g} stand in one column: percent or share?"
    return False, f"{text} Say percent: true or percent: false for the file in client.yaml"


def _open_discount(plain: pd.Series, unit: str) -> str:
    """A 折扣 without 折 may be the price or the reduction; nobody can tell from the column alone."""
    if plain[plain != 0].empty or unit_parts(unit)[2]:
        return ""
    text = f"a discount of {plain[plain != 0].iloc[0]:g} may be a price (85折), a reduction or money"
    return f"{text}; map the column to discount_rate (a reduction) under files in client.yaml, or leave it out"
