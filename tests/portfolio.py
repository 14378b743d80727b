"""Small hand-made frames for the tests of pictures, tables and words."""

from __future__ import annotations

import datetime as dt
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
from portfolio_people import people_frames

from mcrlib.judge.regret import regret_verdicts
from mcrlib.settings import Settings
from mcrlib.show import figures

NAMES = (
    "Northwind",
    "Müller & Söhne GmbH",
    "A$B $x$ <b>",
    "北京喆堃科技有限公司",
    "😀 Smile",
    "莊敬鹽業",
    "A very long name " * 4,
)


def run(language: str = "en", currency: str | None = "EUR", clean: Any = None) -> SimpleNamespace:
    """As much of a run as the floor SHOW needs."""
    settings = Settings(currency=currency)
    return SimpleNamespace(language=language, date=dt.date(2025, 8, 30), client="x", settings=settings, clean=clean)


def accounts(n: int) -> pd.DataFrame:
    """``n`` accounts with everything that chapters 02 to 06 say about them."""
    draw = np.random.default_rng(1)
    harvest = np.where(draw.random(n) < 0.25, 0.0, draw.lognormal(10, 1.6, n))
    soil = harvest * draw.lognormal(0.9, 0.6, n) + np.where(draw.random(n) < 0.3, draw.lognormal(9, 1, n), 0)
    fertility = np.where(draw.random(n) < 0.1, np.nan, draw.uniform(0, 100, n))
    rank = pd.Series(-soil).rank(method="first", pct=True)
    rich, fertile = harvest >= np.median(harvest), fertility >= 50
    quadrant = np.select([rich & fertile, rich, fertile], ["granary", "mined", "sown"], "barren")
    crop = harvest * 0.8
    return pd.DataFrame(
        {
            "account_id": [f"A{i}" for i in range(n)],
            "account_name": [NAMES[i] if i < len(NAMES) else f"Customer {i}" for i in range(n)],
            "tier": pd.cut(rank, [0, 0.05, 0.2, 0.5, 1], labels=list("SABC")).astype(str),
            "tier_probability": draw.uniform(0.4, 1, n),
            "tier_rule": draw.choice(list("SABC"), n),
            "harvest": harvest,
            "harvest_previous": np.where(draw.random(n) < 0.3, 0, harvest * draw.lognormal(0, 0.5, n)),
            "soil_value": soil,
            "soil_low": soil * 0.55,
            "soil_high": soil * 1.6,
            "soil_basis": "orders",
            "soil_status": "ok",
            "judged_days": 364,
            "p_alive": draw.random(n),
            "fertility": fertility,
            "quadrant": quadrant,
            "verdict": pd.Series(quadrant).map(
                {"granary": "defend", "mined": "restore", "sown": "open", "barren": "leave"}
            ),
            "run_rate": crop,
            "pipeline_value": crop / 2,
            "crop_value": crop * 1.5,
            "crop_low": crop,
            "crop_high": crop * 2,
            "predicted": harvest * 1.1,
            "actual": harvest,
            "n_orders": draw.integers(0, 9, n),
            "days_since_last": draw.uniform(0, 900, n),
            "last_order_date": pd.Timestamp("2025-03-01"),
        }
    )


@cache
def pictures(n: int, language: str = "en") -> dict[str, Any]:
    """Every picture by name, as a function of ``ax``, drawn from ``n`` accounts."""
    on, frame, draw = run(language), accounts(n), np.random.default_rng(2)
    days = pd.date_range("2021-01-01", "2025-08-30", freq="QS")
    periods = pd.DataFrame({"account_id": "A0", "period": days, "gp": draw.lognormal(9, 0.5, len(days))})
    tables = pd.DataFrame(
        {"table": ["accounts", "orders"], "rows_in": [n, 900], "rows_kept": [n, 850], "rows_quarantined": [0, 50]}
    )
    reasons = pd.DataFrame({"table": ["orders"] * 2, "code": ["duplicate", "orphan"], "n": [30, 20]})
    fields = pd.DataFrame(
        [("contacts", f, t, s) for f, s in (("title", 0.2), ("status", 0.9)) for t in "SABC"],
        columns=["table", "field", "tier", "share"],
    )
    backtest = pd.DataFrame(
        [("kit", "revenue", "mae", 8200.0, n), ("last_year", "revenue", "mae", 9100.0, n)],
        columns=["model", "target", "metric", "value", "n"],
    )
    rates = pd.DataFrame(
        [("qualify", 0.21, 0.17, 0.26, 310, 0.15), ("negotiate", 0.7, 0.4, 0.9, 7, 0.6)],
        columns=["stage_std", "win_rate", "low", "high", "n", "chance"],
    )
    deals = pd.DataFrame({"date": days, "amount": draw.uniform(60, 100, len(days)), "list_amount": 100.0})
    frames: dict[str, tuple[pd.DataFrame, dict[str, Any]]] = {
        "rows_flow": (tables, {"reasons": reasons}),
        "completeness": (fields, {}),
        "gp_by_period": (periods, {"by": "quarter"}),
        "tier_pyramid": (frame, {}),
        "tier_map": (frame, {}),
        "tier_borderline": (frame, {}),
        "size_map": (sizes(frame), {}),
        "top_slopes": (_listed(frame.head(40)), {}),
        "hour_bars": (_served(frame), {}),
        "beginnings_bars": (frame.assign(quarter=draw.integers(1, 5, n)), {}),
        "tier_moves": (tier_pairs(n), {"since": dt.date(2025, 7, 31)}),
        "tier_regret": (gained(), {"regret": tier_ways(n), "watches": regret_verdicts(tier_ways(n))}),
        "tier_flows": _years(frame),
        "outlook_fan": _outlook(n),
        "lift_intervals": (_lifts(), {}),
        "backtest_bars": (backtest, {"verdict": verdict()}),
        "soil_intervals": (frame, {}),
        "sleeper_gaps": (asleep(frame), {}),
        "concentration": (frame, {}),
        "crops_stack": (frame, {}),
        "gp_bridge": (frame, {}),
        "patience_curves": _strategic(frame),
        "patience_gates": (gated(frame), {}),
        "win_rates": (rates, {}),
        "discounts": (deals, {}),
        "soil_harvest_map": (frame, {"soil": "soil_value", "size": "crop_value"}),
        "balance_bars": (frame, {}),
        **people_frames(frame),
    }
    return {name: _later(name, first, on, knobs) for name, (first, knobs) in frames.items()}


def asleep(frame: pd.DataFrame) -> pd.DataFrame:
    """Quiet accounts of which all else promises more than their orders foretell; every other one never ordered."""
    soil, orders = frame["soil_value"], np.arange(len(frame)) % 2
    bounds = {"masked_low": 0.6 * soil, "masked_high": 1.7 * soil}
    return frame.assign(soil_masked=soil, foretold=0.1 * orders * soil, soil_gap=soil * (1 - 0.1 * orders), **bounds)


def sizes(frame: pd.DataFrame) -> pd.DataFrame:
    """The companies themselves: some of them of unknown size."""
    draw, n = np.random.default_rng(4), len(frame)
    size = np.where(draw.random(n) < 0.1, np.nan, draw.lognormal(18, 1.5, n))
    corner = draw.choice(["big_valuable", "big_only", "small_valuable", "small"], n, p=[0.1, 0.1, 0.1, 0.7])
    return frame.assign(size=size, corner=pd.Series(corner).where(~np.isnan(size)), repeats=draw.random(n) < 0.5)


def tier_pairs(n: int) -> pd.DataFrame:
    """Tiers then and now; nobody fell from S to C."""
    pairs = [(before, now) for before in "SABC" for now in "SABC"]
    counts = [0 if pair == ("S", "C") else max(0, n - 3 * place) for place, pair in enumerate(pairs)]
    frame = pd.DataFrame(pairs, columns=["tier_before", "tier"])
    return frame.assign(n_accounts=counts, soil_value=[1234.5 * count for count in counts])


def tier_ways(n: int) -> pd.DataFrame:
    """Ways to choose S and A, best first."""
    ways = ["hindsight", "kit", "crm", "rule", "last_year", "random"]
    share = np.linspace(0.9, 0.2, len(ways))
    frame = pd.DataFrame({"way": ways, "share": share, "low": share - 0.1, "high": share + 0.08})
    return frame.assign(
        days=730, accounts_share=0.2, regret=(0.9 - share) * 1e6, regret_fifth=(0.9 - share) * 1e6, hits=0.5, tau=0.5,
        better_by=0.76 - share, better_low=0.7 - share, better_high=0.8 - share, beats_lot=True, outcome="better",
        cutoffs=3, n=n,
    )  # fmt: skip


def gained() -> pd.DataFrame:
    """What the first accounts of each order held."""
    shares = np.linspace(0, 1, 11)
    ways = {"hindsight": shares**0.2, "kit": shares**0.4, "last_year": shares**0.5, "crm": shares**0.6}
    frames = [pd.DataFrame({"way": way, "accounts_share": shares, "profit_share": held}) for way, held in ways.items()]
    return pd.concat(frames, ignore_index=True)


def gated(frame: pd.DataFrame) -> pd.DataFrame:
    """The accounts as strategic entries at their gates."""
    chance = np.random.default_rng(4).random(len(frame))
    gate = np.select([chance > 0.6, chance < 0.3], ["reinforce", "stop"], "review")
    return frame.assign(depth=-frame["harvest"], p_payback=chance, gate=gate)


def _years(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The tiers of three years, those of a later one a step on; and a mix to come."""
    ranks, tiers = np.arange(len(frame)), np.array([*"SABC", "none"])
    years = {pd.Timestamp(2023 + year, 8, 30): tiers[(ranks + (ranks % 4 == year)) % 5] for year in range(3)}
    seen = [frame[["account_id"]].assign(date=date, tier=tier) for date, tier in years.items()]
    fifth = len(frame) / 5
    mix = pd.DataFrame({"tier": tiers, "n_now": 5, "n_expected": fifth, "n_low": 0.8 * fifth, "n_high": 1.3 * fifth})
    return pd.concat(seen, ignore_index=True), {"mix": mix, "ahead": dt.date(2026, 8, 30)}


def _listed(frame: pd.DataFrame) -> pd.DataFrame:
    """Today's top list and that of five years ago: some stayed, some are new, some left."""
    moved = np.resize(["stayed", "new", "left", "new"], len(frame))
    then = frame["harvest"].where(moved != "new", 0.0)
    return frame.assign(gp_then=then, gp_now=frame["harvest"].where(moved != "left", 10.0), moved=moved, years=5)


def _served(frame: pd.DataFrame) -> pd.DataFrame:
    """Hours and what they bring, some far more than the company does."""
    draw = np.random.default_rng(6)
    ratio = draw.lognormal(0.0, 1.2, len(frame))
    carries = np.select([ratio >= 1, ratio > 0.6, ratio > 0.4], ["now", "ahead", "entry"], "no")
    return frame.assign(hours=draw.uniform(1, 90, len(frame)), hour_ratio=ratio, carries=carries)


def _outlook(n: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    years = np.arange(1, 6)
    ahead = pd.DataFrame({"years": years, "expected": 9e5 * years, "low": 5e5 * years, "high": 2e6 * years})
    past = pd.DataFrame({"years": np.linspace(-3, 0, 13), "total": np.linspace(-3e6, 0, 13)})
    return ahead, {"past": past, "last_year": 1e6, "n": n}


def _lifts() -> pd.DataFrame:
    lift = np.array([1.2, 0.5, -0.1, -0.3])
    frame = pd.DataFrame({"lifter": ["Contacts", "Their employees", "Segment: <b>", "Functions known"], "lift": lift})
    return frame.assign(lift_low=lift - 0.2, lift_high=lift + 0.3, is_sure=[True, True, False, False])


#: How far the ends of a fan are from its middle.
_ENDS = {"low": 1, "middle": 0, "high": -2, "gate_low": 0.2, "gate_high": -0.6}


def _strategic(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Curves of up to 20 entries, with their fans."""
    few, day = gated(frame).head(20), pd.Timestamp("2025-07-01")
    quarters = pd.DataFrame({"quarter": pd.date_range("2022-07-01", day, freq="QS"), "step": np.linspace(0, 1, 13)})
    curves = few[["account_id", "depth"]].merge(quarters, how="cross", validate="many_to_many")
    ahead = few[["account_id", "depth"]].merge(quarters, how="cross", validate="many_to_many")
    ahead["quarter"] += pd.DateOffset(years=3)
    bounds = {name: ahead["depth"] * (1 + k * ahead["step"]) for name, k in _ENDS.items()}
    return curves.assign(cumulative=curves["depth"] * curves["step"]), {"fan": ahead.assign(**bounds), "patience": few}


def verdict(outcome: str = "wins") -> SimpleNamespace:
    """A comparison as ``mcrlib.judge.backtest`` makes it."""
    return SimpleNamespace(
        baseline="last_year", target="revenue", metric="mae", baseline_error=9100.0, better_by=0.1,
        low=-1400.0, high=-300.0, outcome=outcome,
    )  # fmt: skip


def _later(name: str, frame: pd.DataFrame, on: SimpleNamespace, knobs: dict[str, Any]) -> Any:
    def draw(rows: pd.DataFrame | None = None, **more: Any) -> Any:
        return getattr(figures, name)(frame if rows is None else rows, on, **(knobs | more))

    draw.frame = frame  # type: ignore[attr-defined]
    return draw
