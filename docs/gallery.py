"""Write docs/gallery.md with every picture of the kit, and docs/report.png, from the sample client's last run.

Run by ``make gallery``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from PIL import Image

from mcrlib.describe.accounts import (
    account_features,
    account_outcomes,
    account_owners,
    account_periods,
    pipeline,
    prices,
    repurchases,
    stages_passed,
)
from mcrlib.describe.contributions import contributions
from mcrlib.describe.coverage import completeness, information, set_aside
from mcrlib.describe.engagement import logging_by_month
from mcrlib.describe.organisation import discipline, roles, sellers, together
from mcrlib.describe.relationships import coverage_cells, known_people, organisations, person_held
from mcrlib.describe.standing import promises, rivals
from mcrlib.judge.backtest import metrics
from mcrlib.judge.change import migration
from mcrlib.judge.climb import tiers_year_by_year
from mcrlib.judge.growth import beginnings
from mcrlib.judge.organisation.departure import course, half_life, loss_shock, scenarios
from mcrlib.judge.organisation.dependence import dependence_metrics
from mcrlib.judge.organisation.effect import rotation_by, rotation_effect, rotation_path
from mcrlib.judge.organisation.handover import tenures
from mcrlib.judge.organisation.rotation import Rotation, hand_overs, rotation_events
from mcrlib.judge.organisation.scorecard import scorecard
from mcrlib.judge.organisation.shock import held_at_changes, learn_sensitivity
from mcrlib.judge.organisation.triangle import triangle, triangle_metrics
from mcrlib.judge.outlook import brought_until
from mcrlib.judge.patience import break_evens, chances, contribution_curves, fans, gates, strategic_entries
from mcrlib.judge.regret import gain_curves, look_back_dates, regret_verdicts, tier_regret, tiers_then
from mcrlib.judge.relationships.grid import grid_by_tier
from mcrlib.judge.relationships.persons import rate_persons
from mcrlib.judge.relationships.profile import three_axes
from mcrlib.judge.relationships.reputation import rival_record
from mcrlib.judge.relationships.trust import promises_by_quarter
from mcrlib.judge.size import size_and_value
from mcrlib.judge.winners import top_lists
from mcrlib.model.crops import CropModel
from mcrlib.model.ramp import Outlook, look_ahead
from mcrlib.model.soil.combine import base_soil
from mcrlib.run import Run
from mcrlib.show import figures, words
from mcrlib.show.publish.chromium import picture_of

DOCS = Path(__file__).parent
SCREEN = (1280, 860)


def clean_rows(run: Run) -> pd.DataFrame:
    """Rows delivered, used and set aside, per table."""
    return pd.DataFrame.from_dict(run.fact("tables"), orient="index").rename_axis("table").reset_index()


def win_rates(run: Run) -> pd.DataFrame:
    """The share of deals won per stage, as chapter 05 learns it."""
    known = run.load("accounts").merge(run.load("soil")[["account_id", "p_alive"]], validate="one_to_one")
    model = CropModel(run.settings.thresholds.small_number)
    model.fit(known, deals=pipeline(run.clean, run.date), stages=stages_passed(run.clean, run.date))
    return model.win_rates_.rename(columns={"stage": "stage_std", "rate": "win_rate"})


def known_then(
    run: Run,
) -> tuple[Callable[[date], pd.DataFrame], Callable[[date], pd.DataFrame], list[tuple[date, int]]]:
    """What was known of accounts at earlier dates, their soil then, and the dates to look back at."""
    features_at = partial(account_features, run.clean, margin=run.settings.margin, frozen=True)
    dates = look_back_dates(run.date, int(run.load("accounts")["T"].max()))
    return features_at, partial(base_soil, features_at, run.settings), dates


def tiers_of_then(run: Run) -> pd.DataFrame:
    """Tiers made with what was known at earlier dates, beside the profit that came."""
    features_at, soil_at, dates = known_then(run)
    outcomes_between = partial(account_outcomes, run.clean, margin=run.settings.margin)
    return tiers_then(features_at, soil_at, outcomes_between, dates, run.settings)


def published(run: Run, name: str) -> pd.DataFrame:
    """A table that the sample's last run published."""
    return pd.read_csv(run.work / "tables" / f"{name}.csv")


def flows(run: Run) -> Axes:
    """The tiers from year to year, and the mix to come."""
    features_at, soil_at, dates = known_then(run)
    walked = tiers_year_by_year(features_at, soil_at, [run.date, *(day for day, _ in dates)], run.settings)
    ahead = run.date + timedelta(days=dates[0][1])
    return figures.tier_flows(walked, run, mix=published(run, "tier_mix"), ahead=ahead)


def outlook(run: Run) -> Axes:
    """What S brought and will bring."""
    best = run.load("tiers").query("tier == 'S'")
    past = brought_until(run.load("periods"), best["account_id"], run.date)
    fan = published(run, "s_outlook")
    return figures.outlook_fan(fan, run, past=past, last_year=best["harvest"].sum(), n=len(best))


def gained(run: Run) -> Axes:
    """What the first accounts of each order held of the profit that came."""
    then = tiers_of_then(run)
    regret = tier_regret(then)
    return figures.tier_regret(gain_curves(then), run, regret=regret, watches=regret_verdicts(regret))


def slopes(run: Run) -> Axes:
    """Today's top list beside that of years ago."""
    lists = top_lists(run.load("periods"), run.date, run.settings.thresholds)
    names = run.load("accounts")[["account_id", "account_name"]]
    return figures.top_slopes(lists.merge(names, on="account_id", validate="one_to_one"), run)


def moved_in_a_year(run: Run) -> Axes:
    """The tiers of a year ago, as they would have been made then, beside those of today."""
    then = tiers_of_then(run)
    since = then["cutoff"].max()
    before = then.loc[then["cutoff"] == since, ["account_id", "tier"]].rename(columns={"tier": "tier_before"})
    pairs = run.load("tiers").merge(before, on="account_id", validate="one_to_one")
    return figures.tier_moves(migration(pairs), run, since=since)


def sized(run: Run) -> pd.DataFrame:
    """Accounts by their own size and what they bring."""
    return size_and_value(run.load("accounts"), repurchases(run.clean, run.date), run.settings.thresholds)


def strategic(run: Run) -> tuple[pd.DataFrame, Outlook, pd.DataFrame]:
    """Curves of strategic entries, what is to come, and their gates, as chapter 04 makes them without a year before."""
    limits, accounts = run.settings.thresholds, run.load("accounts")
    moves = contributions(run.clean, run.date, margin=run.settings.margin)
    entered = strategic_entries(accounts, moves)
    curves = contribution_curves(moves, entered, run.date, rate=limits.patience_rate)
    ahead = look_ahead(curves, round(4 * limits.patience_years), rate=limits.patience_rate, seed=run.settings.seed)
    now = chances(curves, ahead.contribution)
    unknown = pd.Series(pd.NA, index=accounts["account_id"], dtype="boolean")
    gated = gates(now, now, unknown, go=limits.patience_go, stop=limits.patience_stop)
    facts = entered.merge(break_evens(curves), on="account_id", validate="one_to_one")
    return curves, ahead, facts.merge(gated, on="account_id", validate="one_to_one")


def strategic_curves(run: Run) -> Axes:
    """The curves with their fans."""
    curves, ahead, gated = strategic(run)
    bars = {"go": run.settings.thresholds.patience_go, "stop": run.settings.thresholds.patience_stop}
    return figures.patience_curves(curves, run, fan=fans(curves, ahead.contribution, **bars), patience=gated)


def ranked(run: Run) -> pd.DataFrame:
    """Accounts with their tiers, the largest harvest first."""
    known = run.load("accounts")[["account_id", "account_name", "harvest", "open_amount"]]
    known = known.merge(run.load("tiers")[["account_id", "tier"]], on="account_id", validate="one_to_one")
    return known.sort_values(["harvest", "account_id"], ascending=[False, True])


def axes(run: Run) -> pd.DataFrame:
    """Every account on the three axes of its relationship."""
    return ranked(run).merge(three_axes(run.load("relationships")), on="account_id", validate="one_to_one")


def key_persons(run: Run) -> pd.DataFrame:
    """The key persons of the S and A accounts, with what moved in a quarter."""
    rated = rate_persons(known_people(run.clean, run.date), known_people(run.clean, run.date - timedelta(days=91)))
    best = ranked(run).query("tier in ['S', 'A']")
    return rated[rated["is_key"]].merge(best, on="account_id", validate="many_to_one")


def visited(run: Run) -> pd.DataFrame:
    """The S and A accounts with the visits of executives."""
    return ranked(run).query("tier in ['S', 'A']").merge(organisations(run.clean, run.date), validate="one_to_one")


def rotated(run: Run) -> Rotation:
    """The changes of hands of the sample, each beside its like."""
    months = account_periods(run.clean, run.date, period="month").drop(columns="revenue")
    return rotation_events(months, hand_overs(account_owners(run.clean, run.date)), as_of=run.date)


def by_quarter(run: Run) -> Axes:
    """What happens around changes of hands."""
    changes = rotated(run)
    return figures.rotation_course(rotation_path(changes), run, whole=rotation_effect(changes))


def by_region(run: Run) -> Axes:
    """The effect of changes of hands by region."""
    changes, regions = rotated(run), run.load("accounts").set_index("account_id")["region"]
    groups = rotation_by(changes, changes.events["account_id"].map(regions))
    return figures.rotation_regions(groups, run, whole=rotation_effect(changes))


def shocks(run: Run) -> pd.DataFrame:
    """What would leave with each seller of the sample."""
    depends, people = run.load("organisation"), sellers(run.clean, run.date)
    changes = rotated(run)
    learnt = learn_sensitivity(changes, held_at_changes(changes, person_held(run.clean, run.date)))
    found = loss_shock(depends, scenarios(depends, people), learnt, flag=run.settings.thresholds.loss_flag)
    named = words.scenario_names(found["scenario"], words.seller_names(people, run))
    return found.assign(scenario=named).query("kind == 'seller'")


def healing(run: Run) -> Axes:
    """How the dearest loss heals."""
    half = half_life(rotation_path(rotated(run)))
    return figures.loss_course(course(shocks(run).head(1), half), run, half_life=half)


def lanes(run: Run) -> pd.DataFrame:
    """Who has held which account, the largest first."""
    spells = tenures(account_owners(run.clean, run.date), run.date)
    return ranked(run)[["account_id", "account_name"]].merge(spells, on="account_id", validate="one_to_many")


def lights(run: Run) -> pd.DataFrame:
    """The six lights of the scorecard."""
    corners = triangle_metrics(triangle(roles(run.clean, run.date), ranked(run)), together(run.clean, run.date))
    known = dependence_metrics(run.load("organisation"))
    people, signs = sellers(run.clean, run.date), discipline(run.clean, run.date)
    return scorecard(known, corners, people, signs, information(run.clean, run.date))


#: How each picture is drawn; a test holds that none is left out.
PICTURES: dict[str, Callable[[Run], Axes]] = {
    "rows_flow": lambda run: figures.rows_flow(clean_rows(run), run, reasons=set_aside(run.clean)),
    "completeness": lambda run: figures.completeness(completeness(run.clean), run),
    "gp_by_period": lambda run: figures.gp_by_period(run.load("periods"), run, by="year"),
    "gp_bridge": lambda run: figures.gp_bridge(run.load("accounts"), run),
    "concentration": lambda run: figures.concentration(run.load("accounts"), run),
    "tier_pyramid": lambda run: figures.tier_pyramid(run.load("tiers"), run),
    "tier_map": lambda run: figures.tier_map(run.load("tiers"), run),
    "tier_moves": moved_in_a_year,
    "tier_flows": flows,
    "tier_regret": gained,
    "size_map": lambda run: figures.size_map(sized(run), run),
    "beginnings_bars": lambda run: figures.beginnings_bars(
        beginnings(run.load("periods"), run.load("tiers"), run.date), run
    ),
    "top_slopes": slopes,
    "hour_bars": lambda run: figures.hour_bars(published(run, "service_hours"), run),
    "tier_borderline": lambda run: figures.tier_borderline(run.load("tiers"), run),
    "sleeper_gaps": lambda run: figures.sleeper_gaps(run.load("sleepers"), run),
    "outlook_fan": outlook,
    "lift_intervals": lambda run: figures.lift_intervals(published(run, "soil_lifts"), run),
    "soil_intervals": lambda run: figures.soil_intervals(run.load("soil"), run),
    "patience_curves": strategic_curves,
    "patience_gates": lambda run: figures.patience_gates(strategic(run)[2], run),
    "backtest_bars": lambda run: figures.backtest_bars(metrics(run.load("judged")), run, metric="top_20"),
    "crops_stack": lambda run: figures.crops_stack(run.load("crops"), run),
    "win_rates": lambda run: figures.win_rates(win_rates(run), run),
    "discounts": lambda run: figures.discounts(prices(run.clean, run.date), run),
    "logging_gaps": lambda run: figures.logging_gaps(logging_by_month(run.clean, run.date), run),
    "three_axis_map": lambda run: figures.three_axis_map(axes(run).dropna(subset=["key", "general"]), run),
    "persons_matrix": lambda run: figures.persons_matrix(key_persons(run), run),
    "coverage_grid": lambda run: figures.coverage_grid(
        grid_by_tier(coverage_cells(run.clean, run.date), ranked(run)), run
    ),
    "opinion_gaps": lambda run: figures.opinion_gaps(published(run, "opinions"), run),
    "promise_course": lambda run: figures.promise_course(promises_by_quarter(promises(run.clean, run.date)), run),
    "rival_rates": lambda run: figures.rival_rates(rival_record(rivals(run.clean, run.date), ranked(run)), run),
    "executive_visits": lambda run: figures.executive_visits(visited(run), run),
    "rotation_course": by_quarter,
    "rotation_regions": by_region,
    "loss_tornado": lambda run: figures.loss_tornado(shocks(run), run),
    "loss_course": healing,
    "tenure_lanes": lambda run: figures.tenure_lanes(lanes(run), run),
    "scorecard_lights": lambda run: figures.scorecard_lights(lights(run), run),
    "soil_harvest_map": lambda run: figures.soil_harvest_map(run.load("balance"), run, size="soil_value"),
    "balance_bars": lambda run: figures.balance_bars(run.load("balance"), run),
}


def entries(run: Run, folder: Path) -> Iterator[str]:
    """Draw every picture into the folder, and say of each what it is for."""
    for name, draw in PICTURES.items():
        drawn = figures.show(draw(run))
        (folder / f"{name}.webp").write_bytes(drawn.data)
        purpose = str(inspect.getdoc(getattr(figures, name))).splitlines()[0]
        alt = drawn.alt.replace("[", "(").replace("]", ")")
        yield f"## `{name}`\n\n{purpose}\n\n![{alt}]({folder.name}/{name}.webp)\n\n*{drawn.caption}*\n"


def main(workspace: Path) -> None:
    """Write the gallery and the first screen of the report."""
    run = Run.open("sample", workspace=workspace, language="en")
    folder = DOCS / "gallery"
    folder.mkdir(exist_ok=True)
    head = (
        "# The pictures of the report\n\n"
        "Generated from the sample client by `make gallery`; do not edit. Every picture is one function of\n"
        "`mcrlib.show.figures`, `frame → Axes`; `figures.show(...)` puts it on a page with alt text and caption.\n"
    )
    (DOCS / "gallery.md").write_text("\n".join([head, *entries(run, folder)]), encoding="utf-8")
    screen = picture_of(workspace / "reports" / "sample" / "latest" / "index.html", DOCS / "report.png", *SCREEN)
    Image.open(screen).convert("RGB").quantize(128).save(screen, optimize=True)


if __name__ == "__main__":
    main(DOCS.parent)
