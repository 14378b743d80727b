"""Pseudonyms hide who is who and keep what belongs together."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mcrlib import schema
from mcrlib.errors import Complaint, UsageError
from mcrlib.read.pseudonyms import (
    hide_complaint,
    hide_pairs,
    hide_quotes,
    hide_settings,
    hide_table,
    pseudonym,
    read_key,
    token,
)
from mcrlib.settings import Settings

KEY, OTHER = b"k" * 32, b"o" * 32


def table(name: str, **columns: list) -> pd.DataFrame:
    """A clean table with these columns, all others empty."""
    rows = len(next(iter(columns.values())))
    empty = {column: pd.Series([pd.NA] * rows, dtype="str") for column in schema.tables()[name].columns}
    return pd.DataFrame(empty | columns)


def test_a_token_is_known_from_the_standard_and_depends_on_the_key():
    # HMAC-SHA-256 of RFC 4231, test case 2: 5bdcc146bf60754e..., the first 60 bits in base 32
    assert token(b"Jefe", "what do ya want for nothing?") == "plpomcrv7mb2u"
    assert token(KEY, "A1") == token(KEY, "A1") != token(OTHER, "A1")
    assert token(KEY, "A1") != token(KEY, "a1")


@given(st.text())
def test_a_token_is_short_and_never_read_as_a_number_or_formula(text):
    assert re.fullmatch("p[a-z2-7]{12}", token(KEY, text))


def test_ids_and_names_are_replaced_and_joins_hold():
    accounts = hide_table("accounts", table("accounts", account_id=["A1", "A2"], account_name=["Acme", "Dune"]), KEY)
    orders = hide_table("orders", table("orders", order_id=["1", "2", "3"], account_id=["A2", "A1", "A2"]), KEY)
    assert set(accounts["account_name"]) == {pseudonym(KEY, "Acme", "Account"), pseudonym(KEY, "Dune", "Account")}
    assert accounts["account_name"].str.fullmatch("Account [A-Z2-7]{8}").all()
    joined = orders.merge(accounts, on="account_id", validate="many_to_one")
    assert joined["account_name"].value_counts().to_dict() == {
        pseudonym(KEY, "Dune", "Account"): 2,
        pseudonym(KEY, "Acme", "Account"): 1,
    }
    assert accounts["account_id"].is_monotonic_increasing


def test_free_text_is_emptied_and_kinds_and_numbers_stay():
    plain = table(
        "surveys",
        survey_id=["1"],
        account_id=["A1"],
        kind=["nps"],
        score=[9.0],
        verbatim=["Ask Li Wei at 138 0013 8000"],
    )
    hidden = hide_table("surveys", plain, KEY)
    assert hidden["verbatim"].isna().all()
    assert (hidden["kind"].item(), hidden["score"].item()) == ("nps", 9.0)


def test_a_reason_is_kept_only_where_several_rows_give_it():
    reasons = ["price"] * 5 + ["Mr Li left for Dune"]
    hidden = hide_table(
        "opportunities", table("opportunities", opportunity_id=list("abcdef"), lost_reason=reasons), KEY
    )
    assert hidden["lost_reason"].value_counts().to_dict() == {"price": 5}


def test_goals_of_regions_stay_and_goals_of_people_and_accounts_do_not():
    plain = table("targets", target_id=["1", "2"], scope_type=["region", "user"], scope_id=["East", "U1"])
    hidden = hide_table("targets", plain, KEY).set_index("scope_type")["scope_id"]
    assert hidden.to_dict() == {"region": "East", "user": token(KEY, "U1")}


def test_owner_histories_hide_people_and_stage_histories_keep_stages():
    change = {"change_id": ["1"], "object_id": ["X"], "old": ["a"], "new": ["b"]}
    assert hide_table("owner_history", table("owner_history", **change), KEY)["new"].item() == token(KEY, "b")
    assert hide_table("stage_history", table("stage_history", **change), KEY)["new"].item() == "b"


@pytest.mark.parametrize("name", list(schema.tables()))
def test_no_required_value_is_emptied(name):
    spec = schema.tables()[name]
    plain = table(name, **{column: ["word"] for column, one in spec.columns.items() if one.kind in ("id", "text")})
    assert (
        hide_table(name, plain, KEY)[list(spec.required)].notna().sum().sum()
        == plain[list(spec.required)].notna().sum().sum()
    )


@given(st.text(min_size=1), st.text(min_size=1))
def test_quoted_words_are_hidden_whatever_they_hold(first, second):
    text = f"2 pairs may be one, such as '{first}' (A1) and '{second}' (A2); say so in client.yaml"
    hidden = hide_quotes(text)
    assert hidden.startswith("2 pairs may be one, such as '…'")
    assert "(A1)" not in hidden and "(A2)" not in hidden


def test_a_warning_keeps_its_place_and_loses_its_example():
    said = Complaint("orphan", "3 rows, such as 'O'Brien'", "orders.csv", "account", 7)
    assert hide_complaint(said) == Complaint("orphan", "3 rows, such as '…'", "orders.csv", "account", 7)


def test_pairs_of_accounts_are_hidden():
    pairs = pd.DataFrame(
        {"account_id": ["A1"], "other_name": ["Dune"], "city": ["Ulm"], "score": [0.9], "reason": ["same_name"]}
    )
    assert hide_pairs(pairs, KEY).loc[0].to_dict() == {
        "account_id": token(KEY, "A1"),
        "other_name": pseudonym(KEY, "Dune", "Account"),
        "city": "",
        "score": 0.9,
        "reason": "same_name",
    }


def test_decisions_of_people_are_hidden():
    decided = {"account": "A1", "tier": "S", "reason": "friend of Li", "by": "Li", "until": dt.date(2030, 1, 1)}
    hidden = hide_settings(Settings.model_validate({"overrides": [decided], "margin": 0.4}), KEY)
    (one,) = hidden.overrides
    assert (one.account, one.tier, one.until, hidden.margin) == (token(KEY, "A1"), "S", dt.date(2030, 1, 1), 0.4)
    assert "Li" not in one.reason and one.by == pseudonym(KEY, "Li", "Owner")


@pytest.mark.parametrize("content", ["", "short", "x" * 31 + "\n"])
def test_a_key_that_can_be_guessed_is_refused(tmp_path, content):
    (tmp_path / "key").write_text(content)
    with pytest.raises(UsageError, match="needs 32 random ones or more"):
        read_key(tmp_path / "key")
    with pytest.raises(UsageError, match="there is no such file"):
        read_key(tmp_path / "nowhere")
