import pandas as pd
import pytest
from deliveries import codes, orders, read

from mcrlib.read.identity import match_ids, restore_case, salesforce18


def test_the_long_form_of_a_salesforce_id():
    assert salesforce18("0015g00000Ax00a") == "0015g00000Ax00aAAB"
    assert restore_case("0015G00000AX00AAAB") == "0015g00000Ax00aAAB"
    assert restore_case("0015g00000ax00aaab") == "0015g00000Ax00aAAB"


def test_short_and_long_ids_mean_the_same_account_and_case_alone_makes_two():
    keys = pd.Series(["0015g00000Ax00aAAB", "0015g00000aBcDx"])
    given = pd.Series(["0015g00000Ax00a", "0015G00000AX00AAAB", "0015g00000AbCdX", "NULL", "GHOST", None])
    assert match_ids(given, keys).fillna("").tolist() == ["0015g00000Ax00aAAB"] * 2 + [
        "0015g00000AbCdX",
        "",
        "GHOST",
        "",
    ]


@pytest.mark.parametrize("text", [" A1", "A1\u00a0", "\u200bA1", "\ufeffA1", "'A1", "Ａ１"])
def test_an_id_is_the_same_in_any_spelling(tmp_path, text):
    found = read(tmp_path, orders=orders(f"O99,{text},2024-05-05,5.5"))
    assert found.tables["orders"].set_index("order_id").loc["O99", "account_id"] == "A1"


def test_case_is_kept(tmp_path):
    assert codes(read(tmp_path, orders=orders("O99,a1,2024-05-05,5.5"))) == ["orders 11 account_id orphan"]


def test_rows_of_unknown_accounts_are_orphans_in_every_table(tmp_path):
    found = read(tmp_path, contacts="contact_id,account_id\nC1,A1\nC2,GHOST\n")
    assert codes(found) == ["contacts 3 account_id orphan"]


def test_a_unique_name_stands_for_an_id(tmp_path):
    accounts = "account_id,account_name\nA1,Acme\nA2,Twin\nA3,Twin\n"
    deals = "opportunity_id,account_name,stage,owner_name\nD1, ACME ,Proposal,Ann\nD2,Twin,Proposal,公海\n"
    found = read(tmp_path, accounts=accounts, opportunities=deals, owners="owner_id,owner_name\nU1,Ann\n")
    deal = found.tables["opportunities"]
    assert deal[["opportunity_id", "account_id", "owner_id"]].to_numpy().tolist() == [["D1", "A1", "U1"]]
    assert codes(found) == ["opportunities 3 account_id missing"]
    assert "name_without_id" in [w.code for w in found.warnings]


def test_accounts_without_ids_are_known_by_name(tmp_path):
    found = read(tmp_path, accounts="account_name\nA1\nA2\nA3\n")
    assert found.tables["accounts"]["account_id"].tolist() == ["A1", "A2", "A3"]


def test_what_a_merged_account_held_moves_to_its_master(tmp_path):
    accounts = "account_id,account_name,master_account_id\nA1,Acme,A2\nA2,Borealis,A3\nA3,Cobalt,\nA4,D,\nA5,E,\n"
    found = read(tmp_path, accounts=accounts)
    assert codes(found) == ["accounts 2 master_account_id merged", "accounts 3 master_account_id merged"]
    assert set(found.tables["orders"]["account_id"]) == {"A3"}


def test_a_group_is_the_root_of_its_chain(tmp_path):
    accounts = "account_id,parent_account_id\nA1,A2\nA2,A3\nA3,\nB1,B2\nB2,B1\nC1,NOWHERE\nC2,C2\n"
    found = read(tmp_path, accounts=accounts)
    groups = found.tables["accounts"].set_index("account_id")["group_id"].to_dict()
    assert groups == {"A1": "A3", "A2": "A3", "A3": "A3", "B1": "B1", "B2": "B1", "C1": "NOWHERE", "C2": "C2"}
    assert [w.code for w in found.warnings] == ["unknown_parent", "parent_circle"]


def test_system_users_and_the_public_pool_are_nobody(tmp_path):
    found = read(
        tmp_path,
        accounts="account_id,owner_name\nA1,公海\nA2,Ann\nA3,\n",
        owners="owner_id,owner_name\nU1,Ann\nU2,系统管理员\n",
    )
    assert found.tables["owners"]["user_kind"].tolist() == ["human", "system"]
    assert found.tables["accounts"]["in_public_pool"].fillna(False).tolist() == [True, False, False]
    assert found.tables["accounts"]["owner_id"].fillna("").tolist() == ["", "U1", ""]


@pytest.mark.parametrize(
    ("ids", "keys", "matched"),
    [
        (["10", "7"], ["0000010", "0000007"], ["0000010", "0000007"]),
        (["0000010", "0000007"], ["10", "7"], ["10", "7"]),
        (["10", "0000007"], ["10", "7"], ["10", "7"]),
        (["007"], ["7", "07"], ["007"]),
        (["7"], ["A007", "0000008"], ["7"]),
        (["a;b", "b; c", "c;z"], ["a", "b", "c"], ["a", "b", "c;z"]),
    ],
)
def test_zeros_and_lists_match_only_where_no_other_key_can_be_meant(ids, keys, matched):
    found = match_ids(pd.Series(ids, dtype="str"), pd.Series(keys, dtype="str"))
    assert found.tolist() == matched


def test_ids_that_lost_their_zeros_are_said(tmp_path):
    found = read(
        tmp_path,
        accounts="account_id,account_name\n001,Acme\n012,Beta\n",
        orders='order_id,account_id,order_date,amount\nO1,1,2024-03-14,5\nO2,"=""012""",2024-03-15,6\n',
    )
    assert found.tables["orders"]["account_id"].tolist() == ["001", "012"]
    assert [str(one) for one in found.warnings] == [
        "orders.csv, column account_id, row 2: 1 ids differ from their keys in leading zeros only, such as '1' and "
        "'001'; they count as the same"
    ]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("A-1", "A‑1"), ("A–1", "A-1"), ("A–1", "A—1"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "{0F8FAD5B-D9CB-469F-A165-70867728950E}"),
        ("{0F8FAD5B-D9CB-469F-A165-70867728950E}", "0f8fad5b-d9cb-469f-a165-70867728950e"),
    ],
)  # fmt: skip
def test_dashes_and_the_writing_of_a_guid_make_no_other_id(key, text):
    assert match_ids(pd.Series([text, "GHOST"]), pd.Series([key, "B-1"])).tolist() == [key, "GHOST"]
