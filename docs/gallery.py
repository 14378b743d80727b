"""Write docs/gallery.md with every picture of the kit, and docs/report.png, from the sample client's last run.

Run by ``make gallery``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from PIL import Image

from mcrlib.describe.accounts import pipeline, prices, stages_passed
from mcrlib.describe.coverage import completeness, set_aside
from mcrlib.judge.backtest import metrics
from mcrlib.model.crops import CropModel
from mcrlib.run import Run
from mcrlib.show import figures
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
    model.fit(pipeline(run.clean, run.date), known, stages_passed(run.clean, run.date))
    return model.win_rates_.rename(columns={"stage": "stage_std", "rate": "win_rate"})


def last_year(run: Run) -> pd.DataFrame:
    """What was forecast for the last year at its beginning, beside what came, with today's tier."""
    judged = run.load("judged").query("model == 'kit'")
    latest = judged[judged["origin"] == judged["origin"].max()]
    named = latest.rename(columns={"revenue_predicted": "predicted", "revenue": "actual"})
    return named.merge(run.load("tiers")[["account_id", "tier"]], on="account_id", validate="one_to_one")


#: How each picture is drawn; a test holds that none is left out.
PICTURES: dict[str, Callable[[Run], Axes]] = {
    "rows_flow": lambda run: figures.rows_flow(clean_rows(run), run, reasons=set_aside(run.clean)),
    "completeness": lambda run: figures.completeness(completeness(run.clean), run),
    "gp_by_period": lambda run: figures.gp_by_period(run.load("periods"), run, by="year"),
    "gp_bridge": lambda run: figures.gp_bridge(run.load("accounts"), run),
    "concentration": lambda run: figures.concentration(run.load("accounts"), run),
    "tier_pyramid": lambda run: figures.tier_pyramid(run.load("tiers"), run),
    "tier_map": lambda run: figures.tier_map(run.load("tiers"), run),
    "tier_borderline": lambda run: figures.tier_borderline(run.load("tiers"), run),
    "soil_intervals": lambda run: figures.soil_intervals(run.load("soil"), run),
    "backtest_bars": lambda run: figures.backtest_bars(metrics(run.load("judged")), run, metric="top_20"),
    "predicted_vs_actual": lambda run: figures.predicted_vs_actual(last_year(run), run),
    "crops_stack": lambda run: figures.crops_stack(run.load("crops"), run),
    "win_rates": lambda run: figures.win_rates(win_rates(run), run),
    "discounts": lambda run: figures.discounts(prices(run.clean, run.date), run),
    "soil_harvest_map": lambda run: figures.soil_harvest_map(run.load("balance"), run, size="soil_value"),
    "balance_bars": lambda run: figures.balance_bars(run.load("balance"), run),
}


def entries(run: Run, folder: Path) -> Iterator[str]:
    """Draw every picture into the folder, and say of each what it is for."""
    for name, draw in PICTURES.items():
        drawn = figures.show(draw(run))
        (folder / f"{name}.png").write_bytes(drawn.data)
        purpose = str(inspect.getdoc(getattr(figures, name))).splitlines()[0]
        alt = drawn.alt.replace("[", "(").replace("]", ")")
        yield f"## `{name}`\n\n{purpose}\n\n![{alt}]({folder.name}/{name}.png)\n\n*{drawn.caption}*\n"


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
