"""Money in the base currency: one currency needs no rate, several need rates or are refused."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

import pandas as pd
import pyarrow as pa

from mcrlib.errors import Complaint, UsageError, nearest
from mcrlib.read.dialects import Part
from mcrlib.read.drafts import Draft
from mcrlib.read.kinds import Column
from mcrlib.read.numbers import CODES, currency_code, unit_parts
from mcrlib.read.words import map_unique
from mcrlib.settings import Settings

#: Money in a clean table: exact, four decimals.
MONEY = pd.ArrowDtype(pa.decimal128(24, 4))
_LIMIT = Decimal(10) ** 19
_CENT = Decimal("0.0001")
#: Tables whose sums the report shows; a currency that cannot be converted there stops the run.
_SUMMED = ("orders", "order_lines", "opportunities")
#: The amount as the CRM itself converts it; whose currency that is, its header does not tell.
_BASE, _IN_BASE = "amount_base", ("amount_base", "amount_converted")
#: More currencies than these are counted, not listed.
_LISTED = 5
#: Signs that several currencies share, and what is meant where nothing tells; a krone is of no country then.
_GENERIC = {
    "$": ("USD", "TWD", "HKD", "SGD", "CAD", "AUD", "NZD", "MXN"),
    "¥": ("CNY", "JPY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}
_USUAL = {"$": "USD", "¥": "CNY"}


def to_money(values: pd.Series) -> pd.Series:
    """Exact decimals rounded to four places; what no ledger holds (1e19 and more) is missing."""
    try:
        if isinstance(values.dtype, pd.ArrowDtype):
            array = pa.array(values).cast(MONEY.pyarrow_dtype)
        else:
            array = pa.array(values.to_numpy(object), MONEY.pyarrow_dtype, from_pandas=True)
        return pd.Series(pd.arrays.ArrowExtensionArray(array), index=values.index)
    except pa.ArrowInvalid:
        codes, unique = pd.factorize(values)
    with localcontext() as context:
        context.prec = 60
        rounded = [_round(one) for one in unique]
    array = pa.array(rounded, pa.decimal128(24, 4)).take(pa.array(codes, mask=codes < 0))
    return pd.Series(pd.arrays.ArrowExtensionArray(array), index=values.index)


def _round(value: Decimal) -> Decimal | None:
    return value.quantize(_CENT, ROUND_HALF_EVEN) if abs(value) < _LIMIT else None


def row_currency(part: Part, columns: dict[str, Column]) -> pd.Series:
    """Currency of each row: its column, else the header's unit or the file's setting, else the sign in the cell.

    A sign in the cell that contradicts the rest gives ``!``; a sign that several share stays until all files are read.
    """
    nothing = pd.Series(pd.NA, index=part.raw.index, dtype="str")
    written = nothing
    for column in (columns[name] for name in columns if name != _BASE):
        if column.currencies is not None and column.currencies.notna().any():
            written = written.fillna(column.currencies)
    stated = nothing
    if "currency" in columns:
        stated = map_unique(columns["currency"].found, currency_code).astype("str")
    hinted = next(
        (code for name, unit in part.units.items() if name not in _IN_BASE and (code := unit_parts(unit)[1])),
        part.spec.currency,
    )
    stated = stated.fillna(currency_code(hinted)) if hinted else stated
    if written.isna().all():
        return stated
    clash = written.notna() & stated.notna() & (written != stated)
    for sign, family in _GENERIC.items():
        clash &= ~((written == sign) & stated.isin([*family, sign])).fillna(False).astype(bool)
    return stated.fillna(written).mask(clash, "!")


@dataclass(frozen=True)
class _Rates:
    """Worth of one unit: fixed ones of client.yaml, and dated ones of the table fx_rates."""

    base: str
    fixed: dict[str, Decimal]
    dated: dict[str, pd.Series]

    def known(self) -> set[str]:
        """Currencies that have a rate at some date."""
        return set(self.fixed) | set(self.dated)

    def of(self, codes: pd.Series, dates: pd.Series | None) -> pd.Series:
        """Rate for every row; missing where there is none at that date."""
        found = codes.map(self.fixed).astype(object)
        for code, rates in self.dated.items():
            rows = codes.index[(codes == code) & found.isna()]
            if len(rows) and dates is not None:
                places = rates.index.searchsorted(dates.loc[rows], side="right") - 1
                found.loc[rows] = [rates.iloc[place] if place >= 0 else None for place in places]
        return found


def convert(drafts: dict[str, Draft], settings: Settings) -> tuple[dict[str, Draft], list[Complaint]]:
    """Every money column in the base currency.

    Returns
    -------
    dict of str to Draft
        Money columns as exact decimals with four places; column ``currency`` filled where a cell or header told it.
    list of Complaint
        Mixed currencies that nothing converts, all named.
    """
    named = {name: set(draft.rows["_currency"].dropna()) - {"!"} for name, draft in drafts.items()}
    found = set().union(*(named[name] for name in named if name in _SUMMED)) or set().union(*named.values())
    dollars = {sign: _meaning(sign, found, settings.currency) for sign in _GENERIC}
    found = {dollars.get(code, code) for code in found}
    rates = _rates(drafts, settings, found)
    complaints: list[Complaint] = []
    converted = {}
    for name, draft in drafts.items():
        draft = draft.put(_currency=draft.rows["_currency"].replace(dollars))
        problem = _unconvertible(draft, rates) if name in _SUMMED and (rates.base or len(found) > 1) else None
        complaints += [problem] if problem else []
        converted[name] = _convert_table(draft, rates)
    return converted, complaints


def _meaning(sign: str, found: set[str], base: str | None) -> str:
    """What a bare $, ¥ or kr stands for: the base currency, the only one of its kind in the files, else the usual."""
    family = _GENERIC[sign]
    if base and currency_code(base) in family:
        return currency_code(base)
    present = [code for code in family if code in found]
    return present[0] if len(present) == 1 else _USUAL.get(sign, sign)


def _rates(drafts: dict[str, Draft], settings: Settings, found: set[str]) -> _Rates:
    fixed = {currency_code(code): Decimal(str(rate)) for code, rate in settings.fx_rates.items()}
    dated = {}
    table = drafts.get("fx_rates")
    if table is not None and table.has("currency", "date", "rate_to_base"):
        rows = table.rows.dropna(subset=["currency", "date", "rate_to_base"]).sort_values("date", kind="stable")
        for code, group in rows.groupby(rows["currency"].map(currency_code)):
            dated[str(code)] = pd.Series(
                [Decimal(repr(r)) for r in group["rate_to_base"].tolist()], index=group["date"]
            )
    if settings.currency:
        base = currency_code(settings.currency)
        if base not in CODES and base not in _GENERIC:
            said = f"client.yaml: currency: '{settings.currency}' is no currency{nearest(base, sorted(CODES))}"
            raise UsageError(f"{said}: write its code, such as EUR")
    else:
        free = sorted(found - set(fixed) - set(dated)) or sorted(c for c, rate in fixed.items() if rate == 1)
        base = free[0] if len(free) == 1 else _base_by_amounts(drafts)
    return _Rates(base, fixed, dated)


def _base_by_amounts(drafts: dict[str, Draft]) -> str:
    """The base currency where the CRM converts: the only one whose amounts never change by it."""
    found = set[str]()
    for draft in drafts.values():
        if draft.table not in _SUMMED or not draft.has("amount", _BASE):
            continue
        rows = draft.rows.dropna(subset=["amount", _BASE, "_currency"])
        rows = rows[rows["amount"] != 0]
        same = (rows["amount"] == rows[_BASE]).groupby(rows["_currency"]).all()
        found |= {str(code) for code in same.index[same]} if not same.all() else set()
    return found.pop() if len(found) == 1 else ""


def _own_rate(draft: Draft, rows: pd.Index, rates: _Rates) -> pd.Series:
    """The rate at which the CRM converted each of these rows; missing where it did not, or nobody knows into what."""
    if not rates.base or not draft.has("amount", _BASE):
        return pd.Series(None, index=rows, dtype=object)
    pairs = zip(draft.rows.loc[rows, "amount"], draft.rows.loc[rows, _BASE], strict=True)
    with localcontext() as context:
        context.prec = 60
        found = [None if pd.isna(v) or pd.isna(b) or not v else b / v for v, b in pairs]
    return pd.Series(found, index=rows, dtype=object)


def _unconvertible(draft: Draft, rates: _Rates) -> Complaint | None:
    codes = draft.rows["_currency"].mask(draft.rows["_currency"] == "!")
    unrated = codes.notna() & (codes != rates.base) & ~codes.isin(rates.known())
    unrated[unrated] = _own_rate(draft, codes.index[unrated], rates).isna()
    counts = codes.value_counts().sort_index()
    foreign = [str(code) for code in counts.index if code in set(codes[unrated])]
    if not foreign:
        return None
    base = rates.base or str(counts.idxmax())
    wanted = [f"{code}: ..." for code in counts.index if code != base and code not in rates.known()]
    text = (
        f"amounts are in several currencies, here {_some([f'{code} ({n} rows)' for code, n in counts.items()])}, and "
        f"there is no rate for {_some(foreign)}; set currency: {base} and fx_rates: {{{_some(wanted)}}} in client.yaml"
    )
    if draft.has(_BASE) and not rates.base:
        text += f"; with currency: alone, the amounts of '{draft.header(_BASE)}' are taken, if they are in it"
    return Complaint("currency", text, draft.file, draft.header("currency"))


def _some(words: list[str]) -> str:
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(words[:_LISTED]) + more


def _convert_table(draft: Draft, rates: _Rates) -> Draft:
    money = [c.name for c in draft.spec.columns.values() if c.kind == "money" and c.name in draft.rows]
    draft = _fill_currency(draft)
    if not money:
        return draft
    clash = draft.rows["_currency"] == "!"
    if "amount" in money and draft.spec.columns["amount"].required:
        draft = draft.set_aside(clash, "currency_conflict", "amount")
    codes = draft.rows["_currency"]
    foreign = codes.notna() & (codes != rates.base) if rates.base else pd.Series(False, index=codes.index)
    date = next((c for c in (draft.spec.event_date, "paid_date", "signed_date") if c and c in draft.rows), None)
    rate = rates.of(codes[foreign], draft.rows.loc[foreign, date] if date else None)
    own = _own_rate(draft, rate.index[rate.isna()], rates)
    rate = rate.fillna(own)
    rows = draft.rows.copy()
    for column in money:
        rows[column] = to_money(_times(rows[column], rate))
    draft = draft.with_rows(rows)
    draft = draft.note("currency", "converted", int(rate.notna().sum()), f"to {rates.base}")
    draft = draft.note(_BASE, "converted_by_the_crm", int(own.notna().sum()), f"to {rates.base}")
    blank, lost = int(codes.isna().sum()), int(rate.isna().sum())
    if blank and foreign.any():
        draft = draft.warn("currency", f"{blank} rows name no currency; they are taken as {rates.base}", "currency")
    if not lost:
        return draft
    return draft.warn("currency", f"{lost} rows have money in a currency without a rate; it is left out", "currency")


def _times(values: pd.Series, rate: pd.Series) -> pd.Series:
    if rate.empty:
        return values
    values = values.astype(object)
    with localcontext() as context:
        context.prec = 60
        pairs = zip(values.loc[rate.index], rate, strict=True)
        values.loc[rate.index] = [None if pd.isna(v) or pd.isna(r) else v * r for v, r in pairs]
    return values


def _fill_currency(draft: Draft) -> Draft:
    """The code where a cell or a header tells it, so that a symbol and a column give the same clean table."""
    if "currency" not in draft.spec.columns or draft.table == "fx_rates" or draft.rows["_currency"].isna().all():
        return draft
    return draft.put(currency=draft.rows["_currency"].replace("!", pd.NA))
