import pandas as pd

from mcrlib.judge.tiers import doubts, tier_summary
from mcrlib.settings import Settings


def test_the_summary_has_four_rows_and_exact_shares():
    tiers = pd.DataFrame({"tier": ["S", "C", "C"], "harvest": [60.0, 30.0, 10.0], "soil_value": [9.0, 1.0, 0.0]})
    expected = pd.DataFrame(
        {
            "tier": ["S", "A", "B", "C"],
            "n_accounts": [1, 0, 0, 2],
            "accounts_share": [1 / 3, 0.0, 0.0, 2 / 3],
            "harvest": [60.0, 0.0, 0.0, 40.0],
            "harvest_share": [0.6, 0.0, 0.0, 0.4],
            "soil_value": [9.0, 0.0, 0.0, 1.0],
            "soil_share": [0.9, 0.0, 0.0, 0.1],
        }
    )
    pd.testing.assert_frame_equal(tier_summary(tiers), expected)


def test_a_share_of_nothing_is_not_a_number():
    tiers = pd.DataFrame({"tier": ["C"], "harvest": [0.0], "soil_value": [0.0]})
    assert tier_summary(tiers)["harvest_share"].isna().all()


def tiers_of(n, reason=""):
    names = [f"a{i}" for i in range(n)]
    return pd.DataFrame({"account_id": names, "account_name": names, "n_orders": 1, "tier_reason": reason})


def test_few_accounts_accounts_alike_and_lost_overrides_are_said():
    settings = Settings(overrides=[{"account": "x", "tier": "S", "reason": "r", "by": "b", "until": "2030-01-01"}])
    found = doubts(tiers_of(1, "no_variation"), settings)
    assert [doubt.code for doubt in found] == ["few_accounts", "no_variation", "unknown_override"]
    assert "accounts that have ordered: only 1" in found[0].message


def test_a_usual_company_leaves_no_doubt():
    assert doubts(tiers_of(20), Settings()) == []
