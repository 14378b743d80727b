from deliveries import codes, read

from mcrlib.read.joins import mail_keys
from mcrlib.settings import Settings

CONTACTS = (
    "contact_id,account_id,contact_name,email\n"
    "K1,A1,Ann,Ann@Acme.example\nK2,A2,Bo,bo@bore.example; bo@home.example\n"
    "K3,A1,Cy,info@acme.example\nK4,A1,Di,info@acme.example\n"
    "K5,A2,Ed,ed@both.example\nK6,A3,Ed,ed@both.example\n"
)
OWNERS = "owner_id,owner_name,email\nU1,Jane Roe,jane@us.example\nU2,Jane Roe,jroe@us.example\n"


def said(found, code="email_without_id"):
    return [(w.file, w.column, w.row, w.message) for w in found.warnings if w.code == code]


def test_addresses_in_a_text():
    assert mail_keys("Ann <ANN@Acme.example>, bo.b@x-y.example") == ["ann@acme.example", "bo.b@x-y.example"]
    assert mail_keys("Ann at Acme") == []


def test_an_owners_address_tells_two_of_one_name_apart(tmp_path):
    accounts = (
        "account_id,account_name,owner_name,owner_email\n"
        "A1,Acme,Jane Roe,JROE@us.example\nA2,Borealis,jane@us.example,\nA3,Cobalt,Lee Oak,lee@us.example\n"
    )
    found = read(tmp_path, accounts=accounts, owners=OWNERS)
    assert found.tables["accounts"]["owner_id"].tolist() == ["U2", "U1", "Lee Oak"]
    text = "1 rows have an e-mail address that is not there or not unique, such as '…@us.example'"
    assert said(found) == [("accounts.csv", "owner_email", 4, text)]


def test_a_seller_who_is_in_no_list_is_known_by_address(tmp_path):
    deals = "opportunity_id,account_id,stage,deal owner email\nD1,A1,Proposal,lee@us.example\n"
    assert read(tmp_path, opportunities=deals).tables["opportunities"]["owner_id"].tolist() == ["lee@us.example"]


def test_a_contact_is_found_by_address_first_within_the_account_and_never_guessed(tmp_path):
    activities = (
        "activity_id,account_id,activity_type,activity_date,contact email\n"
        "V1,A1,call,2024-03-01,ann@ACME.example\nV2,A2,call,2024-03-02,Bo <bo@home.example>\n"
        "V3,A1,call,2024-03-03,info@acme.example\nV4,A3,call,2024-03-04,ed@both.example\n"
        "V5,A2,call,2024-03-05,who@bore.example\n"
    )
    found = read(tmp_path, contacts=CONTACTS, activities=activities)
    ids = found.tables["activities"].set_index("activity_id")["contact_id"]
    assert ids.to_dict() == {"V1": "K1", "V2": "K2", "V3": "A1 person 1", "V4": "K6", "V5": "A2 person 1"}
    text = "2 rows have an e-mail address that is not there or not unique, such as '…'"
    assert said(found) == [("activities.csv", "contact email", 4, text)]
    assert not [
        name
        for name, frame in found.tables.items()
        if "example" in frame.drop(columns="domain", errors="ignore").to_csv()
    ]


def test_the_roles_of_a_deal_and_answers_to_a_survey_find_their_people(tmp_path):
    deals = "opportunity_id,account_id,stage\nD1,A1,Proposal\n"
    roles = "opportunity_id,email,role\nD1,ann@acme.example,decision maker\nD1,nobody@acme.example,user\n"
    surveys = "survey_id,email,score,survey_date\nS1,bo@bore.example,8,2024-02-02\n"
    found = read(tmp_path, contacts=CONTACTS, opportunities=deals, opportunity_contacts=roles, surveys=surveys)
    assert found.tables["opportunity_contacts"]["contact_id"].tolist() == ["K1"]
    assert codes(found) == ["opportunity_contacts 3 contact_id missing"]
    assert found.tables["surveys"][["account_id", "contact_id"]].to_numpy().tolist() == [["A2", "K2"]]


def test_the_account_is_that_of_the_contact_where_all_that_is_known_agrees(tmp_path):
    orders = "order_id,customer email,order_date,amount\n" + "".join(
        f"O{n},{mail},2024-0{n}-15,100.50\n"
        for n, mail in enumerate(["ann@acme.example"] * 4 + ["bo@bore.example"] * 3 + ["info@acme.example"], start=1)
    )
    orders += "O9,ed@both.example,2024-09-15,9\n"
    found = read(tmp_path, contacts=CONTACTS, orders=orders)
    assert found.tables["orders"]["account_id"].tolist() == ["A1"] * 4 + ["A2"] * 3 + ["A1"]
    assert codes(found) == ["orders 10 account_id missing"]
    assert [(file, column, row) for file, column, row, _ in said(found)] == [("orders.csv", "customer email", 10)]


def test_the_contacts_id_tells_the_account_too(tmp_path):
    activities = "activity_id,contact_id,activity_type,activity_date\nV1,K2,call,2024-03-01\n"
    assert read(tmp_path, contacts=CONTACTS, activities=activities).tables["activities"]["account_id"].tolist() == [
        "A2"
    ]


def test_names_that_are_kept_do_not_keep_addresses(tmp_path):
    asked = Settings.model_validate({"contacts": {"names": True}})
    found = read(tmp_path, settings=asked, contacts=CONTACTS)
    assert "acme.example" not in found.tables["contacts"].to_csv()


def test_names_where_ids_are_meant_and_ids_where_names_are_meant_join(tmp_path):
    orders = "order_id,account_id,order_date,amount\nO1,Acme,2024-03-14,5\n"
    assert read(tmp_path, orders=orders).tables["orders"]["account_id"].tolist() == ["A1"]
    orders = "order_id,customer,order_date,amount\nO1,A2,2024-03-14,5\n"
    assert read(tmp_path, orders=orders).tables["orders"]["account_id"].tolist() == ["A2"]


def test_who_recommended_us_is_found_by_name(tmp_path):
    deals = "opportunity_id,account_id,stage,Referred By\nD1,A1,won,borealis\nD2,A1,won,Nobody\nD3,A1,won,A3\n"
    found = read(tmp_path, opportunities=deals).tables["opportunities"]["referrer_id"]
    assert found.fillna("").tolist() == ["A2", "", "A3"]
