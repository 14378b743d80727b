"""``python -m mcrlib.simulate --accounts 150 --seed 1 --to data/sample/raw`` writes the sample client's exports."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from mcrlib.simulate.company import simulate
from mcrlib.simulate.export import write_export


def main() -> None:
    """Simulate a company and write its exports into a folder."""
    parser = argparse.ArgumentParser(prog="python -m mcrlib.simulate", description=main.__doc__)
    parser.add_argument("--accounts", type=int, default=150, help="accounts in the CRM")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same files")
    parser.add_argument("--years", type=float, default=6.5, help="years of history")
    parser.add_argument("--end", type=dt.date.fromisoformat, default=dt.date(2025, 12, 31), help="last day, YYYY-MM-DD")
    parser.add_argument("--to", type=Path, required=True, help="folder for the exports")
    given = parser.parse_args()
    write_export(simulate(given.accounts, seed=given.seed, years=given.years, end=given.end), given.to, seed=given.seed)


if __name__ == "__main__":
    main()
