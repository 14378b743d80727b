"""Values that client.yaml makes from several columns, such as ``qty * price * (1 - discount)``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pandas as pd

_BINDS = {"+": 1, "-": 1, "*": 2}
_SIGNS = r"[-+*()]"
_NUMBER = re.compile(rf"\d+(?:\.\d+)?(?=\s*(?:{_SIGNS}|$))")
_PIECE = re.compile(r"[^-+*()]+")


@dataclass(frozen=True)
class Formula:
    """A sum or product of columns and numbers.

    Parameters
    ----------
    places : tuple of int
        The columns, in the order in which they are named.
    steps : tuple
        What to do, operands first: a place among ``places``, a number, or one of ``+ - *``.
    """

    places: tuple[int, ...]
    steps: tuple[int | Decimal | str, ...]

    def of(self, operands: Sequence[pd.Series]) -> pd.Series:
        """The exact value of every row; missing where one of the columns is."""
        whole = pd.concat([column.notna() for column in operands], axis=1).all(axis=1)
        stack: list[object] = []
        for step in self.steps:
            if isinstance(step, str):
                right, left = stack.pop(), stack.pop()
                stack.append(_apply(step, left, right))
            else:
                stack.append(operands[step][whole].astype(object) if isinstance(step, int) else step)
        return pd.Series(stack.pop(), index=operands[0].index[whole], dtype=object).reindex(operands[0].index)


def _apply(sign: str, left: object, right: object) -> object:
    actions: dict[str, Callable[..., object]] = {
        "+": lambda one, other: one + other,
        "-": lambda one, other: one - other,
        "*": lambda one, other: one * other,
    }
    return actions[sign](left, right)


class NoFormulaError(ValueError):
    """What a text says beside headers, numbers and ``+ - * ( )``; empty where it is only badly put together."""


def words_of(source: str) -> list[str]:
    """The pieces of a text that may be headers."""
    return [source.strip(), *(piece.strip() for piece in _PIECE.findall(source) if piece.strip() != source.strip())]


def read_formula(source: str, names: Sequence[str], place: Callable[[str], int | None]) -> Formula:
    """A formula from its text; nothing in it is ever run.

    Parameters
    ----------
    source : str
        Headers and numbers with ``+ - * ( )``. A header may hold such signs itself: the longest that fits is meant.
    names : sequence of str
        The headers of the sheet.
    place : callable
        Number of the column that a header names in another spelling, or None.

    Raises
    ------
    NoFormulaError
        Something in the text is neither, or the parts do not go together.
    """
    steps: list[int | Decimal | str] = []
    places: list[int] = []
    waiting: list[str] = []
    at_value = True
    for token in _tokens(source, names, place):
        if at_value == (token in _BINDS or token == ")"):
            raise NoFormulaError("")
        if isinstance(token, int):
            steps.append(len(places))
            places.append(token)
        elif isinstance(token, Decimal):
            steps.append(token)
        else:
            _settle(token, waiting, steps)
        at_value = token in _BINDS or token == "("
    while waiting:
        steps.append(waiting.pop())
    if at_value or "(" in steps or not places:
        raise NoFormulaError("")
    return Formula(tuple(places), tuple(steps))


def _settle(sign: str, waiting: list[str], steps: list[int | Decimal | str]) -> None:
    """Put a sign where it belongs: what binds more comes first, and what stands in brackets."""
    if sign == "(":
        waiting.append(sign)
        return
    while waiting and waiting[-1] != "(" and (sign == ")" or _BINDS[waiting[-1]] >= _BINDS[sign]):
        steps.append(waiting.pop())
    if sign != ")":
        waiting.append(sign)
    elif waiting:
        waiting.pop()
    else:
        raise NoFormulaError("")


def _tokens(source: str, names: Sequence[str], place: Callable[[str], int | None]) -> list[int | Decimal | str]:
    longest = sorted(
        ((name.strip(), at) for at, name in enumerate(names) if name.strip()), key=lambda one: -len(one[0])
    )
    known = [(at, re.compile(rf"{re.escape(name)}(?=\s*(?:{_SIGNS}|$))", re.IGNORECASE)) for name, at in longest]
    found: list[int | Decimal | str] = []
    rest = source.strip()
    while rest:
        header = next(((at, match) for at, pattern in known if (match := pattern.match(rest))), None)
        number = _NUMBER.match(rest)
        piece = header[1] if header else number or re.match(_SIGNS, rest) or _PIECE.match(rest)
        assert piece
        rest = rest[piece.end() :].strip()
        if header:
            found.append(header[0])
        elif number:
            found.append(Decimal(number[0]))
        else:
            found.append(piece[0] if re.match(_SIGNS, piece[0]) else _placed(piece[0].strip(), place))
    return found


def _placed(text: str, place: Callable[[str], int | None]) -> int:
    where = place(text)
    if where is None:
        raise NoFormulaError(text)
    return where
