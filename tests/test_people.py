"""Who the people at the customer are stays outside, and everything that counts them still counts."""

import pandas as pd
import pytest
from deliveries import read

from mcrlib.read.people import is_personal
from mcrlib.settings import Settings

CONTACTS = (
    "contact_id,account_id,contact_name,title,email,mobile\n"
    "K1,A1,Wang Wei,CEO,wei@acme.example,13800001111\n"
    "K2,A1,Ada O'Hara,Buyer,ada@acme.example,13800002222\n"
    "K2,A1,Ada O'Hara,Director,ada@acme.example,13800002222\n"
    "K3,A2,Wang Wei\n"
)
ACTIVITIES = (
    "activity_id,account_id,contact_name,activity_type,activity_date,subject\n"
    "V1,A1,Wang Wei,call,2024-03-01,Call with Wang Wei\n"
    "V2,A2,Zoe Stone,call,2024-03-02,\n"
    "V3,A2,Bo Reed,call,2024-03-03,\n"
    "V4,A2,zoe  stone,visit,2024-03-04,\n"
)
SURVEYS = (
    "survey_id,account_id,score,survey_date,verbatim\n"
    'S1,A1,4,2024-04-01,"Ask Wang Wei, wei@acme.example or +49 171 2345678"\n'
    "S2,A2,4,2024-04-01,In 2024 we order 1200 pieces of Wang Wei type\n"
)
PEOPLE = ("Wang", "O'Hara", "Zoe", "zoe", "Bo Reed", "@acme", "13800", "2345678")


@pytest.fixture
def delivery(tmp_path):
    return read(tmp_path, contacts=CONTACTS, activities=ACTIVITIES, surveys=SURVEYS)


def words(delivery) -> str:
    frames = [*delivery.tables.values(), delivery.quarantine, delivery.log]
    texts = [frame.drop(columns="verbatim", errors="ignore").to_csv() for frame in frames]
    return "\n".join([*texts, *map(str, delivery.warnings)])


def test_no_name_phone_or_address_is_left(delivery):
    assert not [one for one in PEOPLE if one in words(delivery)]
    assert set(delivery.quarantine["code"]) == {"too_few_fields", "duplicate_conflict"}


def test_people_are_still_told_apart(delivery):
    contacts, activities = delivery.tables["contacts"], delivery.tables["activities"]
    assert contacts[["contact_id", "account_id", "level"]].to_numpy().tolist() == [
        ["K1", "A1", "exec"],
        ["K2", "A1", "base"],
    ]
    assert contacts["contact_name"].isna().all() and activities["subject"].isna().all()
    assert activities["contact_id"].tolist() == ["K1", "A2 person 2", "A2 person 1", "A2 person 2"]


def test_what_customers_say_loses_only_who_is_named(delivery):
    assert delivery.tables["surveys"]["verbatim"].tolist() == [
        "Ask …, … or …",
        "In 2024 we order 1200 pieces of Wang Wei type",
    ]


def test_names_are_kept_where_the_client_asks_for_them(tmp_path):
    settings = Settings.model_validate({"contacts": {"names": True}})
    kept = read(tmp_path, settings=settings, contacts=CONTACTS, activities=ACTIVITIES)
    assert kept.tables["contacts"]["contact_name"].tolist() == ["Wang Wei", "Ada O'Hara"]
    assert kept.tables["activities"]["contact_name"].tolist() == ["Wang Wei", "Zoe Stone", "Bo Reed", "zoe  stone"]
    assert kept.tables["activities"]["contact_id"].tolist() == ["K1", "A2 person 2", "A2 person 1", "A2 person 2"]
    assert not [one for one in ("@acme", "13800") if one in words(kept).replace("K3,A2,Wang Wei", "")]


def test_an_address_that_serves_as_id_becomes_a_number_in_every_table(tmp_path):
    contacts = "contact_id,account_id,contact_name\nada@acme.example,A1,Ada\nbo@acme.example,A1,Bo\n"
    activities = (
        "activity_id,account_id,contact_id,activity_type,activity_date\nV1,A1,bo@acme.example,call,2024-03-01\n"
    )
    found = read(tmp_path, contacts=contacts, activities=activities).tables
    assert found["contacts"]["contact_id"].tolist() == ["person 1", "person 2"]
    assert found["activities"]["contact_id"].tolist() == ["person 2"]


def test_a_key_that_is_made_for_a_row_holds_nothing_of_who_it_is_about(tmp_path):
    def ids(*names):
        text = "account_id,contact_name,title,email\n" + "".join(f"A1,{n},Buyer,{n}@acme.example\n" for n in names)
        found = read(tmp_path, contacts=text)
        assert "equal_rows" not in [one.code for one in found.warnings]
        return sorted(found.tables["contacts"]["contact_id"])

    one, two = ids("Ann", "Bo")
    assert ids("Cy", "Di") == [one, two] and two == f"{one}-2"


def test_the_number_of_a_person_does_not_depend_on_the_order_of_rows(tmp_path):
    head, *rows = ACTIVITIES.splitlines(keepends=True)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = read(tmp_path / "a", activities=ACTIVITIES).tables["activities"]
    other = read(tmp_path / "b", activities="".join([head, *reversed(rows)])).tables["activities"]
    pd.testing.assert_series_equal(one["contact_id"], other["contact_id"])


@pytest.mark.parametrize(
    ("table", "header", "told"),
    [
        ("contacts", "姓名", True),
        ("contacts", "Job Title", False),
        ("accounts", "Phone", True),
        ("accounts", "联系人", True),
        ("accounts", "Account Name", False),
        ("opportunities", "Contact ID", False),
        ("opportunities", "Contract", False),
        ("owners", "Email", False),
    ],
)
def test_headers_that_tell_who_somebody_is(table, header, told):
    assert is_personal(table, header) is told
