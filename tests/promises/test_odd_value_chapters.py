"""Odd companies in chapters 04 and 03, cell by cell: a finite, sensible answer or a sentence that says why not."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from clean_tables import write_clean
from test_odd_chapters import AS_OF, walk
from test_odd_companies import COMPANIES

from mcrlib.describe.accounts import account_features, account_periods
from mcrlib.run import Run


@pytest.mark.parametrize("company", ["one account, one order", "nobody ever ordered", "one giant"])
def test_every_cell_says_something_sensible(tmp_path, company):
    sold = COMPANIES[company]
    names = sorted({"prospect", *sold["account_id"]})
    accounts = pd.DataFrame({"account_id": names, "account_name": [f"Account {name}" for name in names]})
    sold = sold.assign(order_id=[f"o{i}" for i in range(len(sold))], order_date=sold["order_date"].dt.date)
    run = Run.open("odd", AS_OF.isoformat(), tmp_path)
    for room in (run.clean, run.work):
        room.mkdir(parents=True)
    write_clean(run.clean, accounts=accounts, orders=sold[sold["order_date"] <= AS_OF].reset_index(drop=True))
    run.save("accounts", account_features(run.clean, AS_OF))
    run.save("periods", account_periods(run.clean, AS_OF))
    said = walk(tmp_path, "04") | walk(tmp_path, "03")
    odd = {
        cell: text for cell, text in said.items() if re.search(r"\b(nan|None|NaT|inf)\b|<NA>|Nothing to list|✗", text)
    }
    assert not odd
