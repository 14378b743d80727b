"""What the head of a page says: the days of the money, whatever it is counted from."""

from __future__ import annotations

import pytest
from clean_tables import write_clean

from mcrlib.cli.report import facts_of
from mcrlib.run import Run

ORDERS = "order_id account_id order_date amount\n1 A 2022-03-01 10\n2 A 2023-05-02 10"
DEALS = """
opportunity_id account_id stage status amount created_date closed_date
1              A          won   won    10     2024-02-23   2022-03-01
2              A          won   won    10     2024-02-23   2023-05-02
3              A          open  open   10     2024-02-24   .
"""


@pytest.mark.parametrize(
    ("tables", "period", "last"),
    [
        ({"orders": ORDERS}, "1 Mar 2022 – 2 May 2023", "2 May 2023"),
        ({"opportunities": DEALS}, "1 Mar 2022 – 2 May 2023", "2 May 2023"),
        ({"opportunities": "\n".join([DEALS.splitlines()[1], DEALS.splitlines()[-1]])}, "", ""),
        ({}, "", ""),
    ],
    ids=["orders", "deals won before they were entered", "no deal won", "neither"],
)
def test_the_days_of_the_money_are_those_it_was_booked_on(tmp_path, tables, period, last):
    run = Run.open("x", "2024-03-01", tmp_path, "en")
    run.clean.mkdir(parents=True)
    write_clean(run.clean, accounts="account_id\nA", **tables)
    facts = facts_of(run, "x", partial=False, pdf=False)
    assert (facts.period, facts.data_date) == (period, last)
