"""A table that people read: column names in words, money by language, its basis underneath."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
from great_tables import GT, html, loc

from mcrlib.show.words.catalogue import UNKNOWN, Words, of
from mcrlib.show.words.terms import has_terms, term

#: Columns that hold money, and columns that hold shares.
MONEY = frozenset(
    {
        "revenue_total", "gp_total", "revenue_12m", "revenue_previous_12m", "harvest", "harvest_previous",
        "revenue_36m", "gp_36m", "open_amount", "soil_value", "soil_low", "soil_high", "revenue_expected",
        "crop_value", "crop_low", "crop_high", "run_rate", "pipeline_value", "revenue", "gp", "amount",
        "harvest_before", "harvest_step", "crop_before", "came", "due", "at_risk",
        "soil_before", "soil_step", "regret", "potential", "first_year",
        "annual_revenue", "revenue_predicted", "revenue_low", "revenue_high",
        "per_hour", "pay", "mae", "rmse", "booked", "own_amount", "contract_value", "cumulative", "depth", "waiting",
        "soil_masked", "masked_low", "masked_high", "foretold", "soil_gap", "last_year",
        "next_year", "next_year_low", "next_year_high", "three_years",
        "renewed_expected", "expected_low", "expected_high", "renewed_came",
        "lasting_harvest", "lost_amount", "neighbour_amount", "budget_left",
        "open_against", "at_stake", "gp_held", "gp_held_before", "gp_held_step",
        "expected", "loss_low", "loss_high", "gp_expected", "crops_expected", "crops_came",
    }
)  # fmt: skip
SHARES = frozenset(
    {
        "tier_probability", "p_alive", "share", "harvest_share", "accounts_share", "soil_share", "coverage",
        "filled_share", "filled_share_before",
        "win_rate", "profile", "decision_chain", "plan", "contacts", "wallet", "rival", "notes", "wanted", "likeness",
        "support_value", "intimacy_value", "general", "reached", "organisation", "recognition", "trust", "fit",
        "fertility_coverage", "agreement_depth", "known_parts", "parts_in_touch", "own_change", "touch_change",
        "better_by", "potential_used", "p_renewal", "p_payback", "hour_ratio", "hour_ratio_ahead", "timed", "grown",
        "hour_ahead_low", "hour_ahead_high",
        "hours_share", "effort_ratio", "pay_capacity", "repeat_share",
        "repeat_low", "repeat_high", "gap_spread", "continuity", "industry_share", "industry_grown",
        "beyond_industry", "hits", "profit_share",
        "won_share", "kept", "vct_value", "vct_communication", "vct_trust", "early", "joint_share", "help_share",
        "held", "running", "loss_share", "same_industry", "fits", "inside",
    }
)  # fmt: skip
#: Differences of shares, in percentage points.
POINTS = frozenset({"won_gap", "won_gap_low", "won_gap_high"})
#: Points and places: a digit behind the dot would claim too much.
WHOLE = frozenset({"fertility", "fertility_low", "fertility_high", "fertility_rank_low", "fertility_rank_high"})
#: Columns of small numbers that need their digits.
FINE = frozenset({"brier", "log_loss", "tau"})
_TIERS = ("S", "A", "B", "C")
#: Keeps the letters of a unit on one line, where Chinese would break between any two.
_JOINED = "\u2060"

#: Rows that a page carries to be sorted, searched and unfolded there; those below ``top`` are hidden at first.
_CARRIED = 60
_BELOW = '<span class="more"></span>'

#: Look of chips and bars, for JupyterLab and for the published page. Bars have steps of five percent.
CSS = (
    ".tier{display:inline-block;min-width:1.4em;padding:0 .35em;border-radius:.3em;text-align:center;font-weight:600}"
    ".tier-S{background:#4A2C14;color:#fff}.tier-A{background:#8A5A2E;color:#fff}"
    ".tier-B{background:#CFA877;color:#2B2622}.tier-C{background:#EFE3D0;color:#2B2622}"
    ".bar{display:block;height:.3em;margin-top:.15em;background:#C98F1D;margin-left:auto}tr:has(.more){display:none}"
) + "".join(f".w-{width}{{width:{width}%}}" for width in range(0, 101, 5))


def table(
    frame: pd.DataFrame,
    run: Any,
    name: str,
    *,
    title: str,
    note: str = "",
    columns: Sequence[str] | Mapping[str, str] | None = None,
    top: int = 15,
) -> GT:
    """Show the first rows of a frame as a table for people, and say where the whole is.

    Parameters
    ----------
    frame : DataFrame
        One row per line of the table, best first; it is not sorted here. Numbers of known columns are written as money,
        shares, dates or counts; codes (tier, quadrant, verdict, stage …) as words; text is escaped.
    run
        Language, currency and as-of date.
    name : str
        Name of ``tables/<name>.csv`` that ``run.table(name, frame)`` wrote; makes the HTML ids too.
    title, note : str
        Heading, and basis of the numbers; sentences of the kit are said in the reader's language.
    columns : list or dict, optional
        Columns to show in this order; a dict gives their names in words. A name with ``+bar`` at its end gets bars. A
        column of which nothing is known is left out, but for the first.
    top : int
        Rows that a reader reads; the page carries up to sixty for its search, and the download all.

    Returns
    -------
    GT
        A great-tables table with stable ids.

    Raises
    ------
    ValueError
        ``name`` is not made of small letters, digits and ``_``, or ``top`` is less than 1.
    KeyError
        A column is not in the frame.
    """
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise ValueError(f"a table's name is made of small letters, digits and _, not {name!r}")
    if top < 1:
        raise ValueError(f"top is how many rows to read, 1 or more, not {top}")
    say = of(run)
    wanted, labels, bars = _columns(frame, columns, say)
    shown = frame[wanted].head(max(top, _CARRIED))
    texts = pd.DataFrame({column: _texts(shown[column], say) for column in wanted})
    made = (
        GT(texts, id=f"mcr-{name.replace('_', '-')}", locale="en")
        .tab_header(title=say.text(title))
        .cols_label(cases=dict[str, Any](labels))
        .cols_align("right", [column for column in wanted if _is_number(frame[column])])
        .opt_css(CSS)
    )
    for column in wanted:
        if column in bars:
            made = made.fmt(_bar_writer(texts[column], shown[column], frame[column].max()), columns=column)
        elif column.startswith("tier") and shown[column].dropna().isin(_TIERS).all():
            made = made.fmt(_chip, columns=column)
    if len(shown) > top:
        below = loc.body(columns=wanted[0], rows=list(range(top, len(shown))))
        made = made.text_transform(below, lambda text: f"{_BELOW}{text}")
    if frame.empty:
        made = made.tab_options(column_labels_hidden=True)
    made = made.tab_source_note(say.text(note)) if note else made
    basis = _basis(len(frame), top, run, say)
    return made.tab_source_note(basis if frame.empty else html(say.together(escape(basis), _download(name, say))))


def _columns(
    frame: pd.DataFrame, columns: Sequence[str] | Mapping[str, str] | None, say: Words
) -> tuple[list[str], dict[str, str], set[str]]:
    asked = list(columns) if columns is not None else list(frame.columns)
    bars = {column.removesuffix("+bar") for column in asked if column.endswith("+bar")}
    wanted = [column.removesuffix("+bar") for column in asked]
    absent = [column for column in wanted if column not in frame.columns]
    if absent:
        raise KeyError(f"the frame has no column {', '.join(absent)}; it has {', '.join(map(str, frame.columns))}")
    known = frame[wanted[1:]].notna().any()
    wanted = [column for column in wanted if frame.empty or known.get(column, True)]
    own = (
        {column.removesuffix("+bar"): text for column, text in columns.items()} if isinstance(columns, Mapping) else {}
    )
    labels = {column: say.text(own[column]) if column in own else term(say, "column", column) for column in wanted}
    labels = {column: text[:1].upper() + text[1:] for column, text in labels.items()}
    unit = say.money_unit() if say.language == "en" else _JOINED.join(say.money_unit())
    for column in MONEY.intersection(wanted) if unit else ():
        labels[column] = say("{heading}, {unit}", heading=labels[column], unit=unit)
    return wanted, labels, bars


def _texts(column: pd.Series, say: Words) -> list[str]:
    return [_writer(column, say)(value) for value in column]


def _writer(column: pd.Series, say: Words) -> Callable[[Any], str]:
    """How the values of a column are written."""
    name = str(column.name)
    if has_terms(name):
        return lambda code: UNKNOWN if pd.isna(code) else term(say, name, code)
    if name in MONEY:
        return lambda value: say.money(value, unit=False)
    if name in SHARES:
        return say.percent
    if name in POINTS:
        return lambda value: say.number(100 * value)
    if name in FINE:
        return lambda value: say.number(value, 3)
    if pd.api.types.is_datetime64_any_dtype(column):
        return say.day
    if pd.api.types.is_bool_dtype(column):
        return lambda value: UNKNOWN if pd.isna(value) else say("yes") if value else say("no")
    if name in WHOLE or pd.api.types.is_integer_dtype(column):
        return say.number
    if pd.api.types.is_float_dtype(column):
        whole = (column.dropna() % 1 == 0).all()
        return lambda value: say.number(value, 0 if whole else 1)
    return lambda value: UNKNOWN if pd.isna(value) else str(value)


def _is_number(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _chip(tier: str) -> str:
    return f'<span class="tier tier-{tier}">{tier}</span>' if tier in _TIERS else escape(str(tier))


def _bar_writer(texts: pd.Series, values: pd.Series, largest: float) -> Callable[[str], str]:
    """A writer that puts a small bar under each number; great-tables hands it the written text."""
    shares = {text: max(0.0, float(value) / largest) for text, value in zip(texts, values, strict=True) if largest > 0}

    def write(text: str) -> str:
        width = 5 * round(20 * shares.get(text, 0.0)) if shares.get(text) == shares.get(text) else 0
        return f'{escape(str(text))}<span class="bar w-{width}"></span>'

    return write


def _basis(rows: int, top: int, run: Any, say: Words) -> str:
    if rows == 0:
        return say("Nothing to list.")
    if top < rows:
        said = say("The first {shown} of {n} rows.", shown=say.number(top), n=say.number(rows))
    else:
        said = say.count("{n} row.", "{n} rows.", rows)
    return say.together(said, say("As of {date}.", date=say.date(run.date)))


def _download(name: str, say: Words) -> str:
    return f'<a href="tables/{name}.csv">{escape(say("Download the whole table (CSV)"))}</a>'
