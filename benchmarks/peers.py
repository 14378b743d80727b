"""Other packages that the kit is measured beside, each asked in a Python of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from logs import Log

#: The packages, and the scripts that ask them.
LIFETIMES, PYMC = ("lifetimes", "models_lifetimes.py"), ("pymc_marketing", "models_pymc.py")
FAMILIES = ("bg_nbd", "mbg_nbd", "pareto_nbd")


class Peer:
    """Another package in a Python of its own; every answer is empty where it is not there."""

    def __init__(self, python: str, package: str, script: str) -> None:
        self.python, self.script = python, Path(__file__).with_name(script)
        looked = f"import importlib.util as u, sys; sys.exit(u.find_spec({package!r}) is None)"
        self.there = subprocess.run([python, "-c", looked], check=False).returncode == 0

    def ask(self, task: str, *given: object) -> dict[str, float]:
        """The figures of one task of the peer's script."""
        if not self.there:
            return {}
        command = [self.python, str(self.script), task, *map(str, given)]
        answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return dict(json.loads(answer[answer.rindex("{") :]))

    def forecasts(self, orders: pd.DataFrame, log: Log, used: pd.DataFrame) -> pd.DataFrame:
        """What each family said, beside what came, in the form of ``used``; what is not finite counts as 0."""
        with TemporaryDirectory() as place:
            given, answer = Path(place) / "orders.csv", Path(place) / "said.csv"
            orders.to_csv(given, index=False)
            if not self.ask("forecast", given, log.cutoff, log.days, answer):
                return used.iloc[:0]
            said = pd.read_csv(answer, dtype={"account_id": str}).replace([np.inf, -np.inf], np.nan).fillna(0.0)
        came = used[["account_id", "orders", "revenue"]].merge(said, on="account_id", validate="one_to_one")
        columns = {"orders_predicted": "orders", "revenue_predicted": "revenue"}
        rows = [
            came.assign(model=name, **{to: came[f"{name}_{of}"] for to, of in columns.items()}) for name in FAMILIES
        ]
        return pd.concat(rows, ignore_index=True)
