"""Small hand-made frames of people, ties and changes of hands for the tests of pictures."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from mcrlib.judge.organisation.scorecard import LIGHTS
from mcrlib.judge.relationships.grid import FUNCTIONS, LEVELS

#: Month after month of two years.
MONTHS = pd.date_range("2023-09-01", periods=24, freq="MS")


def people_frames(accounts: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, dict[str, Any]]]:
    """The frame and the knobs of every picture of people, as many sellers and customers as there are accounts."""
    shock, regions = losses(accounts), by_region(accounts)
    return {
        "loss_tornado": (shock, {}),
        "loss_course": (course(shock.head(1)), {"half_life": 3.4}),
        "tenure_lanes": (spells(accounts), {}),
        "scorecard_lights": (lights(len(accounts)), {}),
        "rotation_course": (path(len(accounts)), {"whole": year_after(len(accounts))}),
        "rotation_regions": (regions, {"whole": regions.head(1).drop(columns="group")}),
        "three_axis_map": (on_axes(accounts), {}),
        "persons_matrix": (key_persons(len(accounts)), {}),
        "coverage_grid": (cells(len(accounts)), {}),
        "executive_visits": (visits(accounts), {}),
        "logging_gaps": (logged(len(accounts)), {}),
        "opinion_gaps": (opinions(), {}),
        "rival_rates": (rivals(len(accounts)), {}),
        "promise_course": (kept(len(accounts)), {}),
    }


def losses(accounts: pd.DataFrame) -> pd.DataFrame:
    """One seller per account, the dearest first; nobody knows what every third one holds."""
    expected = 0.3 * accounts["harvest"].where(accounts.index % 3 != 2)
    shock = pd.DataFrame({"scenario": accounts["account_name"], "expected": expected})
    shock = shock.assign(low=0.2 * expected, high=2.4 * expected, flagged=2.4 * expected > 5e4)
    shock["status"] = np.where(expected.isna(), "not_available", "ok")
    return shock.sort_values(["expected", "scenario"], ascending=[False, True], ignore_index=True)


def course(shock: pd.DataFrame) -> pd.DataFrame:
    """A loss over eight quarters."""
    quarters = pd.DataFrame({"quarter": range(8), "part": 0.28 * 0.8 ** np.arange(8)})
    found = shock[["scenario", "expected", "low", "high"]].merge(quarters, how="cross", validate="many_to_many")
    return found.assign(**{name: found[name] * found["part"] for name in ("expected", "low", "high")})


def spells(accounts: pd.DataFrame) -> pd.DataFrame:
    """Who held each account: every other one changed hands, and of every third nobody knows since when."""
    named = accounts[["account_id", "account_name"]]
    began = pd.Timestamp("2019-02-01") + pd.to_timedelta(97 * (accounts.index % 17), unit="D")
    handed = pd.Timestamp("2024-03-15")
    moved = accounts.index % 2 == 1
    first = named.assign(valid_from=began, valid_to=pd.Series(pd.NaT, accounts.index).mask(moved, handed))
    first.loc[accounts.index % 3 == 2, "valid_from"] = pd.NaT
    both = pd.concat([first, named[moved].assign(valid_from=handed, valid_to=pd.NaT)], ignore_index=True)
    end = both["valid_to"].fillna(pd.Timestamp("2025-08-30"))
    both = both.assign(years=(end - both["valid_from"]).dt.days / 365.25)
    return both.sort_values("account_id", key=lambda ids: ids.str[1:].astype(int), kind="stable", ignore_index=True)


def lights(n: int) -> pd.DataFrame:
    """The six lights; one rests on little, one on nothing, and with a single seller only one is lit."""
    card = pd.DataFrame({"metric": [*LIGHTS, "overall"], "value": [0.82, 0.3, np.nan, 0.12, 0.0, 1.0, 0.46]})
    card["value"] = card["value"].where(card["metric"].isin(["excess", "overall"]) | (n > 1))
    card = card.assign(low=card["value"] - 0.1, high=card["value"] + 0.1, status="ok")
    card.loc[3, ["low", "high", "status"]] = [np.nan, np.nan, "weak"]
    card.loc[card["value"].isna(), "status"] = "not_available"
    return card


def path(n: int) -> pd.DataFrame:
    """Orders around a change of hands, quarter by quarter; the first has no like, the last is very unsure."""
    value = np.array([np.nan, 0.02, -0.05, 0.01, -0.31, -0.22, -0.16, -0.12, 0.4])
    low, high = value - 0.12, value + np.array([0.1] * 8 + [9.0])
    return pd.DataFrame({"quarter": range(-4, 5), "value": value, "low": low, "high": high, "n": n})


def year_after(n: int) -> pd.DataFrame:
    """The effect on all in the year after."""
    return pd.DataFrame({"value": [-0.15], "n": [n], "status": ["ok" if n > 2 else "not_available"]})


def by_region(accounts: pd.DataFrame) -> pd.DataFrame:
    """The effect by region, as many regions as accounts."""
    draw, n = np.random.default_rng(5), len(accounts)
    value = draw.normal(-0.15, 0.2, n)
    bounds = {"low": value - 0.15, "high": value + 0.2}
    return pd.DataFrame({"group": accounts["account_name"], "value": value, **bounds, "n": draw.integers(3, 90, n)})


def on_axes(accounts: pd.DataFrame) -> pd.DataFrame:
    """The customers on the three axes; of some nobody knows one of them."""
    draw, n = np.random.default_rng(6), len(accounts)
    known = {name: np.where(draw.random(n) < 0.2, np.nan, draw.random(n)) for name in ("key", "general")}
    known["organisation"] = np.where(draw.random(n) < 0.4, np.nan, draw.random(n))
    return accounts[["account_name", "tier"]].assign(**known)


def key_persons(n: int) -> pd.DataFrame:
    """Key persons: most recorded on a scale of five steps, some by proxy, some not known."""
    draw = np.random.default_rng(7)
    proxy = draw.random(n) < 0.3
    found = {"power": draw.choice([1.0, 2.0, 3.0], n)}
    for what in ("support", "intimacy"):
        found[f"{what}_value"] = np.where(proxy, draw.random(n), draw.choice([0, 0.25, 0.5, 0.75, 1], n))
        found[f"{what}_basis"] = np.where(proxy, "proxy", "recorded")
    frame = pd.DataFrame(found).assign(moved=draw.choice(["same", "warmer", "cooler", None], n))
    frame.loc[frame.index % 9 == 8, "support_value"] = np.nan
    return frame


def cells(n: int) -> pd.DataFrame:
    """The grid over ``n`` S and A customers; one cell is expected nowhere, one at few."""
    places = [(level, function) for level in LEVELS for function in FUNCTIONS][:-1]
    expected = [max(1, n - 200 * place) for place in range(len(places) - 1)] + [1]
    covered = [round(one * place / len(places)) for place, one in enumerate(expected)]
    grid = pd.DataFrame(places, columns=["level", "function"]).assign(n=expected, covered=covered)
    return grid.assign(share=grid["covered"] / grid["n"])


def visits(accounts: pd.DataFrame) -> pd.DataFrame:
    """Visits of executives; of some customers nothing is logged."""
    number = pd.Series(np.random.default_rng(8).poisson(1.6, len(accounts)), accounts.index, dtype=float)
    tier = np.where(accounts.index % 3 == 0, "S", "A")
    number = number.mask(accounts.index % 7 == 6)
    return pd.DataFrame({"tier": tier, "n_exec_visits": number, "n_exec_both": number // 2})


def logged(n: int) -> pd.DataFrame:
    """What ``n`` sellers logged in two years; every fourth logged nothing, of a single one a single month is known."""
    sellers = pd.DataFrame({"owner_id": [f"S{i}" for i in range(n)], "n_accounts": 1 + np.arange(n) % 30})
    months = pd.DataFrame({"month": MONTHS[-1:] if n == 1 else MONTHS})
    found = sellers.merge(months, how="cross", validate="many_to_many")
    share = np.where(np.repeat(np.arange(n), len(months)) % 4 == 3, 0, found["month"].dt.month / 12)
    return found.assign(n_logged=np.floor(found["n_accounts"] * share).astype(int))


def opinions() -> pd.DataFrame:
    """What key persons and others said: of one tier too little to judge, of one a gap, of all the middle."""
    said = pd.DataFrame({"tier": ["S", "A", "all"], "n_key": [30, 4, 34], "key_score": [0.9, 0.5, 0.85]})
    said = said.assign(n_others=[40, 3, 43], others_score=[0.6, 0.55, 0.6], is_hidden=[True, None, True])
    return said.assign(gap=said["key_score"] - said["others_score"]).astype({"is_hidden": "boolean"})


def rivals(n: int) -> pd.DataFrame:
    """As many rivals as there are accounts, from weak to strong."""
    rate = np.linspace(0.2, 0.9, n)
    record = pd.DataFrame({"rival": [f"Rival {place}" for place in range(n)], "n": 12, "win_rate": rate, "usual": 0.5})
    record = record.assign(low=rate - 0.1, high=np.minimum(rate + 0.1, 1.0))
    standing = np.select([record["low"] > 0.5, record["high"] < 0.5], ["ahead", "behind"], "even")
    return record.assign(standing=standing)


def kept(n: int) -> pd.DataFrame:
    """Promises of a dozen quarters at most."""
    course = pd.DataFrame({"ago": range(min(n, 12) - 1, -1, -1), "n_due": 9, "kept": 0.7})
    return course.assign(low=0.55, high=0.85, basis="recorded")
