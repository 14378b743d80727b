"""From texts to typed columns: every column of an export is judged as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from mcrlib import schema
from mcrlib.errors import Complaint, UsageError, nearest
from mcrlib.read.dates import read_dates
from mcrlib.read.dialects import Part
from mcrlib.read.drafts import QUARANTINE, Draft
from mcrlib.read.numbers import Spelling, currency_code, read_numbers, unit_parts
from mcrlib.read.ratios import read_ratios
from mcrlib.read.words import lookup, read_flags, read_names, read_text, read_words, shipped, tidy_all
from mcrlib.settings import Settings

#: Fields that the kit reads and does not keep; what they mean is settled in ``meanings`` and ``identity``.
_HELPERS = {
    "id": ("product_id", "line_no"),
    "text": ("status_reason", "content", "first_name", "last_name", "currency"),
    "name": ("account_name", "contact_name", "opportunity_name", "owner_name", "reports_to", "manager"),
    "bool": ("is_won", "is_closed"),
    "date": ("updated_date", "order_date"),
    "money": ("amount_base", "amount_converted", "margin"),
    "ratio": ("discount",),
}
#: Alias fields that are another word for a canonical column.
_SAME = {
    "contracts": {"contract_type": "kind"},
    "cases": {"type": "kind"},
    "owner_history": {"old_owner": "old", "new_owner": "new"},
}
#: Marks that a spreadsheet or a pivot leaves on an id.
_QUOTE = r"^['’‘`]+"
_DAMAGED = r"^\d(?:[.,]\d+)?[Ee]\+\d{2}$"
_LONG = r"^\d{16,}$"


@dataclass(frozen=True)
class Column:
    """One column as read: typed values, the code of each value that could not be read, and open questions."""

    found: pd.Series
    faults: pd.Series | None = None
    question: str = ""
    code: str = "ambiguous"
    currencies: pd.Series | None = None


def check_own_words(settings: Settings) -> None:
    """Refuse ``values`` of client.yaml that name no field or no canonical value."""
    enums = {name: _allowed(table, name) for table in schema.tables().values() for name in table.columns}
    enums |= {"stage": _allowed(schema.tables()["opportunities"], "stage_std")}
    problems = []
    for field, words in settings.values.items():
        if field not in enums:
            problems.append(f"values: unknown field '{field}'{nearest(field, enums)}")
            continue
        allowed = (
            set().union(*(_allowed(t, field) for t in schema.tables().values() if field in t.columns)) | enums[field]
        )
        wrong = [value for value in words.values() if allowed and value not in allowed]
        problems += [
            f"values.{field}: '{one}' is none of {', '.join(sorted(allowed))}{nearest(one, allowed)}" for one in wrong
        ]
    if problems:
        raise UsageError("; ".join(problems))


def _allowed(table: schema.Table, name: str) -> set[str]:
    return set(table.columns[name].values) if name in table.columns else set()


def read_part(part: Part, settings: Settings) -> tuple[Draft, list[Complaint]]:
    """The rows of one sheet as a draft with typed columns, and the questions that must be settled first.

    Parameters
    ----------
    part : Part
        Rows of one sheet, as texts, columns named by field.
    settings : Settings
        For the client's own words.

    Returns
    -------
    Draft
        Rows whose required values could not be read are set aside; other unread values are missing, counted and said.
    list of Complaint
        Columns that are ambiguous or damaged as a whole.
    """
    raw = part.raw.rename(columns=_SAME.get(part.table, {})).rename_axis(None)
    raw = raw.loc[:, ~raw.columns.duplicated()]
    origin = {"src_file": part.file, "src_sheet": part.sheet, "src_row": raw.index.to_series().astype("int64")}
    columns = {name: _read_column(part, raw, name, kind, settings) for name, kind in _wanted(part.table, raw)}
    rows = pd.DataFrame({name: column.found for name, column in columns.items()} | origin, index=raw.index)
    rows["_currency"] = _row_currency(part, columns)
    draft = Draft(
        table=part.table,
        rows=rows.reset_index(drop=True),
        rows_in=len(raw) + len(part.bad),
        headers=part.headers | {new: part.headers.get(old, old) for old, new in _SAME.get(part.table, {}).items()},
        files=(part.file,),
        aside=_already_aside(part),
        warnings=tuple(part.complaints),
    )
    questions = [
        Complaint(column.code, column.question, part.file, draft.header(name.split("*")[0]))
        for name, column in columns.items()
        if column.question
    ]
    for name, column in columns.items():
        draft = _handle_faults(draft, name, column, raw[_source(name, raw)].reset_index(drop=True))
    return draft, questions


def _source(name: str, raw: pd.DataFrame) -> str:
    return name if name in raw else f"{name}*0"


def _wanted(table: str, raw: pd.DataFrame) -> list[tuple[str, str]]:
    """Fields of this sheet that the kit reads, with their kinds."""
    known = {name: column.kind for name, column in schema.tables()[table].columns.items()}
    helpers = {name: kind for kind, names in _HELPERS.items() for name in names}
    fields = dict.fromkeys(re.sub(r"\*\d+$", "", str(field)) for field in raw.columns)
    return [(field, known.get(field) or helpers[field]) for field in fields if field in known or field in helpers]


def _already_aside(part: Part) -> pd.DataFrame:
    bad = part.bad.reindex(columns=["row", "column", "code", "raw"])
    return bad.assign(table=part.table, file=part.file)[list(QUARANTINE)].reset_index(drop=True)


def _read_column(part: Part, raw: pd.DataFrame, name: str, kind: str, settings: Settings) -> Column:
    if name not in raw:
        return _read_product(part, raw, name)
    texts = raw[name].astype("str")
    readers: dict[str, Callable[[], Column]] = {
        "id": lambda: read_ids(texts),
        "text": lambda: Column(
            read_names(texts) if name in _HELPERS["name"] and name != "manager" else read_text(texts)
        ),
        "name": lambda: Column(read_names(texts)),
        "date": lambda: _date_column(part, texts, name),
        "bool": lambda: _flag_column(part.table, texts, name, settings),
        "enum": lambda: _word_column(part.table, texts, name, settings),
    }
    if kind in readers:
        return readers[kind]()
    return _number_column(part, texts, name, kind, settings)


def _date_column(part: Part, texts: pd.Series, name: str) -> Column:
    dates = read_dates(texts, order=part.spec.date_order, monthly=name == "period")
    return Column(dates.found, dates.faults, dates.question, "ambiguous_date")


def _flag_column(table: str, texts: pd.Series, name: str, settings: Settings) -> Column:
    found, unknown = read_flags(texts)
    if unknown.any() and (special := shipped(f"{table}.{name}") or settings.values.get(name)):
        known = lookup("bool", (), {}) | lookup(f"{table}.{name}", (), {}) if isinstance(special, dict) else {}
        words, unknown = read_words(texts, known | lookup("", (), settings.values.get(name, {})))
        found = words.map({"yes": True, "no": False, "true": True, "false": False}).astype("boolean")
    return Column(found, _code(unknown, "unknown_value"))


def _word_column(table: str, texts: pd.Series, name: str, settings: Settings) -> Column:
    spec = schema.tables()[table].columns[name]
    known = word_list(table, name, spec.values, settings)
    found, unknown = read_words(texts, known)
    return Column(found, _code(unknown, "unknown_value"))


def word_list(table: str, name: str, values: tuple[str, ...], settings: Settings) -> dict[str, str]:
    """Every word known for a column: canonical values, the kit's aliases, the client's own words."""
    alias = f"{table}.{name}" if shipped(f"{table}.{name}") else name
    return lookup(alias, values, settings.values.get(name, {}))


def _number_column(part: Part, texts: pd.Series, name: str, kind: str, settings: Settings) -> Column:
    unit = part.units.get(name, "")
    if kind in ("int", "number") and (scale := shipped("satisfaction" if name in ("score", "satisfaction") else name)):
        words, unknown = read_words(texts, lookup("", scale, settings.values.get(name, {})) | _inverse(scale))
        texts = texts.where(words.isna() | unknown, words)
    if kind == "ratio":
        ratios = read_ratios(texts, decimal=_decimal(part), unit=unit, discount=name == "discount")
        return Column(ratios.found, ratios.faults, ratios.question, "ambiguous_percent")
    numbers = read_numbers(texts, decimal=_decimal(part), unit=unit, whole=kind == "int")
    percent = {s for s in numbers.spellings if isinstance(s, Spelling) and (s.percent or s.zhe)}
    faults = numbers.faults
    if percent:
        marked = texts.str.contains(r"[%％折]").fillna(False).astype(bool)
        faults = faults.mask(marked, "not_a_number")
        numbers_values = numbers.found.mask(marked, None)
    else:
        numbers_values = numbers.found
    if kind == "money":
        return Column(numbers_values, faults, numbers.question, "ambiguous_number", numbers.currencies)
    floats = pd.to_numeric(numbers_values.astype(object).map(float, na_action="ignore"), errors="coerce").astype(
        "float64"
    )
    if kind == "int":
        broken = floats.notna() & (floats % 1 != 0)
        faults = faults.mask(broken, "not_a_number")
        return Column(floats.mask(broken).astype("Int64"), faults, numbers.question, "ambiguous_number")
    return Column(floats, faults, numbers.question, "ambiguous_number")


def _inverse(scale: dict[str, list[str]]) -> dict[str, str]:
    return lookup("", (), {word: value for value, words in scale.items() for word in words})


def _decimal(part: Part) -> str | None:
    return part.spec.decimal or ("." if part.typed else None)


def _read_product(part: Part, raw: pd.DataFrame, name: str) -> Column:
    """A value that client.yaml gives as a product of two columns."""
    factors = [
        read_numbers(raw[column], decimal=_decimal(part), unit=part.units.get(column, ""))
        for column in raw.columns
        if str(column).startswith(f"{name}*")
    ]
    product = factors[0].found
    faults = factors[0].faults
    for factor in factors[1:]:
        pairs = zip(product, factor.found, strict=True)
        product = pd.Series(
            [None if a is None or b is None or a != a or b != b else a * b for a, b in pairs],
            index=raw.index,
            dtype=object,
        )
        faults = faults.fillna(factor.faults)
    question = next((factor.question for factor in factors if factor.question), "")
    return Column(product, faults, question, "ambiguous_number", factors[0].currencies)


def read_ids(texts: pd.Series) -> Column:
    """Ids as text: full-width forms plain, unseen characters, outer blanks and Excel's apostrophe removed, case kept."""
    ids = tidy_all(texts)
    ids = ids.str.replace(_QUOTE, "", regex=True)
    ids = ids.mask(ids == "")
    floats = ids.str.match(r"^\d+\.0$").fillna(True).astype(bool)
    if floats.all():
        ids = ids.str.slice(0, -2)
    damaged = ids.str.match(_DAMAGED).fillna(False).astype(bool)
    long = ids[ids.str.match(_LONG).fillna(False).astype(bool)].drop_duplicates()
    cut = long.str.slice(15).str.strip("0") == ""
    if damaged.any():
        example = ids[damaged].iloc[0]
        text = f"{int(damaged.sum())} ids were damaged by a spreadsheet, such as '{example}' (scientific notation, digits are lost)"
    elif len(long) > 1 and cut.all():
        text = f"{len(long)} ids were damaged by a spreadsheet: all digits after the fifteenth are 0, such as '{long.iloc[0]}'"
    else:
        return Column(ids)
    return Column(ids, None, f"{text}; export the file again as CSV and do not open it in a spreadsheet", "damaged_id")


def _code(where: pd.Series, code: str) -> pd.Series:
    return pd.Series(code, index=where.index, dtype="str").where(where)


def _row_currency(part: Part, columns: dict[str, Column]) -> pd.Series:
    """Currency of each row: its column, else the cell's symbol, else the header's unit, else the file's setting."""
    symbols = [column.currencies for column in columns.values() if column.currencies is not None]
    written = pd.Series(pd.NA, index=part.raw.index, dtype="str")
    for one in symbols:
        written = written.fillna(one)
    stated = columns["currency"].found if "currency" in columns else pd.Series(pd.NA, index=part.raw.index, dtype="str")
    codes = {text: currency_code(text) for text in stated.dropna().unique()}
    hinted = next((code for unit in part.units.values() if (code := unit_parts(unit)[1])), part.spec.currency)
    stated = stated.map(codes).astype("str").fillna(hinted or pd.NA)
    dollar = written.isin(["$", "¥"])
    stated = stated.fillna(written)
    clash = written.notna() & ~dollar & (written != stated)
    return stated.mask(clash, "!")


def _handle_faults(draft: Draft, name: str, column: Column, raw: pd.Series) -> Draft:
    """Set aside rows whose required value cannot be read; elsewhere the value is missing, counted and said."""
    if column.question or column.faults is None:
        return draft
    faults = column.faults.reset_index(drop=True).reindex(draft.rows.index)
    if not faults.notna().any():
        return draft
    if name in draft.spec.required:
        for code in sorted(faults.dropna().unique()):
            draft = draft.set_aside(faults.reindex(draft.rows.index) == code, code, name, raw)
        return draft
    for code in sorted(faults.dropna().unique()):
        hit = faults[faults == code].index
        example, row = raw.loc[hit[0]], int(draft.rows.loc[hit[0], "src_row"])
        draft = draft.note(name, code, len(hit), example)
        if code != "placeholder_date":
            text = f"{len(hit)} values are left out ({code.replace('_', ' ')}), such as '{example}'"
            draft = draft.warn(code, text + _hint(code, name), name, row)
    return draft


def _hint(code: str, name: str) -> str:
    return f"; say what they mean under values: {name} in client.yaml" if code == "unknown_value" else ""
