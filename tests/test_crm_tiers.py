import datetime as dt

import pytest
from clean_tables import write_clean

from mcrlib.describe.accounts import crm_tiers

ACCOUNTS = """
account_id account_name tier_crm
A          Acme         S
B          Borealis     C
C          Cato         .
"""
MOVES = """
change_id object_id old new changed_date
1         A         B   A   2024-03-01
2         A         A   S   2024-06-01
"""


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2024-02-29", [None, None, None]),  # before the history begins nothing is known
        ("2024-03-01", ["A", "C", None]),
        ("2024-05-31", ["A", "C", None]),
        ("2024-06-01", ["S", "C", None]),
    ],
)
def test_the_crm_tier_of_a_date_is_what_its_history_tells(tmp_path, as_of, expected):
    write_clean(tmp_path, accounts=ACCOUNTS, tier_history=MOVES)
    found = crm_tiers(tmp_path, dt.date.fromisoformat(as_of))
    assert found["account_id"].tolist() == list("ABC")
    assert found["tier_crm"].astype(object).where(found["tier_crm"].notna(), None).tolist() == expected


def test_without_a_history_no_crm_tier_of_the_past_is_known(tmp_path):
    write_clean(tmp_path, accounts=ACCOUNTS)
    assert crm_tiers(tmp_path, dt.date(2024, 6, 1))["tier_crm"].isna().all()
