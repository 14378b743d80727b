"""One column by its kind: id, text, date, yes and no, word of a list, number, money, share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pandas as pd

from mcrlib import schema
from mcrlib.errors import UsageError, nearest
from mcrlib.read.dates import read_dates
from mcrlib.read.dialects import Part
from mcrlib.read.headers import field_of
from mcrlib.read.numbers import Numbers, currency_code, read_numbers, to_floats
from mcrlib.read.ratios import read_ratios
from mcrlib.read.words import everywhere, lookup, read_names, read_text, read_words, shipped, tidy, tidy_all, word_key
from mcrlib.settings import Settings

#: Ids that nothing can have happened to: a letter first, or a number too short to lose digits.
_PLAIN_ID = r"[A-Za-z][!-~]*|\d{1,15}"
#: Marks that a spreadsheet leaves on an id.
_QUOTE = r"^['’‘`]+"
_DAMAGED = r"^\d(?:[.,]\d+)?[Ee]\+\d{2}$"
_LONG = r"^\d{16,}$"
#: Words for marks that are numbers; the client's satisfaction in words is a share of 1.
_SCALES = {"score": "satisfaction", "satisfaction": "satisfaction"}
_STEP_WORDS = 0.8
#: Columns under so plain a header that they often are about something else; then no word of them is known.
_MAY_BE_ANYTHING = ("document", "life_status")


@dataclass(frozen=True)
class Column:
    """One column as read: typed values, the code of each value that could not be read, and open questions.

    ``order`` is that of day and month where a column of dates proves it.
    """

    found: pd.Series
    faults: pd.Series | None = None
    question: str = ""
    code: str = ""
    currencies: pd.Series | None = None
    order: str = ""


def own_words(settings: Settings, field: str, table: str = "") -> dict[str, str]:
    """What client.yaml says the words of a field mean, in all tables and, under ``table.field``, in one.

    A word without a meaning is not decided yet.
    """
    values = dict(settings.values)  # noqa: PD011
    said = values.get(field, {}) | values.get(f"{table}.{field}", {})
    return {word: value for word, value in said.items() if value is not None}


def allowed(table: str, name: str) -> tuple[str, ...]:
    """The canonical values of a column; a stage is given on the common ladder."""
    columns = schema.tables()[table].columns
    return columns["stage_std" if name == "stage" else name].values if name in columns else ()  # noqa: PD011


def check_own_words(settings: Settings) -> None:
    """Refuse ``values`` of client.yaml that name no field or no canonical value.

    Raises
    ------
    UsageError
        All at once, each with the nearest known word.
    """
    fields = {name for table in schema.tables().values() for name in table.columns} | set(_MAY_BE_ANYTHING)
    fields |= {f"{table}.{name}" for table, spec in schema.tables().items() for name in spec.columns}
    problems = []
    for field in dict(settings.values):  # noqa: PD011
        if field not in fields:
            problems.append(f"values: unknown field '{field}'{nearest(field, fields)}")
            continue
        whose, _, name = field.rpartition(".")
        known = {value for table in ([whose] if whose else schema.tables()) for value in allowed(table, name)}
        known |= set(shipped(f"orders.{name}") or shipped(name)) if name in _MAY_BE_ANYTHING else set()
        for value in own_words(settings, field).values():
            if known and value not in known:
                problems.append(
                    f"values.{field}: '{value}' is none of {', '.join(sorted(known))}{nearest(value, known)}"
                )
    if problems:
        raise UsageError("; ".join(problems))


def read_column(part: Part, raw: pd.DataFrame, name: str, kind: str, settings: Settings) -> Column:
    """One column of a sheet, judged as a whole.

    Parameters
    ----------
    part : Part
        For the file's settings, units and whether the container told dates from numbers.
    raw : DataFrame
        Texts; what a formula is made from comes as ``name*0``, ``name*1`` and so on.
    name, kind : str
        Field, and its kind in the data dictionary; ``name`` is a text that is never a word for nothing.
    """
    if name not in raw:
        return _read_formula(part, raw, name)
    texts = raw[name].astype("str")
    readers: dict[str, Callable[[], Column]] = {
        "id": lambda: read_ids(texts),
        "text": lambda: Column(read_text(texts)),
        "name": lambda: Column(read_names(texts)),
        "date": lambda: _date_column(part, texts, name),
        "bool": lambda: _flag_column(part.table, texts, name, settings),
        "enum": lambda: _word_column(part.table, texts, name, settings),
        "ratio": lambda: _ratio_column(part, texts, name, discount=name == "discount"),
    }
    return readers[kind]() if kind in readers else _number_column(part, raw, name, kind, settings)


def read_ids(texts: pd.Series) -> Column:
    """Ids as text, case kept: full-width forms plain; unseen characters, outer blanks, Excel's apostrophe removed."""
    if everywhere(texts, _PLAIN_ID):
        return Column(texts)
    ids = tidy_all(texts).str.replace(_QUOTE, "", regex=True)
    ids = ids.mask(ids == "")
    if ids.str.match(r"^\d+\.0$").fillna(True).astype(bool).all():
        ids = ids.str.slice(0, -2)
    damaged = ids.str.match(_DAMAGED).fillna(False).astype(bool)
    if damaged.any():
        why = "scientific notation, digits are lost"
    else:
        long = ids[ids.str.match(_LONG).fillna(False).astype(bool)]
        cut = long.str.slice(15).str.strip("0") == ""
        if long.nunique() < 2 or not cut.all():
            return Column(ids)
        damaged = ids.isin(long)
        why = "all digits after the fifteenth are 0"
    text = f"{int(damaged.sum())} ids were damaged by a spreadsheet, such as '{ids[damaged].iloc[0]}' ({why})"
    return Column(
        ids.mask(damaged),
        _code(damaged, "damaged_id"),
        f"{text}; export the file again as CSV and do not save it from a spreadsheet",
        "damaged_id",
    )


def _code(where: pd.Series, code: str) -> pd.Series:
    return pd.Series(code, index=where.index, dtype="str").where(where)


def _date_column(part: Part, texts: pd.Series, name: str) -> Column:
    dates = read_dates(texts, order=part.spec.date_order, monthly=name == "period")
    return Column(dates.found, dates.faults, dates.question, "ambiguous_date", order=dates.order)


def _flag_column(table: str, texts: pd.Series, name: str, settings: Settings) -> Column:
    spoken = {"true": "yes", "false": "no"}
    own = {word: spoken.get(value.lower(), value) for word, value in own_words(settings, name, table).items()}
    words = lookup("bool", (), {}) | lookup(f"{table}.{name}", (), own)
    found, unknown = read_words(texts, words)
    return Column(found.map({"yes": True, "no": False}).astype("boolean"), _code(unknown, "unknown_value"))


def word_list(table: str, name: str, settings: Settings) -> dict[str, str]:
    """Every word known for a column: canonical values, the kit's aliases, the client's own words.

    Own words stand under a field that several tables may have; here only those count that mean a value of this one.
    """
    alias = f"{table}.{name}" if shipped(f"{table}.{name}") else name
    values = allowed(table, name)
    own = {word: value for word, value in own_words(settings, name, table).items() if not values or value in values}
    return lookup(alias, values, own)


def _word_column(table: str, texts: pd.Series, name: str, settings: Settings) -> Column:
    found, unknown = read_words(texts, word_list(table, name, settings))
    strange = name in _MAY_BE_ANYTHING and found.isna().all()
    return Column(found, None if strange else _code(unknown, "unknown_value"))


def _ratio_column(part: Part, texts: pd.Series, name: str, *, discount: bool) -> Column:
    header = tidy(part.headers.get(name, name))
    price = discount and re.search(r"[折扣]", header) is not None
    if discount and re.search(r"amount|额|額|金|优惠", word_key(header)):
        return Column(pd.Series(float("nan"), index=texts.index))
    unit, percent = part.units.get(name, ""), part.spec.percent
    ratios = read_ratios(texts, decimal=_decimal(part), unit=unit, percent=percent, price=price)
    return Column(ratios.found, ratios.faults, ratios.question, "ambiguous_percent")


def _number_column(part: Part, raw: pd.DataFrame, name: str, kind: str, settings: Settings) -> Column:
    texts, beside = raw[name].astype("str"), frozenset[str]()
    if kind == "money" and "currency" in raw:
        beside = frozenset(map(currency_code, raw["currency"].astype("str").dropna().unique()))
    if kind != "money":
        texts, stray = _words_as_numbers(texts, name, own_words(settings, name, part.table))
        if stray:
            return Column(pd.Series(pd.NA, index=texts.index, dtype="Int64"), _code(texts.notna(), "unknown_value"))
    unit = part.units.get(name, "")
    numbers = read_numbers(texts, decimal=_decimal(part), unit=unit, whole=kind == "int", currencies=beside)
    numbers = _without_shares(numbers, texts)
    column = Column(numbers.found, numbers.faults, numbers.question, "ambiguous_number", numbers.currencies)
    if kind == "money":
        return column
    floats = to_floats(numbers.found)
    if kind == "number":
        return replace(column, found=floats, currencies=None)
    broken = floats.notna() & (floats % 1 != 0)
    faults = numbers.faults.mask(broken, "not_a_number")
    return replace(column, found=floats.mask(broken).astype("Int64"), faults=faults, currencies=None)


def _words_as_numbers(texts: pd.Series, name: str, own: dict[str, str]) -> tuple[pd.Series, bool]:
    """Marks and steps written as words; a purchase ladder on which too few words are known is another ladder."""
    scale = shipped(_SCALES.get(name, name))
    if not scale and not own:
        return texts, False
    words, unknown = read_words(texts, lookup("", scale, {w: value for value, ws in scale.items() for w in ws} | own))
    written = texts.notna() & (words.notna() | unknown)
    stray = name == "purchase_stage" and unknown.sum() > (1 - _STEP_WORDS) * max(written.sum(), 1)
    return texts.where(words.isna(), words), bool(stray)


def _without_shares(numbers: Numbers, texts: pd.Series) -> Numbers:
    """A percentage or a 折 is no number of its own in a column of numbers."""
    if not numbers.shares:
        return numbers
    marked = texts.isin(numbers.shares)
    return replace(numbers, found=numbers.found.mask(marked, None), faults=numbers.faults.mask(marked, "not_a_number"))


def _decimal(part: Part) -> str | None:
    return part.spec.decimal or ("." if part.typed else None)


def _read_formula(part: Part, raw: pd.DataFrame, name: str) -> Column:
    """A value that client.yaml makes from several columns; a discount among them counts as the share it takes off."""
    formula = part.formulas[name]
    operands = [_operand(part, raw[f"{name}*{n}"].astype("str"), f"{name}*{n}") for n in range(len(formula.places))]
    faults = operands[0].faults
    for other in operands[1:]:
        faults = other.faults if faults is None else faults if other.faults is None else faults.fillna(other.faults)
    question, code = next(((one.question, one.code) for one in operands if one.question), ("", "ambiguous_number"))
    currencies = next((one.currencies for one in operands if one.currencies is not None), None)
    return Column(formula.of([one.found for one in operands]), faults, question, code, currencies)


def _operand(part: Part, texts: pd.Series, place: str) -> Column:
    match = field_of(part.headers[place], part.table) or field_of(part.headers[place], "orders")
    if match and match.field in ("discount", "discount_rate"):
        shares = _ratio_column(part, texts, place, discount=True)
        return replace(shares, found=shares.found.map(lambda share: Decimal(str(share)), na_action="ignore"))
    numbers = read_numbers(texts, decimal=_decimal(part), unit=part.units.get(place, ""))
    return Column(numbers.found, numbers.faults, numbers.question, "ambiguous_number", numbers.currencies)
