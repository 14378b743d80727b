import pytest
from deliveries import codes, read

from mcrlib.settings import Settings

ACCOUNTS = (
    "account_id,account_name,city,industry\n"
    "A1,Acme Tools Ltd,Leeds,\nA2,Acme Tools Limited,Leeds,Tools\nA3,Cobalt,Leeds,Paint\n"
    "A4,Dunmore,Leeds,Food\nA5,Easley,Leeds,Food\nA6,Cobolt,Leeds,Paint\n"
)


def test_the_fuller_of_two_certain_duplicates_is_kept_and_holds_what_both_held(tmp_path):
    history = "object_id,old,new,changed_date\nA1,U1,U2,2024-02-02\n"
    deals = "opportunity_id,account_name,stage\nD1,Acme Tools Ltd,Proposal\n"
    found = read(tmp_path, accounts=ACCOUNTS, owner_history=history, opportunities=deals)
    assert codes(found) == ["accounts 2 account_id merged"]
    assert found.counts["accounts"] == {"rows_in": 6, "rows_kept": 5, "rows_quarantined": 1}
    assert found.merges.made.to_numpy().tolist() == [["A1", "A2", "same_name_and_city", 1.0, "rule"]]
    assert set(found.tables["orders"]["account_id"]) == {"A2", "A3"}
    assert found.tables["owner_history"]["object_id"].tolist() == ["A2"]
    assert found.tables["opportunities"]["account_id"].tolist() == ["A2"]


def test_doubtful_pairs_are_listed_and_said_once(tmp_path):
    text = ACCOUNTS.replace("Cobolt", "Cobalts")
    found = read(tmp_path, accounts=text)
    assert found.merges.review[["account_id", "other_id", "reason"]].to_numpy().tolist() == [
        ["A3", "A6", "similar_name"]
    ]
    assert [w.code for w in found.warnings] == ["possible_duplicates"]


def test_people_decide_and_can_take_it_back(tmp_path):
    decided = Settings.model_validate({"merge": {"same": [["A6", "A3"]], "keep_apart": [["A2", "A1"]]}})
    found = read(tmp_path, accounts=ACCOUNTS, settings=decided)
    assert found.merges.made.to_numpy().tolist() == [["A3", "A6", "decided", 1.0, "client.yaml"]]
    assert set(found.tables["orders"]["account_id"]) == {"A1", "A2", "A6"}


def test_what_was_merged_is_two_again_once_the_client_says_so_and_nothing_is_lost(tmp_path):
    once = read(tmp_path, accounts=ACCOUNTS)
    apart = Settings.model_validate({"merge": {"keep_apart": [once.merges.made.iloc[0, :2].tolist()]}})
    again = read(tmp_path, accounts=ACCOUNTS, settings=apart)
    assert len(once.tables["accounts"]) == 5 and len(again.tables["accounts"]) == 6
    assert again.tables["orders"]["account_id"].tolist() == ["A2", "A3", "A1"] * 3
    assert again.merges.made.empty


@pytest.mark.parametrize("website, listed", [("https://www.acme.example/en", True), ("http://qq.com", False)])
def test_a_shared_website_or_address_is_evidence_and_a_free_mail_provider_is_none(tmp_path, website, listed):
    accounts = f"account_id,account_name,website\nA1,Acme Holding,{website}\nA2,AH Sales,{website}\nA3,Cobalt,\n"
    found = read(tmp_path, accounts=accounts)
    assert (found.merges.review["reason"].tolist() == ["same_domain"]) is listed
    mail = website.split("//")[1].split("/")[0].removeprefix("www.").removeprefix("mail.")
    contacts = f"contact_id,account_id,contact_name,email\nK1,A1,Ann,ann@{mail}\nK2,A2,Bo,bo@{mail}\n"
    found = read(tmp_path, accounts=accounts.replace(website, ""), contacts=contacts)
    assert (found.merges.review["reason"].tolist() == ["same_domain"]) is listed


def test_nothing_is_merged_where_the_client_only_wants_a_list(tmp_path):
    found = read(tmp_path, accounts=ACCOUNTS, settings=Settings.model_validate({"merge": {"certain": False}}))
    assert codes(found) == []
    assert found.merges.review["reason"].tolist()[0] == "same_name_and_city"


def test_what_people_keep_apart_is_not_joined_over_a_third(tmp_path):
    text = "account_id,account_name,city\nA1,Acme,Leeds\nA2,ACME,Leeds\nA3,acme,Leeds\n"
    asked = Settings.model_validate({"merge": {"keep_apart": [["A1", "A3"]]}})
    found = read(tmp_path, accounts=text, settings=asked)
    assert found.merges.made.empty
    assert len(found.merges.review) == 2


def test_a_decision_about_an_account_that_is_not_there_is_said(tmp_path):
    found = read(tmp_path, settings=Settings.model_validate({"merge": {"same": [["A1", "GHOST"]]}}))
    assert [w.code for w in found.warnings] == ["unknown_account"]


def test_what_the_crm_merged_stands_in_the_map(tmp_path):
    text = "account_id,account_name,master_account_id\nA1,Acme,A2\nA2,Borealis,A3\nA3,Cobalt,\nA4,D,\nA5,E,\n"
    found = read(tmp_path, accounts=text)
    assert found.merges.made[["old_id", "new_id", "decided_by"]].to_numpy().tolist() == [
        ["A1", "A3", "crm"],
        ["A2", "A3", "crm"],
    ]


def test_customers_known_from_orders_only_are_merged_too(tmp_path):
    rows = "O1,Acme,2024-01-01,1\nO2,ACME Ltd,2024-02-01,2\nO3,Cobalt,2024-03-01,3\n"
    text = f"order_id,account_name,order_date,amount\n{rows}"
    asked = Settings.model_validate({"accounts": "from_orders", "merge": {"same": [["Acme", "ACME Ltd"]]}})
    found = read(tmp_path, accounts="", orders=text, settings=asked)
    assert found.tables["orders"]["account_id"].tolist() == ["Acme", "Acme", "Cobalt"]
    assert found.counts["accounts"] == {"rows_in": 3, "rows_kept": 2, "rows_quarantined": 1}
