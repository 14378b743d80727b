"""What a run says about itself: its name, the head of its pages, its run.json."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mcrlib import __version__
from mcrlib.describe.accounts import account_features, revenue_basis
from mcrlib.describe.coverage import freshness
from mcrlib.errors import Complaint
from mcrlib.judge.delivery import warnings_since
from mcrlib.notebooks import Notebook
from mcrlib.read.snapshots import last_model
from mcrlib.run import Run, hash_files
from mcrlib.show import words
from mcrlib.show.publish.release import run_id
from mcrlib.show.publish.render import Facts


def name_of(run: Run, notebooks: dict[str, Notebook], given: dict[str, Any]) -> str:
    """The run id: the as-of date and a hash of all that shapes the output."""
    shaping = {
        "inputs": run.fact("inputs"),
        "settings": run.settings.model_dump(mode="json"),
        "options": given,
        "key": run.fact("key_mark"),
        "notebooks": hash_files(notebook.path for notebook in notebooks.values()),
        "history": run.fact("snapshots"),
        "version": __version__,
    }
    return run_id(run.date, shaping)


def facts_of(run: Run, name: str, *, partial: bool, pdf: bool) -> Facts:
    """The head of every page."""
    say = words.of(run)
    basis = revenue_basis(run.clean)
    first, last = _span(run, basis)
    return Facts(
        client=run.client,
        as_of=say.date(run.date),
        version=__version__,
        run_id=name,
        period=f"{say.date(first)} – {say.date(last)}" if pd.notna(last) else "",
        data_date=say.date(last) if pd.notna(last) else "",
        basis=words.revenue_basis(basis, run),
        language=run.language,
        warnings=run.warnings(),
        **_warned(run),
        partial=partial,
        pdf=pdf,
    )


def _warned(run: Run) -> dict[str, Any]:
    """What the warnings of all chapters are like beside those of the last run; nothing where there is none."""
    before = last_model(run, "warned")
    if before is None:
        return {}
    new, resolved = warnings_since(run.warnings(), [Complaint(**one) for one in before["warnings"]])
    since = pd.Timestamp(before["as_of"])
    return {"warned": words.about_warnings(new, resolved, since, run), "new": new, "resolved": resolved}


def _span(run: Run, basis: str) -> tuple[Any, Any]:
    """The first and the last day of the money; that of deals is booked when they are won, not when they are made."""
    if basis == "orders":
        orders = freshness(run.clean, run.date).set_index("table").loc["orders"]
        return orders["first_date"], orders["last_date"]
    booked = account_features(run.clean, run.date)
    return booked["first_order_date"].min(), booked["last_order_date"].max()


def manifest_of(run: Run, chapters: list[Any], given: dict[str, Any]) -> dict[str, Any]:
    """The content of run.json except the hashes of its files."""
    return {
        "client": run.client,
        "as_of": run.date.isoformat(),
        "version": __version__,
        "parameters": given | {"currency": run.settings.currency},
        "inputs": run.fact("inputs"),
        "tables": run.fact("tables"),
        "warnings": [warning.as_dict() for warning in run.warnings()],
        "chapters": [chapter.as_dict() for chapter in chapters],
    }
