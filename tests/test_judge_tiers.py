import datetime as dt

import pandas as pd

from mcrlib.judge.tiers import doubts, tier_summary
from mcrlib.settings import Settings

DAY = dt.date(2026, 6, 30)


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


def test_beside_a_loss_there_are_no_shares():
    tiers = pd.DataFrame({"tier": ["S", "C"], "harvest": [60.0, -10.0], "soil_value": [9.0, 1.0]})
    found = tier_summary(tiers)
    assert found["harvest_share"].isna().all() and found["soil_share"].tolist() == [0.9, 0, 0, 0.1]


def tiers_of(n, reason="", **columns):
    names = [f"a{i}" for i in range(n)]
    facts = {"n_orders": 1, "tier": "B", "tier_cluster": "B", "soil_value": 1.0, "tier_reason": reason}
    return pd.DataFrame({"account_id": names, "account_name": names} | facts | columns)


def decided(account, until="2030-01-01"):
    return {"account": account, "tier": "S", "reason": "r", "by": "b", "until": until}


def test_soil_that_nobody_knows_is_not_nothing():
    tiers = pd.DataFrame({"tier": [*"SCC"], "harvest": 1.0, "soil_value": [30.0, None, None]})
    found = tier_summary(tiers).set_index("tier")
    assert found["soil_value"].isna().to_dict() == {"S": False, "A": False, "B": False, "C": True}
    assert found.loc[["S", "A"], "soil_share"].tolist() == [1.0, 0.0]


def test_few_accounts_and_accounts_alike_are_said():
    found = doubts(tiers_of(1, "no_variation"), Settings(), as_of=DAY)
    assert [doubt.code for doubt in found] == ["few_accounts", "no_variation"]
    assert "accounts that have ordered: only 1" in found[0].message
    assert [len(doubts(tiers_of(n), Settings(), as_of=DAY)) for n in (7, 8)] == [1, 0]


def test_each_decision_that_does_not_count_has_its_sentence_all_at_once():
    names = [f"Name {i // 2}" for i in range(20)]
    rows = [decided("nobody"), decided("Name 3"), decided("a1"), decided("a2", "2025-01-01"), decided("a1")]
    found = doubts(tiers_of(20, account_name=names), Settings.model_validate({"overrides": rows}), as_of=DAY)
    assert [doubt.code for doubt in found] == [
        "unknown_override",
        "ambiguous_override",
        "replaced_override",
        "expired_override",
    ]
    assert "the override of 'a2' has expired on 2025-01-01" in found[3].message
    assert all((doubt.file, doubt.column) == ("client.yaml", "overrides") for doubt in found)


def test_a_quota_of_less_than_one_account_is_said():
    asked = Settings.model_validate({"tiers": {"quotas": {"S": 0.05, "A": 0.2, "B": 0.3}}})
    (said,) = doubts(tiers_of(9, tier_cluster=[*"AAABBBCCC"]), asked, as_of=DAY)
    assert "the quota of S holds nobody: it is less than one of 9 accounts" in said.message


def test_a_tier_of_losses_is_said():
    (said,) = doubts(tiers_of(9, tier="A", soil_value=[-1.0, -5.0, *[1.0] * 7]), Settings(), as_of=DAY)
    assert "accounts in S and A expected to bring a loss: 2, such as 'a1'" in said.message


def test_a_usual_company_leaves_no_doubt():
    assert doubts(tiers_of(20), Settings(), as_of=DAY) == []
    assert doubts(tiers_of(20, tier="S", soil_value=0.0), Settings(), as_of=DAY) == []  # nothing is no loss
    all_asked = Settings.model_validate({"tiers": {"quotas": {"S": 0.2, "A": 0.3, "B": 0.3, "C": 0.2}}})
    assert doubts(tiers_of(20, tier_cluster=[*"SAB", *"B" * 17]), all_asked, as_of=DAY) == []


def test_tiers_that_do_not_come_out_again_are_doubted_where_they_decide():
    def codes(stability, **tiers):
        said = doubts(tiers_of(20), Settings.model_validate({"tiers": tiers}), as_of=DAY, stability=stability)
        return [doubt.code for doubt in said]

    assert codes(0.74) == ["unstable_tiers"]
    assert codes(0.75) == codes(float("nan")) == codes(0.2, decide="rule") == []
    said = doubts(tiers_of(20), Settings(), as_of=DAY, stability=0.6)
    assert "agree to 0.60, not to 0.75" in said[0].message
